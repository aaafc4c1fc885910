# core/base/failpoint.h lets a process be killed from its environment: only builds that nobody is given may have it.
# A file of its own, so that a test can run it: cmake -D… -P cmake/KithFailpoints.cmake
if(KITH_FAILPOINTS AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  message(FATAL_ERROR "KITH_FAILPOINTS is for Debug builds, not for ${CMAKE_BUILD_TYPE}")
endif()
