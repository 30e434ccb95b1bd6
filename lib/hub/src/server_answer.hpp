// SPDX-License-Identifier: Apache-2.0
//
// From an HTTP response to what the Hub meant: its words, its error code, when to come back, and
// which Errc that is (facts/hub-auth.md §2.8, §3.3, §3.5, §4.6). Pure.
#pragma once

#include "hfauth/hub/hub_client.hpp"

#include <string>
#include <string_view>

namespace hfauth::hub {

/// Everything of a response that is worth showing. `token` may be null; its text never gets into
/// the answer.
[[nodiscard]] ServerAnswer read_answer(const HttpResponse& response, const Secret* token);

/// Whether a 401, 403, 404 or 429 is the Hub's own: it carries the Hub's words (a JSON body with
/// "error", or X-Error-Message), not a portal's HTML page.
[[nodiscard]] bool is_hub_refusal(const HttpResponse& response, const ServerAnswer& answer);

/// What was asked, for the detail of an error.
struct Question {
  std::string what;  ///< "microsoft/phi-4", "tokenizer.json of microsoft/phi-4"
  bool with_token = false;
};

/// The error that a status other than 2xx is.
[[nodiscard]] Error error_from(const HttpResponse& response, const ServerAnswer& answer,
                               const Question& question);

/// The same for whoami-v2, which is asked for the token's sake and not for a repository's: what
/// follows "the Hub could not be asked about the token:".
[[nodiscard]] Error whoami_failure(const HttpResponse& response, const ServerAnswer& answer);

/// Whether asking again may help: no answer, a deadline, or 408, 429, 500, 502, 503, 504.
[[nodiscard]] bool is_passing_failure(const Result<HttpResponse>& response);

/// Seconds to wait by `RateLimit: "api";r=0;t=55` (draft-ietf-httpapi-ratelimit-headers-09), else
/// by Retry-After in its digit form; nullopt if neither says so.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const HttpResponse& response);

}  // namespace hfauth::hub
