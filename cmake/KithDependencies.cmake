# SPDX-License-Identifier: GPL-3.0-or-later
# Third-party parts (DESIGN §3). Each is found once, here.

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(OATH REQUIRED IMPORTED_TARGET liboath)
pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
find_package(ZLIB REQUIRED)

# SQLCipher, statically and with its symbols hidden: with a shared libsqlite3 earlier in the link order the file would be
# written in plaintext without an error (DESIGN §3.4). core/sql checks at run time as well.
find_path(KITH_SQLCIPHER_INCLUDE NAMES sqlite3.h PATH_SUFFIXES sqlcipher NO_CMAKE_SYSTEM_PATH
          PATHS /usr/include /usr/local/include /opt/homebrew/include REQUIRED)
add_library(kith_sqlcipher INTERFACE)
target_include_directories(kith_sqlcipher SYSTEM INTERFACE "${KITH_SQLCIPHER_INCLUDE}")
target_compile_definitions(kith_sqlcipher INTERFACE SQLITE_HAS_CODEC=1)
if(WIN32) # vcpkg; not yet tried: docs/portability.md
  find_package(sqlcipher CONFIG REQUIRED)
  target_link_libraries(kith_sqlcipher INTERFACE sqlcipher::sqlcipher)
else()
  find_library(KITH_SQLCIPHER_ARCHIVE NAMES libsqlcipher.a REQUIRED)
  if(APPLE) # its linker's word for it; not yet tried
    target_link_libraries(kith_sqlcipher INTERFACE "-Wl,-load_hidden,${KITH_SQLCIPHER_ARCHIVE}")
  else()
    target_link_libraries(kith_sqlcipher INTERFACE "-Wl,--exclude-libs,libsqlcipher.a" "${KITH_SQLCIPHER_ARCHIVE}")
  endif()
  target_link_libraries(kith_sqlcipher INTERFACE OpenSSL::Crypto m Threads::Threads ${CMAKE_DL_LIBS})
endif()

if(KITH_SERVER)
  pkg_check_modules(LIBJWT REQUIRED IMPORTED_TARGET libjwt)
  find_package(tomlplusplus REQUIRED)
  find_package(spdlog REQUIRED)
  find_package(prometheus-cpp REQUIRED COMPONENTS core)
endif()
find_package(CLI11 REQUIRED)
if(KITH_CLIENT OR KITH_TESTS)
  set(CMAKE_AUTOMOC OFF) # switched on per target: the Qt-free rooms need no moc
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core)
endif()
if(KITH_CLIENT)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Network WebSockets Widgets PrintSupport Svg LinguistTools)
  find_package(Qt6Keychain REQUIRED)
  find_package(LibArchive REQUIRED)
  find_package(QCoro6 REQUIRED COMPONENTS Core Network WebSockets)
  find_package(ICU 67 REQUIRED COMPONENTS i18n uc) # pinyin; on Debian Qt links it already
  if(KITH_SPELLING)
    pkg_check_modules(HUNSPELL IMPORTED_TARGET hunspell)
    if(NOT HUNSPELL_FOUND)
      message(STATUS "Hunspell was not found: no spell check")
    endif()
  endif()
endif()
if(KITH_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
endif()
