// SPDX-License-Identifier: Apache-2.0
//
// hfrs's rules, which differ from Python's in small ways that people meet.
#include "hfauth/token/resolver.hpp"

#include <boost/test/unit_test.hpp>

namespace hfauth::token {
namespace {

ResolverInput machine(Environment::Map variables,
                      const std::vector<std::pair<std::string, std::string>>& files = {}) {
  ResolverInput input{Environment(std::move(variables)), "/home/u", "/cwd", {}, {}};
  for (const auto& [path, content] : files)
    input.files.push_back({path, {FileState::Kind::readable, content}});
  return input;
}

std::string found(const ResolverInput& input) {
  const Resolution resolution = resolve_hfrs(input);
  return resolution.where + "|" + std::string(resolution.token.expose());
}

const char* const kDefaultFile = "/home/u/.cache/huggingface/token";

BOOST_AUTO_TEST_SUITE(resolver_rust)

BOOST_AUTO_TEST_CASE(takes_the_variable_untrimmed_before_any_file) {
  BOOST_TEST(found(machine({{"HF_TOKEN", " a\n"}}, {{kDefaultFile, "f"}})) == "HF_TOKEN| a\n");
  BOOST_TEST(found(machine({{"HF_TOKEN", ""}}, {{kDefaultFile, "f\n"}})) ==
             std::string(kDefaultFile) + "|f");
  BOOST_TEST(found(machine({{"HUGGING_FACE_HUB_TOKEN", "old"}})) == "|");
}

BOOST_AUTO_TEST_CASE(falls_from_the_token_path_to_the_home_when_it_yields_nothing) {
  const std::vector<std::pair<std::string, std::string>> files{{"/run/token", " \n"},
                                                               {"/h/token", "home"}};
  BOOST_TEST(found(machine({{"HF_TOKEN_PATH", "/run/token"}, {"HF_HOME", "/h"}}, files)) ==
             "/h/token|home");
  BOOST_TEST(found(machine({{"HF_TOKEN_PATH", "/h/token"}}, files)) == "/h/token|home");
}

BOOST_AUTO_TEST_CASE(knows_the_cache_variable_and_expands_nothing) {
  BOOST_TEST(found(machine({{"XDG_CACHE_HOME", "/x"}}, {{"/x/huggingface/token", "t"}})) ==
             "/x/huggingface/token|t");
  BOOST_TEST(found(machine({{"HF_TOKEN_PATH", "~/t"}}, {{"/home/u/t", "t"}})) == "|");
  BOOST_TEST(found(machine({{"HF_TOKEN_PATH", "t"}}, {{"/cwd/t", "t"}})) == "/cwd/t|t");
}

BOOST_AUTO_TEST_CASE(any_value_of_the_switch_keeps_the_token_at_home) {
  for (const char* value : {"1", "0", "false"}) {
    const ResolverInput input =
        machine({{"HF_HUB_DISABLE_IMPLICIT_TOKEN", value}, {"HF_TOKEN", "a"}});
    BOOST_TEST(resolve_hfrs(input).token.empty());
    BOOST_TEST(!resolve_hfrs(input).sent_by_default);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::token
