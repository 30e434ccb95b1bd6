// SPDX-License-Identifier: Apache-2.0
//
// A property that a fuzzer holds for every input: if it does not hold, the process aborts, which
// libFuzzer and the replay both report with the input that did it.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace hfauth::fuzzing {

inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "property does not hold: %s\n", property);
  std::abort();
}

}  // namespace hfauth::fuzzing
