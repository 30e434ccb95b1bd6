// SPDX-License-Identifier: Apache-2.0
//
// Quoting: POSIX 2.2.2 (single quotes keep everything but themselves), fish (the same, with \' and
// \\ inside), csh (single quotes, but "!" is history even there and needs a backslash).
#include "shell_quoting.hpp"

#include "talk.hpp"

namespace hfauth::cli {
namespace {

std::string quoted(Shell shell, std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (shell == Shell::fish && (c == '\'' || c == '\\')) {
      text += '\\';
      text += c;
    } else if (c == '\'') {
      text += "'\\''";
    } else if (shell == Shell::csh && c == '!') {
      text += "\\!";
    } else if (shell == Shell::csh && c == '\n') {
      break;
    } else {
      text += c;
    }
  }
  return text + "'";
}

}  // namespace

Result<Shell> parse_shell(std::string_view word) {
  for (const std::string_view posix : {"sh", "bash", "zsh", "dash", "ksh", "ash"}) {
    if (word == posix) return Shell::sh;
  }
  if (word == "fish") return Shell::fish;
  if (word == "csh" || word == "tcsh") return Shell::csh;
  return Error{Errc::usage, filled(tr("--shell {}: one of sh, fish, csh"), std::string(word))};
}

Result<Shell> shell_of(const Environment& environment) {
  const std::string path = environment.get("SHELL").value_or("");
  const Result<Shell> known =
      parse_shell(std::string_view(path).substr(path.find_last_of('/') + 1));
  return known ? *known : Shell::sh;
}

std::string export_line(Shell shell, std::string_view name, std::string_view value) {
  const std::string text = quoted(shell, value);
  switch (shell) {
    case Shell::fish:
      return "set -gx " + std::string(name) + " " + text + ";";
    case Shell::csh:
      return "setenv " + std::string(name) + " " + text + ";";
    case Shell::sh:
      break;
  }
  return "export " + std::string(name) + "=" + text;
}

}  // namespace hfauth::cli
