// SPDX-License-Identifier: Apache-2.0
//
// NAME=VALUE lines by the rules of their readers.
#include "hfauth/diagnose/env_file.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::diagnose {
namespace {

std::string read(std::string_view text, AssignmentStyle style) {
  Environment environment;
  add_assignments(text, style, environment);
  std::string told;
  for (const auto& [name, value] : environment.variables())
    told += (told.empty() ? "" : " ") + name + "=[" + value + "]";
  return told;
}

BOOST_AUTO_TEST_SUITE(env_file)

BOOST_AUTO_TEST_CASE(each_reader_has_its_own_rules) {
  BOOST_TEST(read("export A=\"b c\"\n#B=1\nC=d", AssignmentStyle::pam) == "A=[b c] C=[d]");
  BOOST_TEST(read("A = 'x'\nMAILTO=\"\"\n0 5 * * * B=c run\n@daily D=e run",
                  AssignmentStyle::crontab) == "A=[x] MAILTO=[]");
  BOOST_TEST(read("A='b'\"c\"d\nB=one\\\ntwo\n;C=1\nD=\\\"", AssignmentStyle::systemd) ==
             "A=[bcd] B=[onetwo] D=[\"]");
  Environment environment;
  BOOST_TEST(
      add_assignments("A=1\n0 5 * * * B=c run\nA=2", AssignmentStyle::crontab, environment) == 2U);
  BOOST_TEST(read("no line\n=x\n1A=b\nA-B=c\n\n", AssignmentStyle::systemd) == "");
}

// Compared with systemd 252's own reader of environment.d, by thousands of random files.
BOOST_AUTO_TEST_CASE(quotes_of_systemd_are_where_a_part_begins) {
  const auto value_of = [](const std::string& written) {
    Environment environment;
    add_assignments("A=" + written, AssignmentStyle::systemd, environment);
    return environment.get("A").value_or("(not set)");
  };
  BOOST_TEST(value_of("x\"y\"z'") == "x\"y\"z'");
  BOOST_TEST(value_of("  \"x\" y  z \t") == "xy  z");
  BOOST_TEST(value_of(R"("a\$b\"c\\d\`e\nf" )") == R"(a$b"c\d`e\nf)");
  BOOST_TEST(value_of(R"('a\$b\' )") == R"(a\$b\)");
  BOOST_TEST(value_of(R"(a\$b\"c\\d\ )") == R"(a$b"c\d )");
  BOOST_TEST(value_of("\"one\ntwo\\\nthree\"\r\n") == "one\ntwothree");
  BOOST_TEST(value_of("\"open") == "open");
  BOOST_TEST(value_of("\"open\\") == "open");
  BOOST_TEST(value_of("end\\") == "end");
  BOOST_TEST(value_of("") == "");
  BOOST_TEST(read("A=x\nA=\"\"\nB=$N", AssignmentStyle::session) == "A=[x] B=[]");
  BOOST_TEST(read("=A\\\nA=1", AssignmentStyle::systemd) == "A=[1]");
  BOOST_TEST(read("# a comment \\\nA=1\nB =2\r\n C=3", AssignmentStyle::systemd) == "B=[2] C=[3]");
}

BOOST_AUTO_TEST_CASE(a_session_puts_in_what_was_set_before) {
  const auto value_of = [](const std::string& written) {
    Environment environment({{"HOME", "/home/ada"}, {"EMPTY", ""}});
    add_assignments("A=" + written, AssignmentStyle::session, environment);
    return environment.get("A").value_or("(not set)");
  };
  BOOST_TEST(value_of("${HOME}/hf") == "/home/ada/hf");
  BOOST_TEST(value_of("\"$HOME/a b\":$NONE") == "/home/ada/a b:");
  BOOST_TEST(value_of("${HOME:-/x}${EMPTY:-/y}${NONE:-${HOME}/z}") == "/home/ada/y/home/ada/z");
  BOOST_TEST(value_of("${HOME:+yes}${EMPTY:+no}${NONE:+no}") == "yes");
  BOOST_TEST(value_of("a$$b") == "a$b");
  // No references: as they stand.
  BOOST_TEST(value_of("$ ${ ${} ${1} ${HOME:x} $1 ${HOME") == "$ ${ ${} ${1} ${HOME:x} $1 ${HOME");
  std::string deep = "x";
  for (int i = 0; i < 1000; ++i)
    deep.insert(0, "${N:-").append("}");
  BOOST_TEST(value_of(deep).size() > 900U);
  BOOST_TEST(read("A=x\nB=${A}/y\nA=z", AssignmentStyle::session) == "A=[z] B=[x/y]");
  BOOST_TEST(read("A=x\nB=${A}", AssignmentStyle::systemd) == "A=[x] B=[${A}]");
}

BOOST_AUTO_TEST_CASE(a_file_that_grows_without_end_is_read_to_its_end) {
  std::string doubling = "A=xxxxxxxx\n";
  for (int i = 0; i < 64; ++i)
    doubling += "A=$A${A:-}$A\n";
  std::string open_braces = "B=";
  for (int i = 0; i < 200'000; ++i)
    open_braces += "${";
  Environment environment;
  add_assignments(doubling + open_braces + "\nC=end", AssignmentStyle::session, environment);
  BOOST_TEST(environment.get("A").value_or("").size() < (std::size_t{1} << 21U));
  BOOST_TEST(environment.get("B").value_or("").size() == 400'000U);
  BOOST_TEST(environment.get("C").value_or("") == "end");
}

BOOST_AUTO_TEST_CASE(a_unit_sets_several_in_one_line) {
  Environment environment;
  add_unit_assignments("A=b \"C=d e\" 'F=g' H=i\\ j \"K=", environment);
  BOOST_TEST(environment.get("A").value_or("") == "b");
  BOOST_TEST(environment.get("C").value_or("") == "d e");
  BOOST_TEST(environment.get("F").value_or("") == "g");
  BOOST_TEST(environment.get("H").value_or("") == "i j");
  BOOST_TEST(environment.variables().size() == 5U);
}

BOOST_AUTO_TEST_CASE(sudo_keeps_what_its_rules_name) {
  BOOST_TEST(keeps_variable("Defaults env_keep += \"HF_TOKEN HF_HOME\"\n", "HF_HOME"));
  BOOST_TEST(!keeps_variable("Defaults env_keep += \"MY_HF_TOKEN\"\n", "HF_TOKEN"));
  BOOST_TEST(!keeps_variable("# Defaults env_keep += \"HF_TOKEN\"\n", "HF_TOKEN"));
  BOOST_TEST(keeps_variable("Defaults !env_reset\n", "HF_TOKEN"));
  BOOST_TEST(!keeps_variable("", "HF_TOKEN"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::diagnose
