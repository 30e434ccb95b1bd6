// SPDX-License-Identifier: Apache-2.0
//
// Which rule decides, what a program that cannot be seen is worth, and the person who is asked.
#include "fixture.hpp"
#include "gate.hpp"
#include "peer_program.hpp"
#include "program_look.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <filesystem>

using namespace hfauth;
using namespace hfauth::daemon;
using namespace hfauth::testing;
namespace call = hfauth::agent::call;

namespace {

Subject subject(std::string profile, const std::string& program, agent::Purpose purpose = {}) {
  return {.profile = std::move(profile),
          .purpose = std::move(purpose),
          .program = {.known = !program.empty(), .program = program, .unit = "jupyter.service"}};
}

std::string verdict(const std::vector<PolicyRule>& rules, const Subject& asked) {
  const Decision decision = Policy(rules).decide(asked);
  return std::string(name_of(decision.verdict)) +
         (decision.rule.empty() ? "" : " " + decision.rule);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policy)

BOOST_AUTO_TEST_CASE(the_first_rule_that_fits_decides_and_without_one_it_is_allowed) {
  const std::vector<PolicyRule> rules{
      {.verdict = Verdict::allow, .profile = "work", .program = "/usr/bin/git", .source = "1"},
      {.verdict = Verdict::confirm, .profile = "work", .unit = "jupyter*", .source = "2"},
      {.verdict = Verdict::deny, .profile = "work", .source = "3"}};
  BOOST_TEST(verdict(rules, subject("work", "/usr/bin/git")) == "allow 1");
  BOOST_TEST(verdict(rules, subject("work", "/usr/bin/python3")) == "confirm 2");
  Subject elsewhere = subject("work", "/usr/bin/python3");
  elsewhere.program.unit = "cron.service";
  BOOST_TEST(verdict(rules, elsewhere) == "deny 3");
  BOOST_TEST(verdict(rules, subject("play", "/usr/bin/python3")) == "allow");
  BOOST_TEST(verdict({}, subject("work", "")) == "allow");
}

BOOST_AUTO_TEST_CASE(a_program_that_cannot_be_seen_is_never_the_one_that_is_allowed) {
  BOOST_TEST(verdict({{.verdict = Verdict::allow, .program = "*", .source = "1"},
                      {.verdict = Verdict::deny, .source = "2"}},
                     subject("work", "")) == "deny 2");
  BOOST_TEST(verdict({{.verdict = Verdict::deny, .program = "/bin/evil", .source = "1"}},
                     subject("work", "")) == "deny 1");
}

BOOST_AUTO_TEST_CASE(a_condition_on_a_repository_is_met_by_who_names_one) {
  const std::vector<PolicyRule> rules{
      {.verdict = Verdict::deny, .repo = "org/*", .access = "write", .source = "1"}};
  BOOST_TEST(verdict(rules, subject("work", "/bin/a", {"org/x", "model", true})) == "deny 1");
  BOOST_TEST(verdict(rules, subject("work", "/bin/a", {"org/x", "model", false})) == "allow");
  BOOST_TEST(verdict(rules, subject("work", "/bin/a", {"other/x", "model", true})) == "allow");
  BOOST_TEST(verdict(rules, subject("work", "/bin/a")) == "allow");
}

BOOST_AUTO_TEST_CASE(a_unit_is_the_innermost_service_or_scope_of_the_control_group) {
  BOOST_TEST(unit_of("0::/user.slice/user-1000.slice/user@1000.service/app.slice/j.service\n") ==
             "j.service");
  BOOST_TEST(unit_of("0::/\n") == "");
  BOOST_TEST(unit_of("") == "");
  BOOST_TEST(unit_of("0::/system.slice/a.service/b.scope/worker/1\n") == "b.scope");
  BOOST_TEST(unit_of("0::/docker/abc") == "abc");
  BOOST_TEST(unit_of("::::\n:\n0\n0:\n0::\n") == "");
  // Version 2, or else systemd's own hierarchy of version 1, or else any.
  BOOST_TEST(unit_of("12:pids:/docker/abc\n0::/other\n") == "other");
  BOOST_TEST(unit_of("12:pids:/\n1:name=systemd:/user.slice/a.service\n0::/\n") == "a.service");
  BOOST_TEST(unit_of("12:pids:/docker/abc\n0::/\n") == "abc");
}

BOOST_AUTO_TEST_CASE(the_program_behind_a_socket_is_seen_and_one_that_ended_is_not) {
  std::array<int, 2> pair{};
  BOOST_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
  SeenPrograms recent([] {});
  PeerProgram own(pair[0], getpid(), recent);
  const ProgramFacts seen = own.look();
  BOOST_TEST(seen.known);
  BOOST_TEST(seen.program == std::filesystem::read_symlink("/proc/self/exe").native());
  // Reaped, so its number is free: /proc may show nothing, or somebody else.
  const pid_t child = fork();
  if (child == 0) _exit(0);
  BOOST_REQUIRE(waitpid(child, nullptr, 0) == child);
  std::array<int, 2> plain{};
  BOOST_REQUIRE(pipe(plain.data()) == 0);  // no SO_PEERPIDFD there: as on an older kernel
  BOOST_TEST(!PeerProgram(plain[0], child, recent).look().known);
  own.end();
  BOOST_TEST(!own.look().known);
  for (const int fd : {pair[0], pair[1], plain[0], plain[1]})
    close(fd);
}

BOOST_AUTO_TEST_SUITE_END()

struct GateFixture {
  FakeClock clock;
  Gate gate{clock};
  std::vector<std::string> questions;
  std::vector<std::function<void(bool)>> answers;
  int looks = 0;  ///< at the program

  GateFixture() {
    gate.set_asker([this](const Config::Confirmation& /*how*/, const std::string& question,
                          std::function<void(bool)> answer) {
      questions.push_back(question);
      answers.push_back(std::move(answer));
    });
    gate.configure(
        Policy({{.verdict = Verdict::deny, .profile = "secret", .source = "config.toml:4"},
                {.verdict = Verdict::confirm, .profile = "work", .source = "config.toml:9"}}),
        {.program = {}, .remember = std::chrono::minutes(5)});
  }

  std::string pass(const Subject& asked) {
    auto told = std::make_shared<std::string>("waits");
    gate.pass(
        {.profile = asked.profile, .purpose = asked.purpose, .program = {}},
        [this, &asked] {
          ++looks;
          return asked.program;
        },
        [told](const Gate::Passage& passage) {
          *told = passage.refused ? passage.refused->more : "passed " + passage.rule;
        });
    last_ = told;
    return *told;
  }

  [[nodiscard]] const std::string& last() const { return *last_; }

 private:
  std::shared_ptr<std::string> last_;
};

BOOST_FIXTURE_TEST_SUITE(gate, GateFixture)

BOOST_AUTO_TEST_CASE(a_denial_names_the_rule_and_nobody_is_asked) {
  BOOST_TEST(pass(subject("secret", "/bin/a")) == "config.toml:4");
  BOOST_TEST(pass(subject("other", "/bin/a")) == "passed ");
  BOOST_TEST(questions.empty());
}

BOOST_AUTO_TEST_CASE(the_same_question_is_put_once_and_a_yes_holds_for_a_while) {
  BOOST_TEST(pass(subject("work", "/bin/a")) == "waits");
  BOOST_TEST(pass(subject("work", "/bin/a")) == "waits");
  BOOST_TEST(questions.size() == 1U);
  BOOST_TEST(questions.front().find("/bin/a") != std::string::npos);
  answers.front()(true);
  BOOST_TEST(last() == "passed config.toml:9");
  BOOST_TEST(pass(subject("work", "/bin/a")) == "passed config.toml:9");
  BOOST_TEST(pass(subject("work", "/bin/b")) == "waits");  // another program
  clock.advance(std::chrono::minutes(6));
  BOOST_TEST(pass(subject("work", "/bin/a")) == "waits");
  BOOST_TEST(questions.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_no_is_a_denial_and_is_not_remembered) {
  static_cast<void>(pass(subject("work", "/bin/a")));
  answers.back()(false);
  BOOST_TEST(last() == "config.toml:9");
  BOOST_TEST(pass(subject("work", "/bin/a")) == "waits");
}

BOOST_AUTO_TEST_CASE(the_program_is_looked_at_if_a_rule_or_a_refusal_names_it_and_else_not) {
  BOOST_TEST(pass(subject("other", "/bin/a")) == "passed ");
  BOOST_TEST(looks == 0);
  static_cast<void>(pass(subject("secret", "/bin/a")));
  static_cast<void>(pass(subject("work", "/bin/a")));
  BOOST_TEST(looks == 2);
  gate.configure(
      Policy({{.verdict = Verdict::deny, .program = "/bin/b", .source = "config.toml:4"}}), {});
  BOOST_TEST(pass(subject("other", "/bin/a")) == "passed ");
  BOOST_TEST(pass(subject("other", "/bin/b")) == "config.toml:4");
  BOOST_TEST(looks == 4);
}

BOOST_AUTO_TEST_CASE(without_rules_that_can_be_read_nothing_passes) {
  gate.close("config.toml:3: no such key");
  BOOST_TEST(!gate.is_open());
  BOOST_TEST(pass(subject("other", "/bin/a")) == "config.toml:3: no such key");
  Subject asked = subject("other", "/bin/a");
  BOOST_TEST((gate.decide(asked, [] { return ProgramFacts(); }).verdict == Verdict::deny));
  gate.configure({}, {});
  BOOST_TEST(gate.is_open());
  BOOST_TEST(pass(asked) == "passed ");
}

BOOST_AUTO_TEST_CASE(where_nobody_can_be_asked_it_is_denied) {
  gate.set_asker({});
  BOOST_TEST(pass(subject("work", "/bin/a")) == "config.toml:9");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(policy)

BOOST_FIXTURE_TEST_CASE(every_way_out_of_a_token_asks_the_gate, AgentFixture) {
  BOOST_REQUIRE(add("alice").has_value());
  token::TokenRecord renewed = record("alice");
  renewed.refresh = Secret::copy_of("made-up-refresh-RrRrRrRrRrRr");
  BOOST_REQUIRE(ask(call::Add{.record = std::move(renewed), .replace = true}).has_value());
  dispatcher->gate().configure(
      Policy({{.verdict = Verdict::deny, .profile = "a*", .source = "config.toml:2"}}), {});
  for (const auto& reply : {ask(call::GetToken{}), ask(call::GetToken{profile_name("alice"), {}}),
                            ask(call::OpenLease{}), ask(call::OpenLease{profile_name("alice"), {}}),
                            ask(call::BeginRefresh{profile_name("alice"), true})}) {
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->find("org.hfauth.Agent.Denied") != std::string::npos, *reply);
    BOOST_TEST(reply->find("config.toml:2") != std::string::npos);
  }
  BOOST_TEST(status().leases.empty());
  const auto which = agent::read_which_reply(ask(call::Which{}).value());
  BOOST_TEST(which->decision == "deny");
  BOOST_TEST(which->rule == "config.toml:2");
}

BOOST_AUTO_TEST_CASE(a_program_is_remembered_for_a_moment_and_only_while_its_process_lives) {
  std::array<int, 2> go{};
  std::array<int, 2> done{};
  std::array<int, 2> plain{};  // no SO_PEERPIDFD there: the number alone names the process
  for (std::array<int, 2>* each : {&go, &done, &plain})
    BOOST_REQUIRE(pipe2(each->data(), O_CLOEXEC) == 0);
  const pid_t child = fork();
  if (child == 0) {
    char byte = 0;
    if (read(go[0], &byte, 1) == 1) execl("/bin/sleep", "sleep", "1000", nullptr);
    _exit(1);
  }
  close(done[1]);
  int alarms = 0;
  SeenPrograms recent([&alarms] { ++alarms; });
  const ProgramFacts first = recent.of_peer(plain[0], child);
  BOOST_TEST(first.program == std::filesystem::read_symlink("/proc/self/exe").native());
  BOOST_TEST(recent.of_peer(plain[0], getpid()).known);
  BOOST_TEST(alarms == 1);
  char byte = 'x';
  BOOST_REQUIRE(write(go[1], &byte, 1) == 1);
  BOOST_REQUIRE(read(done[0], &byte, 1) == 0);  // closed by its execve()
  BOOST_TEST(recent.of_peer(plain[0], child).program == first.program);
  recent.forget();
  BOOST_TEST(std::filesystem::equivalent(recent.of_peer(plain[0], child).program, "/bin/sleep"));
  BOOST_TEST(alarms == 2);
  kill(child, SIGKILL);
  BOOST_REQUIRE(waitpid(child, nullptr, 0) == child);
  BOOST_TEST(!recent.of_peer(plain[0], child).known);
  for (const int fd : {go[0], go[1], done[0], plain[0], plain[1]})
    close(fd);
}

BOOST_AUTO_TEST_SUITE_END()
