// SPDX-License-Identifier: Apache-2.0
//
// Where the policy is asked before a token goes out, and the person too if a rule says so. Lives on
// the loop.
#pragma once

#include "answer.hpp"
#include "config.hpp"
#include "hfauth/core/clock.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hfauth::daemon {

class Gate {
 public:
  /// Puts a question to the person and calls `answer` once, later: false also if nobody answers in
  /// time or nobody can be asked.
  using Asker = std::function<void(const Config::Confirmation& how, const std::string& question,
                                   std::function<void(bool yes)> answer)>;

  struct Passage {
    std::optional<agent::Fault> refused{};
    std::string rule{};  ///< that decided; "": none
  };

  /// Gives the program at the other end, as it is now.
  using Look = std::function<ProgramFacts()>;

  using Passed = std::function<void(const Passage&)>;

  explicit Gate(const Clock& clock) : clock_(clock) {}

  void set_asker(Asker asker) { asker_ = std::move(asker); }

  /// Instead of the rules before; what was confirmed under those is forgotten.
  void configure(Policy policy, Config::Confirmation confirmation);

  /// No rules are known, and so nothing passes until configure(); `why` names file and line, after
  /// "closed: ".
  void close(std::string why);

  /// There are no rules: everything passes.
  [[nodiscard]] bool is_open() const noexcept { return policy_.empty() && closed_because_.empty(); }

  /// As Policy::decide(), of a program that was looked at before, or that cannot be seen.
  [[nodiscard]] Decision judge(const Subject& subject,
                               std::vector<agent::Step>* steps = nullptr) const;

  /// What pass() goes by: judge(), and looks at the program only if a rule asks for it.
  [[nodiscard]] Decision decide(Subject& subject, const Look& look,
                                std::vector<agent::Step>* steps = nullptr) const;

  /// Forgets what was confirmed: the agent was locked.
  void forget() { confirmed_.clear(); }

  /// At once, or when the person has answered. The same question at the same time is put once.
  void pass(Subject subject, const Look& look, const Passed& done);

 private:
  void confirm(const Subject& subject, const std::string& rule, const Passed& done);

  const Clock& clock_;
  Policy policy_;
  std::string closed_because_;  ///< "": the rules are known
  Config::Confirmation confirmation_;
  Asker asker_;
  std::map<std::string, MonotonicTime> confirmed_;     ///< by question, until
  std::map<std::string, std::vector<Passed>> asking_;  ///< by question
};

}  // namespace hfauth::daemon
