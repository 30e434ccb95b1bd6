// SPDX-License-Identifier: Apache-2.0
//
// hfauth whoami: whose token it is: the agent's, or, if the agent has none, the one that
// huggingface_hub would find; with --all every stored one. The Hub is asked unless it was within
// the last ten minutes. Says which token, and warns if Python would send another one than the
// agent's.
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/mask.hpp"
#include "hub_access.hpp"
#include "json_output.hpp"
#include "next_client.hpp"
#include "table.hpp"
#include "talk.hpp"
#include "terminal.hpp"
#include "token_verdict.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

struct ChosenToken {
  Secret token;
  token::Endpoint endpoint;
  std::string source;                           ///< for people and JSON
  std::optional<agent::StoredProfile> profile;  ///< of the agent's
};

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()                                                                       //
      ("name", po::value<std::string>()->value_name("NAME"), tr("the profile to ask about"))  //
      ("all", po::bool_switch(), tr("ask about every stored token"))                          //
      ("fresh", po::bool_switch(), tr("ask the Hub even if it was asked in the last ten minutes"));
}

Result<ChosenToken> from_agent(const Context& context,
                               const std::optional<token::ProfileName>& profile) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return agent.error();
  Result<agent::TokenAnswer> answer = ask_agent_for_token(*agent, context, profile);
  if (!answer) return answer.error();
  const token::TokenFacts& facts = answer->profile.facts;
  return ChosenToken{std::move(answer->token), facts.endpoint, "agent:" + facts.profile.str(),
                     answer->profile};
}

Result<ChosenToken> choose(const Context& context,
                           const std::optional<token::ProfileName>& profile) {
  Result<ChosenToken> stored = from_agent(context, profile);
  if (stored || profile) return stored;
  Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  OwnToken own = find_own_token(context, *endpoint);
  if (own.refused && stored.error().code == Errc::token_required) {
    return Error{Errc::token_required, own.refused->detail + "; " + stored.error().detail};
  }
  token::Resolution found = std::move(own.found);
  if (found.token.empty()) return stored;
  if (stored.error().code != Errc::token_required && context.verbosity >= 0) {
    context.err << "hfauth whoami: " << redact(stored.error().detail)
                << '\n';  // locked is not "none"
  }
  std::string source = show_source(found, context);
  return ChosenToken{std::move(found.token), std::move(*endpoint), std::move(source), {}};
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
      << show_mask(chosen.token) << (whoami.role.empty() ? "" : " (" + whoami.role + ")") << '\n';
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
  if (!chosen.profile || context.verbosity < 0 || context.format == Format::quiet) return;
  const token::Resolution next = resolve_next_client(context);
  if (!next.token.empty() && !next.token.equals(chosen.token.expose())) {
    tell_next_client(context, chosen.token, context.err);
  }
}

const agent::StoredProfile* profile_of(const ChosenToken& chosen) {
  return chosen.profile ? &*chosen.profile : nullptr;
}

int print_one(const ChosenToken& chosen, const TokenVerdict& verdict, Context& context) {
  const hub::Whoami& whoami = verdict.whoami;
  if (context.format == Format::json) {
    context.out << json_of(
        WhoamiLine{verdict, chosen.endpoint.url(), chosen.source, show_mask(chosen.token)});
    return status_of(whoami.verdict);
  }
  if (whoami.verdict != hub::Verdict::valid) {
    return fail(
        context, "whoami",
        {code_of(whoami.verdict), filled(tr("{0}; the token came from {1}"),
                                         show_verdict(verdict, chosen.endpoint), chosen.source)});
  }
  if (context.format == Format::quiet) {
    context.out << whoami.user << '\n';
    return 0;
  }
  if (context.format == Format::agent) {
    print_for_agent(whoami, chosen, context.out);
  } else {
    print_human(whoami, chosen, context);
  }
  if (verdict.cached && context.verbosity > 0) {
    context.err << filled(tr("The Hub was asked at {}; --fresh asks again."),
                          format_utc(*verdict.cached))
                << '\n';
  }
  warn_of_shadow(chosen, context);
  return 0;
}

/// A stored token and what the Hub says of it.
struct Judged {
  ChosenToken chosen;
  TokenVerdict verdict;
};

Result<std::vector<Judged>> judge_all(VerdictSource& source, const Context& context) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return agent.error();
  const Result<std::vector<agent::StoredProfile>> profiles = agent->list();
  if (!profiles) return with_cure(profiles.error());
  std::vector<Judged> judged;
  for (const agent::StoredProfile& profile : *profiles) {
    const token::TokenFacts& facts = profile.facts;
    ChosenToken chosen{Secret(), facts.endpoint, "agent:" + facts.profile.str(), profile};
    Result<agent::TokenAnswer> answer = agent->get_token(facts.profile, facts.endpoint);
    if (!answer && answer.error().code == Errc::expired) {
      TokenVerdict over;  // by its own date: nobody needs to be asked
      over.whoami.verdict = hub::Verdict::expired;
      over.whoami.user = facts.user;
      over.whoami.role = facts.role;
      over.whoami.expires = facts.expires;
      judged.push_back({std::move(chosen), std::move(over)});
      continue;
    }
    if (!answer) return with_cure(answer.error());
    chosen.token = std::move(answer->token);
    Result<TokenVerdict> verdict = source.of(chosen.token, facts.endpoint, &profile);
    if (!verdict) return verdict.error();
    judged.push_back({std::move(chosen), std::move(*verdict)});
  }
  return judged;
}

std::string mask_of(const Judged& one) {
  return one.chosen.profile->mask;
}

void print_table_of(const std::vector<Judged>& all, Context& context) {
  std::vector<std::vector<std::string>> rows;
  for (const Judged& one : all) {
    const token::TokenFacts& facts = one.chosen.profile->facts;
    const hub::Whoami& whoami = one.verdict.whoami;
    const std::string& user = whoami.user.empty() ? facts.user : whoami.user;
    rows.push_back({one.chosen.profile->is_default ? "*" : "", facts.profile.str(), mask_of(one),
                    user, std::string(name_of(whoami.verdict)), comma_separated(whoami.orgs)});
  }
  if (context.format == Format::agent) {
    context.out << "default\tname\ttoken\tuser\tverdict\torgs\n";
    for (const std::vector<std::string>& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i)
        context.out << (i > 0 ? "\t" : "") << row[i];
      context.out << '\n';
    }
    return;
  }
  print_table(context,
              {{" "}, {tr("NAME")}, {tr("TOKEN")}, {tr("ACCOUNT")}, {tr("VERDICT")}, {tr("ORGS")}},
              rows);
}

int run_all(VerdictSource& source, Context& context) {
  const Result<std::vector<Judged>> all = judge_all(source, context);
  if (!all) return fail(context, "whoami", all.error());
  if (all->empty()) {
    return fail(context, "whoami",
                {Errc::token_required, tr("no token is stored yet; run 'hfauth login'")});
  }
  if (context.format == Format::json) {
    std::vector<WhoamiLine> lines;
    for (const Judged& one : *all)
      lines.push_back({one.verdict, one.chosen.endpoint.url(), one.chosen.source, mask_of(one)});
    context.out << json_of(lines);
  } else if (context.format == Format::quiet) {
    for (const Judged& one : *all)
      context.out << one.verdict.whoami.user << '\n';
  } else {
    print_table_of(*all, context);
  }
  int status = 0;
  for (const Judged& one : *all) {
    status = std::max(status, status_of(one.verdict.whoami.verdict));
    if (one.verdict.whoami.verdict == hub::Verdict::valid || context.format == Format::json)
      continue;
    if (one.verdict.whoami.verdict == hub::Verdict::expired && one.chosen.token.empty()) continue;
    context.err << one.chosen.profile->facts.profile.str() << ": "
                << show_verdict(one.verdict, one.chosen.endpoint) << '\n';
  }
  return status;
}

int run(const po::variables_map& values, Context& context) {
  const Result<std::optional<token::ProfileName>> profile = wanted_profile(values);
  if (!profile) return fail(context, "whoami", profile.error());
  VerdictSource source(context, values["fresh"].as<bool>());
  if (values["all"].as<bool>()) {
    if (*profile)
      return fail(context, "whoami", {Errc::usage, tr("choose one of --all and --name")});
    return run_all(source, context);
  }
  const Result<ChosenToken> chosen = choose(context, *profile);
  if (!chosen) return fail(context, "whoami", chosen.error());
  const Result<TokenVerdict> verdict =
      source.of(chosen->token, chosen->endpoint, profile_of(*chosen));
  if (!verdict) return fail(context, "whoami", verdict.error());
  return print_one(*chosen, *verdict, context);
}

}  // namespace

const Command kWhoamiCommand{
    .name = "whoami",
    .usage = "[--name NAME | --all] [--fresh]",
    .summary = tr_later("Ask the Hub whose token is in use"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
