// SPDX-License-Identifier: Apache-2.0
//
// POST /api/credentials/revoke (facts/hub-auth.md §4.7): whoever holds a token may have it ended;
// no Authorization goes along. The body is built in guarded memory.
#include "hfauth/hub/hub_client.hpp"
#include "server_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::hub {
namespace {

constexpr int kAccepted = 202;

/// {"credentials":["..."]}; a token is printable ASCII, so two characters need a backslash.
Secret body_for(std::string_view token) {
  constexpr std::string_view kHead = R"({"credentials":[")";
  constexpr std::string_view kTail = R"("]})";
  Secret body = Secret::allocate(kHead.size() + 2 * token.size() + kTail.size());
  auto at = std::copy(kHead.begin(), kHead.end(), body.writable().begin());
  for (const char c : token) {
    if (c == '"' || c == '\\') *at++ = '\\';
    *at++ = c;
  }
  at = std::copy(kTail.begin(), kTail.end(), at);
  body.truncate(static_cast<std::size_t>(at - body.writable().begin()));
  return body;
}

}  // namespace

Result<void> HubClient::revoke(const Secret& token) {
  const std::string_view text = token.expose();
  const bool is_sendable = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7F;
  });
  if (!is_sendable) return Error{Errc::invalid_input, "this is not the text of a token"};
  const Secret body = body_for(text);
  HttpRequest question = request("POST", endpoint_.url() + "/api/credentials/revoke");
  question.headers.push_back({"Content-Type", "application/json"});
  question.secret_body = &body;
  const Result<HttpResponse> response = ask(question, Effort::once);
  if (!response) return response.error();
  if (response->status != kAccepted) {
    return error_from(*response, read_answer(*response, &token),
                      {.what = "revoking the token", .with_token = false});
  }
  return {};
}

}  // namespace hfauth::hub
