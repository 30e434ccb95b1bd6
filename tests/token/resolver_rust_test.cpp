// SPDX-License-Identifier: Apache-2.0
//
// hfrs's rules, which differ from Python's in small ways that people meet.
#include "hfauth/token/resolver_other.hpp"

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

BOOST_AUTO_TEST_CASE(says_of_each_source_why_it_yields_nothing) {
  const Resolution resolution = resolve_hfrs(
      machine({{"HF_TOKEN", ""}, {"HF_TOKEN_PATH", "/none"}}, {{kDefaultFile, " \n"}}));
  BOOST_REQUIRE(resolution.steps.size() == 3U);
  BOOST_TEST((resolution.steps[0].outcome == ResolutionStep::Outcome::empty));
  BOOST_TEST((resolution.steps[1].outcome == ResolutionStep::Outcome::missing));
  BOOST_TEST((resolution.steps[2].outcome == ResolutionStep::Outcome::empty));
}

BOOST_AUTO_TEST_CASE(names_the_file_that_the_variable_hides) {
  const Resolution resolution = resolve_hfrs(machine({{"HF_TOKEN", "a"}}, {{kDefaultFile, "f"}}));
  BOOST_REQUIRE(resolution.steps.size() == 2U);
  BOOST_TEST((resolution.steps[1].outcome == ResolutionStep::Outcome::shadowed));
  BOOST_TEST(resolution.steps[1].where == kDefaultFile);
}

BOOST_AUTO_TEST_CASE(the_rust_library_reads_the_file_alone_and_from_1_0_on_nothing) {
  const ResolverInput input =
      machine({{"HF_TOKEN", "e"}, {"HF_HOME", "/h"}}, {{"/h/token", "f\n"}});
  BOOST_TEST(resolve_other(OtherClient::rust_library, input, {0, 5, 0}).token.expose() == "f");
  const Resolution bare = resolve_other(OtherClient::rust_library, input, {1, 1, 0});
  BOOST_TEST(bare.token.empty());
  BOOST_TEST(bare.steps.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_javascript_command_reads_the_variable_alone) {
  const ResolverInput input = machine({{"HF_TOKEN", "hf_a"}}, {{kDefaultFile, "f"}});
  BOOST_TEST(resolve_other(OtherClient::hfjs, input).token.expose() == "hf_a");
  const Resolution foreign = resolve_other(OtherClient::hfjs, machine({{"HF_TOKEN", "sk-a"}}));
  BOOST_TEST(foreign.raises);
  BOOST_TEST(foreign.token.empty());
  BOOST_TEST(resolve_other(OtherClient::hfjs, machine({}, {{kDefaultFile, "f"}})).token.empty());
}

BOOST_AUTO_TEST_CASE(some_clients_find_no_token_by_themselves_and_say_what_they_ask) {
  const ResolverInput input = machine({{"HF_TOKEN", "e"}}, {{kDefaultFile, "f"}});
  for (const OtherClient client :
       {OtherClient::javascript_library, OtherClient::git, OtherClient::curl}) {
    const Resolution resolution = resolve_other(client, input);
    BOOST_TEST(resolution.token.empty(), name_of(client));
    BOOST_REQUIRE(resolution.steps.size() == 1U);
    BOOST_TEST(resolution.steps[0].reason != "", name_of(client));
  }
}

BOOST_AUTO_TEST_CASE(a_variable_needs_a_restart_and_a_file_does_not) {
  BOOST_TEST((notice_of(TokenSource::token_file) == Notice::next_request));
  BOOST_TEST((notice_of(TokenSource::env_hf_token) == Notice::next_start));
  BOOST_TEST((notice_of(TokenSource::colab) == Notice::next_session));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::token
