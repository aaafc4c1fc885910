# SPDX-License-Identifier: GPL-3.0-or-later
"""What the two runners of this folder share: a program under the layer that loses the power (power_layer.cpp)."""
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

LOST = 137  # the status of a process whose power is gone
LOSSES = 5  # kinds, by seed % 5: all, none, tail, subset, sectors


def under_layer(layer, folder, at=0, seed=0, report="", ignore_sync=False):
    """The environment of a process whose writes below `folder` are lost at operation `at`; 0 is never."""
    return {**os.environ, "LD_PRELOAD": layer, "KITH_POWER_DIR": folder, "KITH_POWER_AT": str(at), "KITH_POWER_SEED": str(seed),
            "KITH_POWER_IGNORE_SYNC": "1" if ignore_sync else "0", **({"KITH_POWER_REPORT": report} if report else {})}


def workshop():
    """A folder for a run; in memory where there is one, for nothing here asks a real disk to keep anything."""
    return tempfile.TemporaryDirectory(prefix="kith-power-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)


def run(command, env=None):
    return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="replace", timeout=120, check=False)


def copy(source, target):
    shutil.copytree(source, target)
    return target


def in_parallel(task, items):
    """task(item) for each, a few at a time; in the items' order."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        return list(pool.map(task, items))


def complain(lines, most=12):
    for line in lines[:most]:
        print("FAIL " + line, flush=True)
    if len(lines) > most:
        print(f"     and {len(lines) - most} more", flush=True)
    sys.stdout.flush()
