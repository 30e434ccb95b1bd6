// SPDX-License-Identifier: Apache-2.0
//
// hfauth-net: builds the real parts and wires them. Protections first, as in hfauthd: it holds one
// token at a time, next to TLS and HTTP, and ends.
#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"
#include "hygiene.hpp"
#include "log.hpp"
#include "options.hpp"
#include "refresh.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <string>

namespace hfauth::net {
namespace {

using daemon::log_line;
using daemon::LogLevel;

/// Loaded when the Hub is asked for the first time: most runs find nothing to do.
class HubDoor {
 public:
  explicit HubDoor(const Environment& environment) : environment_(environment) {}

  Result<hub::OAuthTokens> refresh(const token::TokenFacts& facts, const Secret& refresh) {
    if (!http_) {
      Result<std::unique_ptr<hub::HttpClient>> http = hub::load_http_client(environment_);
      if (!http) return http.error();
      http_ = std::move(*http);
    }
    // A refresh token belongs to the client that obtained it, whatever the variables say today.
    const std::string client =
        facts.oauth_client.empty() ? hub::oauth_client_id(environment_) : facts.oauth_client;
    return hub::OAuthClient(*http_, facts.endpoint, "hfauth/" HFAUTH_VERSION, client)
        .refresh(refresh);
  }

 private:
  const Environment& environment_;
  std::unique_ptr<hub::HttpClient> http_;
};

/// Keeps the first failure, and logs each.
class Outcome {
 public:
  void add(const Result<void>& done) {
    if (done) return;
    log_line(done.error().code == Errc::conflict ? LogLevel::notice : LogLevel::error,
             done.error().detail);
    if (status_ == 0) status_ = exit_status(done.error().code);
  }

  [[nodiscard]] int status() const noexcept { return status_; }

 private:
  int status_ = 0;
};

int refresh(const Options& options) {
  Outcome outcome;
  const Environment environment = Environment::of_process();
  const Result<UserPaths> paths = UserPaths::from(environment);
  if (!paths) {
    outcome.add(paths.error());
    return outcome.status();
  }
  const SystemClock clock;
  HubDoor hub(environment);
  const World world{.connect =
                        [&] {
                          return agent::AgentClient::connect(environment, *paths,
                                                             agent::Spawn::if_missing);
                        },
                    .ask_hub = [&](const token::TokenFacts& facts,
                                   const Secret& token) { return hub.refresh(facts, token); },
                    .places = python_places(token::HubPaths::from(environment, paths->home)),
                    .undelivered = Undelivered(paths->runtime),
                    .clock = clock};
  const Result<void> delivered = deliver_leftovers(world);
  Result<std::vector<token::ProfileName>> wanted =
      options.profile ? std::vector<token::ProfileName>{*options.profile}
                      : profiles_to_refresh(world, options.force);
  // A locked agent is no failure of a run that was to do whatever can be done: the next one will.
  if (!wanted && wanted.error().code == Errc::locked) {
    log_line(LogLevel::info, wanted.error().detail);
    return outcome.status();
  }
  outcome.add(delivered);
  if (!wanted) {
    outcome.add(wanted.error());
    return outcome.status();
  }
  for (const token::ProfileName& profile : *wanted)
    outcome.add(refresh_profile(world, profile, options.force));
  return outcome.status();
}

int run(std::span<const char* const> arguments) {
  daemon::log_as("hfauth-net");
  if (const Result<void> safe = daemon::protect_process(); !safe) {
    log_line(LogLevel::error, safe.error().detail);
    return exit_status(safe.error().code);
  }
  daemon::find_journal();
  const Result<Options> options = parse_options(arguments);
  if (!options) {
    log_line(LogLevel::error, options.error().detail);
    return exit_status(options.error().code);
  }
  if (options->help || options->version) {
    const std::string text =
        options->help ? std::string(help_text()) : "hfauth-net " HFAUTH_VERSION "\n";
    return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
  }
  return refresh(*options);
}

}  // namespace
}  // namespace hfauth::net

int main(int argc, char** argv) {
  try {
    return hfauth::net::run({argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0)});
  } catch (const std::exception& failure) {
    hfauth::daemon::log_line(hfauth::daemon::LogLevel::error,
                             std::string("internal error: ") + failure.what());
    return hfauth::exit_status(hfauth::Errc::internal);
  }
}
