// SPDX-License-Identifier: Apache-2.0
//
// The child's end is seen by SIGCHLD.
#include "refresh_child.hpp"

#include "child_start.hpp"
#include "hfauth/core/paths.hpp"
#include "log.hpp"

#include <sys/wait.h>

#include <boost/asio/post.hpp>

#include <csignal>
#include <utility>

namespace hfauth::daemon {
namespace {

Result<pid_t> spawn_program() {
  const Result<std::filesystem::path> folder = program_directory();
  if (!folder) return folder.error();
  return start_child({(*folder / "hfauth-net").native(), "refresh"});
}

}  // namespace

RefreshChild::RefreshChild(boost::asio::io_context& io, std::function<void()> on_end)
    : io_(io), child_ended_(io, SIGCHLD), on_end_(std::move(on_end)) {}

void RefreshChild::start() {
  if (child_ >= 0) {
    again_ = true;
  } else {
    run();
  }
}

void RefreshChild::run() {
  const Result<pid_t> child = spawn_program();
  if (!child) {
    log_line(LogLevel::error, "tokens cannot be refreshed: " + child.error().detail);
    boost::asio::post(io_, on_end_);
    return;
  }
  child_ = *child;
  wait_for_end();
}

void RefreshChild::wait_for_end() {
  child_ended_.async_wait([this](boost::system::error_code failure, int /*signal*/) {
    if (failure) return;
    if (waitpid(child_, nullptr, WNOHANG) == 0) {
      wait_for_end();
      return;
    }
    child_ = -1;
    if (std::exchange(again_, false)) {
      run();
    } else {
      on_end_();
    }
  });
}

}  // namespace hfauth::daemon
