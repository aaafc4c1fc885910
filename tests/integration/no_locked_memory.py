#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where no memory may be locked, as in many containers, kithd works and its log stays a JSON object a line.

usage: no_locked_memory.py KITHD
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile


def forbid():
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))


def main():
    # Root's right to lock in spite of the limit goes with its bounding set, at the exec.
    drop = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            print("skipped: root, and no setpriv to give up its rights")
            return 77
        drop = ["setpriv", "--bounding-set=-all"]
    probe = "import ctypes; b = ctypes.create_string_buffer(8192); print(ctypes.CDLL(None).mlock(b, 8192))"
    said = subprocess.run([*drop, sys.executable, "-c", probe], capture_output=True, text=True, preexec_fn=forbid)
    if said.stdout.strip() != "-1":
        print("skipped: memory can be locked all the same:", said.stdout, said.stderr)
        return 77
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([*drop, sys.argv[1], "demo", "--data", folder + "/data"], capture_output=True, text=True,
                              preexec_fn=forbid)
    problems = [] if done.returncode == 0 else [f"kithd demo: {done.returncode}"]
    for line in done.stderr.splitlines():
        try:
            json.loads(line)
        except ValueError:
            problems.append(f"on the log: {line}")
    for problem in problems[:5]:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
