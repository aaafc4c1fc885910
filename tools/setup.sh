#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what building, testing and running Kith needs on Debian 12 or 13. Idempotent; silent when nothing is missing.
set -euo pipefail

. /etc/os-release
if [ "${ID:-}" != debian ] || { [ "${VERSION_ID:-}" != 12 ] && [ "${VERSION_ID:-}" != 13 ]; }; then
  echo "setup: written for Debian 12 and 13, this is ${PRETTY_NAME:-unknown}; install by hand what tools/setup.sh lists" >&2
  exit 0
fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

packages=(
  g++ cmake ninja-build ccache pkg-config git ca-certificates
  # core and server
  libssl-dev libsodium-dev liboath-dev libqrencode-dev libjwt-dev libtomlplusplus-dev libcli11-dev libspdlog-dev prometheus-cpp-dev zlib1g-dev
  # client and window
  qt6-base-dev qt6-base-dev-tools qt6-websockets-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools qt6-translations-l10n
  libgl1-mesa-dev qtkeychain-qt6-dev qcoro-qt6-dev libarchive-dev libicu-dev
  libhunspell-dev hunspell-en-us
  # what the window needs to be seen: a display, fonts, image plugins
  xvfb xauth fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji fontconfig libqt6svg6 qt6-qpa-plugins imagemagick x11-utils xdotool
  # a screen reader's view of it
  at-spi2-core python3-pyatspi
  # tests: fuzzer, the sqlcipher command line, a real keyring, a plain SQLite to compare with
  clang libclang-rt-dev sqlite3 libsqlite3-dev dbus dbus-x11 gnome-keyring libsecret-tools openssl curl python3 oathtool zbar-tools testssl.sh bsdextrautils iproute2 dunst
  clang-format clang-tidy
  # packages: what looks at them, at desktop file, AppStream data and manual pages
  dpkg-dev lintian desktop-file-utils appstream man-db
)
case "$VERSION_ID" in
  12) packages+=(libboost1.81-dev libboost-json1.81-dev)
      packages=("${packages[@]/libclang-rt-dev/libclang-rt-14-dev}") ;;
  13) packages+=(libboost1.83-dev libboost-json1.83-dev qt6-svg-plugins) ;; # in Debian 12 a part of libqt6svg6
esac

missing=()
for p in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null | grep -qx installed || missing+=("$p")
done

# SQLCipher 4 is in Debian 13 and in Debian 12's backports only: 3.4 writes another file format and lacks FTS5.
sqlcipher_ok() {
  local v
  v=$(dpkg-query -W -f='${Version}' libsqlcipher-dev 2>/dev/null) || return 1
  dpkg --compare-versions "$v" ge 4.5
}
need_sqlcipher=no
sqlcipher_ok || need_sqlcipher=yes
cli=$(dpkg-query -W -f='${Version}' sqlcipher 2>/dev/null || echo 0)
dpkg --compare-versions "$cli" ge 4.5 || need_sqlcipher=yes

[ ${#missing[@]} -eq 0 ] && [ $need_sqlcipher = no ] && exit 0

export DEBIAN_FRONTEND=noninteractive
if [ "$VERSION_ID" = 12 ] && [ $need_sqlcipher = yes ] &&
   ! grep -rqs 'bookworm-backports' /etc/apt/sources.list /etc/apt/sources.list.d; then
  echo 'deb http://deb.debian.org/debian bookworm-backports main' |
    as_root tee /etc/apt/sources.list.d/kith-bookworm-backports.list >/dev/null
fi
echo "setup: installing ${missing[*]:-} $([ $need_sqlcipher = yes ] && echo 'SQLCipher 4')" >&2
as_root apt-get update -qq
if [ ${#missing[@]} -gt 0 ]; then
  as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
if [ $need_sqlcipher = yes ]; then
  if [ "$VERSION_ID" = 12 ]; then
    as_root apt-get install -y -qq --no-install-recommends -t bookworm-backports libsqlcipher-dev sqlcipher >/dev/null
  else
    as_root apt-get install -y -qq --no-install-recommends libsqlcipher-dev sqlcipher >/dev/null
  fi
  sqlcipher_ok || { echo 'setup: no SQLCipher >= 4.5 to be had' >&2; exit 1; }
fi
