// SPDX-License-Identifier: Apache-2.0
//
// Both "--name value" and "--name=value" are taken.
#include "options.hpp"

#include <charconv>
#include <string>

namespace hfauth::daemon {
namespace {

/// A whole number in the range; nullopt for anything else.
std::optional<int> number(std::string_view text, int low, int high) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < low || value > high)
    return std::nullopt;
  return value;
}

Error wrong(std::string_view option, std::string_view why) {
  return {Errc::usage, std::string(option) + ": " + std::string(why) + "; see hfauthd --help"};
}

/// False if it is none of the options without a value.
bool set_flag(Options& options, std::string_view argument) {
  if (argument == "--help") {
    options.help = true;
  } else if (argument == "--version") {
    options.version = true;
  } else if (argument != "--foreground") {
    return false;
  }
  return true;
}

}  // namespace

std::string_view help_text() noexcept {
  return R"(Usage: hfauthd [OPTION]...
Holds Hub tokens of the user who runs it and hands them to that user's programs over a Unix socket.
Started by hfauth when it is needed, by systemd, or by hand; stays in the foreground.

  --idle-exit SECONDS  end after this long without a client, a lease and work (default: never)
  --ready-fd FD        write "READY" and a newline to this file descriptor once the socket listens
  --foreground         the default; accepted so that scripts can say it
  --version            print the version and exit
  --help               print this text and exit

Environment: HFAUTH_SOCK (socket, default $XDG_RUNTIME_DIR/hfauth/agent.sock),
HFAUTH_STORE (secret-service, vault or memory; default: chosen once and remembered).
)";
}

Result<Options> parse_options(std::span<const char* const> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    if (name != "--idle-exit" && name != "--ready-fd") {
      if (!set_flag(options, argument))
        return wrong(argument, "unknown option, or one without a value");
      continue;
    }
    if (equals == std::string_view::npos && i + 1 == arguments.size())
      return wrong(name, "needs a value");
    const std::string_view value =
        equals == std::string_view::npos ? arguments[++i] : argument.substr(equals + 1);
    if (name == "--idle-exit") {
      const std::optional<int> seconds = number(value, 1, 31'536'000);
      if (!seconds) return wrong(name, "needs a number of seconds from 1 to a year");
      options.idle_exit = std::chrono::seconds(*seconds);
    } else {
      options.ready_fd = number(value, 3, 1 << 20);
      if (!options.ready_fd) return wrong(name, "needs a file descriptor from 3 on");
    }
  }
  return options;
}

}  // namespace hfauth::daemon
