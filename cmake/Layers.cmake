# hfauth_layer(NAME SOURCES ... HEADERS ... USES ...): one static library for one folder under lib/.
# Its public headers live in include/hfauth/<name>/ and are compiled alone by the *_verify_interface_header_sets target.
# USES are the arrows of docs/architecture.md: what is not named here cannot be included.
function(hfauth_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;USES;PRIVATE" ${ARGN})
  add_library(hfauth_${name} STATIC ${ARG_SOURCES})
  add_library(hfauth::${name} ALIAS hfauth_${name})
  target_sources(hfauth_${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${ARG_HEADERS})
  target_link_libraries(hfauth_${name}
    PUBLIC ${ARG_USES}
    PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:hfauth_build_flags>)
  set_target_properties(hfauth_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()
