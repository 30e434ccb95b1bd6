// SPDX-License-Identifier: Apache-2.0
//
// A unit as its program would be started now: `systemctl cat` gives the file and its drop-ins in
// their order, the user's manager its own environment. A unit of the user is looked for first, then
// one of the system.
#include "child_process.hpp"
#include "doctor_context.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/env_file.hpp"
#include "hfauth/diagnose/unit_file.hpp"
#include "talk.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{3};

bool is_unit_name(std::string_view name) {
  return !name.empty() && name.size() < 256 && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view(":-_.\\@").find(c) != std::string_view::npos;
         });
}

void note_unread(const std::vector<diagnose::UnreadFile>& files, SeenContext& seen) {
  for (const diagnose::UnreadFile& file : files) {
    if (file.error.code != Errc::not_found) {
      seen.unknown.push_back(not_known(file.error.detail));
    } else if (!file.optional) {
      seen.unknown.push_back(not_known(
          filled(tr("{}: EnvironmentFile is missing, so the unit does not start"), file.path)));
    }
  }
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
    std::string line(take_until(rest, '\n'));
    if (const std::size_t dollar = line.find("=$'"); dollar != std::string::npos)
      line.erase(dollar + 1, 1);  // A=$'b c': quoted as a shell reads it
    diagnose::add_assignments(line, diagnose::AssignmentStyle::systemd, environment);
  }
  return environment;
}

void take_system_user(const diagnose::UnitText& unit, SeenContext& seen) {
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
  diagnose::UnitText unit;
  diagnose::read_unit(text->output, unit);
  if (of_user) {
    seen.home = context.paths.home;
    seen.environment = manager_environment(context, seen);
    seen.environment.set("HOME", seen.home.string());
  } else {
    seen.environment.set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin");
    take_system_user(unit, seen);
  }
  note_unread(diagnose::add_unit_environment(unit, seen.home, seen.environment), seen);
  seen.environment.set("INVOCATION_ID", "0");  // the mark of a unit
  seen.working_directory = unit.folder.empty() ? (of_user ? seen.home : fs::path("/"))
                           : unit.folder == "~"
                               ? seen.home
                               : fs::path(diagnose::without_specifiers(unit.folder, seen.home));
  return seen;
}

}  // namespace hfauth::cli
