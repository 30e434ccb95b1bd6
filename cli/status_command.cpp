// SPDX-License-Identifier: Apache-2.0
//
// hfauth status: agent, store and leases on one screen. Local, starts nothing, asks nobody but the
// agent; so it may stand in a shell prompt (--short).
#include "agent_session.hpp"
#include "commands.hpp"
#include "expiry_notice.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/utf8.hpp"
#include "json_output.hpp"
#include "next_client.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr std::size_t kLabelColumns = 10;

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()("short", po::bool_switch(),
                        tr("one word for a shell prompt: hf:NAME, hf:locked, hf:!HFA101"));
}

void print_row(Context& context, const char* label, const std::string& text) {
  const std::size_t width = utf8::columns(label);
  const std::string indent(kLabelColumns, ' ');
  std::string lines =
      utf8::wrap(text, std::min<std::size_t>(context.terminal.columns, 100), indent);
  if (lines.starts_with(indent)) lines.erase(0, indent.size());
  context.out << label << std::string(width < kLabelColumns ? kLabelColumns - width : 1, ' ')
              << lines;
  if (!lines.ends_with('\n')) context.out << '\n';
}

std::string show_duration(std::chrono::seconds time) {
  using std::chrono::duration_cast;
  if (time < std::chrono::minutes(2)) return filled(tr("{} s"), time.count());
  if (time < std::chrono::hours(2))
    return filled(tr("{} min"), duration_cast<std::chrono::minutes>(time).count());
  if (time < std::chrono::hours(48))
    return filled(tr("{} h"), duration_cast<std::chrono::hours>(time).count());
  return filled(tr("{} days"), duration_cast<std::chrono::hours>(time).count() / 24);
}

std::string show_lease(const agent::Lease& lease) {
  if (!lease.expires)
    return filled(tr("{0}: {1}, until it is locked"), lease.profile, lease.path.string());
  return filled(tr("{0}: {1}, until {2}"), lease.profile, lease.path.string(),
                format_utc(*lease.expires));
}

/// What will stop working although nothing is done. Locked, the agent does not say.
void print_ends(agent::AgentClient& agent, Context& context) {
  const Result<std::vector<agent::StoredProfile>> profiles = agent.list();
  if (!profiles) return;
  const WallTime now = SystemClock().now();
  for (const agent::StoredProfile& profile : *profiles) {
    const token::TokenFacts& facts = profile.facts;
    const std::string date = facts.expires ? format_utc(*facts.expires).substr(0, 10) : "";
    if (facts.login_again) {
      print_row(context, "",
                filled(tr("{0}: the Hub does not renew this login any more; log in again: hfauth "
                          "login --name {0}"),
                       facts.profile.str()));
    } else if (facts.expires && *facts.expires <= now && !profile.refreshable) {
      print_row(context, "", filled(tr("{0}: expired on {1}"), facts.profile.str(), date));
    } else if (expiry_threshold(profile, now)) {
      print_row(context, "", filled(tr("{0}: expires on {1}"), facts.profile.str(), date));
    }
    tell_expiry(context, profile, now);
  }
}

void print_agent(agent::AgentClient& agent, const agent::AgentStatus& status, Context& context) {
  print_row(
      context, tr("agent"),
      filled(tr("{0}, process {1}, for {2} ({3})"), status.locked ? tr("locked") : tr("running"),
             status.pid, show_duration(status.uptime), status.activation));
  const std::string place = show_path(status.store_place, context.paths.home);
  print_row(context, tr("store"),
            status.store + (place.empty() ? "" : ", " + place) +
                (status.store_state.empty() ? "" : ": " + redact(status.store_state)));
  if (!status.store_protection.empty()) print_row(context, "", status.store_protection);
  for (const agent::Refusal& refusal : status.refusals) {
    print_row(context, "",
              filled(tr("{0} is not used: {1}"), refusal.store, redact(refusal.reason)));
  }
  print_row(context, tr("memory"),
            status.memory_protection == "locked"
                ? tr("guarded and locked against swap")
                : tr("guarded, but may be swapped out (limit on locked memory)"));
  print_row(context, tr("tokens"), std::to_string(status.profiles));
  if (status.profiles > 0) print_ends(agent, context);
  for (const agent::Lease& lease : status.leases)
    print_row(context, tr("lease"), show_lease(lease));
}

/// The profile whose lease the next Python reads, if it does.
std::optional<std::string> leased_profile(const token::Resolution& next,
                                          const agent::AgentStatus& status) {
  for (const agent::Lease& lease : status.leases) {
    if (lease.path == next.where) return lease.profile;
  }
  return std::nullopt;
}

std::string show_next(const token::Resolution& next, const Result<agent::AgentStatus>& status,
                      const Context& context) {
  if (next.raises)
    return filled(tr("stops with an error at {}; see 'hfauth doctor'"), show_source(next, context));
  if (next.token.empty()) return tr("no token in this shell; eval \"$(hfauth env)\" gives it one");
  const std::optional<std::string> leased = status ? leased_profile(next, *status) : std::nullopt;
  if (leased) return filled(tr("uses \"{}\" through its lease"), *leased);
  return filled(tr("uses {0} from {1}"), mask_token(next.token.expose()),
                show_source(next, context));
}

std::string short_word(const token::Resolution& next, const Result<agent::AgentStatus>& status) {
  using token::TokenSource;
  const bool by_variable =
      next.source == TokenSource::env_hf_token || next.source == TokenSource::env_legacy;
  if (!status) return by_variable ? "hf:env" : "hf:-";
  if (status->locked) return "hf:locked";
  if (by_variable && status->profiles > 0) return "hf:!HFA101";
  if (by_variable) return "hf:env";
  if (const std::optional<std::string> leased = leased_profile(next, *status))
    return "hf:" + *leased;
  if (!next.token.empty()) return "hf:file";
  return "hf:-";
}

int run(const po::variables_map& values, Context& context) {
  Result<agent::AgentClient> agent =
      agent::AgentClient::connect(context.environment, context.paths, agent::Spawn::never);
  const Result<agent::AgentStatus> status =
      agent ? agent->status() : Result<agent::AgentStatus>(agent.error());
  if (context.format == Format::json) {
    context.out << json_of(status);
  } else {
    const token::Resolution next = resolve_next_client(context);
    if (values["short"].as<bool>() || context.format == Format::quiet) {
      context.out << short_word(next, status) << '\n';
    } else {
      if (status) {
        print_agent(*agent, *status, context);
      } else if (status.error().code == Errc::agent_unreachable) {
        print_row(context, tr("agent"),
                  tr("not running; the next command that needs a token starts it"));
      }
      if (status || status.error().code == Errc::agent_unreachable) {
        print_row(context, tr("python"), show_next(next, status, context));
      }
    }
  }
  const bool is_fine = status || status.error().code == Errc::agent_unreachable;
  return is_fine ? 0 : fail(context, "status", status.error());
}

}  // namespace

const Command kStatusCommand{
    .name = "status",
    .usage = "[--short]",
    .summary = tr_later("Show the agent, its store and its leases; starts nothing"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
