// SPDX-License-Identifier: Apache-2.0
#include "gate.hpp"

#include <utility>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;

namespace {

std::string shown(const ProgramFacts& program) {
  return program.known ? program.program : "a program that cannot be seen";
}

Gate::Passage refusal(std::string text, const std::string& rule) {
  return {.refused = Fault{.code = FaultCode::denied, .text = std::move(text), .more = rule},
          .rule = rule};
}

}  // namespace

void Gate::configure(Policy policy, Config::Confirmation confirmation) {
  policy_ = std::move(policy);
  confirmation_ = std::move(confirmation);
  closed_because_.clear();
  forget();
}

void Gate::close(std::string why) {
  closed_because_ = std::move(why);
  forget();
}

Decision Gate::judge(const Subject& subject, std::vector<agent::Step>* steps) const {
  if (!closed_because_.empty()) return {.verdict = Verdict::deny, .rule = closed_because_};
  return policy_.decide(subject, steps);
}

Decision Gate::decide(Subject& subject, const Look& look, std::vector<agent::Step>* steps) const {
  if (closed_because_.empty() && policy_.looks_at_programs()) subject.program = look();
  return judge(subject, steps);
}

void Gate::pass(Subject subject, const Look& look, const Passed& done) {
  const Decision decision = decide(subject, look);
  if (decision.verdict == Verdict::allow) {
    done({.rule = decision.rule});
    return;
  }
  if (!closed_because_.empty()) {
    done(refusal("its rules are not known and no token is given: " + closed_because_,
                 decision.rule));
    return;
  }
  if (!policy_.looks_at_programs()) subject.program = look();  // for the words
  if (decision.verdict == Verdict::confirm) {
    confirm(subject, decision.rule, done);
  } else {
    done(refusal(decision.rule + " denies the token of profile " + subject.profile + " to " +
                     shown(subject.program),
                 decision.rule));
  }
}

void Gate::confirm(const Subject& subject, const std::string& rule, const Passed& done) {
  std::string question =
      "Give the Hugging Face token \"" + subject.profile + "\" to " + shown(subject.program);
  if (!subject.purpose.repo.empty())
    question += (subject.purpose.write ? " to change " : " to read ") + subject.purpose.repo;
  question += "?";
  const auto remembered = confirmed_.find(question);
  if (remembered != confirmed_.end() && remembered->second > clock_.monotonic()) {
    done({.rule = rule});
    return;
  }
  if (!asker_) {
    done(refusal(rule + " wants to be confirmed, and there is nobody to ask", rule));
    return;
  }
  std::vector<Passed>& waiting = asking_[question];
  waiting.push_back(done);
  if (waiting.size() > 1) return;
  asker_(confirmation_, question, [this, question, rule](bool yes) {
    const auto until = clock_.monotonic() + confirmation_.remember;
    if (yes && confirmation_.remember.count() > 0) confirmed_[question] = until;
    const std::vector<Passed> told = std::exchange(asking_[question], {});
    asking_.erase(question);
    const Passage passage = yes ? Passage{.rule = rule}
                                : refusal(rule + " wants to be confirmed, and it was not", rule);
    for (const Passed& one : told)
      one(passage);
  });
}

}  // namespace hfauth::daemon
