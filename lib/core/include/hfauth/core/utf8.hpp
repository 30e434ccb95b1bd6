// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 as bytes that come from outside: validity, and how many columns of a terminal a text takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::utf8 {

/// The byte offset of the first byte that is not well-formed UTF-8 (Unicode 16, table 3-7), or
/// nullopt.
[[nodiscard]] std::optional<std::size_t> first_invalid(std::string_view bytes) noexcept;

/// Each maximal invalid part becomes U+FFFD.
[[nodiscard]] std::string make_valid(std::string_view bytes);

/// How text from outside (a file, a variable, a server) is shown to people: control characters (C0,
/// DEL, C1) and characters that turn the direction of what follows are spelled out ("\x1b",
/// "\u{202e}"), what is not UTF-8 becomes U+FFFD. So no such text moves the cursor, colours what
/// follows, or reads as another one.
[[nodiscard]] std::string visible(std::string_view bytes);

/// Columns that a terminal gives to valid UTF-8: 2 for East Asian wide and emoji, 0 for combining
/// marks, by the system's wcwidth over a UTF-8 locale.
[[nodiscard]] std::size_t columns(std::string_view text);

/// Breaks `text` into lines of at most `width` columns: at spaces, and where two characters of a
/// script without spaces meet (kana, ideographs; not Hangul), but never before a closing or after
/// an opening mark of theirs, nor between a number and its unit ("3 s"). What cannot be broken
/// stands alone if it is longer. Never empty.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t width, std::string_view indent);

}  // namespace hfauth::utf8
