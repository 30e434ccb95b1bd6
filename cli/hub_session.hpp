// SPDX-License-Identifier: Apache-2.0
//
// A connection to the Hub that HF_ENDPOINT names; loads the network module, so only commands that
// need it make one.
#pragma once

#include "context.hpp"
#include "hfauth/hub/hub_client.hpp"

#include <memory>

namespace hfauth::cli {

class HubSession {
 public:
  /// Errors: offline (--offline or HF_HUB_OFFLINE), invalid_input (endpoint, CA file), internal
  /// (module missing).
  [[nodiscard]] static Result<HubSession> open(const Context& context, token::Endpoint endpoint,
                                               hub::Pacing pacing = hub::Pacing::real());

  [[nodiscard]] hub::HubClient& client() noexcept { return *client_; }

 private:
  HubSession() = default;
  std::unique_ptr<hub::HttpClient> http_;
  std::unique_ptr<hub::HubClient> client_;
};

/// One sentence on an answer that is not `valid`: the Hub's own words and the request id, or why it
/// is unknown.
[[nodiscard]] std::string show_verdict(const hub::Whoami& whoami, const token::Endpoint& endpoint);

}  // namespace hfauth::cli
