// SPDX-License-Identifier: Apache-2.0
//
// Which repairs the doctor plans for a machine, and what it holds to be better or worse. That they
// do what they say to files is tested with the program (tests/cli/doctor_fix_test.py).
#include "hfauth/diagnose/repair.hpp"

#include "diagnose/machine.hpp"
#include "repair/plan.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
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
  return machine.report().repairs;
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

BOOST_AUTO_TEST_CASE(a_path_that_is_quoted_twice_is_written_as_it_was_meant) {
  Machine machine;
  const std::string home = machine.home().string();
  machine.set("HF_HOME", "'" + home + "/hub'").file("hub/token", kA).valid(kA, "alice");
  machine.file(".bashrc", "export HF_HOME=\"'" + home + "/hub'\"\n");
  BOOST_TEST(shown(machine) == "HFA107 write_value .bashrc 1 unsafe verified");
  BOOST_TEST(planned(machine).at(0).change.value == home + "/hub");
}

BOOST_AUTO_TEST_CASE(a_path_with_an_unknown_variable_is_commented_out) {
  Machine machine;
  machine.set("HF_HOME", "$SCRATCH/hub").saved(kA).valid(kA, "alice");
  machine.file(".zshrc", "export HF_HOME='$SCRATCH/hub'\n");
  BOOST_TEST(shown(machine) == "HFA107 comment_line .zshrc 1 unsafe verified");
}

BOOST_AUTO_TEST_CASE(a_token_of_another_home_is_copied_into_an_empty_place_alone) {
  Machine empty;
  empty.set("HF_HOME", (empty.home() / "hub").string()).saved(kA).valid(kA, "alice");
  BOOST_TEST(shown(empty) == "HFA108 copy_token hub/token 0 safe verified");
  Machine taken;
  taken.set("HF_HOME", (taken.home() / "hub").string()).saved(kA).valid(kA, "alice");
  taken.file("hub/token", kX).valid(kX, "bob");
  BOOST_TEST(shown(taken).find("copy_token") == std::string::npos, shown(taken));
  Machine refused;
  refused.set("HF_HOME", (refused.home() / "hub").string()).saved(kX).rejected(kX);
  BOOST_TEST(planned(refused).empty());
}

BOOST_AUTO_TEST_CASE(a_blank_token_file_gets_the_one_login_that_the_hub_accepts) {
  Machine machine;
  machine.agent_running().saved(" \n").valid(kA, "alice").rejected(kX);
  machine.file(".cache/huggingface/stored_tokens",
               "[old]\nhf_token = " + kX + "\n\n[laptop]\nhf_token = " + kA + "\n\n");
  BOOST_TEST(shown(machine) == "HFA110 copy_token .cache/huggingface/token 0 safe verified");
  BOOST_TEST(planned(machine).at(0).change.value == "laptop");
  Machine two;
  two.agent_running().saved("").valid(kA, "alice").valid(kX, "bob");
  two.file(".cache/huggingface/stored_tokens",
           "[old]\nhf_token = " + kX + "\n\n[laptop]\nhf_token = " + kA + "\n\n");
  BOOST_TEST(planned(two).empty(), "which of two is meant, nobody knows");
  Machine logged_out;
  logged_out.agent_running().valid(kA, "alice");
  logged_out.file(".cache/huggingface/stored_tokens", "[laptop]\nhf_token = " + kA + "\n\n");
  BOOST_TEST(planned(logged_out).empty(), "no file is no accident");
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_replaced_with_a_word_and_only_by_one_that_works) {
  Machine machine;
  machine.saved(kX).valid(kA, "alice").rejected(kX);
  machine.file(".cache/huggingface/stored_tokens",
               "[old]\nhf_token = " + kX + "\n\n[laptop]\nhf_token = " + kA + "\n\n");
  BOOST_TEST(shown(machine) == "HFA301 replace_token .cache/huggingface/token 0 unsafe verified");
  Machine alone;
  alone.saved(kX).rejected(kX);
  alone.file(".cache/huggingface/stored_tokens", "[old]\nhf_token = " + kX + "\n\n");
  BOOST_TEST(planned(alone).empty());
}

BOOST_AUTO_TEST_CASE(a_token_that_is_not_stored_gets_its_name_at_the_hub) {
  Machine machine;
  machine.saved(kA).valid(kA, "alice").rejected(kX);
  machine.file(".cache/huggingface/stored_tokens", "[old]\nhf_token = " + kX + "\n\n");
  BOOST_TEST(shown(machine) == "HFA111 add_login .cache/huggingface/stored_tokens 0 safe verified");
  BOOST_TEST(planned(machine).at(0).change.value == "laptop");
}

BOOST_AUTO_TEST_CASE(stored_tokens_that_cannot_be_read_and_are_open_are_mended_twice) {
  Machine machine;
  machine.saved(kA).valid(kA, "alice");
  machine.file(".cache/huggingface/stored_tokens", "[a]\nhf_token = " + kA + "\n<<<<<<< HEAD\n");
  std::filesystem::permissions(machine.home() / ".cache/huggingface/stored_tokens",
                               std::filesystem::perms(0644));
  BOOST_TEST(shown(machine) ==
             "HFA804 comment_faults .cache/huggingface/stored_tokens 0 safe verified; "
             "HFA805 restrict_mode .cache/huggingface/stored_tokens 0 safe verified");
}

BOOST_AUTO_TEST_CASE(entries_of_other_programs_go_only_with_a_word) {
  Machine netrc;
  netrc.installed("0.36.0").saved(kA).valid(kA, "alice").rejected(kX);
  netrc.file(".netrc", "machine huggingface.co login bob password " + kX + "\n");
  BOOST_TEST(shown(netrc) == "HFA803 remove_entry .netrc 0 unsafe verified");
  Machine git;
  git.saved(kA).valid(kA, "alice").rejected(kX);
  git.file(".gitconfig", "[credential]\n\thelper = store\n");
  git.file(".git-credentials", "https://bob:" + kX + "@huggingface.co\n");
  BOOST_TEST(shown(git) == "HFA806 remove_entry .git-credentials 0 unsafe verified");
  Machine remote;
  remote.saved(kA).valid(kA, "alice").rejected(kX);
  remote.file("cwd/.git/config",
              "[remote \"origin\"]\n\turl = https://bob:" + kX + "@huggingface.co/bob/x\n");
  BOOST_TEST(shown(remote) == "HFA810 clean_remotes cwd/.git/config 0 unsafe verified");
}

BOOST_AUTO_TEST_CASE(exposed_tokens_are_taken_away_once_a_file) {
  Machine machine;
  machine.saved(kA).valid(kA, "alice");
  machine.file(".bash_history", "hf auth login --token " + kX + "\nls\ncurl " + kX + "\n");
  BOOST_TEST(shown(machine) == "HFA901 remove_commands .bash_history 0 unsafe verified");
}

BOOST_AUTO_TEST_CASE(an_open_env_file_in_a_work_tree_is_closed_and_ignored) {
  Machine machine;
  machine.saved(kA).valid(kA, "alice").directory("cwd/.git");
  machine.file("cwd/.env", "HF_TOKEN=" + kX + "\n");
  std::filesystem::permissions(machine.home() / "cwd/.env", std::filesystem::perms(0644));
  BOOST_TEST(shown(machine) ==
             "HFA906 restrict_mode cwd/.env 0 safe verified; "
             "HFA906 append_line cwd/.gitignore 0 safe verified");
}

BOOST_AUTO_TEST_CASE(the_default_changes_to_the_expected_account_where_its_lease_is_read) {
  Machine machine;
  const std::string lease = (machine.home() / "run/hfauth/default/token").string();
  machine.in_agent("a", kA, "alice").in_agent("b", kX, "bob").valid(kA, "alice");
  machine.file("cwd/hfauth.toml", "expect_user = \"bob\"\n").file("run/hfauth/default/token", kA);
  BOOST_TEST(planned(machine).empty(), "nobody reads the lease");
  machine.set("HF_TOKEN_PATH", lease);
  const std::vector<Repair> repairs = planned(machine);
  BOOST_REQUIRE(repairs.size() == 1U);
  BOOST_TEST(repairs.front().finding == "HFA306");
  BOOST_TEST(name_of(repairs.front().change.kind) == "make_default");
  BOOST_TEST(repairs.front().change.value == "b");
  const Facts after = after_repair(machine.facts(), repairs.front());
  BOOST_TEST(default_profile(after)->name == "b");
}

BOOST_AUTO_TEST_CASE(a_repair_that_takes_the_only_token_away_is_not_offered) {
  Machine machine;
  machine.set("HF_TOKEN", kA).valid(kA, "alice");
  machine.file(".bashrc", "export HF_TOKEN=" + kA + "\n");
  Facts facts = machine.facts();
  Report report = diagnose::diagnose(facts, {});
  Finding finding;
  finding.id = "HFA904";
  facts.exposed.push_back(
      {"dotfile", (machine.home() / ".bashrc").string(), 1, "", "HF_TOKEN", "", "", 0600, false});
  report.findings = {finding};
  BOOST_TEST(plan_repairs(facts, report, {}).empty());
}

BOOST_AUTO_TEST_CASE(every_kind_of_change_has_a_name_of_its_own) {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(FixChange::Kind::make_default); ++i)
    names.push_back(name_of(static_cast<FixChange::Kind>(i)));
  BOOST_TEST(names.back() == "make_default");
  std::sort(names.begin(), names.end());
  BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
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
