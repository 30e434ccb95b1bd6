// SPDX-License-Identifier: Apache-2.0
//
// posix_spawn(3), because the agent has a worker thread; the child gets the agent's environment,
// its log, no other file descriptor and ordinary signals.
#include "refresh_child.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/paths.hpp"
#include "log.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

#include <array>
#include <csignal>
#include <string>
#include <utility>

namespace hfauth::daemon {
namespace {

class Spawn {
 public:
  Spawn() {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }

  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  ~Spawn() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&files_);
  }

  [[nodiscard]] Result<pid_t> run(std::string program) const {
    std::string command = "refresh";
    const std::array<char*, 3> arguments{program.data(), command.data(), nullptr};
    pid_t child = -1;
    const int failure =
        posix_spawn(&child, program.c_str(), &files_, &attributes_, arguments.data(), environ);
    if (failure != 0) return error_from_errno(failure, program);
    return child;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

Result<pid_t> spawn_program() {
  const Result<std::filesystem::path> folder = program_directory();
  if (!folder) return folder.error();
  return Spawn().run((*folder / "hfauth-net").native());
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
