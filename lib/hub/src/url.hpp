// SPDX-License-Identifier: Apache-2.0
//
// The little of RFC 3986 that talking to the Hub needs. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hfauth::hub {

/// Percent-encodes all but letters, digits and - . _ ~ (Python's urllib.parse.quote). `keep_slash`
/// leaves "/" alone: for a path; a revision is encoded with its slashes.
[[nodiscard]] std::string percent_encode(std::string_view text, bool keep_slash);

/// The absolute URL that `reference`, the value of a Location header, means on `base` (RFC
/// 3986, 5.2, without dot segments, which no server of the Hub sends). nullopt for another scheme
/// than http(s), an empty reference or a control character.
[[nodiscard]] std::optional<std::string> resolve_reference(std::string_view base,
                                                           std::string_view reference);

/// Whether going from one URL to the other would leave TLS.
[[nodiscard]] bool is_downgrade(std::string_view from, std::string_view to);

/// Without query and fragment, where signed URLs keep their signatures: for error texts.
[[nodiscard]] std::string without_query(std::string_view url);

}  // namespace hfauth::hub
