// SPDX-License-Identifier: Apache-2.0
//
// The world after a repair, as far as a replay knows how it looks: nothing is read again.
#include "changes.hpp"
#include "checks/check.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hfauth/diagnose/repair.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;
using Kind = FixChange::Kind;

constexpr std::uint32_t kOthers = 077;

void forget_line(Facts& facts, const FixChange& change) {
  std::erase_if(facts.setting_lines, [&](const SettingLine& line) {
    return line.path == change.path && line.line == change.line;
  });
  std::erase_if(facts.exposed, [&](const ExposedToken& token) {
    return token.kind == "dotfile" && token.where == change.path && token.line == change.line;
  });
  const bool is_still_set =
      std::any_of(facts.setting_lines.begin(), facts.setting_lines.end(),
                  [&](const SettingLine& line) { return line.variable == change.variable; });
  if (is_still_set) return;
  facts.environment.unset(change.variable);
  std::erase_if(facts.values, [&](const TokenValue& value) {
    return value.source == ValueSource::env && value.where == change.variable;
  });
}

void rename_variable(Facts& facts, const FixChange& change) {
  static constexpr const char* kName = "HF_TOKEN";
  const std::optional<std::string> value = facts.environment.get(change.variable);
  forget_line(facts, change);
  if (value && !facts.environment.get(change.variable)) facts.environment.set(kName, *value);
}

void put(Facts& facts, const std::string& path, const std::string& stand_in) {
  for (TokenFile& file : facts.files) {
    if (file.path != path) continue;
    file.kind = token::FileState::Kind::readable;
    file.stand_in = stand_in;
  }
}

void rewrite_token(Facts& facts, const FixChange& change) {
  for (TokenValue& value : facts.values) {
    if (value.where != change.path || value.repaired.empty()) continue;
    value.stand_in = value.repaired;
    value.sent = value.repaired;
    value.sendable = true;
    value.faults.clear();
    put(facts, change.path, value.repaired);
  }
}

void copy_token(Facts& facts, const FixChange& change) {
  TokenValue value;
  if (const TokenValue* from = value_at(facts, change.from)) {
    value = *from;
  } else {
    const auto& logins = facts.stored.logins;
    const auto login = std::find_if(logins.begin(), logins.end(), [&](const StoredLoginFacts& one) {
      return one.name == change.value;
    });
    if (login == logins.end() || change.from != facts.stored.path) return;
    value.source = ValueSource::file;
    value.stand_in = value.sent = value.repaired = login->token.stand_in;
    value.mask = login->token.mask;
    value.fingerprint = login->token.fingerprint;
    value.length = value.sent.size();
    value.sendable = true;
  }
  value.where = change.path;
  put(facts, change.path, value.stand_in);
  std::erase_if(facts.values, [&](const TokenValue& old) { return old.where == change.path; });
  facts.values.push_back(std::move(value));
}

void change_mode(Facts& facts, const std::string& path) {
  for (TokenFile& file : facts.files) {
    if (file.path == path) file.mode &= ~kOthers;
  }
  for (ExposedToken& token : facts.exposed) {
    if (token.where == path) token.mode &= ~kOthers;
  }
  if (facts.stored.path == path) facts.stored.mode &= ~kOthers;
}

void take_away(Facts& facts, const std::string& path) {
  for (TokenFile& file : facts.files) {
    if (file.path != path) continue;
    file.kind = token::FileState::Kind::missing;
    file.mode = 0;
  }
}

/// Its content is not known: it is not a fault any more that it is not.
void allow_reading(Facts& facts, const std::string& path) {
  for (TokenFile& file : facts.files) {
    if (file.path != path) continue;
    file.kind = token::FileState::Kind::readable;
    file.mode = 0600;
  }
}

void remove_entry(Facts& facts, const FixChange& change) {
  auto& entries = change.variable == "machine" ? facts.netrc : facts.git.stored;
  std::erase_if(entries, [&](const NetrcEntry& entry) {
    return entry.path == change.path && entry.machine == change.value;
  });
}

void add_login(Facts& facts, const FixChange& change) {
  if (const TokenValue* value = value_at(facts, change.from)) {
    facts.stored.logins.push_back(
        {change.value, {value->sent, value->mask, value->fingerprint}, "", false});
  }
}

void forget_exposed(Facts& facts, const FixChange& change) {
  std::erase_if(facts.exposed, [&](const ExposedToken& token) {
    return token.where == change.path && (change.line == 0 || token.line == change.line);
  });
}

void ignore_file(Facts& facts, const FixChange& change) {
  const fs::path folder = fs::path(change.path).parent_path();
  for (ExposedToken& token : facts.exposed) {
    if (fs::path(token.where) == folder / change.value) token.tracked = false;
  }
}

/// The default lease has the new default's token.
void make_default(Facts& facts, const FixChange& change) {
  const AgentProfile* chosen = nullptr;
  for (AgentProfile& profile : facts.agent.profiles) {
    if (profile.name == change.value) chosen = &profile;
  }
  if (chosen == nullptr) return;
  for (AgentProfile& profile : facts.agent.profiles) {
    if (profile.endpoint == chosen->endpoint) profile.is_default = &profile == chosen;
  }
  for (TokenValue& value : facts.values) {
    const fs::path slot = fs::path(value.where).parent_path();
    if (value.source != ValueSource::file || slot.filename() != "default" ||
        slot.parent_path().filename() == "lease" ||
        !is_lease_path(value.where, facts.agent.runtime))
      continue;
    value.stand_in = value.sent = value.repaired = chosen->stand_in;
    value.mask = chosen->mask;
    value.fingerprint = chosen->fingerprint;
    value.faults.clear();
    put(facts, value.where, chosen->stand_in);
  }
}

}  // namespace

Facts after_repair(Facts facts, const Repair& repair) {
  const FixChange& change = repair.change;
  switch (change.kind) {
    case Kind::comment_line:
      forget_line(facts, change);
      break;
    case Kind::rename_variable:
      rename_variable(facts, change);
      break;
    case Kind::write_value:
      facts.environment.set(change.variable, change.value);
      break;
    case Kind::copy_line:
      facts.environment.set(change.value, facts.environment.get(change.variable).value_or(""));
      facts.hub.client_failure.clear();
      facts.hub.client_failure_step.clear();
      break;
    case Kind::append_line:
      ignore_file(facts, change);
      break;
    case Kind::rewrite_token:
      rewrite_token(facts, change);
      break;
    case Kind::copy_token:
    case Kind::replace_token:
      copy_token(facts, change);
      break;
    case Kind::restrict_mode:
      change_mode(facts, change.path);
      break;
    case Kind::allow_reading:
      allow_reading(facts, change.path);
      break;
    case Kind::move_aside:
      take_away(facts, change.path);
      break;
    case Kind::remove_commands:
    case Kind::remove_tokens:
      forget_exposed(facts, change);
      break;
    case Kind::remove_entry:
      remove_entry(facts, change);
      break;
    case Kind::clean_remotes:
      std::erase_if(facts.git.remotes,
                    [&](const GitRemote& remote) { return remote.where == change.path; });
      break;
    case Kind::comment_faults:
      facts.stored.problem.clear();
      break;
    case Kind::add_login:
      add_login(facts, change);
      break;
    case Kind::make_default:
      make_default(facts, change);
      break;
  }
  return facts;
}

}  // namespace hfauth::diagnose
