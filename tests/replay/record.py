#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records the transcripts anew from a real kithd: record.py KITHD FOLDER. Look at the difference before you commit it."""
import json
import os
import sys
import uuid

from transcript import Stage

QUIET_S = 0.04  # a push takes a few milliseconds; a whole recording less than the 5 s after which pushes come again
PASSWORD = "a long enough passphrase"


class Recorder:
    def __init__(self, binary):
        self.stage, self.lines, self.count = Stage(binary), [], 0
        self.cids = 0

    def http(self, who, what, body=None, bearer=None):
        answer = self.stage.http(who, what, body, bearer)
        line = {"who": who, "http": what}
        if bearer:
            line["bearer"] = bearer
        if body is not None:
            line["body"] = body
        self.lines.append({**line, "status": answer.status, "answer": answer.json})
        return answer.json

    def person(self, name):
        self.http(name, "POST /v1/register", {"username": name, "password": PASSWORD, "display_name": name.title()})
        device = {"id": str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), "name": "desk", "platform": "linux"}
        made = self.http(name, "POST /v1/login", {"username": name, "password": PASSWORD, "device": device})
        self.ask(name, "login", {"token": made["access_token"]})
        return made["user"]["id"]

    def cid(self):
        self.cids += 1
        return f"00000000-0000-4000-8000-{self.cids:012d}"

    def ask(self, who, op, d):
        """Sends, then takes down its answer and what everybody gets meanwhile."""
        self.count += 1
        ident = f"r{self.count}"
        self.send(who, {"op": op, "id": ident, "d": d})
        return self.gather(who, ident)

    def tell(self, who, op, d):
        self.send(who, {"op": op, "d": d})
        return self.gather(who, None)

    def raw(self, who, text):
        line = {"who": who, "raw": text}
        self.lines.append(line)
        self.stage.send(who, line)
        return self.gather(None, None)

    def send(self, who, envelope):
        line = {"who": who, "out": envelope}
        self.lines.append(line)
        self.stage.send(who, line)

    def gather(self, who, ident):
        """Everything that comes, to whomever, until all have been quiet for a while."""
        answer = None
        heard = True
        while heard or (ident and answer is None):
            heard = False
            for name in list(self.stage.sockets):
                while (got := self.stage.receive(name, QUIET_S)) is not None:
                    heard = True
                    self.lines.append({"who": name, "in": got})
                    if name == who and got.get("id") == ident:
                        answer = got["d"]
        return answer

    def save(self, path):
        self.stage.close()
        with open(path, "w", encoding="utf-8") as file:
            for line in self.lines:
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def account(r):
    r.person("ada")
    for body in ({"username": "ada", "password": PASSWORD, "display_name": "Another"}, {"username": "ad"},
                 {"username": "bob", "password": "short", "display_name": "B"}):
        r.http("ada", "POST /v1/register", body)
    device = {"id": str(uuid.uuid5(uuid.NAMESPACE_DNS, "second")), "name": "laptop", "platform": "macos"}
    r.http("ada", "POST /v1/login", {"username": "ada", "password": "x", "device": device})
    second = r.http("ada", "POST /v1/login", {"username": "Ada", "password": PASSWORD, "device": device})
    fresh = r.http("ada", "POST /v1/token/refresh", {"refresh_token": second["refresh_token"]})
    token = fresh["access_token"]
    r.http("ada", "GET /v1/me", bearer=token)
    r.http("ada", "PATCH /v1/me", {"display_name": "Ada Lovelace"}, bearer=token)
    r.http("ada", "GET /v1/users?query=ada", bearer=token)
    r.http("ada", "POST /v1/logout", {}, bearer=token)
    r.http("ada", "GET /v1/me", bearer=token)
    r.http("ada", "GET /v1/nowhere", bearer=token)


def private(r):
    ada, bob = r.person("ada"), r.person("bob")
    first = r.ask("ada", "send", {"to": bob, "cid": r.cid(), "kind": "text", "body": "Hello Bob, 你好"})
    conversation = first["conversation"]
    r.tell("bob", "ack", [{"conversation": conversation, "seq": 1}])
    r.ask("bob", "read", {"conversation": conversation, "seq": 1})
    r.tell("bob", "typing", {"conversation": conversation})
    r.ask("bob", "send", {"conversation": conversation, "cid": r.cid(), "kind": "text", "body": "Hello Ada", "reply_to": 1})
    repeated = {"conversation": conversation, "cid": r.cid(), "kind": "text", "body": "twice"}
    r.ask("bob", "send", repeated)
    r.ask("bob", "send", repeated)
    r.ask("bob", "send", {**repeated, "body": "another"})
    r.ask("ada", "like", {"target": {"kind": "message", "conversation": conversation, "seq": 2}})
    r.ask("bob", "edit", {"conversation": conversation, "seq": 2, "body": "Hello, dear Ada"})
    r.ask("bob", "recall", {"conversation": conversation, "seq": 3})
    r.ask("ada", "receipts", {"conversation": conversation, "seq": 1})
    r.ask("ada", "page", {"conversation": conversation, "limit": 10})
    r.ask("ada", "page", {"conversation": conversation, "before": 3, "limit": 1})
    r.ask("ada", "page", {"conversation": conversation, "after": 1})
    r.ask("ada", "page", {"conversation": conversation, "around": 2, "limit": 3})
    r.ask("ada", "changes", {"conversation": conversation, "since_rev": 2, "limit": 10})
    r.ask("ada", "sync", {})
    r.ask("bob", "page", {"conversation": conversation, "limit": 10})
    r.ask("ada", "heartbeat", {"t": 7})


def group(r):
    ada = r.person("ada")
    bob, cleo = r.person("bob"), r.person("cleo")
    made = r.ask("ada", "conversation.create", {"name": "Walks", "members": [bob]})
    conversation = made["conversation"]["conversation"]
    r.ask("cleo", "page", {"conversation": conversation})
    r.ask("ada", "conversation.invite", {"conversation": conversation, "users": [cleo]})
    r.ask("cleo", "send", {"conversation": conversation, "cid": r.cid(), "kind": "text", "body": "Thank you!", "mentions": [bob]})
    r.ask("ada", "conversation.members", {"conversation": conversation, "limit": 2})
    r.ask("ada", "conversation.role", {"conversation": conversation, "user": bob, "role": "admin"})
    r.ask("ada", "conversation.mute", {"conversation": conversation, "until_ms": 4102444800000})
    r.ask("ada", "user.shared", {"user": bob})
    r.ask("ada", "user.block", {"user": cleo})
    r.ask("ada", "user.blocked", {})
    r.ask("cleo", "send", {"to": ada, "cid": r.cid(), "kind": "text", "body": "hello?"})
    r.ask("ada", "user.unblock", {"user": cleo})
    r.ask("cleo", "conversation.leave", {"conversation": conversation})
    r.ask("cleo", "send", {"conversation": conversation, "cid": r.cid(), "kind": "text", "body": "still here?"})
    r.ask("bob", "page", {"conversation": conversation, "limit": 50})


def errors(r):
    r.raw("eve", '{"op":"sync","id":"early","d":{}}')
    r.raw("eve", '{"op":"login","id":"l","d":{"token":"nonsense"}}')
    r.person("ada")
    r.raw("ada", "{")
    r.raw("ada", '{"op":"no.such.op","id":"x","d":{}}')
    r.raw("ada", '{"op":"read","id":"y","d":{"conversation":"g:5","seq":"one"}}')
    r.raw("ada", json.dumps({"op": "heartbeat", "id": "big", "d": {"pad": "x" * 65536}}))
    r.raw("ada", '{"code":1010,"id":"by code","d":{}}')
    r.raw("ada", '[{"op":"heartbeat","id":"one","d":{}},{"op":"nope","id":"two"},{"op":"heartbeat","id":"three","d":{}}]')
    r.ask("ada", "page", {"conversation": "g:404"})
    r.ask("ada", "send", {"to": "404", "cid": r.cid(), "kind": "text", "body": "anybody?"})
    r.ask("ada", "send", {"to": "404", "cid": r.cid(), "kind": "text", "body": "x" * 16385})


def main():
    binary, folder = sys.argv[1:3]
    for scenario in (account, private, group, errors):
        recorder = Recorder(binary)
        try:
            scenario(recorder)
        finally:
            recorder.save(os.path.join(folder, scenario.__name__ + ".jsonl"))
        print(scenario.__name__, len(recorder.lines), "lines")


if __name__ == "__main__":
    main()
