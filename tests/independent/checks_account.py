#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Section 2 of PROTOCOL.md: accounts, tokens, devices, users and the ops address. MFA is not checked."""
import time
import uuid

from kith_client import http_call, pass_time

ERR = 'Errors are `{"error":{"code":"…","message":"…","retry":"no|same|new|after",…}}` with a matching status'
REG = "Username 3–32 of `a-z0-9_.-`, folded to lower case; password 8–128 characters, not in the built-in list"
USER = "a user is `id, username, display_name, avatar, created_at`"
GOOD = "correct horse 42 staple"


def register(w, name, password=GOOD, source=None, **extra):
    body = {"username": name, "password": password, "display_name": "Probe", **extra}
    return w.http("POST", "/v1/register", body, source=source or w.source())


def fresh(n=8):
    return "u" + uuid.uuid4().hex[:n - 1]


def error_shape(t, name, a, code, statuses):
    e = a.error
    t.check(name, a.status in statuses and (code is None or e.get("code") == code), ERR,
            f"{statuses} {code}", a.brief())
    t.check(name + ", shape", isinstance(e.get("message"), str) and e.get("retry") in ("no", "same", "new", "after")
            and isinstance(e.get("trace"), str), ERR, "message, retry, trace", a.brief())


def check_register(w, t):
    a = register(w, fresh())
    t.check("register 201", a.status == 201, "→ 201 `user`", 201, a.brief())
    u = (a.json or {}).get("user", {})
    t.check("register wraps as {\"user\":…}", list(a.json or {}) == ["user"],
            '`POST /v1/register` answers `{"user":{…}}`', ["user"], list(a.json or {}))
    t.check("user id is a decimal string", isinstance(u.get("id"), str) and u["id"].isdigit(),
            "user | decimal string, from the id generator", "digits", u.get("id"))
    t.check("user has all five fields", all(k in u for k in ("id", "username", "display_name", "avatar", "created_at")),
            USER, "id, username, display_name, avatar, created_at", sorted(u))
    t.check("created_at is now, in ms", abs(u.get("created_at", 0) - time.time() * 1000) < 60000,
            "times are integer milliseconds since the Unix epoch", "now", u.get("created_at"))
    name = fresh()
    a = register(w, name.upper())
    t.check("username folded", a.status == 201 and a.json["user"]["username"] == name, REG, name, a.brief())
    a = register(w, name)
    error_shape(t, "a taken username is refused", a, None, (409, 422, 400))
    t.check("taken username is 409", a.status == 409, ERR, 409, a.brief())
    for label, bad in (("2 characters", "ab"), ("33 characters", "a" * 33), ("a space", "ab cd"),
                       ("a non-ASCII letter", "ünder"), ("an at sign", "a@bcd"), ("empty", "")):
        error_shape(t, f"username of {label}", register(w, bad), None, (400, 422))
    for label, good in (("3 characters", fresh(3)), ("32 characters", fresh(32)), ("_.-", fresh(5) + "_.-")):
        a = register(w, good)
        t.check(f"username of {label}", a.status == 201, REG, 201, a.brief())
    for label, bad in (("7 characters", "Zq7!xw2"), ("129 characters", "Zq7!" + "x" * 125),
                       ("the common list: password", "password"), ("the common list: 12345678", "12345678")):
        error_shape(t, f"password of {label}", register(w, fresh(), bad), None, (400, 422))
    for label, good in (("8 characters", "Zq7!xw2k"), ("128 characters", "Zq7!" + "xy9k" * 31),
                        ("8 two-byte characters", "žřčšďťňě")):
        a = register(w, fresh(), good)
        t.check(f"password of {label}", a.status == 201, REG, 201, a.brief())
    a = register(w, fresh(), "pässwörd" * 16)  # 128 characters, 160 bytes
    t.check("password of 128 characters, not bytes", a.status == 201, REG, 201, a.brief())
    a = register(w, fresh(), unknown_field={"x": [1]})
    t.check("unknown field ignored", a.status == 201, "unknown fields are ignored", 201, a.brief())
    a = w.http("POST", "/v1/register", {"username": fresh(), "password": GOOD}, source=w.source())
    t.note("register without display_name: " + a.brief())
    src = w.source()
    error_shape(t, "broken JSON", w.http("POST", "/v1/register", raw=b'{"username":', source=src,
                headers={"Content-Type": "application/json"}), "malformed", (400,))
    error_shape(t, "a body that is an array", w.http("POST", "/v1/register", [1], source=src), "malformed", (400, 422))
    error_shape(t, "a field of the wrong type", w.http("POST", "/v1/register", {
        "username": 5, "password": GOOD, "display_name": "x"}, source=src), "malformed", (400, 422))
    a = w.http("POST", "/v1/register", raw=b'{"username":"a","password":"' + b"x" * 4000000 + b'"}', source=src,
               headers={"Content-Type": "application/json"})
    error_shape(t, "a body of 4 MB", a, "too_large", (413,))
    a = w.http("POST", "/v1/login", raw=b"a=b", source=src, headers={"Content-Type": "application/x-www-form-urlencoded"})
    t.check("form body", a.status in (400, 415) and a.code, ERR, "415 or 400", a.brief())


def check_register_limit(w, t):
    src, got = w.source(), []
    for _ in range(11):
        got.append(register(w, fresh(), source=src))
    codes = [a.status for a in got]
    t.check("ten registrations pass", codes[:10] == [201] * 10, "registration 10 a minute per address", "10 × 201", codes)
    a = got[10]
    t.check("the eleventh is 429", a.status == 429 and a.code == "rate_limited",
            "registration 10 a minute per address", "429 rate_limited", a.brief())
    t.check("429 has retry_after_ms", a.error.get("retry") == "after" and 0 < a.error.get("retry_after_ms", 0) <= 60000,
            "429 with `retry_after_ms`", "retry after, 1…60000", a.brief())


def check_login(w, t):
    u = w.user("lena")
    dev = str(uuid.uuid4())
    a = u.login(dev)
    j = a.json or {}
    t.check("login 200", a.status == 200, "POST /v1/login (open)", 200, a.brief())
    t.check("login fields", all(k in j for k in ("access_token", "refresh_token", "expires_in", "user", "device")),
            "→ `access_token, refresh_token, expires_in` (7200), `user`, `device`", "all five", sorted(j))
    t.check("expires_in 7200", j.get("expires_in") == 7200, "`expires_in` (7200)", 7200, j.get("expires_in"))
    t.check("login device", j.get("device", {}).get("id") == dev, "UUID made by the client at its first login", dev, j.get("device"))
    a = w.http("POST", "/v1/login", {"username": u.name.upper(), "password": GOOD, "device": {
        "id": dev, "name": "x", "platform": "linux"}}, source=w.source())
    t.check("login folds the name", a.status == 200, "folded to lower case", 200, a.brief())
    bad = w.http("POST", "/v1/login", {"username": u.name, "password": "wrong one here", "device": {
        "id": dev, "name": "x", "platform": "linux"}}, source=w.source())
    error_shape(t, "wrong password", bad, "invalid_credentials", (401,))
    no = w.http("POST", "/v1/login", {"username": fresh(), "password": "wrong one here", "device": {
        "id": dev, "name": "x", "platform": "linux"}}, source=w.source())
    error_shape(t, "wrong name", no, "invalid_credentials", (401,))
    cut = [{k: v for k, v in x.error.items() if k != "trace"} for x in (bad, no)]
    t.check("wrong name and password alike", cut[0] == cut[1], "wrong name or password alike", cut[0], cut[1])
    took = {"name": [], "password": []}
    victims = [w.user("vic") for _ in range(3)]
    for i in range(6):
        for kind, name in (("password", victims[i % 3].name), ("name", fresh())):
            t0 = time.monotonic()
            w.http("POST", "/v1/login", {"username": name, "password": "wrong one here", "device": {
                "id": str(uuid.uuid4()), "name": "x", "platform": "linux"}}, source=w.source())
            took[kind].append(time.monotonic() - t0)
    lo, hi = sorted(min(v) for v in took.values())
    t.check("equal time", hi < 3 * lo + 0.02, "in equal time", "within a factor of 3",
            {k: [round(x * 1000) for x in v] for k, v in took.items()})
    a = w.http("POST", "/v1/login", {"username": u.name, "password": GOOD, "device": {
        "id": "not-a-uuid", "name": "x", "platform": "linux"}}, source=w.source())
    t.check("device id must be a UUID", a.status in (400, 422), "device | UUID made by the client", "400/422", a.brief())
    a = w.http("POST", "/v1/login", {"username": u.name, "password": GOOD}, source=w.source())
    t.check("login without device", a.status in (400, 422), "`device{id,name,platform}` is not optional", "400/422", a.brief())


def check_login_limit(w, t):
    quote = "Limits, per address prefix, per account and per device: login 5 failures in a minute then exponentially longer"

    def fail(name, device, source):
        return w.http("POST", "/v1/login", {"username": name, "password": "wrong one here", "device": {
            "id": device, "name": "x", "platform": "linux"}}, source=source)
    u = w.user("limo")
    got = [fail(u.name, str(uuid.uuid4()), w.source()) for _ in range(6)]
    t.check("account: five failures are 401", [a.status for a in got[:5]] == [401] * 5, quote, "5 × 401", [a.status for a in got])
    a = got[5]
    t.check("account: then 429", a.status == 429 and a.code == "rate_limited" and a.error.get("retry_after_ms", 0) > 0,
            quote + " (429 with `retry_after_ms`)", "429 rate_limited, retry_after_ms", a.brief())
    waits, end = [a.error.get("retry_after_ms", 0)], time.monotonic() + 40
    while len(waits) < 3 and waits[-1] and time.monotonic() + waits[-1] / 1000 < end:
        pass_time(waits[-1] / 1000 + 0.2)
        one = fail(u.name, str(uuid.uuid4()), w.source())
        two = fail(u.name, str(uuid.uuid4()), w.source())
        if one.status == 401 and two.status == 429:
            waits.append(two.error.get("retry_after_ms", 0))
        else:
            t.note(f"login limit after waiting: {one.brief()} then {two.brief()}")
            break
    t.note(f"login limit waits, ms: {waits}")
    if len(waits) > 1:
        t.check("exponentially longer", all(b > 1.5 * a for a, b in zip(waits, waits[1:])), quote, "growing waits", waits)
    src = w.source()
    got = [fail(fresh(), str(uuid.uuid4()), src).status for _ in range(6)]
    t.check("address: five failures, then 429", got == [401] * 5 + [429], quote, "5 × 401, 429", got)
    dev = str(uuid.uuid4())
    got = [fail(fresh(), dev, w.source()).status for _ in range(6)]
    t.check("device: five failures, then 429", got == [401] * 5 + [429], quote, "5 × 401, 429", got)


def refresh(w, token, source=None):
    return w.http("POST", "/v1/token/refresh", {"refresh_token": token}, source=source or w.source())


def me(w, token, **kw):
    return w.http("GET", "/v1/me", token=token, **kw)


def check_refresh(w, t):
    rot = "The old refresh token answers the same successor for 30 s (a lost reply), and after that revokes the whole family"
    u = w.user("rita")
    first = u.login().json
    k = u.connect(tokens=first)
    a = refresh(w, first["refresh_token"])
    j = a.json or {}
    t.check("refresh gives a pair", a.status == 200 and "access_token" in j and "refresh_token" in j,
            "`refresh_token` → a new pair", "a pair", a.brief())
    t.check("refresh rotates", j.get("refresh_token") != first["refresh_token"], "a new pair", "another token", "the same")
    t.check("the new access token works", me(w, j.get("access_token")).status == 200, "a new pair", 200, "refused")
    e = k.request("token", {"token": j.get("access_token")})
    t.check("socket token renewed", e["op"] == "ok", "`token` → `ok`: renews the socket's authorisation in place", "ok", e)
    b = refresh(w, first["refresh_token"])
    t.check("lost reply: the same successor", b.status == 200 and b.json.get("refresh_token") == j.get("refresh_token"),
            rot, "200, the same refresh_token", b.brief())
    error_shape(t, "garbage refresh token", refresh(w, "garbage"), None, (401,))
    other = u.login().json  # another family
    pass_time(31.5)
    c = refresh(w, first["refresh_token"])
    error_shape(t, "old token after 30 s is token_reused", c, "token_reused", (401,))
    d = refresh(w, j.get("refresh_token"))
    t.check("the successor is revoked with its family", d.status == 401, rot, 401, d.brief())
    t.check("the access token of the family too", me(w, j.get("access_token")).status == 401,
            "revokes the whole family", 401, me(w, j.get("access_token")).brief())
    shut = k.wait_closed(5)
    t.check("the family's socket closes 4501", shut and shut[0] == 4501, "4501 revoked", 4501, shut)
    t.check("another family lives on", me(w, other["access_token"]).status == 200, "revokes the whole family (only)", 200,
            me(w, other["access_token"]).brief())


def check_me(w, t):
    u, other = w.user("mona"), w.user("moritz")
    tok = u.login().json["access_token"]
    error_shape(t, "no token", w.http("GET", "/v1/me"), "unauthenticated", (401,))
    error_shape(t, "a broken token", me(w, "abc.def.ghi"), "unauthenticated", (401,))
    h, p, s = tok.split(".") if tok.count(".") == 2 else (tok, "", "")
    forged = f"{h}.{p}.{s[:-4]}AAAA" if p else tok[:-4] + "AAAA"
    t.check("a forged token", me(w, forged).status == 401, "Authorization: Bearer <access token>", 401, me(w, forged).brief())
    a = me(w, tok)
    t.check("me", a.status == 200 and (a.json.get("user", a.json)).get("id") == u.id, "GET /v1/me", u.id, a.brief())
    a = w.http("PATCH", "/v1/me", {"display_name": "Møna Ž"}, token=tok)
    b = me(w, tok)
    t.check("PATCH me", a.status in (200, 204) and b.json.get("user", b.json).get("display_name") == "Møna Ž",
            "GET /v1/me, PATCH /v1/me | profile", "the new name", a.brief() + b.brief())
    a = w.http("GET", f"/v1/users/{other.id}", token=tok)
    t.check("a user by id", a.status == 200 and a.json["user"]["id"] == other.id, "GET /v1/users/{id}", other.id, a.brief())
    error_shape(t, "an unknown user", w.http("GET", "/v1/users/12345", token=tok), "not_found", (404,))
    stem = "zq" + uuid.uuid4().hex[:6]
    for i in range(21):
        register(w, f"{stem}{i:02}")
    a = w.http("GET", f"/v1/users?query={stem}", token=tok)
    n = len((a.json or {}).get("users", []))
    t.check("users query gives at most 20", a.status == 200 and 0 < n <= 20, "GET /v1/users?query= … at most 20", "1…20", n)
    t.check("users hold no address", "email" not in str(a.json) and "phone" not in str(a.json),
            "never e-mail or phone unmasked", "none", a.brief())
    error_shape(t, "users query without token", w.http("GET", f"/v1/users?query={stem}"), "unauthenticated", (401,))
    error_shape(t, "an unknown path", w.http("GET", "/v1/nothing", token=tok), "not_found", (404,))
    t.note("DELETE /v1/me: " + w.http("DELETE", "/v1/me", token=tok).brief())


def check_devices(w, t):
    u, other = w.user("dora"), w.user("dirk")
    ids = [str(uuid.uuid4()) for _ in range(3)]
    ks = [u.connect(d) for d in ids]
    tok = [k.tokens["access_token"] for k in ks]
    a = w.http("GET", "/v1/devices", token=tok[0])
    devs = (a.json or {}).get("devices", [])
    t.check("devices lists the three", a.status == 200 and {d["id"] for d in devs} == set(ids), "the account's devices", ids, a.brief())
    t.check("devices have last_seen", all("last_seen" in d for d in devs), "the account's devices, last seen", "last_seen", devs)
    t.check("devices have a masked address", all(any("addr" in x or x == "ip" for x in d) for d in devs)
            and u.src not in a.raw.decode(), "the account's devices, last seen, address masked", "a masked address", devs[:1])
    theirs = other.login().json
    b = w.http("DELETE", f"/v1/devices/{theirs['device']['id']}", token=tok[0])
    t.check("another's device is not mine", b.status in (403, 404), "revoke one (of the account's devices)", "404/403", b.brief())
    t.check("…and lives on", me(w, theirs["access_token"]).status == 200, "the account's devices", 200, "revoked")
    b = w.http("DELETE", f"/v1/devices/{ids[1]}", token=tok[0])
    t.check("device revoked", b.status in (200, 204), "DELETE /v1/devices/{id} | … revoke one", "2xx", b.brief())
    shut = ks[1].wait_closed(5)
    t.check("its socket closes 4501", shut and shut[0] == 4501, "4501 revoked", 4501, shut)
    t.check("its token is dead", me(w, tok[1]).status == 401, "revoke one", 401, me(w, tok[1]).brief())
    r = refresh(w, ks[1].tokens["refresh_token"])
    t.check("its refresh token is dead", r.status == 401, "revoke one", 401, r.brief())
    t.check("the others stay", ks[0].is_open() and ks[2].is_open(), "revoke one", "open", "closed")
    b = w.http("DELETE", f"/v1/devices/{uuid.uuid4()}", token=tok[0])
    t.check("an unknown device is 404", b.status == 404, "`not_found`", 404, b.brief())


def check_logout(w, t):
    q = "POST /v1/logout | `all?` → 204; sockets of the revoked devices close with 4501"
    u = w.user("lotte")
    ks = [u.connect() for _ in range(3)]
    a = w.http("POST", "/v1/logout", {}, token=ks[0].tokens["access_token"])
    t.check("logout 204", a.status == 204, q, 204, a.brief())
    shut = ks[0].wait_closed(5)
    t.check("logout closes the socket 4501", shut and shut[0] == 4501, q, 4501, shut)
    t.check("logout leaves the other devices", ks[1].is_open(), q, "open", "closed")
    t.check("token dead after logout", me(w, ks[0].tokens["access_token"]).status == 401, q, 401, "works")
    a = w.http("POST", "/v1/logout", {"all": True}, token=ks[1].tokens["access_token"])
    shuts = [k.wait_closed(5) for k in ks[1:]]
    t.check("logout all", a.status == 204 and all(s and s[0] == 4501 for s in shuts), q, "204, 4501 twice", (a.brief(), shuts))
    a = w.http("POST", "/v1/logout", token=u.login().json["access_token"])
    t.check("logout with an empty body", a.status == 204, "`all?` is optional", 204, a.brief())
    k = u.connect()
    e = k.request("logout")
    shut = k.wait_closed(5)
    t.check("socket logout: ok, then close", e["op"] == "ok" and shut, "1020 `logout` → `ok`, then close", "ok, close", (e, shut))
    t.note(f"socket logout closes with {shut}; its token afterwards: {me(w, k.tokens['access_token']).status}")


def check_password(w, t):
    q = "POST /v1/me/password | `old, new` → 204, other devices revoked"
    u = w.user("petra")
    k1, k2 = u.connect(), u.connect()
    tok = k1.tokens["access_token"]
    a = w.http("POST", "/v1/me/password", {"old": "not the old one", "new": "another horse 43"}, token=tok)
    t.check("wrong old password", a.status in (401, 403) and a.code == "invalid_credentials", q, "401 invalid_credentials", a.brief())
    a = w.http("POST", "/v1/me/password", {"old": u.password, "new": "short"}, token=tok)
    t.check("short new password", a.status in (400, 422), "password 8–128 characters", "400/422", a.brief())
    a = w.http("POST", "/v1/me/password", {"old": u.password, "new": "another horse 43"}, token=tok)
    t.check("password changed", a.status == 204, q, 204, a.brief())
    shut = k2.wait_closed(5)
    t.check("the other device is revoked", shut and shut[0] == 4501, q, 4501, shut)
    t.check("this device stays", k1.is_open() and me(w, tok).status == 200, q, "open", "closed")
    t.check("the old password is dead", u.login().status == 401, q, 401, "200")
    u.password = "another horse 43"
    t.check("the new password works", u.login().status == 200, q, 200, "refused")


def check_ops(w, t):
    q = "GET /healthz · /readyz · /metrics (open, own listen address by default)"
    for path in ("/healthz", "/readyz", "/metrics"):
        a = http_call(w.server.ops, "GET", path)
        t.check(f"ops {path}", a.status == 200, q, 200, a.brief())
        a = w.http("GET", path)
        t.check(f"{path} not on the client address", a.status == 404, q, 404, a.brief())
    a = http_call(w.server.ops, "GET", "/metrics")
    lines = [x for x in a.raw.decode().splitlines() if x and not x.startswith("#")]
    t.check("metrics are Prometheus text", bool(lines) and all(len(x.rsplit(" ", 1)) == 2 for x in lines),
            "Prometheus text", "name value", lines[:2])


FAST = [check_register, check_register_limit, check_login, check_me, check_devices, check_logout, check_password, check_ops]
WAITING = [check_refresh, check_login_limit]
