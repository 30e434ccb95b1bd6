// SPDX-License-Identifier: Apache-2.0
//
// Whose words these are: git, proxies and every HTTP client print some of the messages for other
// servers too. The server or library that is named nearest decides. Offsets are into squeezed text.
#pragma once

#include <cstddef>
#include <string_view>

namespace hfauth::diagnose {

/// Whether the Hub, an address that has the Hub's paths, or one of its libraries is what is named
/// nearest to [begin, end), within a screen before and behind it.
[[nodiscard]] bool hub_is_nearest(std::string_view squeezed, std::size_t begin, std::size_t end);

/// {"error":"Invalid ..."} with no address anywhere near: the Hub's answer as curl shows it.
[[nodiscard]] bool is_bare_hub_answer(std::string_view squeezed, std::size_t begin,
                                      std::size_t end);

/// Whether `word` (lower case, no white space) stands within a page of it.
[[nodiscard]] bool stands_near(std::string_view squeezed, std::size_t begin, std::size_t end,
                               std::string_view word);

}  // namespace hfauth::diagnose
