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

const AgentProfile* default_profile(const Facts& facts) {
  const auto found = std::find_if(facts.agent.profiles.begin(), facts.agent.profiles.end(),
                                  [](const AgentProfile& profile) { return profile.is_default; });
  return found == facts.agent.profiles.end() ? nullptr : &*found;
}

}  // namespace hfauth::diagnose
