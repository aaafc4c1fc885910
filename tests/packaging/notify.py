#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service manager hears READY=1 when kithd serves and STOPPING=1 when it ends, on a path and on an abstract name.

usage: notify.py KITHD
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile


def check(kithd, folder, address, name):
    problems = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(60)
        ready = folder / "ready.json"
        server = subprocess.Popen([kithd, "serve", "--data", folder / "data", "--insecure", "--listen", "127.0.0.1:0",
                                   "--ready-file", ready], env={**os.environ, "NOTIFY_SOCKET": name},
                                  stderr=subprocess.PIPE, text=True)
        try:
            said = manager.recv(100)
            if said != b"READY=1":
                problems.append(f"{name}: first {said}")
            port = int(json.loads(ready.read_text())["listen"].rsplit(":", 1)[1])
            socket.create_connection(("127.0.0.1", port), 10).close()
            server.send_signal(signal.SIGTERM)
            said = manager.recv(100)
            if said != b"STOPPING=1":
                problems.append(f"{name}: then {said}")
            if server.wait(60) != 0:
                problems.append(f"{name}: kithd ended with {server.returncode}")
        finally:
            server.kill()
            problems += [] if not problems else [server.communicate()[1]]
    return problems


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        path, abstract = str(folder / "notify"), f"kith-test-{os.getpid()}"
        problems = check(sys.argv[1], folder, path, path)
        problems += check(sys.argv[1], folder, "\0" + abstract, "@" + abstract)
        # Nobody listens, or the name is none: kithd serves all the same.
        for name in (str(folder / "nobody"), "relative", "/" + "x" * 200):
            done = subprocess.run([sys.argv[1], "version"], env={**os.environ, "NOTIFY_SOCKET": name})
            if done.returncode != 0:
                problems.append(f"with NOTIFY_SOCKET={name}: {done.returncode}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
