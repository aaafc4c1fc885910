#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each option and command that --help names stands in the manual page, and the page names no other; and man(1) has
nothing to say against the page.

usage: manuals.py STAGE        (made by installed.py install)
"""
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys

import tree

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")


def plain(roff):
    """The page's source without its escapes and macros' names, one line a line."""
    text = re.sub(r'\.\\".*', "", roff)
    text = re.sub(r"\\f(?:\(..|\[[^]]*\]|.)", "", text).replace("\\-", "-").replace("\\(aq", "'")
    text = re.sub(r"(?m)^\.(?:B|I|BI|BR|IR|RB|RI)\s+", "", text).replace('"', "")
    return re.sub(r"\[ +", "[", re.sub(r" +", " ", text))


def help_of(program, *command):
    # Words need no display.
    displays = {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}
    environment = {name: value for name, value in os.environ.items() if name not in displays} | {"COLUMNS": "200"}
    done = subprocess.run([program, *command, "--help"], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        tree.finish([f"{program} {' '.join(command)} --help: {done.returncode} {done.stderr}"])
    return done.stdout


def commands_in(text):
    """Names under "Subcommands:" of CLI11's help."""
    part = re.search(r"^Subcommands:\n((?:  .*\n?)*)", text, re.M)
    return re.findall(r"^  (\S+)", part.group(1), re.M) if part else []


def options_in(text):
    """Options that start a line of a list, not those that a sentence mentions; the short form may come first."""
    return {option for line in re.findall(r"^\s+(-.*)$", text, re.M)
            for option in OPTION.findall(re.split(r"\s{2,}| TEXT| INT| FLOAT", line)[0])}


def offered(program):
    """{command: options}, the program itself under the empty name."""
    found = {}

    def look(command):
        text = help_of(program, *command)
        found[" ".join(command)] = options_in(text)
        for name in commands_in(text):
            look((*command, name))
    look(())
    return found


def problems_of(page, offers):
    text = plain(page)
    sections = dict(zip(re.findall(r"(?m)^\.SH (.*)$", text), re.split(r"(?m)^\.SH .*$", text)[1:]))
    general = set(OPTION.findall(sections["OPTIONS"]))
    tags = re.findall(r"(?m)^\.TP\n(.*)$", sections.get("COMMANDS", ""))
    problems = []
    documented = set()
    for command, options in offers.items():
        entry = ""
        # A group of commands is documented by its members.
        if command and not any(other.startswith(command + " ") for other in offers if other != command) or \
                any(re.match(rf"{command}(?: |$)", tag) for tag in tags if command):
            name = re.compile(rf"(?:^|, |\[){re.escape(command)}(?:[ ,\]]|$)")
            spelled = [tag for tag in tags if name.search(tag)]
            if not spelled and " " in command:  # "devices [revoke id]"
                group, last = map(re.escape, command.rsplit(" ", 1))
                spelled = [tag for tag in tags if re.match(rf"{group} \[{last}[ \]]", tag)]
            if not spelled:
                problems.append(f"command '{command}' is not in the page")
            entry = " ".join(spelled)
        documented |= options
        for option in sorted(options - general - set(OPTION.findall(entry))):
            problems.append(f"option {option}{' of ' + command if command else ''} is not in the page")
    known = documented | {"--help"}
    mentioned = set(OPTION.findall(sections["OPTIONS"] + " ".join(tags)))
    problems += [f"{option} is in the page but no --help names it" for option in sorted(mentioned - known)]
    return problems


def without(page, option):
    return page.replace(option.replace("-", "\\-"), "nothing")


def main():
    root = pathlib.Path(sys.argv[1]) / "root/usr"
    problems, checked = [], 0
    man = shutil.which("man")
    for name, section in (("kith", 1), ("kith-cli", 1), ("kithd", 8)):
        file = root / f"share/man/man{section}/{name}.{section}.gz"
        with gzip.open(file, "rt", encoding="utf-8") as stream:
            page = stream.read()
        offers = offered(root / "bin" / name)
        problems += [f"{name}({section}): {problem}" for problem in problems_of(page, offers)]
        # The check can fail: without any one option, with one too many, without a command.
        for option in sorted(set().union(*offers.values()) - {"--help"}):
            checked += 1
            if not any(option in problem for problem in problems_of(without(page, option), offers)):
                problems.append(f"self test: {name}({section}) without {option} was accepted")
        for command in (c for c in offers if c and not any(o.startswith(c + " ") for o in offers)):
            gone = {**offers, command + "x": set()}
            if not any(f"'{command}x'" in problem for problem in problems_of(page, gone)):
                problems.append(f"self test: {name}({section}) without a command {command}x was accepted")
        if not any("--never" in p for p in problems_of(page.replace(".SH OPTIONS", ".SH OPTIONS\n.TP\n\\-\\-never"), offers)):
            problems.append(f"self test: {name}({section}) with --never was accepted")
        if man:
            done = subprocess.run([man, "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", file], capture_output=True,
                                  text=True, env={**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"})
            if done.returncode != 0 or done.stderr.strip():
                problems.append(f"{name}({section}): {done.stderr}")
    print(f"{checked} options")
    if not man and not problems:
        tree.skip("options agree, but there is no man here to read the pages")
    tree.finish(problems)


if __name__ == "__main__":
    main()
