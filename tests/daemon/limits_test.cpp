// SPDX-License-Identifier: Apache-2.0
//
// Who is let in, the command line, and the socket's place.
#include "limits.hpp"

#include "options.hpp"
#include "peer.hpp"
#include "samples.hpp"
#include "socket_file.hpp"
#include "support/scratch_directory.hpp"

#include <sys/socket.h>

#include <boost/test/unit_test.hpp>

#include <array>

using namespace hfauth;
using namespace hfauth::daemon;
using namespace hfauth::testing;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kOwner = 1000;
constexpr pid_t kOwnProgram = 7;

struct Door {
  Admission admission{kOwner, [](pid_t pid) { return pid == kOwnProgram; }};

  /// The fault's name, "" for admitted.
  std::string admit(pid_t pid, uid_t uid = kOwner) {
    const auto fault = admission.admit({.pid = pid, .uid = uid});
    return fault ? std::string(name_of(fault->code)) : "";
  }

  void fill(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      BOOST_REQUIRE(admit(1000 + static_cast<pid_t>(i / kMaxPerProcess)).empty());
    }
  }
};

Result<Options> parse(std::vector<const char*> words) {
  return parse_options(words);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(admission, Door)

BOOST_AUTO_TEST_CASE(only_the_owner_is_let_in_and_root_is_not_the_owner) {
  BOOST_TEST(admit(1, kOwner).empty());
  BOOST_TEST(admit(1, 1001) == "org.hfauth.Agent.Denied");
  BOOST_TEST(admit(1, 0) == "org.hfauth.Agent.Denied");
  BOOST_TEST(admission.count() == 1U);
}

BOOST_AUTO_TEST_CASE(one_process_has_64_connections_at_most) {
  for (std::size_t i = 0; i < kMaxPerProcess; ++i)
    BOOST_REQUIRE(admit(1).empty());
  BOOST_TEST(admit(1) == "org.hfauth.Agent.Busy");
  BOOST_TEST(admit(2).empty());
  admission.leave({.pid = 1, .uid = kOwner});
  BOOST_TEST(admit(1).empty());
}

BOOST_AUTO_TEST_CASE(the_last_8_places_are_for_the_owners_own_program) {
  fill(kMaxConnections - kReservedForOwner);
  BOOST_TEST(admit(5) == "org.hfauth.Agent.Busy");
  for (std::size_t i = 0; i < kReservedForOwner; ++i)
    BOOST_REQUIRE(admit(kOwnProgram).empty());
  BOOST_TEST(admission.count() == 1280U);
  BOOST_TEST(admit(kOwnProgram) == "org.hfauth.Agent.Busy");
}

BOOST_AUTO_TEST_CASE(the_kernel_tells_who_is_there) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
  const UniqueFd first(ends[0]);
  const UniqueFd second(ends[1]);
  BOOST_TEST(peer_of(first.get()).value().pid == getpid());
  BOOST_TEST(peer_of(first.get()).value().uid == getuid());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(takes_what_it_knows) {
  BOOST_TEST(parse({}).has_value());
  BOOST_TEST(parse({"--foreground"}).has_value());
  BOOST_TEST(parse({"--idle-exit", "60"}).value().idle_exit.value().count() == 60);
  BOOST_TEST(parse({"--ready-fd=3"}).value().ready_fd.value() == 3);
  BOOST_TEST(parse({"--version"}).value().version);
  BOOST_TEST(parse({"--help"}).value().help);
}

BOOST_AUTO_TEST_CASE(refuses_what_it_does_not_know) {
  for (const auto& words : std::vector<std::vector<const char*>>{{"--idle-exit"},
                                                                 {"--idle-exit", "0"},
                                                                 {"--idle-exit=x"},
                                                                 {"--ready-fd", "2"},
                                                                 {"--version=1"},
                                                                 {"serve"},
                                                                 {"-h"},
                                                                 {""}}) {
    const auto options = parse(words);
    BOOST_REQUIRE(!options);
    BOOST_TEST(options.error().code == Errc::usage);
  }
}

BOOST_AUTO_TEST_CASE(the_help_names_every_option) {
  for (const char* const option :
       {"--foreground", "--idle-exit", "--ready-fd", "--version", "--help"}) {
    BOOST_TEST(help_text().find(option) != std::string_view::npos, option);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(socket_place)

BOOST_AUTO_TEST_CASE(a_stale_socket_is_replaced_and_a_live_one_is_not) {
  const ScratchDirectory scratch;
  const fs::path path = scratch.path() / "run/agent.sock";
  std::optional<FileIdentity> stale;
  {
    const auto killed = listen_on(path);
    BOOST_REQUIRE(killed.has_value());
    stale = identity_of(path);
  }
  const auto second = listen_on(path);
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST((identity_of(path) != stale));
  BOOST_TEST((fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
  const auto third = listen_on(path);
  BOOST_REQUIRE(!third);
  BOOST_TEST(third.error().code == Errc::conflict);
}

BOOST_AUTO_TEST_CASE(a_link_and_a_file_in_the_sockets_place_are_refused) {
  const ScratchDirectory scratch;
  fs::permissions(scratch.path(), fs::perms::owner_all);
  const fs::path file = scratch.write("file", "mine");
  fs::create_symlink(scratch.path() / "elsewhere", scratch.path() / "link");
  for (const fs::path& path : {file, scratch.path() / "link"}) {
    const auto listener = listen_on(path);
    BOOST_REQUIRE(!listener);
    BOOST_TEST(listener.error().code == Errc::denied);
  }
  BOOST_TEST(ScratchDirectory::read(file) == "mine");
}

BOOST_AUTO_TEST_CASE(a_path_that_does_not_fit_says_so) {
  const ScratchDirectory scratch;
  const auto listener = listen_on(scratch.path() / std::string(100, 'x'));
  BOOST_REQUIRE(!listener);
  BOOST_TEST(listener.error().code == Errc::too_large);
}

BOOST_AUTO_TEST_SUITE_END()
