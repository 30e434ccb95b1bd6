// SPDX-License-Identifier: Apache-2.0
//
// Text from outside in pieces of whole lines, masked: nothing behind this class ever sees a secret
// of the input. A piece has at most kPieceBytes; a longer line is cut at white space, or hard if it
// has none. Not thread-safe.
#pragma once

#include "hfauth/core/result.hpp"

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::diagnose {

inline constexpr std::size_t kPieceBytes =
    std::size_t{1} << 16;  ///< far more than any message, far less than a log

class TextSource {
 public:
  /// Keeps a reference to `in`.
  explicit TextSource(std::istream& in);
  TextSource(const TextSource&) = delete;
  TextSource& operator=(const TextSource&) = delete;
  ~TextSource();

  /// The next masked piece; nullopt at the end. Errors: invalid_input (binary data), io.
  [[nodiscard]] Result<std::optional<std::string>> next();

  [[nodiscard]] bool was_empty() const noexcept { return empty_; }

  /// Tokens of the Hub that the text held so far.
  [[nodiscard]] std::size_t n_tokens() const noexcept { return n_tokens_; }

 private:
  enum class Encoding { unknown, utf8, utf16_little, utf16_big };
  [[nodiscard]] Result<void> fill();
  void take_in(std::string_view bytes);

  std::istream& in_;
  std::string pending_;    ///< raw bytes not yet handed out; wiped
  std::string half_unit_;  ///< odd byte of UTF-16 between two reads
  Encoding encoding_ = Encoding::unknown;
  bool ended_ = false;
  bool empty_ = true;
  std::size_t n_tokens_ = 0;
};

/// hfauth::redact with one addition before it: the value in Python's "Illegal header value b'Bearer
/// ...'" is a token, but whether it was empty or ended in a line break is the diagnosis, so it
/// becomes the word `Bearer-empty`, `Bearer-newline` or `Bearer-other`.
[[nodiscard]] std::string mask_for_diagnosis(std::string_view text);

}  // namespace hfauth::diagnose
