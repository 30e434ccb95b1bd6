// SPDX-License-Identifier: Apache-2.0
//
// hfauth logout [NAME]: removes one stored token and its lease, or all of them, then says which
// tokens this machine still has: other profiles, variables, files. Those are the user's. With the
// last token of a Hub git's helpers forget theirs too, as after `hf auth logout`.
#include "agent_session.hpp"
#include "commands.hpp"
#include "git_credential.hpp"
#include "hfauth/core/mask.hpp"
#include "json_output.hpp"
#include "plain_tokens.hpp"
#include "remaining_tokens.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()("name", po::value<std::string>()->value_name("NAME"), "")  //
      ("all", po::bool_switch(), tr("remove every stored token"));
  positional.add("name", 1);
}

/// The profile to remove: the named one, or the default of the endpoint.
Result<token::ProfileName> chosen(const std::optional<token::ProfileName>& named,
                                  const Context& context,
                                  const std::vector<agent::StoredProfile>& profiles) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  std::string others;
  for (const agent::StoredProfile& profile : profiles) {
    if (named ? profile.facts.profile == *named
              : profile.is_default && profile.facts.endpoint == *endpoint) {
      return profile.facts.profile;
    }
    others += (others.empty() ? "" : ", ") + profile.facts.profile.str();
  }
  if (named)
    return Error{Errc::not_found,
                 filled(tr("no token is stored as {}; see 'hfauth list'"), named->str())};
  if (others.empty()) return Error{Errc::not_found, tr("not logged in; no token is stored")};
  return Error{Errc::ambiguous,
               filled(tr("no default token for {0}; name one of: {1}"), endpoint->url(), others)};
}

using Names = std::vector<std::string>;

std::string joined(const Names& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "" : ", ") + name;
  return list;
}

void report(const Names& removed, const Names& remaining, Context& context) {
  if (context.format == Format::json) {
    context.out << json_of_removal(removed, remaining);
  } else if (context.format == Format::agent) {
    context.out << "removed=" << joined(removed) << " remaining=" << joined(remaining) << '\n';
  } else if (context.format == Format::human && context.verbosity >= 0) {
    for (const std::string& name : removed) {
      context.out << filled(tr("Removed the token \"{}\" and its lease."), name) << '\n';
    }
  }
}

struct Removed {
  token::Endpoint endpoint;
  Secret token;  ///< empty: it has run out, and such ones are not given out
};

/// git's own `store` may keep another token for this Hub, which is not ours to take away; the other
/// helpers hold what hfauth or huggingface_hub gave them under the name hf_user.
bool git_keeps_another(const Context& context, const Removed& removed) {
  const PlainTokens plain = find_plain_tokens(context, removed.endpoint);
  return std::any_of(plain.tokens.begin(), plain.tokens.end(), [&](const PlainToken& found) {
    return found.place == PlainPlace::git_store && !found.token.equals(removed.token.expose());
  });
}

/// Tells git's helpers to forget the token; true if they were told.
bool forget_in_git(const Removed& removed, Context& context) {
  if (removed.token.empty() || git_keeps_another(context, removed)) return false;
  const Result<Names> helpers = git_helpers_for(context, removed.endpoint);
  if (!helpers || helpers->empty()) return false;
  const Result<void> told = reject_in_git(context, removed.endpoint, removed.token);
  if (context.verbosity >= 0 && told) {
    context.err << filled(tr("git's credential helper has forgotten it too ({})."),
                          redact(joined(*helpers)))
                << '\n';
  } else if (context.verbosity >= 0) {
    context.err << filled(tr("git's credential helper could not be told to forget it: {}"),
                          told.error().detail)
                << '\n';
  }
  return told.has_value();
}

void tell_rest(const Names& remaining, const token::Endpoint& endpoint, const Secret& token,
               bool git_is_told, Context& context) {
  context.err << filled(tr("On the Hub it is still valid until you delete it there: "
                           "{}/settings/tokens (or, if it leaked: hfauth revoke)."),
                        endpoint.url())
              << '\n';
  if (!remaining.empty()) context.err << filled(tr("Still stored: {}."), joined(remaining)) << '\n';
  tell_remaining_tokens(context, endpoint, token.empty() ? nullptr : &token, context.err);
  if (!git_is_told) tell_git_may_remember(context, endpoint, context.err);
}

/// The profiles to remove: all, the named one, or the default one.
Result<std::vector<agent::StoredProfile>> to_remove(
    const po::variables_map& values, const Context& context,
    const std::vector<agent::StoredProfile>& profiles) {
  const Result<std::optional<token::ProfileName>> named = wanted_profile(values);
  if (!named) return named.error();
  if (values["all"].as<bool>()) {
    if (*named) return Error{Errc::usage, tr("choose one of --all and a name")};
    if (profiles.empty()) return Error{Errc::not_found, tr("not logged in; no token is stored")};
    return profiles;
  }
  const Result<token::ProfileName> profile = chosen(*named, context, profiles);
  if (!profile) return profile.error();
  std::vector<agent::StoredProfile> one;
  std::copy_if(profiles.begin(), profiles.end(), std::back_inserter(one),
               [&](const auto& stored) { return stored.facts.profile == *profile; });
  return one;
}

/// Whether a token for `endpoint` stays stored.
bool has_another(const std::vector<agent::StoredProfile>& before,
                 const std::vector<agent::StoredProfile>& going, const token::Endpoint& endpoint) {
  const auto count = [&](const std::vector<agent::StoredProfile>& profiles) {
    return std::count_if(profiles.begin(), profiles.end(), [&](const agent::StoredProfile& one) {
      return one.facts.endpoint == endpoint;
    });
  };
  return count(before) > count(going);
}

int run(const po::variables_map& values, Context& context) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "logout", agent.error());
  const Result<std::vector<agent::StoredProfile>> profiles = agent->list();
  if (!profiles) return fail(context, "logout", with_cure(profiles.error()));
  const Result<std::vector<agent::StoredProfile>> going = to_remove(values, context, *profiles);
  if (!going) return fail(context, "logout", going.error());

  Names gone;
  Names remaining;
  std::vector<Removed> tokens;  // to recognise their copies elsewhere
  for (const agent::StoredProfile& profile : *profiles)
    remaining.push_back(profile.facts.profile.str());
  for (const agent::StoredProfile& profile : *going) {
    const token::TokenFacts& facts = profile.facts;
    Result<agent::TokenAnswer> answer = agent->get_token(facts.profile, facts.endpoint);
    const Result<void> removed = agent->remove(facts.profile);
    if (!removed) return fail(context, "logout", removed.error());
    gone.push_back(facts.profile.str());
    std::erase(remaining, gone.back());
    tokens.push_back({facts.endpoint, answer ? std::move(answer->token) : Secret()});
  }
  report(gone, remaining, context);
  bool git_is_told = false;
  for (const Removed& removed : tokens) {
    if (has_another(*profiles, *going, removed.endpoint)) continue;
    git_is_told = forget_in_git(removed, context) || git_is_told;
  }
  if (context.verbosity >= 0 && context.format != Format::json) {
    const Secret none;
    tell_rest(remaining, tokens.front().endpoint, tokens.size() == 1 ? tokens.front().token : none,
              git_is_told, context);
  }
  return 0;
}

}  // namespace

const Command kLogoutCommand{
    .name = "logout",
    .usage = "[NAME | --all]",
    .summary = tr_later("Remove a stored token and its lease from this machine"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
