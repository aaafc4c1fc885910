#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 3 of PROTOCOL.md: `conversation.*`, roles, members, mute; groups of 100 and more; a reader that does not read."""
import time

from checks_message import err, head_of, seqs, text
from kith_client import Closed, cid, pass_time, private_of

SYS = "Members see a system message of each change"
ROLE = "6107 `conversation.role` `conversation, user, role` (member, admin, owner) → `ok`"


def group(k, name, members):
    e = k.request("conversation.create", {"name": name, "members": members})
    d = e["d"].get("conversation")
    return (d.get("conversation") if isinstance(d, dict) else d), e


def members_of(k, conv, **kw):
    e = k.request("conversation.members", {"conversation": conv, "limit": 100, **kw})
    return {m["user"]: m["role"] for m in e["d"].get("members", [])}, e


def newest(k, conv):
    got = k.request("page", {"conversation": conv, "limit": 1})["d"].get("messages") or [{}]
    return got[0]


def check_group(w, t):
    o, m, n, x = (w.user(s) for s in ("olga", "marc", "nina", "xavi"))
    ko, km, kn, kx = (u.connect() for u in (o, m, n, x))
    conv, e = group(ko, "Wandern", [m.id, n.id])
    t.check("create answers a head", e["op"] == "conversation" and isinstance(e["d"].get("conversation"), dict), "6101 → `conversation` (its head)", "a head", e)
    head = e["d"]["conversation"] if isinstance(e["d"].get("conversation"), dict) else e["d"]
    t.check("group id", str(conv).startswith("g:"), "group `g:<id>`", "g:…", conv)
    t.check("the creator is owner of three", head.get("role") == "owner" and head.get("members") == 3 and head.get("type") == "group" and head.get("name") == "Wandern",
            "the creator becomes owner", "owner, 3, group", head)
    p = km.push("conversation", lambda d: d.get("conversation", {}).get("conversation") == conv)
    t.check("a member gets the head", p and p["conversation"]["role"] == "member", "3006 `conversation` a head (below) changed: created", "a head, role member", p)
    mem, e = members_of(km, conv)
    t.check("members", mem == {o.id: "owner", m.id: "member", n.id: "member"}, "→ `members` (`user, role, joined_at`), `more`", "three", e)
    t.check("members have joined_at, more", all("joined_at" in i for i in e["d"]["members"]) and e["d"].get("more") is False, "`members` (`user, role, joined_at`), `more`", "joined_at, false", e)
    got, after = [], None
    for _ in range(5):
        e = km.request("conversation.members", {"conversation": conv, "limit": 1, **({"after": after} if after else {})})["d"]
        got += [i["user"] for i in e.get("members", [])]
        after = got[-1] if got else None
        if not e.get("more"):
            break
    t.check("members by ones, after the last user", sorted(got) == sorted(mem), "`conversation, after?, limit`", sorted(mem), got)
    r = text(km, conv, "hallo")
    p = kn.push("message", lambda d: d["conversation"] == conv and d["message"]["kind"] == "text")
    t.check("a group message", r["op"] == "accepted" and p and p["message"]["sender"] == m.id, "Groups under 100 members are delivered at once", "delivered", (r, p))
    seq = r["d"]["seq"]
    t.check("a stranger does not send", err(text(kx, conv, "x")) in ("not_member", "not_found"), "`not_member`", "not_member", "accepted")
    for op, d in (("page", {}), ("changes", {"since_rev": 0, "limit": 5}), ("read", {"seq": 1}), ("conversation.members", {"limit": 5}),
                  ("conversation.mute", {"until_ms": 0}), ("receipts", {"seq": 1}), ("conversation.leave", {})):
        e = kx.request(op, {"conversation": conv, **d})
        t.check(f"a stranger's {op}", err(e) in ("not_member", "not_found", "forbidden"), "`not_member`", "not_member", e)
    kx = x.connect()
    e = kx.request("like", {"target": {"kind": "message", "conversation": conv, "seq": seq}})
    t.check("a stranger's like", err(e) in ("not_member", "not_found"), "`not_member`", "not_member", e)
    e = kx.request("conversation.join", {"conversation": conv})
    t.check("a stranger's join without a code", e["op"] == "error", "`conversation, code?`", "error", e)
    t.note(f"join without a code: {e}")
    e = kx.request("conversation.join", {"conversation": conv, "code": "AAAAAA"})
    t.check("a stranger's join with a wrong code", e["op"] == "error", "`conversation, code?`", "error", e)
    kn.raw({"op": "ack", "d": [{"conversation": conv, "seq": seq}]})
    kn.request("read", {"conversation": conv, "seq": seq})
    e = km.request("receipts", {"conversation": conv, "seq": seq})
    t.check("group receipts name the reader", n.id in e["d"].get("read_by", []), "5004 → who read and who received", n.id, e)
    kx.raw({"op": "typing", "d": {"conversation": conv}})
    km.raw({"op": "typing", "d": {"conversation": conv}})
    p = kn.push("typing")
    t.check("typing in a group, not of strangers", p == {"conversation": conv, "user": m.id} and not kn.push("typing", timeout=0.5), "the server adds `user`", m.id, p)


def check_roles(w, t):
    o, a, m, x, y = (w.user(s) for s in ("owna", "admi", "memb", "neww", "yves"))
    ko, ka, km, kx = (u.connect() for u in (o, a, m, x))
    conv, _ = group(ko, "Rollen", [a.id, m.id])

    def refuse(name, k, op, d, quote):
        e = k.request(op, {"conversation": conv, **d})
        t.check(name, err(e) == "forbidden", quote, "forbidden", e)

    def allow(name, k, op, d, quote, system=True):
        before = head_of(ko, conv)
        e = k.request(op, {"conversation": conv, **d})
        t.check(name, e["op"] == "ok", quote, "ok", e)
        if system:
            last, after = newest(ko, conv), head_of(ko, conv)
            t.check(name + ": system message", last.get("kind") == "system" and after["head_seq"] == before["head_seq"] + 1, SYS, "kind system, next seq", last)
        return e
    adm = "6102 … admins and owner"
    refuse("a member does not rename", km, "conversation.update", {"name": "x"}, adm)
    refuse("a member does not give roles", km, "conversation.role", {"user": m.id, "role": "admin"}, ROLE)
    refuse("a member does not remove", km, "conversation.remove", {"users": [a.id]}, "6106 `conversation.remove`")
    t.note(f"a member invites: {km.request('conversation.invite', {'conversation': conv, 'users': [y.id]})}")
    allow("the owner makes an admin", ko, "conversation.role", {"user": a.id, "role": "admin"}, ROLE)
    p = ka.push("conversation", lambda d: d.get("conversation", {}).get("role") == "admin")
    t.check("the new admin gets the head", p is not None, "3006 a head (below) changed", "role admin", p)
    allow("an admin renames", ka, "conversation.update", {"name": "Neu", "about": "über uns"}, adm)
    p = km.push("conversation", lambda d: d.get("conversation", {}).get("name") == "Neu")
    t.check("members get the new name", p is not None, "3006 … renamed", "Neu", p)
    allow("an admin invites", ka, "conversation.invite", {"users": [x.id]}, "6103 `conversation.invite` → `ok`")
    p = kx.push("conversation", lambda d: d.get("conversation", {}).get("conversation") == conv)
    t.check("the invited gets the head", p is not None, "3006 … members", "a head", p)
    r = text(kx, conv, "da")
    t.check("the invited is a member", r["op"] == "accepted", "6103", "accepted", r)
    t.note(f"the invited reads back to: {seqs(kx.request('page', {'conversation': conv, 'limit': 50}))}, floor {kx.request('page', {'conversation': conv})['d'].get('floor_seq')}")
    refuse("an admin does not make an owner", ka, "conversation.role", {"user": a.id, "role": "owner"}, ROLE)
    refuse("an admin does not remove the owner", ka, "conversation.remove", {"users": [o.id]}, "6106")
    e = ka.request("recall", {"conversation": conv, "seq": r["d"]["seq"]})
    t.check("an admin recalls another's message", e["op"] == "ok", "own messages within 2 min, admins always", "ok", e)
    p = kx.push("change", lambda d: d["message"]["seq"] == r["d"]["seq"] and d["message"].get("recalled"))
    t.check("…and members see it", p is not None, "3002 `change` (edited, recalled, likes)", "recalled", p)
    r = text(kx, conv, "noch")
    e = ka.request("edit", {"conversation": conv, "seq": r["d"]["seq"], "body": "mine"})
    t.check("an admin does not edit another's", err(e) == "forbidden", "`edit` … own messages", "forbidden", e)
    e = km.request("recall", {"conversation": conv, "seq": r["d"]["seq"]})
    t.check("a member does not recall another's", err(e) == "forbidden", "own messages within 2 min, admins always", "forbidden", e)
    system = [i["seq"] for i in ka.request("page", {"conversation": conv, "limit": 100})["d"]["messages"] if i["kind"] == "system"][0]
    t.note(f"an admin recalls a system message: {ka.request('recall', {'conversation': conv, 'seq': system})}")
    kx.drain(0.2)
    allow("an admin removes", ka, "conversation.remove", {"users": [x.id]}, "6106 `conversation.remove` → `ok`")
    p = kx.push("conversation", lambda d: conv in str(d))
    t.check("the removed hears of it", p is not None, "3006 … removed", "a push", p)
    t.note(f"the removed gets: {p}")
    e = text(kx, conv, "?")
    t.check("the removed does not send", err(e) == "not_member", "`not_member`", "not_member", e)
    e = kx.request("page", {"conversation": conv})
    t.note(f"the removed reads back: {e['op']} {err(e)} {seqs(e)}")
    text(ko, conv, "without x")
    t.check("the removed gets no more messages", kx.push("message", lambda d: d["conversation"] == conv and d["message"].get("body") == "without x", 1) is None, "`not_member`", "nothing", "a message")
    allow("a member leaves", km, "conversation.leave", {}, "6105 `conversation.leave` → `ok`")
    t.check("who left is no member", m.id not in members_of(ko, conv)[0], "6105", "gone", members_of(ko, conv)[0])
    e = ko.request("conversation.leave", {"conversation": conv})
    t.note(f"the owner leaves: {e['op']} {e['d']}; members then: {members_of(ka, conv)[0]}")
    if e["op"] == "error":
        allow("the owner hands on", ko, "conversation.role", {"user": a.id, "role": "owner"}, ROLE)
        t.check("one owner afterwards", list(members_of(ka, conv)[0].values()).count("owner") == 1, ROLE, "one", members_of(ka, conv)[0])
    revs = [p["d"]["rev"] for p in ka.drain(0.3) if p["op"] in ("message", "change") and p["d"]["conversation"] == conv]
    uniq = sorted(set(revs))
    t.check("revs pushed to a member have no gap", bool(uniq) and uniq == list(range(uniq[0], uniq[-1] + 1)), "A push with `rev` ≠ last + 1 means something was missed", "contiguous", revs)


def check_group_refused(w, t):
    o, m = w.user("gero"), w.user("gabi")
    k, km = o.connect(), m.connect()
    for name, d, codes in (("without a name", {"members": [m.id]}, ("malformed",)), ("members no array", {"name": "x", "members": "y"}, ("malformed",)),
                           ("an unknown member", {"name": "x", "members": ["12345"]}, ("not_found", "malformed"))):
        e = k.request("conversation.create", d)
        t.check(f"create {name}", err(e) in codes, "6101 `name, members`", codes, e)
    conv, e = group(k, "Doppelt", [m.id, m.id, o.id])
    t.check("create with a member twice and oneself", members_of(k, conv)[0] == {o.id: "owner", m.id: "member"} if conv else e["op"] == "error", "6101 `members` (users; the creator becomes owner)", "two members", e)
    conv, _ = group(k, "Stumm", [m.id])
    until = int(time.time() * 1000) + 3600000
    e = km.request("conversation.mute", {"conversation": conv, "until_ms": until})
    t.check("mute", e["op"] == "ok" and head_of(km, conv).get("muted_until") == until, "6108 `conversation, until_ms` → `ok`; head `muted_until`", until, head_of(km, conv))
    t.check("mute is one's own", head_of(k, conv).get("muted_until") == 0, "own notifications only", 0, head_of(k, conv).get("muted_until"))
    text(k, conv, "trotzdem")
    t.check("a muted conversation still delivers", km.push("message", lambda d: d["message"].get("body") == "trotzdem") is not None, "own notifications only", "message", None)
    e = km.request("conversation.mute", {"conversation": conv, "until_ms": 0})
    t.check("unmute", e["op"] == "ok" and head_of(km, conv).get("muted_until") == 0, "(0 = not muted)", 0, head_of(km, conv))
    e = k.request("conversation.role", {"conversation": conv, "user": m.id, "role": "king"})
    t.check("an unknown role", err(e) == "malformed", "(member, admin, owner)", "malformed", e)
    e = k.request("conversation.update", {"conversation": "g:12345", "name": "x"})
    t.check("updating a group that is not there", err(e) in ("not_found", "not_member"), "`not_found`", "not_found", e)
    text(k, m.id, "p")
    p = private_of(o.id, m.id)
    for op, d in (("conversation.update", {"name": "x"}), ("conversation.invite", {"users": [w.user("gast").id]}), ("conversation.leave", {})):
        e = k.request(op, {"conversation": p, **d})
        t.check(f"{op} on a private conversation", e["op"] == "error", "private `p:<smaller user>:<larger user>` has two members", "error", e)
    conv, _ = group(k, "Rückkehr", [m.id])
    km.request("conversation.leave", {"conversation": conv})
    e = k.request("conversation.invite", {"conversation": conv, "users": [m.id]})
    r = text(km, conv, "wieder da")
    t.check("invited again after leaving", e["op"] == "ok" and r["op"] == "accepted", "6103", "ok, accepted", (e, r))
    head = head_of(k, conv)
    e = k.request("conversation.invite", {"conversation": conv, "users": [m.id]})
    t.note(f"inviting a member: {e}; seq moved by {head_of(k, conv)['head_seq'] - head['head_seq']}")


def check_sync_since(w, t):
    """A head that did not change for a minute is not in a sync since the last one's server_time."""
    a = w.user("sinc")
    k, others = a.connect(), [w.user("sinp") for _ in range(2)]
    for i, other in enumerate(others):
        text(k, other.id, "x")
    convs = [private_of(a.id, other.id) for other in others]
    first = None
    for wait in (0.1, 5, 10, 20):
        pass_time(wait)
        now = k.request("sync", {})["d"]["server_time"]
        k.request("edit", {"conversation": convs[0], "seq": 1, "body": f"y{wait}"})
        got = [h["conversation"] for h in k.request("sync", {"since_ms": now})["d"]["conversations"]]
        t.check(f"sync since holds the changed one, +{wait} s", got[:1] == convs[:1], "`since_ms?` → heads, the most recently changed first", convs[:1], got)
        if got == convs[:1] and first is None:
            first = wait
        k.request("heartbeat", {})
    t.check("sync since leaves out what changed long before", first is not None, "`since_ms?`", "only the changed one", "both, even after 35 s")
    t.note(f"sync since: an older head falls out after a wait of {first} s")


def check_big_group(w, t):
    o = w.user("huge")
    users = [w.user("many") for _ in range(104)]
    k, some = o.connect(), [u.connect() for u in users[:3]]
    conv, e = group(k, "Hundert", [u.id for u in users])
    t.check("a group of 105", e["op"] == "conversation", "from 100 on through the fan-out queue in batches", "conversation", e)
    t0 = time.monotonic()
    r = text(k, conv, "an alle")
    got = [s.push("message", lambda d: d["message"].get("body") == "an alle", 10) for s in some]
    t.check("a group of 105 is delivered", all(got), "from 100 on through the fan-out queue in batches", "three pushes", got)
    t.note(f"group of 105: all three after {time.monotonic() - t0:.2f} s")
    for s in some:
        s.request("read", {"conversation": conv, "seq": r["d"]["seq"]})
    e = k.request("receipts", {"conversation": conv, "seq": r["d"]["seq"]})
    t.check("receipts of 105 are counts", e["d"].get("read_count") == 3, "receipts there are counts on request", "read_count 3", e)
    t.check("no receipt pushes from 100 on", k.push("receipt", lambda d: d["conversation"] == conv, 1) is None, "receipts there are counts on request", "none", "a push")
    got, after = set(), None
    for _ in range(20):
        d = k.request("conversation.members", {"conversation": conv, "limit": 10, **({"after": after} if after else {})})["d"]
        got |= {i["user"] for i in d["members"]}
        after = d["members"][-1]["user"]
        if not d["more"]:
            break
    t.check("105 members by tens", len(got) == 105, "`after?, limit` → `members`, `more`", 105, len(got))


def check_slow_reader(w, t):
    a, b = w.user("fast"), w.user("slow")
    ka, kb = a.connect(), b.connect()
    conv, sent, refused = private_of(a.id, b.id), 0, None
    t0 = time.monotonic()
    while sent < 3000 and time.monotonic() - t0 < 40 and not refused:
        batch = [{"op": "send", "id": f"f{sent + i}", "d": {"conversation": conv, "to": b.id, "cid": cid(), "kind": "text", "body": "x" * 15000}} for i in range(4)]
        for env in batch:
            env["d"].pop("conversation")
        ka.raw(batch)
        for env in batch:
            e = ka.answer(env["id"])
            if e["op"] != "accepted":
                refused = e
        sent += 4
    t.note(f"slow reader: {sent} messages of 15 kB in {time.monotonic() - t0:.1f} s; refused: {refused}")
    shut, ops = None, {}
    try:
        while kb.pump(3):
            pass
    except Closed as c:
        shut = (c.code, c.reason)
    for p in kb.pushes:
        ops[p["op"]] = ops.get(p["op"], 0) + 1
    t.note(f"slow reader: got {ops}, closed {shut}")
    got = {p["d"]["message"]["seq"] for p in kb.pushes if p["op"] == "message"}
    t.check("a reader that does not read: lagging, 4010, or all", "lagging" in ops or shut and shut[0] == 4010 or len(got) >= sent - 4,
            "3010 `lagging` this connection's queue overflowed: pushes stop until the client syncs", "lagging or 4010", (ops, shut))
    if "lagging" in ops and not shut:
        kb.pushes = []
        text(ka, b.id, "while lagging")
        t.check("lagging: pushes stop", kb.push("message", timeout=2) is None, "pushes stop until the client syncs", "nothing", "a push")
        kb.request("sync", {})
        text(ka, b.id, "after sync")
        t.check("lagging: sync starts them again", kb.push("message", lambda d: d["message"].get("body") == "after sync", 5) is not None, "pushes stop until the client syncs", "a push", None)


FAST = [check_group, check_roles, check_group_refused]
WAITING = [check_sync_since]
SLOW = [check_big_group, check_slow_reader]
