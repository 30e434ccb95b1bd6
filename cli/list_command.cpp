// SPDX-License-Identifier: Apache-2.0
//
// hfauth list: the stored tokens as a table; masks only.
#include "agent_session.hpp"
#include "commands.hpp"
#include "json_output.hpp"
#include "table.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

/// A login with a browser is renewed before its day.
std::string show_expiry(const agent::StoredProfile& profile) {
  const std::optional<WallTime>& expires = profile.facts.expires;
  if (profile.facts.login_again) return tr("ended; log in again");
  if (!expires) return "-";
  const std::string day = format_utc(*expires).substr(0, 10);
  if (*expires <= SystemClock().now()) return filled(tr("{} (expired)"), day);
  return profile.refreshable ? filled(tr("{} (renewed)"), day) : day;
}

void print_profiles(const std::vector<agent::StoredProfile>& profiles, Context& context) {
  const bool official = std::all_of(profiles.begin(), profiles.end(), [](const auto& profile) {
    return profile.facts.endpoint.is_official();
  });
  std::vector<Column> columns{{" "},           {tr("NAME")}, {tr("TOKEN")},
                              {tr("ACCOUNT")}, {tr("ROLE")}, {tr("EXPIRES")}};
  if (!official) columns.push_back({tr("ENDPOINT")});
  std::vector<std::vector<std::string>> rows;
  for (const agent::StoredProfile& profile : profiles) {
    const token::TokenFacts& facts = profile.facts;
    rows.push_back({profile.is_default ? "*" : " ", facts.profile.str(), profile.mask,
                    facts.user.empty() ? "-" : facts.user, facts.role.empty() ? "-" : facts.role,
                    show_expiry(profile)});
    if (!official) rows.back().push_back(facts.endpoint.url());
  }
  print_table(context, columns, rows);
}

/// As `hf auth list` warns: the tokens above are not what Python sends.
void tell_of_variable(const Context& context) {
  if (context.verbosity < 0) return;
  for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
    if (!context.environment.non_empty(name)) continue;
    context.err << filled(tr("Note: the variable {} is set; Python uses its token, whatever is "
                             "stored."),
                          name)
                << '\n';
    return;
  }
}

/// The same, with tabs between and no words but the table's own.
void print_columns(const std::vector<agent::StoredProfile>& profiles, std::ostream& out) {
  out << "default\tname\ttoken\tuser\trole\texpires\tendpoint\n";
  for (const agent::StoredProfile& profile : profiles) {
    const token::TokenFacts& facts = profile.facts;
    out << (profile.is_default ? "*" : "") << '\t' << facts.profile.str() << '\t' << profile.mask
        << '\t' << facts.user << '\t' << facts.role << '\t'
        << (facts.expires ? format_utc(*facts.expires) : "") << '\t' << facts.endpoint.url()
        << '\n';
  }
}

int run(const po::variables_map& /*values*/, Context& context) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "list", agent.error());
  const Result<std::vector<agent::StoredProfile>> profiles = agent->list();
  if (!profiles) return fail(context, "list", with_cure(profiles.error()));
  if (context.format == Format::json) {
    context.out << json_of(*profiles);
  } else if (context.format == Format::agent) {
    print_columns(*profiles, context.out);
  } else if (context.format == Format::quiet) {
    for (const agent::StoredProfile& profile : *profiles)
      context.out << profile.facts.profile.str() << '\n';
  } else if (profiles->empty()) {
    context.err << tr("No token is stored yet; run 'hfauth login'.") << '\n';
  } else {
    print_profiles(*profiles, context);
  }
  if (context.format == Format::human || context.format == Format::agent) tell_of_variable(context);
  return 0;
}

}  // namespace

const Command kListCommand{
    .name = "list",
    .usage = "",
    .summary = tr_later("List the stored tokens, masked (also: ls)"),
    .describe = [](po::options_description& /*options*/,
                   po::positional_options_description& /*positional*/) {},
    .run = run,
};

}  // namespace hfauth::cli
