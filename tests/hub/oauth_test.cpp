// SPDX-License-Identifier: Apache-2.0
//
// The device flow and the refresh against every answer that the Hub, or something in its place,
// can give, with a clock that moves only while the client waits.
#include "hfauth/hub/oauth.hpp"

#include "support/fake_clock.hpp"
#include "support/fake_http_client.hpp"
#include "support/make_environment.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::hub {
namespace {

using boost::unit_test::data::make;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FakeClock;
using testing::FakeHttpClient;

const std::string kDeviceCode = "device-code-AAAAAAAAAAAAAAAA";
const std::string kAccess = "hf_oauth_AAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBB.CCCC-_CC";
const std::string kRefresh = "refresh/AAAA+BBBB=&AAAA";

struct Login {
  FakeHttpClient http;
  FakeClock clock;
  std::vector<seconds> pauses;
  OAuthClient client{http, token::Endpoint::hub(), "hfauth/test", "a client", pacing()};

  Pacing pacing() {
    Pacing pacing;
    pacing.clock = &clock;
    pacing.pause = [this](milliseconds time) {
      pauses.push_back(std::chrono::ceil<seconds>(time));
      clock.advance(pauses.back());
    };
    return pacing;
  }

  DeviceCode code(seconds lifetime = seconds(900)) {
    DeviceCode code;
    code.device_code = Secret::copy_of(kDeviceCode);
    code.user_code = "ABCD-EFGH";
    code.verification_uri = "https://huggingface.co/oauth/device";
    code.ends = clock.monotonic() + lifetime;
    return code;
  }

  void answer_error(const std::string& error, int status = 400) {
    http.answer(status, R"({"error": ")" + error + R"("})");
  }

  void answer_token(const std::string& more = R"(, "refresh_token": "r-AAAAAAAA")") {
    http.answer(200, R"({"access_token": ")" + kAccess +
                         R"(", "token_type": "bearer", "expires_in": 2592000)" + more + "}");
  }
};

std::string code_of(const Error& error) {
  return std::string(name_of(error.code));
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "no error" : code_of(result.error());
}

BOOST_FIXTURE_TEST_SUITE(device_flow, Login)

BOOST_AUTO_TEST_CASE(starts_with_the_client_id_and_no_scope) {
  http.answer(200, R"({"device_code": ")" + kDeviceCode + R"(", "user_code": "ABCD-EFGH",
      "verification_uri": "https://huggingface.co/oauth/device", "expires_in": 300, "interval": 7,
      "verification_uri_complete": "https://huggingface.co/oauth/device?user_code=ABCD-EFGH"})");
  const DeviceCode code = client.start_device().value();
  BOOST_TEST_REQUIRE(http.asked().size() == 1U);
  const auto& asked = http.asked()[0];
  BOOST_TEST(asked.method == "POST");
  BOOST_TEST(asked.url == "https://huggingface.co/oauth/device");
  BOOST_TEST(asked.header("Content-Type") == "application/x-www-form-urlencoded");
  BOOST_TEST(asked.body == "client_id=a%20client");
  BOOST_TEST(!asked.bearer.has_value());
  BOOST_TEST(code.device_code.expose() == kDeviceCode);
  BOOST_TEST(code.user_code == "ABCD-EFGH");
  BOOST_TEST(code.verification_uri_full.ends_with("ABCD-EFGH"));
  BOOST_TEST(code.interval.count() == 7000);
  BOOST_TEST((code.ends == clock.monotonic() + seconds(300)));
}

BOOST_AUTO_TEST_CASE(fills_in_what_the_start_does_not_say_and_bounds_what_it_says) {
  const std::string rest =
      R"("device_code": "d", "user_code": "A", "verification_uri": "https://hf.co/x")";
  http.answer(200, "{" + rest + "}");
  const DeviceCode plain = client.start_device().value();
  BOOST_TEST(plain.interval.count() == 5000);
  BOOST_TEST((plain.ends == clock.monotonic() + seconds(900)));
  BOOST_TEST(plain.verification_uri_full == "");
  http.answer(200, "{" + rest + R"(, "interval": 1e9, "expires_in": 99999999999999999999,
                   "verification_uri_complete": "javascript:x"
})");
  const DeviceCode wild = client.start_device().value();
  BOOST_TEST(wild.interval.count() == 60000);
  BOOST_TEST((wild.ends <= clock.monotonic() + seconds(3600)));
  BOOST_TEST(wild.verification_uri_full == "");
  for (const auto& [told, expected] :
       {std::pair("0", 100), std::pair("0.25", 250), std::pair("-3", 5000)}) {
    http.answer(200, "{" + rest + R"(, "interval": )" + told + "}");
    BOOST_TEST(client.start_device().value().interval.count() == expected, told);
  }
}

BOOST_DATA_TEST_CASE(
    takes_no_start_that_is_not_the_hubs,
    make(
        {R"(<html>)", R"([])", R"({})",
         R"({"user_code": "A", "verification_uri": "https://hf.co/x"})",
         R"({"device_code": "d", "user_code": "A", "verification_uri": "file:///etc/passwd"})",
         R"({"device_code": "d", "user_code": "A", "verification_uri": "https://hf.co/\u001b[2J"})",
         R"({"device_code": "d", "user_code": "A\u001b]0;x", "verification_uri": "https://hf.co"})",
         R"({"device_code": "d", "user_code": 5, "verification_uri": "https://hf.co/x"})",
         R"({"device_code": "\u1234", "user_code": "A", "verification_uri": "https://hf.co/x"})"}),
    body) {
  http.answer(200, body);
  BOOST_TEST(code_of(client.start_device()) == "network");
}

BOOST_AUTO_TEST_CASE(says_in_the_hubs_words_why_a_login_cannot_start) {
  http.answer(401, R"({"error": "invalid_client", "error_description": "no\nsuch app"})");
  const Result<DeviceCode> unknown = client.start_device();
  BOOST_TEST(code_of(unknown) == "forbidden");
  BOOST_TEST(unknown.error().detail.find("invalid_client: no such app") != std::string::npos,
             unknown.error().detail);
  http.answer(404, R"({"error": "Not found"})");
  BOOST_TEST(code_of(client.start_device()) == "not_found");
  http.answer(502, "<html>", {{"Content-Type", "text/html"}});
  BOOST_TEST(code_of(client.start_device()) == "network");
  http.answer(307, "", {{"Location", "https://evil.example/oauth/device"}});
  BOOST_TEST(code_of(client.start_device()) == "network");
  BOOST_TEST(http.asked().size() == 4U);
}

BOOST_AUTO_TEST_CASE(polls_until_the_user_has_decided) {
  answer_error("authorization_pending");
  answer_error("authorization_pending");
  answer_token();
  const OAuthTokens tokens = client.wait_for_device(code()).value();
  BOOST_TEST(tokens.access.expose() == kAccess);
  BOOST_TEST(tokens.refresh.expose() == "r-AAAAAAAA");
  BOOST_TEST((tokens.expires == clock.now() + seconds(2592000)));
  BOOST_TEST_REQUIRE(http.asked().size() == 3U);
  BOOST_TEST(http.asked()[2].url == "https://huggingface.co/oauth/token");
  BOOST_TEST(http.asked()[2].body ==
             "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=" +
                 kDeviceCode + "&client_id=a%20client");
  const std::vector<seconds> expected{seconds(5), seconds(5), seconds(5)};
  BOOST_TEST((pauses == expected));
}

BOOST_AUTO_TEST_CASE(slows_down_for_good_when_told_to) {
  answer_error("slow_down");
  answer_error("authorization_pending");
  answer_error("slow_down");
  answer_token();
  BOOST_TEST(client.wait_for_device(code()).has_value());
  const std::vector<seconds> expected{seconds(5), seconds(10), seconds(10), seconds(15)};
  BOOST_TEST((pauses == expected));
}

BOOST_AUTO_TEST_CASE(goes_on_through_everything_that_says_nothing_about_the_login) {
  http.fail(Errc::network);
  http.fail(Errc::timeout);
  http.answer(503, R"({"error": "access_denied"})");
  http.answer(200, "<html>");
  http.answer(400, "not json");
  http.answer(400, R"({"unexpected": true})");
  http.answer(200, R"({"access_token": 5})");
  http.answer(200, R"({"access_token": "two words"})");
  answer_token();
  BOOST_TEST(client.wait_for_device(code()).has_value());
  BOOST_TEST(http.is_used_up());
}

BOOST_AUTO_TEST_CASE(comes_back_when_a_rate_limit_ends) {
  http.answer(429, R"({"error": "Too many"})", {{"Retry-After", "20"}});
  http.answer(429, "");
  answer_token();
  BOOST_TEST(client.wait_for_device(code()).has_value());
  const std::vector<seconds> expected{seconds(5), seconds(21), seconds(5)};
  BOOST_TEST((pauses == expected));
}

struct End {
  const char* error;
  const char* expected;
};

std::ostream& operator<<(std::ostream& out, const End& end) {
  return out << end.error;
}

const End kEnds[] = {{"expired_token", "expired"},
                     {"access_denied", "denied"},
                     {"invalid_grant", "forbidden"},
                     {"a word of tomorrow", "forbidden"}};

BOOST_DATA_TEST_CASE(stops_when_the_hub_says_that_it_is_over, make(kEnds), end) {
  answer_error("authorization_pending");
  answer_error(end.error);
  BOOST_TEST(code_of(client.wait_for_device(code())) == end.expected);
  BOOST_TEST(http.asked().size() == 2U);
}

BOOST_AUTO_TEST_CASE(takes_a_refusal_in_a_200_for_one) {
  answer_error("access_denied", 200);
  BOOST_TEST(code_of(client.wait_for_device(code())) == "denied");
}

BOOST_AUTO_TEST_CASE(a_code_that_nobody_enters_ends_when_it_runs_out) {
  for (int i = 0; i < 5; ++i)
    answer_error("authorization_pending");
  BOOST_TEST(code_of(client.wait_for_device(code(seconds(21)))) == "expired");
  BOOST_TEST(http.asked().size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_hub_that_is_away_to_the_end_is_named_as_the_cause) {
  for (int i = 0; i < 4; ++i)
    http.fail(Errc::network, "connect to huggingface.co: refused");
  const Result<OAuthTokens> tokens = client.wait_for_device(code(seconds(21)));
  BOOST_TEST(code_of(tokens) == "network");
  BOOST_TEST(tokens.error().detail.find("connect to huggingface.co") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_endless_answer_ends_the_login) {
  http.answer(200, std::string(1 << 20, ' '));
  BOOST_TEST(code_of(client.wait_for_device(code())) == "too_large");
}

BOOST_AUTO_TEST_CASE(a_token_without_a_date_has_none_and_a_wild_one_is_bounded) {
  http.answer(200, R"({"access_token": "hf_oauth_AAAA"})");
  const OAuthTokens dateless = client.wait_for_device(code()).value();
  BOOST_TEST(!dateless.expires.has_value());
  BOOST_TEST(dateless.refresh.empty());
  http.answer(200, R"({"access_token": "hf_oauth_AAAA", "expires_in": 9223372036854775807})");
  const OAuthTokens wild = client.wait_for_device(code()).value();
  BOOST_TEST_REQUIRE(wild.expires.has_value());
  BOOST_TEST((*wild.expires > clock.now()));
  BOOST_TEST(format_utc(*wild.expires).size() == 20U);
}

BOOST_AUTO_TEST_CASE(takes_no_token_of_another_type_than_bearer) {
  http.answer(200, R"({"access_token": "hf_oauth_AAAA", "token_type": "mac"})");
  answer_error("access_denied");
  BOOST_TEST(code_of(client.wait_for_device(code())) == "denied");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(refresh, Login)

BOOST_AUTO_TEST_CASE(asks_once_and_takes_the_rotated_token) {
  answer_token();
  const OAuthTokens tokens = client.refresh(Secret::copy_of(kRefresh)).value();
  BOOST_TEST(http.asked().size() == 1U);
  BOOST_TEST(http.asked()[0].url == "https://huggingface.co/oauth/token");
  BOOST_TEST(http.asked()[0].body ==
             "grant_type=refresh_token&refresh_token=refresh%2FAAAA%2BBBBB%3D%26AAAA"
             "&client_id=a%20client");
  BOOST_TEST(tokens.access.expose() == kAccess);
  BOOST_TEST(tokens.refresh.expose() == "r-AAAAAAAA");
  BOOST_TEST((tokens.expires == clock.now() + seconds(2592000)));
  BOOST_TEST(pauses.empty());
}

BOOST_AUTO_TEST_CASE(keeps_the_refresh_token_where_the_hub_does_not_rotate_it) {
  answer_token("");
  BOOST_TEST(client.refresh(Secret::copy_of(kRefresh)).value().refresh.expose() == kRefresh);
}

BOOST_AUTO_TEST_CASE(only_invalid_grant_ends_the_session) {
  answer_error("invalid_grant");
  BOOST_TEST(code_of(client.refresh(Secret::copy_of(kRefresh))) == "expired");
  answer_error("invalid_client", 401);
  BOOST_TEST(code_of(client.refresh(Secret::copy_of(kRefresh))) == "forbidden");
  answer_error("invalid_grant", 503);
  BOOST_TEST(code_of(client.refresh(Secret::copy_of(kRefresh))) == "network");
  http.answer(429, "", {{"Retry-After", "3"}});
  BOOST_TEST(code_of(client.refresh(Secret::copy_of(kRefresh))) == "rate_limited");
  http.fail(Errc::timeout);
  BOOST_TEST(code_of(client.refresh(Secret::copy_of(kRefresh))) == "timeout");
  http.answer(200, "<html>portal</html>");
  BOOST_TEST(code_of(client.refresh(Secret::copy_of(kRefresh))) == "network");
  BOOST_TEST(http.asked().size() == 6U);
  BOOST_TEST(pauses.empty());
}

BOOST_AUTO_TEST_CASE(no_failure_shows_a_token) {
  const std::string echo = R"({"error": "x", "error_description": "Bearer )" + kAccess + R"("})";
  http.answer(400, echo);
  const Result<OAuthTokens> tokens = client.refresh(Secret::copy_of(kRefresh));
  BOOST_TEST(tokens.error().detail.find(kAccess) == std::string::npos, tokens.error().detail);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_client_id_is_the_users_own_then_hfs_variable_then_the_public_one) {
  using testing::make_environment;
  BOOST_TEST(oauth_client_id(make_environment({})) == kHubDeviceClientId);
  BOOST_TEST(oauth_client_id(make_environment({{"HF_DEVICE_CODE_OAUTH_CLIENT_ID", ""}})) ==
             kHubDeviceClientId);
  BOOST_TEST(oauth_client_id(make_environment({{"HF_DEVICE_CODE_OAUTH_CLIENT_ID", "theirs"}})) ==
             "theirs");
  BOOST_TEST(oauth_client_id(make_environment({{"HF_DEVICE_CODE_OAUTH_CLIENT_ID", "theirs"},
                                               {"HFAUTH_OAUTH_CLIENT_ID", "ours"}})) == "ours");
}

}  // namespace
}  // namespace hfauth::hub
