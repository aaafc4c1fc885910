# SPDX-License-Identifier: GPL-3.0-or-later
"""Second factors, revocation, limits and secrecy of a real kithd, tried with tools that are not ours.
usage: second_factor.py KITHD     prints `ok NAME` or `FAIL NAME: got …`, exits 1 if a check failed
Needs oathtool, zbarimg, openssl and sqlcipher (tools/setup.sh installs them) and Python's standard library."""
import base64
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import uuid
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "independent"))
from kith_client import Server, User, World, pass_time, split_address  # noqa: E402

QUICK = "[accounts]\npassword_operations = 1\npassword_memory_kib = 8\nregistrations_per_minute = 100000\n"
COSTLY = "[accounts]\npassword_threads = 1\npassword_queue = 2\npassword_operations = 3\npassword_memory_kib = 65536\n"
AUDIT = ("registered login mfa_failed mfa_bound login_failed login_code_failed login login_recovery_code password_failed "
         "recovery_codes_renewed mfa_unbound device_revoked password_changed").split()
ROUNDS, RESULTS, SECRETS = 8, [], set()  # SECRETS: (kind, bytes) of all that went over HTTP


def run(function, *args):
    """The functions below yield their checks: name, whether it passed, what there was."""
    try:
        for name, passed, *got in function(*args):
            RESULTS.append(bool(passed))
            print(f"ok {name}\n" if passed else f"FAIL {name}: got {str(got)[1:700]}\n", end="", flush=True)
    except Exception:
        RESULTS.append(False)
        print(f"FAIL {function.__name__} comes to its end: got {traceback.format_exc()}", end="", flush=True)


def answer(name, a, status, code=None):
    return f"{name}: {status} {code or ''}".rstrip(), (a.status, a.code) == (status, code), a.brief()


def tool(*command, given=b"", **more):
    return subprocess.run(command, input=given, capture_output=True, timeout=30, check=False, **more)


def serve(servers, binary, folder, toml, *tls):
    """A kithd with settings of its own, without TLS unless it is given a certificate."""
    (folder / "data").mkdir(mode=0o700, parents=True)
    (folder / "kithd.toml").write_text('log_level = "debug"\n' + toml, encoding="utf-8")
    servers.append(server := Server(binary, str(folder / "data")))
    command = [binary, "serve", "--config", folder / "kithd.toml", "--data", server.data, "--listen", "127.0.0.1:0",
               "--ops-listen", "off", "--ready-file", server.ready_file, *(tls or ["--insecure"])]
    with open(server.log_path, "ab") as log:
        server.proc, end = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log), time.monotonic() + 30
    while not os.path.exists(server.ready_file) and server.proc.poll() is None and time.monotonic() < end:
        pass_time(0.02)
    assert os.path.exists(server.ready_file), Path(server.log_path).read_text(encoding="utf-8")
    server.addr = split_address(json.loads(Path(server.ready_file).read_bytes())["listen"])


class Watched(World):
    """Calls from ever new addresses, and remembers the secrets in them for the search at the end."""
    def http(self, method, path, body=None, **kw):
        a = super().http(method, path, body, **{"source": self.source(), **kw})
        found = [("password", v) for k, v in (body or {}).items() if k in ("password", "old", "new")]
        for k, v in (a.json or {}).items():
            found += [(k, v)] if k in ("access_token", "refresh_token", "secret") else []
            found += [("signature", v.rsplit(".", 1)[1])] if k == "access_token" else []
            found += [(k, x) for c in v for x in (c, c.replace("-", ""))] if k == "recovery_codes" else []
        SECRETS.update({(kind, text.encode()) for kind, text in found if text != "not it"})
        SECRETS.update({("raw secret", base64.b32decode(text)) for kind, text in found if kind == "secret"})
        return a

    def login(self, name, password=None, **extra):
        device = {"id": str(uuid.uuid4()), "name": "probe", "platform": "linux"}
        password = password or "a wrong guess " + uuid.uuid4().hex
        return self.http("POST", "/v1/login", {"username": name, "password": password, "device": device, **extra})

    def refresh(self, token):
        return self.http("POST", "/v1/token/refresh", {"refresh_token": token})


class Person(User):
    """A fresh account, logged in once."""
    def __init__(self, world):
        super().__init__(world, "factor", "a phrase " + uuid.uuid4().hex)
        self.secret, self.step, self.tokens = "", 0, self.login().json

    def login(self, device=None, **extra):
        return self.world.login(self.name, **{"password": self.password, **extra})

    def call(self, method, path, body=None, tokens=None):
        return self.world.http(method, path, body, token=(tokens or self.tokens)["access_token"])

    def mfa(self, what="", **body):
        a = self.call("POST" if what else "GET", "/v1/mfa" + what, body or None)
        self.secret = (a.json or {}).get("secret", self.secret)
        return a

    def bind(self, code, secret=None):
        return self.mfa("/bind", secret=secret or self.secret, code=code)

    def bound(self):
        """Enrols and binds with the code before `code()`; the recovery codes."""
        self.mfa("/enroll")
        return self.bind(self.code(-1)).json["recovery_codes"]

    def code(self, later=0):
        """oathtool's code of this step of 30 s, or the next where it ends soon: that of `later` -1 is in the window as well."""
        self.step = self.step or int(time.time() + 8) // 30
        at = f"@{(self.step + later) * 30}"
        return tool("oathtool", "--totp", "--base32", self.secret, "--now", at).stdout.decode().strip()

    def wrong(self):
        return min({f"{n:06}" for n in range(10)} - {self.code(n) for n in range(-3, 4)})


def together(count, function):
    barrier = threading.Barrier(count)
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: (barrier.wait(10), function())[1], range(count)))


def tally(answers):
    return sorted((a.status, a.code or "") for a in answers)


def dark_pixels(png):
    """Side and dark pixels {(x, y)} of a square greyscale PNG of one bit a pixel with unfiltered rows in one chunk."""
    side, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    rows, line = zlib.decompressobj().decompress(png[png.index(b"IDAT") + 4:]), (side + 7) // 8 + 1
    assert (height, depth, colour) == (side, 1, 0) and not any(rows[y * line] for y in range(side)), "not such a PNG"
    return side, {(x, y) for y in range(side) for x in range(side) if not rows[y * line + 1 + x // 8] >> (7 - x % 8) & 1}


def check_enroll(w, folder):
    j = (u := Person(w)).mfa("/enroll").json
    uri, head = j["otpauth_uri"], re.fullmatch(r"otpauth://totp/([^:?]+):([^?]+)\?(.*)", j["otpauth_uri"])
    needed = {"secret=" + j["secret"], "issuer=" + (head or [""] * 2)[1]}
    yield "enroll: 160 bits in Base32 for 900 s", re.fullmatch("[A-Z2-7]{32}", j["secret"]) and j["expires_in"] == 900, j
    yield "enroll: the URI names account, secret and issuer, and SHA-1, 6 digits, 30 s if anything", head and head[
        2] == u.name and needed <= set(head[3].split("&")) <= needed | {"algorithm=SHA1", "digits=6", "period=30"}, uri
    png = base64.b64decode(j["qr_png"], validate=True)
    (folder / "qr.png").write_bytes(png)
    read = tool("zbarimg", "--quiet", "--raw", folder / "qr.png").stdout.decode()
    yield "enroll: zbarimg reads exactly otpauth_uri", read == uri + "\n", read
    side, dark = dark_pixels(png)
    (left, right), (top, bottom) = [(min(p[i] for p in dark), max(p[i] for p in dark)) for i in (0, 1)]
    module = next(n for n in range(side) if (left + n, top) not in dark) // 7  # a finder pattern is 7 modules wide
    yield "enroll: white quiet zone of 4 modules, dark on white", [left, top, side - 1 - right, side - 1 - bottom] == [
        4 * module] * 4 and module > 0 and (side // module - 8) % 4 == 1, f"{left} {top} {right} {bottom} of {side}, {module}"
    yield "mfa: enrolled is not bound", u.mfa().json == {"enabled": False, "bound_at": None, "recovery_codes_left": 0}


def check_bind(w):
    u = Person(w)
    yield answer("bind with nothing pending", u.bind("123456", "A" * 32), 409, "mfa_not_enrolled")
    earlier, _ = u.mfa("/enroll").json["secret"], u.mfa("/enroll")
    for name, code, secret, *want in (("an earlier secret", u.code(), earlier, 409, "mfa_secret_mismatch"),
                                      ("another secret", u.code(), "A" * 32, 409, "mfa_secret_mismatch"),
                                      ("a bad code", u.wrong(), u.secret, 401, "mfa_invalid")):
        yield answer("bind with " + name, u.bind(code, secret), *want)
    a, again = u.bind(u.code()), u.bind(u.code())
    yield answer("bind with oathtool's code", a, 200)
    codes, now = a.json["recovery_codes"], u.mfa().json
    yield "10 recovery codes of 64 bits", len(set(codes)) == 10 and min(len(c.replace("-", "")) for c in codes) >= 13, codes
    yield "the same bind again: the identical answer", again.status == 200 and again.raw == a.raw, again.brief()
    yield answer("bind again with another code", u.bind(u.code(-1)), 409, "mfa_not_enrolled")
    yield answer("enroll while bound", u.mfa("/enroll"), 409, "forbidden")
    yield answer("login with a code of an earlier step than the bind's", u.login(totp=u.code(-1)), 401, "mfa_invalid")
    yield "mfa: enabled, bound now, 10 codes left", now["enabled"] and now["recovery_codes_left"] == 10 and abs(
        now["bound_at"] - time.time() * 1000) < 60000, now


def check_login(w):
    u = Person(w)
    codes, bad, good = u.bound(), (401, "mfa_invalid"), (200,)
    for name, extra, *want in (
            ("no code", {}, 401, "mfa_required"), ("a wrong code", {"totp": u.wrong()}, *bad),
            ("the bind's code", {"totp": u.code(-1)}, *bad), ("oathtool's code", {"totp": u.code()}, *good),
            ("a used code", {"totp": u.code()}, *bad), ("nobody's recovery code", {"recovery_code": "0000" * 4}, *bad),
            ("a recovery code", {"recovery_code": codes[0]}, *good), ("a used one", {"recovery_code": codes[0]}, *bad),
            ("wrong password, good code", {"password": "not it", "recovery_code": codes[1]}, 401, "invalid_credentials")):
        yield answer("login with " + name, u.login(**extra), *want)
    if int(time.time()) // 30 == u.step:  # else the one after it may be out of the window
        yield answer("login with the next step's code", u.login(totp=u.code(1)), 200)
    yield "one recovery code less", u.mfa().json["recovery_codes_left"] == 9, u.mfa().brief()
    a = u.mfa("/recovery-codes", password=u.password, code=codes[1])
    yield answer("new recovery codes", a, 200)
    fresh = a.json["recovery_codes"]
    yield answer("login with a replaced recovery code", u.login(recovery_code=codes[2]), *bad)
    yield answer("login with a new recovery code", u.login(recovery_code=fresh[0]), 200)
    for name, password, code, *want in (
            ("a wrong password", "not it", fresh[1], 401, "invalid_credentials"), ("a wrong code", u.password, u.wrong(), *bad),
            ("a recovery code", u.password, fresh[1], 204), ("nothing bound", u.password, fresh[2], 409, "mfa_not_enrolled")):
        yield answer("unbind with " + name, u.mfa("/unbind", password=password, code=code), *want)
    yield answer("login after unbind", u.login(), 200)


def check_races(w):
    for kind, rounds in (("totp", []), ("recovery_code", [])):
        for u in (Person(w) for _ in range(ROUNDS)):
            extra = {kind: {"recovery_code": u.bound()[4], "totp": u.code()}[kind]}
            rounds.append(tally(together(4, lambda: u.login(**extra))))
        yield f"{ROUNDS} × 4 logins at once with one {kind}: one passes", rounds == [
            [(200, "")] + [(401, "mfa_invalid")] * 3] * ROUNDS, rounds
    binds, logins = [], []
    for u in (Person(w) for _ in range(ROUNDS)):
        u.mfa("/enroll")
        code = u.code()
        binds.append(together(4, lambda: u.bind(code)))
        logins.append(u.login(recovery_code=binds[-1][3].json.get("recovery_codes", [""])[-1]))
    yield f"{ROUNDS} × 4 binds at once with one code: all 200, identical codes", all(
        tally(b) == [(200, "")] * 4 and len({a.raw for a in b}) == 1 for b in binds), [tally(b) for b in binds]
    yield "the recovery codes that they were told count", tally(logins) == [(200, "")] * ROUNDS, tally(logins)
    good, seen = ([(200, "")] * 10, 1, 3, {200}), []
    for u in (Person(w) for _ in range(ROUNDS)):
        old = u.tokens["refresh_token"]
        told = together(8, lambda: w.refresh(old)) + [w.refresh(old)]  # the last one: a reply was lost
        successors = {a.json.get("refresh_token") for a in told}
        told.append(w.refresh(max(successors, key=str)))
        alive = {u.call("GET", "/v1/me", tokens=a.json).status for a in told if a.status == 200}
        seen.append((tally(told), len(successors), len({old, *successors, told[-1].json.get("refresh_token")}), alive))
    yield f"{ROUNDS} × 8 refreshes at once: one successor, told again, and it works", seen == [good] * ROUNDS, seen


def check_revocation(w):
    def closes(name, act, sockets, stays=()):
        began, a = time.monotonic(), act()
        got, took = [k.wait_closed(3) for k in sockets], time.monotonic() - began
        yield answer(name, a, 204)
        yield f"{name}: closed with 4501 within 1 s", all(g and g[0] == 4501 for g in got) and took < 1, (got, took)
        yield f"{name}: the others stay", all(k.is_open() for k in stays), [k.ws.closed for k in stays]
        dead = [x for k in sockets for x in (w.refresh(k.tokens["refresh_token"]), u.call("GET", "/v1/me", tokens=k.tokens))]
        yield f"{name}: refresh and access tokens are dead", set(tally(dead)) == {(401, "unauthenticated")}, tally(dead)
    u = Person(w)
    a, b = u.connect(), u.connect()
    yield from closes("device", lambda: u.call("DELETE", f"/v1/devices/{b.tokens['device']['id']}", None, a.tokens), [b], [a])
    others, old, new = [u.connect(), u.connect()], u.password, "a phrase " + uuid.uuid4().hex
    yield from closes("password", lambda: u.call("POST", "/v1/me/password", {"old": old, "new": new}, a.tokens), others, [a])
    u.password = new
    yield answer("login with the old password", u.login(password=old), 401, "invalid_credentials")
    yield answer("password: the caller's refresh token lives", w.refresh(a.tokens["refresh_token"]), 200)
    yield from closes("logout", lambda: u.call("POST", "/v1/logout", {"all": True}, a.tokens), [a, u.connect(), u.connect()])


def check_throttle(w):
    u, v, bad, slow = Person(w), Person(w), (401, "invalid_credentials"), (429, "rate_limited")
    names = {"known": u.name, "unknown": "nobody." + uuid.uuid4().hex[:8]}
    got = {k: [w.login(name) for _ in range(7)] for k, name in names.items()}
    first = {k: a[5].error.get("retry_after_ms", 0) for k, a in got.items()}
    for k, a in got.items():
        yield f"throttle, {k} name: 5 × 401, then 429", [(x.status, x.code) for x in a] == [bad] * 5 + [slow] * 2, tally(a)
        yield f"throttle, {k} name: retry_after_ms and Retry-After", 0 < first[k] <= int(
            a[5].headers.get("retry-after", -1)) * 1000 < first[k] + 1000, (a[5].brief(), a[5].headers)
    seen = [[{**x.error, "trace": "", "retry_after_ms": 0, "status": x.status} for x in a] for a in got.values()]
    yield "throttle: known and unknown names alike", seen[0] == seen[1], seen
    yield answer("throttle: the right password waits as well", u.login(), *slow)
    v.bound()
    codes = [v.login(totp=v.wrong()) for _ in range(5)] + [v.login(totp=v.code())]
    yield "throttle of codes: 5 × 401, then 429 for a right one", tally(codes) == [(401, "mfa_invalid")] * 5 + [slow], codes
    pass_time(min(max(first.values()), 60000) / 1000 + 0.1)  # the server's own window; other checks run meanwhile
    again = {k: [w.login(name), w.login(name)] for k, name in names.items()}
    waits = {k: (first[k], a[1].error.get("retry_after_ms", 0)) for k, a in again.items()}
    yield f"throttle: the wait grows, ms {waits}", all(tally(a) == [bad, slow] for a in again.values()) and all(
        after > 1.5 * before for before, after in waits.values()), [tally(a) for a in again.values()]


def check_audit(w):
    (u := Person(w)).mfa("/enroll")
    u.bind(u.wrong())
    codes = u.bound()
    for extra in ({"password": "not it"}, {"totp": u.wrong()}, {"totp": u.code()}, {"recovery_code": codes[0]}):
        device = u.login(**extra).json.get("device", {}).get("id")
    for call, password, code in (("recovery-codes", "not it", codes[1]), ("recovery-codes", u.password, codes[1])):
        codes = u.mfa("/" + call, password=password, code=code).json.get("recovery_codes", codes)
    u.mfa("/unbind", password=u.password, code=codes[0])
    u.call("DELETE", f"/v1/devices/{device}")
    u.call("POST", "/v1/me/password", {"old": u.password, "new": u.password + "!"})
    end, events = time.monotonic() + 5, []
    while len(events) < len(AUDIT) and time.monotonic() < end:  # it is written after the answer
        events = u.call("GET", "/v1/audit?limit=200").json["events"]
    yield "audit: exactly these events, newest first", [e["event"] for e in events[::-1]] == AUDIT, events
    yield "audit: the addresses are masked", all(re.fullmatch(r"127\.1\d\.\d+\.x", e["address"]) for e in events), events
    yield "audit: devices and times", {device, u.tokens["device"]["id"]} <= {e["device"] for e in events} and all(
        abs(e["at"] / 1000 - time.time()) < 120 for e in events), events
    pages, more = [], True
    while more and len(pages) <= len(events):
        j = u.call("GET", "/v1/audit?limit=4" + (f"&before={pages[-1]['id']}" if pages else "")).json
        pages, more = pages + j["events"], j["more"]
    yield "audit: pages of 4 make the same list", pages == events, pages


def check_nothing_leaks(server, w, folder):
    def files():
        return [os.path.join(at, f) for at, _, names in os.walk(server.data) for f in names] + [server.log_path]
    def search(where, what):
        texts = [(path, Path(path).read_bytes()) for path in where]
        return [(kind, os.path.basename(path)) for path, text in texts for kind, needle in what if needle in text]
    secrets, each, kinds = sorted(SECRETS), sorted(dict(SECRETS).items()), Counter(kind for kind, _ in SECRETS)
    yield f"secrets to look for: {dict(kinds)}", len(kinds) == 7 and min(kinds.values()) > 20 and all(
        len(text) >= 16 for _, text in secrets)
    for when in ("while it runs", "after its end"):
        found, count = search(files(), secrets), len(files())
        yield f"no secret in data folder and log, {count} files, {when}", not found and count >= 3, found
        ended = server.stop()
    yield "kithd ends with 0", ended == 0, ended
    known = [(n, n.encode()) for n in ("second factor bound", "call refused", '.x"')]
    yield "the log was captured", len(search([server.log_path], known)) == 3
    found = search([server.log_path], [(n, f"127.{10 + n // 200}.{n % 200}.1\"".encode()) for n in range(1, w.n + 1)])
    yield "the log has no whole address", not found, found
    # Under the encryption: what whoever has the database's key can read.
    plain, key = folder / "plain.db", Path(server.data, "kithd.key").read_text(encoding="ascii").strip()
    made = tool("sqlcipher", *(p for p in files() if p.endswith(".db")), given=(
        f"PRAGMA key = \"x'{key}'\"; ATTACH '{plain}' AS plain KEY ''; SELECT sqlcipher_export('plain');").encode())
    yield "sqlcipher reads the database", search([plain], [("", b"login_recovery_code")]), made
    found = search([plain], secrets)
    yield "no secret in the database under its encryption", not found, found
    Path(server.data, "planted").write_bytes(b"".join(os.urandom(999) + needle for _, needle in each))
    found = search(files(), each)
    yield "the search finds one planted secret of each kind", found == [(kind, "planted") for kind, _ in each], found


def check_pool(w):
    k, answers, beats = Person(w).connect(), [], []
    with ThreadPoolExecutor(1) as pool:
        for _ in range(3):
            crowd = pool.submit(together, 20, lambda: w.login("crowd." + uuid.uuid4().hex[:12]))
            while not crowd.done():
                began = time.monotonic()
                beats.append((k.request("heartbeat", {"t": 1})["op"], round((time.monotonic() - began) * 1000, 1)))
            answers += crowd.result()
    k.close()
    counts, waits = Counter(tally(answers)), [a.error["retry_after_ms"] for a in answers if a.status == 503]
    yield f"Argon2 pool: 3 × 20 logins: {dict(counts)}", {*counts} == {(401, "invalid_credentials"), (503, "overloaded")}
    yield "Argon2 pool: 503 has retry_after_ms", waits and min(waits) > 0, waits
    yield f"Argon2 pool: {len(beats)} heartbeats meanwhile, the worst {max(ms for _, ms in beats)} ms", {
        op for op, _ in beats} == {"heartbeat"}, set(beats)


def hello(addr, *suites):
    """Type and alert of the answer to a TLS 1.2 hello with these suites: for those that no OpenSSL offers any longer."""
    extensions = bytes.fromhex("001c 000a00060004001d0017 000b00020100 000d00080006080404010201")
    body = b"\3\3" + os.urandom(32) + struct.pack(f">BH{len(suites)}HH", 0, 2 * len(suites), *suites, 0x0100) + extensions
    with socket.create_connection(addr, timeout=10) as s:
        s.sendall(b"\x16\3\1" + struct.pack(">HBBH", len(body) + 4, 1, 0, len(body)) + body)
        return s.recv(7, socket.MSG_WAITALL)[::6]


def check_tls(addr):
    def s_client(*options):
        return tool("openssl", "s_client", "-connect", f"{addr[0]}:{addr[1]}", "-ign_eof", *options,
                    env={"OPENSSL_CONF": os.devnull}, given=b"GET /v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    for option, name in (("-tls1_2", b"TLSv1.2"), ("-tls1_3", b"TLSv1.3")):
        made = s_client(option)
        yield f"TLS: {option} serves", b"HTTP/1.1 401" in made.stdout and name + b", Cipher is" in made.stdout, made
    for version, cipher in [("-tls1", "ALL"), ("-tls1_1", "ALL")] + [("-tls1_2", c) for c in (
            "NULL", "aNULL", "RC4", "3DES", "AES128-SHA", "ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256")]:
        made = s_client(version, "-cipher", cipher + ":@SECLEVEL=0")
        lacking = cipher in ("RC4", "3DES") and b"no cipher match" in made.stderr  # then the hellos below must do
        yield f"TLS: {version} {cipher} is refused{' by openssl itself' * lacking}", made.returncode != 0 and (
            lacking or b" alert " in made.stderr), made  # an alert: it was offered, and the server said no
    for name, want, *suites in (("RC4", b"\x15\x28", 4, 5, 0xC011), ("3DES", b"\x15\x28", 0x0A, 0x16, 0xC012),
                                ("RC4 and a good one", b"\x16\0", 5, 0xC02F)):
        got = hello(addr, *suites)
        yield f"TLS: a hello with {name}: {want.hex()}", got == want, got


def main():
    binary, began, servers = os.path.abspath(sys.argv[1]), time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="kith-factor-") as name:
        folder, cert, key = Path(name), name + "/cert.pem", name + "/key.pem"
        tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", cert)
        try:
            for which, *settings in (("main", QUICK), ("pool", COSTLY), ("tls", QUICK, "--tls-cert", cert, "--tls-key", key)):
                serve(servers, binary, folder / which, *settings)
            w, crowd = Watched(servers[0]), Watched(servers[1])
            waiting = threading.Thread(target=run, args=(check_throttle, w))
            waiting.start()
            for function, *args in ((check_enroll, w, folder), (check_bind, w), (check_login, w), (check_races, w),
                                    (check_revocation, w), (check_audit, w), (check_pool, crowd), (check_tls, servers[2].addr)):
                run(function, *args)
            waiting.join()
            run(check_nothing_leaks, servers[0], w, folder)
        finally:
            for server in servers:
                server.stop()
    print(f"{sum(RESULTS)} ok, {RESULTS.count(False)} failed, {time.monotonic() - began:.1f} s")
    return 0 if all(RESULTS) else 1


if __name__ == "__main__":
    sys.exit(main())
