// SPDX-License-Identifier: Apache-2.0
//
// Framing: bytes in any pieces, messages out whole, wiped when taken.
#include "hfauth/agent/frame.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using hfauth::agent::FrameReader;
using hfauth::agent::GuardedBuffer;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(frame)

BOOST_AUTO_TEST_CASE(gives_a_message_once_its_nul_has_come) {
  FrameReader reader(100);
  for (const char c : "{\"a\":1}"s) {
    reader.append({&c, 1});
    BOOST_REQUIRE(!reader.front().value().has_value());
  }
  reader.append("\0"s);
  BOOST_TEST(reader.front().value().value() == "{\"a\":1}");
  reader.pop();
  BOOST_TEST(reader.empty());
}

BOOST_AUTO_TEST_CASE(gives_pipelined_messages_in_their_order) {
  FrameReader reader(100);
  reader.append("one\0two\0thr"s);
  BOOST_TEST(reader.front().value().value() == "one");
  reader.pop();
  BOOST_TEST(reader.front().value().value() == "two");
  reader.pop();
  BOOST_TEST(!reader.front().value().has_value());
  reader.append("ee\0"s);
  BOOST_TEST(reader.front().value().value() == "three");
}

BOOST_AUTO_TEST_CASE(takes_a_message_of_exactly_the_limit_and_none_longer) {
  FrameReader exact(10);
  exact.append(std::string(10, 'x') + "\0"s);
  BOOST_TEST(exact.front().value().value() == std::string(10, 'x'));
  FrameReader longer(10);
  longer.append(std::string(11, 'x'));
  BOOST_REQUIRE(!longer.front());
  BOOST_TEST(longer.front().error().code == hfauth::Errc::too_large);
}

BOOST_AUTO_TEST_CASE(what_was_consumed_is_wiped) {
  GuardedBuffer buffer;
  buffer.append("secret and rest");
  const char* const memory = buffer.view().data();
  buffer.consume(6);
  BOOST_TEST(std::string(memory, 6) == std::string(6, '\0'));
  BOOST_TEST(buffer.view() == " and rest");
  buffer.clear();
  BOOST_TEST(std::string(memory, 15) == std::string(15, '\0'));
}

BOOST_AUTO_TEST_CASE(a_moved_buffer_is_empty_and_usable) {
  GuardedBuffer first;
  first.append("abc");
  GuardedBuffer second = std::move(first);
  BOOST_TEST(second.view() == "abc");
  // NOLINTNEXTLINE(bugprone-use-after-move,clang-analyzer-cplusplus.Move): that is what is tested
  BOOST_TEST(first.empty());
  first.append("def");
  BOOST_TEST(first.view() == "def");
}

BOOST_AUTO_TEST_SUITE_END()
