# SPDX-License-Identifier: GPL-3.0-or-later
"""A world of a run: one server, two or three people, a proxy for each, a private conversation for each pair and a group."""
import os
import sys
import time

from actors import PASSWORD, Puppet, Server, trace
from oracle import FAULTS, Judge
from proxy import Proxy

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import Kith, http_call, pass_time  # noqa: E402


HASTE = 10  # 75 s of silence are 7.5 s: more than a retransmission, and than one of the eyes is left alone
NOTICE_S = 60  # of a busy machine


class World:
    """`haste`: the clients' clocks run so many times as fast, and the server takes the same fraction of 75 s for silence."""

    def __init__(self, kithd, client, folder, names, seed=0, haste=1):
        self.server, self.people, self.sent = Server(kithd, folder, haste), [], 0
        try:
            self.server.start()
            for number, name in enumerate(names):
                made = http_call(self.server.address, "POST", "/v1/register", {"username": name, "password": PASSWORD, "display_name": name})
                proxy = Proxy(self.server.address, seed * 1000 + number * 100)
                self.people.append(Puppet(client, folder, name, proxy, self.tend, haste))
                self.people[-1].id = made.json["user"]["id"]
            self.conversations = [self.private(a, b) for i, a in enumerate(self.people) for b in self.people[:i]]
            self.conversations.append((self.group(), self.people))
        except BaseException:
            self.close()
            raise

    @staticmethod
    def private(a, b):
        low, high = sorted((a.id, b.id), key=int)
        return f"p:{low}:{high}", (a, b)

    def eye(self, name):
        """A device of that person beside the proxy: what the server has."""
        device = {"id": "00000000-0000-4000-8000-00000000000" + str("abc".index(name[0])), "name": "eye", "platform": "test"}
        answer = http_call(self.server.address, "POST", "/v1/login", {"username": name, "password": PASSWORD, "device": device}, timeout=60)
        kith = Kith(self.server.address)
        kith.request("login", {"token": answer.json["access_token"]}, timeout=60)
        return kith

    def group(self):
        eye = self.eye("ann")
        made = eye.request("conversation.create", {"name": "all", "members": [p.id for p in self.people[1:]]}, timeout=60)
        eye.close()
        return made["d"]["conversation"]["conversation"]

    def text(self, sender, tail=""):
        self.sent += 1
        return f"{sender.name} {self.sent} {tail}".strip()

    def tend(self):
        """Whoever has come to its point: the dead are started again; to those who stand the connections are cut, and they go on."""
        if self.server.stands():
            for one in self.people:
                one.proxy.cut()
            self.server.go_on()
        elif self.server.fell():
            self.server.start()
        for one in self.people:
            if one.process is None:
                continue
            if one.stands():
                one.proxy.cut()
                one.go_on()
            elif not one.hearing and one.point and one.fell():
                one.revive()

    def await_noticed(self):
        """Both sides of every silenced socket have given it up, by themselves."""
        until = time.monotonic() + NOTICE_S
        while any(one.proxy.unnoticed() for one in self.people) and time.monotonic() < until:
            self.tend()
            pass_time(0.05)

    def settle(self):
        """Everybody is caught up and has nothing left to say; twice, the second time for what the first brought about."""
        for _ in range(2):
            for one in self.people:
                one.begin_settle()
            for one in self.people:
                one.end_settle()
        self.tend()

    def disarm(self):
        """Whoever has not come to his point dies now."""
        self.tend()
        if self.server.point:
            trace("kithd is disarmed")
            self.server.kill()
            self.server.start()
        for one in self.people:
            if one.point:
                trace(f"{one.name} is disarmed")
                one.kill()
                one.start()

    def judge(self):
        total = Judge(self.people, self.conversations, self.eye).judge()
        total["points"] = self.server.reached + sum(one.reached for one in self.people)
        total["half_open"] = sum(len(one.proxy.lost) for one in self.people)
        total["unnoticed"] = sum(one.proxy.unnoticed() for one in self.people)
        total["repeated"] = sum(one.proxy.repeated for one in self.people)
        return total, not any(total[fault] for fault in FAULTS)

    def close(self):
        for one in self.people:
            one.proxy.close()
        for actor in (*self.people, self.server):
            if actor.process and actor.process.poll() is None:
                actor.process.kill()
            if actor.process:
                actor.process.wait()
        for one in self.people:
            if one.process:
                one.shut()
