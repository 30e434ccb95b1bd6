// SPDX-License-Identifier: Apache-2.0
//
// Lease files: modes, swaps, links and foreign things in the way, and what a killed agent leaves.
#include "lease_files.hpp"

#include "samples.hpp"
#include "support/scratch_directory.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace hfauth;
using namespace hfauth::testing;
using hfauth::daemon::LeaseFiles;
namespace fs = std::filesystem;

namespace {

struct Runtime {
  ScratchDirectory scratch;
  fs::path runtime = make();
  LeaseFiles files{runtime};

  [[nodiscard]] fs::path make() const {
    fs::create_directory(scratch.path() / "run");
    return scratch.path() / "run";
  }

  static int mode(const fs::path& path) {
    struct stat info {};

    return lstat(path.c_str(), &info) == 0 ? static_cast<int>(info.st_mode & 07777) : -1;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lease_files, Runtime)

BOOST_AUTO_TEST_CASE(the_file_and_its_folders_are_the_owners_alone) {
  BOOST_REQUIRE(files.put(profile_name("a"), "hf_token").has_value());
  BOOST_TEST(ScratchDirectory::read(runtime / "lease/a/token") == "hf_token");
  BOOST_TEST(mode(runtime / "lease/a/token") == 0600);
  BOOST_TEST(mode(runtime / "lease/a") == 0700);
  BOOST_TEST(mode(runtime / "lease") == 0700);
}

BOOST_AUTO_TEST_CASE(a_profile_named_default_does_not_meet_the_default_file) {
  BOOST_REQUIRE(files.put(profile_name("default"), "one").has_value());
  BOOST_REQUIRE(files.put(std::nullopt, "two").has_value());
  BOOST_TEST(ScratchDirectory::read(files.path_of(profile_name("default"))) == "one");
  BOOST_TEST(ScratchDirectory::read(files.path_of(std::nullopt)) == "two");
}

BOOST_AUTO_TEST_CASE(a_reader_keeps_the_whole_old_token_while_it_is_swapped) {
  BOOST_REQUIRE(files.put(std::nullopt, "old-token").has_value());
  std::ifstream reader(files.path_of(std::nullopt));
  char first = 0;
  reader.get(first);
  BOOST_REQUIRE(files.put(std::nullopt, "new").has_value());
  std::string rest;
  reader >> rest;
  BOOST_TEST(first + rest == "old-token");
  BOOST_TEST(ScratchDirectory::read(files.path_of(std::nullopt)) == "new");
}

BOOST_AUTO_TEST_CASE(a_linked_folder_is_refused_and_nothing_is_written_behind_it) {
  fs::create_directory(scratch.path() / "elsewhere");
  for (const char* const link : {"lease", "default"})
    fs::create_directory_symlink(scratch.path() / "elsewhere", runtime / link);
  BOOST_TEST(files.put(profile_name("a"), "t").error().code == Errc::denied);
  BOOST_TEST(files.put(std::nullopt, "t").error().code == Errc::denied);
  BOOST_TEST(fs::is_empty(scratch.path() / "elsewhere"));
}

BOOST_AUTO_TEST_CASE(a_linked_token_file_is_replaced_and_its_target_untouched) {
  const fs::path target = scratch.write("target", "mine");
  fs::create_directories(runtime / "default");
  fs::create_symlink(target, runtime / "default/token");
  fs::create_symlink(target, runtime / "default/.token.new");
  BOOST_REQUIRE(files.put(std::nullopt, "t").has_value());
  BOOST_TEST(ScratchDirectory::read(target) == "mine");
  BOOST_TEST(!fs::is_symlink(runtime / "default/token"));
}

BOOST_AUTO_TEST_CASE(a_folder_in_the_files_place_is_an_error_and_leaves_no_temporary_file) {
  fs::create_directories(runtime / "default/token/x");
  BOOST_TEST(!files.put(std::nullopt, "t").has_value());
  BOOST_TEST(!fs::exists(runtime / "default/.token.new"));
}

BOOST_AUTO_TEST_CASE(a_loose_folder_of_ours_is_closed) {
  fs::create_directories(runtime / "lease/a");
  fs::permissions(runtime / "lease/a", fs::perms::all);
  BOOST_REQUIRE(files.put(profile_name("a"), "t").has_value());
  BOOST_TEST(mode(runtime / "lease/a") == 0700);
}

BOOST_AUTO_TEST_CASE(removing_takes_the_empty_folder_too_and_is_content_with_nothing) {
  BOOST_REQUIRE(files.put(profile_name("a"), "t").has_value());
  BOOST_TEST(files.remove(profile_name("a")).has_value());
  BOOST_TEST(!fs::exists(runtime / "lease/a"));
  BOOST_TEST(files.remove(profile_name("a")).has_value());
}

BOOST_AUTO_TEST_CASE(removing_leaves_what_others_put_there) {
  BOOST_REQUIRE(files.put(profile_name("a"), "t").has_value());
  scratch.write("run/lease/a/stored_tokens", "x");
  BOOST_TEST(files.remove(profile_name("a")).has_value());
  BOOST_TEST(!fs::exists(runtime / "lease/a/token"));
  BOOST_TEST(fs::exists(runtime / "lease/a/stored_tokens"));
}

BOOST_AUTO_TEST_CASE(a_sweep_removes_every_token_that_was_left_and_follows_no_link) {
  const fs::path outside = scratch.write("outside/token", "mine");
  for (const char* const name : {"a", "b"})
    BOOST_REQUIRE(files.put(profile_name(name), "t").has_value());
  BOOST_REQUIRE(files.put(std::nullopt, "t").has_value());
  scratch.write("run/lease/b/.token.new", "torn");
  fs::create_directory_symlink(outside.parent_path(), runtime / "lease/c");
  BOOST_TEST(files.sweep().error().code == Errc::denied);
  BOOST_TEST(!fs::exists(runtime / "lease/a"));
  BOOST_TEST(!fs::exists(runtime / "lease/b"));
  BOOST_TEST(!fs::exists(runtime / "default"));
  BOOST_TEST(fs::exists(outside));
  fs::remove(runtime / "lease/c");
  BOOST_TEST(files.sweep().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
