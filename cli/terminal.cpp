// SPDX-License-Identifier: Apache-2.0
//
// Terminal probing: isatty, TIOCGWINSZ and the customary variables. Reads no terminfo; eight
// colours are enough.
#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

namespace hfauth::cli {
namespace {

bool locale_is_utf8(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::optional<std::string> value = environment.non_empty(name);
    if (!value) continue;
    std::transform(value->begin(), value->end(), value->begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return value->find("utf-8") != std::string::npos || value->find("utf8") != std::string::npos;
  }
  return false;
}

bool wants_colour(const Environment& environment, ColourWish wish, bool out_is_terminal) {
  if (wish == ColourWish::always) return true;
  if (wish == ColourWish::never || environment.non_empty("NO_COLOR")) return false;
  const std::optional<std::string> force = environment.non_empty("CLICOLOR_FORCE");
  if (force && *force != "0") return true;
  if (environment.get("TERM").value_or("dumb") == "dumb") return false;
  return out_is_terminal;
}

}  // namespace

Terminal probe_terminal(const Environment& environment, ColourWish wish, bool force_ascii) {
  Terminal terminal;
  terminal.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.err_is_terminal = isatty(STDERR_FILENO) == 1;
  terminal.in_is_terminal = isatty(STDIN_FILENO) == 1;
  terminal.colour = wants_colour(environment, wish, terminal.out_is_terminal);
  terminal.ascii = force_ascii || !locale_is_utf8(environment);
  winsize size{};
  if (terminal.out_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    terminal.columns = std::max<std::size_t>(size.ws_col, 40);
  }
  return terminal;
}

std::string painted(const Terminal& terminal, Paint paint, std::string_view text) {
  if (!terminal.colour) return std::string(text);
  const char* code = "1";
  switch (paint) {
    case Paint::good:
      code = "32";
      break;
    case Paint::warning:
      code = "33";
      break;
    case Paint::bad:
      code = "31";
      break;
    case Paint::strong:
      code = "1";
      break;
  }
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string_view check_mark(const Terminal& terminal) noexcept {
  return terminal.ascii ? "ok" : "\u2713";
}

}  // namespace hfauth::cli
