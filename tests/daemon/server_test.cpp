// SPDX-License-Identifier: Apache-2.0
//
// The loop and its worker thread: what is true when run() is left.
#include "server.hpp"

#include "daemon/fixture.hpp"
#include "hfauth/core/clock.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <stdexcept>
#include <tuple>

using namespace hfauth;
using namespace hfauth::testing;

BOOST_FIXTURE_TEST_SUITE(server, AgentFixture)

BOOST_AUTO_TEST_CASE(no_work_outlives_the_loop_that_a_handler_ended_by_throwing) {
  const SystemClock system_clock;
  daemon::Server loop({.socket_path = runtime() / "agent.sock",
                       .activation_sockets = {},
                       .ready_fd = {},
                       .idle_exit = {},
                       .rules = {.config = scratch.path() / "config.toml",
                                 .last_good = scratch.path() / "last-good.toml"},
                       .audit = {.folder = scratch.path() / "audit-of-the-loop"},
                       .on_ending = [] {},
                       .version = "1.2.3"},
                      system_clock);
  std::promise<void> thrown;
  std::atomic<bool> begun = false;
  std::atomic<bool> done = false;
  loop.worker().run([] {},
                    [&thrown] {
                      thrown.set_value();
                      throw std::runtime_error("a bug");
                    });
  loop.worker().run(
      [&] {
        begun = true;
        thrown.get_future().wait();
        for (int i = 0; i < 1000; ++i)  // what it would read of a service that is gone
          std::ignore = service->is_dispensable();
        done = true;
      },
      [] {});
  BOOST_CHECK_THROW(std::ignore = loop.run(*service), std::runtime_error);
  BOOST_TEST(done.load() == begun.load());
}

BOOST_AUTO_TEST_SUITE_END()
