// SPDX-License-Identifier: Apache-2.0
//
// What HubClient asks and how it understands the answers, without a network.
#include "hfauth/hub/hub_client.hpp"

#include "support/fake_clock.hpp"
#include "support/fake_http_client.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::hub {
namespace {

using std::chrono::milliseconds;
using testing::FakeClock;
using testing::FakeHttpClient;

const std::string kCommit(40, 'c');
const std::string kEtag(40, 'e');

struct Hub {
  FakeHttpClient http;
  FakeClock clock;
  std::vector<milliseconds> pauses;
  Secret token = Secret::copy_of("hf_testAAAAAAAAAAAAAAAAAAAAAAAAAA");
  HubClient client{http, token::Endpoint::hub(), "hfauth/test", pacing()};
  Repo repo = Repo::parse("org/name").value();

  Pacing pacing() {
    Pacing pacing;
    pacing.clock = &clock;
    pacing.pause = [this](milliseconds time) {
      pauses.push_back(time);
      clock.advance(std::chrono::ceil<std::chrono::seconds>(time));
    };
    return pacing;
  }

  void answer_file(std::vector<HttpHeader> more = {}, int status = 200) {
    std::vector<HttpHeader> headers{{"X-Repo-Commit", kCommit}};
    if (status == 200)
      headers.insert(headers.end(), {{"ETag", '"' + kEtag + '"'}, {"Content-Length", "10"}});
    headers.insert(headers.end(), more.begin(), more.end());
    http.answer(status, "", headers);
  }

  Result<FileInfo> file_info() { return client.file_info(repo, "main", "config.json", &token); }

  Result<void> download(const std::string& location, bool takes_token,
                        std::optional<std::uint64_t> size, std::string& content) {
    const FileInfo info{.commit = kCommit,
                        .etag = kEtag,
                        .size = size,
                        .location = location,
                        .location_takes_token = takes_token,
                        .warning = {}};
    return client.download(info, &token, [&](std::string_view piece) {
      content += piece;
      return Result<void>();
    });
  }
};

std::string code_of(const Error& error) {
  return std::string(name_of(error.code));
}

BOOST_FIXTURE_TEST_SUITE(hub_client, Hub)

BOOST_AUTO_TEST_CASE(asks_for_a_file_with_the_token_and_without_compression) {
  answer_file();
  const FileInfo info = client
                            .file_info(Repo::parse("org/data", RepoType::dataset).value(),
                                       "refs/pr/1", "a b/c#1.json", &token)
                            .value();
  BOOST_TEST_REQUIRE(http.asked().size() == 1U);
  const auto& asked = http.asked()[0];
  BOOST_TEST(asked.method == "HEAD");
  BOOST_TEST(asked.url ==
             "https://huggingface.co/datasets/org/data/resolve/refs%2Fpr%2F1/a%20b/c%231.json");
  BOOST_TEST(asked.header("Accept-Encoding") == "identity");
  BOOST_TEST(asked.header("User-Agent") == "hfauth/test");
  BOOST_TEST(asked.bearer.value_or("") == token.expose());
  BOOST_TEST(info.commit == kCommit);
  BOOST_TEST(info.etag == kEtag);
  BOOST_TEST(info.size.value_or(0) == 10U);
  BOOST_TEST(info.location_takes_token);
}

BOOST_AUTO_TEST_CASE(refuses_paths_that_leave_the_repository_without_asking) {
  for (const char* path :
       {"", "/etc/passwd", "../x", "a/../../b", "a\\..\\b", "C:x", "a//b", "a\nb", "./a"}) {
    const Result<FileInfo> info = client.file_info(repo, "main", path, nullptr);
    BOOST_TEST_REQUIRE(!info.has_value(), path);
    BOOST_TEST(code_of(info.error()) == "invalid_input", path);
  }
  BOOST_TEST(http.asked().empty());
}

BOOST_AUTO_TEST_CASE(follows_a_renamed_repository_with_the_token) {
  answer_file({{"Location", "/org/new/resolve/main/config.json"}}, 307);
  answer_file();
  BOOST_TEST(file_info().value().location ==
             "https://huggingface.co/org/new/resolve/main/config.json");
  BOOST_TEST_REQUIRE(http.asked().size() == 2U);
  BOOST_TEST(http.asked()[1].url == "https://huggingface.co/org/new/resolve/main/config.json");
  BOOST_TEST(http.asked()[1].bearer.has_value());
}

BOOST_AUTO_TEST_CASE(takes_the_place_of_a_large_file_from_the_redirect_and_asks_nobody_else) {
  const std::string sha256(64, 'a');
  answer_file({{"Location", "https://cdn-lfs.hf.co/x?Signature=s"},
               {"X-Linked-Etag", '"' + sha256 + '"'},
               {"X-Linked-Size", "123456789012"},
               {"ETag", "\"other\""},
               {"Content-Length", "50"}},
              302);
  const FileInfo info = file_info().value();
  BOOST_TEST(http.asked().size() == 1U);
  BOOST_TEST(info.etag == sha256);
  BOOST_TEST(info.size.value_or(0) == 123456789012U);
  BOOST_TEST(info.location == "https://cdn-lfs.hf.co/x?Signature=s");
  BOOST_TEST(!info.location_takes_token);
}

BOOST_DATA_TEST_CASE(
    a_host_that_only_looks_like_the_hub_gets_no_token,
    boost::unit_test::data::make({"https://huggingface.co.evil.example/x",
                                  "https://evil-huggingface.co/x", "https://huggingface.co:8443/x",
                                  "//huggingface.com/x", "https://cdn.huggingface.co/x"}),
    location) {
  answer_file({{"Location", location}, {"X-Linked-Etag", kEtag}, {"X-Linked-Size", "3"}}, 302);
  const FileInfo info = file_info().value();
  BOOST_TEST(!info.location_takes_token);
  http.answer(200, "abc");
  BOOST_TEST(
      client.download(info, &token, [](std::string_view) { return Result<void>(); }).has_value());
  BOOST_TEST(!http.asked().back().bearer.has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_redirect_from_https_to_http) {
  answer_file({{"Location", "http://huggingface.co/x"}, {"X-Linked-Etag", kEtag}}, 302);
  const Result<FileInfo> info = file_info();
  BOOST_TEST_REQUIRE(!info.has_value());
  BOOST_TEST(code_of(info.error()) == "network");
  BOOST_TEST(info.error().detail.find("plain http") != std::string::npos, info.error().detail);

  std::string content;
  http.answer(302, "", {{"Location", "http://cdn.example/x"}});
  BOOST_TEST(!download("https://cdn.example/a", false, 3, content).has_value());
  BOOST_TEST(http.asked().size() == 2U);
}

BOOST_AUTO_TEST_CASE(gives_up_after_five_redirects) {
  for (int i = 0; i < 10; ++i)
    answer_file({{"Location", "/again"}}, 307);
  BOOST_TEST(!file_info().has_value());
  BOOST_TEST(http.asked().size() == 6U);
}

BOOST_AUTO_TEST_CASE(a_token_that_was_dropped_on_the_way_never_comes_back) {
  http.answer(302, "", {{"Location", "https://elsewhere.example/x"}});
  http.answer(302, "", {{"Location", "https://huggingface.co/y"}});
  http.answer(200, "abc");
  std::string content;
  BOOST_TEST(download("https://huggingface.co/x", true, 3, content).has_value());
  BOOST_TEST_REQUIRE(http.asked().size() == 3U);
  BOOST_TEST(http.asked()[0].bearer.has_value());
  BOOST_TEST(!http.asked()[1].bearer.has_value());
  BOOST_TEST(!http.asked()[2].bearer.has_value());
  BOOST_TEST(content == "abc");
}

struct Refusal {
  int status;
  const char* error_code;
  const char* expected;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << refusal.status << ' ' << refusal.error_code;
}

const Refusal kRefusals[] = {
    {401, "", "unauthorized"},
    {401, "GatedRepo", "unauthorized"},
    {403, "GatedRepo", "forbidden"},
    {403, "", "forbidden"},
    {404, "RepoNotFound", "not_found"},
    {404, "RevisionNotFound", "not_found"},
    {404, "EntryNotFound", "not_found"},
    {429, "", "rate_limited"},
    {500, "", "network"},
    {418, "", "network"},
};

BOOST_DATA_TEST_CASE(gives_each_refusal_its_own_error_with_the_hubs_words,
                     boost::unit_test::data::make(kRefusals), refusal) {
  for (int i = 0; i < 3; ++i) {
    http.answer(refusal.status, "",
                {{"X-Error-Code", refusal.error_code},
                 {"X-Error-Message", "the words"},
                 {"X-Request-Id", "r-1"}});
  }
  const FileReply reply = client.file_reply(repo, "main", "config.json", &token, Effort::once);
  BOOST_TEST_REQUIRE(!reply.info.has_value());
  BOOST_TEST(code_of(reply.info.error()) == refusal.expected);
  BOOST_TEST(reply.info.error().detail.find("the words (request r-1)") != std::string::npos,
             reply.info.error().detail);
  BOOST_TEST(reply.answer.error_code == refusal.error_code);
  BOOST_TEST(http.asked().size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_echoes_the_token_shows_its_mask) {
  const std::string text(token.expose());
  http.answer(401, R"({"error": "bad token )" + text + R"("})",
              {{"X-Request-Id", "r"}, {"X-HF-Warning", "t; " + text}});
  const Whoami whoami = client.whoami(token);
  BOOST_TEST(whoami.answer.message.find(text) == std::string::npos);
  BOOST_TEST(whoami.answer.message.find("hf_****") != std::string::npos, whoami.answer.message);
  BOOST_TEST(whoami.answer.warning.find(text) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_in_an_answer_cannot_drive_the_terminal) {
  http.answer(200,
              R"({"type": "user", "name": "eve\u001b]0;x\u0007\nadmin", "fullname": "E\u009b2J",
      "orgs": [{"name": "o\u001b[2J"}], "auth": {"type": "access_token", "accessToken":
      {"displayName": "caf\u00e9\r\u007f", "role": "read"}}})");
  const Whoami whoami = client.whoami(token);
  BOOST_TEST(name_of(whoami.verdict) == "valid");
  BOOST_TEST(whoami.user == "eve ]0;x  admin");
  BOOST_TEST(whoami.full_name == "E  2J");
  BOOST_TEST_REQUIRE(whoami.orgs.size() == 1U);
  BOOST_TEST(whoami.orgs.front() == "o [2J");
  BOOST_TEST(whoami.display_name == "caf\u00e9  ");
}

BOOST_AUTO_TEST_CASE(says_nothing_on_a_token_from_a_web_page_that_borrows_the_hubs_headers) {
  http.answer(401, "<html>Sign in</html>",
              {{"X-Error-Message", "Unauthorized"}, {"X-Request-Id", "r"}});
  const Whoami portal = client.whoami(token);
  BOOST_TEST(name_of(portal.verdict) == "unknown");
  BOOST_TEST(portal.failure.has_value());
}

BOOST_AUTO_TEST_CASE(says_nothing_on_a_token_from_a_gateways_401) {
  http.answer(401, R"({"error": "unauthorized"})", {{"Content-Type", "application/json"}});
  const Whoami gateway = client.whoami(token);
  BOOST_TEST(name_of(gateway.verdict) == "unknown");
  http.answer(401, R"({"error": "Invalid credentials in Authorization header"})");
  BOOST_TEST(name_of(client.whoami(token).verdict) == "invalid");
}

BOOST_DATA_TEST_CASE(takes_no_answer_without_commit_and_etag_for_the_hubs,
                     boost::unit_test::data::make({"", "../../etc", "W/", "\"\"", ".hidden",
                                                   "a/b"}),
                     etag) {
  http.answer(200, "", {{"X-Repo-Commit", kCommit}, {"ETag", etag}});
  BOOST_TEST(!client.file_reply(repo, "main", "a", nullptr, Effort::once).info.has_value());
  http.answer(200, "", {{"X-Repo-Commit", "../../x"}, {"ETag", kEtag}});
  BOOST_TEST(!client.file_reply(repo, "main", "a", nullptr, Effort::once).info.has_value());
}

BOOST_AUTO_TEST_CASE(cleans_a_weak_etag) {
  http.answer(
      200, "",
      {{"x-repo-commit", kCommit}, {"etag", "W/\"" + kEtag + "\""}, {"content-length", "1"}});
  BOOST_TEST(file_info().value().etag == kEtag);
}

BOOST_AUTO_TEST_CASE(repeats_passing_failures_with_growing_pauses) {
  http.fail(Errc::network);
  http.answer(503);
  answer_file();
  BOOST_TEST(file_info().has_value());
  const std::vector<milliseconds> expected{milliseconds(500), milliseconds(1000)};
  BOOST_TEST((pauses == expected));
}

BOOST_AUTO_TEST_CASE(stops_after_the_allowed_number_of_attempts) {
  for (int i = 0; i < 5; ++i)
    http.answer(502);
  BOOST_TEST(!file_info().has_value());
  BOOST_TEST(http.asked().size() == 3U);
}

BOOST_AUTO_TEST_CASE(waits_as_long_as_the_server_says_and_not_at_all_if_that_is_too_long) {
  http.answer(429, "", {{"RateLimit", "\"resolvers\";r=0;t=3"}, {"Retry-After", "1"}});
  answer_file();
  BOOST_TEST(file_info().has_value());
  BOOST_TEST_REQUIRE(pauses.size() == 1U);
  BOOST_TEST(pauses[0].count() == 4000);

  http.answer(429, "", {{"Retry-After", "300"}});
  const FileReply reply = client.file_reply(repo, "main", "a", nullptr, Effort::patient);
  BOOST_TEST(code_of(reply.info.error()) == "rate_limited");
  BOOST_TEST(reply.answer.retry_after.value_or(std::chrono::seconds(0)).count() == 300);
  BOOST_TEST(pauses.size() == 1U);
  BOOST_TEST(http.is_used_up());
}

BOOST_AUTO_TEST_CASE(does_not_repeat_what_will_not_change) {
  http.answer(404, "", {{"X-Error-Code", "EntryNotFound"}});
  BOOST_TEST(!file_info().has_value());
  http.fail(Errc::invalid_input);
  BOOST_TEST(!file_info().has_value());
  BOOST_TEST(pauses.empty());
}

BOOST_AUTO_TEST_CASE(goes_on_where_a_download_broke_off) {
  http.cut(200, "0123");
  http.answer(206, "456789", {{"Content-Range", "bytes 4-9/10"}});
  std::string content;
  BOOST_TEST(download("https://huggingface.co/x", true, 10, content).has_value());
  BOOST_TEST(content == "0123456789");
  BOOST_TEST(http.asked()[0].header("Range").empty());
  BOOST_TEST(http.asked()[1].header("Range") == "bytes=4-");
}

BOOST_AUTO_TEST_CASE(skips_what_it_has_if_the_server_begins_again) {
  http.cut(200, "01234567890123456789");
  http.answer(200, "01234567890123456789abcdefghij");
  std::string content;
  BOOST_TEST(download("https://huggingface.co/x", true, 30, content).has_value());
  BOOST_TEST(content == "01234567890123456789abcdefghij");
}

BOOST_AUTO_TEST_CASE(refuses_another_part_than_it_asked_for) {
  http.cut(200, "0123");
  http.answer(206, "0123456789", {{"Content-Range", "bytes 0-9/10"}});
  std::string content;
  const Result<void> outcome = download("https://huggingface.co/x", true, 10, content);
  BOOST_TEST_REQUIRE(!outcome.has_value());
  BOOST_TEST(code_of(outcome.error()) == "corrupt");
  BOOST_TEST(content == "0123");
}

BOOST_AUTO_TEST_CASE(checks_the_length_of_a_download) {
  std::string content;
  http.answer(200, "too long");
  const Result<void> longer = download("https://huggingface.co/x", true, 3, content);
  BOOST_TEST_REQUIRE(!longer.has_value());
  BOOST_TEST(code_of(longer.error()) == "corrupt");

  for (int i = 0; i < 8; ++i)
    http.answer(200, "ab");  // never more than that, whatever is asked
  content.clear();
  const Result<void> shorter = download("https://huggingface.co/x", true, 3, content);
  BOOST_TEST_REQUIRE(!shorter.has_value());
  BOOST_TEST(code_of(shorter.error()) == "network");
  BOOST_TEST(shorter.error().detail.find("2 of 3 bytes") != std::string::npos,
             shorter.error().detail);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_sink_is_not_repeated) {
  http.answer(200, "abc");
  const FileInfo info{.commit = kCommit,
                      .etag = kEtag,
                      .size = 3,
                      .location = "https://huggingface.co/x",
                      .location_takes_token = true,
                      .warning = {}};
  const Result<void> outcome = client.download(info, &token, [](std::string_view) {
    return Result<void>(Error{Errc::no_space, "full"});
  });
  BOOST_TEST_REQUIRE(!outcome.has_value());
  BOOST_TEST(code_of(outcome.error()) == "no_space");
  BOOST_TEST(http.asked().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_signed_url_never_gets_into_a_message) {
  for (int i = 0; i < 3; ++i)
    http.answer(403, "<Error/>", {{"Content-Type", "application/xml"}});
  std::string content;
  const Result<void> outcome =
      download("https://cdn.example/x?Signature=s3cr3t", false, 3, content);
  BOOST_TEST_REQUIRE(!outcome.has_value());
  BOOST_TEST(outcome.error().detail.find("s3cr3t") == std::string::npos, outcome.error().detail);
}

BOOST_AUTO_TEST_CASE(reads_what_the_hub_tells_of_a_repository) {
  http.answer(200, R"({"id": "org/name", "sha": "abc", "private": true, "gated": "manual",
                       "siblings": [{"rfilename": "a.json"}, {"other": 1}, {"rfilename": "b/c.txt"}]})");
  const RepoInfo info = client.repo_info(repo, "refs/pr/1", nullptr).value();
  BOOST_TEST(http.asked()[0].url ==
             "https://huggingface.co/api/models/org/name/revision/refs%2Fpr%2F1");
  BOOST_TEST(!http.asked()[0].bearer.has_value());
  BOOST_TEST(info.is_private);
  BOOST_TEST(info.gated == "manual");
  const std::vector<std::string> files{"a.json", "b/c.txt"};
  BOOST_TEST(info.files == files, boost::test_tools::per_element());
  http.answer(200, R"({"id": "org/name", "sha": "abc", "gated": false})");
  BOOST_TEST(client.repo_info(repo, "", nullptr).value().gated == "");
  http.answer(200, "<html>");
  BOOST_TEST(code_of(client.repo_info(repo, "", nullptr).error()) == "network");
}

BOOST_AUTO_TEST_CASE(revokes_a_token_without_authorization_and_only_a_202_counts) {
  http.answer(202);
  BOOST_TEST(client.revoke(token).has_value());
  BOOST_TEST_REQUIRE(http.asked().size() == 1U);
  const auto& asked = http.asked()[0];
  BOOST_TEST(asked.method == "POST");
  BOOST_TEST(asked.url == "https://huggingface.co/api/credentials/revoke");
  BOOST_TEST(!asked.bearer.has_value());
  BOOST_TEST(asked.header("Content-Type") == "application/json");
  BOOST_TEST(asked.body == R"({"credentials":[")" + std::string(token.expose()) + R"("]})");
  http.answer(202);
  BOOST_TEST(client.revoke(Secret::copy_of(R"(a"b\c)")).has_value());
  BOOST_TEST(http.asked().back().body == R"({"credentials":["a\"b\\c"]})");
  http.answer(200, R"({"error": "not )" + std::string(token.expose()) + R"("})");
  const Result<void> other = client.revoke(token);
  BOOST_TEST_REQUIRE(!other.has_value());
  BOOST_TEST(other.error().detail.find(token.expose()) == std::string::npos, other.error().detail);
  http.answer(429, "", {{"Retry-After", "60"}});
  BOOST_TEST(code_of(client.revoke(token).error()) == "rate_limited");
  BOOST_TEST(code_of(client.revoke(Secret()).error()) == "invalid_input");
  BOOST_TEST(code_of(client.revoke(Secret::copy_of("two words")).error()) == "invalid_input");
  BOOST_TEST(http.asked().size() == 4U);
}

BOOST_AUTO_TEST_CASE(ping_takes_any_answer_of_the_hubs_own_and_no_web_page) {
  http.answer(503, R"({"error": "busy"})", {{"Content-Type", "application/json"}});
  BOOST_TEST(client.ping().value().status == 503);
  BOOST_TEST(!http.asked()[0].bearer.has_value());
  http.answer(200, "<html>", {{"Content-Type", "text/html"}});
  BOOST_TEST(code_of(client.ping().error()) == "network");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
