// SPDX-License-Identifier: Apache-2.0
//
// Token text as people paste it: what huggingface_hub would make of it, what is wrong with it, and
// what we accept.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::token {

/// huggingface_hub's cleaning on its read path (utils/_auth.py, 0.20 to 1.29): every CR and LF is
/// removed, then Unicode white space at both ends; nothing else. Returns the part that would be
/// sent, "" for none.
[[nodiscard]] Secret clean_as_huggingface_hub(std::string_view raw);

enum class TokenFault {
  empty,                ///< nothing, or white space alone
  line_break,           ///< CR or LF anywhere
  edge_space,           ///< white space at an end
  inner_space,          ///< white space inside
  byte_order_mark,      ///< U+FEFF at the start
  invisible_character,  ///< zero-width or other non-ASCII or control character
  quotes,               ///< enclosed in ' " or typographic quotes
  bearer_prefix,        ///< begins with "Bearer " or "Authorization:"
  assignment_prefix,    ///< begins with HF_TOKEN= or token=
  placeholder,          ///< hf_xxx, <your_token>, changeme, $HF_TOKEN, None, hf_****abcd ...
  org_token,            ///< api_org_: the Hub's clients refuse it
  foreign_token,        ///< the well-known prefix of another vendor's key
  unusual_shape,        ///< none of the known shapes; never an error by itself
};

[[nodiscard]] std::string_view name_of(TokenFault fault) noexcept;

struct FoundFault {
  TokenFault fault;
  std::size_t offset;  ///< byte offset of the first place
  std::string
      note;  ///< for people, without any part of the token: "U+FEFF at byte 0", "last bytes 78 0a"

  friend bool operator==(const FoundFault&, const FoundFault&) = default;
};

/// Every fault of `raw`, in the order of the enumeration; empty for a clean token of a known shape.
[[nodiscard]] std::vector<FoundFault> find_faults(std::string_view raw);

/// What `hfauth login` accepts: strips line breaks, edge white space, a byte order mark,
/// surrounding quotes, and a "Bearer "/"HF_TOKEN=" prefix, telling each in `repairs`; refuses what
/// is left with inner space, non-ASCII, control characters, a placeholder, another vendor's key,
/// more than 8 KiB or nothing. Errors: invalid_input, never with any part of the token in the
/// detail.
[[nodiscard]] Result<Secret> accept_token(std::string_view raw, std::vector<TokenFault>& repairs);

}  // namespace hfauth::token
