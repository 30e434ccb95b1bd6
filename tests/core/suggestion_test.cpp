// SPDX-License-Identifier: Apache-2.0
//
// The nearest word: what a slip of the fingers finds, and what is too far away to be meant.
#include "hfauth/core/suggestion.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace hfauth {
namespace {

const std::vector<std::string> kWords{"login",  "logout", "list",    "lock",
                                      "unlock", "token",  "tokenize"};

struct Slip {
  const char* typed;
  const char* meant;  ///< "" if nothing is near
};

std::ostream& operator<<(std::ostream& out, const Slip& slip) {
  return out << slip.typed;
}

const std::vector<Slip> kSlips{{"lgoin", "login"},  {"logn", "login"},
                               {"logins", "login"}, {"logot", "logout"},
                               {"tokne", "token"},  {"tokenise", "tokenize"},
                               {"lst", "list"},     {"frobnicate", ""},
                               {"x", ""},           {"", ""}};

BOOST_AUTO_TEST_SUITE(suggestion)

BOOST_DATA_TEST_CASE(finds_the_word_that_was_meant, kSlips, slip) {
  BOOST_TEST(nearest(slip.typed, kWords).value_or("") == slip.meant);
}

BOOST_AUTO_TEST_CASE(counts_a_swap_of_neighbours_as_one_edit) {
  BOOST_TEST(edit_distance("ab", "ba") == 1U);
  BOOST_TEST(edit_distance("abc", "cab") == 2U);
}

BOOST_AUTO_TEST_CASE(is_a_metric_on_short_words) {
  const std::vector<std::string> words{"", "a", "b", "ab", "ba", "abc", "acb", "aab"};
  for (const std::string& a : words) {
    BOOST_TEST(edit_distance(a, a) == 0U);
    for (const std::string& b : words) {
      BOOST_TEST(edit_distance(a, b) == edit_distance(b, a));
      BOOST_TEST((edit_distance(a, b) == 0U) == (a == b));
      BOOST_TEST(edit_distance(a, b) <= std::max(a.size(), b.size()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth
