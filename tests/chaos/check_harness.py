#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""That the oracle sees each fault, in a small world in which it is made on purpose, that the proxy repeats whole frames only, and
that it tells nobody of a connection that it lost."""
import copy
import json
import random
import select
import socket
import sys
import time
import unittest

from oracle import FAULTS, Judge
from proxy import Frames, Proxy

PAIR = "p:1:2"


def message(seq, sender, body, reply_to=None, likes=0, liked=False):
    return {"seq": seq, "sender": sender, "kind": "text", "body": body, "recalled": False, "reply_to": reply_to, "likes": likes, "liked": liked}


class Person:
    def __init__(self, name, ident, kept):
        self.name, self.id, self.kept = name, ident, kept
        self.queued, self.wanted, self.likes, self.replies = [], {}, {}, {}

    @property
    def offered(self):
        return self.queued

    def ask(self, _):
        return "dump " + json.dumps({PAIR: self.kept})


class Eye:
    def __init__(self, head, messages):
        self.head, self.messages = head, messages

    def request(self, op, d, timeout):
        if op == "sync":
            return {"op": op, "d": {"conversations": [self.head]}}
        return {"op": op, "d": {"messages": [] if "before" in d else self.messages}}

    def close(self):
        pass


class Scene:
    """ann wrote 1 and 3, bob answered with 2, which ann likes."""

    def __init__(self):
        there = [message(1, "1", "ann 1 good"), message(2, "2", "bob 2", 1, 1), message(3, "1", "ann 3 edited")]
        self.there = {"ann": there, "bob": copy.deepcopy(there)}
        there[1]["liked"] = True
        self.heads = {"ann": self.head("2"), "bob": self.head("1")}
        self.ann, self.bob = Person("ann", "1", self.kept("ann")), Person("bob", "2", self.kept("bob"))
        self.ann.queued = [(PAIR, "ann 1 good"), (PAIR, "ann 3")]
        self.ann.wanted = {"ann 3": {"ann 3 edited"}}
        self.ann.likes = {(PAIR, 2): {True}}
        self.bob.queued = [(PAIR, "bob 2")]
        self.bob.replies = {"bob 2": 1}

    @staticmethod
    def head(peer):
        return {"conversation": PAIR, "head_seq": 3, "unread": 0, "peer": {"user": peer, "delivered_seq": 3, "read_seq": 3}}

    def kept(self, name):
        rows = [[m["seq"], m["sender"], m["body"], m["likes"], m["liked"], m["reply_to"] or 0] for m in self.there[name]]
        return {"unread": 0, "unsent": 0, "peer": [3, 3], "messages": rows}

    def everywhere(self, change):
        for name, one in (("ann", self.ann), ("bob", self.bob)):
            change(self.there[name])
            one.kept = self.kept(name)

    def faults(self):
        people = [self.ann, self.bob]
        judge = Judge(people, [(PAIR, people)], lambda name: Eye(self.heads[name], self.there[name]), patience_s=0)
        judge.note = lambda fault, text: judge.total.update({fault: judge.total[fault] + 1})
        total = judge.judge()
        return {fault for fault in FAULTS if total[fault]}


def swap(messages):
    messages[0]["body"], messages[2]["body"] = messages[2]["body"], messages[0]["body"]


class TestOracle(unittest.TestCase):
    def expect(self, faults, change):
        scene = Scene()
        change(scene)
        self.assertEqual(scene.faults(), faults)

    def test_nothing(self):
        self.expect(set(), lambda s: None)

    def test_missing(self):
        self.expect({"missing"}, lambda s: s.ann.queued.append((PAIR, "ann 4")))

    def test_duplicated(self):
        self.expect({"duplicated", "reordered"}, lambda s: s.everywhere(lambda all_: all_.append(message(4, "1", "ann 1 good"))))

    def test_reordered(self):
        self.expect({"reordered"}, lambda s: s.everywhere(swap))

    def test_gap(self):
        self.expect({"reordered"}, lambda s: s.everywhere(lambda all_: all_[2].update(seq=4)))

    def test_different(self):
        self.expect({"different"}, lambda s: s.bob.kept["messages"].pop())

    def test_twice_in_one_copy(self):
        self.expect({"different"}, lambda s: s.bob.kept["messages"].append(s.bob.kept["messages"][0]))

    def test_unsent(self):
        self.expect({"different"}, lambda s: s.bob.kept.update(unsent=1))

    def test_unread(self):
        self.expect({"unread"}, lambda s: s.heads["bob"].update(unread=1))

    def test_unchanged(self):
        self.expect({"unchanged"}, lambda s: s.everywhere(lambda all_: all_[2].update(body="ann 3")))

    def test_not_recalled(self):
        self.expect({"unchanged"}, lambda s: s.ann.wanted.update({"ann 1": {None}}))

    def test_unliked(self):
        self.expect({"unliked"}, lambda s: s.ann.likes.clear())

    def test_liked_twice(self):
        self.expect({"unliked"}, lambda s: s.everywhere(lambda all_: all_[1].update(likes=2)))

    def test_unrelated(self):
        self.expect({"unrelated"}, lambda s: s.bob.replies.clear())

    def test_unacknowledged(self):
        self.expect({"unacknowledged"}, lambda s: s.heads["ann"]["peer"].update(delivered_seq=2))

    def test_receipt_lost(self):
        self.expect({"unacknowledged"}, lambda s: s.ann.kept.update(peer=[1, 1]))

    def test_own_cursor_without_receipt(self):
        self.expect(set(), lambda s: s.bob.kept.update(peer=[2, 2]))


class TestFrames(unittest.TestCase):
    HEAD = b"GET /v1/socket HTTP/1.1\r\nHost: h\r\n\r\n"
    TEXT = b"\x81\x85" + b"mask" + b"hello"  # masked, as a client's
    LONG = b"\x81\x7e\x01\x00" + b"x" * 256
    PING = b"\x89\x00"

    def passed_on(self, wire, sizes, twice=lambda: True):
        frames, out = Frames(), b""
        while wire:
            piece = wire[:sizes()]
            out, wire = out + frames.feed(piece, twice), wire[len(piece):]
        return out

    def test_whole_frames_at_any_split(self):
        wire = self.HEAD + self.TEXT + self.PING + self.LONG
        for seed in range(50):
            chance = random.Random(seed)
            out = self.passed_on(wire, lambda: chance.randint(1, 40))
            self.assertEqual(out, self.HEAD + self.TEXT * 2 + self.PING + self.LONG * 2)

    def test_nothing_where_nothing_is_chosen(self):
        wire = self.HEAD + self.TEXT + self.LONG
        self.assertEqual(self.passed_on(wire, lambda: 7, lambda: False), wire)

    def test_other_http_is_left_alone(self):
        wire = b"POST /v1/login HTTP/1.1\r\n\r\n" + self.TEXT
        self.assertEqual(self.passed_on(wire, lambda: 7), wire)


class TestSilence(unittest.TestCase):
    DEADLINE_S = 30

    def setUp(self):
        self.door = socket.create_server(("127.0.0.1", 0))
        self.proxy = Proxy(self.door.getsockname())
        self.near, self.far = self.connect()

    def tearDown(self):
        for end in (self.near, self.far, self.door):
            end.close()
        self.proxy.close()

    def connect(self):
        near = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=self.DEADLINE_S)
        near.sendall(TestFrames.HEAD)
        far = self.door.accept()[0]
        far.settimeout(self.DEADLINE_S)
        self.assertEqual(far.recv(100), TestFrames.HEAD)
        return near, far

    def gone(self, count):
        end = time.monotonic() + self.DEADLINE_S
        while 2 - self.proxy.unnoticed() < count and time.monotonic() < end:
            select.select([], [], [], 0.01)
        return self.proxy.lost[0]

    def hears_nothing(self, end):
        return not select.select([end], [], [], 0.2)[0]

    def test_nothing_passes_and_nobody_is_told(self):
        self.proxy.silence()
        self.proxy.cut()
        self.near.sendall(b"lost")
        self.far.sendall(b"lost too")
        self.assertTrue(self.hears_nothing(self.far) and self.hears_nothing(self.near))
        self.assertEqual(self.proxy.unnoticed(), 2)
        self.near.close()
        self.assertEqual(self.gone(1).gone, {"client"})
        self.assertTrue(self.hears_nothing(self.far))
        self.far.close()
        self.assertEqual((self.gone(2).gone, self.gone(2).first), ({"client", "server"}, "client"))

    def test_one_side_only(self):
        self.proxy.silence(("client",))
        self.near.sendall(b"lost")
        self.far.sendall(b"heard")
        self.assertEqual(self.near.recv(10), b"heard")
        self.assertTrue(self.hears_nothing(self.far))
        self.far.close()
        self.assertEqual(self.near.recv(10), b"")
        self.assertEqual(self.gone(2).first, "server")

    def test_who_says_goodbye_has_ended_it(self):
        self.proxy.silence(("server",))
        self.far.sendall(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + b"\x88\x00")
        self.assertTrue(self.hears_nothing(self.near))
        self.near.close()
        self.assertEqual(self.gone(1).first, "server")

    def test_later_connections_are_as_ever(self):
        self.proxy.silence()
        near, far = self.connect()
        far.sendall(b"heard")
        self.assertEqual(near.recv(10), b"heard")
        near.close()
        self.assertEqual(far.recv(10), b"")
        far.close()
        self.assertEqual(len(self.proxy.lost), 1)


if __name__ == "__main__":
    sys.exit(unittest.main())
