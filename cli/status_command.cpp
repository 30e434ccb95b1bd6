// SPDX-License-Identifier: Apache-2.0
//
// hfauth status: agent, store and leases on one screen. Local, starts nothing, asks nobody but the
// agent; so it may stand in a shell prompt (--short).
#include "agent_json.hpp"
#include "agent_session.hpp"
#include "commands.hpp"
#include "expiry_notice.hpp"
#include "hfauth/agent/quick_look.hpp"
#include "hfauth/agent/rules_client.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/probe.hpp"
#include "json_output.hpp"
#include "next_client.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr std::size_t kNarrowestLabel = 8;

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()("short", po::bool_switch(),
                        tr("one word for a shell prompt: hf:NAME, hf:locked, hf:!HFA101, hf:?"))(
      "watch", po::bool_switch(), tr("go on with each change of the agent, until Ctrl-C"));
}

/// What stands before the texts: room for the widest label of the language, and two columns.
std::size_t label_columns() {
  std::size_t widest = kNarrowestLabel;
  for (const char* label :
       {tr("agent"), tr("store"), tr("memory"), tr("tokens"), tr("lease"), tr("python")}) {
    widest = std::max(widest, utf8::columns(label));
  }
  return widest + 2;
}

void print_row(Context& context, const char* label, const std::string& text) {
  const std::size_t width = utf8::columns(label);
  const std::size_t before = label_columns();
  const std::string indent(before, ' ');
  const std::size_t columns = std::min<std::size_t>(context.terminal.columns, 100);
  const std::string lines =
      utf8::wrap(text, columns > 2 * before ? columns - before : before, indent);
  context.out << label << std::string(before - width, ' ') << lines;
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

Result<agent::AgentRules> ask_rules(const Context& context) {
  Result<agent::RulesClient> client =
      agent::RulesClient::connect(context.environment, context.paths, agent::Spawn::never);
  return client ? client->rules() : Result<agent::AgentRules>(client.error());
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
  const Result<agent::AgentRules> rules = ask_rules(context);
  if (!rules) return;
  // What is as it should be needs no line.
  const std::string config = redact(utf8::visible(rules->config));
  if (config.starts_with(agent::kClosed)) {
    print_row(context, tr("rules"),
              filled(tr("no token is given until this is mended: {}"),
                     config.substr(agent::kClosed.size())));
  } else if (!config.empty() && config != "ok" && config != "none") {
    print_row(context, tr("rules"), filled(tr("the rules before hold: {}"), config));
  }
  if (!rules->audit.empty() && rules->audit != "ok" && rules->audit != "off")
    print_row(context, tr("audit"), redact(utf8::visible(rules->audit)));
  if (rules->locks_at)
    print_row(context, tr("lock"), filled(tr("by itself at {}"), format_utc(*rules->locks_at)));
}

/// What the next Python sends and what the agent has: all that both forms of the answer are made
/// of.
struct Situation {
  token::Resolution next;
  Result<agent::AgentStatus> status;
  std::vector<agent::StoredProfile> profiles;  ///< of the endpoint; empty if locked
};

/// What the agent gives out if no profile is named: the default, else the only one.
const agent::StoredProfile* default_of(const Situation& now) {
  const auto chosen =
      std::find_if(now.profiles.begin(), now.profiles.end(),
                   [](const agent::StoredProfile& profile) { return profile.is_default; });
  if (chosen != now.profiles.end()) return &*chosen;
  return now.profiles.size() == 1 ? &now.profiles.front() : nullptr;
}

bool is_by_variable(const token::Resolution& next) {
  return next.source == token::TokenSource::env_hf_token ||
         next.source == token::TokenSource::env_legacy;
}

/// The stored profile that a variable's token is, or hides; nullptr: neither.
const agent::StoredProfile* same_token(const Situation& now, const Context& context) {
  const agent::StoredProfile* const stored = default_of(now);
  if (stored == nullptr) return nullptr;
  const Fingerprinter fingerprinter = diagnose::doctor_fingerprinter(context.paths);
  return fingerprinter.of(now.next.token.expose()) == stored->fingerprint ? stored : nullptr;
}

/// The profile whose lease the next Python reads, if it does.
std::optional<std::string> leased_profile(const Situation& now) {
  if (!now.status) return std::nullopt;
  for (const agent::Lease& lease : now.status->leases) {
    if (lease.path == now.next.where) return lease.profile;
  }
  return std::nullopt;
}

/// What gives this shell a token; only what works in the agent's present state is named.
std::string show_cure(const Situation& now) {
  if (!now.status) return tr("no token in this shell; 'hfauth doctor' tells why");
  if (now.status->locked)
    return tr("no token in this shell; hfauth unlock && eval \"$(hfauth env)\"");
  if (default_of(now) != nullptr)
    return tr("no token in this shell; eval \"$(hfauth env)\" gives it one");
  if (now.profiles.empty()) return tr("no token in this shell; 'hfauth login' stores one");
  return filled(
      tr("no token in this shell: {} are stored, none is the default; hfauth switch NAME"),
      now.profiles.size());
}

std::string show_next(const Situation& now, const Context& context) {
  const token::Resolution& next = now.next;
  if (next.raises)
    return filled(tr("stops with an error at {}; see 'hfauth doctor'"), show_source(next, context));
  if (next.token.empty()) return show_cure(now);
  if (const std::optional<std::string> leased = leased_profile(now))
    return filled(tr("uses \"{}\" through its lease"), *leased);
  const std::string mask = show_mask(next.token);
  const std::string source = show_source(next, context);
  const agent::StoredProfile* const stored = default_of(now);
  if (is_by_variable(next) && stored != nullptr && same_token(now, context) == nullptr) {
    return filled(tr("uses {0} from {1}, which hides \"{2}\" (HFA101)"), mask, source,
                  stored->facts.profile.str());
  }
  return filled(tr("uses {0} from {1}"), mask, source);
}

std::string short_word(const Situation& now, const Context& context) {
  const token::Resolution& next = now.next;
  if (next.raises) return "hf:!";
  if (!next.token.empty()) {
    if (const std::optional<std::string> leased = leased_profile(now)) return "hf:" + *leased;
    if (!is_by_variable(next)) return "hf:file";
    if (const agent::StoredProfile* const same = same_token(now, context))
      return "hf:" + same->facts.profile.str();
    return default_of(now) != nullptr ? "hf:!HFA101" : "hf:env";
  }
  if (now.status) return now.status->locked ? "hf:locked" : "hf:-";
  return now.status.error().code == Errc::agent_unreachable ? "hf:-" : "hf:?";
}

/// Those for the endpoint of the environment.
void keep_those_here(std::vector<agent::StoredProfile>& profiles, const Context& context) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  std::erase_if(profiles, [&endpoint](const agent::StoredProfile& profile) {
    return !endpoint || profile.facts.endpoint != *endpoint;
  });
}

/// A prompt waits for it: what is not known by then is a question mark, and nothing is said of it.
int run_short(Context& context) {
  constexpr std::chrono::milliseconds kPatience{150};
  Result<agent::QuickLook> look =
      agent::look_quickly(context.environment, context.paths, kPatience);
  Situation now{resolve_next_client(context),
                look ? Result<agent::AgentStatus>(std::move(look->status))
                     : Result<agent::AgentStatus>(look.error()),
                look ? std::move(look->profiles) : std::vector<agent::StoredProfile>()};
  keep_those_here(now.profiles, context);
  context.out << short_word(now, context) << '\n';
  const bool is_known = now.status || now.status.error().code == Errc::agent_unreachable;
  return is_known ? 0 : exit_status(now.status.error().code);
}

/// One row of key=value for a coding agent.
void print_for_agent(const Situation& now, Context& context) {
  context.out << "agent=" << (!now.status ? "none" : now.status->locked ? "locked" : "running");
  if (now.status) {
    context.out << " store=" << now.status->store << " tokens=" << now.status->profiles
                << " leases=" << now.status->leases.size();
  }
  if (const agent::StoredProfile* chosen = default_of(now)) {
    context.out << " default=" << chosen->facts.profile.str() << " account=" << chosen->facts.user
                << " token=" << chosen->mask;
  }
  context.out << " next=" << short_word(now, context) << '\n';
}

/// Each change in a line of its own. Starts no agent either.
int run_watch(Context& context) {
  Result<agent::RulesClient> agent =
      agent::RulesClient::connect(context.environment, context.paths, agent::Spawn::never);
  if (!agent) return fail(context, "status", agent.error());
  const Result<void> told = agent->watch([&context](const agent::Event& event) {
    if (context.format == Format::json) {
      context.out << json_of(event);
    } else {
      std::string line = format_utc(event.time) + "  " + event.event;
      if (!event.profile.empty()) line += "  " + event.profile;
      if (!event.detail.empty()) line += "  " + redact(event.detail);
      context.out << utf8::visible(line) << '\n';
    }
    context.out.flush();
    return context.out.good();
  });
  return told ? 0 : fail(context, "status", told.error());
}

int run(const po::variables_map& values, Context& context) {
  if (values["watch"].as<bool>()) return run_watch(context);
  if (context.format != Format::json &&
      (values["short"].as<bool>() || context.format == Format::quiet)) {
    return run_short(context);
  }
  Result<agent::AgentClient> agent =
      agent::AgentClient::connect(context.environment, context.paths, agent::Spawn::never);
  Situation now{{}, agent ? agent->status() : Result<agent::AgentStatus>(agent.error()), {}};
  const bool is_known = now.status || now.status.error().code == Errc::agent_unreachable;
  if (context.format == Format::json) {
    const Result<agent::AgentRules> rules =
        now.status ? ask_rules(context) : Result<agent::AgentRules>(now.status.error());
    context.out << json_of(now.status, rules ? &*rules : nullptr);
    return is_known ? 0 : fail(context, "status", now.status.error());
  }
  if (!is_known) return fail(context, "status", now.status.error());
  now.next = resolve_next_client(context);
  if (now.status) {
    if (Result<std::vector<agent::StoredProfile>> profiles = agent->list())
      now.profiles = std::move(*profiles);
    keep_those_here(now.profiles, context);
  }
  if (context.format == Format::agent) {
    print_for_agent(now, context);
    return 0;
  }
  if (now.status) {
    print_agent(*agent, *now.status, context);
  } else {
    print_row(context, tr("agent"),
              tr("not running; the next command that needs a token starts it"));
  }
  print_row(context, tr("python"), show_next(now, context));
  return 0;
}

}  // namespace

const Command kStatusCommand{
    .name = "status",
    .usage = "[--short | --watch]",
    .summary = tr_later("Show the agent, its store and its leases; starts nothing"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
