// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/error.hpp"

#include "hfauth/core/result.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <set>
#include <string>

using hfauth::Errc;
using hfauth::Error;

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(every_code_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(Errc::internal); ++code) {
    names.insert(hfauth::name_of(static_cast<Errc>(code)));
  }
  BOOST_TEST(names.size() == static_cast<std::size_t>(Errc::internal) + 1);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_determined_is_never_a_failure_nor_a_success) {
  for (const Errc code :
       {Errc::network, Errc::timeout, Errc::rate_limited, Errc::offline, Errc::agent_unreachable,
        Errc::store_unavailable, Errc::store_timeout, Errc::busy}) {
    BOOST_TEST(hfauth::exit_status(code) == 3, hfauth::name_of(code));
  }
  BOOST_TEST(hfauth::exit_status(Errc::unauthorized) == 1);
  BOOST_TEST(hfauth::exit_status(Errc::usage) == 2);
  BOOST_TEST(hfauth::exit_status(Errc::token_required) == 4);
  BOOST_TEST(hfauth::exit_status(Errc::locked) == 4);
  BOOST_TEST(hfauth::exit_status(Errc::internal) == 70);
  BOOST_TEST(hfauth::exit_status(Errc::interrupted) == 130);
}

BOOST_AUTO_TEST_CASE(value_of_an_error_throws_the_error) {
  const hfauth::Result<int> result = Error{Errc::locked, "the store is locked"};
  const auto same_error = [](const hfauth::Failure& failure) {
    return failure.error().code == Errc::locked && failure.error().detail == "the store is locked";
  };
  BOOST_CHECK_EXCEPTION((void)result.value(), hfauth::Failure, same_error);
}

BOOST_AUTO_TEST_CASE(errno_is_mapped_once) {
  BOOST_TEST((hfauth::error_from_errno(ENOENT, "f").code == Errc::not_found));
  BOOST_TEST((hfauth::error_from_errno(EROFS, "f").code == Errc::permission));
  BOOST_TEST((hfauth::error_from_errno(EDQUOT, "f").code == Errc::no_space));
  BOOST_TEST((hfauth::error_from_errno(EIO, "f").code == Errc::io));
  BOOST_TEST(hfauth::error_from_errno(EACCES, "/x/token").detail == "/x/token: Permission denied");
}

BOOST_AUTO_TEST_SUITE_END()
