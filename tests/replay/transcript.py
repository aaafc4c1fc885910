# SPDX-License-Identifier: GPL-3.0-or-later
"""A transcript is a file of JSON lines, in order:
  {"who":"ada","http":"POST /v1/login","bearer":"…","body":{…},"status":200,"answer":{…}}   one HTTPS call
  {"who":"ada","out":{…}}     an envelope (or, under "raw", the text of a frame) that the client sent
  {"who":"ada","in":{…}}      an envelope that the server sent, after the `out` above it
Values are those of the recording. Live ones differ; Binding maps the recorded to the live ones as they come up.
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import Kith, Server, http_call  # noqa: E402

# Where the server's clock, dice or log speak: any value of the same type is as good.
FREE = {"created_at", "edited_at", "server_time", "last_seen", "changed_at", "joined_at", "trace", "t"}
# Made by the server or dependent on what it made; the same recorded value is the same live value throughout.
BOUND = {"id", "user", "users", "epoch", "cursor", "access_token", "refresh_token", "conversation", "sender", "mentions",
         "read_by", "delivered_to", "after", "members", "conversations"}


class Binding:
    def __init__(self):
        self.live = {}

    def substitute(self, value):
        if isinstance(value, str):
            return self.live.get(value, value)
        if isinstance(value, list):
            return [self.substitute(v) for v in value]
        if isinstance(value, dict):
            return {k: self.substitute(v) for k, v in value.items()}
        return value

    def differs(self, old, new, key="", learned=None):
        """What differs, as text, or nothing; binds what is seen for the first time only if nothing differs."""
        top = learned is None
        learned = {} if top else learned
        why = self._differs(old, new, key, learned)
        if top and not why:
            self.live.update(learned)
        return why

    def _differs(self, old, new, key, learned):
        if type(old) is not type(new):
            return f"{key}: {old!r} became {new!r}"
        if isinstance(old, dict):
            if set(old) != set(new):
                return f"{key}: fields {sorted(set(old) ^ set(new))}"
            for k in old:
                why = self._differs(old[k], new[k], k, learned)
                if why:
                    return why
            return ""
        if isinstance(old, list):
            if len(old) != len(new):
                return f"{key}: {len(old)} became {len(new)} items"
            for a, b in zip(old, new):
                why = self._differs(a, b, key, learned)
                if why:
                    return why
            return ""
        if key in FREE:
            return ""
        if key in BOUND and isinstance(old, str):
            known = learned.get(old, self.live.get(old))
            if known is None:
                learned[old] = new
                return ""
            return "" if known == new else f"{key}: {old!r} is {known!r} here and became {new!r}"
        if key == "body" and isinstance(old, str):  # a system message names people
            text = old
            for a, b in self.live.items():
                text = text.replace(a, b)
            return "" if text == new or old == new else f"body: {text!r} became {new!r}"
        return "" if old == new else f"{key}: {old!r} became {new!r}"


class Stage:
    """A server of its own and the sockets of the people in it."""

    def __init__(self, binary):
        self.folder = tempfile.TemporaryDirectory(prefix="kith-replay-")
        data = os.path.join(self.folder.name, "data")
        os.mkdir(data, 0o700)
        self.server = Server(binary, data)
        self.server.start()
        self.sockets, self.sources = {}, {}

    def http(self, who, what, body=None, bearer=None):
        method, path = what.split(" ", 1)
        source = self.sources.setdefault(who, f"127.77.{len(self.sources) + 1}.1")
        return http_call(self.server.addr, method, path, body, token=bearer, source=source)

    def socket(self, who):
        if who not in self.sockets:
            self.sockets[who] = Kith(self.server.addr)
        return self.sockets[who]

    def send(self, who, line):
        self.socket(who).raw(line["raw"] if "raw" in line else line["out"])

    def receive(self, who, timeout):
        """The next envelope in the order of the wire, or None."""
        kith = self.socket(who)
        while not kith.stream:
            if not kith.pump(timeout):
                return None
        return kith.stream.pop(0)

    def close(self):
        for kith in self.sockets.values():
            kith.ws.close()
        self.server.stop()
        self.folder.cleanup()


def _pump(self, timeout):
    got = self.ws.recv(timeout)
    if got is None:
        return False
    value = json.loads(got[1])
    self.stream.extend(value if isinstance(value, list) else [value])
    return True


Kith.stream = property(lambda self: self.__dict__.setdefault("_stream", []))
Kith.pump = _pump


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
