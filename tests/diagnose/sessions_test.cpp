// SPDX-License-Identifier: Apache-2.0
//
// Running programs on a /proc of the test's own: which of them are seen, what each has, and that
// what cannot be read is no failure.
#include "hfauth/diagnose/sessions.hpp"

#include "diagnose/machine.hpp"
#include "hfauth/diagnose/process_folder.hpp"
#include "hfauth/diagnose/python_answer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::Machine;
using hfauth::testing::token_of;

namespace {

using namespace std::string_literals;

const std::string kA = token_of('a');
const std::string kB = token_of('b');
const std::string kNul(1, '\0');

std::string area(std::initializer_list<std::string> words) {
  std::string text;
  for (const std::string& word : words)
    text += word + kNul;
  return text;
}

/// A process as /proc has it.
void add_process(Machine& machine, int pid, const std::string& words, const std::string& variables,
                 const std::string& state = "S") {
  const std::string folder = "root/proc/" + std::to_string(pid) + "/";
  machine.file(folder + "cmdline", words)
      .file(folder + "environ", area({"HOME=" + machine.home().string()}) + variables)
      .file(folder + "stat", std::to_string(pid) + " (a ) name) " + state +
                                 " 1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 100 1 1")
      .file("root/proc/uptime", "1000.00 900.00\n");
}

const SessionView* view_of(const std::vector<SessionView>& views, int pid) {
  const auto found = std::find_if(views.begin(), views.end(), [pid](const SessionView& view) {
    return view.session.pid == pid;
  });
  return found == views.end() ? nullptr : &*found;
}

std::string state_of(const std::vector<SessionView>& views, int pid) {
  const SessionView* view = view_of(views, pid);
  return view == nullptr ? "not seen" : std::string(name_of(view->state));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_AUTO_TEST_CASE(each_program_has_a_state_and_a_reason) {
  Machine machine;
  machine.every_session().set("HF_TOKEN", kA).offline();
  add_process(machine, 11, area({"/usr/bin/python3", "-m", "ipykernel_launcher"}),
              area({"HF_TOKEN=" + kB}));
  add_process(machine, 12, area({"/usr/bin/python3", "-m", "vllm.entrypoints.openai.api_server"}),
              "");
  add_process(machine, 13, area({"/opt/bin/torchrun", "train.py"}), area({"HF_TOKEN=" + kA}));
  add_process(machine, 14, area({"-bash"}), area({"HF_TOKEN=" + kB}));
  const std::vector<SessionView> views = judge_sessions(machine.facts());
  BOOST_REQUIRE(views.size() == 4U);
  BOOST_TEST(state_of(views, 11) == "stale");
  BOOST_TEST(view_of(views, 11)->needs_restart);
  BOOST_TEST(view_of(views, 11)->mask == "hf_****" + kB.substr(kB.size() - 4));
  BOOST_TEST(state_of(views, 12) == "missing");
  BOOST_TEST(view_of(views, 12)->session.kind == "server");
  BOOST_TEST(state_of(views, 13) == "ok");
  BOOST_TEST(view_of(views, 13)->session.kind == "training");
  BOOST_TEST(view_of(views, 14)->session.kind == "shell");
  for (const SessionView& view : views) {
    BOOST_TEST(!view.reason.empty());
    BOOST_TEST(!view.session.started.empty());
  }
}

BOOST_AUTO_TEST_CASE(what_reads_a_file_needs_no_restart) {
  Machine machine;
  machine.every_session().saved(kA).offline();
  add_process(machine, 21, area({"python3", "ipykernel_launcher.py"}), "");
  add_process(machine, 22, area({"python3", "ipykernel_launcher.py"}), area({"HF_HOME=/nowhere"}));
  const std::vector<SessionView> views = judge_sessions(machine.facts());
  BOOST_TEST(state_of(views, 21) == "ok");
  BOOST_TEST(!view_of(views, 21)->needs_restart);
  BOOST_TEST(state_of(views, 22) == "missing");
}

BOOST_AUTO_TEST_CASE(only_what_may_use_the_hub_is_seen) {
  Machine machine;
  machine.offline();
  add_process(machine, 31, area({"/usr/bin/python3", "-m", "ipykernel"}), "");
  add_process(machine, 32, area({"/usr/bin/python3", "x.py"}), "");
  add_process(machine, 33, area({"/usr/bin/python3", "y.py"}), area({"HF_HOME=/x"}));
  add_process(machine, 34, area({"/usr/bin/python3", "ipykernel_launcher"}), "", "Z");
  add_process(machine, 35, area({"/usr/bin/vi", "a", "b", "c", "vllm"}), "");
  add_process(machine, 36, area({"/bin/echo", "x", "hf"}), "");
  BOOST_TEST(machine.facts().sessions.size() == 1U);
  machine.every_session();
  const std::vector<SessionView> views = judge_sessions(machine.facts());
  BOOST_TEST(state_of(views, 33) != "not seen");
  for (const int pid : {32, 34, 35, 36})
    BOOST_TEST(state_of(views, pid) == "not seen", pid);
}

BOOST_AUTO_TEST_CASE(no_more_is_looked_at_than_the_question_needs) {
  Machine machine;
  machine.installed("1.28.0").saved(kA).in_agent("a", kA, "alice");
  machine.file(".netrc", "machine huggingface.co login x password " + kB + "\n");
  machine.file(".config/systemd/user/a.service", "[Service]\nExecStart=/opt/bin/vllm\n");
  add_process(machine, 51, area({"python3", "ipykernel_launcher.py"}), "");
  const std::string where = (machine.home() / ".cache/huggingface/token").string();
  machine.every_session();
  const Facts of_sessions = machine.facts();
  BOOST_TEST(state_of(judge_sessions(of_sessions), 51) == "ok");
  BOOST_TEST(judge_sessions(of_sessions).front().account == "alice");
  machine.sources_alone();
  const Facts of_sources = machine.facts();
  BOOST_TEST(of_sources.sessions.empty());
  BOOST_TEST(!of_sources.agent.running);
  for (const Facts* facts : {&of_sessions, &of_sources}) {
    BOOST_TEST(ask_python(*facts).where == where);
    BOOST_REQUIRE(value_at(*facts, where) != nullptr);
    BOOST_TEST(facts->client.version == "1.28.0");
    BOOST_TEST((facts->netrc.empty() && facts->services.empty() && facts->programs.empty()));
  }
  BOOST_TEST(machine.pings() == 0);
}

BOOST_AUTO_TEST_CASE(a_process_that_ends_while_it_is_looked_at_is_an_error_and_no_other_process) {
  Machine machine;
  add_process(machine, 41, area({"python3"}), area({"A=first", "A=second", "NO_EQUALS", "B="}));
  const std::filesystem::path proc = machine.home() / "root/proc";
  const Result<ProcessFolder> process = ProcessFolder::open(proc, 41);
  BOOST_REQUIRE(process.has_value());
  const Result<Environment> environment = process->environment();
  BOOST_REQUIRE(environment.has_value());
  BOOST_TEST(environment->get("A").value_or("") == "first");
  BOOST_TEST(environment->get("B").value_or("?") == "");
  // Its number goes to another one.
  std::filesystem::remove_all(proc / "41");
  add_process(machine, 41, area({"python3"}), area({"A=of another"}));
  BOOST_TEST(process->environment().has_error());
  BOOST_TEST(process->words().empty());
  BOOST_TEST((ProcessFolder::open(proc, 42).error().code == Errc::not_found));
  BOOST_TEST((ProcessFolder::open("/proc", 2147483647).error().code == Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_long_environment_is_read_whole) {
  Machine machine;
  const std::string long_value(300'000, 'x');
  add_process(machine, 51, area({"python3"}), area({"LONG=" + long_value, "LAST=1"}));
  const Result<ProcessFolder> process = ProcessFolder::open(machine.home() / "root/proc", 51);
  BOOST_REQUIRE(process.has_value());
  const Result<Environment> environment = process->environment();
  BOOST_REQUIRE(environment.has_value());
  BOOST_TEST(environment->get("LONG").value_or("").size() == long_value.size());
  BOOST_TEST(environment->get("LAST").value_or("") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
