// SPDX-License-Identifier: Apache-2.0
//
// What goes out at the end of a turn of the loop, and what at once.
#include "reply_batch.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace hfauth;

namespace {

/// Writes what it gets into a list that all of a test share.
class Reader final : public daemon::Addressee {
 public:
  Reader(std::string name, std::vector<std::string>& told) : name_(std::move(name)), told_(told) {}

  std::function<void()> behind_reply = [] {};

  void send(std::string_view message) override {
    told_.push_back(name_ + ":" + std::string(message));
  }

  void go_on() override { behind_reply(); }

 private:
  std::string name_;
  std::vector<std::string>& told_;
};

struct Loop {
  boost::asio::io_context io{1};
  daemon::ReplyBatch batch{io};
  std::vector<std::string> told;
  std::shared_ptr<Reader> anna = std::make_shared<Reader>("anna", told);
  std::shared_ptr<Reader> ben = std::make_shared<Reader>("ben", told);

  std::vector<std::string> end_turn() {
    io.restart();
    io.poll();
    return std::exchange(told, {});
  }
};

using Told = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reply_batch, Loop)

BOOST_AUTO_TEST_CASE(replies_of_a_turn_are_given_at_its_end_in_their_order) {
  BOOST_TEST(batch.add(anna, "one"));
  BOOST_TEST(batch.add(ben, "two"));
  BOOST_TEST(batch.add(anna, "three"));
  BOOST_TEST(told.empty());
  BOOST_TEST(end_turn() == (Told{"anna:one", "ben:two", "anna:three"}));
  BOOST_TEST(end_turn().empty());
  BOOST_TEST(anna.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_reply_that_comes_of_a_reply_belongs_to_the_next_turn) {
  bool asked_again = false;
  anna->behind_reply = [&] {
    if (!std::exchange(asked_again, true)) BOOST_TEST(batch.add(anna, "again"));
  };
  BOOST_TEST(batch.add(anna, "one"));
  BOOST_TEST(batch.add(ben, "two"));
  BOOST_TEST(end_turn() == (Told{"anna:one", "ben:two", "anna:again"}));
}

BOOST_AUTO_TEST_CASE(nothing_is_done_before_the_last_reply_is_sent) {
  for (const std::shared_ptr<Reader>& each : {anna, ben})
    each->behind_reply = [this] { told.emplace_back("behind"); };
  BOOST_TEST(batch.add(anna, "one"));
  BOOST_TEST(batch.add(ben, "two"));
  BOOST_TEST(end_turn() == (Told{"anna:one", "ben:two", "behind", "behind"}));
}

BOOST_AUTO_TEST_CASE(long_replies_and_those_that_find_no_room_are_sent_at_once) {
  BOOST_TEST(!batch.add(anna, std::string(4096, 'x')));
  const std::string page(2000, 'x');
  int kept = 0;
  while (batch.add(ben, page))
    ++kept;
  BOOST_TEST(kept == 32);
  BOOST_TEST(end_turn().size() == 32U);
  BOOST_TEST(batch.add(ben, page));
}

BOOST_AUTO_TEST_CASE(who_is_alone_is_answered_at_once_until_somebody_else_may_have_come) {
  BOOST_TEST(batch.add(anna, "one"));
  BOOST_TEST(end_turn() == (Told{"anna:one"}));
  int at_once = 0;
  while (!batch.add(anna, "more"))
    ++at_once;
  BOOST_TEST(at_once == 63);
  BOOST_TEST(batch.add(ben, "two"));
  BOOST_TEST(end_turn().size() == 2U);
  BOOST_TEST(batch.add(anna, "three"));
}

BOOST_AUTO_TEST_SUITE_END()
