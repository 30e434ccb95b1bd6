// SPDX-License-Identifier: Apache-2.0
#include "git_answers.hpp"

#include "child_process.hpp"
#include "git_program.hpp"
#include "hfauth/core/text_pieces.hpp"

#include <chrono>
#include <string_view>
#include <system_error>
#include <utility>

namespace hfauth::cli {
namespace {

constexpr std::chrono::milliseconds kLongest{1000};

/// "libsecret", "libsecret --x", "/usr/lib/git-core/git-credential-libsecret": the program's name.
std::string_view program_of(std::string_view helper) {
  helper = helper.substr(0, helper.find(' '));
  helper.remove_prefix(helper.rfind('/') == std::string_view::npos ? 0 : helper.rfind('/') + 1);
  constexpr std::string_view kPrefix = "git-credential-";
  if (helper.starts_with(kPrefix)) helper.remove_prefix(kPrefix.size());
  return helper;
}

/// Without starting a keyring, and without asking it for anything.
bool is_keyring_unlocked(const Environment& environment) {
  const Result<ChildResult> locked = run_child(
      {"busctl", "--user", "--auto-start=no", "get-property", "org.freedesktop.secrets",
       "/org/freedesktop/secrets/aliases/default", "org.freedesktop.Secret.Collection", "Locked"},
      environment, "", kLongest);
  return locked && locked->status == 0 && locked->output.starts_with("b false");
}

bool is_quiet(std::string_view helper, const Environment& environment) {
  if (helper.starts_with("!")) return false;  // a command of a shell: anything
  const std::string_view program = program_of(helper);
  return program == "cache" || (program == "libsecret" && is_keyring_unlocked(environment));
}

Environment without_prompts(const Environment& environment) {
  Environment quiet = git_environment(environment);
  for (const char* name : {"GIT_ASKPASS", "SSH_ASKPASS", "DISPLAY", "WAYLAND_DISPLAY"})
    quiet.unset(name);
  quiet.set("GCM_INTERACTIVE", "never");
  return quiet;
}

/// The password of "protocol=https\nhost=...\nusername=...\npassword=...\n".
Secret password_in(std::string_view answer) {
  constexpr std::string_view kName = "password=";
  while (!answer.empty()) {
    const std::string_view line = take_until(answer, '\n');
    if (line.starts_with(kName)) return Secret::copy_of(line.substr(kName.size()));
  }
  return {};
}

}  // namespace

std::function<std::optional<Secret>(const std::string& helper, const token::Endpoint& endpoint)>
git_helper(const Environment& environment) {
  return [environment](const std::string& helper,
                       const token::Endpoint& endpoint) -> std::optional<Secret> {
    if (!is_quiet(helper, environment)) return std::nullopt;
    const std::string question = "url=" + endpoint.url() + "\n\n";
    // The empty one makes git forget the helpers of its files, so that this one alone is asked.
    std::string answer;
    answer.reserve(std::size_t{64} << 10);
    const Result<int> status = stream_child(
        {"git", "-C", "/", "-c", "credential.helper=", "-c", "credential.helper=" + helper, "-c",
         "core.askPass=", "credential", "fill"},
        without_prompts(environment),
        [&answer](std::string_view piece) {
          if (answer.size() + piece.size() <= answer.capacity()) answer.append(piece);
        },
        kLongest, question);
    std::optional<Secret> said;
    if (status) said = *status == 0 ? password_in(answer) : Secret();  // 128: nobody had any
    wipe(answer);
    return said;
  };
}

}  // namespace hfauth::cli
