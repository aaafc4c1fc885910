# SPDX-License-Identifier: GPL-3.0-or-later
# How every target of ours is compiled, and the two functions that make rooms and tests.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include(GNUInstallDirs)

find_program(KITH_CCACHE ccache)
if(KITH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${KITH_CCACHE})
endif()

add_library(kith_options INTERFACE)
target_include_directories(kith_options INTERFACE "${CMAKE_SOURCE_DIR}")
if(MSVC) # not yet tried: docs/portability.md
  target_compile_options(kith_options INTERFACE /W4 /permissive- /utf-8 /bigobj /Zc:__cplusplus /Zc:preprocessor)
  target_compile_definitions(kith_options INTERFACE NOMINMAX WIN32_LEAN_AND_MEAN _CRT_SECURE_NO_WARNINGS)
else()
  target_compile_options(kith_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
  if(NOT APPLE) # ELF
    target_compile_options(kith_options INTERFACE -fno-plt)
    target_link_options(kith_options INTERFACE -Wl,-z,relro,-z,now)
  endif()
  target_compile_options(kith_options INTERFACE -fstack-protector-strong)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$") # the word of these processors for it
    target_compile_options(kith_options INTERFACE $<$<CONFIG:Release>:-fcf-protection>)
  endif()
endif()
target_compile_definitions(kith_options INTERFACE KITH_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Coroutine frames of GCC 12 trip these two without cause.
  target_compile_options(kith_options INTERFACE -Wno-mismatched-new-delete -Wno-maybe-uninitialized)
endif()

# kith_room(NAME SOURCES … LINKS … [FAILPOINTS]): one static library a room. What it links is what it may include: the
# link lines are the architecture diagram of DESIGN §2, and tests/architecture compares them with the includes.
# FAILPOINTS: has places of core/base/failpoint.h, which are compiled in with the option of that name.
function(kith_room name)
  cmake_parse_arguments(ROOM "FAILPOINTS" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(${name} PUBLIC kith_options ${ROOM_LINKS} PRIVATE ${ROOM_PRIVATE_LINKS})
  if(ROOM_FAILPOINTS AND KITH_FAILPOINTS)
    target_compile_definitions(${name} PRIVATE KITH_FAILPOINTS)
  endif()
endfunction()

# kith_test(NAME SOURCES … LINKS … [TIMEOUT s] [LABELS …] [GUI]): a Qt Test executable under CTest. GUI: the offscreen
# platform.
function(kith_test name)
  cmake_parse_arguments(TEST "GUI" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_link_libraries(${name} PRIVATE kith_options ${TEST_LINKS} Qt6::Test)
  target_compile_definitions(${name} PRIVATE KITH_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
  add_test(NAME ${name} COMMAND ${name})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT})
  if(TEST_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}")
  endif()
  if(TEST_GUI)
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
  endif()
endfunction()
