// SPDX-License-Identifier: Apache-2.0
//
// Patterns, which route wins, and what the service makes of it.
#include "routes.hpp"

#include "fixture.hpp"
#include "glob.hpp"

#include <boost/test/unit_test.hpp>

using namespace hfauth;
using namespace hfauth::daemon;
using namespace hfauth::testing;
namespace call = hfauth::agent::call;

namespace {

const token::Endpoint kHub = token::Endpoint::hub();

agent::Route route(std::string repo, std::string profile, std::string access = "",
                   std::string type = "") {
  return {.pattern = {.endpoint = {},
                      .repo_type = std::move(type),
                      .repo = std::move(repo),
                      .access = std::move(access)},
          .profile = std::move(profile)};
}

const token::Endpoint* everything_at_the_hub(const std::string& profile) {
  static const token::Endpoint elsewhere = endpoint("https://hub.example");
  if (profile == "nobody") return nullptr;
  return profile == "elsewhere" ? &elsewhere : &kHub;
}

std::string chosen(const std::vector<agent::Route>& routes, const agent::Purpose& purpose,
                   std::vector<agent::Step>* steps = nullptr) {
  Routes table;
  table.take_set(routes);
  return table.choose(purpose, kHub, everything_at_the_hub, steps);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(glob)

BOOST_AUTO_TEST_CASE(a_star_is_any_run_and_a_question_mark_is_one) {
  for (const auto& [pattern, text] :
       std::vector<std::pair<const char*, const char*>>{{"*", ""},
                                                        {"*", "a/b"},
                                                        {"a*", "a"},
                                                        {"*b", "aab"},
                                                        {"a?c", "abc"},
                                                        {"a*b*c", "axxbyc"},
                                                        {"**", "x"},
                                                        {"org/*", "org/name"},
                                                        {"*llama*", "meta/llama-3"},
                                                        {"", ""}}) {
    BOOST_TEST(glob_matches(pattern, text), pattern << " fits " << text);
  }
  for (const auto& [pattern, text] :
       std::vector<std::pair<const char*, const char*>>{{"", "a"},
                                                        {"a", ""},
                                                        {"?", ""},
                                                        {"a*", "ba"},
                                                        {"*b", "ba"},
                                                        {"a?c", "ac"},
                                                        {"org/*", "orgs/name"},
                                                        {"[a]", "a"},
                                                        {"A", "a"}}) {
    BOOST_TEST(!glob_matches(pattern, text), pattern << " does not fit " << text);
  }
}

BOOST_AUTO_TEST_CASE(no_pattern_takes_exponential_time) {
  std::string pattern;
  for (int i = 0; i < 300; ++i)
    pattern += "a*";
  const std::string text(1000, 'a');
  BOOST_TEST(!glob_matches(pattern + "b", text));
  BOOST_TEST(glob_matches(pattern, text));
}

BOOST_AUTO_TEST_CASE(agrees_with_a_plain_recursion_on_all_short_strings) {
  struct Plain {
    static bool fits(std::string_view pattern, std::string_view text) {
      if (pattern.empty()) return text.empty();
      if (pattern[0] == '*')
        return fits(pattern.substr(1), text) || (!text.empty() && fits(pattern, text.substr(1)));
      return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
             fits(pattern.substr(1), text.substr(1));
    }
  };

  const auto spell = [](int number, std::string_view letters, int length) {
    std::string word;
    for (int i = 0; i < length; ++i, number /= static_cast<int>(letters.size()))
      word += letters[static_cast<std::size_t>(number) % letters.size()];
    return word;
  };
  int differences = 0;
  for (int p = 0; p < 1024; ++p) {
    const std::string pattern = spell(p, "a*?b", 5);
    for (int length = 0; length <= 5; ++length) {
      for (int t = 0; t < 1 << length; ++t) {
        const std::string text = spell(t, "ab", length);
        if (glob_matches(pattern, text) != Plain::fits(pattern, text)) ++differences;
      }
    }
  }
  BOOST_TEST(differences == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(routes)

BOOST_AUTO_TEST_CASE(the_most_particular_route_wins_whatever_the_order) {
  const std::vector<agent::Route> routes{route("*", "any"),
                                         route("org/*", "org"),
                                         route("org/name", "exact"),
                                         route("org/n*", "prefix"),
                                         route("org/*", "writer", "write"),
                                         route("org/*", "data", "", "dataset")};
  std::vector<agent::Route> reversed(routes.rbegin(), routes.rend());
  for (const auto& table : {routes, reversed}) {
    BOOST_TEST(chosen(table, {"org/name", "model", false}) == "exact");
    BOOST_TEST(chosen(table, {"org/nothing", "model", false}) == "prefix");
    BOOST_TEST(chosen(table, {"org/other", "model", false}) == "org");
    BOOST_TEST(chosen(table, {"org/other", "model", true}) == "writer");
    BOOST_TEST(chosen(table, {"org/other", "dataset", false}) == "data");
    BOOST_TEST(chosen(table, {"gpt2", "", false}) == "any");
  }
}

BOOST_AUTO_TEST_CASE(a_route_to_no_token_or_to_one_of_another_hub_is_passed_over) {
  BOOST_TEST(chosen({route("org/*", "nobody"), route("*", "any")}, {"org/x", "", false}) == "any");
  BOOST_TEST(chosen({route("org/*", "elsewhere")}, {"org/x", "", false}).empty());
}

BOOST_AUTO_TEST_CASE(the_steps_tell_the_winner_first_and_why_each_other_is_not) {
  std::vector<agent::Step> steps;
  static_cast<void>(chosen({route("*", "any"), route("org/x", "exact"), route("other/*", "other"),
                            route("org/*", "writer", "write"), route("org/*", "nobody")},
                           {"org/x", "model", false}, &steps));
  std::string told;
  for (const agent::Step& step : steps)
    told += step.profile + "=" + step.outcome + " ";
  BOOST_TEST(told ==
             "exact=chosen any=less_particular other=other_repo writer=other_access "
             "nobody=no_profile ");
}

BOOST_AUTO_TEST_CASE(of_equals_the_configuration_file_wins_and_cannot_be_changed) {
  Routes table;
  agent::Route fixed = route("org/*", "file");
  fixed.source = "config.toml:3";
  table.take_file({fixed});
  table.take_set({route("org/*", "set")});
  BOOST_TEST(table.choose({"org/x", "", false}, kHub, everything_at_the_hub, nullptr) == "file");
  const auto changed = table.changed({fixed.pattern, profile_name("new")});
  BOOST_REQUIRE(!changed);
  BOOST_TEST(changed.error().code == agent::FaultCode::denied);
  BOOST_TEST(changed.error().text.find("config.toml:3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(there_are_only_so_many) {
  std::vector<agent::Route> routes;
  for (std::size_t i = 0; i < kMaxRoutes; ++i)
    routes.push_back(route("org/" + std::to_string(i), "any"));
  Routes table;
  table.take_set(routes);
  const auto refused = table.changed({route("org/more", "").pattern, profile_name("any")});
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().code == agent::FaultCode::busy);
  BOOST_TEST(table.changed({route("org/1", "").pattern, profile_name("any")}).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_token_is_given_by_route_and_the_route_outlives_the_agent, AgentFixture) {
  BOOST_REQUIRE(add("alice", "https://huggingface.co", false, true).has_value());
  BOOST_REQUIRE(add("work").has_value());
  BOOST_TEST(outcome(call::SetRoute{route("org/*", "").pattern, profile_name("work")}) == "ok");
  const auto profile_of = [&](agent::Purpose purpose) {
    const auto answer = agent::read_token_reply(
        ask(call::GetToken{.profile = {}, .endpoint = kHub, .purpose = std::move(purpose)})
            .value());
    return answer ? answer->profile.facts.profile.str() : std::string(name_of(answer.error().code));
  };
  BOOST_TEST(profile_of({"org/x", "model", false}) == "work");
  BOOST_TEST(profile_of({"other/x", "model", false}) == "alice");
  BOOST_TEST(profile_of({}) == "alice");
  restart();
  BOOST_TEST(profile_of({"org/x", "model", false}) == "work");
  BOOST_TEST(agent::read_routes_reply(ask(call::List{}).value())->size() == 1U);
  BOOST_TEST(outcome(call::SetRoute{route("org/*", "").pattern, {}}) == "ok");
  BOOST_TEST(outcome(call::SetRoute{route("org/*", "").pattern, {}}) == "not_found");
  BOOST_TEST(profile_of({"org/x", "model", false}) == "alice");
  BOOST_TEST(outcome(call::SetRoute{route("org/*", "").pattern, profile_name("nobody")}) ==
             "not_found");
  BOOST_TEST(outcome(call::Lock{}) == "ok");
  BOOST_TEST(outcome(call::SetRoute{route("org/*", "").pattern, profile_name("work")}) == "locked");
}

BOOST_FIXTURE_TEST_CASE(which_says_what_get_token_would_and_never_gives_a_token, AgentFixture) {
  BOOST_REQUIRE(add("alice").has_value());
  const auto which = [&](call::GetToken question) {
    const std::string reply = ask(call::Which{std::move(question)}).value();
    BOOST_TEST(reply.find(stored.records.at("alice").token.expose()) == std::string::npos);
    return agent::read_which_reply(reply).value();
  };
  const agent::WhichAnswer by_default = which({.profile = {}, .endpoint = kHub});
  BOOST_TEST(by_default.profile->facts.profile.str() == "alice");
  BOOST_TEST(by_default.steps.back().kind == "default");
  BOOST_TEST(by_default.steps.back().outcome == "chosen");
  BOOST_TEST(by_default.decision == "allow");
  const agent::WhichAnswer missing = which({.profile = profile_name("bob"), .endpoint = {}});
  BOOST_TEST(missing.fault == "NotFound");
  BOOST_TEST(missing.steps.front().outcome == "no_profile");
  const agent::WhichAnswer foreign =
      which({.profile = profile_name("alice"), .endpoint = endpoint("https://hub.example")});
  BOOST_TEST(foreign.fault == "Denied");
  BOOST_TEST(foreign.steps.front().outcome == "wrong_endpoint");
}

BOOST_AUTO_TEST_SUITE_END()
