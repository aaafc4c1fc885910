#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when the house leans: an include that climbs, a link that the design does not draw, a file that grew too large,
a file without licence, a test that sleeps, a colour outside the theme.

usage: check_rooms.py ROOT            checks the tree
       check_rooms.py ROOT --self     shows that each check can fail, on small trees made for it
"""
import pathlib
import re
import sys
import tempfile

# Direct links that docs/architecture.md draws. A room may include itself and whatever it links, also transitively.
ARROWS = {
    "core/base": set(),
    "core/protocol": {"core/base"},
    "core/crypto": {"core/base"},
    "core/sql": {"core/base", "core/crypto"},
    "core/history": {"core/sql"},
    "core/client": {"core/history", "core/protocol", "core/crypto"},
    "core/diagnostics": {"core/client"},
    "core/models": {"core/client"},
    "ui": {"core/models", "core/diagnostics"},
    "server/store": {"core/base", "core/sql", "core/crypto"},
    "server/ops": {"server/store", "core/crypto"},
    "server/delivery": {"server/store", "server/ops", "core/protocol"},
    "server/logic": {"server/store", "server/delivery", "server/ops", "core/crypto", "core/protocol"},
    "server/gateway": {"server/logic", "server/delivery", "server/ops", "core/protocol"},
}
TARGETS = {room.replace("core/", "kith_").replace("server/", "kithd_"): room for room in ARROWS}
TARGETS["kith_ui"] = TARGETS.pop("ui")
QT_FREE = {"core/base", "core/protocol", "core/crypto", "core/sql", "core/history"} | {
    r for r in ARROWS if r.startswith("server/")}
MAX_LINES = 600
SOURCES = {".cpp", ".h", ".ipp"}
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.M)
ROOM_CALL = re.compile(r"kith_room\((\w+)(.*?)\)", re.S)
COLOUR = re.compile(r'"#[0-9a-fA-F]{6}"|\bQColor\(\s*(?:0x|\d+\s*,)|\bQt::(?:red|blue|green|gray|white|black)\b')
SLEEP = re.compile(r"\b(QThread::(?:m|u)?sleep|sleep_for|sleep_until|usleep|nanosleep|QTest::qSleep|QTest::qWait|time\.sleep)\s*\(")


def room_of(path):
    """The room that a path relative to the root lies in, longest first, or None."""
    text = path if isinstance(path, str) else path.as_posix()
    return next((r for r in sorted(ARROWS, key=len, reverse=True) if text.startswith(r + "/")), None)


def reachable(room):
    seen, todo = {room}, [room]
    while todo:
        for other in ARROWS[todo.pop()]:
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return seen


def files(root, *folders):
    for folder in folders:
        base = root / folder
        if base.is_dir():
            yield from (p for p in sorted(base.rglob("*")) if p.is_file())


def check(root):
    problems = []
    ours = ("core", "ui", "server", "app", "tests", "bench")
    for path in files(root, *ours):
        relative = path.relative_to(root)
        if path.suffix not in SOURCES:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        lines = text.count("\n")
        if lines > MAX_LINES:
            problems.append(f"{relative}: {lines} lines, more than {MAX_LINES}: the room is crowded")
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in text[:200]:
            problems.append(f"{relative}: no SPDX line")
        if path.suffix == ".h" and "#pragma once" not in text:
            problems.append(f"{relative}: no #pragma once")
        if path.suffix == ".h" and re.search(r"^\s*using namespace", text, re.M):
            problems.append(f"{relative}: using namespace in a header")
        room = room_of(relative)
        for include in INCLUDE.findall(text):
            if room and include.startswith(("tests/", "bench/", "app/")):
                problems.append(f"{relative}: includes {include}: nothing may depend on tests, bench or app")
            other = room_of(include)
            if room and other and other not in reachable(room):
                problems.append(f"{relative}: includes {include}: {room} may not reach {other}")
            if room in QT_FREE and re.match(r"(Q[A-Z]|Qt)", include):
                problems.append(f"{relative}: includes {include}: {room} is Qt-free")
        if relative.parts[0] == "tests" and SLEEP.search(text):
            problems.append(f"{relative}: a test that sleeps instead of waiting on a condition")
        if room in ("ui", "core/models") and COLOUR.search(text):
            problems.append(f"{relative}: a colour literal; colours live in resources/themes/tokens.json")
    for path in files(root, "tests", "tools"):
        if path.suffix in (".py", ".sh") and path.name != "check_rooms.py":
            if re.search(r"^\s*sleep |\btime\.sleep\(", path.read_text(errors="replace"), re.M):
                problems.append(f"{path.relative_to(root)}: a test that sleeps instead of waiting on a condition")
    for path in files(root, "core", "ui", "server"):
        if path.name != "CMakeLists.txt":
            continue
        for target, body in ROOM_CALL.findall(path.read_text()):
            room = TARGETS.get(target)
            if room is None:
                problems.append(f"{path.relative_to(root)}: {target} is not a room of docs/architecture.md")
                continue
            for linked in re.findall(r"\bkithd?_\w+", body):
                other = TARGETS.get(linked)
                if other and other not in reachable(room):
                    problems.append(f"{path.relative_to(root)}: {target} links {linked}, an arrow that is not drawn")
    return problems


def self_test():
    """Each case is a tree with one defect; a check that finds nothing there cannot fail and is itself a defect."""
    head = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
    cases = {
        "climbing include": {"core/sql/a.cpp": head + '#include "core/history/history.h"\n'},
        "server into client": {"server/logic/a.cpp": head + '#include "core/client/client.h"\n'},
        "Qt in a Qt-free room": {"core/history/a.cpp": head + "#include <QString>\n"},
        "room on tests": {"ui/a.cpp": head + '#include "tests/ui/a.h"\n'},
        "too long": {"ui/a.cpp": head + "\n" * MAX_LINES},
        "no licence": {"ui/a.cpp": "int a;\n"},
        "no pragma": {"ui/a.h": head},
        "using namespace": {"ui/a.h": head + "#pragma once\nusing namespace std;\n"},
        "sleeping test": {"tests/a.cpp": head + "QTest::" + "qWait(100);\n"},
        "sleeping script": {"tests/a.py": "import time\ntime." + "sleep(1)\n"},
        "colour literal": {"ui/a.cpp": head + 'auto c = "#C04A36";\n'},
        "undrawn link": {"core/sql/CMakeLists.txt": "kith_room(kith_sql SOURCES a.cpp LINKS kith_history)\n"},
        "unknown room": {"core/new/CMakeLists.txt": "kith_room(kith_new SOURCES a.cpp)\n"},
    }
    problems = []
    for name, tree in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            for relative, text in tree.items():
                path = pathlib.Path(folder) / relative
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            if len(check(pathlib.Path(folder))) != 1:
                problems.append(f"self test: '{name}' gave {check(pathlib.Path(folder))}")
    return problems


def main():
    root = pathlib.Path(sys.argv[1])
    problems = self_test() if "--self" in sys.argv[2:] else check(root)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
