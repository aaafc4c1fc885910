#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the .deb packages of this build and looks into them; lintian looks too.

usage: deb.py CPACK BUILD FOLDER VERSION
"""
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys

import tree

PACKAGES = {"kith": tree.CLIENT, "kithd": tree.SERVER}


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, umask=0o022, **options)
    if done.returncode != 0:
        tree.finish([f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}{done.stderr}"])
    return done.stdout


def sections(program):
    return set(re.findall(r"^\s*\[ *\d+\] (\.\S+)", run("readelf", "-SW", program), re.M))


def check(package, deb, folder, version):
    problems = []
    control = {line.split(": ", 1)[0]: line.split(": ", 1)[1] for line in run("dpkg-deb", "-f", deb).splitlines()
               if ": " in line and not line.startswith(" ")}
    depends = control["Depends"]
    if not control["Version"].startswith(version + "-"):
        problems.append(f"version {control['Version']}, the project is {version}")
    # What dpkg-shlibdeps found; kithd without Qt, and neither with the system's SQLite, which would write plaintext.
    for library, wanted in (("libc6", True), ("libqt6widgets6", package == "kith"),
                            ("libsqlite3", False), ("libsqlcipher", False)):
        if (library in depends) != wanted:
            problems.append(f"depends on {library}: {library in depends}, expected {wanted}: {depends}")

    root, info = folder / package / "root", folder / package / "DEBIAN"
    shutil.rmtree(root.parent, ignore_errors=True)
    root.parent.mkdir()
    run("dpkg-deb", "-x", deb, root)
    run("dpkg-deb", "-e", deb, info)
    found = {str(p.relative_to(root)) for p in root.rglob("*") if not p.is_dir()}
    if found != PACKAGES[package]:
        problems.append(f"missing {sorted(PACKAGES[package] - found)}, not expected {sorted(found - PACKAGES[package])}")
    for line in run("dpkg-deb", "-c", deb).splitlines():
        mode, owner, name = line.split()[0], line.split()[1], line.split()[5]
        runs = mode.startswith("d") or name.removeprefix("./") in tree.PROGRAMS
        if owner != "root/root" or mode[1:] != ("rwxr-xr-x" if runs else "rw-r--r--"):
            problems.append(f"{name}: {mode} {owner}")
    sums = dict(reversed(line.split(None, 1)) for line in (info / "md5sums").read_text().splitlines())
    for name in found:
        if name not in sums:
            problems += [] if name.startswith("etc/") else [f"{name}: no md5sum"]
        elif hashlib.md5((root / name).read_bytes()).hexdigest() != sums[name]:
            problems.append(f"{name}: another md5sum")
    for name in sorted(found & tree.PROGRAMS):
        if sections(root / name) & {".symtab", ".debug_info", ".debug_line"}:
            problems.append(f"{name} is not stripped")
        dynamic = run("readelf", "-dlW", root / name)
        for what in ("BIND_NOW", "GNU_RELRO", "PIE"):
            if what not in dynamic:
                problems.append(f"{name}: no {what}")
        if re.search(r"RPATH|RUNPATH", dynamic):
            problems.append(f"{name} has a path of the build in it")
    conffiles = info / "conffiles"
    if package == "kithd" and conffiles.read_text().split() != ["/etc/kith/kithd.toml"]:
        problems.append("the settings are no conffile")
    return problems


def main():
    cpack, build, folder, version = sys.argv[1], *map(pathlib.Path, sys.argv[2:4]), sys.argv[4]
    for tool in ("dpkg-deb", "dpkg-shlibdeps", "readelf", "strip"):
        if not shutil.which(tool):
            tree.skip(f"no {tool} here")
    shutil.rmtree(folder, ignore_errors=True)
    # gzip: the quicker of two compressions that dpkg takes; the packages that people get have xz.
    run(cpack, "-G", "DEB", "--config", build / "CPackConfig.cmake", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", "-B", folder)
    debs = {deb.name.split("_")[0]: deb for deb in sorted(folder.rglob("*.deb")) if "_CPack_Packages" not in deb.parts}
    problems = [] if set(debs) == set(PACKAGES) else [f"packages {sorted(debs)}, expected {sorted(PACKAGES)}"]
    for package in sorted(set(debs) & set(PACKAGES)):
        problems += [f"{package}: {problem}" for problem in check(package, debs[package], folder, version)]
        print(f"{debs[package].name}: {debs[package].stat().st_size // 1024} KiB")
    if problems:
        tree.finish(problems)
    if not shutil.which("lintian"):
        tree.skip("the packages are as they should be, but there is no lintian here")
    print(run("lintian", "--allow-root", "--fail-on", "error,warning", *debs.values()))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
