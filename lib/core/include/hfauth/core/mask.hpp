// SPDX-License-Identifier: Apache-2.0
//
// Showing that there is a secret without showing it. Masks are for people and are the Hub's own
// form (huggingface_hub 1.29: first 3, four stars, last 4); redact() is the net under everything
// that leaves the program.
#pragma once

#include <string>
#include <string_view>

namespace hfauth {

/// "hf_****abcd". A token of fewer than 12 characters becomes "****" alone.
[[nodiscard]] std::string mask_token(std::string_view token);

/// A copy of `text` in which every token-like part is masked: hf_, hf_oauth_, hf_jwt_, api_org_
/// tokens, the value behind "authorization:" and "bearer", passwords in URLs of the Hub, signature
/// parameters in queries, a quoted or bare value behind HF_TOKEN= and its aliases
/// (facts/hub-auth.md §4.1). Any bytes are accepted; linear time.
[[nodiscard]] std::string redact(std::string_view text);

}  // namespace hfauth
