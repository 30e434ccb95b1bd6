// SPDX-License-Identifier: Apache-2.0
#include "auto_lock.hpp"

#include "support/fake_clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace hfauth;
using namespace hfauth::daemon;
using namespace hfauth::testing;
using namespace std::chrono_literals;

namespace {

struct Clocks {
  FakeClock clock;
  std::chrono::seconds slept{0};
  AutoLock lock{clock, [this] { return clock.monotonic() + slept; }};

  void close_the_lid(std::chrono::seconds time) { slept += time; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(auto_lock, Clocks)

BOOST_AUTO_TEST_CASE(without_a_limit_it_never_locks) {
  clock.advance(std::chrono::days(400));
  BOOST_TEST(!lock.is_due());
  BOOST_TEST(!lock.date().has_value());
}

BOOST_AUTO_TEST_CASE(use_moves_the_idle_limit_and_not_the_hard_one) {
  lock.configure({.idle = 10min, .after = 1h});
  for (int i = 0; i < 5; ++i) {
    clock.advance(9min);
    BOOST_TEST(!lock.is_due());
    lock.on_use();
  }
  BOOST_TEST(lock.reason() == "idle");
  clock.advance(9min);
  lock.on_use();
  BOOST_TEST(lock.reason() == "after");
  BOOST_TEST((*lock.date() == clock.now() + 6min));
  clock.advance(6min);
  BOOST_TEST(lock.is_due());
  lock.on_unlock();
  BOOST_TEST(!lock.is_due());
}

BOOST_AUTO_TEST_CASE(a_night_of_sleep_counts) {
  lock.configure({.idle = 10min});
  BOOST_TEST((*lock.date() == clock.now() + 10min));  // whatever the clock on the wall says
  clock.advance(9min);
  BOOST_TEST(!lock.is_due());
  close_the_lid(8h);
  BOOST_TEST(lock.is_due());
}

BOOST_AUTO_TEST_SUITE_END()
