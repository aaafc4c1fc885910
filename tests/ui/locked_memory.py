#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Searches the memory of a locked client, its profile, the server's data and both logs for what must not be there.
usage: locked_memory.py KITHD PROBE      (root, or the probe's own user with ptrace allowed)"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import Server, http_call  # noqa: E402

PASSWORD = "velvet-harbour-91-lantern"
failures = []


def check(name, good, detail=""):
    print(("ok   " if good else "FAIL ") + name + ("" if good else f": {detail}"), flush=True)
    if not good:
        failures.append(name)


def memory_of(pid):
    with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            fields = line.split(None, 5)
            if "r" not in fields[1] or fields[-1].strip() in ("[vvar]", "[vsyscall]"):
                continue
            start, end = (int(x, 16) for x in fields[0].split("-"))
            try:
                mem.seek(start)
                yield fields[-1].strip() if len(fields) == 6 else "anonymous", mem.read(end - start)
            except OSError:
                continue


def forms(needle):
    """As text of C++ and of Qt, and bytes as they are."""
    if isinstance(needle, bytes):
        return [needle]
    return [needle.encode(), needle.encode("utf-16-le")]


def places(pid, needle):
    found = []
    for where, content in memory_of(pid):
        for form in forms(needle):
            at = content.find(form)
            if at >= 0:
                found.append((where, content[max(0, at - 24):at + len(form) + 24]))
    return found


def files_with(folders, needle):
    hits = []
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(path, name), "rb") as file:
                    content = file.read()
                if any(form in content for form in forms(needle)):
                    hits.append(os.path.join(path, name))
    return hits


def stored_account(profile, key):
    """The tokens, from a copy of the encrypted history, by the sqlcipher command line."""
    copy = profile + ".copy"
    shutil.copytree(profile, copy)
    try:
        sql = f"PRAGMA key = \"x'{key}'\"; SELECT value FROM settings WHERE name = 'account';"
        done = subprocess.run(["sqlcipher", os.path.join(copy, "history.db")], input=sql, capture_output=True, text=True, check=True)
        return json.loads(done.stdout.strip().splitlines()[-1])
    finally:
        shutil.rmtree(copy)


def main(kithd, probe):
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "server", "data"))
        server = Server(kithd, os.path.join(folder, "server", "data"))
        server.start()
        address = "%s:%s" % server.addr if isinstance(server.addr, tuple) else server.addr
        http_call(server.addr, "POST", "/v1/register", {"username": "ada", "password": PASSWORD, "display_name": "Ada"})
        profile, log = os.path.join(folder, "profile"), os.path.join(folder, "client.log")
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": folder}
        with open(log, "wb") as errors:
            client = subprocess.Popen([probe, profile, f"http://{address}", "ada"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=errors, env=environment)
            try:
                watch(server, client, folder, profile, log)
            finally:
                client.kill()
                client.wait()
                server.stop()
    print(f"{len(failures)} failed", flush=True)
    return 1 if failures else 0


def watch(server, client, folder, profile, log):
    client.stdin.write((PASSWORD + "\n").encode())
    client.stdin.flush()
    needles = {"password": PASSWORD}
    for line in client.stdout:
        word, _, value = line.decode().strip().partition(" ")
        if word == "open":
            break
        if word == "failed":
            raise RuntimeError(line)
        needles[f"{word} {len(needles)}"] = value
    with open(profile + ".key", encoding="ascii") as file:
        key = file.read().strip()
    secret = next(v for k, v in needles.items() if k.startswith("secret"))
    needles.update({"raw secret": base64.b32decode(secret), "key": bytes.fromhex(key), "key in hex": key})
    try:
        next(memory_of(client.pid))
    except PermissionError as refused:
        print(f"skipped: this machine does not let a parent read its child's memory ({refused})", flush=True)
        sys.exit(77)
    check("ten recovery codes and one secret to look for", len(needles) == 15, needles.keys())
    check("an open client has its key in memory: the search finds things", places(client.pid, needles["key"]) != [])
    client.stdin.write(b"lock\n")
    client.stdin.flush()
    locked = client.stdout.readline().strip()
    check("the client locks", locked == b"locked", locked)
    account = stored_account(profile, key)
    needles.update({"access token": account["access"], "refresh token": account["refresh"]})
    check("the locked history holds both tokens", all(len(account[x]) > 20 for x in ("access", "refresh")))
    for name, needle in needles.items():
        # The network's own thread gives its buffers back a moment later.
        hits = next((h for h in (places(client.pid, needle) for _ in range(4)) if not h), None)
        hits = places(client.pid, needle) if hits is None else hits
        check(f"memory of the locked client: no {name}", not hits, hits[:3])
    for path in (profile, os.path.join(folder, "server")):
        check(f"{os.path.basename(path)} has files to search", sum(len(f) for _, _, f in os.walk(path)) > 2)
    for name, needle in needles.items():
        hits = files_with([profile, os.path.join(folder, "server")], needle)
        check(f"profile, server data and its log: no {name}", not hits, hits)
        with open(log, "rb") as file:
            check(f"the client's log: no {name}", not any(form in file.read() for form in forms(needle)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
