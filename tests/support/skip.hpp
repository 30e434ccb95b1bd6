// SPDX-License-Identifier: Apache-2.0
//
// Leaving a test executable because this machine lacks something: ctest shows it as skipped with
// the reason. With HFAUTH_REQUIRE_ALL=1 (the continuous integration) a skip is a failure.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace hfauth::testing {

[[noreturn]] inline void skip_all(const std::string& reason) {
  const char* required =
      std::getenv("HFAUTH_REQUIRE_ALL");  // NOLINT(concurrency-mt-unsafe): before threads
  const bool must_run = required != nullptr && std::string(required) == "1";
  std::fprintf(stderr, "%s: %s\n", must_run ? "cannot run, and HFAUTH_REQUIRE_ALL=1" : "skipped",
               reason.c_str());
  std::exit(must_run ? 1 : 77);
}

}  // namespace hfauth::testing
