#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client notices that the computer came to another network, and connects anew at once.

network_change.py KITHD KITH_CLI: in a network namespace of its own (status 77 where the system grants none), a client is
connected over loopback; an interface with a default route appears. Without the notice the old socket would be kept."""
import json
import os
import pathlib
import select
import subprocess
import sys
import tempfile
import time

DEADLINE = 30


def inside(kithd, cli):
    def system(*command):
        subprocess.run(command, check=True)

    system("ip", "link", "set", "lo", "up")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        ready = folder / "ready.json"
        server = subprocess.Popen(
            [kithd, "serve", "--data", folder / "data", "--listen", "127.0.0.1:0", "--ops-listen", "off", "--insecure",
             "--ready-file", ready], stderr=subprocess.DEVNULL)
        client = None
        try:
            end = time.monotonic() + DEADLINE
            while not ready.exists():
                assert time.monotonic() < end and server.poll() is None, "kithd did not start"
                select.select([], [], [], 0.05)
            url = "http://" + json.loads(ready.read_text())["listen"]
            base = [cli, "--profile", folder / "profile", "--key-file", folder / "key", "--server", url, "--json"]
            for command in ("register", "login"):
                subprocess.run(base + [command, "ann"], input="a long enough pass phrase\n", text=True, check=True,
                               stdout=subprocess.DEVNULL)
            client = subprocess.Popen(base + ["wire", "--for", str(4 * DEADLINE)], stdout=subprocess.PIPE)
            await_hello(client)
            system("ip", "link", "add", "away0", "type", "veth")
            system("ip", "address", "add", "10.77.0.2/24", "dev", "away0")
            system("ip", "link", "set", "away0", "up")
            system("ip", "link", "set", "veth0", "up")
            system("ip", "route", "add", "default", "via", "10.77.0.1")
            await_hello(client)
        finally:
            for process in filter(None, (client, server)):
                process.kill()
                process.wait()
    print("connected anew after the change of network")


def await_hello(client):
    """Reads frames until a greeting comes; the next heartbeat, 30 s later, would bring none."""
    end = time.monotonic() + DEADLINE
    seen = b""
    while True:
        left = end - time.monotonic()
        assert left > 0 and select.select([client.stdout], [], [], left)[0], f"no greeting; seen: {seen[-2000:]!r}"
        part = os.read(client.stdout.fileno(), 65536)
        assert part, "kith-cli ended"
        seen += part
        if b'"hello"' in seen:
            return


if __name__ == "__main__":
    if len(sys.argv) == 4:
        inside(sys.argv[1], sys.argv[2])
        sys.exit(0)
    # A user namespace where one is granted (not in a chroot), else with the rights of root.
    for unshare in (["unshare", "--user", "--map-root-user", "--net"], ["unshare", "--net"]):
        if subprocess.run([*unshare, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            sys.exit(subprocess.run([*unshare, sys.executable, __file__, *sys.argv[1:3], "inside"], check=False).returncode)
    print("no network namespace here")
    sys.exit(77)
