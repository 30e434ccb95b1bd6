// SPDX-License-Identifier: Apache-2.0
//
// hfauth switch NAME: makes a stored token the default one of its endpoint.
#include "agent_session.hpp"
#include "commands.hpp"
#include "json_output.hpp"
#include "next_client.hpp"
#include "talk.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()("name", po::value<std::string>()->value_name("NAME"), "");
  positional.add("name", 1);
}

int run(const po::variables_map& values, Context& context) {
  const Result<std::optional<token::ProfileName>> profile = wanted_profile(values);
  if (!profile) return fail(context, "switch", profile.error());
  if (!*profile)
    return fail(context, "switch", {Errc::usage, tr("which one? 'hfauth list' shows the names")});
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "switch", agent.error());
  const Result<agent::StoredProfile> chosen = agent->set_default(**profile);
  if (!chosen) return fail(context, "switch", with_cure(chosen.error()));
  if (context.format == Format::json) {
    context.out << json_of(*chosen);
    return 0;
  }
  if (context.verbosity < 0) return 0;
  context.out << filled(tr("{0} is now the default token for {1}."), chosen->facts.profile.str(),
                        chosen->facts.endpoint.url())
              << '\n';
  const Result<agent::TokenAnswer> answer = agent->get_token(**profile, chosen->facts.endpoint);
  if (answer) tell_next_client(context, answer->token, context.err);
  return 0;
}

}  // namespace

const Command kSwitchCommand{
    .name = "switch",
    .usage = "NAME",
    .summary = tr_later("Make a stored token the default one"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
