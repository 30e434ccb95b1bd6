// SPDX-License-Identifier: Apache-2.0
//
// posix_spawn(3), because the agent has a worker thread.
#include "child_start.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <csignal>

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

  [[nodiscard]] Result<pid_t> run(char* const* arguments, char* const* environment) const {
    pid_t child = -1;
    const int failure =
        posix_spawn(&child, arguments[0], &files_, &attributes_, arguments, environment);
    if (failure != 0) return error_from_errno(failure, arguments[0]);
    return child;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  all.reserve(words.size() + 1);  // and the null at the end
  for (std::string& word : words)
    all.push_back(word.data());
  return all;
}

}  // namespace

Result<pid_t> start_child(std::vector<std::string> arguments, std::vector<std::string> additions) {
  std::vector<char*> words = pointers(arguments);
  words.push_back(nullptr);
  std::vector<char*> variables = pointers(additions);
  for (char** one = environ; *one != nullptr; ++one)
    variables.push_back(*one);
  variables.push_back(nullptr);
  return Spawn().run(words.data(), variables.data());
}

}  // namespace hfauth::daemon
