// SPDX-License-Identifier: Apache-2.0
//
// Clients while agents come and go: exactly one is started whatever races, and a call that meets
// the end of one is made with the next, if that does no harm. HFAUTH_ROUNDS sets how often a
// hundred clients race (5).
#include "agent_user.hpp"
#include "hfauth/agent/client.hpp"
#include "hfauth/core/file.hpp"
#include "samples.hpp"
#include "support/scratch_directory.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <vector>

using namespace hfauth;
using namespace hfauth::agent;
using namespace hfauth::testing;
namespace fs = std::filesystem;

namespace {

/// Starts `work` in `n` processes at the same moment; the pipe's end is when the last one is done.
template <class Work>
UniqueFd race(int n, std::vector<pid_t>& children, const Work& work) {
  std::array<int, 2> results{};
  std::array<int, 2> start{};
  BOOST_REQUIRE(pipe2(results.data(), O_CLOEXEC) == 0);
  BOOST_REQUIRE(pipe2(start.data(), O_CLOEXEC) == 0);
  for (int i = 0; i < n; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      close(start[1]);
      close(results[0]);
      char byte = 0;
      if (read(start[0], &byte, 1) < 0) _exit(2);  // returns for all when the parent closes its end
      work(i, results[1]);
      _exit(0);
    }
    BOOST_REQUIRE(child > 0);
    children.push_back(child);
  }
  for (const int ours : {start[0], results[1], start[1]})
    close(ours);
  return UniqueFd(results[0]);
}

void reap(const std::vector<pid_t>& children) {
  for (const pid_t child : children)
    waitpid(child, nullptr, 0);
}

/// Processes that work until nobody reads their results any more, however the test ends. (Killing
/// them might hit one that is starting an agent, which then stays.)
struct Busy {
  std::vector<pid_t> children;
  UniqueFd results;

  Busy() = default;
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

  ~Busy() {
    results.reset();
    reap(children);
  }
};

int rounds() {
  const char* const asked = std::getenv("HFAUTH_ROUNDS");  // NOLINT(concurrency-mt-unsafe)
  return asked == nullptr ? 5 : std::atoi(asked);          // NOLINT(cert-err34-c): a test's knob
}

/// In the socket's place: closes every connection without an answer, after reading the request or
/// without. Ends when the last one who holds `count` does not read it any more.
pid_t serve_no_answers(int listener, bool reads, int count) {
  const pid_t child = fork();
  if (child != 0) return child;
  while (true) {
    const UniqueFd connection(accept(listener, nullptr, nullptr));
    std::array<char, 4096> request{};
    pollfd ready{.fd = connection.get(), .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, -1) != 1) _exit(1);
    if (reads && read(connection.get(), request.data(), request.size()) <= 0) continue;
    if (write(count, "x", 1) != 1) _exit(1);
  }
}

struct NoAnswers : User {
  UniqueFd listener{socket(AF_UNIX, SOCK_STREAM, 0)};
  UniqueFd counted;
  pid_t server = -1;

  NoAnswers() = default;
  NoAnswers(const NoAnswers&) = delete;
  NoAnswers& operator=(const NoAnswers&) = delete;

  void serve(bool reads) {
    BOOST_REQUIRE(make_private_directory(paths.runtime));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, paths.agent_socket(environment).c_str(),
                 sizeof address.sun_path - 1);
    BOOST_REQUIRE(
        bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    BOOST_REQUIRE(listen(listener.get(), 8) == 0);
    std::array<int, 2> ends{};
    BOOST_REQUIRE(pipe2(ends.data(), O_NONBLOCK) == 0);
    counted = UniqueFd(ends[0]);
    const UniqueFd theirs(ends[1]);
    server = serve_no_answers(listener.get(), reads, theirs.get());
  }

  /// How often the server was asked since the last time.
  [[nodiscard]] long asked() const {
    std::array<char, 64> bytes{};
    return std::max<long>(read(counted.get(), bytes.data(), bytes.size()), 0);
  }

  ~NoAnswers() {
    kill(server, SIGKILL);
    waitpid(server, nullptr, 0);
    fs::remove(paths.agent_socket(environment));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_life, User)

BOOST_AUTO_TEST_CASE(a_hundred_racing_clients_start_exactly_one_agent) {
  constexpr int kClients = 100;
  for (int round = 0; round < rounds(); ++round) {
    std::vector<pid_t> children;
    const UniqueFd results = race(kClients, children, [this](int, int out) {
      auto client = connect();
      const auto status = client ? client->status() : client.error();
      if (!status) std::fprintf(stderr, "%s\n", why(status).c_str());
      const int pid = status ? status->pid : -1;
      if (write(out, &pid, sizeof pid) != sizeof pid) _exit(2);
    });
    std::set<int> agents;
    int pid = 0;
    int answers = 0;
    while (read(results.get(), &pid, sizeof pid) == sizeof pid) {
      agents.insert(pid);
      ++answers;
    }
    reap(children);
    BOOST_TEST(answers == kClients);
    BOOST_TEST_REQUIRE(agents.size() == 1U);
    BOOST_TEST_REQUIRE(*agents.begin() > 0);
    // The next round begins with nothing, or with what a killed agent leaves behind.
    if (round % 2 == 0) {
      BOOST_TEST(connect(Spawn::never)->shutdown().has_value());
    } else {
      kill(*agents.begin(), SIGKILL);
    }
  }
  const std::string log = ScratchDirectory::read(paths.state / "hfauthd.log");
  int listened = 0;
  for (std::size_t at = log.find("listening on"); at != std::string::npos;
       at = log.find("listening on", at + 1))
    ++listened;
  BOOST_TEST(listened == rounds());
}

BOOST_AUTO_TEST_CASE(no_call_fails_while_agents_are_killed_and_ended) {
  static constexpr int kClients = 8;
  constexpr int kAgents = 20;
  auto observer = connect();
  BOOST_TEST_REQUIRE(why(observer) == "");
  Busy clients;
  clients.results = race(kClients, clients.children, [this](int i, int out) {
    while (true) {
      auto client = connect();
      const auto list = client ? client->list() : client.error();
      const bool good = list.has_value();
      if (!good) std::fprintf(stderr, "%s\n", why(list).c_str());
      const char told = static_cast<char>(good ? i : kClients);
      if (write(out, &told, 1) != 1) _exit(0);
      if (!good) _exit(1);
    }
  });
  for (int round = 0; round < kAgents; ++round) {
    const auto status = observer->status();
    BOOST_TEST_REQUIRE(why(status) == "");
    kill(status->pid, round % 2 == 0 ? SIGKILL : SIGTERM);
    // What lies in the pipe was told before the signal. Of what comes then, the first result of
    // each may be of a call that was begun before, the second is not: both have outlived the
    // signal, so no call is hit by two.
    int waiting = 0;
    BOOST_REQUIRE(ioctl(clients.results.get(), FIONREAD, &waiting) == 0);
    const auto next_result = [&clients] {
      char told = 0;
      BOOST_REQUIRE(read(clients.results.get(), &told, 1) == 1);
      BOOST_TEST_REQUIRE(told < kClients, "a call failed");
      return static_cast<unsigned char>(told);
    };
    for (; waiting > 0; --waiting)
      next_result();
    std::array<int, kClients> seen{};
    while (std::any_of(seen.begin(), seen.end(), [](int n) { return n < 2; }))
      ++seen[next_result()];
  }
}

BOOST_AUTO_TEST_CASE(a_client_right_after_a_shutdown_gets_a_new_agent) {
  for (int i = 0; i < 20; ++i) {
    auto client = connect();
    BOOST_TEST_REQUIRE(why(client) == "");
    BOOST_TEST_REQUIRE(why(client->shutdown()) == "");
  }
}

BOOST_AUTO_TEST_CASE(a_call_in_the_instant_of_kill_9_is_answered_by_the_next_agent) {
  constexpr int kRounds = 60;
  auto early = connect();
  BOOST_TEST_REQUIRE(why(early) == "");
  for (int i = 0; i < kRounds; ++i) {
    auto status = early->status();
    BOOST_TEST_REQUIRE(why(status) == "");
    BOOST_REQUIRE(kill(status->pid, SIGKILL) == 0);
    auto late = connect();
    BOOST_TEST(why(late) == "");
    if (late) BOOST_TEST(why(late->list()) == "");
    BOOST_TEST(why(early->list()) == "");
    BOOST_TEST(why(early->add(record("alice"), {.replace = true, .make_default = false})) == "");
  }
}

BOOST_FIXTURE_TEST_CASE(a_call_that_was_read_is_repeated_once_and_only_if_that_does_no_harm,
                        NoAnswers) {
  serve(true);
  BOOST_TEST(connect(Spawn::never)->list().error().code == Errc::agent_unreachable);
  BOOST_TEST(asked() == 2);
  const AgentClient::AddOptions replace{.replace = true, .make_default = false};
  BOOST_TEST(connect(Spawn::never)->add(record("alice"), replace).error().code ==
             Errc::agent_unreachable);
  BOOST_TEST(asked() == 2);
  BOOST_TEST(connect(Spawn::never)->add(record("alice"), {}).error().code ==
             Errc::agent_unreachable);
  BOOST_TEST(connect(Spawn::never)->remove(profile_name("alice")).error().code ==
             Errc::agent_unreachable);
  BOOST_TEST(asked() == 2);
}

BOOST_FIXTURE_TEST_CASE(a_call_that_was_not_read_is_repeated_but_not_for_ever, NoAnswers) {
  serve(false);
  const auto added = connect(Spawn::never)->add(record("alice"), {});
  BOOST_TEST(added.error().code == Errc::agent_unreachable);
  BOOST_TEST(why(added).find("before it read") != std::string::npos, why(added));
  BOOST_TEST(asked() > 2);
  BOOST_TEST(connect(Spawn::never)->shutdown().error().code == Errc::agent_unreachable);
  BOOST_TEST(asked() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
