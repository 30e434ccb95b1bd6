// SPDX-License-Identifier: Apache-2.0
//
// docs/exit-codes.md promises a name and a status for each error; this compares its table with
// error.cpp, both ways.
#include "hfauth/core/error.hpp"
#include "hfauth/core/text_pieces.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <map>
#include <string>
#include <string_view>

namespace {

std::map<std::string, int> documented() {
  std::ifstream file(HFAUTH_SOURCE_DIR "/docs/exit-codes.md");
  BOOST_REQUIRE(file.is_open());
  std::map<std::string, int> table;
  for (std::string line; std::getline(file, line);) {
    std::string_view rest = line;
    if (!hfauth::take_until(rest, '|').empty() || !rest.starts_with(" `")) continue;
    const std::string_view name = hfauth::trimmed(hfauth::take_until(rest, '|'), " `");
    const std::string status(hfauth::trimmed(hfauth::take_until(rest, '|')));
    const bool is_new = table.emplace(name, std::stoi(status)).second;
    BOOST_TEST(is_new, name << " stands twice in the table");
  }
  return table;
}

std::map<std::string, int> implemented() {
  std::map<std::string, int> table;
  for (int code = 0; code <= static_cast<int>(hfauth::Errc::internal); ++code) {
    const auto errc = static_cast<hfauth::Errc>(code);
    table.emplace(hfauth::name_of(errc), hfauth::exit_status(errc));
  }
  return table;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exit_codes_document)

BOOST_AUTO_TEST_CASE(has_a_row_for_every_error_with_its_status) {
  const auto in_document = documented();
  for (const auto& [name, status] : implemented()) {
    const auto row = in_document.find(name);
    BOOST_TEST_CONTEXT("error " << name) {
      if (row == in_document.end()) {
        BOOST_ERROR("not in docs/exit-codes.md");
      } else {
        BOOST_TEST(row->second == status);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(has_no_row_for_an_error_that_does_not_exist) {
  const auto in_code = implemented();
  for (const auto& [name, status] : documented()) {
    BOOST_TEST(in_code.contains(name), name << " is not an error of lib/core");
  }
}

BOOST_AUTO_TEST_SUITE_END()
