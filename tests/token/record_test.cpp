// SPDX-License-Identifier: Apache-2.0
#include "hfauth/token/token_record.hpp"
#include "support/test_tokens.hpp"

#include <boost/test/unit_test.hpp>

using hfauth::Errc;
using hfauth::Secret;
using hfauth::testing::test_token;
namespace token = hfauth::token;

namespace {

token::TokenRecord sample() {
  return {{.profile = token::ProfileName::parse("work").value(),
           .endpoint = token::Endpoint::hub(),
           .kind = token::TokenKind::fine_grained,
           .user = "al\"ice\xFF",
           .role = "fineGrained",
           .display_name = "노트북",
           .scopes = {"repo.content.read", "repo.write"},
           .orgs = {"acme"},
           .created = hfauth::parse_utc("2026-01-02T03:04:05Z").value(),
           .expires = std::nullopt,
           .generation = 7},
          Secret::copy_of(test_token("record")),
          Secret::copy_of("refresh\"me")};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(records)

BOOST_AUTO_TEST_CASE(remember_that_only_a_new_login_helps) {
  token::TokenRecord record = sample();
  const std::string before(token::encode_record(record).expose());
  BOOST_TEST(before.find("login_again") == std::string::npos);
  record.facts.login_again = true;
  BOOST_TEST(token::decode_record(token::encode_record(record).expose()).value().facts.login_again);
}

BOOST_AUTO_TEST_CASE(remember_the_client_of_a_browser_login) {
  token::TokenRecord record = sample();
  BOOST_TEST(
      token::decode_record(token::encode_record(record).expose()).value().facts.oauth_client == "");
  record.facts.oauth_client = "client-of-tests";
  BOOST_TEST(
      token::decode_record(token::encode_record(record).expose()).value().facts.oauth_client ==
      "client-of-tests");
}

BOOST_AUTO_TEST_CASE(are_due_for_a_refresh_a_day_before_their_end) {
  token::TokenFacts facts = sample().facts;
  BOOST_TEST(!token::refresh_due(facts, true).has_value());
  facts.expires = hfauth::parse_utc("2026-03-02T03:04:05Z").value();
  BOOST_TEST(hfauth::format_utc(token::refresh_due(facts, true).value()) == "2026-03-01T03:04:05Z");
  BOOST_TEST(!token::refresh_due(facts, false).has_value());
  facts.login_again = true;
  BOOST_TEST(!token::refresh_due(facts, true).has_value());
}

BOOST_AUTO_TEST_CASE(come_back_as_they_were_stored) {
  const token::TokenRecord record = sample();
  const auto again = token::decode_record(token::encode_record(record).expose()).value();
  token::TokenFacts expected = record.facts;
  expected.user = "al\"ice\xEF\xBF\xBD";  // bytes that are no UTF-8 cannot travel in JSON
  BOOST_TEST((again.facts == expected));
  BOOST_TEST(again.token.equals(record.token.expose()));
  BOOST_TEST(again.refresh.equals("refresh\"me"));
}

BOOST_AUTO_TEST_CASE(a_cut_or_changed_record_is_corrupt_and_never_a_crash) {
  const Secret document = token::encode_record(sample());
  for (std::size_t length = 0; length < document.size(); ++length) {
    BOOST_REQUIRE(
        (token::decode_record(document.expose().substr(0, length)).error().code == Errc::corrupt));
  }
  std::string changed(document.expose());
  changed.replace(changed.find("record"), 6, "drocer");
  BOOST_TEST((token::decode_record(changed).error().code == Errc::corrupt));
}

BOOST_AUTO_TEST_CASE(an_error_shows_no_part_of_the_token) {
  std::string document(token::encode_record(sample()).expose());
  document.replace(document.find("\"v\":1"), 5, "\"v\":2");
  BOOST_TEST(token::decode_record(document).error().detail.find("record"
                                                                "Qx") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(kinds_have_names_that_come_back) {
  for (const auto kind : {token::TokenKind::user, token::TokenKind::oauth, token::TokenKind::org,
                          token::TokenKind::ci}) {
    BOOST_TEST((token::kind_from_name(token::name_of(kind)) == kind));
  }
  BOOST_TEST((token::kind_from_name("nonsense") == token::TokenKind::unknown));
}

BOOST_AUTO_TEST_SUITE_END()
