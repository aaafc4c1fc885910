#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sections 3 and 4 of PROTOCOL.md: messages, receipts, presence, reading back, two devices, restarts."""
import json
import threading
import time

from kith_client import Closed, cid, pass_time, private_of

ACC = "2002 `accepted`: `conversation, seq, rev, id, created_at, duplicate`"
SAME = "The same `(sender, cid)` gets the identical answer for ever, with `duplicate: true`; with another body: 409 `cid_conflict`"
ONE = "one of `before`, `after`, `around` (seq), or none for the newest; `limit` ≤ 200"


def err(env):
    return env.get("d", {}).get("code") if env.get("op") == "error" else None


def text(k, to, body, ident=None, **kw):
    d = {"cid": ident or cid(), "kind": "text", "body": body, **kw}
    d["conversation" if ":" in to else "to"] = to
    return k.request("send", d)


def seqs(env):
    return [m["seq"] for m in env.get("d", {}).get("messages", [])]


def head_of(k, conv):
    for h in k.request("sync", {"limit": 200})["d"].get("conversations", []):
        if h["conversation"] == conv:
            return h
    return {}


def check_send(w, t):
    a, b = w.user("anna"), w.user("bert")
    ka, ka2, kb = a.connect(), a.connect(), b.connect()
    conv, one = private_of(a.id, b.id), cid()
    r = text(ka, b.id, "Grüße 👋", one)
    d = r["d"]
    t.check("accepted", r["op"] == "accepted" and all(x in d for x in ("conversation", "seq", "rev", "id", "created_at", "duplicate")), ACC, "six fields", r)
    t.check("private conversation id", d.get("conversation") == conv, "private `p:<smaller user>:<larger user>`", conv, d.get("conversation"))
    t.check("first seq and rev are 1", (d.get("seq"), d.get("rev"), d.get("duplicate")) == (1, 1, False), "1, 2, 3 … without gaps", (1, 1, False), d)
    p = kb.push("message", lambda x: x["conversation"] == conv)
    t.check("message push", p and p["rev"] == 1 and p["message"]["seq"] == 1 and p["message"]["body"] == "Grüße 👋" and p["message"]["sender"] == a.id
            and p["message"]["id"] == d.get("id"), "3001 `message` `conversation, message, rev`", "the message", p)
    m = (p or {}).get("message", {})
    t.check("cid not shown to the receiver", "cid" not in m or m["cid"] is None, "`cid` (to its sender only)", "none", m)
    want = {"seq", "id", "sender", "kind", "body", "reply_to", "mentions", "file", "created_at", "edited_at", "recalled", "likes", "liked"}
    t.check("a message has every field", want <= set(m), "A **message**: `seq, id, cid` …, `likes, liked`", "all fields", f"missing {sorted(want - set(m))}")
    p = ka2.push("message", lambda x: x["conversation"] == conv)
    t.check("the sender's other device sees it with its cid", p and p["message"].get("cid") == one, "`cid` (to its sender only)", one, p)
    again = text(ka, b.id, "Grüße 👋", one)
    t.check("repeat is identical, duplicate", {**again["d"], "duplicate": 0} == {**d, "duplicate": 0} and again["d"].get("duplicate") is True, SAME, d, again)
    again = text(ka2, conv, "Grüße 👋", one)
    t.check("repeat from another device, by conversation", {**again["d"], "duplicate": 0} == {**d, "duplicate": 0} and again["d"].get("duplicate") is True, SAME, d, again)
    e = text(ka, b.id, "another", one)
    t.check("cid with another body", err(e) == "cid_conflict", SAME, "cid_conflict", e)
    e = text(kb, a.id, "mine", one)
    t.check("the same cid of another sender is another message", e["op"] == "accepted" and e["d"]["seq"] == 2 and e["d"]["duplicate"] is False, "`(sender, cid)`", "accepted, 2", e)
    third = w.user("carl")
    e = text(ka, third.id, "Grüße 👋", one)
    t.note(f"the same cid and body to another conversation: {e['op']} {err(e) or e['d']}")
    h = head_of(kb, conv)
    fields = ("conversation", "type", "name", "avatar", "members", "role", "head_seq", "head_rev", "read_seq", "unread", "muted_until", "last", "peer")
    t.check("a head has every field", all(x in h for x in fields), "A **head**: `conversation, type, name, avatar, …, last`, `peer`", "all fields", f"missing {[x for x in fields if x not in h]}")
    t.check("peer has its cursors", {"delivered_seq", "read_seq"} <= set(h.get("peer", {})), "`peer` with `delivered_seq` and `read_seq`", "both", h.get("peer"))
    t.check("own sends count as read, so nothing is unread", h.get("unread") == 0 and h.get("read_seq") == 2 and h.get("head_seq") == 2, "docs/protocol.md §3: own sends count as read", 0, h)


def check_send_refused(w, t):
    a, b = w.user("rolf"), w.user("sina")
    base = {"to": b.id, "cid": cid(), "kind": "text", "body": "x"}
    k = a.connect()
    cases = [("without cid", {"cid": None}, ("malformed",)), ("cid that is no UUID", {"cid": "abc"}, ("malformed",)),
             ("without body", {"body": None}, ("malformed",)), ("body that is a number", {"body": 5}, ("malformed",)),
             ("without kind", {"kind": None}, ("malformed",)), ("an unknown kind", {"kind": "zzz", "cid": cid()}, ("malformed",)),
             ("kind system", {"kind": "system", "cid": cid()}, ("malformed", "forbidden")), ("neither conversation nor to", {"to": None, "cid": cid()}, ("malformed",)),
             ("to an unknown user", {"to": "12345", "cid": cid()}, ("not_found",)), ("to a user of wrong shape", {"to": "abc", "cid": cid()}, ("malformed", "not_found")),
             ("to an unknown group", {"to": None, "conversation": "g:12345", "cid": cid()}, ("not_found", "not_member")),
             ("to a conversation of wrong shape", {"to": None, "conversation": "zzz", "cid": cid()}, ("malformed", "not_found")),
             ("to another pair's conversation", {"to": None, "conversation": private_of(b.id, w.user("tina").id), "cid": cid()}, ("not_found", "not_member", "forbidden")),
             ("a body over body_bytes", {"body": "x" * (k.hello["limits"].get("body_bytes", 16384) + 1), "cid": cid()}, ("too_large",)),
             ("reply_to a seq that is not there", {"reply_to": 999, "cid": cid()}, ("malformed", "not_found"))]
    for i, (label, change, codes) in enumerate(cases):
        if i % 6 == 5:
            k = a.connect()
        d = {x: y for x, y in {**base, **change}.items() if y is not None}
        e = k.request("send", d)
        t.check(f"send {label}", err(e) in codes, "`malformed … not_member … not_found …` (5)", codes, e)
    k = a.connect()
    e = text(k, b.id, "y" * k.hello["limits"].get("body_bytes", 16384))
    t.check("a body of just body_bytes", e["op"] == "accepted", "hello `limits`", "accepted", e)
    t.check("no refused send took a seq", e["d"].get("seq") == 1, "monotone and gap-free", 1, e)
    t.note(f"an empty body: {text(k, b.id, '')}")
    t.note(f"to oneself: {text(k, a.id, 'me')}")
    r = text(k, b.id, "re", reply_to=1, mentions=[b.id])
    kb = b.connect()
    m = kb.request("page", {"conversation": private_of(a.id, b.id), "limit": 1})["d"]["messages"][0]
    t.check("reply_to and mentions are kept", r["op"] == "accepted" and m.get("reply_to") == 1 and m.get("mentions") == [b.id], "`reply_to?, mentions?`", "1, [b]", m)
    got = []
    for _ in range(12):
        got.append(err(k.request("page", {"conversation": "g:999"})))
    t.check("twelve not_found leave the socket open", k.is_open() and len(set(got)) == 1, "A malformed frame or an unknown op …; ten of them in a minute close it", "open", got)


def check_receipts(w, t):
    a, b = w.user("rike"), w.user("sven")
    ka, kb, kb2 = a.connect(), b.connect(), b.connect()
    conv = private_of(a.id, b.id)
    for i in range(5):
        text(ka, b.id, f"m{i}")
    kb.push("message", lambda x: x["message"]["seq"] == 5)
    kb.raw({"op": "ack", "d": [{"conversation": conv, "seq": 3}]})
    p = ka.push("receipt", lambda x: x["conversation"] == conv and x["user"] == b.id and x["delivered_seq"] >= 3)
    t.check("ack gives a receipt", p and p["delivered_seq"] == 3 and p["read_seq"] == 0, "3003 `receipt` `conversation, user, delivered_seq, read_seq`", "3, 0", p)
    kb2.raw({"op": "ack", "d": [{"conversation": conv, "seq": 2}]})
    kb2.request("heartbeat", {})
    t.check("delivered is the greatest over devices", head_of(ka, conv)["peer"]["delivered_seq"] == 3, "The user's value is the greatest over devices", 3, head_of(ka, conv)["peer"])
    kb.raw({"code": 4001, "d": [{"conversation": conv, "seq": 999}]})
    kb.request("heartbeat", {})
    t.check("an ack over the head does not count beyond it", head_of(ka, conv)["peer"]["delivered_seq"] in (3, 5), "`ack` cumulative", "3 or 5", head_of(ka, conv)["peer"])
    kb2.drain(0.2)
    e = kb.request("read", {"conversation": conv, "seq": 4})
    p = ka.push("receipt", lambda x: x["read_seq"] == 4)
    t.check("read gives ok and a receipt", e["op"] == "ok" and p and p["user"] == b.id, "4002 `read` → `ok`", "ok, receipt 4", (e, p))
    t.check("read implies delivered", p and p["delivered_seq"] >= 4, "`read`: … implies delivered", "delivered ≥ 4", p)
    own = kb2.push("receipt", lambda x: x["user"] == b.id and x["read_seq"] == 4, 2)
    own_head = kb2.push("conversation", lambda x: x["conversation"].get("read_seq") == 4, 1) if not own else None
    t.check("read reaches the own other device", own or own_head, "reaches the user's other devices", "receipt", own)
    kb.request("read", {"conversation": conv, "seq": 2})
    t.check("read never moves back", head_of(kb, conv)["read_seq"] == 4 and head_of(kb, conv)["unread"] == 1, "never moves back", 4, head_of(kb, conv))
    e = kb2.request("read", {"conversation": conv, "seq": 10 ** 9})
    h = head_of(kb, conv)
    t.check("read is clamped to the head", e["op"] == "ok" and h["read_seq"] == 5 and h["unread"] == 0, "Clamped to the head", 5, h)
    t.check("the sender sees it so", head_of(ka, conv)["peer"]["read_seq"] == 5, "`peer` with … `read_seq`", 5, head_of(ka, conv)["peer"])
    e = ka.request("receipts", {"conversation": conv, "seq": 5})
    t.check("receipts names the reader", b.id in json.dumps(e["d"].get("read_by", e["d"])), "5004 → who read and who received, paged", b.id, e)
    t.check("receipts: read implies delivered", b.id in str(e["d"].get("delivered_to")), "`read`: … implies delivered", "b among delivered_to", e)
    e = w.user("olaf").connect().request("receipts", {"conversation": conv, "seq": 5})
    t.check("receipts of strangers", err(e) in ("not_member", "not_found", "forbidden"), "`not_member`", "not_member", e)
    kb.raw({"op": "ack", "id": "ackid", "d": [{"conversation": conv, "seq": 5}]})
    t.note(f"an ack with an id: {kb.answer('ackid', 0.6)}")
    r = text(ka, b.id, "late")
    t.check("own messages are not unread", head_of(ka, conv)["unread"] == 0, "messages of others above `read_seq`", 0, head_of(ka, conv))
    t.note(f"read_seq of the sender after sending: {head_of(ka, conv).get('read_seq')} of {r['d'].get('seq')}")
    ka.request("recall", {"conversation": conv, "seq": r["d"]["seq"]})
    t.check("recalled messages are not unread", head_of(kb, conv)["unread"] == 0, "that are not recalled", 0, head_of(kb, conv))
    e = kb.request("read", {"conversation": conv, "seq": -1})
    t.note(f"read of -1: {e}")


def check_changes_ops(w, t):
    a, b = w.user("edda"), w.user("finn")
    ka, kb = a.connect(), b.connect()
    conv = private_of(a.id, b.id)
    text(ka, b.id, "one"), text(kb, a.id, "two")
    kb.drain(0.2), ka.drain(0.2)

    def step(name, k, op, d, rev, see):
        e = k.request(op, d)
        t.check(f"{name}: ok with rev {rev}", e["op"] == "ok" and e["d"].get("rev") == rev, "an edit, a recall, a like … each take the next one", f"ok, rev {rev}", e)
        for who, other in (("a", ka), ("b", kb)):
            p = other.push("change", lambda x: x["conversation"] == conv and x["rev"] == rev, 3)
            t.check(f"{name}: change reaches {who}", (p and see(p["message"])) or (other is k and p is None), "3002 `change` `conversation, message, rev` (edited, recalled, likes)", "the changed message", p)
        return e
    target = {"target": {"kind": "message", "conversation": conv, "seq": 1}}
    step("edit", ka, "edit", {"conversation": conv, "seq": 1, "body": "ONE"}, 3, lambda m: m["body"] == "ONE" and m["edited_at"])
    e = step("like", kb, "like", target, 4, lambda m: m["likes"] == 1)
    t.check("like counts 1", e["d"].get("count") == 1, "→ `ok` with `count, rev`", 1, e)
    m = kb.request("page", {"conversation": conv, "around": 1, "limit": 1})["d"]["messages"][0]
    n = ka.request("page", {"conversation": conv, "around": 1, "limit": 1})["d"]["messages"][0]
    t.check("liked is the reader's own", m.get("liked") is True and not n.get("liked") and n.get("likes") == 1, "`likes, liked`", "true for b only", (m, n))
    e = kb.request("like", target)
    t.check("liking twice", err(e) == "already_liked", "twice is 409 `already_liked`", "already_liked", e)
    e = step("like by the other", ka, "like", target, 5, lambda m: m["likes"] == 2)
    e = step("unlike", kb, "unlike", target, 6, lambda m: m["likes"] == 1)
    t.check("unlike counts 1", e["d"].get("count") == 1, "→ `ok` with `count, rev`", 1, e)
    e = kb.request("unlike", target)
    t.check("unliking twice", err(e) == "not_liked", "`not_liked`", "not_liked", e)
    e = kb.request("like", {"target": {"kind": "message", "conversation": conv, "seq": 99}})
    t.check("liking what is not there", err(e) == "not_found", "`not_found`", "not_found", e)
    e = kb.request("edit", {"conversation": conv, "seq": 1, "body": "mine"})
    t.check("editing another's", err(e) == "forbidden", "own messages, within 48 h", "forbidden", e)
    e = kb.request("recall", {"conversation": conv, "seq": 1})
    t.check("recalling another's", err(e) == "forbidden", "own messages within 2 min, admins always", "forbidden", e)
    e = ka.request("edit", {"conversation": conv, "seq": 99, "body": "x"})
    t.check("editing what is not there", err(e) == "not_found", "`not_found`", "not_found", e)
    step("recall", ka, "recall", {"conversation": conv, "seq": 1}, 7, lambda m: m["recalled"] and not m.get("body"))
    page = kb.request("page", {"conversation": conv, "limit": 10})
    m = page["d"]["messages"][-1]
    t.check("a tombstone stays, the body is gone", seqs(page) == [2, 1] and m.get("recalled") and "ONE" not in json.dumps(page["d"]), "The body is gone from every store; a tombstone stays", "recalled, no body", m)
    t.note(f"recall twice: {ka.request('recall', {'conversation': conv, 'seq': 1})}")
    e = ka.request("edit", {"conversation": conv, "seq": 1, "body": "back"})
    t.check("a recalled message is not edited", e["op"] == "error", "The body is gone from every store", "error", e)
    c = kb.request("changes", {"conversation": conv, "since_rev": 2, "limit": 50})["d"]
    t.check("changes since 2 hold the message once, as it is now", [x["seq"] for x in c["messages"]] == [1] and c["messages"][0].get("recalled")
            and c["next_rev"] == 7 and c["more"] is False, "5003 → `messages, next_rev, more`", "[1], 7, false", c)
    h = head_of(kb, conv)
    t.check("head_rev follows", (h["head_seq"], h["head_rev"]) == (2, 7), "`rev`, per conversation: the number of the last change", (2, 7), h)


def check_pages(w, t):
    a, b = w.user("paul"), w.user("quin")
    ka, kb = a.connect(), b.connect()
    conv = private_of(a.id, b.id)
    got = [text(ka, b.id, f"n{i}") for i in range(1, 26)]
    t.check("seqs are 1…25", [g["d"].get("seq") for g in got] == list(range(1, 26)), "1, 2, 3 … without gaps", "1…25", [g["d"].get("seq") for g in got])
    for d, want in (({"limit": 5}, [25, 24, 23, 22, 21]), ({"before": 10, "limit": 3}, [9, 8, 7]), ({"after": 10, "limit": 3}, [13, 12, 11]),
                    ({"around": 10, "limit": 5}, [12, 11, 10, 9, 8]), ({"before": 1, "limit": 3}, []), ({"after": 25, "limit": 3}, []),
                    ({"before": 3, "limit": 9}, [2, 1]), ({"after": 0, "limit": 2}, [2, 1]), ({"before": 99, "limit": 2}, [25, 24]), ({"limit": 200}, list(range(25, 0, -1)))):
        e = kb.request("page", {"conversation": conv, **d})
        t.check(f"page {json.dumps(d)}", seqs(e) == want, "`before` and `after` exclude their seq and give the messages nearest to it; `around` holds it in the middle → `messages` newest first", want, seqs(e) or e)
    for d in ({"around": 1, "limit": 5}, {"around": 25, "limit": 5}, {"around": 99, "limit": 3}):
        t.note(f"page {d}: {seqs(kb.request('page', {'conversation': conv, **d}))}")
    e = kb.request("page", {"conversation": conv})
    t.check("page without limit", seqs(e)[:1] == [25] and (e["d"].get("head_seq"), e["d"].get("head_rev")) == (25, 25) and e["d"].get("floor_seq") == 1,
            "`head_seq, head_rev, floor_seq` (nothing older exists)", "25, 25, 1", {x: y for x, y in e["d"].items() if x != "messages"})
    e = kb.request("page", {"conversation": conv, "before": 5, "after": 3})
    t.check("page with before and after", err(e) == "malformed", ONE, "malformed", e)
    e = kb.request("page", {"conversation": conv, "limit": 201})
    t.check("page with limit 201", err(e) == "malformed" or e["op"] == "page", ONE, "malformed or at most 200", e)
    t.note(f"page with limit 201: {e['op']}; limit 0: {kb.request('page', {'conversation': conv, 'limit': 0})['op']}; limit -1: {kb.request('page', {'conversation': conv, 'limit': -1})['op']}")
    e = w.user("rosa").connect().request("page", {"conversation": conv})
    t.check("page of strangers", err(e) in ("not_member", "not_found"), "`not_member`", "not_member", e)
    rev, seen, steps = 0, [], 0
    while steps < 40:
        e = kb.request("changes", {"conversation": conv, "since_rev": rev, "limit": 7})["d"]
        seen += [m["seq"] for m in e["messages"]]
        t_rev, rev, steps = rev, e["next_rev"], steps + 1
        if not e["more"]:
            break
        if rev <= t_rev:
            break
    t.check("changes in steps of 7 give everything once", sorted(seen) == list(range(1, 26)) and rev == 25, "`since_rev, limit` → `messages, next_rev, more`", "1…25, 25", (seen, rev))
    e = kb.request("changes", {"conversation": conv, "since_rev": 25, "limit": 7})["d"]
    t.check("changes at the head", (e.get("messages"), e.get("next_rev"), e.get("more")) == ([], 25, False), "5003", ([], 25, False), e)
    t.note(f"changes since 999: {kb.request('changes', {'conversation': conv, 'since_rev': 999, 'limit': 7})}")
    t.note(f"changes without limit: {kb.request('changes', {'conversation': conv, 'since_rev': 0})['op']}")


def check_sync(w, t):
    a = w.user("sybi")
    ka, others = a.connect(), [w.user("peer") for _ in range(4)]
    t0 = ka.request("sync", {})
    t.check("sync of nothing", t0["d"].get("conversations") == [] and t0["d"].get("more") is False and "server_time" in t0["d"], "→ `conversations`, `server_time, more`", "[], false", t0)
    for o in others:
        text(ka, o.id, "x")
        pass_time(0.01)
    convs = [private_of(a.id, o.id) for o in others]
    e = ka.request("sync", {})["d"]
    t.check("most recently changed first", [h["conversation"] for h in e["conversations"]] == convs[::-1], "heads, the most recently changed first", convs[::-1], e["conversations"])
    e = ka.request("sync", {"limit": 2})["d"]
    t.check("sync limit", [h["conversation"] for h in e["conversations"]] == convs[:1:-1] and e["more"] is True, "`limit?` → … `more`", "two, more", e)
    now = ka.request("sync", {})["d"]["server_time"]
    e = ka.request("sync", {"since_ms": now + 3600000})["d"]
    t.check("sync since the future", e["conversations"] == [], "`since_ms?`", [], e)
    text(ka, others[0].id, "z" * 5000)
    last = head_of(ka, convs[0])["last"]
    t.check("last is shortened", len(last["body"]) < 5000, "`last` (the newest message, shortened)", "< 5000 characters", len(last["body"]))


def check_typing_presence(w, t):
    a, b, c = w.user("theo"), w.user("uwe1"), w.user("vera")
    ka, kb, kc = a.connect(), b.connect(), c.connect()
    conv = private_of(a.id, b.id)
    text(ka, b.id, "x")
    before = head_of(kb, conv)
    ka.drain(0.1), kb.drain(0.1)
    for _ in range(4):
        ka.raw({"op": "typing", "d": {"conversation": conv}})
    kc.raw({"op": "typing", "d": {"conversation": conv}})
    got = [x["d"] for x in kb.drain(0.6) if x["op"] == "typing"]
    t.check("four typings in a row: one arrives, with the user", got == [{"conversation": conv, "user": a.id}], "the server adds `user`; at most one per 3 s", [{"conversation": conv, "user": a.id}], got)
    t.check("typing does not come back", not [x for x in ka.drain(0.1) if x["op"] == "typing"], "3004 `typing`", "nothing", "an echo")
    pass_time(3.1)
    e = ka.request("typing", {"conversation": conv})
    t.check("typing with an id gets ok", e["op"] == "ok", "exactly one answer with that `id`: the op's reply (`ok` where none is named)", "ok", e)
    t.check("typing again after 3 s", kb.push("typing") is not None, "at most one per 3 s", "typing", None)
    h = head_of(kb, conv)
    t.check("typing takes no rev", h["head_rev"] == before["head_rev"], "Receipts, typing and presence take none", before["head_rev"], h["head_rev"])
    t.note(f"watch_presence of a stranger who is online: {kb.request('watch_presence', {'users': [c.id]})}")
    e = kb.request("watch_presence", {"users": [a.id]})  # last: a new list may replace the one before
    states = {s["user"]: s["state"] for s in e["d"].get("states", [])}
    t.check("watch_presence gives their states", states == {a.id: "online"}, "6001 `users` → their states", "online", e)
    ka2 = a.connect()
    kb.drain(0.2)
    ka.close()
    pass_time(1.5)
    p = [x for x in kb.drain(0.2) if x["op"] == "presence" and x["d"].get("state") == "offline"]
    t.check("one of two devices leaves: not offline", p == [], "3005 `presence`", "nothing", p)
    ka2.close()
    p = kb.push("presence", lambda x: x["user"] == a.id, 8)
    t.check("the last device leaves: offline with last_seen", p and p["state"] == "offline" and p.get("last_seen"), "`user, state` (online, away, offline), `last_seen`", "offline", p)
    a.connect()
    p = kb.push("presence", lambda x: x["user"] == a.id, 8)
    t.check("back: online", p and p["state"] == "online", "then pushes", "online", p)
    t.note(f"watch_presence of an unknown user: {kb.request('watch_presence', {'users': ['12345']})}")


def check_block(w, t):
    a, b = w.user("wolf"), w.user("xena")
    ka, kb = a.connect(), b.connect()
    e = kb.request("user.block", {"user": a.id})
    f = text(ka, b.id, "hey")
    t.check("a blocked sender gets blocked", e["op"] == "ok" and err(f) == "blocked", "a blocked sender gets `blocked`", "blocked", f)
    t.note(f"the blocker sends: {text(kb, a.id, 'you')['op']}; blocks twice: {kb.request('user.block', {'user': a.id})['op']}; oneself: {kb.request('user.block', {'user': b.id})}")
    e = kb.request("user.unblock", {"user": a.id})
    f = text(ka, b.id, "hey")
    t.check("unblocked", e["op"] == "ok" and f["op"] == "accepted", "6202 `user.unblock`", "accepted", f)
    e = kb.request("user.block", {"user": "12345"})
    t.check("blocking an unknown user", err(e) == "not_found", "`not_found`", "not_found", e)


def check_two_devices(w, t):
    a, b = w.user("yara"), w.user("zeno")
    k1, k2, kb = a.connect(), a.connect(), b.connect()
    conv, one, each, out = private_of(a.id, b.id), cid(), 100, {1: [], 2: []}
    text(k1, b.id, "start")

    def run(n, k):
        for i in range(each):
            out[n].append(text(k, conv, f"{n}-{i}"))
        out[n].append(text(k, conv, "race", one))
    pair = [threading.Thread(target=run, args=(n, k)) for n, k in ((1, k1), (2, k2))]
    [p.start() for p in pair], [p.join(60) for p in pair]
    oks = [e["d"] for n in (1, 2) for e in out[n][:each] if e["op"] == "accepted"]
    race = [out[n][-1]["d"] for n in (1, 2)]
    if len(oks) < 2 * each:
        t.note(f"two devices: {[e for n in (1, 2) for e in out[n] if e['op'] != 'accepted'][:2]}")
    got = sorted([d["seq"] for d in oks] + [race[0].get("seq", 0)])
    t.check("two devices sending at once: no gap, no double", got == list(range(2, 2 * each + 3)), "`seq` 1, 2, 3 … without gaps", f"2…{2 * each + 2}", got)
    t.check("revs too", all(d["rev"] == d["seq"] for d in oks), "A new message … take the next one", "rev = seq", oks[:2])
    t.check("each device's own order is kept", all([e["d"].get("seq", 0) for e in out[n]] == sorted(e["d"].get("seq", 0) for e in out[n]) for n in (1, 2)) or race[0].get("duplicate") != race[1].get("duplicate"), "Order", "rising", "")
    t.check("one cid from two devices: one message", race[0].get("seq") == race[1].get("seq") and sorted(x.get("duplicate") for x in race) == [False, True], SAME, "one seq, one duplicate", race)
    kb.push("message", lambda x: False, 1.5)
    raw = [x["d"] for x in kb.pushes if x["op"] == "message" and x["d"]["conversation"] == conv]
    seen, order = set(), []
    for x in raw:
        if x["message"]["seq"] not in seen:
            seen.add(x["message"]["seq"])
            order.append((x["message"]["seq"], x["rev"]))
    t.check("the receiver sees seq order without a gap", order == [(i, i) for i in range(1, 2 * each + 3)], "everybody sees a conversation in `seq` order", f"1…{2 * each + 2}", order)
    other = {x["d"]["message"]["seq"] for x in k2.drain(0.5) if x["op"] == "message"} | {e["d"].get("seq") for e in out[2]}
    t.check("the second device has all, by push or by answer", other >= set(range(1, 2 * each + 3)), "One WebSocket (everything live)", "all", sorted(set(range(1, 2 * each + 3)) - other))
    k3 = a.connect()
    k3.raw([{"op": "send", "id": f"z{i}", "d": {"conversation": conv, "cid": cid(), "kind": "text", "body": f"z{i}"}} for i in range(60)])
    got = [k3.answer(f"z{i}")["d"].get("seq") for i in range(60)]
    t.check("sixty sends in one frame keep their order", got == list(range(2 * each + 3, 2 * each + 63)), "A frame holds … an array of envelopes", "rising by one", got)


def check_retransmit(w, t):
    a, b = w.user("ret1"), w.user("ret2")
    ka, kb = a.connect(), b.connect()
    ka.request("heartbeat", {})
    t0 = time.monotonic()
    text(ka, b.id, "again")
    when = []
    while time.monotonic() - t0 < 45:
        try:
            p = kb.push("message", timeout=max(0.1, 45 - (time.monotonic() - t0)))
        except Closed as c:
            t.note(f"retransmission: closed {c.code}")
            break
        if p and p["message"]["seq"] == 1:
            when.append(round(time.monotonic() - t0, 1))
    t.note(f"un-acked push seen at {when} s")
    gaps = [round(y - x, 1) for x, y in zip(when, when[1:])]
    t.check("un-acked pushes come again three times", len(when) == 4 and all(abs(x - y) < 2 for x, y in zip(gaps, (5, 10, 20))) or
            len(when) == 4 and all(abs(x - y) < 2 for x, y in zip(when[1:], (5, 10, 20))), "Un-acked pushes are sent again after 5, 10 and 20 s, then left to `sync`", "three repeats", when)
    text(ka, b.id, "acked")
    kb.push("message", lambda x: x["message"]["seq"] == 2)
    kb.raw({"op": "ack", "d": [{"conversation": private_of(a.id, b.id), "seq": 2}]})
    p = kb.push("message", timeout=8)
    t.check("acked pushes do not come again", p is None, "Un-acked pushes are sent again", "nothing", p)


def check_restart(w, t):
    a, b = w.user("kill"), w.user("term")
    ka, kb, one = a.connect(), b.connect(), cid()
    kb.close()
    first = text(ka, b.id, "survives", one)["d"]
    w.server.kill()
    w.server.start()
    ka2 = a.connect(tokens=ka.tokens)
    t.check("epoch is kept over kill -9", ka2.hello["epoch"] == ka.hello["epoch"], "`epoch` … renewed when a backup is restored", ka.hello["epoch"], ka2.hello["epoch"])
    again = text(ka2, b.id, "survives", one)["d"]
    t.check("accepted survives kill -9, with its answer", {**again, "duplicate": 0} == {**first, "duplicate": 0} and again.get("duplicate") is True, "It survives `kill -9`. " + SAME, first, again)
    e = b.connect().request("page", {"conversation": first["conversation"]})
    t.check("…and is there for the receiver", seqs(e) == [1] and e["d"]["messages"][0]["body"] == "survives", "It survives `kill -9`", [1], e)
    kx = w.socket(a.src)
    ended = w.server.stop()
    shut = ka2.wait_closed(5)
    t.check("SIGTERM closes 4012 with retry_after_ms", shut and shut[0] == 4012 and "retry_after_ms" in shut[1] or shut and shut[0] == 4012 and shut[1].isdigit(), "4012 server draining (`retry_after_ms` in the reason)", "4012, retry_after_ms", (shut, ended))
    t.note(f"drain reason {shut}; a socket without login: {kx.wait_closed(2)}")
    w.server.start()
    k = a.connect(tokens=ka.tokens)
    t.check("tokens live on over a restart", text(k, b.id, "after")["d"].get("seq") == 2, "monotone and gap-free", 2, "")


FAST = [check_send, check_send_refused, check_receipts, check_changes_ops, check_pages, check_sync, check_typing_presence, check_block, check_two_devices]
WAITING = [check_retransmit]
LAST = [check_restart]
