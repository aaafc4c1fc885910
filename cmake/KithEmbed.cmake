# SPDX-License-Identifier: GPL-3.0-or-later
# kith_embed_sql(TARGET NAMESPACE DIR): compiles the numbered .sql files of DIR into TARGET as
# `std::span<const kith::sql::Migration> NAMESPACE::migrations()`, in the order of their names.
function(kith_embed_sql target namespace dir)
  file(GLOB files CONFIGURE_DEPENDS "${dir}/*.sql")
  list(SORT files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(rows "")
  set(version 0)
  foreach(file IN LISTS files)
    math(EXPR version "${version} + 1")
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${file}" text)
    string(APPEND rows "    {${version}, \"${name}\", R\"sql(${text})sql\"},\n")
  endforeach()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations.cpp")
  file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT
"// generated from ${dir}
#include \"core/sql/sql.h\"
#include <span>
namespace @namespace@ {
std::span<const kith::sql::Migration> migrations();
std::span<const kith::sql::Migration> migrations()
{
    static const kith::sql::Migration all[] = {
@rows@    };
    return all;
}
} // namespace @namespace@
")
  target_sources(${target} PRIVATE "${out}")
endfunction()

# kith_embed_text(TARGET NAMESPACE NAME FILE …): compiles each FILE into TARGET as `const std::string_view NAMESPACE::NAME`.
function(kith_embed_text target namespace)
  set(rows "")
  while(ARGN)
    list(POP_FRONT ARGN name file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(READ "${file}" text)
    string(APPEND rows "extern const std::string_view ${name};\nconst std::string_view ${name} = R\"text(${text})text\";\n")
  endwhile()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${target}_texts.cpp")
  file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT
"// generated
#include <string_view>
namespace @namespace@ {
@rows@} // namespace @namespace@
")
  target_sources(${target} PRIVATE "${out}")
endfunction()
