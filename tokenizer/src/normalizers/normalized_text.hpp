// SPDX-License-Identifier: Apache-2.0
//
// A text on its way through the normalizers, with the knowledge of where each byte of it came from.
// As long as nothing changes it, it is a view of the original: no copy, no alignment. The rules for
// the place of rewritten characters are those of tokenizers 0.23, tokenizer/normalizer.rs.
#pragma once

#include "piece.hpp"
#include "pre_tokenizers/split_event.hpp"
#include "unicode/utf8.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

/// One character of a rewritten text and what it stands in place of.
struct Change {
  char32_t code_point;
  /// 0: of the next old character; -n: of the next one and of n more; above 0: it is new, and
  /// shares the place of the old character before it.
  std::int32_t consumed;
};

class NormalizedText {
 public:
  /// `text` is valid UTF-8 that begins at byte `origin` of the original; it outlives this.
  explicit NormalizedText(std::string_view text, std::uint32_t origin = 0)
      : text_(text), origin_(origin) {}

  /// Goes on from `piece`, which is not byte-level and outlives this.
  explicit NormalizedText(const Piece& piece)
      : text_(piece.text),
        origin_(piece.alignment == nullptr || piece.text.empty() ? piece.origin
                                                                 : piece.alignment[0].begin),
        places_(piece.alignment) {}

  NormalizedText(const NormalizedText&) = delete;
  NormalizedText& operator=(const NormalizedText&) = delete;
  NormalizedText(NormalizedText&&) = delete;
  NormalizedText& operator=(NormalizedText&&) = delete;
  ~NormalizedText() = default;

  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// Where in the original the text, if it is not empty, begins.
  [[nodiscard]] std::uint32_t begin() const { return text_.empty() ? origin_ : place_of(0).begin; }

  /// Puts `changes` in place of the whole text, without its first `n_skipped` characters.
  void transform(std::span<const Change> changes, std::size_t n_skipped = 0);

  /// Keeps the characters that `keep(code_point)` is true for.
  template <class Keep>
  void filter(Keep keep);

  /// Puts bytes [begin, end), which begin and end with characters, in place of the whole text.
  void crop(std::size_t begin, std::size_t end);

  /// Puts `head` in front; it shares the place of the first character. Without effect on an empty
  /// text.
  void prepend(std::string_view head);

  /// Puts `content` in place of each match of `events`, which cover the text; it shares the place
  /// of the last byte of the match.
  void replace(std::span<const SplitEvent> events, std::string_view content);

  /// Puts `text` in place of the whole text. `begins` says for each of its bytes, and for its end,
  /// with which byte of the present text what it stands for begins; it does not decrease.
  void rewrite(std::string text, std::span<const std::uint32_t> begins);

  /// Puts `text` in place of the whole text: every character of it stands where one of as many
  /// bytes stood, and has its place.
  void overwrite(std::string text);

  /// The result as a piece that lives as long as `home` (or the original, if nothing changed).
  [[nodiscard]] Piece release(PieceList& home);

 private:
  /// Where byte `at` of the present text came from.
  [[nodiscard]] ByteRange place_of(std::size_t at) const;
  /// The place of what is inserted behind byte `at`.
  [[nodiscard]] ByteRange place_behind(std::size_t at) const;
  void become(std::string text, std::vector<ByteRange> alignment);

  std::string_view text_;  ///< of the original, or of owned_
  std::uint32_t origin_;
  const ByteRange* places_ = nullptr;  ///< of each byte; none: text_ is a stretch of the original
  bool changed_ = false;
  std::string owned_;
  std::vector<ByteRange> alignment_;  ///< of each byte of owned_
};

/// The code points of valid text, one by one.
template <class Visit>
void for_each_code_point(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    const unicode::Decoded next = unicode::decode_at(text, at);
    visit(next.code_point);
    at += next.n_bytes;
  }
}

template <class Keep>
void NormalizedText::filter(Keep keep) {
  std::vector<Change> changes;
  std::int32_t n_dropped = 0;
  std::size_t n_dropped_first = 0;
  bool all_kept = true;
  for_each_code_point(text_, [&](char32_t c) {
    if (!keep(c)) {
      ++n_dropped;
      all_kept = false;
      return;
    }
    if (changes.empty()) {
      n_dropped_first = static_cast<std::size_t>(n_dropped);
    } else {
      changes.back().consumed = -n_dropped;
    }
    changes.push_back({c, 0});
    n_dropped = 0;
  });
  if (!all_kept) transform(changes, n_dropped_first);
}

}  // namespace hfauth::tokenizer
