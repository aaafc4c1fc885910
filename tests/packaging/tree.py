# SPDX-License-Identifier: GPL-3.0-or-later
"""What an installation of each component holds, told once for the tests of the tree and of the packages."""
import sys

ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def documents(package):
    return {f"usr/share/doc/{package}/{name}" for name in ("copyright", "changelog.gz", "changelog.Debian.gz")} | {
        f"usr/share/lintian/overrides/{package}"}


CLIENT = {
    "usr/bin/kith", "usr/bin/kith-cli",
    "usr/share/applications/chat.kith.Kith.desktop",
    "usr/share/metainfo/chat.kith.Kith.metainfo.xml",
    "usr/share/icons/hicolor/scalable/apps/kith.svg",
    "usr/share/man/man1/kith.1.gz", "usr/share/man/man1/kith-cli.1.gz",
} | {f"usr/share/icons/hicolor/{n}x{n}/apps/kith.png" for n in ICON_SIZES} | documents("kith")

SERVER = {
    "usr/bin/kithd", "etc/kith/kithd.toml",
    "usr/lib/systemd/system/kithd.service", "usr/lib/sysusers.d/kithd.conf", "usr/lib/tmpfiles.d/kithd.conf",
    "usr/share/man/man8/kithd.8.gz", "usr/share/doc/kithd/operations.md",
} | documents("kithd")

PROGRAMS = {"usr/bin/kith", "usr/bin/kith-cli", "usr/bin/kithd"}


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def finish(problems):
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)
