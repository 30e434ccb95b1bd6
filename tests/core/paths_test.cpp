// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/paths.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/lease_path.hpp"
#include "support/make_environment.hpp"
#include "support/scratch_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

using hfauth::Environment;
using hfauth::Errc;
using hfauth::UserPaths;
using hfauth::testing::make_environment;
using hfauth::testing::ScratchDirectory;

BOOST_AUTO_TEST_SUITE(paths)

BOOST_AUTO_TEST_CASE(follow_the_xdg_variables) {
  const auto paths = UserPaths::from(make_environment({{"HOME", "/home/u"},
                                                       {"XDG_STATE_HOME", "/state"},
                                                       {"XDG_RUNTIME_DIR", "/run/user/7"}}))
                         .value();
  BOOST_TEST(paths.config == "/home/u/.config/hfauth");
  BOOST_TEST(paths.data == "/home/u/.local/share/hfauth");
  BOOST_TEST(paths.state == "/state/hfauth");
  BOOST_TEST(paths.agent_socket(Environment()) == "/run/user/7/hfauth/agent.sock");
  BOOST_TEST(paths.agent_socket(make_environment({{"HFAUTH_SOCK", "/s"}})) == "/s");
}

BOOST_AUTO_TEST_CASE(ignore_relative_and_empty_variables) {
  const auto paths = UserPaths::from(make_environment(
      {{"HOME", "/home/u"}, {"XDG_CONFIG_HOME", "relative"}, {"XDG_RUNTIME_DIR", ""}}));
  BOOST_TEST(paths->config == "/home/u/.config/hfauth");
  BOOST_TEST(paths->runtime == "/tmp/hfauth-" + std::to_string(getuid()));
}

BOOST_AUTO_TEST_CASE(without_home_the_password_database_is_asked) {
  BOOST_TEST(UserPaths::from(Environment()).value().home.is_absolute());
}

BOOST_AUTO_TEST_CASE(leases_are_known_by_their_paths) {
  const std::filesystem::path runtime = "/somewhere/of-mine";
  for (const char* lease :
       {"/somewhere/of-mine/lease/work/token", "/somewhere/of-mine/default/token",
        "/somewhere/./of-mine/lease/../lease/work/token", "/run/user/7/hfauth/lease/work/token",
        "/run/user/7/hfauth/default/token", "/tmp/hfauth-1000/lease/default/token",
        "/tmp/hfauth-0/default/token"}) {
    BOOST_TEST(hfauth::is_lease_path(lease, runtime), lease);
  }
  for (const char* other :
       {"/home/u/.cache/huggingface/token", "/somewhere/of-mine/lease/work/other",
        "/somewhere/else/lease/work/token", "/tmp/hfauth-/default/token",
        "/tmp/hfauth-x/default/token", "/run/user/7/hfauth/token", "token", "/token", ""}) {
    BOOST_TEST(!hfauth::is_lease_path(other, runtime), other);
  }
}

BOOST_AUTO_TEST_CASE(a_link_to_a_lease_is_one) {
  const ScratchDirectory scratch;
  const auto runtime = scratch.path() / "of-mine";
  std::filesystem::create_directories(runtime / "lease/work");
  BOOST_REQUIRE(hfauth::write_file_atomically(runtime / "lease/work/token", "", 0600,
                                              hfauth::Durability::renamed));
  std::filesystem::create_symlink(runtime / "lease/work/token", scratch.path() / "link");
  std::filesystem::create_directory_symlink(runtime, scratch.path() / "other-name");
  BOOST_TEST(hfauth::is_lease_file(scratch.path() / "link", runtime));
  BOOST_TEST(hfauth::is_lease_file(scratch.path() / "other-name/lease/work/token", runtime));
  BOOST_TEST(hfauth::is_lease_file(runtime / "default/token", scratch.path() / "other-name"));
  BOOST_TEST(!hfauth::is_lease_file(scratch.path() / "token", runtime));
}

BOOST_AUTO_TEST_CASE(a_private_directory_is_made_with_its_parents) {
  const ScratchDirectory scratch;
  const auto directory = scratch.path() / "a" / "b";
  BOOST_REQUIRE(hfauth::make_private_directory(directory));
  BOOST_REQUIRE(hfauth::make_private_directory(directory));

  struct stat status {};

  BOOST_REQUIRE(stat(directory.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0700U);
}

BOOST_AUTO_TEST_CASE(a_directory_unfit_for_secrets_is_refused) {
  const ScratchDirectory scratch;
  const auto open = scratch.path() / "open";
  std::filesystem::create_directory(open);
  BOOST_REQUIRE(chmod(open.c_str(), 0777) == 0);
  BOOST_TEST((hfauth::make_private_directory(open).error().code == Errc::denied));
  const auto link = scratch.path() / "link";
  std::filesystem::create_directory_symlink(scratch.path(), link);
  BOOST_TEST((hfauth::make_private_directory(link).error().code == Errc::denied));
  BOOST_TEST(
      (hfauth::make_private_directory(scratch.write("file", "")).error().code == Errc::denied));
}

BOOST_AUTO_TEST_CASE(home_is_shown_as_a_tilde) {
  BOOST_TEST(hfauth::show_path("/home/u/.cache/x", "/home/u") == "~/.cache/x");
  BOOST_TEST(hfauth::show_path("/home/user2/x", "/home/u") == "/home/user2/x");
  BOOST_TEST(hfauth::show_path("/home/u", "/home/u") == "~");
  BOOST_TEST(hfauth::show_path("/etc/x", "/") == "/etc/x");
}

BOOST_AUTO_TEST_SUITE_END()
