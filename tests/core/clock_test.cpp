// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/clock.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(clocks)

BOOST_AUTO_TEST_CASE(reads_the_dates_that_the_hub_writes) {
  for (const char* text :
       {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05.123456+00:00"}) {
    BOOST_TEST(hfauth::format_utc(hfauth::parse_utc(text).value()) == "2026-01-02T03:04:05Z", text);
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_date) {
  for (const char* text :
       {"", "2026-01-02", "2026-13-02T03:04:05Z", "2026-02-30T03:04:05Z", "2026-01-02T25:04:05Z",
        "2026-01-02T03:04:05", "2026-01-02T03:04:05.Z", "-026-01-02T03:04:05Z",
        "2026-01-02T03:04:05+09:00", "2026-01-02T03:04:05Zx"}) {
    BOOST_TEST(!hfauth::parse_utc(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
