// SPDX-License-Identifier: Apache-2.0
//
// Linked into every program of a build with a sanitizer: tests start programs without the
// environment of who runs them, and nobody reads what an agent in the background says. So each
// finding becomes a file in <build>/reports, for which ./dev asan and ./dev tsan look. The
// environment (ASAN_OPTIONS, TSAN_OPTIONS) has the last word. Whether there may be a core is the
// programs' own business, as in every other build.

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the sanitizers' names
extern "C" {

[[gnu::visibility("default")]] const char* __asan_default_options();
[[gnu::visibility("default")]] const char* __ubsan_default_options();
[[gnu::visibility("default")]] const char* __tsan_default_options();
[[gnu::visibility("default")]] const char* __tsan_default_suppressions();

const char* __asan_default_options() {
  return "disable_coredump=0:log_path=" HFAUTH_REPORTS "/address";
}

const char* __ubsan_default_options() {
  return "print_stacktrace=1:log_path=" HFAUTH_REPORTS "/undefined";
}

const char* __tsan_default_options() {
  return "disable_coredump=0:log_path=" HFAUTH_REPORTS "/thread";
}

/// GLib's locks are futexes of its own, and it is not built for the sanitizer, which sees neither
/// the locks nor the order that they make. What these libraries do by themselves is no finding; our
/// own code that they call is still watched.
const char* __tsan_default_suppressions() {
  return "called_from_lib:libglib-2.0.so\n"
         "called_from_lib:libgio-2.0.so\n"
         "called_from_lib:libgobject-2.0.so\n"
         "called_from_lib:libsecret-1.so\n";
}
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
