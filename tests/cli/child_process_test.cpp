// SPDX-License-Identifier: Apache-2.0
//
// Programs that are asked something: what they print, how they end, and those that do not end.
#include "child_process.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <string>

namespace hfauth::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Environment kEnvironment(Environment::Map{{"PATH", "/usr/bin:/bin"}, {"WORD", "a b"}});

Result<ChildResult> run(const std::vector<std::string>& words, std::string_view input = "",
                        milliseconds deadline = seconds(30)) {
  return run_child(words, kEnvironment, input, deadline);
}

BOOST_AUTO_TEST_SUITE(child_process)

BOOST_AUTO_TEST_CASE(gets_the_input_and_gives_the_output_and_the_status) {
  BOOST_TEST(run({"cat"}, "one\ntwo").value().output == "one\ntwo");
  const ChildResult shell = run({"sh", "-c", "echo \"$WORD\"; echo quiet >&2; exit 3"}).value();
  BOOST_TEST(shell.output == "a b\n");
  BOOST_TEST(shell.status == 3);
  BOOST_TEST(run({"sh", "-c", "kill -TERM $$"}).value().status == 128 + SIGTERM);
}

BOOST_AUTO_TEST_CASE(may_leave_its_input_unread) {
  BOOST_TEST(run({"true"}, std::string(8192, 'x')).value().status == 0);
}

BOOST_AUTO_TEST_CASE(gets_input_and_gives_output_that_no_buffer_holds) {
  const std::string long_input(std::size_t{4} << 20, 'x');
  std::size_t n = 0;
  const Result<int> status = stream_child(
      {"cat"}, kEnvironment, [&n](std::string_view piece) { n += piece.size(); }, seconds(30),
      long_input);
  BOOST_TEST(status.value() == 0);
  BOOST_TEST(n == long_input.size());
  BOOST_TEST(run({"true"}, long_input).value().status == 0, "nobody reads it");
}

BOOST_AUTO_TEST_CASE(has_no_terminal_to_ask_at) {
  BOOST_TEST(run({"sh", "-c", "exec 2>/dev/null; : </dev/tty"}).value().status != 0);
}

BOOST_AUTO_TEST_CASE(is_killed_at_the_deadline) {
  const Result<ChildResult> late = run({"sh", "-c", "exec sleep 600"}, "", milliseconds(50));
  BOOST_TEST_REQUIRE(!late.has_value());
  BOOST_TEST(name_of(late.error().code) == "timeout");
}

BOOST_AUTO_TEST_CASE(is_over_when_it_ends_though_its_daemon_holds_the_output) {
  const ChildResult parent = run({"sh", "-c", "sleep 600 & echo $!"}).value();
  BOOST_TEST(parent.status == 0);
  const int daemon = std::stoi(parent.output);
  BOOST_TEST(::kill(daemon, SIGKILL) == 0);
}

BOOST_AUTO_TEST_CASE(that_is_not_there_is_said_to_be_not_found) {
  const Result<ChildResult> none = run({"hfauth-no-such-program"});
  BOOST_TEST_REQUIRE(!none.has_value());
  BOOST_TEST(name_of(none.error().code) == "not_found");
  BOOST_TEST(!start_and_leave({"hfauth-no-such-program"}, kEnvironment).has_value());
  BOOST_TEST(start_and_leave({"true"}, kEnvironment).has_value());
}

BOOST_AUTO_TEST_CASE(with_endless_output_is_given_up) {
  const Result<ChildResult> loud = run({"yes"});
  BOOST_TEST_REQUIRE(!loud.has_value());
  BOOST_TEST(name_of(loud.error().code) == "too_large");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::cli
