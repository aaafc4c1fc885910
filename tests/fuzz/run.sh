#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One fuzzer for a bounded time, as a test. usage: run.sh BINARY CORPUS SECONDS
set -euo pipefail
binary=$1 corpus=$2 seconds=$3
[ -x "$binary" ] || { echo "$binary is not built: ./dev build fuzz" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
exec "$binary" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$work/" "$work" "$corpus"
