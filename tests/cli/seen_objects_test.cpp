// SPDX-License-Identifier: Apache-2.0
//
// The memory of git's objects without a token: what it keeps, what it forgets, and that a file that
// is damaged or cannot be written does no harm.
#include "seen_objects.hpp"

#include "support/scratch_directory.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace hfauth::cli {
namespace {

using hfauth::testing::ScratchDirectory;

const std::string kFirst(40, 'a');
const std::string kSecond = "0123456789abcdef0123456789abcdef01234567";
const std::string kLong(64, 'b');  // of a repository with SHA-256

void write(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

BOOST_AUTO_TEST_SUITE(seen_objects)

BOOST_AUTO_TEST_CASE(are_known_in_the_next_run_and_others_are_not) {
  const ScratchDirectory scratch;
  const std::filesystem::path file = scratch.path() / "cache/objects";
  SeenObjects first(file);
  BOOST_TEST(!first.contains(kFirst));
  first.note(kFirst);
  first.note(kLong);
  BOOST_TEST(first.contains(kFirst), "in the same run");
  BOOST_TEST(first.save().has_value());
  SeenObjects second(file);
  BOOST_TEST(second.contains(kFirst));
  BOOST_TEST(second.contains(kLong));
  BOOST_TEST(!second.contains(kSecond));
  second.note(kSecond);
  BOOST_TEST(second.save().has_value());
  SeenObjects third(file);
  BOOST_TEST((third.contains(kFirst) && third.contains(kSecond) && third.contains(kLong)));
}

BOOST_AUTO_TEST_CASE(are_kept_for_the_user_alone_and_written_when_there_is_something_new) {
  const ScratchDirectory scratch;
  const std::filesystem::path file = scratch.path() / "cache/objects";
  SeenObjects none(file);
  BOOST_TEST(none.save().has_value());
  BOOST_TEST(!std::filesystem::exists(file));
  none.note("no id");
  none.note(std::string(40, 'Z'));
  BOOST_TEST(none.save().has_value());
  BOOST_TEST(!std::filesystem::exists(file));
  none.note(kFirst);
  BOOST_TEST(none.save().has_value());
  struct stat status = {};
  BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(of_a_damaged_or_foreign_file_are_none) {
  const ScratchDirectory scratch;
  const std::filesystem::path file = scratch.path() / "objects";
  SeenObjects before(file);
  before.note(kFirst);
  BOOST_REQUIRE(before.save().has_value());
  const std::string whole = ScratchDirectory::read(file);
  for (const std::string& damaged :
       {whole.substr(0, whole.size() - 1), whole + "x", whole.substr(1), std::string(),
        std::string(5, '\0'), "other shapes\n" + whole.substr(whole.find('\n') + 1)}) {
    write(file, damaged);
    SeenObjects after(file);
    BOOST_TEST(!after.contains(kFirst));
    after.note(kSecond);
    BOOST_TEST(after.save().has_value());
    BOOST_TEST(SeenObjects(file).contains(kSecond), "it begins anew");
  }
}

BOOST_AUTO_TEST_CASE(that_cannot_be_written_are_an_error_and_nothing_else) {
  const ScratchDirectory scratch;
  write(scratch.path() / "cache", "a file where the folder should be");
  SeenObjects objects(scratch.path() / "cache/objects");
  objects.note(kFirst);
  BOOST_TEST(!objects.save().has_value());
  BOOST_TEST(objects.contains(kFirst));
}

BOOST_AUTO_TEST_CASE(beyond_the_limit_are_those_of_this_run) {
  const ScratchDirectory scratch;
  const std::filesystem::path file = scratch.path() / "objects";
  SeenObjects before(file, 2);
  before.note(kFirst);
  before.note(kLong);
  BOOST_REQUIRE(before.save().has_value());
  SeenObjects full(file, 2);
  BOOST_TEST(full.contains(kFirst), "asked for, so it is of use");
  full.note(kSecond);
  BOOST_REQUIRE(full.save().has_value());
  SeenObjects after(file, 2);
  BOOST_TEST((after.contains(kFirst) && after.contains(kSecond)));
  BOOST_TEST(!after.contains(kLong));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::cli
