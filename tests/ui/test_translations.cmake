# SPDX-License-Identifier: GPL-3.0-or-later
# lupdate on a copy of the Chinese file: words that are new, gone or unfinished fail.
set(copy ${WORK}/check_zh_CN.ts)
configure_file(${ROOT}/translations/kith_zh_CN.ts ${copy} COPYONLY)
execute_process(
  COMMAND ${LUPDATE} -locations none -I ${ROOT} ${ROOT}/ui ${ROOT}/app/kith ${ROOT}/core/models -ts ${copy}
  RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
file(READ ${copy} text)
string(REGEX MATCHALL "type=\"(unfinished|vanished|obsolete)\"" open "${text}")
list(LENGTH open count)
string(FIND "${said}" "Found " counted)
file(REMOVE ${copy})
if(failed OR counted EQUAL -1)
  message(FATAL_ERROR "lupdate: ${said}")
endif()
if(count GREATER 0)
  message(FATAL_ERROR "${count} texts are not translated or no longer used: run lupdate and complete kith_zh_CN.ts\n${said}")
endif()
