// SPDX-License-Identifier: Apache-2.0
//
// hfauth login: take a token, mend what pasting did to it, ask the Hub, store it through the agent,
// open the lease, and say what the next Python will use. Nothing is stored before the Hub has said
// that the token is good (or --force).
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/token/token_text.hpp"
#include "hub_session.hpp"
#include "json_output.hpp"
#include "next_client.hpp"
#include "secret_input.hpp"
#include "talk.hpp"
#include "terminal.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()                                                             //
      ("token-stdin", po::bool_switch(), tr("read the token from standard input"))  //
      ("token-file", po::value<std::string>()->value_name("FILE"),
       tr("read the token from a file"))  //
      ("token", po::value<std::string>()->value_name("TOKEN"),
       tr("the token itself; it stays in the shell's history and shows in process lists"))  //
      ("name", po::value<std::string>()->value_name("NAME"),
       tr("the profile to store it under; else the token's own name on the Hub"))  //
      ("force", po::bool_switch(),
       tr("store it also if the Hub cannot be asked, or over another account's token"))  //
      ("no-lease", po::bool_switch(), tr("do not put it into a lease for other programs"));
}

void say(Context& context, const std::string& sentence) {
  if (context.verbosity >= 0) context.err << sentence << '\n';
}

Result<Secret> read_token(const po::variables_map& values, Context& context) {
  const int n_sources = static_cast<int>(values["token-stdin"].as<bool>()) +
                        static_cast<int>(values.count("token-file")) +
                        static_cast<int>(values.count("token"));
  if (n_sources > 1)
    return Error{Errc::usage, tr("choose one of --token-stdin, --token-file and --token")};
  if (values["token-stdin"].as<bool>()) return read_secret_from_stdin();
  if (values.count("token-file") != 0)
    return read_secret_file(values["token-file"].as<std::string>(), kSecretInputLimit);
  if (values.count("token") != 0) {
    say(context, tr("Note: --token leaves the token in the shell's history; better: hfauth login "
                    "--token-stdin < FILE"));
    return Secret::copy_of(values["token"].as<std::string>());
  }
  if (!context.terminal.in_is_terminal) {
    return Error{Errc::usage, tr("no token was given and standard input is not a terminal; use "
                                 "--token-stdin or --token-file")};
  }
  say(context,
      tr("Make a token at https://huggingface.co/settings/tokens (read is enough to download)."));
  return ask_secret(context, tr("Token (not shown): "));
}

const char* show_repair(token::TokenFault fault) {
  switch (fault) {
    case token::TokenFault::line_break:
      return tr("took out a line break");
    case token::TokenFault::edge_space:
      return tr("took away white space around the token");
    case token::TokenFault::byte_order_mark:
      return tr("took away a byte order mark (U+FEFF)");
    case token::TokenFault::quotes:
      return tr("took away the quotes around the token");
    case token::TokenFault::bearer_prefix:
      return tr("took away \"Bearer\" in front of the token");
    case token::TokenFault::assignment_prefix:
      return tr("took away the variable's name in front of the token");
    default:
      return nullptr;
  }
}

Result<Secret> accepted(const Secret& raw, Context& context) {
  std::vector<token::TokenFault> repairs;
  Result<Secret> clean = token::accept_token(raw.expose(), repairs);
  if (!clean) return clean.error();
  for (const token::TokenFault repair : repairs) {
    const char* sentence = show_repair(repair);
    const bool is_plain_newline =
        repair == token::TokenFault::line_break || repair == token::TokenFault::edge_space;
    // the newline at the end of a file or of `echo` is what everybody has; only -v tells it
    if (sentence != nullptr && (!is_plain_newline || context.verbosity > 0)) {
      say(context, filled(tr("Note: {}."), sentence));
    }
  }
  if (clean->expose().starts_with("api_org")) {
    return Error{Errc::invalid_input,
                 tr("this is a token of an organisation, which the Hub's clients refuse; use one "
                    "of your personal account: https://huggingface.co/settings/tokens")};
  }
  return clean;
}

/// What the Hub says of the token. Errors are refusals: invalid, expired, not to be asked (unless
/// forced).
Result<hub::Whoami> validated(const Secret& token, const token::Endpoint& endpoint, bool force,
                              Context& context) {
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
  if (whoami.verdict == hub::Verdict::unknown && !force) {
    return Error{Errc::network,
                 filled(tr("{}; nothing was stored. Try again, or --force to store it unchecked"),
                        show_verdict(whoami, endpoint))};
  }
  return whoami;
}

Result<token::ProfileName> name_for(const po::variables_map& values, const hub::Whoami& whoami) {
  const Result<std::optional<token::ProfileName>> wanted = wanted_profile(values);
  if (!wanted) return wanted.error();
  if (*wanted) return **wanted;
  return token::ProfileName::from_display_name(whoami.display_name);
}

token::TokenRecord record_of(const token::ProfileName& profile, const token::Endpoint& endpoint,
                             const hub::Whoami& whoami, Secret token) {
  token::TokenFacts facts{.profile = profile,
                          .endpoint = endpoint,
                          .kind = whoami.kind,
                          .user = whoami.user,
                          .role = whoami.role,
                          .display_name = whoami.display_name,
                          .scopes = whoami.scopes,
                          .orgs = whoami.orgs,
                          .created = whoami.created,
                          .expires = whoami.expires};
  return {std::move(facts), std::move(token), Secret()};
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

int open_lease(agent::AgentClient& agent, const token::TokenFacts& facts, Context& context) {
  const Result<agent::Lease> lease = open_lease_for(agent, facts, false);
  if (lease) return 0;
  return fail(
      context, "login",
      {lease.error().code, filled(tr("the token is stored, but its lease could not be opened: {}"),
                                  lease.error().detail)});
}

int run(const po::variables_map& values, Context& context) {
  const bool force = values["force"].as<bool>();
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return fail(context, "login", endpoint.error());
  const Result<std::optional<token::ProfileName>> wanted = wanted_profile(values);
  if (!wanted) return fail(context, "login", wanted.error());
  const Result<Secret> raw = read_token(values, context);
  if (!raw) return fail(context, "login", raw.error());
  Result<Secret> token = accepted(*raw, context);
  if (!token) return fail(context, "login", token.error());
  const Result<hub::Whoami> whoami = validated(*token, *endpoint, force, context);
  if (!whoami) return fail(context, "login", whoami.error());
  const Result<token::ProfileName> name = name_for(values, *whoami);
  if (!name) return fail(context, "login", name.error());

  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "login", agent.error());
  const token::TokenRecord record = record_of(*name, *endpoint, *whoami, std::move(*token));
  const Result<agent::StoredProfile> profile = stored(*agent, record, force);
  if (!profile) return fail(context, "login", profile.error());
  report(*profile, *whoami, context);
  const int status = values["no-lease"].as<bool>() ? 0 : open_lease(*agent, record.facts, context);
  if (context.verbosity >= 0) tell_next_client(context, record.token, context.err);
  return status;
}

}  // namespace

const Command kLoginCommand{
    .name = "login",
    .usage = "[--token-stdin | --token-file FILE] [--name NAME] [--force] [--no-lease]",
    .summary = tr_later("Check a token with the Hub and store it for every session"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
