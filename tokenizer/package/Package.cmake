# The C ABI as a shared library, and what a program outside of this project needs: headers, both libraries, the CMake
# package and the pkg-config files (cmake --install BUILD --component tokenizer).
add_library(hfauth_tokenizer_c SHARED src/c_abi.cpp)
add_library(hfauth::tokenizer_c ALIAS hfauth_tokenizer_c)
target_sources(hfauth_tokenizer_c PUBLIC FILE_SET HEADERS BASE_DIRS include FILES include/hfauth_tokenizer.h)
target_link_libraries(hfauth_tokenizer_c PRIVATE hfauth_tokenizer $<BUILD_INTERFACE:hfauth_build_flags>)
target_link_options(hfauth_tokenizer_c PRIVATE -Wl,--exclude-libs,ALL)
set_target_properties(hfauth_tokenizer_c PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0 EXPORT_NAME tokenizer_c
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set_target_properties(hfauth_tokenizer PROPERTIES EXPORT_NAME tokenizer)

include(CMakePackageConfigHelpers)
set(HFAUTH_TOKENIZER_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/hfauth_tokenizer)
configure_package_config_file(package/hfauth_tokenizerConfig.cmake.in hfauth_tokenizerConfig.cmake
  INSTALL_DESTINATION ${HFAUTH_TOKENIZER_CMAKE_DIR})
write_basic_package_version_file(hfauth_tokenizerConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_file(package/hfauth-tokenizer.pc.in hfauth-tokenizer.pc @ONLY)
configure_file(package/hfauth-tokenizer-c.pc.in hfauth-tokenizer-c.pc @ONLY)
install(TARGETS hfauth_tokenizer hfauth_tokenizer_c EXPORT hfauth_tokenizer_targets
  ARCHIVE COMPONENT tokenizer
  LIBRARY COMPONENT tokenizer NAMELINK_COMPONENT tokenizer
  FILE_SET HEADERS COMPONENT tokenizer)
install(EXPORT hfauth_tokenizer_targets FILE hfauth_tokenizerTargets.cmake NAMESPACE hfauth::
  DESTINATION ${HFAUTH_TOKENIZER_CMAKE_DIR} COMPONENT tokenizer)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hfauth_tokenizerConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/hfauth_tokenizerConfigVersion.cmake
  DESTINATION ${HFAUTH_TOKENIZER_CMAKE_DIR} COMPONENT tokenizer)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hfauth-tokenizer.pc ${CMAKE_CURRENT_BINARY_DIR}/hfauth-tokenizer-c.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT tokenizer)
