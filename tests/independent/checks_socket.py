#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 3 of PROTOCOL.md: upgrade, first packet, envelope, frames, batches, malformed frames, close codes."""
import json
import socket as so
import struct
import time
import uuid

from kith_client import Closed, Refused, pass_time

MAL = "A malformed frame or an unknown op is answered with an error and the socket stays open; ten of them in a minute close it (4500)"
ENV = "A request carries an `id` … and gets exactly one answer with that `id`"
FRAME = "A client's frame is at most 64 KiB and 32 levels deep"
FIRST = "The first packet must be `login` within 10 s"
TABLE = [(1003, "token"), (1010, "heartbeat"), (2001, "send"), (2010, "edit"), (2011, "recall"), (2012, "like"),
         (2013, "unlike"), (3004, "typing"), (4002, "read"), (5001, "sync"), (5002, "page"), (5003, "changes"),
         (5004, "receipts"), (6001, "watch_presence"), (6101, "conversation.create"), (6102, "conversation.update"),
         (6103, "conversation.invite"), (6104, "conversation.join"), (6105, "conversation.leave"),
         (6106, "conversation.remove"), (6107, "conversation.role"), (6108, "conversation.mute"),
         (6109, "conversation.members"), (6201, "user.block"), (6202, "user.unblock")]


def err(env):
    return env.get("d", {}).get("code") if env.get("op") == "error" else None


def check_upgrade(w, t):
    k = w.socket(w.source())
    t.check("subprotocol answered", k.ws.headers.get("sec-websocket-protocol") == "kith.v1",
            "with `Sec-WebSocket-Protocol: kith.v1`", "kith.v1", k.ws.headers)
    try:
        w.socket(w.source(), origin="https://evil.example")
        got = 101
    except Refused as r:
        got = r.status
    t.check("foreign Origin refused", got in (400, 401, 403), "A browser `Origin` outside the configured list is refused", 403, got)
    for label, proto in (("none", None), ("kith.v2", "kith.v2")):
        try:
            k = w.socket(w.source(), protocol=proto)
            got = k.ws.headers.get("sec-websocket-protocol")
            t.check(f"subprotocol {label} is not taken for kith.v1", got is None, "with `Sec-WebSocket-Protocol: kith.v1`", "refused", got)
            t.note(f"subprotocol {label} is upgraded without one")
        except Refused as r:
            t.check(f"subprotocol {label} is not taken for kith.v1", r.status >= 400, "with `Sec-WebSocket-Protocol: kith.v1`", "4xx", r.status)
    k = w.socket(w.source(), protocol="kith.v9, kith.v1")
    t.check("kith.v1 chosen from a list", k.ws.headers.get("sec-websocket-protocol") == "kith.v1",
            "`Sec-WebSocket-Protocol: kith.v1`", "kith.v1", k.ws.headers)
    a = w.http("GET", "/v1/socket", source=w.source())
    t.check("socket path without upgrade", 400 <= a.status < 500, "GET /v1/socket", "4xx", a.brief())


def check_hello(w, t):
    u = w.user("hugo")
    k = u.connect()
    h, q = k.hello, "1002 `hello`: `user, device, epoch, server_time, heartbeat_s` (30), `limits, features`"
    t.check("hello has its fields", all(x in h for x in ("user", "device", "epoch", "server_time", "heartbeat_s", "limits", "features")),
            q, "all seven", sorted(h))
    t.check("heartbeat_s is 30", h.get("heartbeat_s") == 30, q, 30, h.get("heartbeat_s"))
    t.check("server_time is now", abs(h.get("server_time", 0) - time.time() * 1000) < 5000, "times are integer milliseconds", "now", h.get("server_time"))
    e = k.request("heartbeat", {"t": 12345})
    t.check("heartbeat echoes t", e["op"] == "heartbeat" and e["d"].get("t") == 12345 and "server_time" in e["d"],
            "1010 `heartbeat` `t?` → 1011 `heartbeat`: `t, server_time`", "t 12345, server_time", e)
    e = k.request("heartbeat", {})
    t.check("heartbeat without t", e["op"] == "heartbeat", "`t?`", "heartbeat", e)
    e = k.request("heartbeat")
    t.note(f"heartbeat without d: {e}")
    e = k.request("heartbeat", {"zz": 1}, zz={"y": [2]})
    t.check("unknown fields ignored in envelope and d", e["op"] == "heartbeat", "unknown fields are ignored", "heartbeat", e)
    e = k.request("login", {"token": k.tokens["access_token"]})
    t.note(f"a second login: {e}")
    stranger = w.user("hanna").login().json["access_token"]
    e = k.request("token", {"token": stranger})
    t.check("another user's token is refused", e["op"] == "error", "renews the socket's authorisation in place", "error", e)
    k = u.connect()
    e = k.request("token", {"token": "rubbish"})
    t.check("a rubbish token is refused", e["op"] == "error" and err(e) in ("unauthenticated", "token_expired"),
            "`unauthenticated, token_expired`", "error unauthenticated", e)


def check_first_packet(w, t):
    u = w.user("fred")
    tok = u.login().json["access_token"]
    for op in ("heartbeat", "send", "sync", "logout"):
        k = w.socket(w.source())
        try:
            e = k.request(op, {}, timeout=3)
            t.note(f"{op} before login: {e}, then close {k.wait_closed(1)}")
            good = e["op"] == "error"
        except Closed as c:
            e, good = (c.code, c.reason), c.code in (4001, 4500)
            t.note(f"{op} before login: closed {e}")
        t.check(f"{op} before login is refused", good, FIRST, "an error, or a close 4001/4500", e)
    k = w.socket(w.source())
    try:
        e = k.request("login", {"token": "rubbish"}, timeout=3)
        t.check("login with a rubbish token", err(e) == "unauthenticated", "`unauthenticated`", "error unauthenticated", e)
        t.note(f"after it: {k.wait_closed(1)}")
    except Closed as c:
        t.check("login with a rubbish token", c.code == 4001, "4001 log in again", 4001, c.code)
    got = []
    for form in ("one frame", "two frames"):
        for _ in range(15):
            k = w.socket(w.source())
            both = [{"op": "login", "id": "1", "d": {"token": tok}}, {"op": "sync", "id": "2", "d": {}}]
            for value in ([both] if form == "one frame" else both):
                k.raw(value)
            got.append((k.answer("1")["op"], k.answer("2")["op"]))
            k.close()
        t.check(f"login and sync in {form}, 15 times", set(got) == {("hello", "sync")},
                "A frame holds one envelope or an array of envelopes, in either direction", "15 × hello, sync", {x: got.count(x) for x in set(got)})
        got = []
    k = w.socket(w.source())
    k.raw({"code": 1001, "id": "1", "d": {"token": tok}})
    t.check("login by code 1001", k.answer("1")["op"] == "hello", 'a frame may carry `"code"` instead of `"op"`', "hello", "another")


def check_no_login(w, t):
    k = w.socket(w.source())
    t0 = time.monotonic()
    shut = k.wait_closed(16)
    took = time.monotonic() - t0
    t.check("no login for 10 s closes", shut is not None and 8.5 < took < 14, FIRST, "closed after about 10 s", (shut, round(took, 1)))
    t.note(f"no login for 10 s: closed {shut} after {took:.1f} s (the text names no code)")
    if shut:
        t.check("…with a listed code", shut[0] in (4001, 4008, 4500), "Close: 4001 · 4008 · … · 4500", "4001, 4008 or 4500", shut)


def check_envelope(w, t):
    k = w.user("enno").connect()
    for n, good in ((64, True), (65, False)):
        ident = "i" * n
        k.raw({"op": "heartbeat", "id": ident, "d": {}})
        k.pump(3)
        got = (k.answers + k.pushes)[-1:]
        k.answers, k.pushes = [], []
        ok = bool(got) and (got[0]["op"] == "heartbeat") == good
        t.check(f"id of {n} characters", ok, "an `id` of its own choosing (≤ 64 characters)", "heartbeat" if good else "error", got)
    ident = "é" * 64
    e = k.request("heartbeat", {})
    k.raw({"op": "heartbeat", "id": ident, "d": {}})
    e = k.answer(ident, 3)
    t.check("id of 64 two-byte characters", e["op"] == "heartbeat", "(≤ 64 characters)", "heartbeat", e)
    e = k.request("no.such.op", {})
    t.check("unknown op", err(e) == "unsupported_op", "`unsupported_op`", "unsupported_op", e)
    t.check("a socket error has code, message, retry", all(isinstance(e["d"].get(x), str) for x in ("code", "message", "retry")) and
            e["d"]["retry"] in ("no", "same", "new", "after"), "{code,message,retry,…}", "three strings", e)
    e = k.request("message", {})
    t.check("a server's op from a client", err(e) in ("unsupported_op", "malformed", "forbidden"), "3001 `message` S→C", "unsupported_op", e)
    k.raw({"code": 9999, "id": "c1", "d": {}})
    e = k.answer("c1", 3)
    t.check("unknown code", err(e) == "unsupported_op", "`unsupported_op`", "unsupported_op", e)
    k.raw({"code": 1010, "id": "c2", "d": {"t": 5}})
    e = k.answer("c2", 3)
    t.check("heartbeat by code", e.get("op") == "heartbeat" or e.get("code") == 1011, 'a frame may carry `"code"` instead of `"op"`', "heartbeat", e)
    k.raw({"op": "heartbeat", "d": {}})
    k.pump(2)
    t.note(f"heartbeat without id: {k.pushes + k.answers}")
    k.pushes, k.answers = [], []
    k.raw({"op": "heartbeat", "id": 7, "d": {}})
    k.pump(2)
    t.note(f"heartbeat with a number for id: {k.pushes + k.answers}")


def check_codes(w, t):
    """Each code of the table reaches the same op as its name: the same error for the same empty data."""
    u = w.user("cora")
    for i in range(0, len(TABLE), 4):  # a fresh socket for each four, far from ten errors
        k = u.connect()
        for code, op in TABLE[i:i + 4]:
            by_op = k.request(op, {}, timeout=4)
            ident = k.next_id()
            k.raw({"code": code, "id": ident, "d": {}})
            by_code = k.answer(ident, 4)
            for e in (by_op, by_code):
                (e.get("d") or {}).pop("trace", None)
                (e.get("d") or {}).pop("server_time", None)
            same = by_op["op"] == by_code["op"] and (by_op["op"] != "error" or by_op["d"] == by_code["d"])
            t.check(f"code {code} is {op}", same and err(by_code) != "unsupported_op" and by_op["op"] != "NO ANSWER",
                    "Each op also has the numeric packet code of the table", by_op, by_code)
        k.close()


def check_batch(w, t):
    k = w.user("bess").connect()
    k.drain(0.2)
    k.frames = []
    k.raw([{"op": "heartbeat", "id": f"b{i}", "d": {"t": i}} for i in range(50)])
    got = [k.answer(f"b{i}", 4) for i in range(50)]
    t.check("a batch of 50 gets 50 answers", all(e["op"] == "heartbeat" and e["d"]["t"] == i for i, e in enumerate(got)),
            "A frame holds one envelope or an array of envelopes", "50 heartbeats", [e["op"] for e in got][:3])
    t.check("answers are batched", len(k.frames) < 50, "the server puts all that is queued for a connection into one frame",
            "fewer frames than answers", k.frames)
    t.note(f"50 answers came in frames of {k.frames}")
    k.raw([{"op": "heartbeat", "id": "m1"}, {"op": "no.such", "id": "m2", "d": {}}, 5, {"op": "heartbeat", "id": "m3", "d": {}}])
    one, two, three = k.answer("m1", 3), k.answer("m2", 3), k.answer("m3", 2)
    t.check("a bad envelope in a batch leaves the others", err(two) == "unsupported_op" and three["op"] == "heartbeat",
            "A malformed frame or an unknown op is answered with an error and the socket stays open", "heartbeat, unsupported_op, error, heartbeat",
            (one, two, three, k.pushes))
    k.pushes = []
    k.raw("[]")
    k.pump(1)
    t.note(f"an empty array: {k.pushes + k.answers or 'nothing'}")
    k.raw([[{"op": "heartbeat", "id": "n1", "d": {}}]])
    e = k.answer("n1", 1)
    t.check("an array in an array is malformed", e["op"] != "heartbeat", "one envelope or an array of envelopes", "error", e)
    t.check("open after the bad batches", k.is_open(), MAL, "open", "closed")


def check_malformed(w, t):
    u = w.user("mick")
    forms = [("broken JSON", 1, b'{"op":'), ("a number", 1, b"5"), ("a string", 1, b'"heartbeat"'), ("null", 1, b"null"),
             ("an envelope without op", 1, b'{"id":"x","d":{}}'), ("op that is a number", 1, b'{"op":5,"id":"x"}'),
             ("d that is a string", 1, b'{"op":"heartbeat","id":"x","d":"y"}'), ("an empty frame", 1, b""),
             ("two values", 1, b'{"op":"heartbeat","id":"x","d":{}}{}'), ("NaN", 1, b'{"op":"heartbeat","id":"x","d":{"t":NaN}}'),
             ("a lone surrogate", 1, b'{"op":"heartbeat","id":"\\ud800","d":{}}'),
             ("a binary frame", 2, b'{"op":"heartbeat","id":"x","d":{}}')]
    for label, opcode, raw in forms:
        k = u.connect()
        k.drain(0.05)
        k.ws.send_frame(opcode, raw)
        try:
            k.pump(3)
            got = k.pushes + k.answers
            t.check(f"{label}: an error", any(err(e) == "malformed" for e in got), MAL, "error malformed", got)
            k.pushes, k.answers = [], []
            t.check(f"{label}: stays open", k.is_open(), MAL, "open", "closed")
        except Closed as c:
            t.check(f"{label}: an error", False, MAL, "error malformed", (c.code, c.reason))
        k.close()
    k = u.connect()
    k.ws.send_frame(1, b'{"op":"heartbeat","id":"\xff\xfe","d":{}}')
    try:
        k.pump(3)
        got = k.pushes + k.answers
        ok = any(err(e) == "malformed" for e in got)
    except Closed as c:
        got, ok = (c.code, c.reason), c.code in (1007, 4500)
    t.check("broken UTF-8 is refused", ok, "Text is UTF-8", "malformed, or a close 1007", got)


def check_size_depth(w, t):
    u = w.user("size")
    k = u.connect()

    def frame(n):
        head, tail = b'{"op":"heartbeat","id":"s%d","d":{"t":1,"x":"' % n, b'"}}'
        return head + b"x" * (n - len(head) - len(tail)) + tail
    k.raw(frame(65536))
    e = k.answer("s65536", 5)
    t.check("a frame of 64 KiB passes", e["op"] == "heartbeat", FRAME, "heartbeat", e)
    for n in (65537, 1000000):
        k = u.connect()
        k.drain(0.05)
        k.raw(frame(n))
        try:
            k.pump(5)
            got = k.pushes + k.answers
            ok = any(err(x) in ("too_large", "malformed") for x in got)
            k.pushes, k.answers = [], []
            t.note(f"a frame of {n}: {got}, then open: {k.is_open()}")
        except Closed as c:
            got, ok = (c.code, c.reason), c.code in (4500, 1009)
            t.note(f"a frame of {n}: closed {got}")
        t.check(f"a frame of {n} is refused", ok, FRAME, "too_large, malformed or a close", got)
    k = u.connect()
    whole = frame(65537)
    k.ws.send_frame(1, whole[:40000], fin=False)
    k.ws.send_frame(0, whole[40000:])
    try:
        e = k.answer("s65537", 2)
    except Closed as c:
        e = {"op": f"closed {c.code}"}
    t.check("64 KiB + 1 in two fragments is refused", e["op"] != "heartbeat", FRAME, "refused", e)

    def deep(levels):  # the envelope is level 1, d is level 2
        return '{"op":"heartbeat","id":"z%d","d":{"x":%s%s}}' % (levels, "[" * (levels - 2), "]" * (levels - 2))
    k = u.connect()
    k.raw(deep(32))
    e = k.answer("z32", 3)
    t.check("32 levels pass", e["op"] == "heartbeat", FRAME, "heartbeat", e)
    k.raw(deep(33))
    e = k.answer("z33", 2)
    t.check("33 levels are refused", e["op"] != "heartbeat", FRAME, "malformed", e)
    k.raw('{"op":"heartbeat","id":"deep","d":' + "[" * 30000 + "]" * 30000 + "}")
    k.pump(2)
    t.check("30 000 levels: refused, open", k.is_open(), MAL, "open", "closed")
    k.raw(b'{"op":"heart')  # for the count: the fourth malformed
    k.drain(0.2)
    k.ws.send_frame(1, b'{"op":"heartbeat",', fin=False)
    k.ws.send_frame(9, b"ping")
    k.ws.send_frame(0, b'"id":"frag","d":{}}')
    e = k.answer("frag", 3)
    t.check("a fragmented text frame with a ping in it", e["op"] == "heartbeat", "text frames of JSON (RFC 6455)", "heartbeat", e)


def check_ten_malformed(w, t):
    u = w.user("tenn")
    for label, send in (("malformed frames", lambda k, i: k.raw("{")), ("unknown ops", lambda k, i: k.raw({"op": "zz", "id": f"t{i}", "d": {}})),
                        ("binary frames", lambda k, i: k.ws.send_frame(2, b"\0"))):
        k = u.connect()
        for i in range(9):
            send(k, i)
        pass_time(0.3)
        try:
            k.drain(0.3)
            still = k.is_open()
        except Closed as c:
            still = (c.code, c.reason)
        t.check(f"nine {label} leave the socket open", still is True, MAL, "open", still)
        if still is not True:
            continue
        send(k, 9)
        shut = k.wait_closed(3)
        t.check(f"ten {label} close 4500", shut and shut[0] == 4500, MAL, 4500, shut)
    k = u.connect()
    for i in range(9):
        k.request("read", {"conversation": 5})
    k.request("edit", {})
    try:
        k.request("edit", {})
        t.note("eleven requests with bad data leave the socket open" if k.is_open() else "…closed")
    except Closed as c:
        t.note(f"ten requests with bad data close the socket: {c.code} {c.reason}")
    k = u.connect()
    k.raw(["x"] * 20)
    shut = k.wait_closed(2)
    t.note(f"twenty bad envelopes in one frame: {'closed ' + str(shut) if shut else 'open'}")


def check_raw_websocket(w, t):
    u = w.user("webb")
    k = u.connect()
    k.ws.send_frame(9, b"hello")
    t0, seen = time.monotonic(), b""
    while time.monotonic() - t0 < 3 and b"\x8a\x05hello" not in seen:
        k.ws.sock.settimeout(1)
        try:
            seen += k.ws.sock.recv(4096)
        except so.timeout:
            pass
    t.check("ping gets its pong", b"\x8a\x05hello" in seen, "(RFC 6455)", "pong", seen)
    k = u.connect()
    body = json.dumps({"op": "heartbeat", "id": "u1", "d": {}}).encode()
    k.ws.sock.sendall(bytes([0x81, len(body)]) + body)  # not masked
    try:
        e = k.answer("u1", 2)
    except Closed as c:
        e = {"op": f"closed {c.code}"}
    t.check("an unmasked frame is refused", e["op"].startswith("closed"), "(RFC 6455)", "closed 1002", e)
    k = u.connect()
    k.ws.sock.sendall(bytes([0x88, 0x82]) + b"\0\0\0\0" + struct.pack(">H", 1000))
    shut = k.wait_closed(3)
    t.check("a close is answered", shut and shut[0] == 1000, "(RFC 6455)", 1000, shut)


def check_many_devices(w, t):
    u, ks, seen = w.user("many"), [], []
    for i in range(25):
        try:
            a = u.login()
            if a.status != 200:
                t.note(f"login of device {i + 1}: {a.brief()}")
                break
            ks.append(u.connect(tokens=a.json))
        except (Closed, RuntimeError) as e:
            t.note(f"device {i + 1}: {e}")
            break
    for i, k in enumerate(ks):
        try:
            k.request("heartbeat", {}, timeout=1)
        except Closed as c:
            seen.append((i + 1, c.code))
    t.note(f"{len(ks)} devices at once; closed: {seen} (the text gives 4504, no number)")
    t.check("too many devices: only 4504", all(c == 4504 for _, c in seen), "4504 too many devices", 4504, seen)
    v, dev = w.user("twin"), str(uuid.uuid4())
    k1 = v.connect(dev)
    k2 = v.connect(tokens=k1.tokens)
    try:
        k1.request("heartbeat", {}, timeout=1)
        t.note("a second socket of the same device leaves the first open")
    except Closed as c:
        t.note(f"a second socket of the same device closes the first: {c.code} {c.reason}")
    t.check("the newer socket of a device works", k2.is_open(), "(not in the text)", "open", "closed")


def check_silence(w, t):
    u, watcher = w.user("mute"), w.user("wach").connect()
    k = u.connect()
    k.request("send", {"to": watcher.me.id, "cid": str(uuid.uuid4()), "kind": "text", "body": "x"})  # not a stranger
    watcher.request("watch_presence", {"users": [u.id]})
    t0, shut = time.monotonic(), None
    while time.monotonic() - t0 < 95 and not shut:
        shut = k.wait_closed(5)
        watcher.request("heartbeat", {})
    took = time.monotonic() - t0
    t.check("75 s of silence close 4008", shut and shut[0] == 4008 and 73 < took < 90, "after 75 s of silence the server closes (4008) and clears presence",
            "4008 after 75 s", (shut, round(took, 1)))
    p = watcher.push("presence", lambda d: d.get("user") == u.id and d.get("state") == "offline", 5)
    t.check("…and clear presence", p is not None, "closes (4008) and clears presence", "offline", p)


FAST = [check_upgrade, check_hello, check_first_packet, check_envelope, check_codes, check_batch, check_malformed,
        check_size_depth, check_ten_malformed, check_raw_websocket, check_many_devices]
WAITING = [check_no_login]
SLOW = [check_silence]
