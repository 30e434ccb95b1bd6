// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/file.hpp"

#include "support/scratch_directory.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <iterator>

using namespace std::chrono_literals;
using hfauth::Durability;
using hfauth::Errc;
using hfauth::testing::ScratchDirectory;

namespace {

std::size_t entries(const std::filesystem::path& directory) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(directory), {}));
}

/// Lets no file of this process grow beyond `bytes`: what a full disk looks like to a write.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }

  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(files)

BOOST_AUTO_TEST_CASE(reads_what_was_written_and_sets_the_mode) {
  const ScratchDirectory scratch;
  const auto file = scratch.path() / "f";
  const std::string content(200000, 'x');
  BOOST_REQUIRE(hfauth::write_file_atomically(file, content, 0600, Durability::synced));
  BOOST_TEST(hfauth::read_file(file).value() == content);
  BOOST_TEST(hfauth::read_secret_file(file).value().expose() == content);

  struct stat status {};

  BOOST_REQUIRE(stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
  BOOST_TEST(entries(scratch.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_old_file_and_no_temporary_one) {
  const ScratchDirectory scratch;
  const auto file = scratch.write("f", "old");
  {
    const SmallFiles full(4096);
    const auto result =
        hfauth::write_file_atomically(file, std::string(100000, 'x'), 0600, Durability::synced);
    BOOST_REQUIRE(!result);
    BOOST_TEST((result.error().code == Errc::no_space));
  }
  BOOST_TEST(ScratchDirectory::read(file) == "old");
  BOOST_TEST(entries(scratch.path()) == 1U);
}

BOOST_AUTO_TEST_CASE(tells_missing_too_large_and_not_a_file_apart) {
  const ScratchDirectory scratch;
  const auto file = scratch.write("f", "123456");
  BOOST_TEST((hfauth::read_file(scratch.path() / "none").error().code == Errc::not_found));
  BOOST_TEST((hfauth::read_file(file, 5).error().code == Errc::too_large));
  BOOST_TEST(hfauth::read_file(file, 6).value() == "123456");
  BOOST_TEST((hfauth::read_secret_file(file, 5).error().code == Errc::too_large));
  BOOST_TEST((hfauth::read_file(scratch.path()).error().code == Errc::io));
}

BOOST_AUTO_TEST_CASE(a_fifo_does_not_block_a_reader) {
  const ScratchDirectory scratch;
  const auto fifo = scratch.path() / "fifo";
  BOOST_REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST((hfauth::read_file(fifo).error().code == Errc::io));
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_held_is_busy_until_it_is_let_go) {
  const ScratchDirectory scratch;
  const auto file = scratch.path() / "lock";
  {
    const auto held = hfauth::FileLock::acquire(file, 0s);
    BOOST_REQUIRE(held);
    BOOST_TEST((hfauth::FileLock::try_acquire(file).error().code == Errc::busy));
    const auto waited = hfauth::FileLock::acquire(file, 20ms);
    BOOST_REQUIRE(!waited);
    BOOST_TEST((waited.error().code == Errc::timeout));
    BOOST_TEST(waited.error().detail.find(file.string()) != std::string::npos);
  }
  BOOST_TEST(hfauth::FileLock::try_acquire(file).has_value());
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_named) {
  const ScratchDirectory scratch;
  const auto file = scratch.path() / "none" / "f";
  const auto result = hfauth::write_file_atomically(file, "x", 0600, Durability::renamed);
  BOOST_TEST((result.error().code == Errc::not_found));
  BOOST_TEST(result.error().detail.find(file.string()) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
