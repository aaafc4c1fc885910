#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loses the power at every write of the client's history, and looks at what is left. What its user was told is there and whole;
the one call that was under way is there or it is not, and nothing between. The same for a loss while the next start recovers, and
while it migrates an old file. At last the layer is told to ignore syncs: if that were not found, this test could find nothing.
usage: power_history.py LAYER PROGRAM [POINTS | all] [SEEDS]      POINTS: losses in the long run; SEEDS: kinds tried at each"""
import os
import random
import sys

from power_run import LOSSES, LOST, complain, copy, in_parallel, run, under_layer, workshop


class Runner:
    def __init__(self, layer, program, room):
        self.layer, self.program, self.room, self.folders = layer, program, room, 0
        dry, _ = self.play("work", self.folder("dry"), more=["digests"])
        plain, count = self.play("work", self.folder("plain"))
        self.steps = [line[5:].partition(" = ") for line in dry.stdout.splitlines()]
        # Of an empty history, then after each call.
        self.states = [self.empty()] + [digest for _, _, digest in self.steps]
        self.words = [words for words, _, _ in self.steps]
        self.count = count
        if dry.returncode or plain.returncode or [f"done {w}" for w in self.words] != plain.stdout.splitlines():
            raise SystemExit(f"the run without a loss failed: {dry.stderr}{plain.stderr}")

    def folder(self, name=""):
        self.folders += 1
        path = os.path.join(self.room, name or f"run{self.folders}")
        os.makedirs(path, exist_ok=True)
        return path

    def play(self, what, folder, at=0, seed=0, ignore_sync=False, more=()):
        """The finished process, and how many operations it made (0 where it lost its power)."""
        report = folder + ".count"
        done = run([self.program, what, folder, *more], under_layer(self.layer, folder, at, seed, report, ignore_sync))
        if not os.path.exists(report):
            return done, 0
        with open(report, encoding="utf-8") as file:
            return done, int(file.read())

    def empty(self):
        return run([self.program, "verify", self.folder()]).stdout.split()[1]

    def verify(self, folder):
        """(what is wrong or "", its digest, its messages)"""
        seen = run([self.program, "verify", folder])
        lines = seen.stdout.splitlines()
        if seen.returncode or not lines or lines[-1] != "sound":
            return f"verify says {seen.stderr.strip() or seen.returncode}", "", []
        return "", lines[0].split()[1], [line.split(" ", 3)[1:] for line in lines if line.startswith("message ")]

    def lose_in_work(self, at, seed, ignore_sync=False):
        """"" or what was wrong after a loss at that operation."""
        folder = self.folder(f"w{at}-{seed}-{ignore_sync}")
        done, _ = self.play("work", folder, at, seed, ignore_sync)
        told = [line[5:] for line in done.stdout.splitlines()]
        name = f"loss at {at} of {self.count}, seed {seed}, after {len(told)} calls ({told[-1] if told else 'none'}): "
        if done.returncode != LOST or told != self.words[:len(told)]:
            return name + f"status {done.returncode} {done.stderr}"
        wrong, digest, messages = self.verify(folder)
        if not wrong and digest not in self.states[len(told):len(told) + 2]:
            older = [i for i, state in enumerate(self.states) if state == digest]
            wrong = f"what is there is neither what was told nor that and the next call; it is that of {older or 'no'} call"
        wrong = wrong or self.outbox(told, messages)
        return name + wrong + " | " + done.stderr.strip() if wrong else ""

    def outbox(self, told, messages):
        """Told by the words alone, beside the digests: each job once, and none lost."""
        under_way = self.words[len(told)].split() if len(told) < len(self.words) else []
        last = {}
        for words in map(str.split, told):
            if words[0] in ("enqueue", "accept", "discard"):
                last[words[1]] = words
        for cid, words in last.items():
            here = [seq for seq, owner, _ in messages if owner == cid]
            wanted = {"enqueue": ["0"], "accept": words[2:], "discard": []}[words[0]]
            if here != wanted and cid not in under_way:
                return f"{' '.join(words)} was told, and its seqs here are {here}"
        return ""

    def lose_in_reopen(self, source, kind):
        """A start on what `source` holds, lost at each of its operations: it must end as if it had not been lost."""
        first, second = copy(source, self.folder() + "-a"), copy(source, self.folder() + "-b")
        wrong, wanted, _ = self.verify(first)
        _, count = self.play("reopen", second)
        if wrong or not count:
            return [f"{kind}: {wrong or 'the start without a loss failed'}"], 0

        def once(point):
            at, seed = point
            folder = copy(source, f"{source}-{kind}-{at}-{seed}")
            done, _ = self.play("reopen", folder, at, seed)
            bad, digest, _ = self.verify(folder)
            if done.returncode != LOST:
                bad = f"status {done.returncode} {done.stderr}"
            elif not bad and digest != wanted:
                bad = "other contents than without the loss"
            return f"{kind}, loss at {at} of {count}, seed {seed}: {bad} | {done.stderr.strip()}" if bad else ""

        points = [(at, seed) for at in range(1, count + 1) for seed in self.seeds(at)]
        return [bad for bad in in_parallel(once, points) if bad], len(points)

    def seeds(self, at):
        return range(LOSSES) if self.every else [at % LOSSES, LOSSES + (at + 2) % LOSSES]


def main(layer, program, points="250", seeds="1"):
    with workshop() as room:
        runner = Runner(layer, program, room)
        runner.every = points == "all"
        choice = random.Random(1)
        places = list(range(1, runner.count + 1))
        if points != "all":
            # The first ones make the file: all of them. Then anywhere.
            early = places[:60]
            places = early + sorted(choice.sample(places[60:], max(0, min(int(points), runner.count) - 60)))
        tries = [(at, at + i) for at in places for i in range(LOSSES if points == "all" else int(seeds))]
        wrong = [bad for bad in in_parallel(lambda one: runner.lose_in_work(*one), tries) if bad]
        complain(wrong)
        print(f"work: {len(runner.words)} calls, {runner.count} operations, {len(tries)} losses, {len(wrong)} wrong", flush=True)

        recovery, tried = [], 0
        for at in (runner.count // 3, runner.count * 2 // 3, runner.count - 20):
            source = runner.folder(f"torn{at}")
            runner.play("work", source, at, 1)  # nothing lost: the longest log to recover
            more, n = runner.lose_in_reopen(source, "recovery")
            recovery, tried = recovery + more, tried + n
        complain(recovery)
        print(f"recovery: {tried} losses, {len(recovery)} wrong", flush=True)

        old = runner.folder("old")
        run([program, "old", old])
        migration, tried = runner.lose_in_reopen(old, "migration")
        complain(migration)
        print(f"migration: {tried} losses, {len(migration)} wrong", flush=True)

        lies = [(at, seed) for at in choice.sample(range(runner.count // 4, runner.count), 20) for seed in (0, 4)]
        found = [bad for bad in in_parallel(lambda one: runner.lose_in_work(*one, ignore_sync=True), lies) if bad and ": status" not in bad]
        print(f"self test, a disk that lies about syncs: {len(found)} of {len(lies)} losses found", flush=True)
        if len(found) < len(lies) // 2:
            complain(["the self test: a disk that ignores syncs goes unnoticed"])
        return 1 if wrong or recovery or migration or len(found) < len(lies) // 2 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
