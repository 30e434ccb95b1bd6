// SPDX-License-Identifier: Apache-2.0
//
// The vault among processes: concurrent writers, a killed writer, a full disk. Each part that may
// die or hit a limit runs in a forked child, which reports through its exit status or a pipe.
#include "hfauth/core/file.hpp"
#include "hfauth/store/vault.hpp"
#include "store/samples.hpp"
#include "support/child_process.hpp"
#include "support/skip.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

namespace hfauth::testing {
namespace {

using namespace std::chrono_literals;

struct Place {
  ScratchFolder folder;
  store::VaultFiles files{.vault = folder.path() / "data" / "vault",
                          .key_file = folder.path() / "state" / "vault.key"};
};

std::unique_ptr<store::SecretStore> open(const store::VaultFiles& files) {
  return std::move(store::open_vault(files)).value();
}

/// Puts ever larger records until one fails; the exit status is that error's code plus one, or 0 if
/// none failed.
int fill_up(const store::VaultFiles& files) {
  const auto store = open(files);
  for (int i = 0; i < 100; ++i) {
    token::TokenRecord record = sample("filler" + std::to_string(i), 'f');
    record.token = Secret::copy_of("hf_test" + std::string(8000, 'f'));
    const Result<void> put = store->put(record);
    if (!put) {
      const bool intact =
          store->get(profile("work")) && store->list()->size() == static_cast<std::size_t>(i) + 1;
      return intact ? 1 + static_cast<int>(put.error().code) : 126;
    }
  }
  return 0;
}

bool only_known_files_in(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name != "vault" && name != "vault.previous" && name != "vault.lock") {
      BOOST_TEST_MESSAGE("left behind: " << name);
      return false;
    }
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vault_processes)

BOOST_AUTO_TEST_CASE(no_update_of_four_concurrent_writers_is_lost) {
  Place place;
  place.files.lock_wait = std::chrono::minutes(2);  // a slow disk must not fail this test
  constexpr int kWriters = 4;
  constexpr int kEach = 12;
  pid_t children[kWriters];
  for (int writer = 0; writer < kWriters; ++writer) {
    children[writer] = in_child([&place, writer] {
      const auto store = open(place.files);
      for (int i = 0; i < kEach; ++i) {
        store->put(sample("w" + std::to_string(writer) + "-" + std::to_string(i), 'c')).value();
      }
      return 0;
    });
  }
  for (const pid_t child : children) {
    BOOST_TEST(status_of(child) == 0);
  }
  const auto list = open(place.files)->list();
  BOOST_REQUIRE_EQUAL(outcome(list), "ok");
  BOOST_TEST(list->size() == static_cast<std::size_t>(kWriters * kEach));
}

BOOST_AUTO_TEST_CASE(a_stopped_process_with_the_lock_costs_a_named_error_and_not_for_ever) {
  Place place;
  open(place.files)->put(sample("work", 'w')).value();
  int ends[2];
  BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
  const pid_t child = in_child([&place, &ends] {
    const auto lock = FileLock::acquire(place.files.vault.string() + ".lock", 0ms);
    if (!lock || ::write(ends[1], "+", 1) != 1) return 1;
    return ::raise(SIGSTOP) == 0 ? 0 : 2;
  });
  ::close(ends[1]);
  char mark = 0;
  BOOST_REQUIRE_EQUAL(::read(ends[0], &mark, 1), 1);
  ::close(ends[0]);
  place.files.lock_wait = 20ms;
  const auto store = open(place.files);
  const auto put = store->put(sample("home", 'h'));
  BOOST_TEST(outcome(put) == "store_timeout");
  BOOST_TEST((!put && put.error().detail.find("vault.lock") != std::string::npos));
  BOOST_TEST(outcome(store->get(profile("work"))) == "ok");
  ::kill(child, SIGKILL);
  BOOST_TEST(status_of(child) == -SIGKILL);
  BOOST_TEST(outcome(store->put(sample("home", 'h'))) == "ok");
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_before_a_kill_is_there) {
  for (int round = 1; round <= 10; ++round) {
    const Place place;
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    const pid_t child = in_child([&place, &ends] {
      const auto store = open(place.files);
      for (std::uint64_t generation = 1;; ++generation) {
        store->put(sample("work", 'k', generation)).value();
        if (::write(ends[1], "+", 1) != 1) {
          return 1;
        }
      }
    });
    ::close(ends[1]);
    char mark = 0;
    for (int i = 0; i < round; ++i) {
      BOOST_REQUIRE_EQUAL(::read(ends[0], &mark, 1), 1);
    }
    ::kill(child, SIGKILL);
    BOOST_TEST(status_of(child) == -SIGKILL);
    std::uint64_t acknowledged = static_cast<std::uint64_t>(round);
    while (::read(ends[0], &mark, 1) == 1) {
      ++acknowledged;
    }
    ::close(ends[0]);
    const auto store = open(place.files);
    const auto record = store->get(profile("work"));
    BOOST_REQUIRE_EQUAL(outcome(record), "ok");
    BOOST_TEST(record->facts.generation >= acknowledged);
    BOOST_TEST(store->describe().place == place.files.vault.string());
    BOOST_TEST(outcome(store->put(sample("home", 'h'))) == "ok");
  }
}

BOOST_AUTO_TEST_CASE(a_limit_on_file_sizes_leaves_the_old_vault) {
  const Place place;
  open(place.files)->put(sample("work", 'w')).value();
  const pid_t child = in_child([&place] {
    const rlimit limit{.rlim_cur = 64 * 1024, .rlim_max = 64 * 1024};
    ::signal(SIGXFSZ, SIG_IGN);
    return ::setrlimit(RLIMIT_FSIZE, &limit) == 0 ? fill_up(place.files) : 124;
  });
  const int status = status_of(child);
  BOOST_TEST(
      (status == 1 + static_cast<int>(Errc::io) || status == 1 + static_cast<int>(Errc::no_space)),
      "status " << status);
  BOOST_TEST(outcome(open(place.files)->get(profile("work"))) == "ok");
  BOOST_TEST(only_known_files_in(place.files.vault.parent_path()));
}

BOOST_AUTO_TEST_SUITE_END()

// Not with the others: ctest runs it by its name, so that a machine without it shows as skipped.
BOOST_AUTO_TEST_SUITE(vault_full_disk, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(a_full_disk_is_no_space_and_leaves_the_old_vault) {
  constexpr int kNoMount = 124;
  const Place place;
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  const pid_t child = in_child([&] {
    const int spaces = uid == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
    if (::unshare(spaces) != 0) {
      return kNoMount;
    }
    if (uid != 0) {
      std::ofstream("/proc/self/setgroups") << "deny";
      std::ofstream("/proc/self/uid_map") << uid << ' ' << uid << " 1";
      std::ofstream("/proc/self/gid_map") << gid << ' ' << gid << " 1";
    }
    ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    if (::mount("tmpfs", place.folder.path().c_str(), "tmpfs", 0, "size=256k,mode=0700") != 0) {
      return kNoMount;
    }
    open(place.files)->put(sample("work", 'w')).value();
    const int status = fill_up(place.files);
    return only_known_files_in(place.files.vault.parent_path()) ? status : 123;
  });
  const int status = status_of(child);
  if (status == kNoMount) skip_all("no private tmpfs may be mounted here");
  BOOST_TEST(status == 1 + static_cast<int>(Errc::no_space));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
