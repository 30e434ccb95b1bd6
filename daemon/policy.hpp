// SPDX-License-Identifier: Apache-2.0
//
// Who of this user's programs may have which token: the rules of the configuration file, the first
// that fits decides, and nothing said is allowed. Policy and evidence, not a boundary: a program of
// the same user can run another one, and any token works for any repository once it is out. Pure.
#pragma once

#include "hfauth/agent/routing.hpp"

#include <string>
#include <vector>

namespace hfauth::daemon {

enum class Verdict { allow, confirm, deny };

[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;  ///< "allow"

/// Patterns (glob.hpp); an empty one is no condition.
struct PolicyRule {
  Verdict verdict = Verdict::allow;
  std::string profile{};
  std::string program{};  ///< the executable's path
  std::string unit{};     ///< of the control group: "jupyter.service"
  std::string repo{};
  std::string access{};  ///< "read", "write"
  std::string source{};  ///< "config.toml:20"
};

/// The program at the other end, as far as it can be seen.
struct ProgramFacts {
  bool known = false;  ///< false: ended, or hides itself (PR_SET_DUMPABLE 0)
  std::string program{};
  std::string unit{};
};

/// Who asks for what.
struct Subject {
  std::string profile;
  agent::Purpose purpose;
  ProgramFacts program;
};

struct Decision {
  Verdict verdict = Verdict::allow;
  std::string rule{};  ///< where it stands; "": no rule says anything
};

class Policy {
 public:
  Policy() = default;

  explicit Policy(std::vector<PolicyRule> rules);

  /// A program that cannot be seen meets no condition of a rule that allows, and every one of a
  /// rule that asks or denies. A condition on repo or access is met only by who names a repository.
  /// `steps`: what each rule said, if given.
  [[nodiscard]] Decision decide(const Subject& subject,
                                std::vector<agent::Step>* steps = nullptr) const;

  /// Whether any rule asks for the program: else nobody needs to look.
  [[nodiscard]] bool looks_at_programs() const noexcept { return looks_at_programs_; }

  [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

 private:
  std::vector<PolicyRule> rules_;
  bool looks_at_programs_ = false;
};

}  // namespace hfauth::daemon
