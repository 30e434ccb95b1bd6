// SPDX-License-Identifier: Apache-2.0
//
// Quoting is tested by the shell itself: what was written must arrive byte for byte.
#include "shell_quoting.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdio>
#include <memory>

namespace hfauth::cli {
namespace {

/// What `script` prints in a POSIX shell.
std::string output_of_sh(const std::string& script) {
  const std::string command = "exec sh -c \"$HFAUTH_TEST_SCRIPT\"";
  setenv("HFAUTH_TEST_SCRIPT", script.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4096> part{};
  while (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe.get()))
    output.append(part.data(), n);
  return output;
}

const std::vector<std::string> kValues{"/run/user/1000/hfauth/lease/laptop/token",
                                       "/tmp/it's/here",
                                       "a b\tc",
                                       "$HOME `id` $(id) \\ \" ! # ; & | *",
                                       "한국어/é",
                                       "line\nbreak",
                                       "''",
                                       "-n"};

BOOST_AUTO_TEST_SUITE(shell_quoting)

BOOST_DATA_TEST_CASE(a_posix_shell_gets_every_byte, kValues, value) {
  const std::string script =
      export_line(Shell::sh, "HF_TOKEN_PATH", value) + "\nprintf %s \"$HF_TOKEN_PATH\"";
  BOOST_TEST(output_of_sh(script) == value);
}

BOOST_AUTO_TEST_CASE(exports_to_children) {
  BOOST_TEST(output_of_sh(export_line(Shell::sh, "HFAUTH_X", "y") +
                          "\nsh -c 'printf %s \"$HFAUTH_X\"'") == "y");
}

BOOST_AUTO_TEST_CASE(fish_escapes_quotes_and_backslashes_within_quotes) {
  BOOST_TEST(export_line(Shell::fish, "A", "it's \\ here") == "set -gx A 'it\\'s \\\\ here';");
}

BOOST_AUTO_TEST_CASE(csh_keeps_its_history_character_out) {
  BOOST_TEST(export_line(Shell::csh, "A", "wow!") == "setenv A 'wow\\!';");
}

BOOST_AUTO_TEST_CASE(takes_the_shell_from_the_environment) {
  const auto shell_named = [](const char* path) {
    return *shell_of(Environment(Environment::Map{{"SHELL", path}}));
  };
  BOOST_TEST((shell_named("/usr/bin/fish") == Shell::fish));
  BOOST_TEST((shell_named("/bin/tcsh") == Shell::csh));
  BOOST_TEST((shell_named("/bin/zsh") == Shell::sh));
  BOOST_TEST((shell_named("/opt/nushell") == Shell::sh));
  BOOST_TEST((*shell_of(Environment()) == Shell::sh));
  BOOST_TEST((parse_shell("powershell").error().code == Errc::usage));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::cli
