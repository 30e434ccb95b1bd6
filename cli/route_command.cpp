// SPDX-License-Identifier: Apache-2.0
//
// hfauth route add, list, remove: which token is taken for which repositories, beside what the
// configuration file says.
#include "agent_json.hpp"
#include "agent_session.hpp"
#include "commands.hpp"
#include "repo_purpose.hpp"
#include "table.hpp"
#include "talk.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

void describe_add(po::options_description& options,
                  po::positional_options_description& positional) {
  describe_pattern(options);
  options.add_options()("name", po::value<std::string>()->value_name("NAME"), "");
  positional.add("repo", 1);
  positional.add("name", 1);
}

void describe_remove(po::options_description& options,
                     po::positional_options_description& positional) {
  describe_pattern(options);
  positional.add("repo", 1);
}

void describe_list(po::options_description& /*options*/,
                   po::positional_options_description& /*positional*/) {}

/// Sets or forgets the route; says `sentence` with the pattern and the name.
int change(const agent::RoutePattern& pattern, Context& context, const char* command,
           const std::optional<token::ProfileName>& profile, const char* sentence) {
  Result<agent::RulesClient> agent = connect_rules(context);
  if (!agent) return fail(context, command, agent.error());
  const Result<void> done = agent->set_route(pattern, profile);
  if (!done) return fail(context, command, done.error());
  if (context.verbosity >= 0) {
    context.err << filled(sentence, agent::show(pattern), profile ? profile->str() : std::string())
                << '\n';
  }
  return 0;
}

int run_add(const po::variables_map& values, Context& context) {
  const Result<agent::RoutePattern> pattern = pattern_from(values);
  if (!pattern) return fail(context, "route add", pattern.error());
  const Result<std::optional<token::ProfileName>> profile = wanted_profile(values);
  if (!profile) return fail(context, "route add", profile.error());
  if (!*profile) {
    return fail(context, "route add",
                {Errc::usage, tr("which token? 'hfauth list' shows the names")});
  }
  return change(*pattern, context, "route add", *profile, tr("For {0} the token {1} is taken."));
}

int run_remove(const po::variables_map& values, Context& context) {
  const Result<agent::RoutePattern> pattern = pattern_from(values);
  if (!pattern) return fail(context, "route remove", pattern.error());
  return change(*pattern, context, "route remove", std::nullopt, tr("The route for {0} is gone."));
}

int run_list(const po::variables_map& /*values*/, Context& context) {
  Result<agent::RulesClient> agent = connect_rules(context);
  if (!agent) return fail(context, "route list", agent.error());
  const Result<std::vector<agent::Route>> routes = agent->routes();
  if (!routes) return fail(context, "route list", with_cure(routes.error()));
  if (context.format == Format::json) {
    context.out << json_of(*routes);
    return 0;
  }
  if (routes->empty() && context.format == Format::human) {
    context.err << tr("No route is set; the default token is taken for every repository.") << '\n';
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const agent::Route& route : *routes) {
    const agent::RoutePattern& pattern = route.pattern;
    rows.push_back({pattern.repo, pattern.repo_type.empty() ? "-" : pattern.repo_type,
                    pattern.access.empty() ? "-" : pattern.access,
                    pattern.endpoint ? pattern.endpoint->url() : "-", route.profile,
                    route.source.empty() ? "hfauth route add" : route.source});
  }
  if (context.format == Format::quiet) {
    for (const std::vector<std::string>& row : rows)
      context.out << row[0] << ' ' << row[4] << '\n';
    return 0;
  }
  print_table(
      context,
      {{tr("REPO")}, {tr("TYPE")}, {tr("ACCESS")}, {tr("ENDPOINT")}, {tr("TOKEN")}, {tr("FROM")}},
      rows);
  return 0;
}

}  // namespace

const Command kRouteAddCommand{
    .name = "route add",
    .usage = "PATTERN NAME [--type TYPE] [--access ACCESS] [--endpoint URL]",
    .summary = tr_later("Take a certain token for some repositories"),
    .describe = describe_add,
    .run = run_add,
};

const Command kRouteListCommand{
    .name = "route list",
    .usage = "",
    .summary = tr_later("Show which token is taken for which repositories"),
    .describe = describe_list,
    .run = run_list,
};

const Command kRouteRemoveCommand{
    .name = "route remove",
    .usage = "PATTERN [--type TYPE] [--access ACCESS] [--endpoint URL]",
    .summary = tr_later("Forget a route"),
    .describe = describe_remove,
    .run = run_remove,
};

}  // namespace hfauth::cli
