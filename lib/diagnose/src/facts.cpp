// SPDX-License-Identifier: Apache-2.0
//
// Look-ups in the facts: few entries each, so linear search.
#include "hfauth/diagnose/facts.hpp"

#include <algorithm>

namespace hfauth::diagnose {

bool TokenValue::has(std::string_view fault) const {
  return std::any_of(faults.begin(), faults.end(),
                     [fault](const ValueFault& one) { return one.name == fault; });
}

const TokenValue* value_at(const Facts& facts, std::string_view where) {
  const auto found =
      std::find_if(facts.values.begin(), facts.values.end(),
                   [where](const TokenValue& value) { return value.where == where; });
  return found == facts.values.end() ? nullptr : &*found;
}

const TokenVerdict* verdict_on(const Facts& facts, std::string_view sent) {
  const auto found =
      std::find_if(facts.hub.verdicts.begin(), facts.hub.verdicts.end(),
                   [sent](const TokenVerdict& verdict) { return verdict.sent == sent; });
  return found == facts.hub.verdicts.end() ? nullptr : &*found;
}

std::vector<const AgentProfile*> profiles_here(const Facts& facts) {
  std::vector<const AgentProfile*> here;
  for (const AgentProfile& profile : facts.agent.profiles) {
    if (facts.hub.endpoint.empty() || profile.endpoint == facts.hub.endpoint) {
      here.push_back(&profile);
    }
  }
  return here;
}

const AgentProfile* default_profile(const Facts& facts) {
  const std::vector<const AgentProfile*> here = profiles_here(facts);
  const auto found = std::find_if(here.begin(), here.end(),
                                  [](const AgentProfile* profile) { return profile->is_default; });
  if (found != here.end()) {
    return *found;
  }
  return here.size() == 1 ? here.front() : nullptr;
}

bool is_partly_unknown(const Facts& facts) {
  return std::any_of(facts.incomplete.begin(), facts.incomplete.end(),
                     [](const Incomplete& one) { return one.id == kContextProbe; });
}

bool agent_has_none(const Facts& facts) {
  return facts.agent.running && !facts.agent.locked && profiles_here(facts).empty();
}

}  // namespace hfauth::diagnose
