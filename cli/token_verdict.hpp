// SPDX-License-Identifier: Apache-2.0
//
// The Hub's verdict on a stored token: from the verdict cache if it is not older than ten minutes,
// else from the Hub.
#pragma once

#include "context.hpp"
#include "hfauth/agent/client.hpp"
#include "hfauth/hub/verdict_cache.hpp"
#include "hub_session.hpp"

#include <map>
#include <optional>
#include <string>

namespace hfauth::cli {

struct TokenVerdict {
  /// From the cache: the verdict, and what the agent knows of the account; else the Hub's answer.
  hub::Whoami whoami;
  std::optional<WallTime> cached;           ///< when the Hub was asked, if not now
  std::optional<hub::KnownVerdict> before;  ///< the last verdict, where the Hub gave none now
};

class VerdictSource {
 public:
  /// `fresh`: the cache is written, not read. Keeps a reference to the context.
  VerdictSource(const Context& context, bool fresh);

  /// `profile` is null for a token that the agent does not hold: such ones are always asked about.
  /// A Hub that cannot be asked is a verdict (unknown), not an error; opens one connection an
  /// endpoint. Errors: those of HubSession::open but offline.
  [[nodiscard]] Result<TokenVerdict> of(const Secret& token, const token::Endpoint& endpoint,
                                        const agent::StoredProfile* profile);

 private:
  [[nodiscard]] Result<hub::Whoami> ask(const Secret& token, const token::Endpoint& endpoint);

  const Context& context_;
  bool fresh_;
  hub::VerdictCache cache_;
  std::map<std::string, HubSession> sessions_;
};

/// Keeps what the Hub has just said of a token, so that the next question within ten minutes need
/// not be asked. Without the cache it is asked; that is no failure.
void remember_verdict(const Context& context, const agent::StoredProfile& profile,
                      hub::Verdict verdict);

/// One sentence on a verdict that is not `valid`, with the last one that is known.
[[nodiscard]] std::string show_verdict(const TokenVerdict& verdict,
                                       const token::Endpoint& endpoint);

}  // namespace hfauth::cli
