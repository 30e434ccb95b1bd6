// SPDX-License-Identifier: Apache-2.0
//
// A connection without its socket: pieces, pipelines, deadlines, nonsense, and both kinds of
// ending.
#include "session_machine.hpp"

#include "limits.hpp"
#include "samples.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace data = boost::unit_test::data;
using namespace hfauth;
using namespace hfauth::daemon;
using namespace std::string_literals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const std::string list_call = "{\"method\":\"org.hfauth.Agent.List\"}\0"s;
const std::string status_call = "{\"method\":\"org.hfauth.Agent.Status\"}\0"s;

struct Connection {
  MonotonicTime now{};
  SessionMachine machine{now};

  void receive(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t size = std::min(bytes.size(), kReadBytes);
      std::copy_n(bytes.begin(), size, machine.room().begin());
      machine.on_bytes(size, now);
      bytes.remove_prefix(size);
    }
  }

  /// The place of the next call in Request, or -1.
  int next() {
    const auto call = machine.next_call(now);
    return call ? static_cast<int>(call->request.index()) : -1;
  }

  void reply(std::string_view text) { machine.on_reply(text, now); }

  std::string take_output() {
    std::string text(machine.output());
    machine.on_sent(text.size(), now);
    return text;
  }

  void pass(milliseconds time) {
    now += time;
    machine.on_time(now);
  }
};

constexpr int kListIndex = 4;
constexpr int kStatusIndex = 13;

bool names(const std::string& output, const std::string& error) {
  return output.find("\"error\":\"" + error + "\"") != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_machine, Connection)

BOOST_AUTO_TEST_CASE(a_request_in_single_bytes_is_one_call) {
  for (const char c : list_call) {
    BOOST_REQUIRE(next() == -1);
    receive({&c, 1});
  }
  BOOST_TEST(next() == kListIndex);
  BOOST_TEST(!machine.wants_input());
  reply("answer");
  BOOST_TEST(take_output() == "answer");
  BOOST_TEST(machine.wants_input());
  BOOST_TEST(!machine.finished());
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order_one_at_a_time) {
  receive(list_call + status_call + list_call);
  BOOST_TEST(next() == kListIndex);
  BOOST_TEST(next() == -1);
  reply("1");
  BOOST_TEST(next() == kStatusIndex);
  reply("2");
  BOOST_TEST(next() == kListIndex);
  reply("3");
  BOOST_TEST(take_output() == "123");
}

BOOST_AUTO_TEST_CASE(a_wrong_call_is_answered_and_the_next_one_is_taken) {
  receive("{\"method\":\"org.hfauth.Agent.Fly\"}\0"s + list_call);
  BOOST_TEST(next() == kListIndex);
  BOOST_TEST(names(take_output(), "org.varlink.service.MethodNotFound"));
}

BOOST_AUTO_TEST_CASE(a_wrong_call_that_wants_no_reply_gets_none) {
  receive("{\"method\":\"org.hfauth.Agent.Fly\",\"oneway\":true}\0"s);
  BOOST_TEST(next() == -1);
  BOOST_TEST(take_output().empty());
  BOOST_TEST(machine.wants_input());
}

const std::vector<std::string> nonsense_inputs{"\0"s,
                                               "GET / HTTP/1.1\r\n\r\n\0"s,
                                               "{\"method\":\"a\",\"method\":\"b\"}\0"s,
                                               "{\"method\":\"\xff\"}\0"s,
                                               std::string(9, '[') + std::string(9, ']') + "\0"s,
                                               "[]\0"s,
                                               "{}\0"s,
                                               "\xff\xfe\0"s};

BOOST_DATA_TEST_CASE(nonsense_is_answered_once_and_ends_the_connection, data::make(nonsense_inputs),
                     bytes) {
  receive(bytes + list_call);
  BOOST_TEST(next() == -1);
  BOOST_TEST(!machine.wants_input());
  BOOST_TEST(!machine.finished());
  BOOST_TEST(names(take_output(), "org.hfauth.Agent.Malformed"));
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_CASE(a_request_over_the_limit_ends_the_connection_before_it_is_whole) {
  receive(std::string(agent::kMaxRequestBytes + 1, 'x'));
  BOOST_TEST(next() == -1);
  const std::string output = take_output();
  BOOST_TEST(names(output, "org.hfauth.Agent.TooLarge"));
  BOOST_TEST(output.find("65536") != std::string::npos);
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_CASE(a_request_of_exactly_the_limit_is_taken) {
  const std::string head = "{\"method\":\"org.hfauth.Agent.List\",\"x\":\"";
  receive(head + std::string(agent::kMaxRequestBytes - head.size() - 2, 'x') + "\"}\0"s);
  BOOST_TEST(next() == kListIndex);
}

BOOST_AUTO_TEST_CASE(a_slow_request_is_ended_5_s_after_its_first_byte_however_it_drips) {
  for (int second = 0; second < 5; ++second) {
    receive("{");
    BOOST_REQUIRE(next() == -1);
    BOOST_REQUIRE(!machine.finished());
    pass(seconds(1));
  }
  BOOST_TEST(names(take_output(), "org.hfauth.Agent.Timeout"));
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_CASE(the_second_half_of_a_pipeline_has_its_own_5_s) {
  receive(list_call + "{");
  BOOST_TEST(next() == kListIndex);
  pass(seconds(20));
  BOOST_TEST(!machine.finished());
  reply("x");
  take_output();
  BOOST_TEST(next() == -1);
  BOOST_TEST((machine.deadline().value() == now + kRequestDeadline));
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_after_60_s_without_a_word) {
  pass(seconds(59));
  BOOST_TEST(!machine.finished());
  receive(list_call);
  next();
  reply("x");
  take_output();
  pass(seconds(59));
  BOOST_TEST(!machine.finished());
  pass(seconds(1));
  BOOST_TEST(machine.finished());
  BOOST_TEST(machine.output().empty());
}

BOOST_AUTO_TEST_CASE(the_agents_own_time_does_not_count) {
  receive(list_call);
  next();
  BOOST_TEST(!machine.deadline().has_value());
  pass(seconds(3600));
  BOOST_TEST(!machine.finished());
}

BOOST_AUTO_TEST_CASE(a_reply_that_is_not_taken_for_5_s_ends_the_connection) {
  receive(list_call);
  next();
  reply("answer");
  pass(seconds(4));
  machine.on_sent(1, now);
  pass(seconds(4));
  BOOST_TEST(!machine.finished());
  pass(seconds(1));
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_CASE(a_peer_that_takes_no_replies_cannot_make_them_pile_up) {
  receive(list_call + list_call);
  next();
  reply(std::string(kOutputPauseBytes, 'x'));
  BOOST_TEST(next() == -1);
  BOOST_TEST(!machine.wants_input());
  take_output();
  BOOST_TEST(next() == kListIndex);
}

BOOST_AUTO_TEST_CASE(what_was_asked_before_the_end_of_input_is_answered) {
  receive(list_call + status_call + "{\"half");
  machine.on_end();
  BOOST_TEST(next() == kListIndex);
  reply("1");
  BOOST_TEST(next() == kStatusIndex);
  reply("2");
  BOOST_TEST(next() == -1);
  BOOST_TEST(!machine.finished());
  BOOST_TEST(take_output() == "12");
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_CASE(an_end_of_input_between_requests_closes_at_once) {
  machine.on_end();
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_CASE(a_shutdown_lets_the_call_under_way_be_answered_and_no_other) {
  receive(list_call + status_call);
  next();
  machine.on_shutdown();
  BOOST_TEST(!machine.finished());
  reply("1");
  BOOST_TEST(next() == -1);
  BOOST_TEST(take_output() == "1");
  BOOST_TEST(machine.finished());
}

BOOST_AUTO_TEST_SUITE_END()
