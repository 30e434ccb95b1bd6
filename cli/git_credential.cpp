// SPDX-License-Identifier: Apache-2.0
//
// The child has no terminal (child_process.hpp) and is told not to ask by other means either.
#include "git_credential.hpp"

#include "child_process.hpp"
#include "talk.hpp"

#include <algorithm>

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

Result<void> tell_git(const Context& context, const char* verb, const Secret& message) {
  const Result<ChildResult> told = run_child(
      {"git", "credential", verb}, without_questions(context), message.expose(), seconds(10));
  if (!told) return told.error();
  if (told->status != 0)
    return Error{Errc::io,
                 filled(tr("git credential {0} ended with status {1}"), verb, told->status)};
  return {};
}

/// "url=...\nusername=hf_user\n", a password if there is one, and an empty line.
Secret message_for(const token::Endpoint& endpoint, std::string_view password) {
  const std::string head = "url=" + endpoint.url() + "\nusername=" + std::string(kUser) + "\n" +
                           (password.empty() ? "" : "password=");
  const std::string_view tail = password.empty() ? "\n" : "\n\n";
  Secret message = Secret::allocate(head.size() + password.size() + tail.size());
  auto at = std::copy(head.begin(), head.end(), message.writable().begin());
  at = std::copy(password.begin(), password.end(), at);
  std::copy(tail.begin(), tail.end(), at);
  return message;
}

}  // namespace

std::vector<std::string> git_helpers_in(std::string_view config, const token::Endpoint& endpoint) {
  std::vector<std::string> helpers;
  while (!config.empty()) {
    const std::string_view entry = config.substr(0, config.find('\0'));
    config.remove_prefix(std::min(entry.size() + 1, config.size()));
    const std::size_t line_end = entry.find('\n');
    if (!is_meant(address_of(entry.substr(0, line_end)), endpoint)) continue;
    const std::string_view value =
        line_end == std::string_view::npos ? std::string_view() : entry.substr(line_end + 1);
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

Result<void> approve_in_git(const Context& context, const token::Endpoint& endpoint,
                            const Secret& token) {
  return tell_git(context, "approve", message_for(endpoint, token.expose()));
}

Result<void> reject_in_git(const Context& context, const token::Endpoint& endpoint) {
  return tell_git(context, "reject", message_for(endpoint, ""));
}

}  // namespace hfauth::cli
