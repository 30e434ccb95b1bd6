// SPDX-License-Identifier: Apache-2.0
//
// One write(2) a line, so that lines of two threads do not mix.
#include "log.hpp"

#include "hfauth/core/mask.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>

namespace hfauth::daemon {
namespace {

std::atomic<bool> to_journal{false};
std::atomic<const char*> program_name{"hfauthd"};

/// The variable names the device and the inode of the stream that is the journal (systemd.exec(5)).
bool stderr_is_journal() {
  const char* const stream =
      std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe): no other thread yet

  struct stat info {};

  if (stream == nullptr || fstat(STDERR_FILENO, &info) != 0) return false;
  return std::string(stream) == std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
}

}  // namespace

void find_journal() {
  to_journal = stderr_is_journal();
}

void log_as(const char* program) noexcept {
  program_name = program;
}

void log_line(LogLevel level, std::string_view text) {
  std::string line = to_journal ? "<" + std::to_string(static_cast<int>(level)) + ">"
                                : std::string(program_name) + ": ";
  line += redact(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  line += '\n';
  // A log that cannot be written has nowhere to complain.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace hfauth::daemon
