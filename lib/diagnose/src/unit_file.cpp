// SPDX-License-Identifier: Apache-2.0
#include "hfauth/diagnose/unit_file.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/diagnose/env_file.hpp"

#include <glob.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with(';');
}

/// It ends in a backslash that is not itself behind one.
bool is_continued(std::string_view line) {
  const std::size_t last = line.find_last_not_of('\\');
  return (line.size() - (last + 1)) % 2 == 1;  // npos + 1 is 0
}

void take_setting(std::string_view key, std::string_view value, UnitText& unit) {
  const auto add = [&value](std::vector<std::string>& list) {
    if (value.empty()) {
      list.clear();
    } else {
      list.emplace_back(value);
    }
  };
  if (key == "ExecStart") add(unit.commands);
  if (key == "Environment") add(unit.environment);
  if (key == "EnvironmentFile") add(unit.files);
  if (key == "UnsetEnvironment") add(unit.unset);
  if (key == "User") unit.user = value;
  if (key == "WorkingDirectory") unit.folder = value;
}

/// Files that match the name; the name itself if none does.
std::vector<std::string> matches_of(const std::string& name) {
  std::vector<std::string> paths;
  glob_t found{};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): only "~" would ask the password database
  if (glob(name.c_str(), GLOB_NOCHECK, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  return paths;
}

void add_file(std::string name, Environment& environment, std::vector<UnreadFile>& unread) {
  const bool optional = name.starts_with('-');
  if (optional) name.erase(0, 1);
  if (!name.starts_with('/')) return;  // systemd passes over it
  for (std::string& path : matches_of(name)) {
    if (const Result<Secret> text = read_secret_file(path)) {
      add_assignments(text->expose(), AssignmentStyle::systemd, environment);
    } else {
      unread.push_back({std::move(path), text.error(), optional});
    }
  }
}

}  // namespace

void read_unit(std::string_view text, UnitText& unit) {
  bool in_service = false;
  std::string line;
  const auto end_line = [&] {
    std::string_view value = line;
    if (value.starts_with('[')) in_service = value.starts_with("[Service]");
    if (in_service && value.find('=') != std::string_view::npos) {
      const std::string_view key = trimmed(take_until(value, '='));
      take_setting(key, trimmed(value), unit);
    }
    line.clear();
  };
  while (!text.empty()) {
    std::string_view part = trimmed_begin(take_until(text, '\n'));
    if (part.ends_with('\r')) part.remove_suffix(1);
    if (is_comment(part)) continue;
    line += part;
    if (is_continued(part)) {
      line.back() = ' ';
    } else {
      end_line();
    }
  }
  end_line();
}

std::string without_specifiers(std::string text, const fs::path& home) {
  for (std::size_t at = text.find('%'); at != std::string::npos && at + 1 < text.size();
       at = text.find('%', at)) {
    if (text[at + 1] == 'h') {
      text.replace(at, 2, home.string());
      at += home.string().size();
    } else if (text[at + 1] == '%') {
      text.erase(at++, 1);
    } else {
      at += 2;
    }
  }
  return text;
}

std::vector<UnreadFile> add_unit_environment(const UnitText& unit, const fs::path& home,
                                             Environment& environment) {
  for (const std::string& line : unit.environment)
    add_unit_assignments(without_specifiers(line, home), environment);
  std::vector<UnreadFile> unread;
  for (const std::string& file : unit.files)
    add_file(without_specifiers(file, home), environment, unread);
  for (const std::string& names : unit.unset) {
    for (std::string_view rest = names; !rest.empty();)
      environment.unset(take_until(rest, ' '));
  }
  return unread;
}

}  // namespace hfauth::diagnose
