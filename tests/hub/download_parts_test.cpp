// SPDX-License-Identifier: Apache-2.0
//
// The pure parts of a download: globs, lists of files, one file's way over redirects and broken
// transfers.
#include "file_get.hpp"
#include "hfauth/hub/access.hpp"
#include "hfauth/hub/file_filter.hpp"
#include "hfauth/hub/tree_listing.hpp"
#include "hub_json.hpp"
#include "support/fake_http_client.hpp"
#include "support/scratch_directory.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::hub {
namespace {

using boost::unit_test::data::make;
using testing::FakeHttpClient;

struct Glob {
  const char* text;
  const char* pattern;
  bool matches;
};

std::ostream& operator<<(std::ostream& out, const Glob& glob) {
  return out << glob.text << " against " << glob.pattern;
}

/// Answers of fnmatch.fnmatchcase, Python 3.11.
const Glob kGlobs[] = {
    {"config.json", "*.json", true},
    {"data/sub/file.json", "data/*.json", true},
    {"a", "?", true},
    {"\xC3\xA9", "?", true},
    {"\xED\x95\x9C\xEA\xB8\x80.txt", "?\xEA\xB8\x80.txt", true},
    {"a/b", "a?b", true},
    {"a/b", "a*b", true},
    {"abc", "[a-c]bc", true},
    {"dbc", "[!a-c]bc", true},
    {"abc", "[!a-c]bc", false},
    {"]x", "[]]x", true},
    {"[x", "[x", true},
    {"a-x", "[a-]*", true},
    {"-x", "[a-]*", true},
    {"bx", "[c-a]x", false},
    {"cx", "[c-a]x", false},
    {"a", "[!]", false},
    {"[!]", "[!]", true},
    {"x", "[!]]", true},
    {"]", "[!]]", false},
    {"*", "[*]", true},
    {"a.b", "a[.]b", true},
    {"A.json", "*.JSON", false},
    {"", "*", true},
    {"", "", true},
    {"", "?", false},
    {"aaab", "*a*b", true},
    {"mississippi", "m*iss*ip*i", true},
    {"mississippi", "m*iss*iz*i", false},
    {"a^b", "a[^x]b", true},
    {"axb", "a[^x]b", true},
    {"a\\b", "a[\\]b", true},
    {"x-1", "x[--1]1", true},
    {"b", "[a-c-e]", true},
    {"-", "[a-c-e]", true},
    {"d", "[a-c-e]", false},
    {"e", "[a-c-e]", true},
    {"&", "[&&a]", true},
    {"part-0001.bin", "part-[0-9][0-9][0-9][0-9].bin", true},
    {"part-000a.bin", "part-[0-9][0-9][0-9][0-9].bin", false},
};

BOOST_AUTO_TEST_SUITE(filter)

BOOST_DATA_TEST_CASE(a_glob_matches_as_python_has_it, make(kGlobs), glob) {
  BOOST_TEST(matches_glob(glob.text, glob.pattern) == glob.matches);
}

BOOST_AUTO_TEST_CASE(include_chooses_and_exclude_takes_away) {
  BOOST_TEST(FileFilter{}.wants("anything"));
  const FileFilter filter{.include = {"*.json", "onnx/"}, .exclude = {"vocab.*"}};
  BOOST_TEST(filter.wants("config.json"));
  BOOST_TEST(filter.wants("onnx/model.bin"));  // a folder is all below it
  BOOST_TEST(!filter.wants("vocab.json"));
  BOOST_TEST(!filter.wants("model.bin"));
  BOOST_TEST((FileFilter{.include = {"a\\b*"}, .exclude = {}}.wants("a/bc")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tree)

const std::string kId(40, 'a');
const std::string kSum(64, 'b');

std::string entry(const std::string& path, const std::string& more = {}) {
  return R"({"type":"file","oid":")" + kId + R"(","size":5,"path":")" + path + "\"" + more + "}";
}

BOOST_AUTO_TEST_CASE(a_page_has_files_and_folders) {
  const TreePage page =
      read_tree_page("[" + entry("a.txt") + R"(,{"type":"directory","path":"sub"},)" +
                     entry("big.bin", R"(,"lfs":{"oid":")" + kSum + R"(","size":99},"xetHash":")" +
                                          std::string(64, 'c') + "\"") +
                     "]")
          .value();
  BOOST_TEST(page.n_entries == 3U);
  BOOST_TEST_REQUIRE(page.files.size() == 2U);
  BOOST_TEST(page.files[0].etag() == kId);
  BOOST_TEST(page.files[0].size == 5U);
  BOOST_TEST(page.files[1].etag() == kSum);
  BOOST_TEST(page.files[1].size == 99U);
  BOOST_TEST(page.files[1].xet_hash == std::string(64, 'c'));
}

BOOST_DATA_TEST_CASE(a_path_that_could_escape_is_refused,
                     make({"../x", "a/../../x", "/etc/passwd", "C:\\\\x", "\\\\\\\\host\\\\x",
                           "a//b", "", "a\\u0000b", "..", "a/.."}),
                     path) {
  const Result<TreePage> page = read_tree_page("[" + entry(path) + "]");
  BOOST_TEST_REQUIRE(!page.has_value());
  BOOST_TEST(name_of(page.error().code) == "corrupt");
}

BOOST_DATA_TEST_CASE(
    a_list_of_wrong_types_is_refused,
    make(
        {"{}", "[1]", "[{}]", R"([{"type":1}])", R"([{"type":"file"}])",
         R"([{"type":"file","path":1,"oid":"x","size":1}])",
         R"([{"type":"file","path":"a","oid":"x","size":1}])",
         R"([{"type":"file","path":"a","oid":5,"size":1}])",
         R"([{"type":"file","path":"a","oid":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","size":-1}])",
         R"([{"type":"file","path":"a","oid":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","size":1,"lfs":{"oid":"../x","size":1}}])",
         "<html>", ""}),
    body) {
  BOOST_TEST(!read_tree_page(body).has_value());
}

BOOST_AUTO_TEST_CASE(a_kept_list_reads_as_it_was_written) {
  Tree tree;
  tree.files = {{"a.txt", 5, kId, "", ""},
                {"\xED\x95\x9C/b \"q\".bin", 7, kId, kSum, std::string(64, 'c')}};
  const testing::ScratchDirectory scratch;
  const TreeListing read =
      read_tree_listing(scratch.write("tree.json", write_tree_file(tree))).value().value();
  BOOST_TEST_REQUIRE(read.size() == 2U);
  BOOST_TEST(read.at("a.txt").etag == kId);
  BOOST_TEST(read.at(tree.files[1].path).etag == kSum);
  BOOST_TEST(read.at(tree.files[1].path).size == 7U);
  BOOST_TEST(
      read_tree_listing(scratch.write("none.json", write_tree_file({}))).value().value().empty());
}

BOOST_AUTO_TEST_SUITE_END()

struct Asking {
  FakeHttpClient http;
  token::Endpoint endpoint = token::Endpoint::parse("https://hub.example").value();
  HubClient client{http, endpoint, "hfauth/test", Pacing::once()};
  Repo repo = Repo::parse("org/name").value();
  std::string commit = std::string(40, 'c');
  Secret token = Secret::copy_of("hf_aaaa");
};

BOOST_FIXTURE_TEST_SUITE(listing, Asking)

BOOST_AUTO_TEST_CASE(pages_follow_the_link_within_the_origin) {
  http.answer(200, "[" + tree::entry("b") + "]",
              {{"Link", R"(<https://hub.example/api/next?cursor=1>; rel="next")"}});
  http.answer(200, "[" + tree::entry("a") + "]");
  const Tree tree = client.tree(repo, commit, {}, &token).value();
  BOOST_TEST_REQUIRE(tree.files.size() == 2U);
  BOOST_TEST(tree.files[0].path == "a");  // sorted
  BOOST_TEST(http.asked()[1].url == "https://hub.example/api/next?cursor=1");
  BOOST_TEST(http.asked()[1].bearer.value_or("") == "hf_aaaa");
}

BOOST_DATA_TEST_CASE(a_next_page_elsewhere_is_refused_and_not_asked,
                     make({"https://evil.example/api/x", "http://hub.example/api/x",
                           "https://hub.example.evil.example/x"}),
                     next) {
  http.answer(200, "[]", {{"Link", "<" + std::string(next) + ">; rel=\"next\""}});
  BOOST_TEST(name_of(client.tree(repo, commit, {}, &token).error().code) == "network");
  BOOST_TEST(http.asked().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_listed_twice_is_refused) {
  http.answer(200, "[" + tree::entry("a") + "," + tree::entry("a") + "]");
  BOOST_TEST(name_of(client.tree(repo, commit, {}, &token).error().code) == "corrupt");
}

BOOST_AUTO_TEST_CASE(a_renamed_repository_is_followed_here_and_nowhere_else) {
  http.answer(307, "", {{"Location", "/api/models/org/new/revision/main?expand%5B%5D=sha"}});
  http.answer(200, R"({"id":"org/new","sha":")" + commit + "\"}");
  BOOST_TEST(client.commit_of(repo, "main", &token).value() == commit);
  http.answer(307, "", {{"Location", "https://evil.example/api"}});
  BOOST_TEST(name_of(client.commit_of(repo, "main", &token).error().code) == "network");
  BOOST_TEST(http.asked().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_revision_that_is_no_commit_never_becomes_a_path) {
  http.answer(200, R"({"id":"org/new","sha":"../../x"})");
  BOOST_TEST(name_of(client.commit_of(repo, "main", nullptr).error().code) == "network");
}

BOOST_AUTO_TEST_SUITE_END()

struct Refusal {
  int status;
  const char* code;
  const char* words;
  bool has_token;
  const char* access;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << refusal.status << " " << refusal.words;
}

const Refusal kRefusals[] = {
    {401, "GatedRepo", "Access to model org/name is restricted. Please log in.", false, "log_in"},
    {403, "GatedRepo", "... you are not in the authorized list. Visit ...", true, "not_requested"},
    {403, "GatedRepo", "Your request ... is awaiting a review from the repo authors.", true,
     "pending"},
    {403, "GatedRepo", "Your request ... has been rejected by the repo's authors.", true,
     "rejected"},
    {403, "GatedRepo", "Your request ... has been reset by the repo's authors.", true, "reset"},
    {403, "", "Please enable access ... in your fine-grained token settings to view", true,
     "no_gated_scope"},
    {403, "", "You have read access but not the required permissions for this operation", true,
     "read_only"},
    {403, "", "Access to this resource is disabled.", true, "denied"},
    {404, "RepoNotFound", "Repository not found", true, "absent"},
    {401, "", "Invalid username or password.", false, "absent"},
    {401, "", "Invalid username or password.", true, "bad_token"},
    {429, "", "We had to rate limit you", true, "unknown"},
};

BOOST_FIXTURE_TEST_SUITE(access, Asking)

BOOST_DATA_TEST_CASE(each_refusal_is_told_apart, make(kRefusals), refusal) {
  std::vector<HttpHeader> headers{{"X-Error-Message", refusal.words}, {"X-Request-Id", "Root=1-2"}};
  if (*refusal.code != '\0') headers.push_back({"X-Error-Code", refusal.code});
  http.answer(refusal.status, R"({"error":")" + std::string(refusal.words) + "\"}", headers);
  const AccessAnswer answer =
      check_access(client, repo, false, refusal.has_token ? &token : nullptr);
  BOOST_TEST(name_of(answer.access) == refusal.access);
  BOOST_TEST(answer.failure.has_value());
}

BOOST_AUTO_TEST_CASE(granted_access_is_asked_for_reading_and_for_writing) {
  http.answer(200, "OK");
  http.answer(200, "OK");
  BOOST_TEST(name_of(check_access(client, repo, false, nullptr).access) == "granted");
  BOOST_TEST(name_of(check_access(client, repo, true, &token).access) == "granted");
  BOOST_TEST(http.asked()[0].url == "https://hub.example/api/models/org/name/auth-check");
  BOOST_TEST(http.asked()[1].url == "https://hub.example/api/models/org/name/auth-check/write");
}

BOOST_AUTO_TEST_SUITE_END()

struct Getting : Asking {
  std::string got;

  std::unique_ptr<FileGet> get(WantedBytes wanted) {
    return std::make_unique<FileGet>(endpoint, "hfauth/test", "https://hub.example/org/f", &token,
                                     std::move(wanted), [this](std::string_view piece) {
                                       got += piece;
                                       return Result<void>();
                                     });
  }

  FileGet::State step(FileGet& get) { return get.take(http.send(get.next())); }
};

BOOST_FIXTURE_TEST_SUITE(file_get, Getting)

BOOST_AUTO_TEST_CASE(the_token_ends_at_the_first_other_origin_and_never_comes_back) {
  const auto file = get({.size = 4, .end = {}, .commit = {}, .what = {}, .etag = {}});
  http.answer(302, "", {{"Location", "/elsewhere"}});
  http.answer(302, "", {{"Location", "https://cdn.example/x?Signature=1"}});
  http.answer(302, "", {{"Location", "https://hub.example/back"}});
  http.answer(200, "data");
  while (step(*file) == FileGet::State::under_way) {
  }
  BOOST_TEST(got == "data");
  BOOST_TEST(http.asked()[0].bearer.has_value());
  BOOST_TEST(http.asked()[1].bearer.has_value());
  BOOST_TEST(!http.asked()[2].bearer.has_value());
  BOOST_TEST(!http.asked()[3].bearer.has_value());
}

BOOST_AUTO_TEST_CASE(another_commit_or_etag_than_the_list_says_is_refused) {
  const auto other_commit = get({.size = 4, .end = {}, .commit = commit, .what = {}, .etag = {}});
  http.answer(200, "data", {{"X-Repo-Commit", std::string(40, 'd')}});
  BOOST_TEST((step(*other_commit) == FileGet::State::failed));
  BOOST_TEST(name_of(other_commit->error().code) == "corrupt");

  const auto other_etag =
      get({.size = 4, .end = {}, .commit = {}, .what = {}, .etag = std::string(40, 'a')});
  http.answer(302, "", {{"Location", "https://cdn.example/x"}, {"X-Linked-Etag", "\"bbbb\""}});
  BOOST_TEST((step(*other_etag) == FileGet::State::failed));
  BOOST_TEST(name_of(other_etag->error().code) == "corrupt");
  BOOST_TEST(got.empty());
}

BOOST_AUTO_TEST_CASE(a_part_goes_on_inside_itself) {
  const auto part = get({.size = 30, .begin = 10, .end = 20, .commit = {}, .what = {}, .etag = {}});
  http.cut(206, "0123", {{"Content-Range", "bytes 10-19/30"}});
  http.answer(206, "456789", {{"Content-Range", "bytes 14-19/30"}});
  BOOST_TEST((step(*part) == FileGet::State::under_way));
  BOOST_TEST(part->is_passing());
  BOOST_TEST((step(*part) == FileGet::State::done));
  BOOST_TEST(got == "0123456789");
  BOOST_TEST(http.asked()[0].header("Range") == "bytes=10-19");
  BOOST_TEST(http.asked()[1].header("Range") == "bytes=14-19");
}

BOOST_AUTO_TEST_CASE(a_server_without_parts_gives_the_first_part_everything) {
  const auto first = get({.size = 10, .end = 4, .commit = {}, .what = {}, .etag = {}});
  http.answer(200, "0123456789");
  BOOST_TEST((step(*first) == FileGet::State::done));
  BOOST_TEST(first->is_whole());
  BOOST_TEST(got == "0123456789");
  const auto second = get({.size = 10, .begin = 4, .end = 8, .commit = {}, .what = {}, .etag = {}});
  http.answer(200, "0123456789");
  BOOST_TEST((step(*second) == FileGet::State::failed));
  BOOST_TEST(name_of(second->error().code) == "unsupported");
}

BOOST_AUTO_TEST_CASE(an_address_that_has_run_out_is_asked_for_anew) {
  const auto part = get({.size = 8, .begin = 4, .end = 8, .commit = {}, .what = {}, .etag = {}});
  part->begin_at("https://cdn.example/old");
  http.answer(403, "expired");
  http.answer(302, "", {{"Location", "https://cdn.example/new"}});
  http.answer(206, "4567", {{"Content-Range", "bytes 4-7/8"}});
  BOOST_TEST((step(*part) == FileGet::State::under_way));
  BOOST_TEST((step(*part) == FileGet::State::under_way));
  BOOST_TEST((step(*part) == FileGet::State::done));
  BOOST_TEST(!http.asked()[0].bearer.has_value());
  BOOST_TEST(http.asked()[1].bearer.has_value());
  BOOST_TEST(!http.asked()[2].bearer.has_value());
  BOOST_TEST(got == "4567");
}

BOOST_AUTO_TEST_CASE(a_redirect_loop_and_a_lying_length_end) {
  const auto loop = get({.size = 4, .end = {}, .commit = {}, .what = {}, .etag = {}});
  for (int i = 0; i < 20; ++i)
    http.answer(302, "", {{"Location", "/again"}});
  FileGet::State state = FileGet::State::under_way;
  int steps = 0;
  while (state == FileGet::State::under_way && ++steps < 20)
    state = step(*loop);
  BOOST_TEST(steps == kMostRedirects + 1);

  FakeHttpClient fresh;
  fresh.answer(200, "0123456789");
  const auto longer = get({.size = 4, .end = {}, .commit = {}, .what = {}, .etag = {}});
  BOOST_TEST((longer->take(fresh.send(longer->next())) == FileGet::State::failed));
  BOOST_TEST(name_of(longer->error().code) == "corrupt");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
