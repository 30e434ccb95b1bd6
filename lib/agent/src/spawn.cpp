// SPDX-License-Identifier: Apache-2.0
//
// Double fork, so that the agent is nobody's child here and no zombie stays; setsid, so that
// closing the terminal does not end it. Readiness is a line on a pipe ("READY", or "ERROR reason"),
// and the pipe's end if the agent dies. Between fork and exec only async-signal-safe calls are
// made.
#include "spawn.hpp"

#include "hfauth/core/file.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

namespace hfauth::agent {
namespace {

constexpr int kReadyFd = 3;
constexpr std::string_view kProgramVariable = "HFAUTH_AGENT_PROGRAM";
constexpr off_t kMaxLogBytes =
    off_t{1} << 20;  ///< then the log is moved aside once, so it cannot fill a disk

/// What the agent may know of its caller's environment: where things are, the session bus, the
/// language, its own settings, what sanitizers and coverage need in test builds, and for
/// hfauth-net, which it starts, the way to the Hub and to Python's files. No HF_TOKEN, no
/// SECRET_BACKEND (which would redirect libsecret without anybody noticing).
constexpr std::array<std::string_view, 41> kPassedOn{"HOME",
                                                     "PATH",
                                                     "USER",
                                                     "LOGNAME",
                                                     "LANG",
                                                     "LANGUAGE",
                                                     "LC_ALL",
                                                     "LC_MESSAGES",
                                                     "TZ",
                                                     "XDG_RUNTIME_DIR",
                                                     "XDG_CONFIG_HOME",
                                                     "XDG_DATA_HOME",
                                                     "XDG_STATE_HOME",
                                                     "XDG_CURRENT_DESKTOP",
                                                     "DISPLAY",
                                                     "WAYLAND_DISPLAY",
                                                     "XAUTHORITY",
                                                     "SSH_ASKPASS",
                                                     "DBUS_SESSION_BUS_ADDRESS",
                                                     "HFAUTH_SOCK",
                                                     "HFAUTH_STORE",
                                                     "HFAUTH_OAUTH_CLIENT_ID",
                                                     "HF_DEVICE_CODE_OAUTH_CLIENT_ID",
                                                     "HF_HOME",
                                                     "HF_TOKEN_PATH",
                                                     "XDG_CACHE_HOME",
                                                     "http_proxy",
                                                     "https_proxy",
                                                     "HTTPS_PROXY",
                                                     "all_proxy",
                                                     "ALL_PROXY",
                                                     "no_proxy",
                                                     "NO_PROXY",
                                                     "SSL_CERT_FILE",
                                                     "SSL_CERT_DIR",
                                                     "REQUESTS_CA_BUNDLE",
                                                     "CURL_CA_BUNDLE",
                                                     "ASAN_OPTIONS",
                                                     "UBSAN_OPTIONS",
                                                     "TSAN_OPTIONS",
                                                     "GCOV_PREFIX"};

struct Prepared {
  std::string program;
  std::vector<std::string> arguments;
  std::vector<std::string> variables;
  UniqueFd null;
  UniqueFd log;
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  all.reserve(strings.size() + 1);
  for (std::string& text : strings)
    all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

Result<std::string> find_program(const Environment& environment) {
  std::filesystem::path program;
  if (const std::optional<std::string> named = environment.non_empty(kProgramVariable)) {
    program = *named;
  } else {
    const Result<std::filesystem::path> folder = program_directory();
    if (!folder) return folder.error();
    program = *folder / "hfauthd";
  }
  if (access(program.c_str(), X_OK) != 0) {
    const Error why = error_from_errno(errno, program.native());
    return Error{Errc::agent_unreachable, "the agent's program cannot be run: " + why.detail};
  }
  return program.native();
}

/// The log is a convenience: where it cannot be written the agent runs without.
UniqueFd open_log(const UserPaths& paths) {
  if (!make_private_directory(paths.state)) return {};
  const std::filesystem::path log = paths.state / "hfauthd.log";

  struct stat info {};

  if (lstat(log.c_str(), &info) == 0 && info.st_size > kMaxLogBytes) {
    const std::filesystem::path previous = paths.state / "hfauthd.log.1";
    if (rename(log.c_str(), previous.c_str()) != 0) return {};
  }
  return UniqueFd(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
}

Result<Prepared> prepare(const Environment& environment, const UserPaths& paths) {
  Result<std::string> program = find_program(environment);
  if (!program) return program.error();
  Prepared prepared;
  prepared.program = *program;
  prepared.arguments = {*program, "--ready-fd", std::to_string(kReadyFd)};
  for (const std::string_view name : kPassedOn) {
    if (const std::optional<std::string> value = environment.get(name)) {
      prepared.variables.push_back(std::string(name) + "=" + *value);
    }
  }
  prepared.null = UniqueFd(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!prepared.null) return error_from_errno(errno, "/dev/null");
  prepared.log = open_log(paths);
  return prepared;
}

/// Ends a process after fork, past everything that libraries do at an end: the thread sanitizer
/// would miss the threads that did not come along.
[[noreturn]] void end_child(int status) {
  while (true)
    syscall(SYS_exit_group, status);
}

/// In the grandchild. Numbers 0 to 3 are arranged, everything above is closed.
[[noreturn]] void become_agent(const Prepared& prepared, int ready, char* const* arguments,
                               char* const* variables) {
  const int output = prepared.log ? prepared.log.get() : prepared.null.get();
  // Above the numbers that are to be overwritten, so that no dup2 hits a source of a later one.
  const int high_ready = fcntl(ready, F_DUPFD, 10);
  const int high_null = fcntl(prepared.null.get(), F_DUPFD, 10);
  const int high_output = fcntl(output, F_DUPFD, 10);
  dup2(high_null, STDIN_FILENO);
  dup2(high_output, STDOUT_FILENO);
  dup2(high_output, STDERR_FILENO);
  dup2(high_ready, kReadyFd);
  syscall(SYS_close_range, kReadyFd + 1, ~0U, 0);

  struct sigaction ordinary {};

  ordinary.sa_handler = SIG_DFL;
  for (int number = 1; number < SIGRTMIN; ++number)
    sigaction(number, &ordinary, nullptr);
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  if (chdir("/") != 0) end_child(127);
  execve(prepared.program.c_str(), arguments, variables);
  constexpr std::string_view kMessage = "ERROR the program could not be executed\n";
  const ssize_t written = write(kReadyFd, kMessage.data(), kMessage.size());
  end_child(written < 0 ? 126 : 127);
}

/// Forks twice. Errors: io.
Result<void> start(Prepared& prepared, int ready) {
  std::vector<char*> arguments = pointers(prepared.arguments);
  std::vector<char*> variables = pointers(prepared.variables);
  const pid_t child = fork();
  if (child < 0) return error_from_errno(errno, "fork");
  if (child == 0) {
    setsid();
    const pid_t grandchild = fork();
    if (grandchild == 0) become_agent(prepared, ready, arguments.data(), variables.data());
    end_child(grandchild < 0 ? 1 : 0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return error_from_errno(errno, "waitpid");
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return Error{Errc::io, "the second fork failed"};
  return {};
}

/// The line that the agent writes when it listens, or "" if it ended without.
Result<std::string> read_line(int pipe) {
  std::string line;
  const auto deadline = std::chrono::steady_clock::now() + kSpawnTimeout;
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
            .count();
    pollfd entry{.fd = pipe, .events = POLLIN, .revents = 0};
    const int ready = poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready == 0) return Error{Errc::timeout, "the agent was started but is not ready after 5 s"};
    if (ready < 0 && errno != EINTR) return error_from_errno(errno, "waiting for the agent");
    if (ready < 0) continue;
    std::array<char, 512> bytes{};
    const ssize_t size = read(pipe, bytes.data(), bytes.size());
    if (size < 0 && errno != EINTR) return error_from_errno(errno, "waiting for the agent");
    if (size == 0) return line;
    if (size > 0) line.append(bytes.data(), static_cast<std::size_t>(size));
    if (const std::size_t end = line.find('\n'); end != std::string::npos)
      return line.substr(0, end);
  }
}

}  // namespace

Environment environment_for_agent(const Environment& environment) {
  Environment passed_on;
  for (const std::string_view name : kPassedOn) {
    if (std::optional<std::string> value = environment.get(name))
      passed_on.set(std::string(name), std::move(*value));
  }
  if (std::optional<std::string> program = environment.get(kProgramVariable))
    passed_on.set(std::string(kProgramVariable), std::move(*program));
  return passed_on;
}

Result<void> spawn_agent(const Environment& environment, const UserPaths& paths) {
  Result<Prepared> prepared = prepare(environment, paths);
  if (!prepared) return prepared.error();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return error_from_errno(errno, "pipe");
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  if (Result<void> started = start(*prepared, theirs.get()); !started) return started.error();
  theirs.reset();
  Result<std::string> line = read_line(ours.get());
  if (!line) return line.error();
  if (*line == "READY") return {};
  const std::string log = show_path(paths.state / "hfauthd.log", paths.home);
  if (line->starts_with("ERROR ")) {
    return Error{Errc::agent_unreachable, "the agent could not start: " + line->substr(6)};
  }
  return Error{Errc::agent_unreachable, "the agent ended while it started; see " + log};
}

}  // namespace hfauth::agent
