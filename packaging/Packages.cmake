# SPDX-License-Identifier: GPL-3.0-or-later
# The .deb packages, by `./dev package`. kithd is a package of its own: who chats wants no server, and a server no Qt.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME kith)
set(CPACK_PACKAGE_VENDOR "Kith")
set(CPACK_PACKAGE_CONTACT "Kith maintainers <maintainers@users.noreply.b-seed-5c9f2dc0.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # CPack would put it before the description of each package
set(CPACK_STRIP_FILES ON)
# The unit names its places: they are those of the target, not of the folder in which CPack collects.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL "")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
else()
  # What tests/packaging makes of the everyday build, with its places to die at, gives way to any real package.
  set(CPACK_DEBIAN_PACKAGE_RELEASE "0~debug")
endif()

if(KITH_CLIENT)
  list(APPEND CPACK_COMPONENTS_ALL client)
  set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME kith)
  set(CPACK_COMPONENT_CLIENT_DESCRIPTION "chat client whose history belongs to its user
Kith is a chat client for groups and for two people. Everything it has seen
is kept in an encrypted file that opens at once and is read without a network;
it says honestly what is on this computer and what is not, and downloads the
rest when asked.

Besides the window (kith) there is kith-cli, the same client for terminals,
scripts and testers. Both talk to a server that runs kithd.")
  # What the window uses if it is there: certificates of public authorities, a keyring, Wayland without X, and glyphs
  # for Chinese and emoji.
  set(CPACK_DEBIAN_CLIENT_PACKAGE_RECOMMENDS
      "ca-certificates, gnome-keyring | kwalletmanager | keepassxc, fonts-noto-cjk, fonts-noto-color-emoji, qt6-translations-l10n, qt6-wayland, qt6-svg-plugins | libqt6svg6")
  set(CPACK_DEBIAN_CLIENT_PACKAGE_SUGGESTS "kithd, hunspell-en-us | hunspell-dictionary")
endif()
if(KITH_SERVER)
  list(APPEND CPACK_COMPONENTS_ALL server)
  set(CPACK_DEBIAN_SERVER_PACKAGE_NAME kithd)
  set(CPACK_COMPONENT_SERVER_DESCRIPTION "server of the Kith chat client
kithd keeps accounts and messages in one encrypted file and serves them over
HTTPS and a socket on one port. It needs no other service.

The package brings a confined systemd service, which is off until it is
enabled, and settings in /etc/kith.")
  set(CPACK_DEBIAN_SERVER_PACKAGE_DEPENDS
      "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles")
  set(CPACK_DEBIAN_SERVER_PACKAGE_SUGGESTS "kith")
  set(CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA "")
  foreach(file IN ITEMS postinst prerm postrm conffiles)
    list(APPEND CPACK_DEBIAN_SERVER_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_SOURCE_DIR}/debian/kithd/${file}")
  endforeach()
endif()
include(CPack)
