#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real kithd, real client cores, and between them a proxy that cuts, stalls, splits and half-closes; SIGKILL and SIGSTOP of
either side. At the end an oracle compares: every message that a client queued is on the server once, in order, and every
client has what the server has. usage: chaos.py KITHD CLIENT FIRST_SEED COUNT [STEPS]      a seed repeats its choices"""
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import Kith, Refused, http_call, pass_time, split_address  # noqa: E402

PASSWORD = "a chaotic but long passphrase"
SETTINGS = ("[accounts]\npassword_operations = 1\npassword_memory_kib = 8\nregistrations_per_minute = 100000\n"
            "access_token_s = 20\nlogin_failures_per_minute = 100000\n")


class Proxy:
    """One client's way to the server."""

    def __init__(self, target):
        self.target, self.lock, self.pairs = target, threading.Lock(), []
        self.stalled, self.down, self.piece = False, False, 1 << 16
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            if self.down:
                near.close()
                continue
            try:
                far = socket.create_connection(self.target, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self.lock:
                self.pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        try:
            while True:
                if self.stalled or not select.select([one], [], [], 0.05)[0]:
                    if self.stalled:
                        pass_time(0.02)
                    continue
                data = one.recv(self.piece)
                if not data:
                    break
                other.sendall(data)
        except (OSError, ValueError):
            pass
        for end in (one, other):
            try:
                end.close()
            except OSError:
                pass

    def cut(self, half=False):
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for near, far in pairs:
            for end in (far,) if half else (near, far):
                try:
                    end.shutdown(socket.SHUT_WR if half else socket.SHUT_RDWR)
                except OSError:
                    pass

    def heal(self):
        self.stalled = self.down = False
        self.piece = 1 << 16


class Server:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.port = binary, folder, 0
        with open(os.path.join(folder, "kithd.toml"), "w", encoding="utf-8") as file:
            file.write(SETTINGS)

    def start(self):
        ready = os.path.join(self.folder, "ready.json")
        if os.path.exists(ready):
            os.unlink(ready)
        for _ in range(3):  # its port may still be in the hands of a killed one's connections
            with open(os.path.join(self.folder, "kithd.log"), "ab") as log:
                self.process = subprocess.Popen(
                    [self.binary, "serve", "--config", os.path.join(self.folder, "kithd.toml"), "--data", os.path.join(self.folder, "data"),
                     "--listen", f"127.0.0.1:{self.port}", "--ops-listen", "127.0.0.1:0", "--insecure", "--ready-file", ready],
                    stderr=log, stdin=subprocess.DEVNULL)
            while self.process.poll() is None and not os.path.exists(ready):
                pass_time(0.01)
            if os.path.exists(ready):
                with open(ready, encoding="utf-8") as file:
                    self.address = split_address(json.load(file)["listen"])
                self.port = self.address[1]
                return
        raise RuntimeError("kithd does not start")

    def kill(self):
        self.process.kill()
        self.process.wait()


class Puppet:
    def __init__(self, binary, folder, name, proxy):
        self.binary, self.folder, self.name, self.proxy, self.process = binary, folder, name, proxy, None
        self.queued = []   # (conversation, text) that are durable in its outbox
        self.offered = []  # and those that may be
        self.edited, self.recalled = {}, set()  # by the first two words of a message

    def start(self):
        with open(os.path.join(self.folder, self.name + ".log"), "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, os.path.join(self.folder, self.name), f"http://127.0.0.1:{self.proxy.port}", self.name],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env={**os.environ, "CHAOS_PASSWORD": PASSWORD}, text=True, bufsize=1)
        word, _, self.id = self.hear().partition(" ")
        if word != "opened":
            raise RuntimeError(f"{self.name}: {word} {self.id}")

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} died: status {self.process.wait()}")
        return line.rstrip("\n")

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line):
        trace(f"{self.name}: {line[:60]}")
        self.tell(line)
        return self.hear()

    def send(self, conversation, text):
        self.offered.append((conversation, text))
        answer = self.ask(f"send {conversation} {text}")
        if answer != f"queued {text}":
            raise RuntimeError(f"{self.name}: {answer}")
        self.queued.append((conversation, text))

    def change(self, conversation, text):
        word, _, key = self.ask(f"edit {conversation} {text}" if text else f"recall {conversation}").partition(" ")
        if word == "refused":
            raise RuntimeError(f"{self.name}: a change was refused")
        if word == "changed" and text:
            self.edited[key] = f"{key} {text}"
        elif word == "changed":
            self.recalled.add(key)

    def kill(self):
        self.process.kill()
        self.process.wait()


def trace(what):
    if os.environ.get("CHAOS_TRACE"):
        print(f"     {what}", flush=True)


def key_of(text):
    return " ".join(text.split()[:2])


class Run:
    def __init__(self, kithd, client, seed, steps, folder):
        self.random, self.steps = random.Random(seed), steps
        self.server = Server(kithd, folder)
        self.server.start()
        self.people = []
        for name in ("ann", "bob", "cem")[:self.random.choice((2, 3))]:
            http_call(self.server.address, "POST", "/v1/register", {"username": name, "password": PASSWORD, "display_name": name})
            self.people.append(Puppet(client, folder, name, Proxy(self.server.address)))
        for one in self.people:
            one.start()
        self.sent = self.changes = 0
        self.conversations = [self.private(a, b) for i, a in enumerate(self.people) for b in self.people[:i]]
        self.conversations.append((self.group(), self.people))

    @staticmethod
    def private(a, b):
        low, high = sorted((a.id, b.id), key=int)
        return f"p:{low}:{high}", (a, b)

    def eye(self, name):
        """A device of that person beside the proxy: what the server has."""
        device = {"id": "00000000-0000-4000-8000-00000000000" + str("abc".index(name[0])), "name": "eye", "platform": "test"}
        answer = http_call(self.server.address, "POST", "/v1/login", {"username": name, "password": PASSWORD, "device": device})
        kith = Kith(self.server.address)
        kith.request("login", {"token": answer.json["access_token"]})
        return kith

    def group(self):
        eye = self.eye("ann")
        made = eye.request("conversation.create", {"name": "all", "members": [p.id for p in self.people[1:]]})
        eye.close()
        return made["d"]["conversation"]["conversation"]

    def step(self):
        what = self.random.random()
        who = self.random.choice(self.people)
        if what < 0.10:
            conversation = self.random.choice([c for c, m in self.conversations if who in m])
            self.changes += 1
            who.change(conversation, f"edit {self.changes}" if self.random.random() < 0.7 else "")
        elif what < 0.62:
            conversation, members = self.random.choice(self.conversations)
            sender = self.random.choice(members)
            for _ in range(self.random.choice((1, 1, 1, 4))):
                self.sent += 1
                sender.send(conversation, f"{sender.name} {self.sent} " + "x" * self.random.choice((0, 5, 900)))
        elif what < 0.68:
            who.ask("read " + self.random.choice([c for c, m in self.conversations if who in m]))
        elif what < 0.74:
            trace(f"{who.name}: cut")
            who.proxy.cut(half=self.random.random() < 0.3)
        elif what < 0.79:
            who.proxy.stalled = not who.proxy.stalled
            trace(f"{who.name}: stalled {who.proxy.stalled}")
        elif what < 0.83:
            who.proxy.down = not who.proxy.down
            trace(f"{who.name}: down {who.proxy.down}")
            who.proxy.cut()
        elif what < 0.87:
            who.proxy.piece = self.random.choice((1, 7, 1 << 16))
        elif what < 0.92:
            # In the middle of what it was told a moment ago.
            conversation, members = self.random.choice([c for c in self.conversations if who in c[1]])
            self.sent += 1
            text = f"{who.name} {self.sent} dying"
            who.offered.append((conversation, text))
            who.tell(f"send {conversation} {text}")
            pass_time(self.random.choice((0, 0.001, 0.003, 0.01)))
            who.kill()
            trace(f"{who.name}: killed")
            who.start()
        elif what < 0.95:
            os.kill(self.server.process.pid, signal.SIGSTOP)
            pass_time(self.random.choice((0.05, 0.3)))
            os.kill(self.server.process.pid, signal.SIGCONT)
        else:
            trace("kithd killed")
            self.server.kill()
            self.server.start()

    def play(self):
        for _ in range(self.steps):
            self.step()
        for one in self.people:
            one.proxy.heal()
        for _ in range(2):  # the second time for what the first brought about
            for one in self.people:
                answer = one.ask("settle")
                if answer != "settled":
                    raise RuntimeError(f"{one.name}: {answer}")
        return self.judge()

    def judge(self):
        total = dict.fromkeys(("offered", "accepted", "delivered", "missing", "duplicated", "reordered", "different", "unread", "unchanged"), 0)
        dumps = {one.name: json.loads(one.ask("dump")[5:]) for one in self.people}
        for conversation, members in self.conversations:
            eye = self.eye(members[0].name)
            there, before = [], None
            while True:
                page = eye.request("page", {"conversation": conversation, "limit": 200, **({"before": before} if before else {})})
                if page["op"] == "error":
                    break  # nobody has written there
                there += page["d"]["messages"]
                if not page["d"]["messages"]:
                    break
                before = page["d"]["messages"][-1]["seq"]
            there.sort(key=lambda m: m["seq"])
            eye.close()
            if [m["seq"] for m in there] != list(range(1, len(there) + 1)):
                total["reordered"] += 1
            texts = [m["body"] for m in there if m["kind"] == "text" and not m["recalled"]]
            keys = [key_of(t) for t in texts]
            total["accepted"] += len(texts)
            total["duplicated"] += len(keys) - len(set(keys))
            for one in members:
                offered = [key_of(t) for c, t in one.offered if c == conversation]
                total["offered"] += len(offered)
                queued = [key_of(t) for c, t in one.queued if c == conversation]
                total["missing"] += sum(k not in keys and k not in one.recalled for k in queued)
                mine = [k for k in keys if k.startswith(one.name + " ")]
                total["reordered"] += mine != [k for k in offered if k in set(mine)]
                wrong = [t for t in texts if key_of(t) in one.recalled or one.edited.get(key_of(t), t) != t]
                total["unchanged"] += len(wrong)
                for text in wrong:
                    wanted = "recalled" if key_of(text) in one.recalled else one.edited[key_of(text)]
                    print(f"     {one.name} in {conversation}: '{text}' should be {wanted}", flush=True)
                kept = dumps[one.name].get(conversation, {"messages": [], "unread": 0, "unsent": 0})
                here = sorted((m[0], m[1], m[2]) for m in kept["messages"])
                total["delivered"] += sum(m[1] != one.id for m in here)
                if here != [(m["seq"], m["sender"], m["body"]) for m in there] or kept["unsent"]:
                    total["different"] += 1
                watcher = self.eye(one.name)
                heads = {h["conversation"]: h for h in watcher.request("sync", {"limit": 100})["d"]["conversations"]}
                watcher.close()
                if conversation in heads and heads[conversation]["unread"] != kept["unread"]:
                    total["unread"] += 1
                    print(f"     {one.name} in {conversation}: unread {kept['unread']} here, {heads[conversation]['unread']} on the server", flush=True)
        return total

    def close(self):
        for one in self.people:
            if one.process:
                one.kill()
            one.proxy.door.close()
        self.server.kill()


def main(kithd, client, first, count, steps=60):
    bad = []
    for seed in range(int(first), int(first) + int(count)):
        with tempfile.TemporaryDirectory() as folder:
            run = None
            try:
                run = Run(kithd, client, seed, int(steps), folder)
                total = run.play()
                good = not any(total[x] for x in ("missing", "duplicated", "reordered", "different", "unread", "unchanged"))
            except (RuntimeError, Refused, OSError, KeyError, ValueError) as error:
                total, good = {"error": repr(error)}, False
            finally:
                if run:
                    run.close()
        print(("ok   " if good else "FAIL ") + f"seed {seed}: " + ", ".join(f"{k} {v}" for k, v in total.items()), flush=True)
        if not good:
            bad.append(seed)
    print(f"{count} seeds, {len(bad)} failed{': ' + ' '.join(map(str, bad)) if bad else ''}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
