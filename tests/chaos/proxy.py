# SPDX-License-Identifier: GPL-3.0-or-later
"""One client's way to the server: it cuts, stalls, splits, half-closes, delays, says things twice, and loses connections in
silence."""
import collections
import os
import random
import select
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import pass_time  # noqa: E402

DELAY_S = 0.2


class Frames:
    """Follows one direction of a connection. After a WebSocket's handshake it knows where each frame ends, so that a whole
    data frame can be repeated as it was, its mask included. Other HTTP goes by unseen."""

    def __init__(self):
        self.buffer, self.head, self.socket, self.bye = bytearray(), True, False, False  # `bye`: a close frame came

    def feed(self, data, twice):
        """What is to be passed on for these bytes: themselves, and behind a frame that `twice()` chose a copy of it."""
        out = bytearray()
        while data:
            if self.head:
                before = len(self.buffer)
                self.buffer += data
                end = self.buffer.find(b"\r\n\r\n")
                taken = len(data) if end < 0 else end + 4 - before
                out += data[:taken]
                data = data[taken:]
                if end >= 0:
                    first = bytes(self.buffer[:self.buffer.find(b"\r\n")])
                    self.socket = b"/v1/socket" in first or b" 101 " in first
                    self.head = False
                    self.buffer.clear()
            elif not self.socket:
                return bytes(out + data)
            else:
                taken = min(len(data), self.lacking())
                self.buffer += data[:taken]
                out += data[:taken]
                data = data[taken:]
                if not self.lacking():
                    whole = self.buffer[0] & 0x8f in (0x81, 0x82)  # a data message in one frame
                    self.bye = self.bye or self.buffer[0] & 0x0f == 8
                    if whole and twice():
                        out += self.buffer
                    self.buffer.clear()
        return bytes(out)

    def lacking(self):
        """Bytes until the frame, or the part of it that tells its size, is complete."""
        seen = self.buffer
        if len(seen) < 2:
            return 2 - len(seen)
        size, head = seen[1] & 0x7f, 2
        wide = {126: 2, 127: 8}.get(size, 0)
        if wide:
            head += wide
            if len(seen) < head:
                return head - len(seen)
            size = int.from_bytes(seen[2:head], "big")
        return head + (4 if seen[1] & 0x80 else 0) + size - len(seen)


class Pair:
    """The two ends of a connection. What comes from an end in `silenced` goes nowhere, its end of stream included."""

    def __init__(self, near, far):
        self.ends = {"client": near, "server": far}
        self.silenced, self.gone, self.live = set(), set(), False  # `gone`: the ends that let go of it; `live`: a WebSocket
        self.first = None  # who ended it, by a close frame or without one

    def closed(self, side):
        self.first = self.first or side
        self.gone.add(side)


class Proxy:
    def __init__(self, target, seed=0):
        self.target, self.lock, self.pairs, self.seed = target, threading.Lock(), [], seed
        self.heal()
        self.repeated = 0
        self.lost = []  # pairs that were silenced
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def heal(self):
        self.stalled = self.down = self.delayed = self.twice = False
        self.piece = 1 << 16

    def accept(self):
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            if self.down:
                near.close()
                continue
            try:
                far = socket.create_connection(self.target, timeout=5)
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.settimeout(None)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = Pair(near, far)
            with self.lock:
                self.pairs.append(pair)
            for side in ("client", "server"):
                threading.Thread(target=self.pump, args=(pair, side), daemon=True).start()

    def pump(self, pair, side):
        one, other = pair.ends[side], pair.ends["server" if side == "client" else "client"]
        self.seed += 1
        chance, frames, waiting, last = random.Random(self.seed), Frames(), collections.deque(), 0.0
        twice = lambda: self.twice and chance.random() < 0.3 and self.count()  # noqa: E731
        try:
            while True:
                now = time.monotonic()
                if side in pair.silenced:
                    waiting.clear()
                while waiting and waiting[0][0] <= now and not self.stalled:
                    other.sendall(waiting.popleft()[1])
                if self.stalled:
                    pass_time(0.02)
                    continue
                idle = max(0.001, min(0.05, waiting[0][0] - now)) if waiting else 0.05
                if not select.select([one], [], [], idle)[0]:
                    continue
                data = one.recv(self.piece)
                if not data:
                    break
                data = frames.feed(data, twice)
                pair.live = pair.live or frames.socket
                if frames.bye:
                    pair.first = pair.first or side
                if side in pair.silenced:
                    continue
                last = max(last, now + chance.random() * DELAY_S if self.delayed else now)
                waiting.append((last, data))
            if side not in pair.silenced:
                for _, data in waiting:
                    other.sendall(data)
        except (OSError, ValueError):
            pass
        pair.closed(side)
        if side in pair.silenced:
            one.close()
            return
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)  # wakes the other direction
            except OSError:
                pass
            end.close()

    def count(self):
        self.repeated += 1
        return True

    def silence(self, sides=("client", "server")):
        """What these ends of the present connections say is lost from now on, and nobody is told. Later connections are as ever."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            pair.silenced.update(sides)
            if pair.live and not pair.gone:
                self.lost.append(pair)

    def unnoticed(self):
        """How many ends of silenced WebSockets are still held."""
        return sum(2 - len(pair.gone) for pair in self.lost)

    def cut(self, half=False):
        """What was silenced is out of reach of this too."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in (pair.ends["server"],) if half else pair.ends.values():
                try:
                    end.shutdown(socket.SHUT_WR if half else socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        self.door.close()
        self.cut()
