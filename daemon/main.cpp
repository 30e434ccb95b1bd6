// SPDX-License-Identifier: Apache-2.0
//
// hfauthd: builds the real parts and wires them. Nothing is decided here but the order: protections
// first, then the one lock that makes this the only agent of its runtime folder, then the socket;
// the store is opened in the background.
#include "hfauth/core/file.hpp"
#include "hfauth/core/fingerprint.hpp"
#include "hygiene.hpp"
#include "lease_keeper.hpp"
#include "limits.hpp"
#include "log.hpp"
#include "options.hpp"
#include "server.hpp"
#include "service_manager.hpp"
#include "store_door.hpp"
#include "token_service.hpp"

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::daemon {
namespace {

Fingerprinter fingerprinter(const UserPaths& paths) {
  Result<void> folder = make_private_directory(paths.state);
  Result<Fingerprinter> kept =
      folder ? Fingerprinter::load_or_create(paths.state / "fingerprint.key") : folder.error();
  if (kept) return std::move(*kept);
  log_line(LogLevel::warning, "fingerprints will differ after a restart: " + kept.error().detail);
  return Fingerprinter::ephemeral();
}

/// Blocks while an agent that lost its socket to systemd's is ending. Errors: busy (another agent
/// is alive), timeout (so is that one).
Result<FileLock> become_the_agent(const UserPaths& paths, bool activated) {
  if (Result<void> made = make_private_directory(paths.runtime); !made) return made.error();
  const std::filesystem::path lock = paths.runtime / "hfauthd.lock";
  return activated ? FileLock::acquire(lock, kPredecessorWait) : FileLock::try_acquire(lock);
}

Result<void> serve(const Options& options) {
  const Environment environment = Environment::of_process();
  const Result<UserPaths> paths = UserPaths::from(environment);
  if (!paths) return paths.error();
  Result<std::vector<int>> sockets = service_manager::activation_sockets();
  if (!sockets) return sockets.error();
  Result<FileLock> locked = become_the_agent(*paths, !sockets->empty());
  if (!locked) return locked.error();
  std::optional<FileLock> lock(std::move(*locked));

  const SystemClock clock;
  const Fingerprinter fingerprints = fingerprinter(*paths);
  LeaseKeeper leases{LeaseFiles(paths->runtime)};
  if (const Result<void> swept = leases.sweep(); !swept)
    log_line(LogLevel::warning, swept.error().detail);
  Server server({.socket_path = paths->agent_socket(environment),
                 .activation_sockets = std::move(*sockets),
                 .ready_fd = options.ready_fd,
                 .idle_exit = options.idle_exit,
                 .rules = {.config = paths->config / "config.toml",
                           .last_good = paths->state / "config.last-good.toml"},
                 .audit = agent::AuditFiles::in(*paths),
                 .on_ending = [&lock] { lock.reset(); },
                 .version = HFAUTH_VERSION,
                 .askpass = environment.non_empty("SSH_ASKPASS")},
                clock);
  TokenService service(store_door(environment, *paths),
                       {.settings = paths->state / "agent.json",
                        .lock_marker = paths->runtime / "locked",
                        .standing_lease = paths->config / "default-lease"},
                       server.worker(), clock, fingerprints, leases, server.refresh_starter());
  return server.run(service);
}

void tell_starter(const Options& options, const std::string& line) {
  if (options.ready_fd) dprintf(*options.ready_fd, "%s\n", line.c_str());
}

int start(const Options& options) {
  find_journal();
  const Result<void> served = serve(options);
  if (served) return 0;
  if (served.error().code == Errc::busy) {
    log_line(LogLevel::notice, "another hfauthd serves this user already; nothing to do");
    tell_starter(options, "READY");
    return 0;
  }
  log_line(LogLevel::error, served.error().detail);
  tell_starter(options, "ERROR " + served.error().detail);
  return exit_status(served.error().code);
}

int run(std::span<const char* const> arguments) {
  if (const Result<void> safe = protect_process(); !safe) {
    log_line(LogLevel::error, safe.error().detail);
    return exit_status(safe.error().code);
  }
  const Result<Options> options = parse_options(arguments);
  if (!options) {
    log_line(LogLevel::error, options.error().detail);
    return exit_status(options.error().code);
  }
  if (options->help || options->version) {
    const std::string text =
        options->help ? std::string(help_text()) : "hfauthd " HFAUTH_VERSION "\n";
    return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
  }
  return start(*options);
}

/// What no door catches, such as no memory in the store's thread: the same end as in main, not a
/// signal. What was acknowledged is in the store; the next command, or systemd, starts an agent.
[[noreturn]] void end_at_once() noexcept {
  static constexpr std::string_view kLine = "hfauthd: internal error outside of the loop: ending\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kLine.data(), kLine.size());
  _exit(exit_status(Errc::internal));
}

}  // namespace
}  // namespace hfauth::daemon

int main(int argc, char** argv) {
  std::set_terminate(hfauth::daemon::end_at_once);
  try {
    return hfauth::daemon::run({argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)});
  } catch (const std::exception& failure) {
    hfauth::daemon::log_line(hfauth::daemon::LogLevel::error,
                             std::string("internal error: ") + failure.what());
    return hfauth::exit_status(hfauth::Errc::internal);
  }
}
