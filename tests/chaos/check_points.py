#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The places named in the sources and the list in points.txt are the same, each name at one place. usage: check_points.py ROOT"""
import pathlib
import re
import sys

from points import read_points

NAMED = re.compile(r'\bKITH_FAILPOINT\("([^"]*)"\)')


def main(root):
    found, bad = {}, []
    for folder, process in (("core", "client"), ("server", "server")):
        for path in sorted(pathlib.Path(root, folder).rglob("*.[chi]pp")):
            for name in NAMED.findall(path.read_text(encoding="utf-8")):
                if name in found:
                    bad.append(f"{path}: {name} stands at two places")
                found[name] = process
    listed = {point.name: point.process for point in read_points()}
    bad += [f"{name} is in the sources and not in points.txt" for name in found.keys() - listed.keys()]
    bad += [f"{name} is in points.txt and not in the sources" for name in listed.keys() - found.keys()]
    bad += [f"{name} belongs to the {found[name]}" for name in found.keys() & listed.keys() if found[name] != listed[name]]
    print("\n".join(sorted(bad)) or f"{len(found)} points")
    return 1 if bad or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
