// SPDX-License-Identifier: Apache-2.0
//
// hfauth whoami: asks the Hub whose token it is: the agent's, or, if the agent has none, the one
// that huggingface_hub would find. Says which, and warns if Python would send another one than the
// agent's.
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/mask.hpp"
#include "hub_session.hpp"
#include "json_output.hpp"
#include "next_client.hpp"
#include "talk.hpp"
#include "terminal.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

struct ChosenToken {
  Secret token;
  token::Endpoint endpoint;
  std::string source;  ///< for people and JSON
  bool from_agent = false;
};

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()("name", po::value<std::string>()->value_name("NAME"),
                        tr("the profile to ask about"));
}

Result<ChosenToken> from_agent(const Context& context,
                               const std::optional<token::ProfileName>& profile) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return agent.error();
  Result<agent::TokenAnswer> answer = ask_agent_for_token(*agent, context, profile);
  if (!answer) return answer.error();
  const token::TokenFacts& facts = answer->profile.facts;
  return ChosenToken{std::move(answer->token), facts.endpoint, "agent:" + facts.profile.str(),
                     true};
}

Result<ChosenToken> choose(const Context& context,
                           const std::optional<token::ProfileName>& profile) {
  Result<ChosenToken> stored = from_agent(context, profile);
  if (stored || profile) return stored;
  token::Resolution found = resolve_next_client(context);
  if (found.token.empty()) return stored;
  Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  if (stored.error().code != Errc::token_required && context.verbosity >= 0) {
    context.err << "hfauth whoami: " << redact(stored.error().detail)
                << '\n';  // locked is not "none"
  }
  std::string source = show_source(found, context);
  return ChosenToken{std::move(found.token), std::move(*endpoint), std::move(source), false};
}

std::string comma_separated(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "" : ",") + name;
  return list;
}

/// As `hf auth whoami --format agent` prints it.
void print_for_agent(const hub::Whoami& whoami, const ChosenToken& chosen, std::ostream& out) {
  out << "user=" << whoami.user;
  if (!whoami.orgs.empty()) out << " orgs=" << comma_separated(whoami.orgs);
  if (!chosen.endpoint.is_official()) out << " endpoint=" << chosen.endpoint.url();
  out << '\n';
}

void print_human(const hub::Whoami& whoami, const ChosenToken& chosen, Context& context) {
  std::ostream& out = context.out;
  const std::string orgs = comma_separated(whoami.orgs);
  out << painted(context.terminal, Paint::good, check_mark(context.terminal)) << ' '
      << tr("Logged in") << '\n';
  out << "  user: " << whoami.user << '\n';
  if (!orgs.empty()) out << "  orgs: " << orgs << '\n';
  out << "  token: " << (whoami.display_name.empty() ? "" : whoami.display_name + " ")
      << mask_token(chosen.token.expose()) << (whoami.role.empty() ? "" : " (" + whoami.role + ")")
      << '\n';
  out << "  source: " << chosen.source << '\n';
  if (!chosen.endpoint.is_official()) out << "  endpoint: " << chosen.endpoint.url() << '\n';
}

int status_of(hub::Verdict verdict) {
  switch (verdict) {
    case hub::Verdict::valid:
      return 0;
    case hub::Verdict::invalid:
      return exit_status(Errc::unauthorized);
    case hub::Verdict::expired:
      return exit_status(Errc::expired);
    case hub::Verdict::unknown:
      break;
  }
  return exit_status(Errc::network);
}

Errc code_of(hub::Verdict verdict) {
  if (verdict == hub::Verdict::invalid) return Errc::unauthorized;
  return verdict == hub::Verdict::expired ? Errc::expired : Errc::network;
}

/// A variable that hides the agent's token changes who the next Python is.
void warn_of_shadow(const ChosenToken& chosen, Context& context) {
  if (!chosen.from_agent || context.verbosity < 0 || context.format == Format::quiet) return;
  const token::Resolution next = resolve_next_client(context);
  if (!next.token.empty() && !next.token.equals(chosen.token.expose())) {
    tell_next_client(context, chosen.token, context.err);
  }
}

int run(const po::variables_map& values, Context& context) {
  const Result<std::optional<token::ProfileName>> profile = wanted_profile(values);
  if (!profile) return fail(context, "whoami", profile.error());
  const Result<ChosenToken> chosen = choose(context, *profile);
  if (!chosen) return fail(context, "whoami", chosen.error());
  Result<HubSession> hub = HubSession::open(context, chosen->endpoint);
  if (!hub) return fail(context, "whoami", hub.error());
  const hub::Whoami whoami = hub->client().whoami(chosen->token);
  if (context.format == Format::json) {
    context.out << json_of(whoami, chosen->endpoint.url(), chosen->source,
                           mask_token(chosen->token.expose()));
    return status_of(whoami.verdict);
  }
  if (whoami.verdict != hub::Verdict::valid) {
    return fail(
        context, "whoami",
        {code_of(whoami.verdict), filled(tr("{0}; the token came from {1}"),
                                         show_verdict(whoami, chosen->endpoint), chosen->source)});
  }
  if (context.format == Format::quiet) {
    context.out << whoami.user << '\n';
    return 0;
  }
  if (context.format == Format::agent) {
    print_for_agent(whoami, *chosen, context.out);
  } else {
    print_human(whoami, *chosen, context);
  }
  warn_of_shadow(*chosen, context);
  return 0;
}

}  // namespace

const Command kWhoamiCommand{
    .name = "whoami",
    .usage = "[--name NAME]",
    .summary = tr_later("Ask the Hub whose token is in use"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
