// SPDX-License-Identifier: Apache-2.0
//
// One function for each message: what it says, what it means, and what to do. A new message is a
// row in signatures.cpp, a function here, and a line in message_table.cpp.
#pragma once

#include "message.hpp"

#include <string_view>

namespace hfauth::diagnose {

/// An explanation with everything that does not depend on the message's wording.
[[nodiscard]] Explanation begin_explanation(std::string_view check, std::string_view message,
                                            Impact impact, const Sighting& sighting);

/// From the row that the sighting names (listed_messages.cpp).
[[nodiscard]] Explanation explain_listed(const Sighting& sighting, const TextFacts& text);

// messages_colab.cpp
[[nodiscard]] Explanation colab_secret_missing(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation colab_access_not_granted(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation colab_vault_error(const Sighting& sighting, const TextFacts& text);

// messages_hub.cpp
[[nodiscard]] Explanation illegal_header(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation invalid_credentials(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation invalid_authorization(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation invalid_token_ignored(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation repository_not_found(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation unauthenticated_requests(const Sighting& sighting, const TextFacts& text);

// messages_gated.cpp
[[nodiscard]] Explanation gated_login_needed(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation gated_not_requested(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation gated_waiting(const Sighting& sighting, const TextFacts& text);
[[nodiscard]] Explanation gated_unclear(const Sighting& sighting, const TextFacts& text);

}  // namespace hfauth::diagnose
