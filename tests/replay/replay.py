#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replays the client's side of recorded transcripts against a real kithd and compares what it answers.
usage: replay.py KITHD TRANSCRIPT…     exits 1 at the first difference of each"""
import sys

from transcript import Binding, Stage, read

BARRIER = "replay-barrier"


def replay(binary, path):
    lines, binding, stage = read(path), Binding(), Stage(binary)
    try:
        waiting = []
        for number, line in enumerate(lines + [None], 1):
            if line is not None and "in" in line:
                waiting.append((number, line))
                continue
            why = settle(stage, binding, waiting)
            if why:
                return why
            waiting = []
            if line is None:
                break
            if "http" in line:
                answer = stage.http(line["who"], line["http"], binding.substitute(line.get("body")),
                                    binding.substitute(line.get("bearer")))
                if answer.status != line["status"]:
                    return f"line {number}: status {line['status']} became {answer.brief()}"
                why = binding.differs(line.get("answer"), answer.json)
                if why:
                    return f"line {number}: {why}"
            else:
                stage.send(line["who"], binding.substitute(line))
        return surplus(stage)
    finally:
        stage.close()


def settle(stage, binding, waiting):
    """Pushes and answers of one step may overtake each other: each must come, in whatever order, and none twice."""
    left = list(waiting)
    while left:
        who = left[0][1]["who"]
        live = stage.receive(who, 10)
        if live is None:
            return f"line {left[0][0]}: {left[0][1]['in'].get('op')} did not come to {who}"
        reasons = []
        for entry in left:
            if entry[1]["who"] != who:
                continue
            why = binding.differs(entry[1]["in"], live)
            if not why:
                left.remove(entry)
                break
            reasons.append(f"line {entry[0]}: {why}")
        else:
            return f"{who} got {live}, expected otherwise: " + "; ".join(reasons[:3])
    return ""


def surplus(stage):
    for who, kith in stage.sockets.items():
        kith.raw({"op": "heartbeat", "id": BARRIER, "d": {}})
        while True:
            live = stage.receive(who, 10)
            if live is None:
                return f"{who}'s socket is dead at the end"
            if live.get("id") == BARRIER:
                break
            return f"{who} got more than was recorded: {live}"
    return ""


def main():
    failed = 0
    for path in sys.argv[2:]:
        why = replay(sys.argv[1], path)
        print(f"{'FAIL' if why else 'ok'} {path} {why}", flush=True)
        failed += bool(why)
    return 1 if failed or len(sys.argv) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
