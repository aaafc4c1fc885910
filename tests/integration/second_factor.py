# SPDX-License-Identifier: GPL-3.0-or-later
"""Second factors, revocation, limits and secrecy of a real kithd, tried with tools that are not ours.

usage: second_factor.py KITHD     prints `ok NAME` or `FAIL NAME: got …`, exits 1 if a check failed
Needs oathtool, zbarimg, openssl and sqlcipher (tools/setup.sh installs them) and Python's standard library.
"""
import base64
import collections
import concurrent.futures
import json
import os
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import uuid
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import Server, User, World, pass_time, split_address  # noqa: E402

QUICK = "[accounts]\npassword_operations = 1\npassword_memory_kib = 8\nregistrations_per_minute = 100000\n"
COSTLY = "[accounts]\npassword_threads = 1\npassword_queue = 2\npassword_operations = 3\npassword_memory_kib = 65536\n"
ROUNDS = 8
PRINTING, RESULTS = threading.Lock(), []


def check(name, passed, got=""):
    with PRINTING:
        RESULTS.append(bool(passed))
        print(f"ok {name}" if passed else f"FAIL {name}: got {str(got)[:700]}", flush=True)


def answer(name, a, status, code=None):
    return f"{name}: {status} {code or ''}".rstrip(), (a.status, a.code) == (status, code), a.brief()


def run(function, *args):
    """Each function below yields its checks: name, whether it passed, what there was."""
    try:
        for one in function(*args):
            check(*one)
    except Exception as e:  # it did not come to its end
        where = [f"{os.path.basename(f.filename)}:{f.lineno}" for f in traceback.extract_tb(e.__traceback__)]
        check(f"{function.__name__} runs to its end", False, f"{type(e).__name__} {e} at {where}")


def tool(*command, given=b"", **more):
    return subprocess.run(command, input=given, capture_output=True, timeout=30, check=False, **more)


class Kithd(Server):
    """A kithd with settings of its own, without TLS unless it is given a certificate."""

    def __init__(self, binary, folder, toml, tls=("--insecure",)):
        os.makedirs(os.path.join(folder, "data"), mode=0o700)
        super().__init__(binary, os.path.join(folder, "data"))
        config = os.path.join(folder, "kithd.toml")
        with open(config, "w", encoding="utf-8") as f:
            f.write('log_level = "debug"\n' + toml)
        with open(self.log_path, "ab") as log:
            self.proc = subprocess.Popen(
                [binary, "serve", "--config", config, "--data", self.data, "--listen", "127.0.0.1:0", "--ops-listen", "off",
                 "--ready-file", self.ready_file, *tls], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while not os.path.exists(self.ready_file):  # it comes by rename: whole, or not at all
            if self.proc.poll() is not None or time.monotonic() > end:
                self.proc.kill()
                raise RuntimeError(f"kithd does not serve: {open(self.log_path, encoding='utf-8').read()[-500:]}")
            pass_time(0.02)
        with open(self.ready_file, encoding="utf-8") as f:
            self.addr = split_address(json.load(f)["listen"])


class Watched(World):
    """Remembers every secret that goes over HTTP, for the search at the end: {(kind, bytes)}."""

    def __init__(self, server):
        super().__init__(server)
        self.secrets = set()

    def http(self, method, path, body=None, **kw):
        a = super().http(method, path, body, **kw)
        told = a.json if isinstance(a.json, dict) else {}
        found = [("password", v) for k, v in (body or {}).items() if k in ("password", "old", "new")]
        found += [(k, told[k]) for k in ("access_token", "refresh_token") if k in told]
        found += [("signature", told["access_token"].rsplit(".", 1)[1])] if "access_token" in told else []
        found += [("recovery code", x) for c in told.get("recovery_codes", []) for x in (c, c.replace("-", ""))]
        found += [("secret, Base32", told["secret"])] if "secret" in told else []
        with self.lock:
            self.secrets |= {(kind, text.encode()) for kind, text in found}
            self.secrets |= {("secret, raw", base64.b32decode(v)) for k, v in found if k == "secret, Base32"}
        return a

    def guess(self, name):
        return self.http("POST", "/v1/login", {
            "username": name, "password": "a wrong guess " + uuid.uuid4().hex,
            "device": {"id": str(uuid.uuid4()), "name": "probe", "platform": "linux"}}, source=self.source())

    def refresh(self, token):
        return self.http("POST", "/v1/token/refresh", {"refresh_token": token}, source=self.source())


class Person(User):
    """A fresh account, logged in once."""

    def __init__(self, world, stem):
        super().__init__(world, stem, "a phrase " + uuid.uuid4().hex)
        self.secret, self.tokens = "", self.login().json

    def login(self, device=None, source=None, password=None, **extra):
        return self.world.http("POST", "/v1/login", {
            "username": self.name, "password": password or self.password, **extra,
            "device": {"id": device or str(uuid.uuid4()), "name": "probe", "platform": "linux"}}, source=source or self.src)

    def login_elsewhere(self, **extra):
        return self.login(source=self.world.source(), **extra)

    def call(self, method, path, body=None, tokens=None):
        return self.world.http(method, path, body, token=(tokens or self.tokens)["access_token"], source=self.src)

    def mfa(self, what="", body=None):
        a = self.call("POST" if what else "GET", "/v1/mfa" + what, body)
        self.secret = a.json.get("secret", self.secret) if a.json else self.secret
        return a

    def bind(self, code, secret=None):
        return self.mfa("/bind", {"secret": secret or self.secret, "code": code})

    def bound(self, step):
        """Enrols and binds with the code of that step; the recovery codes."""
        self.mfa("/enroll")
        return self.bind(self.code(step)).json["recovery_codes"]

    def code(self, step):
        return tool("oathtool", "--totp", "--base32", self.secret, "--now", f"@{step * 30}").stdout.decode().strip()

    def wrong(self, step):
        right = {self.code(s) for s in range(step - 2, step + 4)}
        return next(c for c in (f"{n:06}" for n in range(10)) if c not in right)


def in_one_step(function):
    """function(step, …), again from its beginning with fresh users if the 30 s step of TOTP rolled over meanwhile."""
    def again(*args):
        for _ in range(5):
            step, error = int(time.time()) // 30, None
            try:
                result = function(step, *args)
                result = list(result) if hasattr(result, "send") else result
            except Exception as e:
                error = e
            if step == int(time.time()) // 30:
                break
        if error:
            raise error
        return result
    again.__name__ = function.__name__
    return again


def together(count, function):
    """function(i) in so many threads at once; the answers."""
    barrier = threading.Barrier(count)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda i: (barrier.wait(10), function(i))[1], range(count)))


def tally(answers):
    return sorted((a.status, a.code or "") for a in answers)


def dark_pixels(png):
    """Side and dark pixels {(x, y)} of a square greyscale PNG of one bit a pixel with unfiltered rows."""
    side, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    at, packed = 8, b""
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        packed, at = packed + (png[at + 8:at + 8 + size] if kind == b"IDAT" else b""), at + size + 12
    rows, line = zlib.decompress(packed), (side + 7) // 8 + 1
    if (depth, colour) != (1, 0) or side != height or any(rows[y * line] for y in range(side)):
        raise RuntimeError(f"not such a PNG: {side}×{height}, depth {depth}, colour type {colour}")
    return side, {(x, y) for y in range(side) for x in range(side) if not rows[y * line + 1 + x // 8] >> (7 - x % 8) & 1}


def check_enroll(w, folder):
    u = Person(w, "enno")
    j = u.mfa("/enroll").json
    uri, url = j["otpauth_uri"], urllib.parse.urlsplit(j["otpauth_uri"])
    query = dict(urllib.parse.parse_qsl(url.query))
    yield "enroll: the secret is Base32 of 160 bits", re.fullmatch("[A-Z2-7]{32}", j["secret"]), j["secret"]
    yield "enroll: expires_in 900", j["expires_in"] == 900, j["expires_in"]
    yield "enroll: the URI names account, secret and issuer", url.scheme + url.netloc == "otpauthtotp" and urllib.parse.unquote(
        url.path).endswith(":" + u.name) and query["secret"] == j["secret"] and query["issuer"], uri
    yield "enroll: the URI says SHA-1, 6 digits, 30 s", [query.get(k, v) for k, v in (
        ("algorithm", "SHA1"), ("digits", "6"), ("period", "30"))] == ["SHA1", "6", "30"], uri
    png, path = base64.b64decode(j["qr_png"], validate=True), os.path.join(folder, "qr.png")
    with open(path, "wb") as f:
        f.write(png)
    read = tool("zbarimg", "--quiet", "--raw", path).stdout.decode()
    yield "enroll: zbarimg reads exactly otpauth_uri", read.rstrip("\n") == uri, read
    side, dark = dark_pixels(png)
    (left, right), (top, bottom) = [(min(p[i] for p in dark), max(p[i] for p in dark)) for i in (0, 1)]
    module = next(n for n in range(side) if (left + n, top) not in dark) // 7  # a finder pattern is 7 modules wide
    yield "enroll: white quiet zone of 4 modules, dark on white", [left, top, side - 1 - right, side - 1 - bottom] == [
        4 * module] * 4 and module > 0 and (side // module - 8) % 4 == 1, f"{left} {top} {right} {bottom} of {side}, {module}"
    a = u.mfa()
    yield "mfa: enrolled is not bound", (a.json["enabled"], a.json["recovery_codes_left"]) == (False, 0), a.brief()


@in_one_step
def check_bind(step, w):
    u = Person(w, "bina")
    yield answer("bind with nothing pending", u.bind("123456", "A" * 32), 409, "mfa_not_enrolled")
    earlier = u.mfa("/enroll").json["secret"]
    u.mfa("/enroll")
    yield answer("bind with an earlier secret", u.bind(u.code(step), earlier), 409, "mfa_secret_mismatch")
    yield answer("bind with another secret", u.bind(u.code(step), "A" * 32), 409, "mfa_secret_mismatch")
    yield answer("bind with a bad code", u.bind(u.wrong(step)), 401, "mfa_invalid")
    a = u.bind(u.code(step))
    yield answer("bind with oathtool's code", a, 200)
    codes, again, now = a.json["recovery_codes"], u.bind(u.code(step)), u.mfa().json
    yield "10 recovery codes of at least 64 bits", len(set(codes)) == 10 and all(
        len(re.sub("[^0-9A-Za-z]", "", c)) >= 13 for c in codes), codes
    yield "the same bind again: the identical answer", again.status == 200 and again.json == a.json, again.brief()
    yield answer("bind again with another code", u.bind(u.code(step + 1)), 409, "mfa_not_enrolled")
    yield answer("enroll while bound", u.mfa("/enroll"), 409, "forbidden")
    yield "mfa: enabled, bound now, 10 codes left", now["enabled"] and now["recovery_codes_left"] == 10 and abs(
        now["bound_at"] - time.time() * 1000) < 60000, now


@in_one_step
def check_login(step, w):
    u = Person(w, "lola")
    codes, login = u.bound(step - 1), u.login_elsewhere
    yield answer("login without a code", login(), 401, "mfa_required")
    yield answer("login with a wrong code", login(totp=u.wrong(step)), 401, "mfa_invalid")
    yield answer("login with the bind's code", login(totp=u.code(step - 1)), 401, "mfa_invalid")
    yield answer("login with oathtool's code", login(totp=u.code(step)), 200)
    yield answer("login with a used code", login(totp=u.code(step)), 401, "mfa_invalid")
    yield answer("login with the next step's code", login(totp=u.code(step + 1)), 200)
    yield answer("login with an earlier step's code", login(totp=u.code(step)), 401, "mfa_invalid")
    yield answer("login with no recovery code of theirs", login(recovery_code="0000-0000-0000-0000"), 401, "mfa_invalid")
    yield answer("login with a recovery code", login(recovery_code=codes[0]), 200)
    yield answer("login with a used recovery code", login(recovery_code=codes[0]), 401, "mfa_invalid")
    a = login(password="not " + u.password, recovery_code=codes[1])
    yield answer("login with a right code and a wrong password", a, 401, "invalid_credentials")
    yield "one recovery code less", u.mfa().json["recovery_codes_left"] == 9, u.mfa().brief()
    a = u.mfa("/recovery-codes", {"password": u.password, "code": codes[1]})
    yield answer("new recovery codes", a, 200)
    fresh = a.json["recovery_codes"]
    yield answer("login with a replaced recovery code", login(recovery_code=codes[2]), 401, "mfa_invalid")
    yield answer("login with a new recovery code", login(recovery_code=fresh[0]), 200)
    for name, password, code, *want in (
            ("a wrong password", "not " + u.password, fresh[1], 401, "invalid_credentials"),
            ("a wrong code", u.password, u.wrong(step), 401, "mfa_invalid"),
            ("a recovery code", u.password, fresh[1], 204), ("nothing bound", u.password, fresh[2], 409, "mfa_not_enrolled")):
        yield answer("unbind with " + name, u.mfa("/unbind", {"password": password, "code": code}), *want)
    yield answer("login after unbind", login(), 200)


@in_one_step
def bind_race(step, w):
    u = Person(w, "race")
    u.mfa("/enroll")
    code = u.code(step)
    answers = together(4, lambda i: u.bind(code))
    last = (answers[3].json.get("recovery_codes") or [""])[-1]
    return answers, u.login_elsewhere(recovery_code=last).status, u.mfa().json["recovery_codes_left"]


@in_one_step
def login_race(step, w, kind):
    u = Person(w, "race")
    code = {"recovery_code": u.bound(step - 1)[4], "totp": u.code(step)}[kind]
    return tally(together(4, lambda i: u.login_elsewhere(**{kind: code})))


def refresh_race(w):
    u = Person(w, "race")
    old = u.tokens["refresh_token"]
    answers = together(8, lambda i: w.refresh(old))
    late = w.refresh(old)  # the reply was lost
    told = {a.json.get("refresh_token") for a in [*answers, late]}
    after = w.refresh(max(told, key=str))
    alive = {u.call("GET", "/v1/me", tokens=a.json).status for a in [*answers, late, after] if a.status == 200}
    good = len(told) == 1 and old not in told and after.status == 200 and after.json["refresh_token"] not in told | {old}
    return good and alive == {200} and tally([*answers, late]) == [(200, "")] * 9, tally([*answers, late, after]), alive


def check_races(w):
    for kind in ("totp", "recovery_code"):
        rounds = [login_race(w, kind) for _ in range(ROUNDS)]
        yield (f"{ROUNDS} × 4 logins at once with one {kind}: one passes",
               all(r == [(200, "")] + [(401, "mfa_invalid")] * 3 for r in rounds), rounds)
    rounds = [bind_race(w) for _ in range(ROUNDS)]
    yield f"{ROUNDS} × 4 binds at once with one code: all 200, identical codes", all(
        tally(r[0]) == [(200, "")] * 4 and len({a.raw for a in r[0]}) == 1 for r in rounds), [tally(r[0]) for r in rounds]
    yield "the recovery codes that they were told count", all(r[1:] == (200, 9) for r in rounds), [r[1:] for r in rounds]
    rounds = [refresh_race(w) for _ in range(ROUNDS)]
    yield f"{ROUNDS} × 8 refreshes at once: one successor, told again, and it works", all(r[0] for r in rounds), rounds


def check_revocation(w):
    def closes(name, act, sockets, stays=()):
        began, a = time.monotonic(), act()
        got = [k.wait_closed(3) for k in sockets]
        took = time.monotonic() - began
        yield answer(name, a, 204)
        yield f"{name}: closed with 4501 within 1 s", all(g and g[0] == 4501 for g in got) and took < 1, (got, took)
        yield f"{name}: the others stay", all(k.is_open() for k in stays), [k.ws.closed for k in stays]
        for i, k in enumerate(sockets):
            yield answer(f"{name}: refresh token {i}", w.refresh(k.tokens["refresh_token"]), 401, "unauthenticated")
            yield answer(f"{name}: access token {i}", u.call("GET", "/v1/me", tokens=k.tokens), 401, "unauthenticated")
    u = Person(w, "rena")
    a, b = u.connect(), u.connect()
    yield from closes("device", lambda: u.call("DELETE", f"/v1/devices/{b.tokens['device']['id']}", None, a.tokens), [b], [a])
    others, old, new = [u.connect(), u.connect()], u.password, "a phrase " + uuid.uuid4().hex
    yield from closes("password", lambda: u.call("POST", "/v1/me/password", {"old": old, "new": new}, a.tokens), others, [a])
    u.password = new
    yield answer("login with the old password", u.login_elsewhere(password=old), 401, "invalid_credentials")
    yield answer("password: the caller's refresh token lives", w.refresh(a.tokens["refresh_token"]), 200)
    sockets = [u.connect(), u.connect(), a]
    yield from closes("logout of all", lambda: u.call("POST", "/v1/logout", {"all": True}, a.tokens), sockets)


@in_one_step
def guess_codes(step, w):
    v = Person(w, "vera")
    v.bound(step - 1)
    return [v.login_elsewhere(totp=code) for code in [v.wrong(step)] * 5 + [v.code(step)]]


def check_throttle(w):
    def seen(a):
        return a.status, {k: v for k, v in a.error.items() if k not in ("trace", "retry_after_ms")}
    u = Person(w, "otto")
    names = {"known": u.name, "unknown": "nobody." + uuid.uuid4().hex[:8]}
    got = {k: [w.guess(name) for _ in range(7)] for k, name in names.items()}
    first = {k: v[5].error.get("retry_after_ms", 0) for k, v in got.items()}
    for k, v in got.items():
        yield f"throttle, {k} name: 5 × 401, then 429", tally(v) == [(401, "invalid_credentials")] * 5 + [
            (429, "rate_limited")] * 2 and v[4].status == 401, [a.brief() for a in v]
        header = v[5].headers.get("retry-after", "-")
        yield f"throttle, {k} name: retry_after_ms and Retry-After", first[k] > 0 and 0 <= int(header) * 1000 - first[k] < 1000, (
            v[5].brief(), header)
    seq = {k: [seen(a) for a in v] for k, v in got.items()}
    yield "throttle: known and unknown names alike", seq["known"] == seq["unknown"], seq
    yield answer("throttle: the right password waits as well", u.login_elsewhere(), 429, "rate_limited")
    codes = [(a.status, a.code) for a in guess_codes(w)]
    yield "throttle of codes: 5 × 401, then 429 even for a right one", codes == [(401, "mfa_invalid")] * 5 + [
        (429, "rate_limited")], codes
    pass_time(min(max(first.values()), 60000) / 1000 + 0.1)  # the server's own window; other checks run meanwhile
    again = {k: [w.guess(name), w.guess(name)] for k, name in names.items()}
    waits = {k: (first[k], v[1].error.get("retry_after_ms", 0)) for k, v in again.items()}
    yield f"throttle: the wait grows, ms {waits}", all(tally(v) == [(401, "invalid_credentials"), (429, "rate_limited")]
                                                       for v in again.values()) and all(b > 1.5 * a for a, b in waits.values())


AUDIT = ("registered login mfa_failed mfa_bound login_failed login_code_failed login login_recovery_code password_failed "
         "recovery_codes_renewed mfa_unbound device_revoked password_changed").split()


@in_one_step
def audit_story(step, w):
    u = Person(w, "anna")
    u.mfa("/enroll")
    u.bind(u.wrong(step))
    codes = u.bound(step - 1)
    u.login(password="not " + u.password)
    u.login(totp=u.wrong(step))
    other = u.login(totp=u.code(step)).json["device"]["id"]
    u.login(recovery_code=codes[0])
    u.mfa("/recovery-codes", {"password": "not " + u.password, "code": codes[1]})
    u.mfa("/recovery-codes", {"password": u.password, "code": codes[1]})
    u.mfa("/unbind", {"password": u.password, "code": u.code(step + 1)})
    u.call("DELETE", "/v1/devices/" + other)
    u.call("POST", "/v1/me/password", {"old": u.password, "new": u.password + "!"})
    return u


def check_audit(w):
    u = audit_story(w)
    end, events = time.monotonic() + 5, []
    while len(events) < len(AUDIT) and time.monotonic() < end:  # it is written after the answer
        events = u.call("GET", "/v1/audit?limit=200").json["events"]
    names, addresses = [e["event"] for e in events], {e["address"] for e in events}
    yield "audit: exactly these events, newest first", names[::-1] == AUDIT, names
    yield "audit: the address is masked", addresses == {u.src.rsplit(".", 1)[0] + ".x"}, addresses
    yield "audit: device and time", u.tokens["device"]["id"] in {e["device"] for e in events} and all(
        abs(e["at"] - time.time() * 1000) < 120000 for e in events), events
    pages, more = [], True
    while more and len(pages) <= len(events):
        j = u.call("GET", "/v1/audit?limit=4" + (f"&before={pages[-1]['id']}" if pages else "")).json
        pages, more = pages + j["events"], j["more"]
    yield "audit: pages of 4 make the same list", pages == events, pages


def leaks(files, needles):
    texts = [(os.path.basename(path), open(path, "rb").read()) for path in files]
    return [(kind, name) for name, text in texts for kind, needle in needles if needle in text]


def check_nothing_leaks(server, w, folder):
    def files():
        return [os.path.join(at, f) for at, _, names in os.walk(server.data) for f in names] + [server.log_path]
    needles, log = sorted(w.secrets), server.log_path
    kinds = collections.Counter(kind for kind, _ in needles)
    yield f"secrets to look for: {dict(kinds)}", len(kinds) == 7 and all(len(n) >= 16 for _, n in needles) and min(
        kinds.values()) > 20
    found = leaks(files(), needles)
    yield f"no secret in {len(files())} files while it runs", not found and len(files()) >= 3, found
    ended = server.stop()
    yield "kithd ends with 0", ended == 0, ended
    found = leaks(files(), needles)
    yield f"no secret in {len(files())} files after its end", not found and len(files()) >= 3, found
    yield "the log was captured", len(leaks([log], [("", b'"second factor bound"'), ("", b'"call refused"')])) == 2
    addresses = [("", f"{address}".encode()) for address in (f"127.10.{n}.1" for n in range(1, 100))]
    yield "the log has no whole address", not leaks([log], [(n, n + b'"') for _, n in addresses]), leaks([log], addresses)
    # Under the encryption: what whoever has the database's key can read.
    plain, key = os.path.join(folder, "plain.db"), open(os.path.join(server.data, "kithd.key"), encoding="ascii").read().strip()
    made = tool("sqlcipher", *(p for p in files() if p.endswith(".db")), given=(
        f"PRAGMA key = \"x'{key}'\"; ATTACH '{plain}' AS plain KEY ''; SELECT sqlcipher_export('plain');").encode())
    yield "sqlcipher reads the database", leaks([plain], [("", b"login_recovery_code")]), made
    found = leaks([plain], needles)
    yield "no secret in the database under its encryption", not found, found
    each = sorted(dict(needles).items())
    with open(os.path.join(server.data, "planted"), "wb") as f:
        f.write(b"".join(random.randbytes(999) + needle for _, needle in each))
    found = leaks(files(), each)
    yield "the search finds one planted secret of each kind", found == [(kind, "planted") for kind, _ in each], found


def check_pool(server):
    w, answers, worst, unanswered = Watched(server), [], 0, 0
    k = Person(w, "pool").connect()
    for _ in range(3):
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            crowd = pool.submit(together, 20, lambda i: w.guess("crowd." + uuid.uuid4().hex[:12]))
            while not crowd.done():
                began = time.monotonic()
                unanswered += k.request("heartbeat", {"t": 1})["op"] != "heartbeat"
                worst = max(worst, time.monotonic() - began)
            answers += crowd.result()
    counts, full = collections.Counter(tally(answers)), [a for a in answers if a.status == 503]
    yield f"Argon2 pool: 3 × 20 logins at once: {dict(counts)}", set(counts) == {
        (401, "invalid_credentials"), (503, "overloaded")}
    yield "Argon2 pool: 503 has retry_after_ms", full and all(a.error["retry_after_ms"] > 0 for a in full), full and full[0].brief()
    yield f"Argon2 pool: heartbeats meanwhile, the worst {worst * 1000:.1f} ms", worst and not unanswered, unanswered
    w.close_all()


def s_client(addr, *options):
    return tool("openssl", "s_client", "-connect", f"{addr[0]}:{addr[1]}", "-ign_eof", *options, env={"OPENSSL_CONF": os.devnull},
                given=b"GET /v1/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")


def hello(addr, *suites):
    """Type and alert of the answer to a TLS 1.2 hello with these suites: for those that no OpenSSL offers any longer."""
    extensions = bytes.fromhex("000a00060004001d0017 000b00020100 000d00080006080404010201")
    offered = b"".join(struct.pack(">H", s) for s in suites)
    body = b"\3\3" + os.urandom(32) + b"\0" + struct.pack(">H", len(offered)) + offered + b"\1\0" + struct.pack(
        ">H", len(extensions)) + extensions
    with socket.create_connection(addr, timeout=10) as s, s.makefile("rb") as f:
        s.sendall(b"\x16\3\1" + struct.pack(">HBBH", len(body) + 4, 1, 0, len(body)) + body)
        got = f.read(7)
    return got[0], got[6]


def check_tls(server, lax):
    for option, name in (("-tls1_2", b"TLSv1.2"), ("-tls1_3", b"TLSv1.3")):
        made = s_client(server.addr, option)
        yield f"TLS: {option} serves", b"HTTP/1.1 401" in made.stdout and name + b", Cipher is" in made.stdout, made
    weak = [("-tls1", "ALL"), ("-tls1_1", "ALL")] + [("-tls1_2", c) for c in (
        "NULL", "aNULL", "RC4", "3DES", "AES128-SHA", "ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256")]
    raw = {"RC4": (0x0004, 0x0005, 0xC011), "3DES": (0x000A, 0x0016, 0xC012)}
    for version, cipher in weak:
        options = (version, "-cipher", cipher + ":@SECLEVEL=0")
        made = s_client(server.addr, *options)
        if cipher in raw:
            got = hello(server.addr, *raw[cipher])
            yield f"TLS: a hello with {cipher} is refused", got == (21, 40), got
            if b"no cipher match" in made.stderr:  # this openssl has none to offer
                continue
        else:
            control = s_client(lax, *options)
            yield f"TLS: openssl's own server takes {version} {cipher}", b"Cipher is (NONE)" not in control.stdout, control
        yield f"TLS: {version} {cipher} is refused", made.returncode != 0 and b" alert " in made.stderr, made
    got = hello(server.addr, 0xC02F, 0x0005)
    yield "TLS: a hello with ECDHE-RSA-AES128-GCM-SHA256 is answered", got == (22, 0), got


def main():
    binary, began = os.path.abspath(sys.argv[1]), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kith-factor-") as folder:
        cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
        tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-keyout", key,
             "-out", cert)
        lax = subprocess.Popen(["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", cert, "-key", key, "-cipher",
                                "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], stdout=subprocess.PIPE, env={"OPENSSL_CONF": os.devnull})
        servers = []
        try:
            for name, toml, tls in (("main", QUICK, ["--insecure"]), ("pool", COSTLY, ["--insecure"]),
                                    ("tls", QUICK, ["--tls-cert", cert, "--tls-key", key])):
                servers.append(Kithd(binary, os.path.join(folder, name), toml, tls))
            w = Watched(servers[0])
            waiting = threading.Thread(target=run, args=(check_throttle, w))
            waiting.start()
            run(check_enroll, w, folder)
            for function in (check_bind, check_login, check_races, check_revocation, check_audit):
                run(function, w)
            run(check_pool, servers[1])
            accepts = next(line for line in iter(lax.stdout.readline, b"") if line.startswith(b"ACCEPT"))
            run(check_tls, servers[2], split_address(accepts.decode().split()[1]))
            waiting.join()
            w.close_all()
            run(check_nothing_leaks, servers[0], w, folder)
        finally:
            lax.kill()
            lax.wait()
            for server in servers:
                server.stop()
    print(f"{sum(RESULTS)} ok, {RESULTS.count(False)} failed, {time.monotonic() - began:.1f} s")
    return 0 if all(RESULTS) else 1


if __name__ == "__main__":
    sys.exit(main())
