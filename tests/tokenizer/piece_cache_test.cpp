// SPDX-License-Identifier: Apache-2.0
//
// Pieces that were encoded before: what the table knows while it grows, and which caches a
// tokenizer keeps for its next call.
#include "piece_cache.hpp"

#include "piece_cache_pool.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

PieceCache::Key key_of(const std::string& piece) {
  return PieceCache::key_of(piece, 0, piece.size());
}

/// Whether the cache has `piece` with these ids.
bool knows(const PieceCache& cache, const std::string& piece, const PieceCache::Ids& ids) {
  const PieceCache::Key key = key_of(piece);
  const PieceCache::Slot& slot = cache.slot_for(key);
  return slot.key == key && slot.ids == ids;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(piece_cache)

BOOST_AUTO_TEST_CASE(answers_for_a_piece_with_its_ids_and_none_behind_them) {
  PieceCache cache(true);
  cache.put(key_of("hello"), std::vector<TokenId>{7, 8});
  BOOST_TEST(knows(cache, "hello", {7, 8, kNoToken, kNoToken}));
  BOOST_TEST(!knows(cache, "hell", {7, 8, kNoToken, kNoToken}));
  cache.put(key_of("hello"), std::vector<TokenId>{9});
  BOOST_TEST(knows(cache, "hello", {9, kNoToken, kNoToken, kNoToken}));
}

BOOST_AUTO_TEST_CASE(passes_over_a_piece_of_more_tokens_than_a_slot_has) {
  PieceCache cache(true);
  cache.put(key_of("hello"), std::vector<TokenId>{1, 2, 3, 4, 5});
  BOOST_TEST((cache.slot_for(key_of("hello")).key == PieceCache::Key{}));
}

BOOST_AUTO_TEST_CASE(reads_a_key_within_a_text_as_at_its_end) {
  const std::string text = "well, hello there, whoever reads this";
  BOOST_TEST((PieceCache::key_of(text, 6, 5) == key_of("hello")));
  BOOST_TEST((PieceCache::key_of(text, 0, 15) == key_of("well, hello the")));
  BOOST_TEST((PieceCache::key_of(text, 0, 5) != PieceCache::key_of(text, 0, 4)));
}

BOOST_AUTO_TEST_CASE(keeps_what_it_has_when_it_grows) {
  constexpr std::size_t kPieces = 100'000;  // three times what the first table holds
  const auto n_known_of = [](bool grows) {
    PieceCache cache(grows);
    for (TokenId id = 0; id < kPieces; ++id) {
      const std::string piece = "piece" + std::to_string(id);
      cache.put(key_of(piece), std::vector<TokenId>{id});
      BOOST_REQUIRE(knows(cache, piece, {id, kNoToken, kNoToken, kNoToken}));
    }
    std::size_t n_known = 0;
    for (TokenId id = 0; id < kPieces; ++id)
      n_known +=
          knows(cache, "piece" + std::to_string(id), {id, kNoToken, kNoToken, kNoToken}) ? 1 : 0;
    return n_known;
  };
  BOOST_TEST(n_known_of(true) > kPieces / 2);
  BOOST_TEST(n_known_of(false) < kPieces / 3);
}

BOOST_AUTO_TEST_CASE(is_kept_for_the_next_call) {
  PieceCachePool pool;
  std::unique_ptr<PieceCache> cache = pool.take(PieceCache::kWorthwhile, true);
  BOOST_REQUIRE(cache != nullptr);
  const PieceCache* const same = cache.get();
  pool.give(std::move(cache));
  BOOST_TEST(pool.take(1, true).get() == same);
}

BOOST_AUTO_TEST_CASE(is_not_made_for_a_first_short_text_but_for_a_second_one) {
  PieceCachePool pool;
  std::unique_ptr<PieceCache> cache = pool.take(PieceCache::kWorthwhile - 1, true);
  BOOST_TEST(cache == nullptr);
  pool.give(std::move(cache));
  BOOST_TEST(pool.take(1, true) != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
