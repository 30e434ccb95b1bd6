// SPDX-License-Identifier: Apache-2.0
//
// The Hub tells the gated states apart by its sentences alone, which are recorded in
// facts/hub-auth.md §3.5; a sentence that is not known there stays "denied", with its words.
#include "hfauth/hub/access.hpp"

#include "server_answer.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace hfauth::hub {
namespace {

struct Sentence {
  std::string_view part;
  Access access;
};

constexpr std::array kGatedSentences{
    Sentence{"awaiting a review", Access::pending},
    Sentence{"has been rejected", Access::rejected},
    Sentence{"has been reset", Access::reset},
    Sentence{"not in the authorized list", Access::not_requested},
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Access refusal_of(const ServerAnswer& answer, bool has_token) {
  if (answer.status == 404) return Access::absent;
  if (answer.status == 401) {
    if (answer.error_code == "GatedRepo") return Access::log_in;
    return has_token ? Access::bad_token : Access::absent;
  }
  if (answer.status != 403) return Access::unknown;
  for (const Sentence& sentence : kGatedSentences) {
    if (contains(answer.message, sentence.part)) return sentence.access;
  }
  if (contains(answer.message, "fine-grained token settings")) return Access::no_gated_scope;
  if (contains(answer.message, "not the required permissions") ||
      contains(answer.message, "must use a write token")) {
    return Access::read_only;
  }
  return Access::denied;
}

}  // namespace

std::string_view name_of(Access access) noexcept {
  constexpr std::array<std::string_view, 12> kNames{
      "granted",        "log_in",    "not_requested", "pending", "rejected",  "reset",
      "no_gated_scope", "read_only", "denied",        "absent",  "bad_token", "unknown"};
  return kNames[static_cast<std::size_t>(access)];
}

AccessAnswer check_access(HubClient& client, const Repo& repo, bool write, const Secret* token) {
  AccessAnswer result;
  std::string url = fmt::format("{}/api/{}/{}/auth-check{}", client.endpoint().url(),
                                repo.api_prefix(), repo.id(), write ? "/write" : "");
  const Result<HttpResponse> response = client.ask_here(url, token);
  if (!response) {
    result.failure = response.error();
    return result;
  }
  result.answer = read_answer(*response, token);
  if (response->status == 200) {
    result.access = Access::granted;
    return result;
  }
  result.failure =
      error_from(*response, result.answer, {.what = repo.id(), .with_token = token != nullptr});
  if (is_hub_refusal(*response, result.answer))
    result.access = refusal_of(result.answer, token != nullptr);
  return result;
}

}  // namespace hfauth::hub
