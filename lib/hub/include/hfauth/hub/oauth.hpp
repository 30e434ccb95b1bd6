// SPDX-License-Identifier: Apache-2.0
//
// Logging in with a browser (OAuth device flow, RFC 8628) and renewing what it gave (RFC 6749 §6),
// as `hf auth login` of huggingface_hub >= 1.20 does both (facts/hub-auth.md §1.1, §4.5). Tokens,
// the device code and the bodies that hold them stay in guarded memory. The requests are repeated
// here and nowhere below: a refresh that is sent twice can end the session.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/core/environment.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/hub/http_client.hpp"
#include "hfauth/hub/pacing.hpp"
#include "hfauth/token/endpoint.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::hub {

/// The public client that `hf auth login` uses; its permissions are fixed on the Hub's side.
inline constexpr std::string_view kHubDeviceClientId = "26be6b09-91c5-47da-9861-d2d2bb7a7e36";

/// The client id of this user's logins: HFAUTH_OAUTH_CLIENT_ID (an application of one's own), else
/// HF_DEVICE_CODE_OAUTH_CLIENT_ID as huggingface_hub has it, else kHubDeviceClientId. Empty
/// variables count as not set. A refresh token belongs to the client id that obtained it.
[[nodiscard]] std::string oauth_client_id(const Environment& environment);

/// What the Hub hands out at the start of a login.
struct DeviceCode {
  Secret device_code;
  std::string user_code;              ///< "ABCD-EFGH"; printable ASCII, at most 64 characters
  std::string verification_uri;       ///< http or https, printable ASCII
  std::string verification_uri_full;  ///< with the code in it; "" if the Hub sent none
  MonotonicTime ends;                 ///< when the code is void
  std::chrono::milliseconds interval{5000};  ///< between two polls; 100 ms to 60 s
};

struct OAuthTokens {
  Secret access;
  Secret refresh;                   ///< empty if the Hub gave none
  std::optional<WallTime> expires;  ///< of the access token; nullopt if the Hub does not say
};

/// For one thread, as the HttpClient is.
class OAuthClient {
 public:
  /// Keeps a reference: `http` outlives this object. Of `pacing` the clock and the waiting are
  /// used.
  OAuthClient(HttpClient& http, token::Endpoint endpoint, std::string user_agent,
              std::string client_id, Pacing pacing = Pacing::real());

  /// POST /oauth/device, once. Blocks up to 10 s. Errors: network, timeout, rate_limited, forbidden
  /// (the Hub does not know the client id; its words are in the detail), not_found (a Hub without
  /// this login).
  [[nodiscard]] Result<DeviceCode> start_device();

  /// POST /oauth/token every `interval` until the user has decided or the code is void. slow_down
  /// adds 5 s to the interval for good. Network failures, 5xx, 429 and answers that are no JSON are
  /// asked again: the user is at work in the browser meanwhile. Errors: expired (nobody entered the
  /// code in time), denied (the user said no), forbidden (another refusal, in the Hub's words),
  /// network (the time ran out and the Hub could not be reached at the end).
  [[nodiscard]] Result<OAuthTokens> wait_for_device(const DeviceCode& code);

  /// POST /oauth/token with a refresh token, once. `refresh` of the answer is the new one, or a
  /// copy of the given one if the Hub keeps that. Blocks up to 10 s. Errors: expired
  /// (invalid_grant: the session has ended or was revoked, only a new login helps); every other
  /// error may pass and says nothing on the session: network, timeout, rate_limited, forbidden.
  [[nodiscard]] Result<OAuthTokens> refresh(const Secret& refresh_token);

 private:
  HttpClient& http_;
  token::Endpoint endpoint_;
  std::string user_agent_;
  std::string client_id_;
  Pacing pacing_;
};

}  // namespace hfauth::hub
