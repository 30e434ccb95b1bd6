// SPDX-License-Identifier: Apache-2.0
//
// The main() of every test executable.
#define BOOST_TEST_MODULE hfauth
#include <boost/test/unit_test.hpp>
