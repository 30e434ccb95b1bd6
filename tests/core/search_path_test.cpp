// SPDX-License-Identifier: Apache-2.0
//
// PATH as execvp(3) reads it, and the part of it that means the same wherever one stands.
#include "hfauth/core/search_path.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth {
namespace {

std::string told(const std::vector<std::filesystem::path>& folders) {
  std::string text;
  for (const std::filesystem::path& folder : folders)
    text += "[" + folder.string() + "]";
  return text;
}

Environment with_path(const std::string& value) {
  Environment environment;
  environment.set("PATH", value);
  return environment;
}

BOOST_AUTO_TEST_SUITE(search_paths)

BOOST_AUTO_TEST_CASE(an_empty_folder_is_the_current_one) {
  BOOST_TEST(told(folders_of_path("/bin:/usr/bin")) == "[/bin][/usr/bin]");
  BOOST_TEST(told(folders_of_path(":/bin::x:")) == "[.][/bin][.][x][.]");
  BOOST_TEST(told(folders_of_path("")) == "[.]");
}

BOOST_AUTO_TEST_CASE(what_depends_on_where_one_stands_is_left_out) {
  BOOST_TEST(told(search_path(with_path(":/bin:bin:./x:/usr/bin"))) == "[/bin][/usr/bin]");
  BOOST_TEST(told(search_path(Environment())).empty());
}

BOOST_AUTO_TEST_CASE(the_first_that_can_be_run_is_found) {
  const Environment environment = with_path("/nowhere:/bin:/usr/bin");
  BOOST_TEST(on_path(environment, "sh").value_or("") == "/bin/sh");
  BOOST_TEST(!on_path(environment, "no-such-program").has_value());
  BOOST_TEST(!on_path(Environment(), "sh").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth
