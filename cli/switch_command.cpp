// SPDX-License-Identifier: Apache-2.0
//
// hfauth switch [NAME]: makes a stored token the default one of its endpoint; without a name lets
// the person at the terminal pick one. Says if a variable hides it (as `hf auth switch` warns).
#include "agent_session.hpp"
#include "commands.hpp"
#include "git_credential.hpp"
#include "json_output.hpp"
#include "next_client.hpp"
#include "other_clients.hpp"
#include "question.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()("name", po::value<std::string>()->value_name("NAME"), "")  //
      ("add-to-git-credential", po::bool_switch(),
       tr("give the token to git's credential helper too"));
  positional.add("name", 1);
}

/// Errors: usage (nobody to ask), token_required (nothing stored), interrupted.
Result<token::ProfileName> picked(agent::AgentClient& agent, Context& context) {
  if (!can_ask(context)) return Error{Errc::usage, tr("which one? 'hfauth list' shows the names")};
  const Result<std::vector<agent::StoredProfile>> profiles = agent.list();
  if (!profiles) return with_cure(profiles.error());
  if (profiles->empty())
    return Error{Errc::token_required, tr("no token is stored yet; run 'hfauth login'")};
  std::vector<std::string> choices;
  for (const agent::StoredProfile& profile : *profiles) {
    const token::TokenFacts& facts = profile.facts;
    choices.push_back(facts.profile.str() + "  " + profile.mask + "  " + facts.user +
                      (profile.is_default ? std::string("  ") + tr("(default)") : ""));
  }
  const Result<std::size_t> choice = ask_choice(context, tr("Which token?"), choices);
  if (!choice) return choice.error();
  return profiles->at(*choice).facts.profile;
}

int run(const po::variables_map& values, Context& context) {
  const Result<std::optional<token::ProfileName>> named = wanted_profile(values);
  if (!named) return fail(context, "switch", named.error());
  if (!*named && !can_ask(context))
    return fail(context, "switch", {Errc::usage, tr("which one? 'hfauth list' shows the names")});
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "switch", agent.error());
  const Result<token::ProfileName> profile =
      *named ? Result<token::ProfileName>(**named) : picked(*agent, context);
  if (!profile) return fail(context, "switch", profile.error());
  const Result<agent::StoredProfile> chosen = agent->set_default(*profile);
  if (!chosen) return fail(context, "switch", with_cure(chosen.error()));
  const token::TokenFacts& facts = chosen->facts;
  if (context.format == Format::json) {
    context.out << json_of(*chosen);
  } else if (context.verbosity >= 0) {
    context.out << filled(tr("{0} is now the default token for {1}."), facts.profile.str(),
                          facts.endpoint.url())
                << '\n';
  }
  const bool wants_git = values["add-to-git-credential"].as<bool>();
  const bool talks = context.verbosity >= 0 && context.format != Format::json;
  if (!wants_git && !talks) return 0;
  const Result<agent::TokenAnswer> answer = agent->get_token(*profile, facts.endpoint);
  if (!answer) return wants_git ? fail(context, "switch", with_cure(answer.error())) : 0;
  const int status =
      wants_git ? give_to_git(context, "switch", facts.endpoint, answer->token, chosen->refreshable)
                : 0;
  if (talks) {
    const bool python_uses_it = tell_next_client(context, answer->token, context.err);
    tell_other_clients(context, facts.endpoint, answer->token, python_uses_it, context.err);
  }
  return status;
}

}  // namespace

const Command kSwitchCommand{
    .name = "switch",
    .usage = "[NAME] [--add-to-git-credential]",
    .summary = tr_later("Make a stored token the default one"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
