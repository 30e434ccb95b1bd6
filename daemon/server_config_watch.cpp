// SPDX-License-Identifier: Apache-2.0
//
// inotify(7) on folders and not on the file, whose inode an editor replaces. Editors write in
// several steps: the file is read when it has been quiet for a moment.
#include "server_config_watch.hpp"

#include "hfauth/core/paths.hpp"
#include "log.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace hfauth::daemon {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds kCalm{50};

}  // namespace

ConfigWatch::ConfigWatch(asio::io_context& io, std::filesystem::path file,
                         std::function<void()> on_change)
    : file_(std::move(file)), on_change_(std::move(on_change)), inotify_(io), calm_(io) {}

void ConfigWatch::start() {
  if (const Result<void> made = make_private_directory(file_.parent_path()); !made)
    log_line(LogLevel::info, "configuration: " + made.error().detail);
  const int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) {
    log_line(
        LogLevel::warning,
        error_from_errno(errno, "changes of the configuration are seen at the next start").detail);
    return;
  }
  inotify_.assign(fd);
  add_watches();
  wait();
}

/// Adding a folder again changes nothing; a link may lead elsewhere now.
void ConfigWatch::add_watches() {
  constexpr std::uint32_t kChanges =
      IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_ONLYDIR;
  const std::filesystem::path folder = file_.parent_path();
  if (inotify_add_watch(inotify_.native_handle(), folder.c_str(), kChanges) < 0)
    log_line(LogLevel::info, error_from_errno(errno, "watching " + folder.native()).detail);
  std::error_code missing;
  const std::filesystem::path real = std::filesystem::canonical(file_, missing);
  if (missing || real.parent_path() == folder) return;
  inotify_add_watch(inotify_.native_handle(), real.parent_path().c_str(), kChanges);
}

void ConfigWatch::wait() {
  inotify_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code failure) {
    if (failure) return;
    on_event();
    wait();
  });
}

void ConfigWatch::on_event() {
  alignas(inotify_event) std::array<char, 4096> events{};
  while (read(inotify_.native_handle(), events.data(), events.size()) > 0) {
  }
  if (waiting_for_calm_) return;
  waiting_for_calm_ = true;
  calm_.expires_after(kCalm);
  calm_.async_wait([this](error_code failure) {
    waiting_for_calm_ = false;
    if (failure) return;
    add_watches();
    on_change_();
  });
}

void ConfigWatch::close() {
  error_code ignored;  // nothing can be done about a close that fails
  inotify_.close(ignored);
  calm_.cancel();
}

}  // namespace hfauth::daemon
