// SPDX-License-Identifier: Apache-2.0
//
// A unit as its program would be started now: `systemctl cat` gives the file and its drop-ins in
// their order, the user's manager its own environment. A unit of the user is looked for first, then
// one of the system. systemd.exec(5): EnvironmentFile= is read after Environment=, and wins.
#include "child_process.hpp"
#include "doctor_context.hpp"
#include "env_file.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/utf8.hpp"
#include "talk.hpp"

#include <glob.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{3};

/// What of a unit's text matters here.
struct UnitText {
  std::vector<std::string> environment;
  std::vector<std::string> files;
  std::vector<std::string> unset;
  std::string user;
  std::string folder;
};

bool is_unit_name(std::string_view name) {
  return !name.empty() && name.size() < 256 && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view(":-_.\\@").find(c) != std::string_view::npos;
         });
}

void take_setting(const std::string& key, const std::string& value, UnitText& unit) {
  const auto add = [&value](std::vector<std::string>& list) {
    if (value.empty()) {
      list.clear();  // an empty assignment forgets the earlier ones
    } else {
      list.push_back(value);
    }
  };
  if (key == "Environment") add(unit.environment);
  if (key == "EnvironmentFile") add(unit.files);
  if (key == "UnsetEnvironment") add(unit.unset);
  if (key == "User") unit.user = value;
  if (key == "WorkingDirectory") unit.folder = value;
}

UnitText parse_unit(std::string_view text) {
  UnitText unit;
  bool in_service = false;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    line += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\\')) {
      line.back() = ' ';
      continue;
    }
    if (line.starts_with('[')) in_service = line.starts_with("[Service]");
    const std::size_t equals = line.find('=');
    if (in_service && equals != std::string::npos && !line.starts_with('#')) {
      std::string value = line.substr(equals + 1);
      value.erase(0, std::min(value.find_first_not_of(" \t"), value.size()));
      std::string key = line.substr(0, equals);
      key.erase(key.find_last_not_of(" \t") + 1);
      take_setting(key, value, unit);
    }
    line.clear();
  }
  return unit;
}

/// %h and %%; what needs the manager to be known stays as it is.
std::string expanded(std::string text, const fs::path& home) {
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

void read_environment_file(std::string name, SeenContext& seen) {
  const bool optional = name.starts_with('-');
  if (optional) name.erase(0, 1);
  name = expanded(std::move(name), seen.home);
  glob_t found{};
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread
  if (glob(name.c_str(), GLOB_NOCHECK, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) {
      const std::string path = found.gl_pathv[i];
      if (const Result<Secret> text = read_secret_file(path)) {
        add_assignments(text->expose(), AssignmentStyle::systemd, seen.environment);
      } else if (text.error().code != Errc::not_found) {
        seen.unknown.push_back(not_known(text.error().detail));
      } else if (!optional) {
        seen.unknown.push_back(not_known(
            filled(tr("{}: EnvironmentFile is missing, so the unit does not start"), path)));
      }
    }
  }
  globfree(&found);
}

/// What the user's manager hands to each of its units.
Environment manager_environment(const Context& context, SeenContext& seen) {
  Environment environment;
  const Result<ChildResult> shown =
      run_child({"systemctl", "--user", "show-environment"}, context.environment, "", kPatience);
  if (!shown || shown->status != 0) {
    seen.unknown.push_back(not_known(tr("the variables of the user's manager")));
    return environment;
  }
  std::string_view rest = shown->output;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (const std::size_t dollar = line.find("=$'"); dollar != std::string::npos)
      line.erase(dollar + 1, 1);  // A=$'b c': quoted as a shell reads it
    add_assignments(line, AssignmentStyle::systemd, environment);
  }
  return environment;
}

void take_system_user(const UnitText& unit, SeenContext& seen) {
  const std::string name = unit.user.empty() ? "root" : unit.user;
  const passwd* user = getpwnam(name.c_str());  // NOLINT(concurrency-mt-unsafe): before any thread
  if (user == nullptr) {
    seen.foreign = true;
    seen.unknown.push_back(not_known(filled(tr("the home of the user {}"), utf8::visible(name))));
    seen.home = "/";
    return;
  }
  seen.home = user->pw_dir;
  seen.foreign = user->pw_uid != geteuid();
  seen.has_agent = !seen.foreign;
  if (!unit.user.empty()) seen.environment.set("HOME", seen.home.string());
}

}  // namespace

Result<SeenContext> look_into_unit(std::string_view word, const Context& context) {
  std::string name(word);
  if (!is_unit_name(name))
    return Error{Errc::usage, filled(tr("systemd:{}: no name of a unit"), utf8::visible(name))};
  if (name.find('.') == std::string::npos) name += ".service";
  bool of_user = true;
  Result<ChildResult> text = run_child({"systemctl", "--user", "--no-pager", "cat", "--", name},
                                       context.environment, "", kPatience);
  if (!text && text.error().code == Errc::not_found)
    return Error{Errc::unsupported, tr("systemd: systemctl is not here, so no unit can be asked")};
  const bool no_user_manager = !text || text->status != 0;
  if (no_user_manager) {
    of_user = false;
    text = run_child({"systemctl", "--no-pager", "cat", "--", name}, context.environment, "",
                     kPatience);
  }
  if (!text) return text.error();
  std::error_code ignored;
  if (text->status != 0 && !fs::exists("/run/systemd/system", ignored)) {  // sd_booted(3)
    return Error{Errc::unsupported,
                 tr("systemd: it does not run this machine, so no unit can be asked")};
  }
  if (text->status != 0) {
    return Error{
        Errc::not_found,
        filled(tr("{}: neither the user's systemd nor the system's knows such a unit"), name)};
  }
  SeenContext seen;
  seen.name = "systemd:" + name;
  const UnitText unit = parse_unit(text->output);
  if (of_user) {
    seen.home = context.paths.home;
    seen.environment = manager_environment(context, seen);
    seen.environment.set("HOME", seen.home.string());
  } else {
    seen.environment.set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin");
    take_system_user(unit, seen);
  }
  for (const std::string& line : unit.environment)
    add_unit_assignments(expanded(line, seen.home), seen.environment);
  for (const std::string& file : unit.files)
    read_environment_file(file, seen);
  for (const std::string& names : unit.unset) {
    for (std::size_t begin = 0; begin < names.size();) {
      const std::size_t end = std::min(names.find(' ', begin), names.size());
      seen.environment.unset(names.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  seen.environment.set("INVOCATION_ID", "0");  // the mark of a unit
  seen.working_directory = unit.folder.empty()  ? (of_user ? seen.home : fs::path("/"))
                           : unit.folder == "~" ? seen.home
                                                : fs::path(expanded(unit.folder, seen.home));
  return seen;
}

}  // namespace hfauth::cli
