#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs into a folder and looks at what came there.

usage: installed.py install STAGE CMAKE BUILD          the tree; makes STAGE/root (as /usr) and STAGE/prefix
       installed.py WHAT STAGE SOURCE VERSION          one kind of file in it
"""
import email.utils
import gzip
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
import zlib

import tree


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def must(*command, **options):
    done = run(*command, **options)
    if done.returncode != 0:
        tree.finish([f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}"])
    return done


def need(tool):
    return shutil.which(tool) or tree.skip(f"no {tool} here")


def files_under(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir()}


def install(stage, cmake, build):
    shutil.rmtree(stage, ignore_errors=True)
    root, prefix = stage / "root", stage / "prefix"
    problems = []
    for component, expected in (("client", tree.CLIENT), ("server", tree.SERVER)):
        before = files_under(root)
        must(cmake, "--install", build, "--prefix", "/usr", "--component", component,
             env={**os.environ, "DESTDIR": str(root)}, umask=0o022)
        found = files_under(root) - before
        problems += [f"{component}: {name} is missing" for name in sorted(expected - found)]
        problems += [f"{component}: {name} was not expected" for name in sorted(found - expected)]
    for path in root.rglob("*"):
        relative, mode = str(path.relative_to(root)), path.stat().st_mode & 0o777
        wanted = 0o755 if path.is_dir() or relative in tree.PROGRAMS else 0o644
        if mode != wanted:
            problems.append(f"{relative}: mode {mode:o}, not {wanted:o}")
    # Somewhere else, without root: the unit follows, and settings of one's own survive a second time.
    settings = prefix / "etc/kith/kithd.toml"
    for _ in range(2):
        must(cmake, "--install", build, "--prefix", prefix, "--component", "server")
        settings.write_text(settings.read_text() + "# mine\n")
    if settings.read_text().count("# mine") != 2:
        problems.append("a second installation overwrote the settings")
    start = f"ExecStart={prefix}/bin/kithd serve --config {settings}"
    if start not in (prefix / "lib/systemd/system/kithd.service").read_text():
        problems.append(f"the unit of {prefix} does not say {start}")
    if "ExecStart=/usr/bin/kithd serve --config /etc/kith/kithd.toml" not in \
            (root / "usr/lib/systemd/system/kithd.service").read_text():
        problems.append("the unit of /usr does not say /usr/bin/kithd and /etc/kith/kithd.toml")
    return problems


def versions(stage, _source, version):
    """Programs, changelog, AppStream data and pages speak of one version and one day."""
    root = stage / "root"
    problems = []
    release = xml.parse(root / "usr/share/metainfo/chat.kith.Kith.metainfo.xml").find("releases/release")
    with gzip.open(root / "usr/share/doc/kith/changelog.Debian.gz", "rt", encoding="utf-8") as file:
        changes = file.read()
    given = re.match(r"kith \(([^)-]+)-", changes).group(1)
    day = email.utils.parsedate_to_datetime(re.search(r"^ -- .*>  (.*)$", changes, re.M).group(1)).strftime("%Y-%m-%d")
    for what, said in (("AppStream", release.get("version")), ("changelog.Debian", given)):
        if said != version:
            problems.append(f"{what} says {said}, the project {version}")
    if release.get("date") != day:
        problems.append(f"AppStream dates it {release.get('date')}, changelog.Debian {day}")
    for program in ("kith-cli --version", "kithd version", "kith --version"):
        name, *rest = program.split()
        said = must(root / "usr/bin" / name, *rest, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}).stdout.split()
        if said[-1:] != [version]:
            problems.append(f"{program} says {said}, the project {version}")
    return problems


def desktop(stage, _source, _version):
    file = stage / "root/usr/share/applications/chat.kith.Kith.desktop"
    said = dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line)
    problems = []
    if not (stage / "root/usr/bin" / said["Exec"].split()[0]).is_file():
        problems.append(f"Exec={said['Exec']} is not installed")
    if not (stage / f"root/usr/share/icons/hicolor/scalable/apps/{said['Icon']}.svg").is_file():
        problems.append(f"Icon={said['Icon']} is not installed")
    if problems:
        return problems
    done = run(need("desktop-file-validate"), file)
    return [done.stdout + done.stderr] if done.returncode != 0 or done.stdout.strip() else []


def appstream(stage, _source, _version):
    file = stage / "root/usr/share/metainfo/chat.kith.Kith.metainfo.xml"
    launchable = xml.parse(file).findtext("launchable")
    if not (stage / "root/usr/share/applications" / launchable).is_file():
        return [f"launchable {launchable} is not installed"]
    done = run(need("appstreamcli"), "validate", "--no-net", "--no-color", file)
    said = done.stdout + done.stderr
    return [said] if done.returncode != 0 or re.search(r"^[EW]:", said, re.M) else []


def icons(stage, source, _version):
    folder = stage / "root/usr/share/icons/hicolor"
    problems = []
    if (folder / "scalable/apps/kith.svg").read_bytes() != (pathlib.Path(source) / "packaging/icons/kith.svg").read_bytes():
        problems.append("the scalable icon is not the one that the window has")
    for size in tree.ICON_SIZES:
        data = (folder / f"{size}x{size}/apps/kith.png").read_bytes()
        if data[:8] != b"\x89PNG\r\n\x1a\n" or struct.unpack(">II", data[16:24]) != (size, size):
            problems.append(f"{size}: no PNG of that size")
            continue
        pixels, at = b"", 8
        while at < len(data):
            length = struct.unpack(">I", data[at:at + 4])[0]
            if data[at + 4:at + 8] == b"IDAT":
                pixels += data[at + 8:at + 8 + length]
            at += 12 + length
        if len(set(zlib.decompress(pixels))) < 8:
            problems.append(f"{size}: nothing is drawn")
    return problems


def settings(stage, _source, _version):
    """kithd takes the settings as installed, and those with TLS that stand in them as a comment."""
    root = stage / "root"
    text = (root / "etc/kith/kithd.toml").read_text()
    others = re.sub(r"(?m)^(listen|insecure) = .*$", "", text)
    others = re.sub(r'(?m)^#(listen|\[tls\]|certificate|key)', r"\1", others)
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("installed", text), ("tls", others)):
            file = pathlib.Path(folder, name + ".toml")
            file.write_text(content)
            done = run(root / "usr/bin/kithd", "user", "list", "--config", file, "--data", f"{folder}/{name}")
            if done.returncode != 0:
                problems.append(f"kithd refuses the settings ({name}): {done.stderr}")
    if "[tls]" not in others or others == text:
        problems.append("the settings show no TLS")
    return problems


def systemd(stage, _source, _version):
    analyze = need("systemd-analyze")
    unit = stage / "prefix/lib/systemd/system/kithd.service"  # the one whose program is there
    done = run(analyze, "verify", "--man=no", unit)
    problems = [done.stdout + done.stderr] if done.returncode != 0 or done.stderr.strip() else []
    # 1.5 of 10; docs/operations.md tells what is left.
    done = run(analyze, "security", "--offline=true", "--threshold=15", "--no-pager", unit)
    if done.returncode != 0:
        problems.append(done.stdout + done.stderr)
    print(*re.findall(r".*Overall exposure level.*", done.stdout))
    sysusers = shutil.which("systemd-sysusers")
    if sysusers:
        done = run(sysusers, "--dry-run", f"--root={stage / 'root'}", stage / "root/usr/lib/sysusers.d/kithd.conf")
        if done.returncode != 0 or "kithd" not in done.stdout + done.stderr:
            problems.append(f"systemd-sysusers: {done.stdout}{done.stderr}")
    return problems


if __name__ == "__main__":
    what, stage = sys.argv[1], pathlib.Path(sys.argv[2])
    tree.finish(globals()[what](stage, *sys.argv[3:]))
