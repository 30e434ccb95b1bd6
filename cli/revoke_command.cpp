// SPDX-License-Identifier: Apache-2.0
//
// hfauth revoke [NAME]: ends a stored token on the Hub, for everybody who has it, and removes it
// here. For a token that leaked. Nothing brings it back, so the name or the mask has to be typed.
#include "agent_session.hpp"
#include "commands.hpp"
#include "hub_session.hpp"
#include "json_output.hpp"
#include "question.hpp"
#include "remaining_tokens.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()("name", po::value<std::string>()->value_name("NAME"), "")  //
      ("yes", po::bool_switch(), tr("do not ask: for scripts"));
  positional.add("name", 1);
}

/// Errors: usage (nobody to ask), interrupted (something else was typed).
Result<void> confirmed(const agent::StoredProfile& profile, Context& context) {
  const token::TokenFacts& facts = profile.facts;
  if (!can_ask(context)) {
    return Error{Errc::usage,
                 tr("this cannot be undone and nobody is there to confirm it; add --yes")};
  }
  context.err << filled(tr("The token \"{0}\" ({1}) of {2} at {3} will be ended on the Hub."),
                        facts.profile.str(), profile.mask,
                        facts.user.empty() ? tr("an unknown account") : facts.user.c_str(),
                        facts.endpoint.url())
              << '\n'
              << tr("Every machine and program that uses it loses it at once, the owner is told by "
                    "e-mail, and nothing brings it back.")
              << '\n';
  const std::string typed =
      ask_line(context, filled(tr("To go on, type its name or {}: "), profile.mask));
  if (typed == facts.profile.str() || typed == profile.mask) return {};
  return Error{Errc::interrupted, tr("that is not its name; nothing was done")};
}

/// Every profile that holds the same token: none of them is good any more.
Result<std::vector<std::string>> remove_all_of(agent::AgentClient& agent,
                                               const agent::StoredProfile& revoked,
                                               const std::vector<agent::StoredProfile>& profiles) {
  std::vector<std::string> removed;
  for (const agent::StoredProfile& profile : profiles) {
    if (profile.fingerprint != revoked.fingerprint ||
        profile.facts.endpoint != revoked.facts.endpoint)
      continue;
    const Result<void> gone = agent.remove(profile.facts.profile);
    if (!gone) {
      return Error{gone.error().code,
                   filled(tr("the token is ended on the Hub, but {0} could not be removed here: "
                             "{1}"),
                          profile.facts.profile.str(), gone.error().detail)};
    }
    removed.push_back(profile.facts.profile.str());
  }
  return removed;
}

int run(const po::variables_map& values, Context& context) {
  const Result<std::optional<token::ProfileName>> named = wanted_profile(values);
  if (!named) return fail(context, "revoke", named.error());
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "revoke", agent.error());
  const Result<agent::TokenAnswer> answer = ask_agent_for_token(*agent, context, *named);
  if (!answer) return fail(context, "revoke", answer.error());
  const Result<std::vector<agent::StoredProfile>> profiles = agent->list();
  if (!profiles) return fail(context, "revoke", with_cure(profiles.error()));
  if (!values["yes"].as<bool>()) {
    const Result<void> wish = confirmed(answer->profile, context);
    if (!wish) return fail(context, "revoke", wish.error());
  }
  const token::TokenFacts& facts = answer->profile.facts;
  Result<HubSession> hub = HubSession::open(context, facts.endpoint);
  if (!hub) return fail(context, "revoke", hub.error());
  const Result<void> revoked = hub->client().revoke(answer->token);
  if (!revoked) {
    return fail(
        context, "revoke",
        {revoked.error().code, filled(tr("{}; the token may still be good, and is still stored"),
                                      revoked.error().detail)});
  }
  const Result<std::vector<std::string>> removed =
      remove_all_of(*agent, answer->profile, *profiles);
  if (!removed) return fail(context, "revoke", removed.error());
  if (context.format == Format::json) {
    std::vector<std::string> remaining;
    for (const agent::StoredProfile& profile : *profiles) {
      if (std::find(removed->begin(), removed->end(), profile.facts.profile.str()) ==
          removed->end())
        remaining.push_back(profile.facts.profile.str());
    }
    context.out << json_of_removal(*removed, remaining);
    return 0;
  }
  if (context.verbosity < 0) return 0;
  context.out << filled(tr("Ended on the Hub and removed here: \"{0}\" ({1})."),
                        facts.profile.str(), answer->profile.mask)
              << '\n';
  context.err << tr("The owner is told by e-mail.") << '\n';
  tell_remaining_tokens(context, facts.endpoint, &answer->token, context.err);
  tell_git_may_remember(context, facts.endpoint, context.err);
  return 0;
}

}  // namespace

const Command kRevokeCommand{
    .name = "revoke",
    .usage = "[NAME] [--yes]",
    .summary = tr_later("End a leaked token on the Hub, for everybody, and remove it here"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
