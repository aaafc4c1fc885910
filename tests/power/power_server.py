#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loses the power of a real kithd again and again, while three people write, edit, recall and read, and looks each time at what
a restarted kithd has: every `accepted` message once, with its seq, id and body; no gap; edits, recalls, cursors and revisions as
they were told; the same answer to the same cid. A seed repeats the plan; the server's threads interleave as they like.
At last the layer is told to ignore syncs: if that were not found, this test could find nothing.
usage: power_server.py LAYER KITHD [FIRST_SEED] [CUTS] [KINDS]      KINDS of loss (5) at each point of a first start; KITH_POWER_KEEP=FOLDER keeps what failed"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "independent"))
from kith_client import pass_time, split_address  # noqa: E402
from power_run import LOST, complain, copy, in_parallel, run, under_layer, workshop  # noqa: E402
from power_world import GONE, World, Wrong, demand  # noqa: E402

SETTINGS = ("[accounts]\npassword_operations = 1\npassword_memory_kib = 8\nregistrations_per_minute = 100000\n"
            "login_failures_per_minute = 100000\n[messages]\nsends_per_second = 100000\n[gateway]\ndrain_spread_ms = 1\n")
CUTS_A_WORLD = 12


class Server:
    def __init__(self, binary, folder, env=None):
        self.ready, self.log = folder + ".ready", folder + ".log"
        if os.path.exists(self.ready):
            os.unlink(self.ready)
        self.command = [binary, "serve", "--config", folder + ".toml", "--data", os.path.join(folder, "data"), "--listen", "127.0.0.1:0",
                        "--ops-listen", "127.0.0.1:0", "--insecure", "--ready-file", self.ready]
        with open(folder + ".toml", "w", encoding="utf-8") as file:
            file.write(SETTINGS)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)

    def serves(self):
        while self.process.poll() is None and not os.path.exists(self.ready):
            pass_time(0.005)
        if not os.path.exists(self.ready):
            return False
        with open(self.ready, encoding="utf-8") as file:
            self.address = split_address(json.load(file)["listen"])
        return True

    def last_words(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return " / ".join(file.read().splitlines()[-2:])[:400]

    def end(self, how):
        self.process.send_signal(how)
        return self.process.wait(40)


class Play:
    """One data folder through many losses."""

    def __init__(self, layer, kithd, room, seed, ignore_sync=False):
        self.layer, self.kithd, self.seed, self.ignore_sync = layer, kithd, seed, ignore_sync
        self.folder = os.path.join(room, f"seed{seed}{'-lies' if ignore_sync else ''}")
        os.mkdir(self.folder)
        self.world, self.random, self.cuts, self.where = World(seed), random.Random(seed * 7919), 0, {}

    def once(self, number):
        choice = self.random
        what = choice.random()
        fresh = not os.path.exists(os.path.join(self.folder, "data", "kithd.db"))
        # In the first start, in a start that recovers, at its end, or anywhere.
        place = "first start" if fresh and choice.random() < 0.7 else "start" if what < 0.2 else "closing" if what < 0.4 else "work"
        at = {"first start": choice.randint(1, 70), "start": choice.randint(1, 25), "closing": choice.randint(20, 300),
              "work": choice.randint(20, 1500)}[place]
        seed = choice.randrange(1 << 16)
        if self.ignore_sync:  # an honest life without a loss first: what is missing afterwards is what was lied about
            at, seed = (choice.randint(300, 900), choice.choice((0, 2, 3, 4))) if number else (0, 0)
        server = Server(self.kithd, self.folder, under_layer(self.layer, self.folder, at, seed, ignore_sync=self.ignore_sync and number > 0))
        status = None
        try:
            if server.serves():
                self.world.live(server.address, choice.randint(1, 6) if place == "closing" or at == 0 else 400)
        except GONE:
            status = server.process.wait(40)
        finally:
            if server.process.poll() is None:
                status = server.end(signal.SIGTERM)
            self.world.hear_the_rest()
        status = server.process.returncode if status is None else status
        demand(status in (0, LOST), "kithd ended with", status, server.last_words())
        self.cuts += status == LOST
        self.where[place] = self.where.get(place, 0) + (status == LOST)
        self.judge(number, f"after {place}, operation {at}: {server.last_words()}")

    def judge(self, number, name):
        place = copy(self.folder, f"{self.folder}-{number}")
        server = Server(self.kithd, place)
        try:
            demand(server.serves(), "kithd does not start:", server.last_words())
            self.world.judge(server.address)
            server.end(signal.SIGKILL)
            checked = run([self.kithd, "check", "--config", place + ".toml", "--data", os.path.join(place, "data")])
            demand(checked.returncode == 0, "kithd check:", checked.stderr)
        except Wrong as wrong:
            raise Wrong(f"{wrong} | {name}") from wrong
        except GONE as gone:
            raise Wrong(f"the restarted kithd is gone: {gone} | {name}") from gone
        finally:
            if server.process.poll() is None:
                server.end(signal.SIGKILL)
        shutil.rmtree(place)

    def all(self, cuts):
        """"" or what was wrong."""
        number = 0
        try:
            while self.cuts < cuts:
                self.once(number)
                number += 1
        except Wrong as wrong:
            if os.environ.get("KITH_POWER_KEEP") and not self.ignore_sync:
                copy(self.folder, os.path.join(os.environ["KITH_POWER_KEEP"], os.path.basename(self.folder)))
            return f"seed {self.seed}, loss {number}: {wrong}"
        return ""


def first_starts(layer, kithd, room, kinds):
    """Loses the power at each operation of the first start and its end: the next start must serve."""
    def once(point):
        at, seed = point
        folder = os.path.join(room, f"first{at}-{seed}")
        os.mkdir(folder)
        report = folder + ".count"
        server = Server(kithd, folder, under_layer(layer, folder, at, seed, report))
        status = server.end(signal.SIGTERM) if server.serves() else server.process.wait()
        if at == 0:
            with open(report, encoding="utf-8") as file:
                return int(file.read())
        lost, again = server.last_words(), Server(kithd, folder)
        serves = again.serves()
        words = again.last_words()
        again.end(signal.SIGKILL)
        if status == LOST and serves:
            return ""
        return f"first start, status {status}: {lost} | the next start: {words}"

    points = [(at, at + kind) for at in range(1, once((0, 0)) + 1) for kind in range(kinds)]
    return len(points), [bad for bad in in_parallel(once, points) if bad]


def main(layer, kithd, first="1", cuts="24", kinds="1"):
    with workshop() as room:
        first, cuts = int(first), int(cuts)
        tried, never = first_starts(layer, kithd, room, int(kinds))
        complain(never)
        print(f"first start: {tried} losses, {len(never)} wrong", flush=True)
        plays = [Play(layer, kithd, room, seed) for seed in range(first, first + (cuts + CUTS_A_WORLD - 1) // CUTS_A_WORLD)]
        wrong = [bad for bad in in_parallel(lambda play: play.all(min(CUTS_A_WORLD, cuts)), plays) if bad]
        complain(wrong)
        where = {place: sum(play.where.get(place, 0) for play in plays) for place in ("first start", "start", "work", "closing")}
        accepted = sum(m.answer is not None for play in plays for m in play.world.sent)
        print(f"kithd: {sum(play.cuts for play in plays)} losses ({', '.join(f'{n} in {p}' for p, n in where.items())}), "
              f"{accepted} accepted, {len(wrong)} of {len(plays)} data folders wrong", flush=True)
        lies = [Play(layer, kithd, room, seed, ignore_sync=True) for seed in range(first, first + 4)]
        found = [bad for bad in in_parallel(lambda play: play.all(3), lies) if bad]
        print(f"self test, a disk that lies about syncs: found in {len(found)} of {len(lies)} data folders", flush=True)
        for line in found:
            print("     " + line[:160], flush=True)
        if len(found) < len(lies):
            complain(["the self test: a disk that ignores syncs goes unnoticed"])
        return 1 if wrong or never or len(found) < len(lies) or not accepted else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
