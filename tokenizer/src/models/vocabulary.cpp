// SPDX-License-Identifier: Apache-2.0
//
// Linear probing at a load of at most one half, 32 bits of the hash kept beside the index so that a
// probe rarely looks into the arena. Look-up O(length).
#include "models/vocabulary.hpp"

#include "models/byte_hash.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace hfauth::tokenizer {

namespace {

constexpr std::size_t kMinSlots = 16;

std::uint32_t hash_of(std::string_view token) noexcept {
  return static_cast<std::uint32_t>(hash_bytes(token) >> 32U);
}

}  // namespace

void Vocabulary::reserve(std::size_t n_tokens, std::size_t n_bytes) {
  entries_.reserve(n_tokens);
  arena_.reserve(n_bytes);
  grow(std::bit_ceil(std::max(2 * n_tokens, kMinSlots)));
}

void Vocabulary::add(std::string_view token, TokenId id) {
  add_hashed(token, id, hash_of(token));
}

void Vocabulary::add_all(std::span<const Token> tokens) {
  std::array<std::uint32_t, kFindBatch> hashes{};
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    hashes[i] = hash_of(tokens[i].spelling);
    if (!slots_.empty()) __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
  }
  for (std::size_t i = 0; i < tokens.size(); ++i)
    add_hashed(tokens[i].spelling, tokens[i].id, hashes[i]);
}

void Vocabulary::add_hashed(std::string_view token, TokenId id, std::uint32_t hash) {
  Slot& slot = slot_for_new(token, hash);
  if (slot.id != kNoToken) {
    entry_of(slot).id = id;
    slot.id = id;
    return;
  }
  push_entry(token, id);
  slot = {hash, entries_.back().begin, entries_.back().length, id};
}

void Vocabulary::append(std::string_view token, TokenId id) {
  const std::uint32_t hash = hash_of(token);
  Slot& slot = slot_for_new(token, hash);
  push_entry(token, id);
  slot = {hash, entries_.back().begin, entries_.back().length, id};
}

Vocabulary::Slot& Vocabulary::slot_for_new(std::string_view token, std::uint32_t hash) {
  if (2 * (entries_.size() + 1) > slots_.size()) grow(std::max(2 * slots_.size(), kMinSlots));
  return slots_[slot_of(token, hash)];
}

Vocabulary::Entry& Vocabulary::entry_of(const Slot& slot) noexcept {
  // Spellings stand in the order of the entries; an empty one begins where the next one does.
  auto entry = std::lower_bound(
      entries_.begin(), entries_.end(), slot.begin,
      [](const Entry& candidate, std::uint32_t begin) { return candidate.begin < begin; });
  while (entry->length != slot.length)
    ++entry;
  return *entry;
}

void Vocabulary::push_entry(std::string_view token, TokenId id) {
  entries_.push_back(
      {static_cast<std::uint32_t>(arena_.size()), static_cast<std::uint32_t>(token.size()), id});
  arena_ += token;
  longest_ = std::max(longest_, token.size());
}

void Vocabulary::index_ids() {
  TokenId largest = 0;
  for (const Entry& entry : entries_)
    largest = std::max(largest, entry.id);
  // Dense unless the holes would outweigh the tokens; a hostile id of four billion must not cost 16
  // GB.
  if (largest < 4 * entries_.size() + 1024) {
    dense_.assign(std::size_t{largest} + 1, 0);
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
      std::uint32_t& place = dense_[entries_[i].id];
      if (place != 0) ids_are_unique_ = false;
      place = i + 1;
    }
    return;
  }
  for (std::uint32_t i = 0; i < entries_.size(); ++i)
    sparse_.emplace_back(entries_[i].id, i);
  std::sort(sparse_.begin(), sparse_.end());
  ids_are_unique_ =
      std::adjacent_find(sparse_.begin(), sparse_.end(), [](const auto& a, const auto& b) {
        return a.first == b.first;
      }) == sparse_.end();
}

TokenId Vocabulary::find(std::string_view token) const noexcept {
  if (slots_.empty()) return kNoToken;
  return slots_[slot_of(token, hash_of(token))].id;
}

void Vocabulary::find_all(std::span<const std::string_view> tokens,
                          std::span<TokenId> ids) const noexcept {
  if (slots_.empty()) {
    std::fill(ids.begin(), ids.end(), kNoToken);
    return;
  }
  const std::size_t mask = slots_.size() - 1;
  std::array<std::uint32_t, kFindBatch> hashes{};
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    hashes[i] = hash_of(tokens[i]);
    __builtin_prefetch(&slots_[hashes[i] & mask]);
  }
  for (std::size_t i = 0; i < tokens.size(); ++i)
    __builtin_prefetch(arena_.data() + slots_[hashes[i] & mask].begin);
  for (std::size_t i = 0; i < tokens.size(); ++i)
    ids[i] = slots_[slot_of(tokens[i], hashes[i])].id;
}

std::optional<std::string_view> Vocabulary::token(TokenId id) const noexcept {
  if (sparse_.empty()) {
    if (id >= dense_.size() || dense_[id] == 0) return std::nullopt;
    return spelling(entries_[dense_[id] - 1]);
  }
  // The last one of several with the same id, as in the dense form.
  const auto after = std::upper_bound(sparse_.begin(), sparse_.end(), std::pair(id, kNoToken));
  if (after == sparse_.begin() || std::prev(after)->first != id) return std::nullopt;
  return spelling(entries_[std::prev(after)->second]);
}

std::size_t Vocabulary::slot_of(std::string_view token, std::uint32_t hash) const noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].id != kNoToken && (slots_[at].hash != hash || spelling(slots_[at]) != token)) {
    at = (at + 1) & mask;
  }
  return at;
}

void Vocabulary::grow(std::size_t n_slots) {
  if (n_slots <= slots_.size()) return;
  const LargeTable<Slot> old = std::exchange(slots_, LargeTable<Slot>(n_slots));
  const std::size_t mask = n_slots - 1;
  for (const Slot& slot : old) {
    if (slot.id == kNoToken) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].id != kNoToken)
      at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace hfauth::tokenizer
