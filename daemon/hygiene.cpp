// SPDX-License-Identifier: Apache-2.0
//
// PR_SET_DUMPABLE 0 hands /proc/PID to root and makes ptrace fail for the same uid (ptrace(2),
// proc(5)).
#include "hygiene.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace hfauth::daemon {
namespace {

/// kMaxConnections, the store's own, and some to spare.
constexpr rlim_t kWantedFiles = 2048;

Error refused(const char* what) {
  return {Errc::internal, error_from_errno(errno, what).detail +
                              "; this program does not run without this protection"};
}

}  // namespace

Result<void> protect_process() {
  umask(077);
  signal(SIGPIPE, SIG_IGN);
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return refused("switching core dumps off");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return refused("PR_SET_DUMPABLE");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refused("PR_SET_NO_NEW_PRIVS");
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < kWantedFiles) {
    files.rlim_cur = std::min(kWantedFiles, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);  // fewer connections otherwise; accept() copes
  }
  // libsecret would let this variable redirect the keyring to a file of its own.
  unsetenv("SECRET_BACKEND");  // NOLINT(concurrency-mt-unsafe): no other thread yet
  return {};
}

}  // namespace hfauth::daemon
