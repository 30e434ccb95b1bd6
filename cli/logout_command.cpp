// SPDX-License-Identifier: Apache-2.0
//
// hfauth logout [NAME]: removes one stored token and its lease, or all of them, then says which
// tokens this machine still has: other profiles, variables, files, git's. Those are the user's;
// nothing but what hfauth stores is touched.
#include "agent_session.hpp"
#include "commands.hpp"
#include "json_output.hpp"
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

void tell_rest(const Names& remaining, const token::Endpoint& endpoint, const Secret& token,
               Context& context) {
  context.err << filled(tr("On the Hub it is still valid until you delete it there: "
                           "{}/settings/tokens (or, if it leaked: hfauth revoke)."),
                        endpoint.url())
              << '\n';
  if (!remaining.empty()) context.err << filled(tr("Still stored: {}."), joined(remaining)) << '\n';
  tell_remaining_tokens(context, endpoint, token.empty() ? nullptr : &token, context.err);
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

int run(const po::variables_map& values, Context& context) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "logout", agent.error());
  const Result<std::vector<agent::StoredProfile>> profiles = agent->list();
  if (!profiles) return fail(context, "logout", with_cure(profiles.error()));
  const Result<std::vector<agent::StoredProfile>> going = to_remove(values, context, *profiles);
  if (!going) return fail(context, "logout", going.error());

  const token::Endpoint endpoint = going->front().facts.endpoint;
  Secret token;  // to recognise its copies elsewhere; one that has run out is not given out
  if (going->size() == 1) {
    Result<agent::TokenAnswer> answer = agent->get_token(going->front().facts.profile, endpoint);
    if (answer) token = std::move(answer->token);
  }
  Names removed;
  Names remaining;
  for (const agent::StoredProfile& profile : *profiles)
    remaining.push_back(profile.facts.profile.str());
  for (const agent::StoredProfile& profile : *going) {
    const Result<void> gone = agent->remove(profile.facts.profile);
    if (!gone) return fail(context, "logout", gone.error());
    removed.push_back(profile.facts.profile.str());
    std::erase(remaining, removed.back());
  }
  report(removed, remaining, context);
  if (context.verbosity >= 0 && context.format != Format::json)
    tell_rest(remaining, endpoint, token, context);
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
