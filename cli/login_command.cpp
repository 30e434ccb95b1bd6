// SPDX-License-Identifier: Apache-2.0
//
// hfauth login: take a token, from an option, a browser or what is pasted (login_input.hpp), ask
// the Hub, store it through the agent, open the lease, and say what the next clients will use.
// Nothing is stored before the Hub has said that the token is good (or --force).
#include "agent_session.hpp"
#include "commands.hpp"
#include "git_credential.hpp"
#include "hfauth/core/mask.hpp"
#include "hub_session.hpp"
#include "json_output.hpp"
#include "login_input.hpp"
#include "next_client.hpp"
#include "other_clients.hpp"
#include "talk.hpp"
#include "terminal.hpp"
#include "token_facts.hpp"
#include "token_link.hpp"
#include "token_verdict.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  describe_login_input(options);
  options.add_options()  //
      ("name", po::value<std::string>()->value_name("NAME"),
       tr("the profile to store it under; else the token's own name on the Hub"))  //
      ("force", po::bool_switch(),
       tr("log in also if you are already, store it also if the Hub cannot be asked, or over "
          "another account's token"))  //
      ("add-to-git-credential", po::bool_switch(),
       tr("give the token to git's credential helper too"))  //
      ("preset", po::value<std::string>()->value_name("PRESET"),
       tr("print the link to a new token with the right permissions ticked: read, gated, write or "
          "inference; nothing else happens"))  //
      ("no-lease", po::bool_switch(), tr("do not put it into a lease for other programs"));
}

void say(Context& context, const std::string& sentence) {
  if (context.verbosity >= 0) context.err << sentence << '\n';
}

int print_link(const std::string& preset, const token::Endpoint& endpoint, Context& context) {
  const Result<std::string> link = token_link(preset, endpoint);
  if (!link) return fail(context, "login", link.error());
  context.out << *link << '\n';
  return 0;
}

/// Who is logged in already, as far as this login would change it: the profile of the wanted name,
/// or the endpoint's default one. A token that has run out logs nobody in.
Result<std::optional<agent::StoredProfile>> already_logged_in(
    const Context& context, const token::Endpoint& endpoint,
    const std::optional<token::ProfileName>& wanted) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return agent.error();
  const Result<std::vector<agent::StoredProfile>> stored = agent->list();
  if (!stored) return with_cure(stored.error());
  const WallTime now = SystemClock().now();
  for (const agent::StoredProfile& profile : *stored) {
    const token::TokenFacts& facts = profile.facts;
    if (facts.endpoint != endpoint || facts.login_again) continue;
    if (facts.expires && *facts.expires <= now) continue;
    if (wanted ? facts.profile == *wanted : profile.is_default) return std::optional(profile);
  }
  return std::optional<agent::StoredProfile>();
}

void tell_already(const agent::StoredProfile& profile, Context& context) {
  const token::TokenFacts& facts = profile.facts;
  say(context,
      filled(tr("Already logged in as {0} (\"{1}\"). To log in again: hfauth login "
                "--force. To keep a second token: hfauth login --name NAME"),
             facts.user.empty() ? tr("somebody") : facts.user.c_str(), facts.profile.str()));
}

/// What the Hub says of the token. Errors are refusals: invalid, expired, not to be asked (unless
/// forced).
Result<hub::Whoami> validated(const LoginCredentials& given, const token::Endpoint& endpoint,
                              bool force, Context& context) {
  const Secret& token = given.token;
  hub::Whoami whoami;
  Result<HubSession> session = HubSession::open(context, endpoint);
  if (session) {
    whoami = session->client().whoami(token);
  } else if (session.error().code == Errc::offline) {
    whoami.failure = session.error();
  } else {
    return session.error();
  }
  if (whoami.verdict == hub::Verdict::invalid || whoami.verdict == hub::Verdict::expired) {
    return Error{whoami.verdict == hub::Verdict::expired ? Errc::expired : Errc::unauthorized,
                 filled(tr("{}; nothing was stored"), show_verdict(whoami, endpoint))};
  }
  if (whoami.verdict == hub::Verdict::valid && whoami.kind == token::TokenKind::org) {
    return Error{Errc::invalid_input,
                 tr("this is a token of an organisation, which the Hub's clients refuse; use one "
                    "of your personal account; nothing was stored")};
  }
  // What the user has just granted in the browser is not thrown away for a hiccup of the Hub.
  if (whoami.verdict == hub::Verdict::unknown && given.from_browser) {
    say(context, show_verdict(whoami, endpoint));
    return whoami;
  }
  if (whoami.verdict == hub::Verdict::unknown && !force) {
    return Error{Errc::network,
                 filled(tr("{}; nothing was stored. Try again, or --force to store it unchecked"),
                        show_verdict(whoami, endpoint))};
  }
  return whoami;
}

/// As huggingface_hub names it: the token's own name, or oauth-<user> where it has none.
Result<token::ProfileName> name_for(const po::variables_map& values, const hub::Whoami& whoami,
                                    const LoginCredentials& given) {
  const Result<std::optional<token::ProfileName>> wanted = wanted_profile(values);
  if (!wanted) return wanted.error();
  if (*wanted) return **wanted;
  std::string name = whoami.display_name;
  if (name.empty() && !whoami.user.empty()) name = "oauth-" + whoami.user;
  if (name.empty() && given.from_browser) name = "oauth";
  return token::ProfileName::from_display_name(name);
}

token::TokenRecord record_of(const token::ProfileName& profile, const token::Endpoint& endpoint,
                             const hub::Whoami& whoami, LoginCredentials given) {
  token::TokenFacts facts = facts_from(profile, endpoint, whoami);
  if (given.from_browser) facts.kind = token::TokenKind::oauth;
  if (given.expires) facts.expires = given.expires;
  facts.oauth_client = std::move(given.oauth_client);
  return {std::move(facts), std::move(given.token), std::move(given.refresh)};
}

/// A profile of this name that belongs to somebody else, or to another Hub, is not to be lost by a
/// slip.
Result<void> check_replaces_own(agent::AgentClient& agent, const token::TokenFacts& facts,
                                bool force) {
  if (force) return {};
  const Result<std::vector<agent::StoredProfile>> stored = agent.list();
  if (!stored) return with_cure(stored.error());
  for (const agent::StoredProfile& other : *stored) {
    if (other.facts.profile != facts.profile) continue;
    if (other.facts.endpoint == facts.endpoint &&
        (other.facts.user == facts.user || other.facts.user.empty()))
      continue;
    return Error{
        Errc::conflict,
        filled(tr("the name {0} is taken by a token of {1} at {2}; give another --name, or "
                  "--force to replace it"),
               facts.profile.str(), other.facts.user, other.facts.endpoint.url())};
  }
  return {};
}

Result<agent::StoredProfile> stored(agent::AgentClient& agent, const token::TokenRecord& record,
                                    bool force) {
  const Result<void> allowed = check_replaces_own(agent, record.facts, force);
  if (!allowed) return allowed.error();
  Result<agent::StoredProfile> profile = agent.add(record, {.replace = true, .make_default = true});
  if (!profile) return with_cure(profile.error());
  return profile;
}

void report(const agent::StoredProfile& profile, const hub::Whoami& whoami, Context& context) {
  if (context.format == Format::json) {
    context.out << json_of(profile);
    return;
  }
  if (context.verbosity < 0) return;
  const token::TokenFacts& facts = profile.facts;
  if (context.format == Format::agent && whoami.verdict == hub::Verdict::valid) {
    context.out << "user=" << facts.user << " name=" << facts.profile.str()
                << " token=" << profile.mask << '\n';
    return;
  }
  const std::string mark(check_mark(context.terminal));
  if (whoami.verdict != hub::Verdict::valid) {
    context.out << filled(tr("Stored {0} as \"{1}\", unchecked."), profile.mask,
                          facts.profile.str())
                << '\n';
    return;
  }
  const std::string role = facts.role.empty() ? std::string() : " (" + facts.role + ")";
  context.out << painted(context.terminal, Paint::good, mark) << ' '
              << filled(tr("Logged in as {0}{1}; token {2} is stored as \"{3}\"."), facts.user,
                        role, profile.mask, facts.profile.str())
              << '\n';
}

/// How long a login with a browser lasts; other tokens have no end that anybody knows.
void tell_end(const token::TokenRecord& record, Context& context) {
  if (record.facts.kind != token::TokenKind::oauth || !record.facts.expires) return;
  const std::string day = format_utc(*record.facts.expires).substr(0, 10);
  say(context, record.refresh.empty()
                   ? filled(tr("It is good until {}; then log in again."), day)
                   : filled(tr("It is good until {} and is renewed before."), day));
}

int open_lease(agent::AgentClient& agent, const token::TokenFacts& facts, Context& context) {
  const Result<agent::Lease> lease = open_lease_for(agent, facts, false);
  if (lease) return 0;
  return fail(
      context, "login",
      {lease.error().code, filled(tr("the token is stored, but its lease could not be opened: {}"),
                                  lease.error().detail)});
}

int log_in(const po::variables_map& values, const token::Endpoint& endpoint, Context& context) {
  const bool force = values["force"].as<bool>();
  Result<LoginCredentials> given = read_login_input(values, context, endpoint);
  if (!given) return fail(context, "login", given.error());
  const Result<hub::Whoami> whoami = validated(*given, endpoint, force, context);
  if (!whoami) return fail(context, "login", whoami.error());
  const Result<token::ProfileName> name = name_for(values, *whoami, *given);
  if (!name) return fail(context, "login", name.error());

  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "login", agent.error());
  const token::TokenRecord record = record_of(*name, endpoint, *whoami, std::move(*given));
  const Result<agent::StoredProfile> profile = stored(*agent, record, force);
  if (!profile) return fail(context, "login", profile.error());
  remember_verdict(context, *profile, whoami->verdict);
  report(*profile, *whoami, context);
  tell_end(record, context);
  int status = values["no-lease"].as<bool>() ? 0 : open_lease(*agent, record.facts, context);
  if (values["add-to-git-credential"].as<bool>())
    status = std::max(status, give_to_git(context, "login", record.facts.endpoint, record.token,
                                          !record.refresh.empty()));
  if (context.verbosity >= 0) {
    const bool python_uses_it = tell_next_client(context, record.token, context.err);
    tell_other_clients(context, endpoint, record.token, python_uses_it, context.err);
  }
  return status;
}

int run(const po::variables_map& values, Context& context) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return fail(context, "login", endpoint.error());
  if (values.count("preset") != 0)
    return print_link(values["preset"].as<std::string>(), *endpoint, context);
  const Result<std::optional<token::ProfileName>> wanted = wanted_profile(values);
  if (!wanted) return fail(context, "login", wanted.error());
  if (const Result<void> input = check_login_input(values, context); !input)
    return fail(context, "login", input.error());
  if (is_interactive(values) && !values["force"].as<bool>()) {
    const Result<std::optional<agent::StoredProfile>> before =
        already_logged_in(context, *endpoint, *wanted);
    if (!before) return fail(context, "login", before.error());
    if (*before) {
      tell_already(**before, context);
      return 0;
    }
  }
  return log_in(values, *endpoint, context);
}

}  // namespace

const Command kLoginCommand{
    .name = "login",
    .usage =
        "[--browser | --token-stdin | --token-file FILE] [--name NAME] [--force] "
        "[--add-to-git-credential]",
    .summary = tr_later("Log in with a browser or a token, for every session"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
