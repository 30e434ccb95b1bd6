// SPDX-License-Identifier: Apache-2.0
//
// hfauth list: the stored tokens as a table; masks only.
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/utf8.hpp"
#include "json_output.hpp"
#include "talk.hpp"

#include <array>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr std::size_t kColumns = 6;
using Row = std::array<std::string, kColumns>;

std::string show_expiry(const std::optional<WallTime>& expires) {
  if (!expires) return "-";
  const std::string day = format_utc(*expires).substr(0, 10);
  return *expires <= SystemClock().now() ? filled(tr("{} (expired)"), day) : day;
}

void print_table(std::ostream& out, const std::vector<Row>& rows) {
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i)
      widths[i] = std::max(widths[i], utf8::columns(row[i]));
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i) {
      line += row[i] + std::string(widths[i] - utf8::columns(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

void print_profiles(const std::vector<agent::StoredProfile>& profiles, std::ostream& out) {
  bool official = true;
  for (const agent::StoredProfile& profile : profiles)
    official = official && profile.facts.endpoint.is_official();
  std::vector<Row> rows{{" ", tr("NAME"), tr("TOKEN"), tr("ACCOUNT"), tr("ROLE"), tr("EXPIRES")}};
  if (!official) rows.front()[5] += std::string("  ") + tr("ENDPOINT");
  for (const agent::StoredProfile& profile : profiles) {
    const token::TokenFacts& facts = profile.facts;
    std::string last = show_expiry(facts.expires);
    if (!official) {
      const std::size_t width = utf8::columns(tr("EXPIRES"));
      last += std::string(width > utf8::columns(last) ? width - utf8::columns(last) : 0, ' ') +
              "  " + facts.endpoint.url();
    }
    rows.push_back({profile.is_default ? "*" : " ", facts.profile.str(), profile.mask,
                    facts.user.empty() ? "-" : facts.user, facts.role.empty() ? "-" : facts.role,
                    last});
  }
  print_table(out, rows);
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
    print_profiles(*profiles, context.out);
  }
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
