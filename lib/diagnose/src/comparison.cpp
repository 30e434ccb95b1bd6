// SPDX-License-Identifier: Apache-2.0
//
// Facts as named lines, in a fixed order; then the two lists are merged by name.
#include "hfauth/diagnose/comparison.hpp"

#include "checks/check.hpp"
#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace hfauth::diagnose {
namespace {

struct Line {
  std::string name;
  std::string value;
};

using Lines = std::vector<Line>;

std::string mask_of(const Report& report, const std::string& ref) {
  const auto token = std::find_if(report.tokens.begin(), report.tokens.end(),
                                  [&](const TokenReport& one) { return one.ref == ref; });
  return token == report.tokens.end() ? std::string(tr("no token")) : token->mask;
}

void add_clients(const Report& report, Lines& lines) {
  for (const ClientReport& client : report.clients) {
    lines.push_back(
        {client.client, fmt::format("{}: {}", client.version, mask_of(report, client.uses))});
  }
}

void add_variables(const Facts& facts, Lines& lines) {
  for (const auto& [name, value] : facts.environment.variables()) {
    const TokenValue* const token = value_at(facts, name);
    lines.push_back({name, token != nullptr && !token->mask.empty() ? token->mask : value});
  }
}

std::string file_text(const Facts& facts, const TokenFile& file) {
  switch (file.kind) {
    case token::FileState::Kind::missing:
      return tr("no such file");
    case token::FileState::Kind::unreadable:
      return fmt::format(fmt::runtime(tr("not readable, mode {:o}")), file.mode);
    case token::FileState::Kind::not_a_file:
      return tr("not a file");
    case token::FileState::Kind::readable:
      break;
  }
  const TokenValue* const token = value_at(facts, file.path);
  return fmt::format(fmt::runtime(tr("{}, mode {:o}")),
                     token == nullptr ? std::string(tr("no token")) : token->mask, file.mode);
}

void add_files(const Facts& facts, Lines& lines) {
  for (const TokenFile& file : facts.files)
    lines.push_back({shown(facts, file.path), file_text(facts, file)});
  for (const SettingLine& line : facts.setting_lines) {
    lines.push_back({fmt::format("{}:{}", shown(facts, line.path), line.line),
                     fmt::format(fmt::runtime(tr("sets {}")), line.variable)});
  }
}

void add_agent(const Facts& facts, Lines& lines) {
  const AgentFacts& agent = facts.agent;
  lines.push_back({tr("agent"), !agent.running ? tr("does not run")
                                : agent.locked ? tr("locked")
                                               : agent.store.c_str()});
  for (const AgentProfile& profile : agent.profiles) {
    lines.push_back({fmt::format(fmt::runtime(tr("agent, profile {}")), profile.name),
                     fmt::format("{} {}{}", profile.mask, profile.user,
                                 profile.is_default ? std::string(", ") + tr("default") : "")});
  }
}

void add_hub(const Facts& facts, Lines& lines) {
  lines.push_back(
      {tr("Hub"), facts.hub.endpoint + (!facts.hub.asked     ? std::string(": ") + tr("not asked")
                                        : !facts.hub.reached ? std::string(": ") + tr("not reached")
                                                             : "")});
}

Lines lines_of(const Judged& side) {
  const auto& [facts, report] = side;
  Lines lines{{tr("verdict"), report.headline}};
  add_clients(report, lines);
  add_variables(facts, lines);
  add_files(facts, lines);
  add_agent(facts, lines);
  add_hub(facts, lines);
  for (const Finding& finding : report.findings)
    lines.push_back({finding.id, finding.title});
  return lines;
}

/// The first line of each name. Points into the lines.
class Names {
 public:
  explicit Names(const Lines& lines) {
    for (const Line& line : lines)
      lines_.emplace(line.name, &line);
  }

  [[nodiscard]] const Line* find(const std::string& name) const {
    const auto line = lines_.find(name);
    return line == lines_.end() ? nullptr : line->second;
  }

 private:
  std::unordered_map<std::string_view, const Line*> lines_;
};

}  // namespace

std::vector<Difference> compare(const Judged& a, const Judged& b) {
  const Lines lines_a = lines_of(a);
  const Lines lines_b = lines_of(b);
  const Names names_a(lines_a);
  const Names names_b(lines_b);
  std::vector<Difference> differences;
  for (const Line& line : lines_a) {
    const Line* const other = names_b.find(line.name);
    if (other == nullptr || other->value != line.value)
      differences.push_back({line.name, line.value, other == nullptr ? "" : other->value});
  }
  for (const Line& line : lines_b) {
    if (names_a.find(line.name) == nullptr) differences.push_back({line.name, "", line.value});
  }
  return differences;
}

}  // namespace hfauth::diagnose
