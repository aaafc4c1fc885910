#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens a report and looks for words that must not be in it.
usage: search_zip.py ZIP < words, one a line      prints the members; exit 1 and a line for each word that is there"""
import json
import sys
import zipfile


def forms(word):
    """As it is, as JSON writes it, and as UTF-16."""
    yield word.encode()
    yield json.dumps(word)[1:-1].encode()
    yield word.encode("utf-16-le")


def main():
    words = [line for line in sys.stdin.read().splitlines() if line]
    found = 0
    with zipfile.ZipFile(sys.argv[1]) as report:
        if report.testzip() is not None:
            print("damaged:", report.testzip())
            return 1
        for member in report.infolist():
            content = report.read(member)
            print(f"member {member.filename} {len(content)}")
            if member.filename.endswith(".json"):
                json.loads(content)
            if member.filename.endswith(".jsonl"):
                for line in content.splitlines():
                    json.loads(line)
            for word in words:
                if any(form.lower() in content.lower() for form in forms(word)):
                    print(f"FOUND {word!r} in {member.filename}")
                    found += 1
        raw = open(sys.argv[1], "rb").read()
        found += sum(any(form in raw for form in forms(word)) for word in words)
    print(f"{len(words)} words looked for")
    return 1 if found or not words else 0


if __name__ == "__main__":
    sys.exit(main())
