// SPDX-License-Identifier: Apache-2.0
#include "expiry_notice.hpp"

#include "support/make_environment.hpp"
#include "support/scratch_directory.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace hfauth;
using namespace hfauth::testing;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

struct NoticeFixture {
  ScratchDirectory scratch;
  Environment environment = make_environment({});
  UserPaths paths = UserPaths::below(scratch.path(), environment);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::Context context{
      .environment = environment, .paths = paths, .terminal = {}, .in = in, .out = out, .err = err};
  WallTime now = parse_utc("2026-03-01T12:00:00Z").value();

  agent::StoredProfile profile{.facts = {.profile = token::ProfileName::parse("work").value(),
                                         .endpoint = token::Endpoint::hub(),
                                         .kind = token::TokenKind::user,
                                         .user = {},
                                         .role = {},
                                         .display_name = {},
                                         .scopes = {},
                                         .orgs = {},
                                         .created = {},
                                         .expires = now + hours(24 * 30)},
                               .mask = {},
                               .fingerprint = "0123abcd"};

  /// What is said when so much is left.
  std::string said(std::chrono::seconds left) {
    profile.facts.expires = now + left;
    err.str("");
    cli::tell_expiry(context, profile, now);
    return err.str();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(expiry_notice, NoticeFixture)

BOOST_AUTO_TEST_CASE(comes_fourteen_seven_and_one_days_before_the_end_once_each) {
  BOOST_TEST(said(hours(24 * 14) + seconds(1)).empty());
  BOOST_TEST(!std::filesystem::exists(paths.state));
  BOOST_TEST(
      said(hours(24 * 14)) ==
      "hfauth: the token \"work\" expires on 2026-03-15; make a new one and store it: hfauth "
      "login --name work\n");
  BOOST_TEST(said(hours(24 * 13)).empty());
  BOOST_TEST(!said(hours(24 * 7)).empty());
  BOOST_TEST(said(hours(24 * 6)).empty());
  BOOST_TEST(!said(hours(24)).empty());
  BOOST_TEST(said(hours(1)).empty());
  BOOST_TEST(said(seconds(0)).empty());  // then using it is an error, which says so each time
}

BOOST_AUTO_TEST_CASE(who_comes_late_hears_the_last_one_only) {
  BOOST_TEST(!said(hours(20)).empty());
  BOOST_TEST(said(hours(19)).empty());
}

BOOST_AUTO_TEST_CASE(a_new_token_begins_anew_and_others_are_not_forgotten) {
  BOOST_TEST(!said(hours(20)).empty());
  profile.fingerprint = "4567cdef";
  BOOST_TEST(!said(hours(20)).empty());
  profile.fingerprint = "0123abcd";
  BOOST_TEST(said(hours(20)).empty());
}

BOOST_AUTO_TEST_CASE(is_not_made_of_a_token_that_is_renewed_by_itself_until_that_failed) {
  profile.refreshable = true;
  BOOST_TEST(said(hours(20)).empty());
  profile.facts.login_again = true;
  BOOST_TEST(said(hours(20)).find("does not renew it any more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_not_made_in_quiet_mode_and_not_used_up_there) {
  context.verbosity = -1;
  BOOST_TEST(said(hours(20)).empty());
  context.verbosity = 0;
  context.format = cli::Format::quiet;
  BOOST_TEST(said(hours(20)).empty());
  context.format = cli::Format::human;
  BOOST_TEST(!said(hours(20)).empty());
}

BOOST_AUTO_TEST_CASE(remembers_in_a_private_file_and_bears_a_damaged_one) {
  std::filesystem::create_directories(paths.state);
  std::filesystem::permissions(paths.state, std::filesystem::perms::owner_all);
  const std::filesystem::path file = paths.state / "expiry-notices";
  std::ofstream(file) << "nonsense\n0123abcd x\n\n 1\n89ab 7";
  BOOST_TEST(!said(hours(20)).empty());
  BOOST_TEST(said(hours(20)).empty());
  BOOST_TEST(ScratchDirectory::read(file) == " 1\n89ab 7\n0123abcd 1\n");

  struct stat info {};

  BOOST_REQUIRE(stat(file.c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 07777) == 0600U);
}

BOOST_AUTO_TEST_CASE(is_made_each_time_where_it_cannot_be_remembered) {
  std::filesystem::create_directories(paths.state / "expiry-notices");
  BOOST_TEST(!said(hours(20)).empty());
  BOOST_TEST(!said(hours(20)).empty());
}

BOOST_AUTO_TEST_SUITE_END()
