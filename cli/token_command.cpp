// SPDX-License-Identifier: Apache-2.0
//
// hfauth token: the token and a newline on standard output, nothing else, for $(...) and scripts.
#include "agent_session.hpp"
#include "commands.hpp"
#include "talk.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()                                                                  //
      ("name", po::value<std::string>()->value_name("NAME"), tr("the profile to take"))  //
      ("show", po::bool_switch(), tr("print the token even though standard output is a terminal"));
}

int run(const po::variables_map& values, Context& context) {
  if (context.terminal.out_is_terminal && !values["show"].as<bool>()) {
    return fail(
        context, "token",
        {Errc::usage,
         tr("this would show the token on the screen; use it in $(hfauth token), or say --show")});
  }
  const Result<std::optional<token::ProfileName>> profile = wanted_profile(values);
  if (!profile) return fail(context, "token", profile.error());
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "token", agent.error());
  const Result<agent::TokenAnswer> answer = ask_agent_for_token(*agent, context, *profile);
  if (!answer) return fail(context, "token", answer.error());
  context.out << answer->token.expose() << '\n';
  return 0;
}

}  // namespace

const Command kTokenCommand{
    .name = "token",
    .usage = "[--name NAME] [--show]",
    .summary = tr_later("Print the token, and nothing else"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
