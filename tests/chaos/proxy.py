# SPDX-License-Identifier: GPL-3.0-or-later
"""One client's way to the server: it cuts, stalls, splits, half-closes, delays and says things twice."""
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
        self.buffer, self.head, self.socket = bytearray(), True, False

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


class Proxy:
    def __init__(self, target, seed=0):
        self.target, self.lock, self.pairs, self.seed = target, threading.Lock(), [], seed
        self.heal()
        self.repeated = 0
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
            with self.lock:
                self.pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        self.seed += 1
        chance, frames, waiting, last = random.Random(self.seed), Frames(), collections.deque(), 0.0
        twice = lambda: self.twice and chance.random() < 0.3 and self.count()  # noqa: E731
        try:
            while True:
                now = time.monotonic()
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
                last = max(last, now + chance.random() * DELAY_S if self.delayed else now)
                waiting.append((last, data))
            for _, data in waiting:
                other.sendall(data)
        except (OSError, ValueError):
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)  # wakes the other direction
            except OSError:
                pass
            end.close()

    def count(self):
        self.repeated += 1
        return True

    def cut(self, half=False):
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for near, far in pairs:
            for end in (far,) if half else (near, far):
                try:
                    end.shutdown(socket.SHUT_WR if half else socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        self.door.close()
        self.cut()
