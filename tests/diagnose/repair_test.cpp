// SPDX-License-Identifier: Apache-2.0
//
// Which repairs the doctor plans for a machine, and what it holds to be better or worse. That they
// do what they say to files is tested with the program (tests/cli/doctor_fix_test.py).
#include "hfauth/diagnose/repair.hpp"

#include "diagnose/machine.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::Machine;
using hfauth::testing::token_of;

namespace {

const std::string kA = token_of('a');
const std::string kX = token_of('x');

std::vector<Repair> planned(const Machine& machine) {
  return plan_repairs(machine.facts(), machine.report());
}

/// "HFA101 comment_line .bashrc 1 unsafe verified", one a repair.
std::string shown(const Machine& machine) {
  std::string text;
  for (const Repair& repair : planned(machine)) {
    text += (text.empty() ? "" : "; ") + repair.finding + " " +
            std::string(name_of(repair.change.kind)) + " " +
            repair.change.path.substr(machine.home().string().size() + 1) + " " +
            std::to_string(repair.change.line) + " " + std::string(name_of(repair.safety)) +
            (repair.verified ? " verified" : "");
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_line_that_sets_a_shadowing_variable_goes) {
  Machine machine;
  machine.set("HF_TOKEN", kX).saved(kA).rejected(kX).valid(kA, "alice");
  machine.file(".bashrc", "export HF_TOKEN=" + kX + "\n");
  machine.file(".profile", "#\nHF_TOKEN=" + kX + "\n");
  BOOST_TEST(shown(machine) ==
             "HFA101 comment_line .bashrc 1 unsafe verified; "
             "HFA101 comment_line .profile 2 unsafe verified");
  const std::vector<Repair> repairs = planned(machine);
  const Facts one = after_repair(machine.facts(), repairs.at(0));
  BOOST_TEST(one.environment.get("HF_TOKEN").has_value(), "the other line sets it still");
  BOOST_TEST(!after_repair(one, repairs.at(1)).environment.get("HF_TOKEN").has_value());
}

BOOST_AUTO_TEST_CASE(a_variable_that_no_line_sets_is_not_ours_to_mend) {
  Machine machine;
  machine.set("HF_TOKEN", kX).saved(kA).rejected(kX).valid(kA, "alice");
  BOOST_TEST(planned(machine).empty());
  BOOST_TEST(!machine.report().findings.empty());
}

BOOST_AUTO_TEST_CASE(
    marks_in_a_token_file_are_safe_to_take_off_and_in_a_variable_they_are_not_ours) {
  Machine file;
  file.saved("\xEF\xBB\xBF" + kA).valid(kA, "alice");
  BOOST_TEST(shown(file) == "HFA202 rewrite_token .cache/huggingface/token 0 safe verified");
  Machine variable;
  variable.set("HF_TOKEN", "\xEF\xBB\xBF" + kA).valid(kA, "alice");
  BOOST_TEST(planned(variable).empty());
}

BOOST_AUTO_TEST_CASE(a_repair_that_leaves_another_root_is_better_all_the_same) {
  Machine machine;
  machine.set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").saved("\xEF\xBB\xBF" + kA).valid(kA, "alice");
  const std::vector<Repair> repairs = planned(machine);
  BOOST_REQUIRE(repairs.size() == 1U);
  BOOST_TEST(repairs.front().verified);
}

BOOST_AUTO_TEST_CASE(a_symptom_is_mended_by_its_root_alone) {
  Machine machine;
  machine.set("HF_TOKEN", kX).saved(kA).rejected(kX).valid(kA, "alice");
  machine.file(".bashrc", "export HF_TOKEN=" + kX + "\n");
  for (const Repair& repair : planned(machine)) {
    BOOST_TEST(repair.finding == "HFA101");
  }
}

BOOST_AUTO_TEST_CASE(worse_is_more_errors_or_a_token_that_is_gone) {
  Machine well;
  well.saved(kA).valid(kA, "alice");
  Machine shadowed;
  shadowed.set("HF_TOKEN", kX).saved(kA).rejected(kX).valid(kA, "alice");
  Machine empty;
  BOOST_TEST(is_worse(shadowed.report(), well.report()));
  BOOST_TEST(!is_worse(well.report(), shadowed.report()));
  BOOST_TEST(!is_worse(well.report(), well.report()));
  BOOST_TEST(is_worse(empty.report(), well.report()));
}
