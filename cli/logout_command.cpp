// SPDX-License-Identifier: Apache-2.0
//
// hfauth logout [NAME]: removes one stored token and its lease, then says which tokens this machine
// still has: other profiles, variables, files. Those are the user's; nothing but the profile is
// touched.
#include "agent_session.hpp"
#include "commands.hpp"
#include "next_client.hpp"
#include "talk.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()("name", po::value<std::string>()->value_name("NAME"), "");
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

void tell_what_remains(const std::vector<agent::StoredProfile>& profiles,
                       const token::ProfileName& removed, Context& context) {
  std::string others;
  for (const agent::StoredProfile& profile : profiles) {
    if (profile.facts.profile != removed)
      others += (others.empty() ? "" : ", ") + profile.facts.profile.str();
  }
  if (!others.empty()) context.err << filled(tr("Still stored: {}."), others) << '\n';
  const token::Resolution next = resolve_next_client(context);
  if (!next.token.empty()) {
    context.err << filled(tr("Python in this shell still finds a token in {}."),
                          show_source(next, context))
                << '\n';
  }
}

int run(const po::variables_map& values, Context& context) {
  const Result<std::optional<token::ProfileName>> named = wanted_profile(values);
  if (!named) return fail(context, "logout", named.error());
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "logout", agent.error());
  const Result<std::vector<agent::StoredProfile>> profiles = agent->list();
  if (!profiles) return fail(context, "logout", with_cure(profiles.error()));
  const Result<token::ProfileName> profile = chosen(*named, context, *profiles);
  if (!profile) return fail(context, "logout", profile.error());
  const Result<void> removed = agent->remove(*profile);
  if (!removed) return fail(context, "logout", removed.error());
  if (context.verbosity < 0) return 0;
  context.out << filled(tr("Removed the token \"{}\" and its lease. It is still valid on the Hub "
                           "until you delete it "
                           "there: https://huggingface.co/settings/tokens"),
                        profile->str())
              << '\n';
  tell_what_remains(*profiles, *profile, context);
  return 0;
}

}  // namespace

const Command kLogoutCommand{
    .name = "logout",
    .usage = "[NAME]",
    .summary = tr_later("Remove a stored token and its lease from this machine"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
