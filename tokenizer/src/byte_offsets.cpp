// SPDX-License-Identifier: Apache-2.0
//
// A place each kStride code points is kept; the rest is walked. Without a character beyond ASCII
// the two kinds of offsets are the same.
#include "byte_offsets.hpp"

#include "unicode/utf8.hpp"

#include <algorithm>
#include <vector>

namespace hfauth::tokenizer {

namespace {

class BytePlaces {
 public:
  explicit BytePlaces(std::string_view text) : text_(text) {
    std::size_t n_points = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (unicode::is_continuation(text[at])) continue;
      if (n_points++ % kStride == 0) starts_.push_back(static_cast<std::uint32_t>(at));
    }
    n_points_ = n_points;
  }

  /// The byte with which code point `index` begins; the end of the text for those behind it.
  [[nodiscard]] std::uint32_t of(std::uint32_t index) const {
    if (index >= n_points_) return static_cast<std::uint32_t>(text_.size());
    if (n_points_ == text_.size()) return index;
    std::uint32_t at = starts_[index / kStride];
    for (std::uint32_t left = index % kStride; left > 0; --left)
      at += unicode::decode_at(text_, at).n_bytes;
    return at;
  }

 private:
  static constexpr std::uint32_t kStride = 32;
  std::string_view text_;
  std::vector<std::uint32_t> starts_;
  std::size_t n_points_ = 0;
};

void fill(Encoding& encoding, const std::vector<BytePlaces>& places, bool types_are_texts) {
  encoding.byte_offsets.reserve(encoding.size());
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const std::size_t text =
        types_are_texts ? encoding.type_ids[i] : encoding.sequence_ids[i].value_or(0);
    const BytePlaces& place = places[std::min(text, places.size() - 1)];
    const CodePointRange range = encoding.offsets[i];
    encoding.byte_offsets.push_back({place.of(range.begin), place.of(range.end)});
  }
  for (Encoding& part : encoding.overflowing)
    fill(part, places, types_are_texts);
}

}  // namespace

void add_byte_offsets(Encoding& encoding, std::span<const std::string_view> texts,
                      bool types_are_texts) {
  std::vector<BytePlaces> places;
  for (const std::string_view text : texts)
    places.emplace_back(text);
  fill(encoding, places, types_are_texts);
}

}  // namespace hfauth::tokenizer
