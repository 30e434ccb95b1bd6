// SPDX-License-Identifier: Apache-2.0
//
// The child has no terminal (child_process.hpp) and is told not to ask by other means either.
#include "git_credential.hpp"

#include "child_process.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

using std::chrono::seconds;

constexpr std::string_view kUser = "hf_user";  // any name would do; huggingface_hub's own

Environment without_questions(const Context& context) {
  Environment environment = context.environment;
  environment.set("GIT_TERMINAL_PROMPT", "0");
  environment.set("GIT_ASKPASS", "true");
  environment.set("SSH_ASKPASS", "true");
  return environment;
}

/// "https://huggingface.co" of "credential.https://huggingface.co.helper"; "" of
/// "credential.helper".
std::string_view address_of(std::string_view key) {
  constexpr std::string_view kBegin = "credential.";
  constexpr std::string_view kEnd = "helper";
  key.remove_prefix(std::min(kBegin.size(), key.size()));
  key.remove_suffix(std::min(kEnd.size(), key.size()));
  if (key.ends_with('.')) key.remove_suffix(1);
  return key;
}

bool is_meant(std::string_view address, const token::Endpoint& endpoint) {
  if (address.empty()) return true;
  const Result<token::Endpoint> other = token::Endpoint::parse(address, true);
  return other && *other == endpoint;
}

void say(Context& context, const std::string& sentence) {
  if (context.verbosity >= 0) context.err << sentence << '\n';
}

/// "url=...", the user and the password, each a line, and an empty one.
Secret message_for(const token::Endpoint& endpoint, std::string_view password) {
  const std::string head =
      "url=" + endpoint.url() + "\nusername=" + std::string(kUser) + "\npassword=";
  return joined({head, password, "\n\n"});
}

Result<void> tell_git(const Context& context, const char* action, const token::Endpoint& endpoint,
                      const Secret& token) {
  const Secret message = message_for(endpoint, token.expose());
  const Result<ChildResult> told = run_child(
      {"git", "credential", action}, without_questions(context), message.expose(), seconds(10));
  if (!told) return told.error();
  if (told->status != 0)
    return Error{Errc::io,
                 filled(tr("git credential {0} ended with status {1}"), action, told->status)};
  return {};
}

}  // namespace

std::vector<std::string> git_helpers_in(std::string_view config, const token::Endpoint& endpoint) {
  std::vector<std::string> helpers;
  while (!config.empty()) {
    std::string_view value = take_until(config, '\0');
    const std::string_view key = take_until(value, '\n');
    if (!is_meant(address_of(key), endpoint)) continue;
    if (value.empty()) {
      helpers.clear();
    } else {
      helpers.emplace_back(value);
    }
  }
  return helpers;
}

Result<std::vector<std::string>> git_helpers_for(const Context& context,
                                                 const token::Endpoint& endpoint) {
  const Result<ChildResult> asked =
      run_child({"git", "config", "-z", "--get-regexp", R"(^credential(\..*)?\.helper$)"},
                without_questions(context), "", seconds(2));
  if (!asked) return asked.error();
  return git_helpers_in(asked->output, endpoint);
}

bool keeps_plain_text(std::string_view helper) {
  return helper == "store" || helper.starts_with("store ");
}

Result<void> approve_in_git(const Context& context, const token::Endpoint& endpoint,
                            const Secret& token) {
  return tell_git(context, "approve", endpoint, token);
}

Result<void> reject_in_git(const Context& context, const token::Endpoint& endpoint,
                           const Secret& token) {
  return tell_git(context, "reject", endpoint, token);
}

int give_to_git(Context& context, std::string_view command, const token::Endpoint& endpoint,
                const Secret& token, bool is_renewed) {
  if (is_renewed) {
    say(context, tr("Note: git's helper did not get this token: it is renewed from time to time, "
                    "and the helper would keep the old one. Use a token of the settings page for "
                    "git."));
    return 0;
  }
  const Result<std::vector<std::string>> helpers = git_helpers_for(context, endpoint);
  if (!helpers) {
    return fail(context, command,
                {helpers.error().code, filled(tr("the token is stored, but git could not be asked: "
                                                 "{}"),
                                              helpers.error().detail)});
  }
  if (helpers->empty()) {
    return fail(
        context, command,
        {Errc::not_found,
         tr("the token is stored, but git has no credential helper to keep it; set one up that "
            "encrypts, such as 'git config --global credential.helper libsecret', and repeat")});
  }
  if (const Result<void> approved = approve_in_git(context, endpoint, token); !approved) {
    return fail(context, command,
                {approved.error().code, filled(tr("the token is stored, but git's helper did not "
                                                  "take it: {}"),
                                               approved.error().detail)});
  }
  std::string names;
  for (const std::string& helper : *helpers)
    names += (names.empty() ? "" : ", ") + redact(helper);
  say(context, filled(tr("git's credential helper has it too ({})."), names));
  if (std::any_of(helpers->begin(), helpers->end(), keeps_plain_text))
    say(context, tr("Note: the helper \"store\" keeps it in plain text."));
  return 0;
}

}  // namespace hfauth::cli
