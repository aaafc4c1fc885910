#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loses the power at every operation that makes or changes the client's key files. A key that was handed out is there, whole; a
record is never older than the last one that was promised, and never half of one. With syncs ignored a loss must be found.
usage: power_keys.py LAYER PROGRAM"""
import os
import sys

from power_run import LOSSES, LOST, complain, in_parallel, run, under_layer, workshop


def play(layer, program, room, at, seed, ignore_sync=False):
    """(operations, "" or what was wrong)"""
    folder = os.path.join(room, f"{at}-{seed}-{ignore_sync}")
    os.mkdir(folder)
    report = folder + ".count"
    done = run([program, "make", folder], under_layer(layer, folder, at, seed, report, ignore_sync))
    told = dict(line.split() for line in done.stdout.splitlines())
    seen = run([program, "read", folder])
    there = dict(line.split() for line in seen.stdout.splitlines() if " " in line)
    wrong = ""
    if done.returncode != (LOST if at else 0):
        wrong = f"status {done.returncode} {done.stderr}"
    elif seen.returncode or not seen.stdout.endswith("sound\n"):
        wrong = f"unreadable: {seen.stderr}"
    elif "key" in told and there.get("key") != told["key"]:
        wrong = f"the key was {told['key'][:8]}… and is {there.get('key', 'gone')[:8]}"
    elif not int(told.get("record", 0)) <= int(there["record"]) <= int(told.get("record", 0)) + 1:
        wrong = f"record {told.get('record')} was promised, {there['record']} is there"
    count = 0
    if at == 0:
        with open(report, encoding="utf-8") as file:
            count = int(file.read())
    return count, f"loss at {at}, seed {seed}: {wrong.strip()} | {done.stderr.strip()}" if wrong else ""


def main(layer, program):
    with workshop() as room:
        count, failed = play(layer, program, room, 0, 0)
        if failed or count < 15:
            complain([f"{failed} {count} operations"])
            return 1
        points = [(at, at + kind) for at in range(1, count + 1) for kind in range(LOSSES)]
        wrong = [bad for _, bad in in_parallel(lambda point: play(layer, program, room, *point), points) if bad]
        complain(wrong)
        lies = [(at, kind) for at in range(count // 2, count + 1) for kind in (0, 2)]
        found = [bad for _, bad in in_parallel(lambda point: play(layer, program, room, *point, True), lies) if bad]
        print(f"key files: {count} operations, {len(points)} losses, {len(wrong)} wrong; "
              f"self test, a disk that lies about syncs: {len(found)} of {len(lies)} found", flush=True)
        return 1 if wrong or len(found) < len(lies) // 2 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
