# hfauth_embed_text(TARGET OUTPUT NAMESPACE NAME=FILE...): makes a .cpp that defines, for each NAME, the function
# std::string_view NAME() noexcept with the content of FILE, and adds it to TARGET. Made again when a FILE changes.
function(hfauth_embed_text target output namespace)
  set(code "// Made by cmake/EmbedText.cmake.\n#include <string_view>\n\nnamespace ${namespace} {\n")
  foreach(pair IN LISTS ARGN)
    string(REGEX MATCH "^([^=]+)=(.+)$" _ "${pair}")
    set(name ${CMAKE_MATCH_1})
    set(file ${CMAKE_MATCH_2})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} text)
    string(APPEND code "std::string_view ${name}() noexcept;\n"
      "std::string_view ${name}() noexcept { return R\"hfauth_text(${text})hfauth_text\"; }\n")
  endforeach()
  string(APPEND code "}  // namespace ${namespace}\n")
  file(CONFIGURE OUTPUT ${output} CONTENT "@code@" @ONLY)
  target_sources(${target} PRIVATE ${output})
endfunction()
