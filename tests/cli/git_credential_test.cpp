// SPDX-License-Identifier: Apache-2.0
//
// Which credential helpers git has, from its configuration as it prints it; and the links to new
// tokens.
#include "git_credential.hpp"

#include "token_link.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::cli {
namespace {

using namespace std::string_literals;

std::string helpers(const std::string& config,
                    const token::Endpoint& endpoint = token::Endpoint::hub()) {
  std::string all;
  for (const std::string& helper : git_helpers_in(config, endpoint))
    all += helper + ";";
  return all;
}

BOOST_AUTO_TEST_SUITE(git_helpers)

BOOST_AUTO_TEST_CASE(are_those_for_all_and_those_for_this_address) {
  const std::string config =
      "credential.helper\ncache --timeout=3600\0"
      "credential.https://huggingface.co.helper\n!f() { echo x; }; f\0"
      "credential.https://github.com.helper\nother\0"s;
  BOOST_TEST(helpers(config) == "cache --timeout=3600;!f() { echo x; }; f;");
  BOOST_TEST(helpers(config, token::Endpoint::parse("http://localhost:9").value()) ==
             "cache --timeout=3600;");
}

BOOST_AUTO_TEST_CASE(an_empty_one_takes_back_what_was_before) {
  BOOST_TEST(helpers("credential.helper\nstore\0credential.helper\n\0"s) == "");
  BOOST_TEST(helpers("credential.helper\nstore\0credential.helper\0credential.helper\nx\0"s) ==
             "x;");
  BOOST_TEST(helpers("") == "");
  BOOST_TEST(helpers("credential.not a url.helper\nx\0h\0"s) == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(token_links_tick_what_each_job_needs) {
  const token::Endpoint hub = token::Endpoint::hub();
  BOOST_TEST(token_link("read", hub).value() ==
             "https://huggingface.co/settings/tokens/new?tokenType=read");
  BOOST_TEST(token_link("gated", hub).value() ==
             "https://huggingface.co/settings/tokens/new?tokenType=fineGrained"
             "&canReadGatedRepos=true");
  BOOST_TEST(token_link("write", hub).value().find("ownUserPermissions=repo.write") !=
             std::string::npos);
  const Result<std::string> unknown = token_link("admin", hub);
  BOOST_TEST_REQUIRE(!unknown.has_value());
  BOOST_TEST(name_of(unknown.error().code) == "usage");
}

}  // namespace
}  // namespace hfauth::cli
