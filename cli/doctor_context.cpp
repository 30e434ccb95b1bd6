// SPDX-License-Identifier: Apache-2.0
//
// cron (crontab(5), Debian's): SHELL, PATH, HOME and LOGNAME, what pam_env reads from
// /etc/environment, and the crontab's own assignments. sudo (sudoers(5)): env_reset gives a new
// environment with the target's HOME and secure_path; what env_keep lets through stands in a file
// that only root may read. sudo itself is not run: it would log the attempt.
#include "doctor_context.hpp"

#include "child_process.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/env_file.hpp"
#include "hfauth/diagnose/process_folder.hpp"
#include "talk.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <system_error>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;
using diagnose::add_assignments;
using diagnose::AssignmentStyle;
using diagnose::ProcessFolder;

constexpr std::string_view kPid = "pid:";
constexpr std::string_view kUnit = "systemd:";
constexpr std::string_view kContainer = "container:";

Result<SeenContext> look_into_process(std::string_view text) {
  int pid = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (wrong != std::errc() || end != text.data() + text.size() || pid <= 0)
    return Error{Errc::usage, filled(tr("pid:{}: no process number"), std::string(text))};
  const Result<ProcessFolder> process = ProcessFolder::open("/proc", pid);
  if (!process) return process.error();
  if (process->status().state == 'Z') {
    return Error{
        Errc::not_found,
        filled(tr("pid {}: it has ended, and its parent has not noticed (a zombie)"), pid)};
  }
  Result<Environment> environment = process->environment();
  if (!environment) return environment.error();
  SeenContext seen;
  seen.name = "pid:" + std::to_string(pid);
  const Result<fs::path> folder = process->link("cwd");
  if (!folder) return folder.error();
  seen.working_directory = *folder;
  if (const Result<fs::path> root = process->link("root"); root && *root != "/") {
    seen.has_agent = false;
    seen.on_host = [base = fs::path("/proc") / std::to_string(pid) / "root"](const fs::path& path) {
      return std::optional(base / path.relative_path());
    };
  }
  const std::vector<std::string> words = process->words();
  if (!words.empty() && words.front().starts_with('/') &&
      fs::path(words.front()).filename().string().starts_with("python"))
    seen.interpreter = words.front();
  seen.home = environment->non_empty("HOME").value_or("");
  if (seen.home.empty()) {                     // os.path.expanduser asks the password database then
    const passwd* user = getpwuid(geteuid());  // NOLINT(concurrency-mt-unsafe): before any thread
    seen.home = user == nullptr ? "/" : user->pw_dir;
  }
  seen.environment = *std::move(environment);
  return seen;
}

Environment sparse_environment(const Context& context, const char* path) {
  Environment environment({{"PATH", path}, {"SHELL", "/bin/sh"}});
  environment.set("HOME", context.paths.home.string());
  for (const char* name : {"LANG", "TZ"}) {
    if (const auto value = context.environment.get(name)) environment.set(name, *value);
  }
  return environment;
}

Result<SeenContext> look_into_cron(const Context& context) {
  SeenContext seen;
  seen.name = "cron";
  seen.home = context.paths.home;
  seen.working_directory = seen.home;
  seen.environment = sparse_environment(context, "/usr/bin:/bin");
  if (const Result<Secret> global = read_secret_file("/etc/environment"))
    add_assignments(global->expose(), AssignmentStyle::pam, seen.environment);
  const Result<ChildResult> listed =
      run_child({"crontab", "-l"}, context.environment, "", std::chrono::seconds(3));
  if (!listed) {
    seen.unknown.push_back(not_known(filled(tr("the crontab: {}"), listed.error().detail)));
  } else if (listed->status == 0) {
    add_assignments(listed->output, AssignmentStyle::crontab, seen.environment);
  }  // 1: this user has none
  return seen;
}

Result<SeenContext> look_into_sudo(const Context& context) {
  const passwd* root = getpwuid(0);  // NOLINT(concurrency-mt-unsafe): before any thread
  std::error_code ignored;
  const bool installed = fs::exists("/usr/bin/sudo", ignored) ||
                         fs::exists("/usr/local/bin/sudo", ignored) ||
                         fs::exists("/bin/sudo", ignored);
  if (!installed || root == nullptr)
    return Error{Errc::unsupported, tr("sudo: it is not installed here")};
  SeenContext seen;
  seen.name = "sudo";
  seen.home = root->pw_dir;
  seen.working_directory = fs::current_path(ignored);
  seen.environment =
      sparse_environment(context, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  seen.environment.set("HOME", seen.home.string());
  for (const char* name : {"TERM", "DISPLAY", "LANGUAGE", "LC_ALL"}) {
    if (const auto value = context.environment.get(name)) seen.environment.set(name, *value);
  }
  seen.foreign = geteuid() != 0;
  seen.has_agent = geteuid() == 0;
  const Result<std::string> rules = read_file("/etc/sudoers");
  if (!rules) {
    seen.unknown.push_back(
        not_known(tr("which variables sudo lets through (env_keep): only root may read sudoers")));
    return seen;
  }
  for (const char* name : {"HF_TOKEN", "HF_HOME", "HF_TOKEN_PATH", "HF_ENDPOINT"}) {
    const auto value = context.environment.get(name);
    if (value && diagnose::keeps_variable(*rules, name)) seen.environment.set(name, *value);
  }
  return seen;
}

}  // namespace

bool names_context(std::string_view word) {
  return word == "cron" || word == "sudo" || word.starts_with(kPid) || word.starts_with(kUnit) ||
         word.starts_with(kContainer);
}

Result<SeenContext> look_into(std::string_view word, const Context& context) {
  if (word.starts_with(kPid)) return look_into_process(word.substr(kPid.size()));
  if (word.starts_with(kUnit)) return look_into_unit(word.substr(kUnit.size()), context);
  if (word.starts_with(kContainer))
    return look_into_container(word.substr(kContainer.size()), context);
  if (word == "cron") return look_into_cron(context);
  if (word == "sudo") return look_into_sudo(context);
  return Error{Errc::usage, filled(tr("{}: no context; known are shell, pid:NUMBER, systemd:UNIT, "
                                      "cron, sudo and container:ID"),
                                   utf8::visible(std::string(word)))};
}

diagnose::Incomplete not_known(std::string reason) {
  return {std::string(diagnose::kContextProbe), std::move(reason), ""};
}

}  // namespace hfauth::cli
