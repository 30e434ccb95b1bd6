// SPDX-License-Identifier: Apache-2.0
//
// AgentClient against the real hfauthd: it is started when it is missing, every method goes there
// and back, and what is not an agent is not used. Races and kills are in client_life_test.cpp.
#include "hfauth/agent/client.hpp"

#include "agent_user.hpp"
#include "hfauth/agent/frame.hpp"
#include "hfauth/agent/protocol.hpp"
#include "hfauth/core/file.hpp"
#include "samples.hpp"
#include "support/scratch_directory.hpp"
#include "support/test_tokens.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstring>

using namespace hfauth;
using namespace hfauth::agent;
using namespace hfauth::testing;
namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(client, User)

BOOST_AUTO_TEST_CASE(without_an_agent_it_is_unreachable_and_says_where) {
  const auto connected = connect(Spawn::never);
  BOOST_REQUIRE(!connected);
  BOOST_TEST(connected.error().code == Errc::agent_unreachable);
  BOOST_TEST(connected.error().detail.find("agent.sock") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_method_goes_there_and_back) {
  auto client = connect();
  BOOST_TEST_REQUIRE(why(client) == "");
  token::TokenRecord stored = record("alice");
  stored.facts.expires = parse_utc("2199-01-01T00:00:00Z").value();
  const auto added = client->add(stored, {.replace = false, .make_default = true});
  BOOST_TEST_REQUIRE(why(added) == "");
  BOOST_TEST(added->is_default);
  stored.facts.generation = 1;
  const auto answer = client->get_token({}, {});
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer->token.expose() == test_token("alice"));
  BOOST_TEST((answer->profile.facts == stored.facts));
  BOOST_TEST(client->add(stored, {}).error().code == Errc::conflict);
  const auto late = client->finish_refresh(
      stored.facts.profile, 99,
      {.token = Secret::copy_of(test_token("next")), .refresh = {}, .expires = {}});
  BOOST_REQUIRE(!late);
  BOOST_TEST(late.error().code == Errc::conflict);
  BOOST_TEST(late.error().detail.find("stored anew") != std::string::npos, late.error().detail);
  BOOST_TEST(client->unlock(Secret::copy_of("pass\xe9word")).error().code == Errc::invalid_input);
  BOOST_TEST(client->list().value().size() == 1U);
  BOOST_TEST(client->set_default(profile_name("alice")).value().is_default);
  const auto lease = client->open_lease(profile_name("alice"), std::chrono::seconds(60));
  BOOST_TEST(ScratchDirectory::read(lease.value().path) == test_token("alice"));
  BOOST_TEST(lease.value().path == paths.runtime / "lease" / "alice" / "token");
  BOOST_TEST(client->close_lease(profile_name("alice")).has_value());
  BOOST_TEST(client->status().value().activation == "autospawn");
  BOOST_TEST(client->status().value().store == "memory");
  BOOST_TEST(client->lock().has_value());
  BOOST_TEST(client->get_token({}, {}).error().code == Errc::locked);
  BOOST_TEST(client->unlock(Secret()).has_value());
  BOOST_TEST(client->remove(profile_name("alice")).has_value());
  BOOST_TEST(client->remove(profile_name("alice")).error().code == Errc::not_found);
  BOOST_TEST(client->shutdown().has_value());
}

BOOST_AUTO_TEST_CASE(a_stopped_starter_costs_a_named_error_and_not_for_ever) {
  BOOST_REQUIRE(make_private_directory(paths.runtime));
  const auto held = FileLock::acquire(paths.runtime / "agent.lock", std::chrono::milliseconds(0));
  BOOST_REQUIRE(held);
  const auto connected =
      AgentClient::connect(environment, paths, Spawn::if_missing, std::chrono::milliseconds(20));
  BOOST_REQUIRE(!connected);
  BOOST_TEST(connected.error().code == Errc::timeout);
  BOOST_TEST(connected.error().detail.find("agent.lock") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_stale_socket_is_no_agent_and_is_replaced) {
  BOOST_REQUIRE(make_private_directory(paths.runtime).has_value());
  const UniqueFd dead(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, paths.agent_socket(environment).c_str(),
               sizeof address.sun_path - 1);
  BOOST_REQUIRE(bind(dead.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  BOOST_TEST(connect(Spawn::never).error().code == Errc::agent_unreachable);
  BOOST_TEST(connect().has_value());
}

/// In the socket's place: answers each call with `first`, and behind it with a token of "mallory".
pid_t serve_stray_replies(int listener, const std::string& first) {
  const pid_t child = fork();
  if (child != 0) return child;
  const int connection = accept(listener, nullptr, nullptr);
  std::array<char, 4096> request{};
  while (read(connection, request.data(), request.size()) > 0) {
    GuardedBuffer stray;
    StoredProfile profile{.facts = record("mallory").facts, .mask = {}, .fingerprint = {}};
    write_token_reply(stray, test_token("mallory"), profile);
    for (const std::string_view bytes : {std::string_view(first), stray.view()})
      if (send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) _exit(0);
  }
  _exit(0);
}

BOOST_AUTO_TEST_CASE(after_a_broken_exchange_no_late_reply_is_taken_for_the_next_one) {
  BOOST_REQUIRE(make_private_directory(paths.runtime).has_value());
  const UniqueFd listener(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, paths.agent_socket(environment).c_str(),
               sizeof address.sun_path - 1);
  BOOST_REQUIRE(bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
                0);
  BOOST_REQUIRE(listen(listener.get(), 1) == 0);
  const pid_t server =
      serve_stray_replies(listener.get(), std::string(kMaxReplyBytes + 1, 'x') + '\0');
  {
    auto client = connect(Spawn::never);
    BOOST_TEST_REQUIRE(why(client) == "");
    BOOST_TEST(client->get_token(profile_name("alice"), {}).error().code == Errc::too_large);
    for (int i = 0; i < 3; ++i) {
      const auto later = client->get_token(profile_name("alice"), {});
      BOOST_TEST_REQUIRE(!later.has_value());
      BOOST_TEST(later.error().code == Errc::agent_unreachable);
    }
  }
  waitpid(server, nullptr, 0);
  fs::remove(paths.agent_socket(environment));
}

BOOST_AUTO_TEST_CASE(a_link_or_a_file_in_the_sockets_place_is_not_used) {
  BOOST_REQUIRE(make_private_directory(paths.runtime).has_value());
  const fs::path path = paths.agent_socket(environment);
  fs::create_symlink("/nowhere", path);
  BOOST_TEST(connect().error().code == Errc::denied);
  fs::remove(path);
  scratch.write("run/hfauth/agent.sock", "");
  BOOST_TEST(connect().error().code == Errc::denied);
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_can_write_is_not_used) {
  BOOST_REQUIRE(connect().has_value());
  fs::permissions(paths.runtime, fs::perms::all);
  BOOST_TEST(connect(Spawn::never).error().code == Errc::denied);
  fs::permissions(paths.runtime, fs::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(an_agent_that_cannot_start_tells_why) {
  environment.set("HFAUTH_AGENT_PROGRAM", "/nowhere/hfauthd");
  const auto missing = connect();
  BOOST_TEST(missing.error().code == Errc::agent_unreachable);
  BOOST_TEST(missing.error().detail.find("/nowhere/hfauthd") != std::string::npos);
  environment.set("HFAUTH_AGENT_PROGRAM", "/bin/false");
  BOOST_TEST(connect().error().detail.find("hfauthd.log") != std::string::npos);
  environment.set("HFAUTH_AGENT_PROGRAM", HFAUTHD);
  environment.set("HFAUTH_SOCK", (scratch.path() / std::string(120, 'x')).string());
  BOOST_TEST(connect().error().detail.find("107 bytes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_agent_does_not_inherit_a_token_from_its_starters_environment) {
  auto client = connect();
  const int pid = client.value().status().value().pid;
  const std::string variables = ScratchDirectory::read("/proc/" + std::to_string(pid) + "/environ");
  if (geteuid() == 0) BOOST_TEST(variables.find("HOME=") != std::string::npos);
  BOOST_TEST(variables.find(test_token("environment")) == std::string::npos);

  struct stat log {};

  BOOST_REQUIRE(stat((paths.state / "hfauthd.log").c_str(), &log) == 0);
  BOOST_TEST((log.st_mode & 07777) == 0600U);
}

BOOST_AUTO_TEST_SUITE_END()
