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
    const bool takes_value = name == "--idle-exit" || name == "--ready-fd";
    if (!takes_value && equals != std::string_view::npos) return wrong(name, "takes no value");
    std::string_view value;
    if (takes_value) {
      if (equals == std::string_view::npos && i + 1 == arguments.size())
        return wrong(name, "needs a value");
      value = equals == std::string_view::npos ? arguments[++i] : argument.substr(equals + 1);
    }
    if (name == "--help") {
      options.help = true;
    } else if (name == "--version") {
      options.version = true;
    } else if (name == "--idle-exit") {
      const std::optional<int> seconds = number(value, 1, 31'536'000);
      if (!seconds) return wrong(name, "needs a number of seconds from 1 to a year");
      options.idle_exit = std::chrono::seconds(*seconds);
    } else if (name == "--ready-fd") {
      options.ready_fd = number(value, 3, 1 << 20);
      if (!options.ready_fd) return wrong(name, "needs a file descriptor from 3 on");
    } else if (name != "--foreground") {
      return wrong(argument, "unknown option");
    }
  }
  return options;
}

}  // namespace hfauth::daemon
