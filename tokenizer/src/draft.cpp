// SPDX-License-Identifier: Apache-2.0
//
// Steps on drafts. Each list of an Encoding is treated alike, by for_each_list.
#include "draft.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hfauth::tokenizer {

namespace {

/// Calls `visit` with the same list of both encodings, for each list that a draft fills.
template <class A, class B, class Visit>
void for_each_list(A& a, B& b, Visit visit) {
  visit(a.ids, b.ids);
  visit(a.tokens, b.tokens);
  visit(a.offsets, b.offsets);
  visit(a.word_ids, b.word_ids);
  visit(a.type_ids, b.type_ids);
  visit(a.special_tokens_mask, b.special_tokens_mask);
  visit(a.attention_mask, b.attention_mask);
}

Draft joined(const Draft& head, const Draft& tail) {
  Draft copy = head;
  append(copy, Draft(tail));
  return copy;
}

std::vector<Draft> joined_overflow(const Draft& head, const Draft& tail) {
  std::vector<Draft> parts;
  for (const Draft& part : head.overflowing) {
    parts.push_back(joined(part, tail));
    for (const Draft& other : tail.overflowing)
      parts.push_back(joined(part, other));
  }
  for (const Draft& other : tail.overflowing)
    parts.push_back(joined(head, other));
  return parts;
}

Draft window(const Encoding& whole, Draft::TokenRange range) {
  Draft part;
  for_each_list(part.encoding, whole, [range](auto& to, const auto& from) {
    const auto first = from.begin();
    to.assign(first + static_cast<std::ptrdiff_t>(range.begin),
              first + static_cast<std::ptrdiff_t>(range.end));
  });
  return part;
}

/// The windows of a text of `n` tokens, the one that is kept first.
std::vector<Draft::TokenRange> windows_of(std::size_t n, std::size_t length, std::size_t step,
                                          Side side) {
  std::vector<Draft::TokenRange> windows;
  for (std::size_t done = 0;; done += step) {
    const std::size_t rest = n - done;
    const std::size_t size = std::min(length, rest);
    windows.push_back(side == Side::right ? Draft::TokenRange{done, done + size}
                                          : Draft::TokenRange{rest - size, rest});
    if (size == rest) return windows;
  }
}

}  // namespace

void reserve(Encoding& encoding, std::size_t n_tokens) {
  for_each_list(encoding, encoding, [n_tokens](auto& list, auto&) { list.reserve(n_tokens); });
}

void push_token(Encoding& encoding, TokenId id, std::string_view token, CodePointRange range,
                std::optional<std::uint32_t> word) {
  encoding.ids.push_back(id);
  encoding.tokens.emplace_back(token);
  encoding.offsets.push_back(range);
  encoding.word_ids.push_back(word);
  encoding.type_ids.push_back(0);
  encoding.special_tokens_mask.push_back(0);
  encoding.attention_mask.push_back(1);
}

void append(Draft& head, Draft&& tail) {
  std::vector<Draft> overflowing;
  if (!head.overflowing.empty() || !tail.overflowing.empty())
    overflowing = joined_overflow(head, tail);
  const std::size_t n_head = head.size();
  for (std::size_t i = 0; i < tail.sequences.size(); ++i) {
    if (tail.sequences[i])
      head.sequences[i] = {n_head + tail.sequences[i]->begin, n_head + tail.sequences[i]->end};
  }
  for_each_list(head.encoding, tail.encoding, [](auto& to, auto& from) {
    if (to.empty()) {
      to = std::move(from);
    } else {
      to.insert(to.end(), std::make_move_iterator(from.begin()),
                std::make_move_iterator(from.end()));
    }
  });
  head.overflowing = std::move(overflowing);
}

void set_sequence(Draft& draft, std::uint32_t index) {
  draft.sequences[index] = {0, draft.size()};
}

void truncate(Draft& draft, std::size_t max_length, std::size_t stride, Side side) {
  if (max_length >= draft.size()) return;
  if (max_length == 0) {
    Draft all = std::exchange(draft, Draft());
    draft.overflowing.push_back(std::move(all));
    return;
  }
  Draft kept;
  for (const Draft::TokenRange range :
       windows_of(draft.size(), max_length, max_length - stride, side)) {
    Draft part = window(draft.encoding, range);
    if (kept.size() == 0) {
      kept = std::move(part);
    } else {
      kept.overflowing.push_back(std::move(part));
    }
  }
  draft = std::move(kept);
}

void pad(Draft& draft, std::size_t length, const PadToken& with, Side side) {
  for (Draft& part : draft.overflowing)
    pad(part, length, with, side);
  if (draft.size() >= length) return;
  const std::size_t n_padding = length - draft.size();
  Draft padding;
  for (std::size_t i = 0; i < n_padding; ++i)
    push_token(padding.encoding, with.id, with.token, {}, std::nullopt);
  padding.encoding.type_ids.assign(n_padding, with.type_id);
  padding.encoding.special_tokens_mask.assign(n_padding, 1);
  padding.encoding.attention_mask.assign(n_padding, 0);
  std::vector<Draft> overflowing = std::exchange(draft.overflowing, {});
  if (side == Side::right) {
    append(draft, std::move(padding));
  } else {
    append(padding, std::move(draft));
    draft = std::move(padding);
  }
  draft.overflowing = std::move(overflowing);
}

Encoding finish(Draft&& draft) {
  Encoding encoding = std::move(draft.encoding);
  encoding.sequence_ids.assign(encoding.size(), std::nullopt);
  // As many sequences as there are marks, at least one; what has no mark of its own is everything.
  const std::size_t n_marks = draft.sequences[0] && draft.sequences[1] ? 2 : 1;
  for (std::uint32_t i = 0; i < n_marks; ++i) {
    const Draft::TokenRange range =
        draft.sequences[i].value_or(Draft::TokenRange{0, encoding.size()});
    std::fill(encoding.sequence_ids.begin() + static_cast<std::ptrdiff_t>(range.begin),
              encoding.sequence_ids.begin() + static_cast<std::ptrdiff_t>(range.end), i);
  }
  for (Draft& part : draft.overflowing)
    encoding.overflowing.push_back(finish(std::move(part)));
  return encoding;
}

}  // namespace hfauth::tokenizer
