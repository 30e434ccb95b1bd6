// SPDX-License-Identifier: Apache-2.0
//
// whoami-v2 over real sockets against the Hub stand-in: every account, every way of not being
// answered.
#include "hfauth/hub/hub_client.hpp"
#include "support/hub_process.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace hfauth::hub {
namespace {

using testing::HubProcess;

/// One stand-in for all cases; each begins with a clean one.
struct Stand {
  Stand() { hub().reset(); }

  static HubProcess& hub() {
    static HubProcess process;
    return process;
  }

  Whoami whoami(std::string_view token) {
    const std::unique_ptr<HttpClient> http = load_http_client(hub().environment()).value();
    HubClient client(*http, hub().endpoint(), "hfauth/test", Pacing::once());
    return client.whoami(Secret::copy_of(token));
  }
};

struct Account {
  const char* name;
  token::TokenKind kind;
  const char* role;
  bool can_read_gated;
  bool has_expiry;
};

std::ostream& operator<<(std::ostream& out, const Account& account) {
  return out << account.name;
}

const Account kAccounts[] = {
    {"alice", token::TokenKind::user, "read", true, false},
    {"bob", token::TokenKind::user, "write", true, false},
    {"carol", token::TokenKind::fine_grained, "fineGrained", false, false},
    {"dave", token::TokenKind::oauth, "", true, true},
    {"ci", token::TokenKind::ci, "", true, true},
    {"acme", token::TokenKind::org, "read", true, false},
};

BOOST_FIXTURE_TEST_SUITE(whoami, Stand)

BOOST_DATA_TEST_CASE(names_every_kind_of_account, boost::unit_test::data::make(kAccounts),
                     account) {
  const Whoami answer = whoami(hub().token_text(account.name));
  BOOST_TEST(name_of(answer.verdict) == "valid");
  BOOST_TEST(answer.user == account.name);
  BOOST_TEST(name_of(answer.kind) == name_of(account.kind));
  BOOST_TEST(answer.role == account.role);
  BOOST_TEST(answer.can_read_gated == account.can_read_gated);
  BOOST_TEST(answer.expires.has_value() == account.has_expiry);
  BOOST_TEST(answer.answer.status == 200);
  BOOST_TEST(!answer.answer.request_id.empty());
  BOOST_TEST(!answer.failure.has_value());
  const auto log = hub().log();
  BOOST_TEST_REQUIRE(log.size() == 1U);
  BOOST_TEST(log[0].who == account.name);
  BOOST_TEST(log[0].user_agent == "hfauth/test");
}

BOOST_AUTO_TEST_CASE(tells_the_permissions_and_the_date_of_a_fine_grained_token) {
  const Whoami carol = whoami(hub().token_text("carol"));
  const std::vector<std::string> scopes{"discussion.write", "repo.content.read", "repo.write"};
  BOOST_TEST(carol.scopes == scopes, boost::test_tools::per_element());
  BOOST_TEST(carol.display_name == "narrow");
  BOOST_TEST_REQUIRE(carol.created.has_value());
  BOOST_TEST(format_utc(*carol.created) == "2026-01-02T03:04:05Z");
  BOOST_TEST(whoami(hub().token_text("bob")).orgs == std::vector<std::string>{"org"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(calls_an_unknown_token_invalid) {
  const Whoami answer = whoami("hf_" + std::string(34, 'B'));
  BOOST_TEST(name_of(answer.verdict) == "invalid");
  BOOST_TEST(answer.answer.status == 401);
  BOOST_TEST(answer.answer.message == "Invalid username or password.");
}

BOOST_AUTO_TEST_CASE(calls_an_expired_token_expired) {
  const Whoami answer = whoami(hub().token_text("eve"));
  BOOST_TEST(name_of(answer.verdict) == "expired");
  BOOST_TEST(answer.answer.message == "User Access Token \"x\" is expired");
}

BOOST_AUTO_TEST_CASE(calls_a_rate_limit_unknown_and_asks_only_once) {
  hub().control(
      R"({"fault": "status", "path": "/api/whoami-v2", "status": 429, "headers": {"Retry-After": "1"},
                    "body": {"error": "We had to rate limit you"}})");
  const Whoami answer = whoami(hub().token_text("alice"));
  BOOST_TEST(name_of(answer.verdict) == "unknown");
  BOOST_TEST_REQUIRE(answer.failure.has_value());
  BOOST_TEST(name_of(answer.failure->code) == "rate_limited");
  BOOST_TEST_REQUIRE(answer.answer.retry_after.has_value());
  BOOST_TEST(answer.answer.retry_after->count() == 1);
  BOOST_TEST(hub().log().size() == 1U);
}

BOOST_DATA_TEST_CASE(calls_a_portals_page_unknown, boost::unit_test::data::make({200, 401, 403}),
                     status) {
  hub().control(R"({"fault": "html", "path": "/", "status": )" + std::to_string(status) + "}");
  // The control endpoint itself is not hit by faults.
  const Whoami answer = whoami(hub().token_text("alice"));
  BOOST_TEST(name_of(answer.verdict) == "unknown");
  BOOST_TEST_REQUIRE(answer.failure.has_value());
  BOOST_TEST(name_of(answer.failure->code) == "network");
}

BOOST_DATA_TEST_CASE(calls_a_broken_answer_unknown,
                     boost::unit_test::data::make(
                         {R"({"fault": "reset", "path": "/api"})",
                          R"({"fault": "cut", "path": "/api", "after": 20})",
                          R"({"fault": "wrong_length", "path": "/api", "delta": 5})",
                          R"({"fault": "status", "path": "/api", "status": 503})",
                          R"({"fault": "status", "path": "/api", "status": 200, "body": [1]})",
                          R"({"fault": "status", "path": "/api", "status": 200, "body": "{"})"}),
                     fault) {
  hub().control(fault);
  const Whoami answer = whoami(hub().token_text("alice"));
  BOOST_TEST(name_of(answer.verdict) == "unknown");
  BOOST_TEST_REQUIRE(answer.failure.has_value());
  BOOST_TEST(name_of(answer.failure->code) == "network", answer.failure->detail);
  BOOST_TEST(answer.user.empty());
}

BOOST_AUTO_TEST_CASE(a_token_that_no_header_can_carry_is_refused_before_it_is_sent) {
  for (const char* token : {"", "hf_test\r\nX-Evil: 1", "hf test", "hf_t\xC3\xA9st"}) {
    const Whoami answer = whoami(token);
    BOOST_TEST_REQUIRE(answer.failure.has_value());
    BOOST_TEST(name_of(answer.failure->code) == "invalid_input");
    BOOST_TEST(answer.failure->detail.find("hf") == std::string::npos, answer.failure->detail);
  }
  BOOST_TEST(hub().log().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
