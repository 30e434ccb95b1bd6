// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/core_dumps.hpp"

#include <sys/resource.h>

namespace hfauth {
namespace {

bool is_forbidden = false;
rlim_t allowed_before = 0;

}  // namespace

void forbid_core_dumps() noexcept {
  rlimit limit{};
  if (is_forbidden || getrlimit(RLIMIT_CORE, &limit) != 0) return;
  allowed_before = limit.rlim_cur;
  limit.rlim_cur = 0;
  is_forbidden = setrlimit(RLIMIT_CORE, &limit) == 0;
}

void allow_core_dumps_again() noexcept {
  rlimit limit{};
  if (!is_forbidden || getrlimit(RLIMIT_CORE, &limit) != 0) return;
  limit.rlim_cur = allowed_before;
  setrlimit(RLIMIT_CORE, &limit);
  is_forbidden = false;
}

}  // namespace hfauth
