// SPDX-License-Identifier: Apache-2.0
//
// One call, one reply: the request is built in and the reply read into guarded memory. What the
// clients of lib/agent have in common. Private to lib/agent.
#pragma once

#include "connection.hpp"
#include "hfauth/agent/frame.hpp"
#include "hfauth/agent/protocol.hpp"
#include "hfauth/core/utf8.hpp"

namespace hfauth::agent {

/// Answered from memory; the first call after the start waits for the store to be opened (1.5 s and
/// one list).
inline constexpr std::chrono::seconds kReadTimeout{10};

/// Each operation of a store has 5 s; behind another client's it takes its turn.
inline constexpr std::chrono::seconds kStoreTimeout{30};

/// For a token that a person has to confirm: longer than the agent waits for that person
/// (config.hpp of hfauthd: 5 min at most).
inline constexpr std::chrono::seconds kConfirmTimeout{310};

template <class Read>
auto exchange(Connection& connection, const GuardedBuffer& request,
              std::chrono::milliseconds timeout, Again again, const Read& read,
              std::chrono::milliseconds longer = {}) -> decltype(read(std::string_view())) {
  FrameReader reader(kMaxReplyBytes);
  const Result<std::string_view> reply = connection.ask(request, timeout, again, reader, longer);
  if (!reply) return reply.error();
  return read(*reply);
}

template <class Read>
auto ask(Connection& connection, const Request& request, std::chrono::milliseconds timeout,
         Again again, const Read& read, std::chrono::milliseconds longer = {}) {
  GuardedBuffer message;
  write_call(message, request);
  return exchange(connection, message, timeout, again, read, longer);
}

/// Errors: invalid_input.
inline Result<void> check_passphrase(const Secret& passphrase) {
  if (!utf8::first_invalid(passphrase.expose())) return {};
  return Error{Errc::invalid_input,
               "the passphrase is not UTF-8: type it in a UTF-8 locale, or convert it first"};
}

}  // namespace hfauth::agent
