// SPDX-License-Identifier: Apache-2.0
//
// ByteLevel as a post-processor (tokenizers 0.23, pre_tokenizers/byte_level.rs, process_offsets):
// the white space that a token's spelling begins and ends with is taken off its offsets. A space
// that the pre-tokenizer put in front of the text is not in the text, so it is not taken off.
#include "post_processors/post_processor.hpp"
#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

#include <algorithm>

namespace hfauth::tokenizer {

namespace {

constexpr char32_t kSpelledSpace = 0x120;  // 'Ġ', the space of the byte-level alphabet

bool is_blank(char32_t c) {
  return c == kSpelledSpace || unicode::is_space(c);
}

std::uint32_t count_leading_blanks(std::string_view token) {
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < token.size(); ++count) {
    const unicode::Decoded next = unicode::decode_at(token, at);
    if (!is_blank(next.code_point)) break;
    at += next.n_bytes;
  }
  return count;
}

std::uint32_t count_trailing_blanks(std::string_view token) {
  std::uint32_t count = 0;
  for (std::size_t end = token.size(); end > 0; ++count) {
    const std::size_t last = unicode::previous(token, end);
    if (!is_blank(unicode::decode_at(token, last).code_point)) break;
    end = last;
  }
  return count;
}

void trim(Draft& draft, bool add_prefix_space) {
  Encoding& encoding = draft.encoding;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    std::uint32_t leading = count_leading_blanks(encoding.tokens[i]);
    const std::uint32_t trailing = count_trailing_blanks(encoding.tokens[i]);
    CodePointRange& range = encoding.offsets[i];
    const bool is_first = i == 0 || range.begin == 0;
    if (is_first && add_prefix_space && leading == 1) leading = 0;
    range.begin = std::min(range.begin + leading, range.end);
    if (trailing > 0 && range.end >= trailing)
      range.end = std::max(range.end - trailing, range.begin);
  }
}

}  // namespace

void ByteLevelTrimming::apply(std::vector<Draft>& drafts) const {
  for (std::uint32_t i = 0; i < drafts.size(); ++i) {
    if (trim_offsets) {
      trim(drafts[i], add_prefix_space);
      for (Draft& part : drafts[i].overflowing)
        trim(part, add_prefix_space);
    }
    set_sequence(drafts[i], std::min(i, 1U));
  }
}

}  // namespace hfauth::tokenizer
