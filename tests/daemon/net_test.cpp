// SPDX-License-Identifier: Apache-2.0
//
// What hfauth-net decides without Hub and agent: which of Python's logins is ours, what waits to be
// delivered, the command line.
#include "lineage.hpp"
#include "options.hpp"
#include "python_login.hpp"
#include "samples.hpp"
#include "support/make_environment.hpp"
#include "support/scratch_directory.hpp"
#include "support/test_tokens.hpp"
#include "undelivered.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace hfauth;
using namespace hfauth::testing;
namespace fs = std::filesystem;

namespace {

// {"iss":"hub","sub":"a","aud":"x","iat":100}, then with "iat":200, with "sub":"b", and without
// iat.
constexpr const char* kFirst = "eyJpc3MiOiJodWIiLCJzdWIiOiJhIiwiYXVkIjoieCIsImlhdCI6MTAwfQ";
constexpr const char* kLater = "eyJpc3MiOiJodWIiLCJzdWIiOiJhIiwiYXVkIjoieCIsImlhdCI6MjAwfQ";
constexpr const char* kOther = "eyJpc3MiOiJodWIiLCJzdWIiOiJiIiwiYXVkIjoieCIsImlhdCI6MjAwfQ";
constexpr const char* kUndated = "eyJpc3MiOiJodWIiLCJzdWIiOiJhIiwiYXVkIjoieCJ9";

Secret oauth(const char* claims) {
  return Secret::copy_of("hf_oauth_AAAA." + std::string(claims) + ".AAAA");
}

struct PythonFixture {
  ScratchDirectory scratch;
  net::PythonPlace place{.stored_tokens = scratch.path() / "stored_tokens",
                         .token = scratch.path() / "token"};
  token::TokenRecord ours = record("alice");

  PythonFixture() {
    ours.facts.user = "ada";
    ours.token = oauth(kFirst);
    ours.refresh = Secret::copy_of("old");
  }

  void write(const std::string& text) const { std::ofstream(place.stored_tokens) << text; }

  static std::string section(const std::string& name, std::string_view token,
                             const std::string& expires = "500", bool refresh = true) {
    return "[" + name + "]\nhf_token = " + std::string(token) + "\n" +
           (refresh ? "refresh_token = r-" + name + "\n" : "") + "expires_at = " + expires + "\n\n";
  }

  /// The refresh token of the section that was found, "none", or the error's name.
  [[nodiscard]] std::string found() const {
    const auto login = net::PythonLogin::lock({place}, ours);
    if (!login) return std::string(name_of(login.error().code));
    return *login ? std::string((*login)->tokens().refresh.expose()) : "none";
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(lineage)

BOOST_AUTO_TEST_CASE(a_token_of_the_same_account_that_is_not_older_is_a_later_one) {
  BOOST_TEST((net::lineage_of(oauth(kLater), oauth(kFirst)) == net::Lineage::later));
  BOOST_TEST((net::lineage_of(oauth(kFirst), oauth(kFirst)) == net::Lineage::later));
  BOOST_TEST((net::lineage_of(oauth(kFirst), oauth(kLater)) == net::Lineage::other));
  BOOST_TEST((net::lineage_of(oauth(kOther), oauth(kFirst)) == net::Lineage::other));
  BOOST_TEST((net::lineage_of(oauth(kLater), oauth(kUndated)) == net::Lineage::later));
}

BOOST_AUTO_TEST_CASE(what_is_no_oauth_jwt_tells_nothing) {
  for (const char* const text :
       {"", "hf_oauth_", "hf_oauth_a.b", "hf_oauth_a.!!.c", "hf_oauth_a.e30.c", "hf_oauth_a.W10.c",
        "hf_xQxQxQxQxQxQxQxQxQxQxQxQxQxQxQxQxQ"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST((net::lineage_of(Secret::copy_of(text), oauth(kFirst)) == net::Lineage::unknown));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(python_login, PythonFixture)

BOOST_AUTO_TEST_CASE(without_stored_tokens_there_is_none_and_no_lock_is_made) {
  BOOST_TEST(found() == "none");
  BOOST_TEST(!fs::exists(scratch.path() / "stored_tokens.lock"));
}

BOOST_AUTO_TEST_CASE(the_section_with_our_token_comes_before_a_later_one) {
  const std::string same(ours.token.expose());
  const std::string later(oauth(kLater).expose());
  write(section("a", later, "900") + section("b", same) + section("c", test_token("c")));
  BOOST_TEST(found() == "r-b");
}

BOOST_AUTO_TEST_CASE(of_later_ones_it_is_the_one_that_lasts_longest) {
  const std::string later(oauth(kLater).expose());
  write(section("a", later, "700") + section("b", later, "900") + section("c", later, "800"));
  BOOST_TEST(found() == "r-b");
}

BOOST_AUTO_TEST_CASE(a_section_without_refresh_token_or_of_another_account_is_none) {
  write(section("a", ours.token.expose(), "500", false) +
        section("oauth-ada", oauth(kOther).expose()));
  BOOST_TEST(found() == "none");
}

BOOST_AUTO_TEST_CASE(where_tokens_tell_nothing_the_name_counts_on_the_official_hub_only) {
  ours.token = Secret::copy_of(test_token("opaque"));
  write(section("oauth-ada", test_token("next")) + section("oauth-bob", test_token("bob")));
  BOOST_TEST(found() == "r-oauth-ada");
  ours.facts.endpoint = endpoint("https://hub.example");
  BOOST_TEST(found() == "none");
}

BOOST_AUTO_TEST_CASE(a_damaged_file_or_the_json_of_hfrs_is_none) {
  write("not a section\n");
  BOOST_TEST(found() == "none");
  write(R"({"tokens":{"a":{"token":"hf_x"}},"active":"a"})");
  BOOST_TEST(found() == "none");
}

BOOST_AUTO_TEST_CASE(replacing_leaves_a_token_file_of_another_login_alone) {
  write(section("oauth-ada", ours.token.expose()));
  std::ofstream(place.token) << ours.token.expose() << "\n";
  auto login = net::PythonLogin::lock({place}, ours);
  BOOST_REQUIRE(login.has_value());
  BOOST_REQUIRE(login->has_value());
  const auto put = [&](const char* token) {
    return (*login)->replace({.token = Secret::copy_of(token), .refresh = {}, .expires = {}},
                             ours.token);
  };
  BOOST_REQUIRE(put("new").has_value());
  BOOST_TEST(ScratchDirectory::read(place.token) == "new");
  BOOST_REQUIRE(put("newer").has_value());
  BOOST_TEST(ScratchDirectory::read(place.token) == "new");
  BOOST_TEST(ScratchDirectory::read(place.stored_tokens) == "[oauth-ada]\nhf_token = newer\n\n");
}

BOOST_AUTO_TEST_CASE(both_pairs_of_files_are_looked_at_once) {
  const fs::path home = "/home/ada";
  token::HubPaths paths = token::HubPaths::from(make_environment({}), home);
  BOOST_TEST(net::python_places(paths).size() == 1U);
  paths.token = "/run/lease/token";
  paths.stored_tokens = "/run/lease/stored_tokens";
  const auto places = net::python_places(paths);
  BOOST_REQUIRE(places.size() == 2U);
  BOOST_TEST(places[1].stored_tokens.native() == "/home/ada/.cache/huggingface/stored_tokens");
  BOOST_TEST(places[1].token.native() == "/home/ada/.cache/huggingface/token");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(undelivered)

BOOST_AUTO_TEST_CASE(what_is_kept_comes_back_until_it_is_removed) {
  const ScratchDirectory scratch;
  const net::Undelivered waiting(scratch.path() / "hfauth");
  BOOST_TEST(waiting.all().empty());
  token::TokenRecord fresh = record("alice");
  fresh.facts.generation = 7;
  BOOST_REQUIRE(waiting.keep(fresh).has_value());
  const auto all = waiting.all();
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST((all.front().facts == fresh.facts));
  BOOST_TEST(all.front().token.expose() == test_token("alice"));
  waiting.remove(fresh.facts.profile);
  BOOST_TEST(waiting.all().empty());
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_or_has_anothers_name_is_removed) {
  const ScratchDirectory scratch;
  const net::Undelivered waiting(scratch.path());
  BOOST_REQUIRE(waiting.keep(record("alice")).has_value());
  const fs::path folder = scratch.path() / "refreshed";
  fs::rename(folder / "alice", folder / "bob");
  std::ofstream(folder / "carol") << "{";
  BOOST_TEST(waiting.all().empty());
  BOOST_TEST(fs::is_empty(folder));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(net_options)

BOOST_AUTO_TEST_CASE(are_understood_in_both_spellings_and_mistakes_are_refused) {
  const auto parsed = [](std::vector<const char*> words) { return net::parse_options(words); };
  BOOST_TEST(parsed({"refresh"}).has_value());
  BOOST_TEST(!parsed({"refresh", "--due"}).value().force);
  BOOST_TEST(parsed({"refresh", "--force"}).value().force);
  BOOST_TEST(parsed({"refresh", "--profile", "a"}).value().profile->str() == "a");
  BOOST_TEST(parsed({"refresh", "--profile=b"}).value().profile->str() == "b");
  BOOST_TEST(parsed({"--help"}).value().help);
  for (const std::vector<const char*>& words : {std::vector<const char*>{},
                                                {"refresh", "refresh"},
                                                {"refresh", "--profile"},
                                                {"renew"},
                                                {"refresh", "--profile=a/b"},
                                                {"refresh", "--forced"}}) {
    const auto refused = parsed(words);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().code == Errc::usage);
  }
}

BOOST_AUTO_TEST_SUITE_END()
