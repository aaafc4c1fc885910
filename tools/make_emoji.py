#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes resources/emoji.tsv: what the picker offers and by which words it is found (docs/decisions/0014).

usage: make_emoji.py [--test FILE] [--cldr FOLDER] > resources/emoji.tsv

Reads emoji-test.txt (Debian: unicode-data) and the annotations of CLDR (Debian: unicode-cldr-core), English and Chinese.
Lines: "@<TAB>group" begins a group; else emoji, English name, Chinese name (may be empty), words separated by "|", all
of them lower case and without accents, as core/models/name_match folds what is typed.
"""
import argparse
import pathlib
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

LINE = re.compile(r"^([0-9A-F ]+?)\s*;\s*fully-qualified\s*#\s*\S+\s+E[0-9.]+\s+(.*)$")
SELECTOR = "\ufe0f"
TONES = {chr(c) for c in range(0x1F3FB, 0x1F400)}
HEADER = """\
# Emoji with names and words in English and Chinese, made by tools/make_emoji.py from the data files of Unicode:
# emoji-test.txt %s and CLDR's annotations. Copyright (c) 1991-2022 Unicode, Inc. Distributed under the Terms of Use in
# https://www.unicode.org/copyright.html (Unicode-DFS-2016, the whole text in packaging/debian/copyright). Modified: one
# line per emoji, without skin tones.
"""


def fold(text):
    """As models::foldName."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    return " ".join(plain.split())


def annotations(folder, language):
    """emoji without selectors -> (name, words)"""
    found = {}
    for kind in ("annotations", "annotationsDerived"):
        for node in ElementTree.parse(folder / kind / f"{language}.xml").iter("annotation"):
            key = node.get("cp").replace(SELECTOR, "")
            name, words = found.get(key, ("", []))
            if node.get("type") == "tts":
                name = node.text.strip()
            else:
                words = [word.strip() for word in node.text.split("|")]
            found[key] = (name, words)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--test", type=pathlib.Path, default="/usr/share/unicode/emoji/emoji-test.txt")
    parser.add_argument("--cldr", type=pathlib.Path, default="/usr/share/unicode/cldr/common")
    options = parser.parse_args()
    english, chinese = annotations(options.cldr, "en"), annotations(options.cldr, "zh")
    text = options.test.read_text(encoding="utf-8")
    version = re.search(r"^# Version: (\S+)", text, re.M).group(1)
    sys.stdout.write(HEADER % version)
    group = None
    for line in text.splitlines():
        if line.startswith("# group: "):
            group = line.removeprefix("# group: ")
            if group != "Component":
                print(f"@\t{group}")
            continue
        match = LINE.match(line)
        if not match or group == "Component":
            continue
        emoji = "".join(chr(int(code, 16)) for code in match.group(1).split())
        if TONES & set(emoji):
            continue
        key = emoji.replace(SELECTOR, "")
        name, words = english.get(key, ("", []))
        name = name or match.group(2) # newer than these annotations
        name_zh, words_zh = chinese.get(key, ("", []))
        terms = dict.fromkeys(fold(t.replace("|", " ")) for t in [name, name_zh, *words, *words_zh] if t)
        print(emoji, name, name_zh, "|".join(terms), sep="\t")


if __name__ == "__main__":
    main()
