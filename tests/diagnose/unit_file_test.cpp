// SPDX-License-Identifier: Apache-2.0
//
// Units as systemd reads them: lines that go on, comments between them, lists that are forgotten.
#include "hfauth/diagnose/unit_file.hpp"

#include "support/scratch_directory.hpp"

#include <boost/test/unit_test.hpp>

namespace hfauth::diagnose {
namespace {

using Texts = std::vector<std::string>;

UnitText unit_of(std::string_view text) {
  UnitText unit;
  read_unit(text, unit);
  return unit;
}

BOOST_AUTO_TEST_SUITE(unit_file)

BOOST_AUTO_TEST_CASE(a_line_that_ends_in_a_backslash_goes_on) {
  BOOST_TEST(unit_of("[Service]\nEnvironment=A=1 \\\n  B=2\n").environment == (Texts{"A=1  B=2"}));
  BOOST_TEST(unit_of("[Service]\nEnvironment=A=1 \\\n# B=2 \\\n; x\n C=3").environment ==
             (Texts{"A=1  C=3"}));
  BOOST_TEST(unit_of("[Service]\nEnvironment=A=1\\\\\nEnvironment=B=2\n").environment ==
             (Texts{"A=1\\\\", "B=2"}));
  BOOST_TEST(unit_of("[Service]\nExecStart=/bin/a \\").commands == (Texts{"/bin/a"}));
  BOOST_TEST(unit_of("[Service]\nExecStart=/bin/a \\\n# the end").commands == (Texts{"/bin/a"}));
}

BOOST_AUTO_TEST_CASE(a_comment_ends_with_its_line) {
  BOOST_TEST(unit_of("[Service]\n# note \\\nUser=alice\r\n").user == "alice");
}

BOOST_AUTO_TEST_CASE(only_the_section_of_the_service_counts) {
  const UnitText unit = unit_of(
      "Environment=A=1\n[Unit]\nEnvironment=B=1\n[Service]\n"
      "  Environment = C=1\nWorkingDirectory=~\n[Install]\nUser=bob\n");
  BOOST_TEST(unit.environment == (Texts{"C=1"}));
  BOOST_TEST(unit.user == "");
  BOOST_TEST(unit.folder == "~");
}

BOOST_AUTO_TEST_CASE(an_empty_assignment_forgets_the_list_and_a_drop_in_goes_on_behind_it) {
  UnitText unit = unit_of("[Service]\nExecStart=/bin/a\nEnvironment=A=1\n");
  read_unit("[Service]\nExecStart=\nExecStart=/bin/b\nEnvironment=B=2\n", unit);
  BOOST_TEST(unit.commands == (Texts{"/bin/b"}));
  BOOST_TEST(unit.environment == (Texts{"A=1", "B=2"}));
}

BOOST_AUTO_TEST_CASE(home_and_percent_are_known_and_other_specifiers_stay) {
  BOOST_TEST(without_specifiers("%h/%%h/%i%", "/home/a") == "/home/a/%h/%i%");
}

BOOST_AUTO_TEST_CASE(files_win_and_what_is_unset_is_gone) {
  const testing::ScratchDirectory folder;
  folder.write("a.env", "A=2\nB=\"x\\\ny\"\n");
  UnitText unit = unit_of(
      "[Service]\nEnvironmentFile=%h/*.env\nEnvironmentFile=-/no/such\n"
      "EnvironmentFile=relative\nEnvironment=A=1 C=1\nUnsetEnvironment=C D\n");
  Environment environment({{"D", "1"}, {"E", "1"}});
  const std::vector<UnreadFile> unread = add_unit_environment(unit, folder.path(), environment);
  BOOST_TEST(environment.get("A").value_or("") == "2");
  BOOST_TEST(environment.get("B").value_or("") == "xy");
  BOOST_TEST((!environment.get("C") && !environment.get("D") && environment.get("E")));
  BOOST_REQUIRE(unread.size() == 1U);
  BOOST_TEST(unread[0].path == "/no/such");
  BOOST_TEST(unread[0].optional);
  BOOST_TEST((unread[0].error.code == Errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::diagnose
