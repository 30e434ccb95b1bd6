// SPDX-License-Identifier: Apache-2.0
//
// The BPE model: order of merges, both ways of merging against each other and against a plain
// reading of the rule, unknown characters, the vocabulary's tables.
#include "models/bpe.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

struct MergeRule {
  std::string left;
  std::string right;
};

Bpe make_model(const std::vector<std::string>& tokens, const std::vector<MergeRule>& rules,
               BpeOptions options = {}) {
  Vocabulary vocabulary;
  for (const std::string& token : tokens)
    vocabulary.add(token, static_cast<TokenId>(vocabulary.size()));
  vocabulary.index_ids();
  MergeTable merges(rules.size());
  std::uint32_t rank = 0;
  for (const auto& [left, right] : rules) {
    merges.set(vocabulary.find(left), vocabulary.find(right), rank++,
               vocabulary.find(left + right));
  }
  return {std::move(vocabulary), std::move(merges), std::move(options)};
}

std::vector<std::string> spell(const Bpe& model, std::string_view piece) {
  BpeWorkspace workspace;
  BOOST_REQUIRE(model.tokenize(piece, false, workspace));
  std::vector<std::string> spelled;
  for (const BpeToken& token : workspace.tokens)
    spelled.emplace_back(model.vocabulary().token(token.id).value());
  return spelled;
}

/// The rule itself: join the leftmost pair of lowest rank until there is none.
std::vector<std::string> by_the_rule(
    const std::map<std::pair<std::string, std::string>, int>& ranks, std::string_view piece) {
  std::vector<std::string> symbols;
  for (const char c : piece)
    symbols.emplace_back(1, c);
  while (true) {
    int best = std::numeric_limits<int>::max();
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
      const auto found = ranks.find({symbols[i], symbols[i + 1]});
      if (found != ranks.end() && found->second < best) {
        best = found->second;
        at = i;
      }
    }
    if (best == std::numeric_limits<int>::max()) return symbols;
    symbols[at] += symbols[at + 1];
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
}

using Strings = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(bpe)

BOOST_AUTO_TEST_CASE(joins_the_pair_of_lowest_rank_first) {
  const Bpe model =
      make_model({"a", "b", "c", "ab", "bc", "abc"}, {{"b", "c"}, {"a", "b"}, {"a", "bc"}});
  BOOST_TEST(spell(model, "abc") == Strings{"abc"}, boost::test_tools::per_element());
  BOOST_TEST(spell(model, "ab") == Strings{"ab"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(joins_the_leftmost_of_equal_pairs) {
  const Bpe model = make_model({"a", "aa"}, {{"a", "a"}});
  BOOST_TEST(spell(model, "aaaaa") == (Strings{"aa", "aa", "a"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keeps_the_last_rank_of_a_repeated_pair) {
  const std::vector<std::string> tokens = {"a", "b", "c", "ab", "bc"};
  const Bpe once = make_model(tokens, {{"a", "b"}, {"b", "c"}});
  const Bpe twice = make_model(tokens, {{"a", "b"}, {"b", "c"}, {"a", "b"}});
  BOOST_TEST(spell(once, "abc") == (Strings{"ab", "c"}), boost::test_tools::per_element());
  BOOST_TEST(spell(twice, "abc") == (Strings{"a", "bc"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(follows_the_rule_on_random_models_and_pieces_of_any_length) {
  std::mt19937 random(7);
  std::size_t n_merged = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> tokens = {"a", "b", "c"};
    std::vector<MergeRule> rules;
    std::map<std::pair<std::string, std::string>, int> ranks;
    for (int i = 0; i < 14; ++i) {
      const std::string left = tokens[random() % tokens.size()];
      const std::string right = tokens[random() % tokens.size()];
      ranks[{left, right}] = static_cast<int>(rules.size());
      rules.push_back({left, right});
      if (std::find(tokens.begin(), tokens.end(), left + right) == tokens.end())
        tokens.push_back(left + right);
    }
    const Bpe model = make_model(tokens, rules);
    for (const std::size_t length : {1U, 7U, 30U, 63U, 64U, 65U, 200U}) {
      std::string piece;
      for (std::size_t i = 0; i < length; ++i)
        piece += static_cast<char>('a' + random() % 3);
      const Strings got = spell(model, piece);
      n_merged += length - got.size();
      BOOST_REQUIRE_MESSAGE(got == by_the_rule(ranks, piece),
                            fmt::format("piece {} round {}", piece, round));
    }
  }
  BOOST_TEST(n_merged > 10000U);
}

BOOST_AUTO_TEST_CASE(encodes_a_megabyte_without_a_break_in_one_go) {
  const Bpe model = make_model({"a", "aa", "aaaa"}, {{"a", "a"}, {"aa", "aa"}});
  BpeWorkspace workspace;
  BOOST_REQUIRE(model.tokenize(std::string(1 << 20, 'a'), false, workspace));
  BOOST_TEST(workspace.tokens.size() == (1U << 18U));
}

BOOST_AUTO_TEST_CASE(takes_a_whole_piece_as_a_token_only_if_told_to_ignore_merges) {
  const std::vector<std::string> tokens = {"a", "b", "ab"};
  BOOST_TEST(spell(make_model(tokens, {}), "ab") == (Strings{"a", "b"}),
             boost::test_tools::per_element());
  BOOST_TEST(spell(make_model(tokens, {}, {.ignore_merges = true}), "ab") == Strings{"ab"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(marks_fuses_or_drops_unknown_characters) {
  const std::vector<std::string> tokens = {"a", "b", "ab", "?"};
  const std::vector<MergeRule> rules = {{"a", "b"}};
  BOOST_TEST(
      spell(make_model(tokens, rules, {.unk_token = "?"}), "xéa") == (Strings{"?", "?", "a"}),
      boost::test_tools::per_element());
  BOOST_TEST(spell(make_model(tokens, rules, {.fuse_unk = true, .unk_token = "?"}), "xéay") ==
                 (Strings{"?", "a", "?"}),
             boost::test_tools::per_element());
  // Dropped: the neighbours meet.
  BOOST_TEST(spell(make_model(tokens, rules), "axb") == Strings{"ab"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(fails_if_the_unknown_token_is_needed_but_absent) {
  const Bpe model = make_model({"a"}, {}, {.unk_token = "<unk>"});
  BpeWorkspace workspace;
  BOOST_TEST(model.tokenize("a", false, workspace));
  BOOST_TEST(!model.tokenize("ab", false, workspace));
}

BOOST_AUTO_TEST_CASE(finds_every_token_of_a_large_vocabulary_both_ways) {
  Vocabulary vocabulary;
  for (TokenId id = 0; id < 5000; ++id)
    vocabulary.add(fmt::format("token-{}", id * id), 3 * id);
  vocabulary.add("token-0", 99999);
  vocabulary.index_ids();
  BOOST_TEST(vocabulary.size() == 5000U);
  BOOST_TEST(vocabulary.find("token-0") == 99999U);
  BOOST_TEST(vocabulary.find("token-24990001") == 14997U);
  BOOST_TEST(vocabulary.find("absent") == kNoToken);
  BOOST_TEST(vocabulary.token(14997).value() == "token-24990001");
  BOOST_TEST(!vocabulary.token(14998).has_value());
}

BOOST_AUTO_TEST_CASE(keeps_ids_of_two_billion_without_a_table_of_that_size) {
  Vocabulary vocabulary;
  vocabulary.add("far", 0x7FFFFFFF);
  vocabulary.add("near", 1);
  vocabulary.add("also near", 1);
  vocabulary.index_ids();
  BOOST_TEST(vocabulary.token(0x7FFFFFFF).value() == "far");
  BOOST_TEST(vocabulary.token(1).value() == "also near");
  BOOST_TEST(!vocabulary.token(2).has_value());
  BOOST_TEST(!vocabulary.ids_are_unique());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
