// SPDX-License-Identifier: Apache-2.0
//
// Base64 (RFC 4648) as tokenizer files carry it: the standard alphabet, padded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hfauth::tokenizer {

/// The bytes behind `text`, or nullopt if it is not well-formed.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace hfauth::tokenizer
