// SPDX-License-Identifier: Apache-2.0
#include "hfauth/token/stored_tokens.hpp"

#include "support/test_tokens.hpp"

#include <boost/test/unit_test.hpp>

using hfauth::Errc;
using hfauth::testing::test_token;
namespace token = hfauth::token;

namespace {

const std::string kA = test_token("storedA");
const std::string kB = test_token("storedB");

}  // namespace

BOOST_AUTO_TEST_SUITE(stored_tokens)

BOOST_AUTO_TEST_CASE(reads_pythons_ini) {
  const auto stored =
      token::parse_stored_tokens("# a comment\n[laptop]\nHF_Token = " + kA +
                                 "\n\n[oauth-bob]\nhf_token: " + kB +
                                 "\nrefresh_token = r%x\nexpires_at = 1752192000\n[empty]\n")
          .value();
  BOOST_REQUIRE(stored.tokens.size() == 2U);
  BOOST_TEST((stored.format == token::StoredTokensFormat::ini));
  BOOST_TEST(stored.tokens[0].name == "laptop");
  BOOST_TEST(stored.tokens[0].token.equals(kA));
  BOOST_TEST(stored.tokens[1].refresh.equals("r%x"));
  BOOST_TEST(hfauth::format_utc(*stored.tokens[1].expires) == "2025-07-11T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(inherits_default_as_configparser_does) {
  const auto stored =
      token::parse_stored_tokens("[DEFAULT]\nhf_token = " + kA + "\n[one]\n[two]\nhf_token = " + kB)
          .value();
  BOOST_REQUIRE(stored.tokens.size() == 2U);
  BOOST_TEST(stored.tokens[0].token.equals(kA));
  BOOST_TEST(stored.tokens[1].token.equals(kB));
}

BOOST_AUTO_TEST_CASE(reads_the_rust_command_lines_json_at_the_same_path) {
  const auto stored =
      token::parse_stored_tokens(" \n{\"tokens\":{\"b\":{\"token\":\"" + kB +
                                 "\"},\"a\":{\"token\":\"" + kA + "\"}},\"active\":\"a\"}")
          .value();
  BOOST_TEST((stored.format == token::StoredTokensFormat::json));
  BOOST_REQUIRE(stored.tokens.size() == 2U);
  BOOST_TEST(stored.tokens[0].name == "b");
  BOOST_TEST(stored.tokens[1].active);
}

BOOST_AUTO_TEST_CASE(a_blank_line_does_not_end_a_value) {
  const auto stored =
      token::parse_stored_tokens(
          "[a]\nhf_token = one\n\n  two\n\n\n[b]\n  hf_token = x\n  expires_at = 1\n")
          .value();
  BOOST_REQUIRE(stored.tokens.size() == 2U);
  BOOST_TEST(stored.tokens[0].token.equals("one\n\ntwo"));
  BOOST_TEST(stored.tokens[1].token.equals("x"));
  BOOST_TEST(stored.tokens[1].expires.has_value());
}

BOOST_AUTO_TEST_CASE(a_date_that_cannot_be_calculated_with_is_none) {
  const auto expires = [](const std::string& value) {
    return token::parse_stored_tokens("[a]\nhf_token=x\nexpires_at=" + value)
        .value()
        .tokens[0]
        .expires;
  };
  BOOST_TEST(hfauth::format_utc(*expires("253402300799")) == "9999-12-31T23:59:59Z");
  BOOST_TEST(hfauth::format_utc(*expires("0")) == "1970-01-01T00:00:00Z");
  for (const char* const value : {"253402300800", "-1", "9223372036854775807",
                                  "-9223372036854775808", "99999999999999999999", "soon", "1.5"}) {
    BOOST_TEST(!expires(value).has_value(), value);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_file_holds_no_tokens) {
  BOOST_TEST(token::parse_stored_tokens("").value().tokens.empty());
  BOOST_TEST(token::parse_stored_tokens("\n \n").value().tokens.empty());
}

BOOST_AUTO_TEST_CASE(names_the_line_that_is_broken_and_never_its_content) {
  for (const std::string& content :
       std::vector<std::string>{"hf_token = " + kA, "[a\nhf_token = x", "[a]\n" + kA, "[a]\n[a]\n",
                                "[]\n", "[a]\nhf_token = x\nhf_token = " + kA, "{\"tokens\":[]}",
                                "{\"tokens\":{\"a\":1}}", "{" + kA}) {
    const auto result = token::parse_stored_tokens(content);
    BOOST_REQUIRE_MESSAGE(!result, content);
    BOOST_TEST((result.error().code == Errc::corrupt));
    BOOST_TEST(result.error().detail.find("storedA") == std::string::npos);
  }
  BOOST_TEST(token::parse_stored_tokens("[a]\nb = c\n=x").error().detail.find("line 3") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_that_nests_as_deeply_as_it_is_long_is_refused_not_walked_by_recursion) {
  const std::size_t n_levels = 200'000;
  const std::string nested =
      R"({"tokens":)" + std::string(n_levels, '[') + std::string(n_levels, ']') + "}";
  BOOST_TEST((token::parse_stored_tokens(nested).error().code == Errc::corrupt));
}

BOOST_AUTO_TEST_SUITE_END()
