# SPDX-License-Identifier: GPL-3.0-or-later
# Run by `cmake --install`: the unit and its settings, with the places of this installation.
cmake_path(ABSOLUTE_PATH bindir BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" OUTPUT_VARIABLE KITH_BINDIR)
cmake_path(ABSOLUTE_PATH datadir BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" OUTPUT_VARIABLE KITH_DOCDIR)
string(APPEND KITH_DOCDIR "/doc")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(KITH_SYSCONFDIR "/etc")
else()
  set(KITH_SYSCONFDIR "${CMAKE_INSTALL_PREFIX}/etc")
endif()
configure_file("${unit_source}" "${unit}" @ONLY)
file(INSTALL DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system" TYPE FILE FILES "${unit}")
# Settings that somebody changed are theirs; a package manager asks, this does not overwrite.
if(EXISTS "$ENV{DESTDIR}${KITH_SYSCONFDIR}/kith/kithd.toml")
  message(STATUS "Kept: $ENV{DESTDIR}${KITH_SYSCONFDIR}/kith/kithd.toml")
else()
  file(INSTALL DESTINATION "${KITH_SYSCONFDIR}/kith" TYPE FILE FILES "${settings}")
endif()
