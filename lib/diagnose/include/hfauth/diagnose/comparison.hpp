// SPDX-License-Identifier: Apache-2.0
//
// Two machines, or two places of one (a shell and a unit, before and after): what differs between
// their facts and their diagnoses, line by line. Pure. Tokens are compared by their masks, because
// fingerprints are keyed for each machine.
#pragma once

#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"

#include <string>
#include <vector>

namespace hfauth::diagnose {

struct Difference {
  std::string what;  ///< "HF_TOKEN", "~/.cache/huggingface/token", "huggingface_hub", "HFA101"
  std::string a;     ///< "" if A has no such thing
  std::string b;
};

/// One side: facts, and the diagnosis of them.
struct Judged {
  const Facts& facts;
  const Report& report;
};

/// In the order verdict, clients, variables, files, agent, Hub, findings; empty if nothing differs.
[[nodiscard]] std::vector<Difference> compare(const Judged& a, const Judged& b);

}  // namespace hfauth::diagnose
