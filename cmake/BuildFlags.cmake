# Compile and link flags of every target of this project; linked PRIVATE, so they reach nobody else.
add_library(hfauth_build_flags INTERFACE)

option(HFAUTH_WERROR "Treat warnings as errors (the dev, asan and tsan presets do)" OFF)
option(HFAUTH_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

target_compile_options(hfauth_build_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wundef
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual>
  $<$<BOOL:${HFAUTH_WERROR}>:-Werror>
  -fstack-protector-strong)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|i.86")
  target_compile_options(hfauth_build_flags INTERFACE -fcf-protection)
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(hfauth_build_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
target_compile_definitions(hfauth_build_flags INTERFACE
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)
target_link_options(hfauth_build_flags INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,--as-needed)

set(HFAUTH_SANITIZED OFF)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
  set(HFAUTH_SANITIZED ON)
endif()

# Where the programs of a build with a sanitizer put what it finds. libFuzzer's programs tell it themselves.
if(HFAUTH_SANITIZED AND NOT HFAUTH_FUZZ)
  set(reports ${CMAKE_BINARY_DIR}/reports)
  file(MAKE_DIRECTORY ${reports})
  add_library(hfauth_sanitizer_options OBJECT ${CMAKE_SOURCE_DIR}/tests/support/sanitizer_options.cpp)
  target_compile_definitions(hfauth_sanitizer_options PRIVATE HFAUTH_REPORTS="${reports}")
  link_libraries($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:$<TARGET_OBJECTS:hfauth_sanitizer_options>>)
endif()
