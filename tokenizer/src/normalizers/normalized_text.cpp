// SPDX-License-Identifier: Apache-2.0
//
// Rewriting with alignments. All bytes of a rewritten character share one place, which is that of
// the first byte of what it stands for.
#include "normalizers/normalized_text.hpp"

#include "unicode/utf8.hpp"

#include <utility>

namespace hfauth::tokenizer {

ByteRange NormalizedText::place_of(std::size_t at) const {
  if (places_ != nullptr) return places_[at];
  std::size_t begin = at;
  while (begin > 0 && unicode::is_continuation(text_[begin]))
    --begin;
  const auto first = origin_ + static_cast<std::uint32_t>(begin);
  return {first, first + unicode::decode_at(text_, begin).n_bytes};
}

ByteRange NormalizedText::place_behind(std::size_t at) const {
  return at == 0 ? ByteRange{origin_, origin_} : place_of(at - 1);
}

void NormalizedText::become(std::string text, std::vector<ByteRange> alignment) {
  owned_ = std::move(text);
  alignment_ = std::move(alignment);
  text_ = owned_;
  places_ = alignment_.data();
  changed_ = true;
}

void NormalizedText::transform(std::span<const Change> changes, std::size_t n_skipped) {
  std::string text;
  std::vector<ByteRange> alignment;
  text.reserve(text_.size());
  alignment.reserve(text_.size());
  std::size_t at = 0;
  const auto skip = [&](std::size_t n_characters) {
    for (; n_characters > 0 && at < text_.size(); --n_characters)
      at += unicode::decode_at(text_, at).n_bytes;
  };
  skip(n_skipped);
  for (const Change& change : changes) {
    const bool is_new = change.consumed > 0 || at >= text_.size();
    const ByteRange place = is_new ? place_behind(at) : place_of(at);
    unicode::append(text, change.code_point);
    alignment.resize(text.size(), place);
    if (change.consumed <= 0) skip(1 + static_cast<std::size_t>(-change.consumed));
  }
  become(std::move(text), std::move(alignment));
}

void NormalizedText::crop(std::size_t begin, std::size_t end) {
  if (begin == 0 && end == text_.size()) return;
  if (!changed_) {
    text_ = text_.substr(begin, end - begin);
    if (places_ != nullptr) places_ += begin;
    origin_ += static_cast<std::uint32_t>(begin);
    return;
  }
  std::string text(text_.substr(begin, end - begin));
  if (places_ != nullptr) {
    become(std::move(text), std::vector<ByteRange>(places_ + begin, places_ + end));
    return;
  }
  overwrite(std::move(text));
  origin_ += static_cast<std::uint32_t>(begin);
}

void NormalizedText::overwrite(std::string text) {
  owned_ = std::move(text);
  text_ = owned_;
  changed_ = true;
}

void NormalizedText::prepend(std::string_view head) {
  if (text_.empty() || head.empty()) return;
  std::string text(head);
  text += text_;
  std::vector<ByteRange> alignment(head.size(), place_of(0));
  alignment.reserve(text.size());
  for (std::size_t at = 0; at < text_.size(); ++at)
    alignment.push_back(place_of(at));
  become(std::move(text), std::move(alignment));
}

void NormalizedText::replace(std::span<const SplitEvent> events, std::string_view content) {
  std::string text;
  std::vector<ByteRange> alignment;
  text.reserve(text_.size());
  alignment.reserve(text_.size());
  bool any = false;
  for (const SplitEvent& event : events) {
    if (event.is_match) {
      any = true;
      text += content;
      if (!content.empty()) alignment.resize(text.size(), place_behind(event.range.end));
      continue;
    }
    text += text_.substr(event.range.begin, event.range.end - event.range.begin);
    for (std::size_t at = event.range.begin; at < event.range.end; ++at)
      alignment.push_back(place_of(at));
  }
  if (any) become(std::move(text), std::move(alignment));
}

void NormalizedText::rewrite(std::string text, std::span<const std::uint32_t> begins) {
  const auto place = [this](std::size_t at) {
    if (text_.empty()) return origin_;
    return at < text_.size() ? place_of(at).begin : place_of(text_.size() - 1).end;
  };
  std::vector<ByteRange> alignment(text.size());
  std::uint32_t end = place(begins.back());
  for (std::size_t i = text.size(); i > 0; --i) {
    const bool same = i < text.size() && begins[i] == begins[i - 1];
    alignment[i - 1] = {same ? alignment[i].begin : place(begins[i - 1]), end};
    end = alignment[i - 1].begin;
  }
  become(std::move(text), std::move(alignment));
}

Piece NormalizedText::release(PieceList& home) {
  if (!changed_) return {.text = text_, .origin = origin_, .alignment = places_};
  if (places_ == nullptr) return home.keep_in_place(std::move(owned_), origin_);
  if (places_ == alignment_.data()) return home.keep(std::move(owned_), std::move(alignment_));
  const std::size_t n_bytes = owned_.size();
  return home.keep(std::move(owned_), std::vector<ByteRange>(places_, places_ + n_bytes));
}

}  // namespace hfauth::tokenizer
