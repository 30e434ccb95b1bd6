// SPDX-License-Identifier: Apache-2.0
#include "hfauth/token/token_text.hpp"

#include "support/test_tokens.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using hfauth::Errc;
using hfauth::testing::test_token;
using hfauth::token::TokenFault;
namespace token = hfauth::token;
namespace data = boost::unit_test::data;

namespace {

const std::string kToken = test_token("text");

struct Row {
  std::string raw;
  std::vector<TokenFault> faults;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << '[' << row.raw << ']';
}

const std::vector<Row> kRows{
    {kToken, {}},
    {"hf_oauth_" + kToken.substr(3) + ".abc-_", {}},
    {"", {TokenFault::empty}},
    {" \n", {TokenFault::empty}},
    {kToken + "\n", {TokenFault::line_break}},
    {kToken + "\r\n", {TokenFault::line_break}},
    {" " + kToken, {TokenFault::edge_space}},
    {kToken + " \n", {TokenFault::line_break, TokenFault::edge_space}},
    {"\xEF\xBB\xBF" + kToken, {TokenFault::byte_order_mark}},
    {kToken + "\xE2\x80\x8B", {TokenFault::invisible_character, TokenFault::unusual_shape}},
    {"\"" + kToken + "\"", {TokenFault::quotes}},
    {"'" + kToken + "'\n", {TokenFault::line_break, TokenFault::quotes}},
    {"Bearer " + kToken, {TokenFault::bearer_prefix}},
    {"Authorization: bearer " + kToken, {TokenFault::bearer_prefix}},
    {"HF_TOKEN=" + kToken, {TokenFault::assignment_prefix}},
    {"export HF_TOKEN='" + kToken + "'", {TokenFault::quotes, TokenFault::assignment_prefix}},
    {"hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", {TokenFault::placeholder}},
    {"<your_token>", {TokenFault::placeholder, TokenFault::unusual_shape}},
    {"YOUR_TOKEN_HERE", {TokenFault::placeholder, TokenFault::unusual_shape}},
    {"hf_replace_me", {TokenFault::placeholder, TokenFault::unusual_shape}},
    {"%HF_TOKEN%", {TokenFault::placeholder, TokenFault::unusual_shape}},
    {"$HF_TOKEN", {TokenFault::placeholder, TokenFault::unusual_shape}},
    {"hf_****abcd", {TokenFault::placeholder, TokenFault::unusual_shape}},
    {"None", {TokenFault::placeholder, TokenFault::unusual_shape}},
    {"api_org_" + kToken.substr(3), {TokenFault::org_token}},
    {"ghp_" + kToken.substr(3), {TokenFault::foreign_token, TokenFault::unusual_shape}},
    {kToken.substr(0, 20) + " " + kToken.substr(20),
     {TokenFault::inner_space, TokenFault::unusual_shape}},
    {"hf_short", {TokenFault::unusual_shape}},
};

}  // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(TokenFault)

BOOST_AUTO_TEST_SUITE(token_text)

BOOST_DATA_TEST_CASE(faults_are_named, data::make(kRows), row) {
  std::vector<TokenFault> kinds;
  for (const token::FoundFault& found : token::find_faults(row.raw)) {
    kinds.push_back(found.fault);
    BOOST_TEST(found.note.find(kToken.substr(3, 8)) == std::string::npos);
  }
  BOOST_TEST(kinds == row.faults, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cleans_exactly_as_huggingface_hub_does) {
  const auto cleaned = [](std::string_view raw) {
    return std::string(token::clean_as_huggingface_hub(raw).expose());
  };
  BOOST_TEST(cleaned("\n ab\r\nc \t") == "abc");
  BOOST_TEST(cleaned(" \n") == "");
  BOOST_TEST(cleaned("\xC2\xA0x\xE3\x80\x80") == "x");
  BOOST_TEST(cleaned("\xEF\xBB\xBFx") == "\xEF\xBB\xBFx");
  BOOST_TEST(cleaned("'x'") == "'x'");
  BOOST_TEST(cleaned("a b") == "a b");
}

BOOST_AUTO_TEST_CASE(accepts_what_can_be_mended_and_tells_how) {
  for (const std::string& raw :
       {kToken, kToken + "\n", "  " + kToken, "\xEF\xBB\xBF" + kToken + "\r\n", "'" + kToken + "'",
        "Bearer " + kToken, "export HF_TOKEN=\"" + kToken + "\"\n",
        "\xE2\x80\x9C" + kToken + "\xE2\x80\x9D"}) {
    std::vector<TokenFault> repairs;
    const auto accepted = token::accept_token(raw, repairs);
    BOOST_REQUIRE_MESSAGE(accepted, raw << ": " << accepted.error().detail);
    BOOST_TEST(accepted->equals(kToken), raw);
    BOOST_TEST(repairs.empty() == (raw == kToken), raw);
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_cannot_be_a_token_without_showing_it) {
  for (const std::string& raw :
       {std::string(), std::string("\n"), std::string("''"), std::string("Bearer "),
        kToken + " " + kToken, kToken + "\xE2\x80\x8B", "hf_\x01" + kToken, std::string("hf_xxx"),
        std::string("$HF_TOKEN"), "sk-" + kToken, std::string(9000, 'a')}) {
    std::vector<TokenFault> repairs;
    const auto refused = token::accept_token(raw, repairs);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == Errc::invalid_input));
    BOOST_TEST(refused.error().detail.find(kToken.substr(3, 8)) == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
