// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <string>

namespace hfauth::net {
namespace {

Error wrong(std::string_view what, std::string_view why) {
  return {Errc::usage, std::string(what) + ": " + std::string(why) + "; see hfauth-net --help"};
}

/// False if it is none of the options without a value.
bool set_flag(Options& options, std::string_view argument) {
  if (argument == "--help") {
    options.help = true;
  } else if (argument == "--version") {
    options.version = true;
  } else if (argument == "--force") {
    options.force = true;
  } else {
    return argument == "--due";
  }
  return true;
}

}  // namespace

std::string_view help_text() noexcept {
  return R"(Usage: hfauth-net refresh [OPTION]...
Asks the Hub for new OAuth tokens in place of those that have less than a day left, and hands them to hfauthd. Started by
hfauthd, by systemd's hfauth-net.timer, or by hand.

  --profile NAME  this profile only (default: all)
  --due           what has less than 24 hours left (the default)
  --force         also what is not due
  --version       print the version and exit
  --help          print this text and exit

Environment: HFAUTH_SOCK, HF_HOME, HF_TOKEN_PATH, HFAUTH_OAUTH_CLIENT_ID, the proxy and CA variables of hfauth(1).
)";
}

Result<Options> parse_options(std::span<const char* const> arguments) {
  Options options;
  bool command = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (set_flag(options, argument)) continue;
    if (argument == "refresh" && !command) {
      command = true;
      continue;
    }
    const std::size_t equals = argument.find('=');
    if (argument.substr(0, equals) != "--profile")
      return wrong(argument, "unknown option or command");
    if (equals == std::string_view::npos && i + 1 == arguments.size())
      return wrong("--profile", "needs a value");
    Result<token::ProfileName> name = token::ProfileName::parse(
        equals == std::string_view::npos ? arguments[++i] : argument.substr(equals + 1));
    if (!name) return wrong("--profile", name.error().detail);
    options.profile = std::move(*name);
  }
  if (!command && !options.help && !options.version) return wrong("no command", "say: refresh");
  return options;
}

}  // namespace hfauth::net
