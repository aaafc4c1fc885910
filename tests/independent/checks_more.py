#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Races, promises kept after changes, odd but legal content, forged tokens."""
import base64
import json
import threading
import uuid

from checks_message import SAME, err, head_of, seqs, text
from kith_client import cid, private_of


def at_once(functions):
    out = [None] * len(functions)

    def run(i):
        try:
            out[i] = functions[i]()
        except Exception as e:
            out[i] = e
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(functions))]
    [th.start() for th in threads], [th.join(30) for th in threads]
    return out


def identical(t, name, first, again):
    same = again["op"] == "accepted" and {**again["d"], "duplicate": 0} == {**first["d"], "duplicate": 0} and again["d"]["duplicate"] is True
    t.check(name, same, SAME, {**first["d"], "duplicate": True}, again)


def check_cid_for_ever(w, t):
    a, b = w.user("ewig"), w.user("eva1")
    ka, kb = a.connect(), b.connect()
    conv, ids = private_of(a.id, b.id), [cid() for _ in range(4)]
    first = [text(ka, b.id, f"body {i}", ids[i]) for i in range(3)]
    ka.request("edit", {"conversation": conv, "seq": 1, "body": "edited"})
    identical(t, "repeat after an edit, with the body first sent", first[0], text(ka, b.id, "body 0", ids[0]))
    t.note(f"repeat after an edit, with the edited body: {text(ka, b.id, 'edited', ids[0])}")
    ka.request("recall", {"conversation": conv, "seq": 2})
    identical(t, "repeat after a recall", first[1], text(ka, b.id, "body 1", ids[1]))
    t.check("…does not bring the body back", "body 1" not in json.dumps(kb.request("page", {"conversation": conv})["d"]), "The body is gone from every store", "gone", "back")
    kb.request("user.block", {"user": a.id})
    identical(t, "repeat after being blocked", first[2], text(ka, b.id, "body 2", ids[2]))
    g = kb.request("conversation.create", {"name": "G", "members": [w.user("dritt").id]})
    e = kb.request("conversation.create", {"name": "G", "members": []})
    t.note(f"a group of oneself alone: {e['op']} {err(e)}")
    conv = g["d"]["conversation"]["conversation"]
    c = w.user("cent")
    kc = c.connect()
    kb.request("conversation.invite", {"conversation": conv, "users": [c.id]})
    one = text(kc, conv, "in", ids[3])
    kb.request("conversation.remove", {"conversation": conv, "users": [c.id]})
    identical(t, "repeat after being removed from the group", one, text(kc, conv, "in", ids[3]))


def check_invite_blocked(w, t):
    a, b = w.user("bloa"), w.user("blob")
    ka, kb = a.connect(), b.connect()
    kb.request("user.block", {"user": a.id})
    e = ka.request("conversation.create", {"name": "trap", "members": [b.id]})
    t.note(f"who is blocked makes a group with the blocker: {e['op']} {err(e)}")


def check_races(w, t):
    name, srcs = "race" + uuid.uuid4().hex[:8], [w.source() for _ in range(4)]
    got = at_once([lambda s=s: w.http("POST", "/v1/register", {"username": name, "password": "correct horse 42", "display_name": "R"}, source=s).status for s in srcs])
    t.check("four registrations of one name: one wins", got.count(201) == 1, "(a username names one user)", "one 201", got)
    u, v = w.user("rac1"), w.user("rac2")
    tok = u.login().json
    got = at_once([lambda s=s: w.http("POST", "/v1/token/refresh", {"refresh_token": tok["refresh_token"]}, source=s) for s in srcs])
    t.check("four refreshes at once: one successor", all(a.status == 200 for a in got) and len({a.json["refresh_token"] for a in got}) == 1,
            "The old refresh token answers the same successor for 30 s", "one successor", [a.brief()[:60] for a in got])
    ks = [u.connect() for _ in range(4)]
    kv = v.connect()
    text(kv, u.id, "like me")
    conv = private_of(u.id, v.id)
    target = {"target": {"kind": "message", "conversation": conv, "seq": 1}}
    got = at_once([lambda k=k: k.request("like", target) for k in ks])
    t.check("four likes of one user at once: one counts", sorted(e["op"] for e in got) == ["error"] * 3 + ["ok"] and
            {err(e) for e in got if e["op"] == "error"} == {"already_liked"}, "twice is 409 `already_liked`", "one ok, three already_liked", got)
    h = head_of(kv, conv)
    t.check("…and one rev", (h["head_seq"], h["head_rev"]) == (1, 2), "a like … take the next one", (1, 2), h)
    one = cid()
    got = at_once([lambda k=k, i=i: text(k, v.id, f"body {i}", one) for i, k in enumerate(ks)])
    t.check("one cid, four bodies at once: one accepted", sorted(e["op"] for e in got) == ["accepted"] + ["error"] * 3 and
            {err(e) for e in got if e["op"] == "error"} == {"cid_conflict"}, SAME, "one accepted, three cid_conflict", got)
    new = [w.user("newa"), w.user("newb")]
    kn = [n.connect() for n in new]
    got = at_once([lambda: text(kn[0], new[1].id, "first?"), lambda: text(kn[1], new[0].id, "first?")])
    t.check("both open a private conversation at once", sorted(e["d"].get("seq", 0) for e in got) == [1, 2] and got[0]["d"]["conversation"] == got[1]["d"]["conversation"],
            "private `p:<smaller user>:<larger user>`; 1, 2, 3 … without gaps", "1 and 2 of one", got)


def check_content(w, t):
    a, b = w.user("inha"), w.user("inhb")
    ka, kb = a.connect(), b.connect()
    conv = private_of(a.id, b.id)
    e = text(ka, conv, "by conversation, before any message")
    t.check("a private conversation opened by its id", e["op"] == "accepted" and e["d"]["seq"] == 1, "2001 `conversation` or `to` (user)", "accepted", e)
    lo, hi = conv.split(":")[1:]
    e = text(ka, f"p:{hi}:{lo}", "backwards")
    t.check("p:<larger>:<smaller> is no conversation", e["op"] == "error", "private `p:<smaller user>:<larger user>`", "error", e)
    for body in ("nul \u0000 in it", "👩‍👩‍👧‍👦 עברית \u202e tab\t\r\n\\ \" '", "</script>&lt;%s%n", "\u0065\u0301 é", " "):
        kb.pushes = []
        e = text(ka, conv, body)
        p = kb.push("message", lambda d: d["message"]["seq"] == e["d"].get("seq"), 2) if e["op"] == "accepted" else None
        if e["op"] != "accepted":
            t.note(f"body {body!r} is refused: {err(e)} {e['d'].get('message')}")
        else:
            t.check(f"body {ascii(body)} arrives as sent", p and p["message"]["body"] == body, "Text is UTF-8, NFC-normalised by the sender's client", ascii(body), ascii(p))
    frag = json.dumps({"op": "send", "id": "esc", "d": {"conversation": conv, "cid": cid(), "kind": "text", "body": "x"}}).replace('"x"', '"\\ud83d\\ude00"')
    ka.raw(frag)
    e = ka.answer("esc")
    t.check("an escaped surrogate pair", e["op"] == "accepted" and kb.request("page", {"conversation": conv, "limit": 1})["d"]["messages"][0]["body"] == "😀", "JSON", "😀", e)
    ka.raw('{"op":"send","id":"lone","d":{"conversation":"%s","cid":"%s","kind":"text","body":"\\ud83d"}}' % (conv, cid()))
    e = ka.answer("lone", 2)
    t.check("a lone surrogate is not accepted", e["op"] != "accepted", "Text is UTF-8", "error", e)
    e = w.user("leer").connect().request("page", {"conversation": private_of(a.id, w.user("nie1").id)})
    t.check("page of a conversation of two others", err(e) in ("not_found", "not_member"), "`not_member`", "not_member", e)
    new = w.user("nie2")
    e = ka.request("page", {"conversation": private_of(a.id, new.id)})
    t.note(f"page of an own private conversation without messages: {e['op']} {err(e)} {seqs(e)}")


def check_forged(w, t):
    u, v = w.user("fake"), w.user("goal")
    tok = u.login().json
    dev = tok["device"]["id"]
    a = w.http("POST", "/v1/login", {"username": v.name, "password": v.password, "device": {"id": dev, "name": "x", "platform": "linux"}}, source=v.src)
    t.note(f"a device id that another account uses: {a.status} {a.code}")
    t.check("…leaves the other account logged in", w.http("GET", "/v1/me", token=tok["access_token"]).status == 200, "device | UUID made by the client", 200, "gone")
    if tok["access_token"].count(".") == 2:
        body = tok["access_token"].split(".")[1]
        none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
        for label, token in (("alg none", f"{none}.{body}."), ("no signature", tok["access_token"].rsplit(".", 1)[0] + ".")):
            a = w.http("GET", "/v1/me", token=token)
            t.check(f"a token with {label}", a.status == 401, "Authorization: Bearer <access token>", 401, a.brief())
    a = w.http("GET", "/v1/me", token=tok["refresh_token"])
    t.check("a refresh token is no access token", a.status == 401, "Authorization: Bearer <access token>", 401, a.brief())
    a = w.http("GET", "/v1/me", headers={"Authorization": "Basic " + tok["access_token"]})
    t.check("Basic is not Bearer", a.status == 401, "Authorization: Bearer <access token>", 401, a.brief())
    a = w.http("POST", "/v1/token/refresh", {"refresh_token": tok["access_token"]}, source=w.source())
    t.check("an access token does not refresh", a.status == 401, "`refresh_token` → a new pair", 401, a.brief())
    k = w.socket(w.source())
    e = k.request("login", {"token": tok["refresh_token"]}, timeout=3)
    t.check("a refresh token does not log a socket in", e["op"] == "error", "1001 `login` `token`", "error", e)


def check_first_come(w, t):
    """A message sent while the receiver is away is pushed or synced when it comes."""
    a, b = w.user("weg1"), w.user("weg2")
    ka, kb = a.connect(), b.connect()
    kb.close()
    for i in range(3):
        text(ka, b.id, f"away {i}")
    kb = b.connect()
    h = head_of(kb, private_of(a.id, b.id))
    t.check("catch-up by heads", (h.get("head_seq"), h.get("unread"), h.get("last", {}).get("body")) == (3, 3, "away 2"), "Catch-up: subscribe first, then read heads", (3, 3, "away 2"), h)
    e = kb.request("changes", {"conversation": private_of(a.id, b.id), "since_rev": 1, "limit": 10})
    t.check("catch-up by changes", seqs(e) in ([2, 3], [3, 2]), "the client calls `changes`", [2, 3], e)


FAST = [check_cid_for_ever, check_invite_blocked, check_races, check_content, check_forged, check_first_come]
