#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real kithd, real client cores, and between them a proxy that cuts, stalls, splits, half-closes, delays, repeats whole
frames and loses connections in silence; SIGKILL and SIGSTOP of either side at random and at named points. At the end an oracle compares (oracle.py).

A named point is a KITH_FAILPOINT("name") of core/base/failpoint.h between two steps of the pipeline; all are in points.txt with
the passage at which --points strikes. A process that is started with KITH_FAIL_AT="name:n" dies there at the n-th passage, with
"name:n:stop" it stands there until SIGCONT. They are compiled in with the option KITH_FAILPOINTS, which only a Debug build may
have. A point that no conversation comes to is a failure.

CHAOS_TRACE: says what happens. CHAOS_KEEP: a folder in which data and logs stay."""
import argparse
import collections
import concurrent.futures
import os
import random
import signal
import sys
import tempfile
import time

from actors import trace
import half_open
import points
from kith_client import Closed, Refused, pass_time
from oracle import COUNTS, FAULTS
from run import HASTE, World

TROUBLE = (RuntimeError, Refused, Closed, OSError, KeyError, ValueError, TypeError, AssertionError)


class Run(World):
    """A seed repeats its choices; when they take effect is up to the machine."""

    def __init__(self, kithd, client, seed, steps, folder):
        self.random, self.steps = random.Random(seed), steps
        super().__init__(kithd, client, folder, ("ann", "bob", "cem")[:self.random.choice((2, 3))], seed, HASTE)
        self.points = points.read_points()
        self.changes = 0
        for one in self.people:
            one.start()

    def point(self, process):
        """A random one of that process, at one of its first passages."""
        name = self.random.choice([p.name for p in self.points if p.process == process])
        return f"{name}:{self.random.choice((1, 1, 2, 3, 5, 8))}{self.random.choice(('', '', ':stop'))}"

    def conversation_of(self, who):
        return self.random.choice([c for c, members in self.conversations if who in members])

    def step(self):
        what = self.random.random()
        who = self.random.choice(self.people)
        self.tend()
        if what < 0.10:
            self.changes += 1
            who.change(self.conversation_of(who), f"edit {self.changes}" if self.random.random() < 0.7 else "")
        elif what < 0.17:
            who.like(self.conversation_of(who), self.random.choice((0, 0, 1, 3)))
        elif what < 0.58:
            conversation, members = self.random.choice(self.conversations)
            sender = self.random.choice(members)
            for _ in range(self.random.choice((1, 1, 1, 4))):
                text = self.text(sender, "x" * self.random.choice((0, 5, 900)))
                if self.random.random() < 0.2:
                    sender.reply(conversation, self.random.choice((0, 1, 4)), text)
                else:
                    sender.send(conversation, text)
        elif what < 0.64:
            who.read(self.conversation_of(who))
        elif what < 0.84:
            self.disturb(who.proxy, who.name)
        else:
            self.strike(who)

    def disturb(self, proxy, name):
        what = self.random.choice(("cut", "cut", "stall", "stall", "down", "split", "delay", "repeat", "silence"))
        if what == "cut":
            proxy.cut(half=self.random.random() < 0.3)
        elif what == "stall":
            proxy.stalled = not proxy.stalled
        elif what == "down":
            proxy.down = not proxy.down
            proxy.cut()
        elif what == "split":
            proxy.piece = self.random.choice((1, 7, 1 << 16))
        elif what == "delay":
            proxy.delayed = not proxy.delayed
        elif what == "silence":
            self.silence(proxy)
        else:
            proxy.twice = not proxy.twice
        trace(f"{name}: {what} stalled {proxy.stalled} down {proxy.down} piece {proxy.piece} delayed {proxy.delayed} twice {proxy.twice}")

    def silence(self, proxy):
        proxy.silence(self.random.choice((("client", "server"), ("client", "server"), ("client",), ("server",))))

    def fall_silent(self):
        """Nobody is killed any more, so that those whose sockets are lost now have to find out."""
        for one in self.people:
            if self.random.random() < 0.5:
                self.silence(one.proxy)
                trace(f"{one.name}: {one.proxy.unnoticed()} ends do not know of their silence")
        for one in self.people:
            one.send(self.conversation_of(one), self.text(one, "in the silence"))

    def strike(self, who):
        what = self.random.choice(("busy", "busy", "pause", "server", "point", "point", "server point"))
        trace(f"{who.name}: {what}")
        if what == "busy":
            # In the middle of what it was told a moment ago.
            conversation = self.conversation_of(who)
            text = self.text(who, "dying")
            who.offered.append((conversation, text))
            who.tell(f"send {conversation} {text}")
            pass_time(self.random.choice((0, 0.001, 0.003, 0.01)))
            who.kill()
            who.start()
        elif what == "point":
            who.kill()
            who.start(self.point("client"))
        elif what == "pause":
            target = self.random.choice((self.server, who)).process.pid
            os.kill(target, signal.SIGSTOP)
            pass_time(self.random.choice((0.05, 0.3)))
            os.kill(target, signal.SIGCONT)
        else:
            self.server.kill()
            self.server.start(self.point("server") if what == "server point" else None)

    def play(self):
        for _ in range(self.steps):
            self.step()
        for one in self.people:
            one.proxy.heal()
        self.settle()
        self.fall_silent()
        self.await_noticed()
        self.settle()
        self.disarm()
        self.settle()
        return self.judge()


def play_seed(kithd, client, seed, steps, folder):
    run = Run(kithd, client, seed, steps, folder)
    try:
        return run.play()
    finally:
        run.close()


def play_one(name, play):
    """Plays in a folder of its own, says how it went; (what was counted, whether all is well)."""
    began = time.monotonic()
    keep = os.environ.get("CHAOS_KEEP")
    folder = tempfile.mkdtemp(prefix=name.replace(" ", "-") + "-", dir=keep) if keep else tempfile.TemporaryDirectory()
    try:
        total, good = play(keep and folder or folder.name)
    except TROUBLE as error:
        total, good = {"error": repr(error)}, False
    finally:
        if not keep:
            folder.cleanup()
    took = time.monotonic() - began
    print(("ok   " if good else "FAIL ") + f"{name} ({took:.1f} s): " + ", ".join(f"{k} {v}" for k, v in total.items() if v), flush=True)
    return total, good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kithd")
    parser.add_argument("client", help="kith_chaos_client")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seeds", nargs=2, type=int, metavar=("FIRST", "COUNT"))
    what.add_argument("--seed", type=int, help="one of them once more")
    what.add_argument("--points", nargs="*", metavar="NAME", help="all; those named; those of the client or the server")
    what.add_argument("--half-open", nargs="*", metavar="SIDE", help="sockets that fall silent on the client's side, the server's, both")
    parser.add_argument("--how", choices=("kill", "stop"), help="at the points; both where it is not said")
    parser.add_argument("--steps", type=int, default=60, help="of a seed")
    parser.add_argument("--jobs", type=int, default=3 * (os.cpu_count() or 1), help="worlds at a time; they mostly wait")
    args = parser.parse_args()
    if args.points is not None:
        wanted = [p for p in points.read_points() if not args.points or p.name in args.points or p.process in args.points]
        cases = [(f"{p.name} {how}", lambda folder, p=p, how=how: points.play(args.kithd, args.client, p, how, folder))
                 for how in ((args.how,) if args.how else ("kill", "stop")) for p in wanted]
    elif args.half_open is not None:
        cases = [(f"half-open {silent}", lambda folder, silent=silent: half_open.play(args.kithd, args.client, silent, folder))
                 for silent in args.half_open or half_open.SILENT]
    else:
        first, count = args.seeds or (args.seed, 1)
        cases = [(f"seed {seed}", lambda folder, seed=seed: play_seed(args.kithd, args.client, seed, args.steps, folder))
                 for seed in range(first, first + count)]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        results = list(pool.map(lambda case: play_one(*case), cases))
    summary = collections.Counter()
    for total, _ in results:
        summary.update({k: v for k, v in total.items() if k != "error"})
    bad = [name for (name, _), (_, good) in zip(cases, results) if not good]
    print(" / ".join(f"{key} {summary[key]}" for key in (*COUNTS, *FAULTS, "points", "repeated", "half_open")))
    print(f"{len(cases)} played, {len(bad)} failed", flush=True)
    for name in bad:
        print(f"again: chaos.py {args.kithd} {args.client} "
              + (f"--{name} --steps {args.steps}" if name.startswith("seed ") else f"--{name}" if name.startswith("half-open ")
                 else "--points {} --how {}".format(*name.split())))
    return 1 if bad or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
