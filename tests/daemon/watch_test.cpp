// SPDX-License-Identifier: Apache-2.0
//
// What a watcher is told, and that one which does not read costs nobody anything.
#include "change_feed.hpp"
#include "fixture.hpp"
#include "session_machine.hpp"

#include <boost/test/unit_test.hpp>

using namespace hfauth;
using namespace hfauth::daemon;
using namespace hfauth::testing;
namespace call = hfauth::agent::call;

namespace {

struct Watching : AgentFixture {
  std::vector<std::string> events;
  std::optional<std::string> end;
  bool reads = true;

  Watching() {
    auto client = std::make_shared<TestClient>(7);
    client->on_reply = [this](std::string_view message) { end = std::string(message); };
    client->on_interim = [this](std::string_view message) {
      if (!reads) return false;
      BOOST_TEST(agent::continues(message));
      const auto event = agent::read_event_reply(message).value();
      events.push_back(event.event + (event.profile.empty() ? "" : " " + event.profile));
      return true;
    };
    dispatcher->handle({.request = call::Watch{}, .more = true}, client);
  }

  std::string take() {
    std::string all;
    for (const std::string& event : std::exchange(events, {}))
      all += (all.empty() ? "" : ", ") + event;
    return all;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(watch, Watching)

BOOST_AUTO_TEST_CASE(who_watches_an_agent_that_begins_is_told_of_no_change_that_is_none) {
  worker.held = true;
  restart();
  events.clear();
  auto client = std::make_shared<TestClient>(8);
  client->on_interim = [this](std::string_view message) {
    events.push_back(agent::read_event_reply(message).value().detail);
    return true;
  };
  dispatcher->handle({.request = call::Watch{}, .more = true}, client);
  BOOST_TEST(take().empty());
  worker.run_one();
  worker.held = false;
  dispatcher->observe();
  BOOST_TEST(take() == "ok");
}

BOOST_AUTO_TEST_CASE(every_change_is_told_once_and_in_order) {
  BOOST_TEST(take() == "watching");
  BOOST_REQUIRE(add("alice").has_value());
  BOOST_TEST(take() == "added alice, default alice");
  BOOST_REQUIRE(add("alice", "https://huggingface.co", true).has_value());
  BOOST_TEST(take() == "stored alice");
  static_cast<void>(ask(call::OpenLease{}));
  BOOST_TEST(take() == "lease_opened alice");
  BOOST_REQUIRE(add("bob").has_value());
  static_cast<void>(take());
  BOOST_TEST(outcome(call::SetRoute{{.endpoint = {}, .repo = "org/*"}, profile_name("bob")}) ==
             "ok");
  BOOST_TEST(take() == "routes");
  static_cast<void>(ask(call::SetDefault{profile_name("bob")}));
  BOOST_TEST(take() == "default bob, lease_opened bob");  // the default lease follows
  BOOST_TEST(outcome(call::Lock{}) == "ok");
  BOOST_TEST(take() == "locked, store, lease_closed bob");
  BOOST_TEST(outcome(call::Unlock{}) == "ok");
  BOOST_TEST(take().starts_with("unlocked, store"));
  BOOST_TEST(outcome(call::Remove{profile_name("bob")}) == "ok");
  BOOST_TEST(take().starts_with("removed bob"));
  static_cast<void>(ask(call::List{}));
  static_cast<void>(ask(call::GetToken{}));
  BOOST_TEST(take().empty());
  BOOST_TEST(!end.has_value());
}

BOOST_AUTO_TEST_CASE(one_that_does_not_read_is_dropped_with_a_reason) {
  reads = false;
  BOOST_REQUIRE(add("alice").has_value());
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->find("org.hfauth.Agent.Busy") != std::string::npos);
  end.reset();
  BOOST_REQUIRE(add("bob").has_value());
  BOOST_TEST(!end.has_value());
}

BOOST_AUTO_TEST_CASE(a_watcher_that_is_gone_gets_no_more) {
  dispatcher->on_caller_gone(7);
  static_cast<void>(take());
  BOOST_REQUIRE(add("alice").has_value());
  BOOST_TEST(events.empty());
}

BOOST_AUTO_TEST_CASE(without_more_it_is_the_present_state) {
  const std::string reply = ask(call::Watch{}).value();
  BOOST_TEST(!agent::continues(reply));
  BOOST_TEST(agent::read_event_reply(reply)->event == "watching");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(watch)

BOOST_AUTO_TEST_CASE(a_session_takes_interim_replies_up_to_its_limit_and_then_the_last_one) {
  MonotonicTime now{};
  SessionMachine machine(now);
  const std::string request = "{\"method\":\"org.hfauth.Agent.Watch\",\"more\":true}";
  std::copy_n(request.c_str(), request.size() + 1, machine.room().begin());
  machine.on_bytes(request.size() + 1, now);
  BOOST_REQUIRE(machine.next_call(now)->more);
  BOOST_TEST(!machine.wants_input());
  BOOST_TEST(machine.on_interim("x", now));
  BOOST_TEST(machine.wants_input());  // its end has to be noticed
  BOOST_TEST(!machine.next_call(now).has_value());
  const std::string piece(100'000, 'x');
  int taken = 0;
  while (machine.on_interim(piece, now))
    ++taken;
  BOOST_TEST(taken == 11);
  machine.on_reply("last", now);
  BOOST_TEST(machine.output().ends_with("last"));
  machine.on_time(now + std::chrono::seconds(6));  // it still does not read
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_CASE(the_agents_end_ends_a_watch_at_once) {
  MonotonicTime now{};
  SessionMachine machine(now);
  const std::string request = "{\"method\":\"org.hfauth.Agent.Watch\",\"more\":true}";
  std::copy_n(request.c_str(), request.size() + 1, machine.room().begin());
  machine.on_bytes(request.size() + 1, now);
  BOOST_REQUIRE(machine.next_call(now).has_value());
  BOOST_TEST(machine.on_interim("x", now));
  machine.on_sent(1, now);
  machine.on_shutdown();
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_SUITE_END()
