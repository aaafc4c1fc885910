#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the Kith wire protocol, written from the text of PROTOCOL.md alone.

Standard library only: a WebSocket client, a small HTTP client and a runner for kithd.
"""
import base64
import hashlib
import http.client
import json
import os
import select
import signal
import socket
import struct
import subprocess
import threading
import time
import uuid


def pass_time(seconds):
    """Lets a window of the server's own clock pass (30 s, 3 s, `retry_after_ms`), or polls; never stands for a condition."""
    threading.Event().wait(seconds)



class Closed(Exception):
    """The connection is closed; `code` is the close code, or None for a bare end of stream."""

    def __init__(self, code, reason):
        super().__init__(f"closed {code} {reason!r}")
        self.code, self.reason = code, reason


class Refused(Exception):
    """The upgrade was answered with something other than 101."""

    def __init__(self, status, head, body):
        super().__init__(f"upgrade refused: {status}")
        self.status, self.head, self.body = status, head, body


class Server:
    """A kithd on a folder. The ops and client addresses come from its ready file."""

    def __init__(self, binary, data):
        self.binary, self.data, self.proc = binary, data, None
        self.ready_file = os.path.join(data, "..", "ready.json")
        self.log_path = os.path.join(data, "..", "kithd.log")

    def start(self, deadline_s=30):
        if os.path.exists(self.ready_file):
            os.unlink(self.ready_file)
        log = open(self.log_path, "ab")
        self.proc = subprocess.Popen(
            [self.binary, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--ops-listen",
             "127.0.0.1:0", "--insecure", "--ready-file", self.ready_file],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        end = time.monotonic() + deadline_s
        while time.monotonic() < end:
            if self.proc.poll() is not None:
                raise RuntimeError(f"kithd ended with {self.proc.returncode}; see {self.log_path}")
            try:
                with open(self.ready_file, encoding="utf-8") as f:
                    ready = json.load(f)
                self.addr = split_address(ready["listen"])
                self.ops = split_address(ready["ops"])
                return ready
            except (FileNotFoundError, ValueError, KeyError):
                pass_time(0.02)
        raise RuntimeError("no ready file before the deadline")

    def kill(self):
        """kill -9, by the id of the process started here."""
        self.proc.kill()
        self.proc.wait()

    def stop(self, wait_s=20):
        if self.proc is None or self.proc.poll() is not None:
            return self.proc.returncode if self.proc else None
        self.proc.send_signal(signal.SIGTERM)
        try:
            return self.proc.wait(wait_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return "had to be killed"


def split_address(text):
    text = text.split("://")[-1].rstrip("/")
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


class Answer:
    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw
        try:
            self.json = json.loads(raw) if raw else None
        except ValueError:
            self.json = None

    @property
    def error(self):
        if isinstance(self.json, dict) and isinstance(self.json.get("error"), dict):
            return self.json["error"]
        return {}

    @property
    def code(self):
        return self.error.get("code")

    def brief(self):
        return f"{self.status} {self.raw[:300]!r}"


def http_call(addr, method, path, body=None, token=None, source=None, headers=None, raw=None, timeout=20):
    conn = http.client.HTTPConnection(addr[0], addr[1], timeout=timeout,
                                      source_address=(source, 0) if source else None)
    try:
        head = dict(headers or {})
        data = raw
        if body is not None:
            data = json.dumps(body).encode()
            head.setdefault("Content-Type", "application/json")
        if token is not None:
            head["Authorization"] = "Bearer " + token
        conn.request(method, path, body=data, headers=head)
        resp = conn.getresponse()
        return Answer(resp.status, {k.lower(): v for k, v in resp.getheaders()}, resp.read())
    finally:
        conn.close()


class WebSocket:
    """RFC 6455, client side, one thread, with deadlines."""

    def __init__(self, addr, source=None, protocol="kith.v1", origin=None, path="/v1/socket", timeout=10):
        self.sock = socket.create_connection(addr, timeout=timeout,
                                             source_address=(source, 0) if source else None)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buf, self.parts, self.closed = b"", None, None
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {addr[0]}:{addr[1]}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        if protocol:
            lines.append(f"Sec-WebSocket-Protocol: {protocol}")
        if origin:
            lines.append(f"Origin: {origin}")
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buf:
            more = self.sock.recv(65536)
            if not more:
                raise Refused(0, self.buf, b"")
            self.buf += more
        head, self.buf = self.buf.split(b"\r\n\r\n", 1)
        self.head = head.decode("latin-1").split("\r\n")
        status = int(self.head[0].split()[1])
        if status != 101:
            body = self.buf
            self.sock.close()
            raise Refused(status, self.head, body)
        self.headers = {}
        for line in self.head[1:]:
            k, _, v = line.partition(":")
            self.headers[k.strip().lower()] = v.strip()
        want = base64.b64encode(hashlib.sha1(
            (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        if self.headers.get("sec-websocket-accept") != want:
            raise Refused(status, self.head, b"wrong Sec-WebSocket-Accept")

    def send_frame(self, opcode, payload, fin=True):
        mask = os.urandom(4)
        n = len(payload)
        head = bytes([(0x80 if fin else 0) | opcode])
        if n < 126:
            head += bytes([0x80 | n])
        elif n < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", n)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", n)
        pad = (mask * (n // 4 + 1))[:n]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(n, "big")
        try:
            self.sock.settimeout(10)
            self.sock.sendall(head + mask + masked)
        except (BrokenPipeError, ConnectionResetError, OSError):
            pass  # what the server had to say is still to be read

    def send_text(self, text):
        self.send_frame(1, text.encode() if isinstance(text, str) else text)

    def _fill(self, end):
        left = end - time.monotonic()
        if left <= 0 or not select.select([self.sock], [], [], left)[0]:
            return False
        try:
            data = self.sock.recv(262144)
        except (ConnectionResetError, OSError):
            data = b""
        if not data:
            self.closed = self.closed or (None, "end of stream")
            raise Closed(*self.closed)
        self.buf += data
        return True

    def recv(self, timeout):
        """(opcode, payload) of the next whole data message, or None at the deadline."""
        if self.closed:
            raise Closed(*self.closed)
        end = time.monotonic() + timeout
        while True:
            frame = self._take()
            if frame is None:
                if not self._fill(end):
                    return None
                continue
            fin, op, payload = frame
            if op == 8:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None
                self.closed = (code, payload[2:].decode("utf-8", "replace"))
                self.send_frame(8, payload[:2])
                self.sock.close()
                raise Closed(*self.closed)
            if op == 9:
                self.send_frame(10, payload)
            elif op == 10:
                pass
            elif op in (1, 2, 0):
                if op:
                    self.parts = (op, payload)
                else:
                    self.parts = (self.parts[0], self.parts[1] + payload)
                if fin:
                    done, self.parts = self.parts, None
                    return done

    def _take(self):
        b = self.buf
        if len(b) < 2:
            return None
        n, at = b[1] & 0x7F, 2
        if b[1] & 0x80:
            raise AssertionError("the server masked a frame")
        if n == 126:
            if len(b) < 4:
                return None
            n, at = struct.unpack(">H", b[2:4])[0], 4
        elif n == 127:
            if len(b) < 10:
                return None
            n, at = struct.unpack(">Q", b[2:10])[0], 10
        if len(b) < at + n:
            return None
        payload, self.buf = b[at:at + n], b[at + n:]
        return bool(b[0] & 0x80), b[0] & 15, payload

    def close(self):
        if not self.closed:
            self.send_frame(8, struct.pack(">H", 1000))
            self.closed = (1000, "by us")
            self.sock.close()


class Kith:
    """Envelopes over a WebSocket: requests with their one answer, pushes kept in `pushes`."""

    def __init__(self, addr, source=None, **kw):
        self.ws = WebSocket(addr, source, **kw)
        self.count, self.pushes, self.answers, self.frames = 0, [], [], []
        self.hello = None

    def raw(self, value):
        self.ws.send_text(value if isinstance(value, (str, bytes)) else json.dumps(value))

    def pump(self, timeout):
        """Reads one frame; True if there was one."""
        got = self.ws.recv(timeout)
        if got is None:
            return False
        value = json.loads(got[1])
        batch = value if isinstance(value, list) else [value]
        self.frames.append(len(batch))
        for env in batch:
            (self.answers if "id" in env else self.pushes).append(env)
        return True

    def drain(self, quiet=0.3):
        while self.pump(quiet):
            pass
        taken, self.pushes = self.pushes, []
        return taken

    def answer(self, ident, timeout=8):
        end = time.monotonic() + timeout
        while True:
            for i, env in enumerate(self.answers):
                if env["id"] == ident:
                    return self.answers.pop(i)
            if time.monotonic() >= end or not self.pump(end - time.monotonic()):
                return {"op": "NO ANSWER", "d": {}}

    def next_id(self):
        self.count += 1
        return f"q{self.count}"

    def request(self, op, d=None, timeout=8, **kw):
        ident = self.next_id()
        env = {"op": op, "id": ident}
        if d is not None:
            env["d"] = d
        env.update(kw)
        self.raw(env)
        return self.answer(ident, timeout)

    def push(self, op, pred=lambda d: True, timeout=4):
        """Takes the first push of that op that fits, or None at the deadline."""
        end = time.monotonic() + timeout
        while True:
            for i, env in enumerate(self.pushes):
                if env.get("op") == op and pred(env.get("d", {})):
                    return self.pushes.pop(i)["d"]
            if time.monotonic() >= end or not self.pump(end - time.monotonic()):
                return None

    def wait_closed(self, timeout=8):
        """(code, reason) of the close, or None if still open at the deadline."""
        end = time.monotonic() + timeout
        try:
            while time.monotonic() < end:
                self.pump(max(0.01, end - time.monotonic()))
        except Closed as c:
            return c.code, c.reason
        return None

    def is_open(self):
        try:
            return self.request("heartbeat", {"t": 1}).get("op") == "heartbeat"
        except Closed:
            return False

    def close(self):
        self.ws.close()


class World:
    """Users, sources and sockets of one run; each user comes from an address of its own."""

    def __init__(self, server):
        self.server, self.n, self.open, self.lock = server, 0, [], threading.Lock()

    def source(self):
        with self.lock:
            self.n += 1
            return f"127.{10 + self.n // 200}.{self.n % 200}.1"

    def http(self, method, path, body=None, **kw):
        return http_call(self.server.addr, method, path, body, **kw)

    def user(self, stem):
        return User(self, stem)

    def socket(self, source=None, **kw):
        k = Kith(self.server.addr, source, **kw)
        self.open.append(k)
        return k

    def close_all(self):
        for k in self.open:
            try:
                k.close()
            except OSError:
                pass
        self.open = []


class User:
    def __init__(self, world, stem, password="correct horse 42 staple"):
        self.world, self.password, self.src = world, password, world.source()
        self.name = f"{stem}.{uuid.uuid4().hex[:8]}"
        a = world.http("POST", "/v1/register", {"username": self.name, "password": password,
                                                "display_name": stem.title()}, source=self.src)
        if a.status != 201:
            raise RuntimeError("register: " + a.brief())
        self.user = a.json["user"]
        self.id = self.user["id"]

    def login(self, device=None, **extra):
        device = device or str(uuid.uuid4())
        return self.world.http("POST", "/v1/login", {
            "username": self.name, "password": self.password,
            "device": {"id": device, "name": "probe", "platform": "linux"}, **extra}, source=self.src)

    def connect(self, device=None, tokens=None):
        """A socket that has had its hello; `.tokens` holds the login's answer."""
        if tokens is None:
            a = self.login(device)
            if a.status != 200:
                raise RuntimeError("login: " + a.brief())
            tokens = a.json
        k = self.world.socket(self.src)
        env = k.request("login", {"token": tokens["access_token"]})
        if env["op"] != "hello":
            raise RuntimeError(f"no hello: {env}")
        k.hello, k.tokens, k.me = env["d"], tokens, self
        return k


def private_of(a, b):
    lo, hi = sorted((a, b), key=int)
    return f"p:{lo}:{hi}"


def cid():
    return str(uuid.uuid4())
