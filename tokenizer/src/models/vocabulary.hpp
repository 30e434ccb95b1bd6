// SPDX-License-Identifier: Apache-2.0
//
// A vocabulary: token spellings and their ids, both ways. All spellings stand in one arena; the
// index is one flat open-addressing table, so loading 100,000 tokens allocates a handful of times.
// Built once, then immutable.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"
#include "models/huge_pages.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hfauth::tokenizer {

/// No vocabulary holds this id; it marks "none" in tables.
inline constexpr TokenId kNoToken = 0xFFFFFFFF;

class Vocabulary {
 public:
  /// Makes room for `n_tokens` spellings of `n_bytes` altogether.
  void reserve(std::size_t n_tokens, std::size_t n_bytes);

  /// Adds a token; a spelling that is there already gets the new id (as the reference's map does).
  /// `id` is not kNoToken.
  void add(std::string_view token, TokenId id);

  struct Token {
    std::string_view spelling;
    TokenId id = kNoToken;
  };

  /// Adds tokens in their order, at most kFindBatch of them; memory is fetched ahead as in
  /// find_all.
  void add_all(std::span<const Token> tokens);

  /// Adds a token; of equal spellings the last is found, but each id keeps its spelling (as the
  /// reference's list of a Unigram model does).
  void append(std::string_view token, TokenId id);

  /// To be called once after the last add and before id_to_token and ids_are_unique.
  void index_ids();

  [[nodiscard]] TokenId find(std::string_view token) const noexcept;  ///< kNoToken if absent
  /// Looks up many tokens at once; `ids` is as long as `tokens`, at most kFindBatch. The memory
  /// that each look-up needs is fetched ahead for all, which hides nearly all of the cache misses.
  void find_all(std::span<const std::string_view> tokens, std::span<TokenId> ids) const noexcept;
  static constexpr std::size_t kFindBatch = 48;
  [[nodiscard]] std::optional<std::string_view> token(TokenId id) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  /// The length of the longest spelling, in bytes.
  [[nodiscard]] std::size_t longest() const noexcept { return longest_; }

  /// Calls `visit(spelling, id)` for each token, in the order in which they were added.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : entries_)
      visit(spelling(entry), entry.id);
  }

  /// Whether no two spellings share an id.
  [[nodiscard]] bool ids_are_unique() const noexcept { return ids_are_unique_; }

 private:
  struct Entry {
    std::uint32_t begin;
    std::uint32_t length;
    TokenId id;
  };

  /// All that a look-up needs but the spelling itself.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t begin = 0;
    std::uint32_t length = 0;
    TokenId id = kNoToken;  ///< none: empty
  };

  /// Of an Entry or a Slot.
  [[nodiscard]] std::string_view spelling(const auto& entry) const noexcept {
    return std::string_view(arena_).substr(entry.begin, entry.length);
  }

  /// The slot that holds `token`, or the empty one where it belongs.
  [[nodiscard]] std::size_t slot_of(std::string_view token, std::uint32_t hash) const noexcept;
  void grow(std::size_t n_slots);
  void push_entry(std::string_view token, TokenId id);
  void add_hashed(std::string_view token, TokenId id, std::uint32_t hash);
  /// The slot of a token that is yet to be added, with room for it.
  [[nodiscard]] Slot& slot_for_new(std::string_view token, std::uint32_t hash);
  [[nodiscard]] Entry& entry_of(const Slot& slot) noexcept;

  std::string arena_;
  std::vector<Entry> entries_;
  LargeTable<Slot> slots_;
  std::vector<std::uint32_t> dense_;  ///< entry + 1 by id, if the ids are dense
  std::vector<std::pair<TokenId, std::uint32_t>> sparse_;  ///< else (id, entry), sorted
  std::size_t longest_ = 0;
  bool ids_are_unique_ = true;
};

}  // namespace hfauth::tokenizer
