# SPDX-License-Identifier: GPL-3.0-or-later
"""Three people and all that a server has told them, through all its losses of power: the oracle of power_server.py."""
import os
import random
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import Closed, Kith, Refused, http_call  # noqa: E402

PASSWORD = "a passphrase that outlives the power"
GONE = (Closed, Refused, OSError)  # what a client sees of a loss of power


class Wrong(Exception):
    """A promise was broken."""


def demand(good, *what):
    if not good:
        raise Wrong(" ".join(map(str, what)))


class Sent:
    """A message somebody offered; answer is what `accepted` said. Bodies: those it may have, None for a recalled one."""

    def __init__(self, sender, conversation, body):
        self.sender, self.conversation, self.body, self.cid = sender, conversation, body, str(uuid.uuid4())
        self.answer, self.bodies = None, {body}


class Person:
    def __init__(self, name):
        self.name, self.id, self.token, self.kith = name, "", "", None
        self.tried = self.registered = False
        self.waiting = {}  # request id: what to do with its answer
        self.read = {}     # by conversation: what its cursor has reached for certain

    def ask(self, op, data, then):
        ident = self.kith.next_id()
        self.waiting[ident] = then
        self.kith.raw({"op": op, "id": ident, "d": data})


class World:
    """What the clients know: all that the server said, through all losses."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.people = [Person(name) for name in ("ann", "bob", "cem")]
        self.sent, self.epoch, self.group = [], "", ""
        self.ids, self.revs = {}, {}  # (conversation, seq): id; conversation: the highest rev told
        self.peers = {}               # (conversation, user): [delivered, read] told to somebody else

    # --- a life of the server
    def enter(self, address):
        for one in self.people:
            if not one.token:
                if not one.registered:
                    body = {"username": one.name, "password": PASSWORD, "display_name": one.name}
                    tried, one.tried = one.tried, True
                    made = http_call(address, "POST", "/v1/register", body)
                    # An attempt whose answer was lost may have succeeded.
                    demand(made.status == 201 or (made.error.get("field") == "username" and tried), "register:", made.brief())
                    one.registered = True
                device = {"id": str(uuid.UUID(int=len(one.name + one.name[0]), version=4)), "name": "it", "platform": "test"}
                logged = http_call(address, "POST", "/v1/login", {"username": one.name, "password": PASSWORD, "device": device})
                demand(logged.status == 200, "login:", logged.brief())
                one.id, one.token = logged.json["user"]["id"], logged.json["access_token"]
            self.connect(one, address)

    def connect(self, one, address):
        one.kith, one.waiting = Kith(address), {}
        hello = one.kith.request("login", {"token": one.token})
        if hello["op"] == "NO ANSWER":
            raise Closed(None, "no answer")
        demand(hello["op"] == "hello", one.name, "is not let in:", hello)
        demand(self.epoch in ("", hello["d"]["epoch"]), "another epoch")
        self.epoch = hello["d"]["epoch"]

    def listen(self, one, timeout):
        heard = one.kith.pump(timeout)
        answers, one.kith.answers = one.kith.answers, []
        pushes, one.kith.pushes = one.kith.pushes, []
        for envelope in answers:
            one.waiting.pop(envelope["id"])(envelope)
        for envelope in pushes:
            data = envelope["d"]
            if envelope["op"] in ("message", "change"):
                self.told(data["conversation"], data["message"]["seq"], data["message"]["id"], data["rev"])
            if envelope["op"] == "message" and self.random.random() < 0.5:
                one.kith.raw({"op": "ack", "d": [{"conversation": data["conversation"], "seq": data["message"]["seq"]}]})
            if envelope["op"] == "receipt" and data["user"] != one.id:
                old = self.peers.get((data["conversation"], data["user"]), [0, 0])
                self.peers[data["conversation"], data["user"]] = [max(old[0], data["delivered_seq"]), max(old[1], data["read_seq"])]
        return heard

    def told(self, conversation, seq, ident, rev):
        known = self.ids.setdefault((conversation, seq), ident)
        demand(known == ident, conversation, seq, "was message", known, "and is", ident)
        self.revs[conversation] = max(self.revs.get(conversation, 0), rev)

    def settle(self, most):
        """Until at most so many requests wait."""
        while sum(len(one.waiting) for one in self.people) > most:
            heard = [self.listen(one, 0.002) for one in self.people if one.waiting]
            if not any(heard):
                heard = self.listen(next(one for one in self.people if one.waiting), 20)
                demand(heard, "a request without an answer")

    def hear_the_rest(self):
        for one in self.people:
            try:
                while one.kith and self.listen(one, 2):
                    pass
            except GONE:
                pass
            one.kith, one.waiting = None, {}

    def offer(self, message):
        def accepted(envelope):
            demand(envelope["op"] == "accepted", "send:", envelope)
            answer = {**envelope["d"], "duplicate": False}
            demand(message.answer in (None, answer), "another answer to the same cid:", message.answer, answer)
            message.answer = answer
            self.told(message.conversation, answer["seq"], answer["id"], answer["rev"])
            read = message.sender.read
            read[message.conversation] = max(read.get(message.conversation, 0), answer["seq"])

        data = {"conversation": message.conversation, "cid": message.cid, "kind": "text", "body": message.body}
        message.sender.ask("send", data, accepted)

    def alter(self, message, body):
        """Edits, or recalls where body is None."""
        def done(envelope):
            demand(envelope["op"] == "ok", "edit or recall:", envelope)
            message.bodies = {body}
            rev = envelope["d"]["rev"]
            self.revs[message.conversation] = max(self.revs.get(message.conversation, 0), rev)

        message.bodies.add(body)
        data = {"conversation": message.conversation, "seq": message.answer["seq"]}
        message.sender.ask(*(("recall", data) if body is None else ("edit", {**data, "body": body})), done)

    def move_read(self, one, conversation, seq):
        def done(envelope):
            demand(envelope["op"] == "ok", "read:", envelope)
            one.read[conversation] = max(one.read.get(conversation, 0), seq)

        one.ask("read", {"conversation": conversation, "seq": seq}, done)

    def conversations(self):
        low = sorted((one.id for one in self.people), key=int)
        return [f"p:{low[0]}:{low[1]}", f"p:{low[0]}:{low[2]}", f"p:{low[1]}:{low[2]}"] + ([self.group] if self.group else [])

    def members(self, conversation):
        return [one for one in self.people if conversation == self.group or one.id in conversation.split(":")]

    def live(self, address, actions):
        self.enter(address)
        if not self.group:
            made = self.people[0].kith.request("conversation.create", {"name": "all", "members": [p.id for p in self.people[1:]]})
            if made["op"] == "NO ANSWER":
                raise Closed(None, "no answer")
            self.group = made["d"]["conversation"]["conversation"]
        # As a client does: what has no answer is offered again, with its cid. And some of what had one.
        for message in [m for m in self.sent if not m.answer] + self.random.sample(self.sent, min(3, len(self.sent))):
            self.offer(message)
        for number in range(actions):
            what, conversation = self.random.random(), self.random.choice(self.conversations())
            one = self.random.choice(self.members(conversation))
            mine = [m for m in self.sent if m.sender == one and m.conversation == conversation and m.answer and len(m.bodies) == 1
                    and None not in m.bodies]
            if what < 0.12 and mine:
                self.alter(self.random.choice(mine), None if what < 0.04 else f"edited {number} {uuid.uuid4()}")
            elif what < 0.2:
                seqs = [seq for there, seq in self.ids if there == conversation]
                if seqs:
                    self.move_read(one, conversation, self.random.choice(seqs))
            else:
                size = self.random.choice((0, 20, 300, 6000))
                self.sent.append(Sent(one, conversation, f"{one.name} {len(self.sent)} " + "语" * (size // 3)))
                self.offer(self.sent[-1])
            self.settle(self.random.choice((0, 6, 6, 12)))
        self.settle(0)
        for one in self.people:  # not left open: a server that is told to end would wait for them
            one.kith.close()
            one.kith = None

    # --- what is left
    def judge(self, address):
        """On a kithd that nobody else talks to. What is read here is known from now on."""
        if not any(one.token for one in self.people):
            return  # nobody has an account for certain
        for one in (one for one in self.people if one.token):
            self.connect(one, address)
            heads = {h["conversation"]: h for h in one.kith.request("sync", {"limit": 100})["d"]["conversations"]}
            for conversation in [c for c in self.conversations() if one in self.members(c)] if self.everybody() else []:
                self.judge_conversation(one, conversation, heads.get(conversation))
            one.kith.close()
            one.kith = None

    def everybody(self):
        return all(one.token for one in self.people)

    def judge_conversation(self, one, conversation, head):
        mine = [m for m in self.sent if m.sender == one and m.conversation == conversation]
        if head is None:
            demand(not any(m.answer for m in mine) and conversation not in self.revs and conversation != self.group, conversation, "is not there")
            return
        there = self.fetch(one, conversation)
        by_seq = {m["seq"]: m for m in there}
        demand(sorted(by_seq) == list(range(1, head["head_seq"] + 1)) and len(there) == len(by_seq), conversation, "has gaps or doubles")
        demand(head["head_rev"] >= self.revs.get(conversation, 0), conversation, "rev went back to", head["head_rev"])
        for (where, seq), ident in self.ids.items():
            if where == conversation:
                demand(by_seq.get(seq, {}).get("id") == ident, conversation, seq, "is not message", ident)
        for message in mine:
            copies = [m for m in there if m.get("cid") == message.cid]
            demand(len(copies) == 1 or (not copies and not message.answer), f"'{message.body[:12]}' is there {len(copies)} times, told", message.answer)
            for found in copies:
                value = None if found["recalled"] else found["body"]
                demand(value in message.bodies, f"'{message.body[:12]}' is now '{str(value)[:40]}'")
                demand(not message.answer or found["seq"] == message.answer["seq"], "another seq")
                message.bodies = {value}
        for m in there:
            self.told(conversation, m["seq"], m["id"], 0)
        self.judge_cursors(one, conversation, head, there)
        self.judge_changes(one, conversation, head, by_seq)

    def judge_cursors(self, one, conversation, head, there):
        demand(head["read_seq"] >= one.read.get(conversation, 0), one.name, "has read", one.read.get(conversation), "and now", head["read_seq"])
        one.read[conversation] = head["read_seq"]
        unread = sum(m["seq"] > head["read_seq"] and m["sender"] != one.id and not m["recalled"] for m in there)
        demand(head["unread"] == unread, one.name, "unread", head["unread"], "of", unread)
        peer = head.get("peer")
        if peer:
            now, key = [peer["delivered_seq"], peer["read_seq"]], (conversation, peer["user"])
            told = self.peers.get(key, [0, 0])
            demand(now[0] >= told[0] and now[1] >= told[1], "cursors", key, "were told", told, "and are", now)
            self.peers[key] = now

    def judge_changes(self, one, conversation, head, by_seq):
        rev, seen, more = 0, set(), True
        while more:
            answer = one.kith.request("changes", {"conversation": conversation, "since_rev": rev, "limit": 200})["d"]
            seen |= {m["seq"] for m in answer["messages"]}
            demand(not answer["more"] or answer["next_rev"] > rev, "changes stand still")
            rev, more = answer["next_rev"], answer["more"]
        demand(rev == head["head_rev"] and seen == set(by_seq), conversation, "changes end at", rev, "of", head["head_rev"], "and lack", set(by_seq) - seen)

    @staticmethod
    def fetch(one, conversation):
        there, before = [], {}
        while True:
            page = one.kith.request("page", {"conversation": conversation, "limit": 200, **before})["d"]["messages"]
            if not page:
                return there
            there += page
            before = {"before": page[-1]["seq"]}
