# Everything comes from Debian packages; nothing is downloaded. Each name below is used by the layer named beside it.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS program_options unit_test_framework)  # all; cli; tests
find_package(fmt REQUIRED)                                                        # all
find_package(nlohmann_json 3.11 REQUIRED)                                         # the edges
find_package(CURL REQUIRED)                                                       # lib/hub, one module
pkg_check_modules(libcrypto REQUIRED IMPORTED_TARGET libcrypto)                   # lib/hub, the same module
find_package(Gettext REQUIRED)                                                    # translations
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)                      # core, store
pkg_check_modules(libsecret REQUIRED IMPORTED_TARGET libsecret-1)                 # lib/store, hfauthd alone
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)                    # daemon
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)              # daemon, headers alone
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)                               # lib/diagnose
pkg_check_modules(oniguruma REQUIRED IMPORTED_TARGET oniguruma)                   # tokenizer
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)                     # tokenizer

# What hfauth needs at every start is linked from Debian's archives where there are some: 0.2 ms of 2.1 (docs/decisions/0007).
# libsodium stays shared: its security updates must reach us without a build.
find_library(HFAUTH_RE2_ARCHIVE NAMES libre2.a)
if(HFAUTH_RE2_ARCHIVE)
  set_property(TARGET PkgConfig::re2 PROPERTY INTERFACE_LINK_LIBRARIES ${HFAUTH_RE2_ARCHIVE} Threads::Threads)
endif()
find_library(HFAUTH_PROGRAM_OPTIONS_ARCHIVE NAMES libboost_program_options.a)
add_library(hfauth_program_options INTERFACE)
if(HFAUTH_PROGRAM_OPTIONS_ARCHIVE)
  target_link_libraries(hfauth_program_options INTERFACE Boost::headers ${HFAUTH_PROGRAM_OPTIONS_ARCHIVE})
else()
  target_link_libraries(hfauth_program_options INTERFACE Boost::program_options)
endif()
