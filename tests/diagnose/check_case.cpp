// SPDX-License-Identifier: Apache-2.0
//
// How a row is judged.
#include "diagnose/check_case.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>

namespace hfauth::testing {

using diagnose::Facts;
using diagnose::Finding;
using diagnose::Report;

namespace {

std::string told(const Report& report, const std::string& id) {
  for (const Finding& finding : report.findings) {
    if (finding.id == id) {
      return std::string(name_of(finding.severity)) + (finding.is_root ? " root" : "");
    }
  }
  return "";
}

}  // namespace

const std::string kTokenA = token_of('a');
const std::string kTokenB = token_of('b');
const std::string kTokenX = token_of('x');

std::ostream& operator<<(std::ostream& out, const CheckCase& one) {
  return out << one.name;
}

void judge(const CheckCase& one) {
  Machine machine;
  one.build(machine);
  Facts facts = machine.facts();
  if (one.change) {
    one.change(facts);
  }
  const Result<Facts> replayed = diagnose::facts_from_json(diagnose::facts_to_json(facts));
  BOOST_REQUIRE_MESSAGE(replayed.has_value(), (replayed ? "" : replayed.error().detail));
  const Report report = diagnose::diagnose(*replayed, {});
  BOOST_TEST(told(report, one.id) == one.expected);
  for (const Finding& finding : report.findings) {
    BOOST_TEST(!finding.title.empty());
    BOOST_TEST((!finding.is_root || !finding.evidence.empty() || finding.id == "HFA807"),
               finding.id << " without a proof");
  }
}

void alice(Machine& machine) {
  machine.saved(kTokenA).valid(kTokenA, "alice");
}

std::string sent_of(const Facts& facts, std::size_t index) {
  return facts.hub.verdicts.at(index).sent;
}

}  // namespace hfauth::testing
