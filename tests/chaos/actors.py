# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes of a run: kithd and the clients. Each may have a point at which it dies or stops by itself (KITH_FAIL_AT);
World.tend() looks after them: it starts the dead again, without a point, and lets the standing go on."""
import json
import os
import random
import select
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import pass_time, split_address  # noqa: E402

PORTS = random.SystemRandom()
PASSWORD = "a chaotic but long passphrase"
SETTINGS = ("[accounts]\npassword_operations = 1\npassword_memory_kib = 8\nregistrations_per_minute = 100000\n"
            "access_token_s = 20\nlogin_failures_per_minute = 100000\n")


SILENCE_MS = 75000  # PROTOCOL, 1010


class Died(Exception):
    """At the point that it was given. Whether it did what it was told is not known."""


def trace(what):
    if os.environ.get("CHAOS_TRACE"):
        print(f"     {time.strftime('%H:%M:%S')}.{int(time.time() * 1000) % 1000:03} {what}", flush=True)


def environment(point, **more):
    fresh = {k: v for k, v in os.environ.items() if k != "KITH_FAIL_AT"}
    return {**fresh, **more, **({"KITH_FAIL_AT": point} if point else {})}


class Actor:
    def __init__(self, binary, folder, name):
        self.binary, self.folder, self.name, self.process = binary, folder, name, None
        self.point, self.reached = None, 0  # "name:passage[:stop]", and how many were passed

    def reach(self):
        trace(f"{self.name} came to {self.point}")
        self.reached += 1
        self.point = None

    def fell(self):
        """Whether it died at its point; dead for another reason is an error."""
        if self.process.poll() is None:
            return False
        if not self.point or self.process.returncode != -signal.SIGKILL:
            raise RuntimeError(f"{self.name} ended by itself: status {self.process.returncode}")
        self.reach()
        return True

    def stands(self):
        """Whether it stands at its point."""
        if not (self.point and self.point.endswith(":stop")) or self.process.poll() is not None:
            return False
        if not os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG):
            return False
        self.reach()
        return True

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)


class Server(Actor):
    def __init__(self, binary, folder, haste=1):
        super().__init__(binary, folder, "kithd")
        self.address = None
        self.port = None
        with open(os.path.join(folder, "kithd.toml"), "w", encoding="utf-8") as file:
            file.write(SETTINGS + f"[gateway]\nheartbeat_silence_ms = {SILENCE_MS // haste}\n")

    def start(self, point=None):
        ready = os.path.join(self.folder, "ready.json")
        for self.point in (point, None, None, None):
            if self.port is None:
                self.port = PORTS.randrange(10240, 32000)  # no outgoing connection gets one of these while kithd is dead
            if os.path.exists(ready):
                os.unlink(ready)
            with open(os.path.join(self.folder, "kithd.log"), "ab") as log:
                self.process = subprocess.Popen(
                    [self.binary, "serve", "--config", os.path.join(self.folder, "kithd.toml"), "--data", os.path.join(self.folder, "data"),
                     "--listen", f"127.0.0.1:{self.port}", "--ops-listen", "127.0.0.1:0", "--insecure", "--ready-file", ready],
                    stderr=log, stdin=subprocess.DEVNULL, env=environment(self.point))
            while self.process.poll() is None and not os.path.exists(ready):
                if self.stands():
                    self.go_on()
                pass_time(0.005)
            if os.path.exists(ready):
                with open(ready, encoding="utf-8") as file:
                    self.address = split_address(json.load(file)["listen"])
                return
            if self.point and self.process.returncode == -signal.SIGKILL:
                self.reach()
            elif not self.address:
                self.port = None  # somebody has it
        raise RuntimeError("kithd does not start")

    def kill(self):
        if not self.fell():
            self.process.kill()
            self.process.wait()
        self.point = None


class Puppet(Actor):
    def __init__(self, binary, folder, name, proxy, tend, haste=1):
        super().__init__(binary, folder, name)
        self.haste = str(haste)
        self.proxy, self.tend = proxy, tend
        self.heard, self.hearing = b"", False
        self.asked = self.lost = False  # an answer is due; it will not come
        self.queued = []   # (conversation, text) that are durable in its outbox
        self.offered = []  # and those that may be
        self.wanted = {}   # by the first two words of a message: what it may be in the end, None for recalled
        self.likes = {}    # by (conversation, seq): what it may be in the end
        self.replies = {}  # by the first two words of a message: the seq that it answers

    def start(self, point=None):
        self.asked = self.lost = False
        for self.point in (point, None):
            self.heard = b""
            with open(os.path.join(self.folder, self.name + ".log"), "ab") as log:
                self.process = subprocess.Popen(
                    [self.binary, os.path.join(self.folder, self.name), f"http://127.0.0.1:{self.proxy.port}", self.name], stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, stderr=log, bufsize=0, env=environment(self.point, CHAOS_PASSWORD=PASSWORD, CHAOS_HASTE=self.haste))
            try:
                word, _, self.id = self.hear().partition(" ")
            except Died:
                continue
            if word != "opened":
                raise RuntimeError(f"{self.name}: {word} {self.id}")
            return

    def hear(self):
        self.hearing = True
        try:
            while b"\n" not in self.heard:
                if not select.select([self.process.stdout], [], [], 0.05)[0]:
                    self.tend()
                    continue
                more = os.read(self.process.stdout.fileno(), 1 << 20)
                if not more:
                    self.process.wait()
                    self.fell()
                    self.shut()
                    raise Died()
                self.heard += more
        finally:
            self.hearing = False
        line, self.heard = self.heard.split(b"\n", 1)
        return line.decode()

    def revive(self):
        """It was found dead. What it was told may have been done, but it will not say so."""
        self.shut()
        pending = self.asked
        self.start()
        self.asked = self.lost = pending

    def shut(self):
        for end in (self.process.stdin, self.process.stdout):
            end.close()

    def tell(self, line):
        trace(f"{self.name}: {line[:60]}")
        self.asked = True
        try:
            self.process.stdin.write((line + "\n").encode())
        except OSError:
            pass  # it has died; hear() tells

    def ask(self, line):
        """Its answer; None if it died on the way (and lives again)."""
        self.tell(line)
        return self.answer()

    def answer(self):
        try:
            line = None if self.lost else self.hear()
        except Died:
            line = None
            self.start()
        self.asked = self.lost = False
        return line

    def send(self, conversation, text):
        """True if it is in its outbox for certain."""
        self.offered.append((conversation, text))
        return self.note_queued(conversation, text, self.ask(f"send {conversation} {text}"))

    def reply(self, conversation, which, text):
        target = self.ask(f"reply {conversation} {which} {text}")
        if target in ("nothing", None):
            return False
        self.offered.append((conversation, text))
        self.replies[key_of(text)] = int(target.split()[1])
        return self.note_queued(conversation, text, self.answer())

    def note_queued(self, conversation, text, answer):
        if answer not in (f"queued {text}", None):
            raise RuntimeError(f"{self.name}: {answer}")
        if answer:
            self.queued.append((conversation, text))
        return answer is not None

    def change(self, conversation, text):
        """Edits its newest message, or recalls it where there is no text."""
        target = self.ask(f"edit {conversation} {text}" if text else f"recall {conversation}")
        if target in ("nothing", None):
            return
        key = target.partition(" ")[2]
        before = self.wanted.get(key) or {t for _, t in self.offered if key_of(t) == key}
        self.settle_on(self.wanted, key, f"{key} {text}" if text else None, before)

    def like(self, conversation, which):
        target = self.ask(f"like {conversation} {which}")
        if target in ("nothing", None):
            return
        _, seq, way = target.split()
        key = (conversation, int(seq))
        self.settle_on(self.likes, key, way == "on", self.likes.get(key, {False}))

    def settle_on(self, what, key, value, before):
        done = self.answer()
        if done == "refused":
            raise RuntimeError(f"{self.name}: a change of {key} was refused")
        what[key] = {value} if done else before | {value}
        trace(f"{self.name}: {key} may be {what[key]}")

    def read(self, conversation):
        self.ask(f"read {conversation}")

    def begin_settle(self):
        self.tell("settle")

    def end_settle(self):
        answer = self.answer() or self.ask("settle") or self.ask("settle")
        if answer != "settled":
            raise RuntimeError(f"{self.name}: {answer}")

    def kill(self):
        if not self.fell():
            self.process.kill()
            self.process.wait()
        self.point = None
        self.shut()


def key_of(text):
    return " ".join(text.split()[:2])
