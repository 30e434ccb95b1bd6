// SPDX-License-Identifier: Apache-2.0
//
// hfauth, as people start it. `hfauth token` stands in scripts, prompts and git operations, and
// most of its time was the loader's and the C++ runtime's (docs/decisions/0008): so this small
// program, linked statically, asks the agent itself. Whatever is not that one plain case, and
// whatever does not go well, is the whole command line's (libexec/hfauth/hfauth-cli), which then
// does it from the beginning and has all the words.
#include "hfauth/agent/client.hpp"
#include "hfauth/core/core_dumps.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/token/endpoint.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>

namespace {

using namespace std::chrono_literals;

/// A token that ends within this time is worth a word, which is not said here: the first warning
/// is due 14 days before the end.
constexpr auto kQuietTime = std::chrono::days(15);

bool ends_soon(const hfauth::agent::StoredProfile& profile) {
  const hfauth::token::TokenFacts& facts = profile.facts;
  if (profile.refreshable && !facts.login_again) return false;  // it is renewed by itself
  return facts.expires && *facts.expires - std::chrono::system_clock::now() < kQuietTime;
}

/// The whole of `text`, or as good as nothing of it.
bool write_all(int fd, std::string_view text) {
  ssize_t n_bytes = 0;
  do {
    n_bytes = ::write(fd, text.data(), text.size());
  } while (n_bytes < 0 && errno == EINTR);
  return n_bytes == static_cast<ssize_t>(text.size());
}

/// Something that is no terminal. A closed one would be given to the next descriptor: the socket.
bool is_fit_for_output(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0 && ::isatty(fd) == 0;
}

/// Prints the default token for the default endpoint if nothing stands against it. False: nothing
/// was printed.
bool print_token() {
  const hfauth::Environment environment = hfauth::Environment::of_process();
  const auto home = environment.non_empty("HOME");
  if (!home || home->front() != '/' || !is_fit_for_output(STDOUT_FILENO)) return false;
  const hfauth::UserPaths paths = hfauth::UserPaths::below(*home, environment);
  const hfauth::Result<hfauth::token::Endpoint> endpoint =
      hfauth::token::Endpoint::from(environment);
  if (!endpoint) return false;
  hfauth::Result<hfauth::agent::AgentClient> agent =
      hfauth::agent::AgentClient::connect(environment, paths, hfauth::agent::Spawn::never);
  if (!agent) return false;
  const hfauth::Result<hfauth::agent::TokenAnswer> answer =
      agent->get_token(std::nullopt, *endpoint);
  if (!answer || ends_soon(answer->profile)) return false;
  const std::string_view token = answer->token.expose();
  hfauth::Secret line = hfauth::Secret::allocate(token.size() + 1);
  std::memcpy(line.writable().data(), token.data(), token.size());
  line.writable().back() = '\n';
  return write_all(STDOUT_FILENO, line.expose());
}

[[noreturn]] void become_whole_command_line(char** argv) {
  const hfauth::Result<std::filesystem::path> folder = hfauth::program_directory();
  if (folder) {
    const std::filesystem::path program = folder->parent_path() / "libexec/hfauth/hfauth-cli";
    hfauth::allow_core_dumps_again();
    ::execv(program.c_str(), argv);
    std::fprintf(stderr, "hfauth: %s: %s: install hfauth again\n", program.c_str(),
                 std::strerror(errno));  // NOLINT(concurrency-mt-unsafe): one thread
  } else {
    std::fprintf(stderr, "hfauth: %s\n", folder.error().detail.c_str());
  }
  ::_exit(hfauth::exit_status(hfauth::Errc::internal));
}

}  // namespace

int main(int argc, char** argv) {
  hfauth::forbid_core_dumps();
  try {
    if (argc == 2 && std::strcmp(argv[1], "token") == 0 && print_token()) return 0;
    become_whole_command_line(argv);
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "hfauth: internal error: %s\n", bug.what());
    return hfauth::exit_status(hfauth::Errc::internal);
  }
}
