// SPDX-License-Identifier: Apache-2.0
//
// The vocabulary's table against std::map, and the hash under it.
#include "models/vocabulary.hpp"

#include "models/byte_hash.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace hfauth::tokenizer {

BOOST_AUTO_TEST_SUITE(vocabulary)

BOOST_AUTO_TEST_CASE(finds_what_was_added_one_by_one_and_many_at_once) {
  std::mt19937 random(7);
  std::map<std::string, TokenId> expected;
  std::vector<Vocabulary::Token> tokens;
  for (TokenId id = 0; id < 20000; ++id) {
    std::string spelling(random() % 12, ' ');
    for (char& c : spelling)
      c = static_cast<char>('a' + random() % 3);
    expected[spelling] = id;
    tokens.push_back({expected.find(spelling)->first, id});
  }
  Vocabulary one_by_one;
  Vocabulary at_once;
  for (std::size_t i = 0; i < tokens.size(); i += Vocabulary::kFindBatch) {
    const auto some = std::span(tokens).subspan(
        i, std::min<std::size_t>(Vocabulary::kFindBatch, tokens.size() - i));
    for (const Vocabulary::Token& token : some)
      one_by_one.add(token.spelling, token.id);
    at_once.add_all(some);
  }
  for (Vocabulary* made : {&one_by_one, &at_once}) {
    made->index_ids();
    BOOST_TEST(made->size() == expected.size());
    for (const auto& [spelling, id] : expected) {
      const std::string_view wanted[] = {spelling, "nowhere"};
      TokenId ids[] = {0, 0};
      made->find_all(wanted, ids);
      BOOST_REQUIRE(made->find(spelling) == id);
      BOOST_REQUIRE(ids[0] == id);
      BOOST_REQUIRE(ids[1] == kNoToken);
      BOOST_REQUIRE(made->token(id) == spelling);
    }
  }
}

BOOST_AUTO_TEST_CASE(gives_a_spelling_that_comes_again_its_later_id) {
  Vocabulary made;
  TokenId id = 0;
  for (const char* spelling : {"a", "", "b", "", "c"})
    made.add(spelling, ++id);
  made.index_ids();
  BOOST_TEST(made.find("") == 4U);
  BOOST_TEST(made.token(4).has_value());
  BOOST_TEST(!made.token(2).has_value());
  BOOST_TEST(made.find("b") == 3U);
  BOOST_TEST(made.token(5).value_or("") == "c");
}

BOOST_AUTO_TEST_CASE(hashes_texts_that_differ_in_one_byte_or_in_length_apart) {
  std::set<std::uint64_t> hashes;
  for (std::size_t length = 0; length < 40; ++length) {
    std::string text(length, 'x');
    hashes.insert(hash_bytes(text));
    for (char& c : text) {
      c = 'y';
      hashes.insert(hash_bytes(text));
      c = 'x';
    }
  }
  BOOST_TEST(hashes.size() == 40U + 39 * 40 / 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
