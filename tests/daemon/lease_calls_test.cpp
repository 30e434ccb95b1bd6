// SPDX-License-Identifier: Apache-2.0
//
// When a lease is open and what its file holds, asked as a client would and looked at from outside.
#include "fixture.hpp"
#include "limits.hpp"
#include "support/test_tokens.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace hfauth;
using namespace hfauth::testing;
namespace call = hfauth::agent::call;
namespace fs = std::filesystem;
using std::chrono::seconds;

namespace {

std::string read_lease(const AgentFixture& agent, const std::string& place) {
  return ScratchDirectory::read(agent.runtime() / place / "token");
}

/// Rules as the server puts them into force.
void rule(AgentFixture& agent, std::vector<daemon::PolicyRule> rules) {
  agent.dispatcher->gate().configure(daemon::Policy(std::move(rules)), {});
  agent.service->on_rules_changed();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lease_calls, AgentFixture)

BOOST_AUTO_TEST_CASE(a_lease_follows_its_profile_until_it_is_gone) {
  add("alice").value();
  const auto lease =
      agent::read_lease_reply(ask(call::OpenLease{profile_name("alice"), {}}).value()).value();
  BOOST_TEST(lease.path == runtime() / "lease/alice/token");
  BOOST_TEST(read_lease(*this, "lease/alice") == test_token("alice"));
  call::Add renewed{.record = record("alice"), .replace = true};
  renewed.record.token = Secret::copy_of(test_token("renewed"));
  ask(std::move(renewed));
  BOOST_TEST(read_lease(*this, "lease/alice") == test_token("renewed"));
  outcome(call::Remove{profile_name("alice")});
  BOOST_TEST(!std::filesystem::exists(runtime() / "lease/alice"));
  BOOST_TEST(status().leases.empty());
}

BOOST_AUTO_TEST_CASE(the_default_lease_follows_the_default_profile) {
  add("alice").value();
  add("bob").value();
  BOOST_TEST(outcome(call::OpenLease{}) == "ok");
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
  ask(call::SetDefault{profile_name("bob")});
  BOOST_TEST(read_lease(*this, "default") == test_token("bob"));
  BOOST_TEST(outcome(call::CloseLease{}) == "ok");
  BOOST_TEST(outcome(call::CloseLease{}) == "not_found");
}

BOOST_AUTO_TEST_CASE(a_lease_ends_with_its_time_and_with_its_tokens_time) {
  call::Add request{.record = record("alice")};
  request.record.facts.expires = clock.now() + seconds(100);
  ask(std::move(request));
  outcome(call::OpenLease{profile_name("alice"), seconds(10)});
  outcome(call::OpenLease{});
  BOOST_TEST((service->next_end() == clock.now() + seconds(10)));
  clock.advance(seconds(10));
  service->on_time();
  BOOST_TEST(!std::filesystem::exists(runtime() / "lease/alice"));
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
  BOOST_TEST((service->next_end() == clock.now() + seconds(90)));
  clock.advance(seconds(90));
  service->on_time();
  BOOST_TEST(!std::filesystem::exists(runtime() / "default"));
  BOOST_TEST(outcome(call::OpenLease{}) == "expired");
}

BOOST_AUTO_TEST_CASE(locking_takes_every_lease_away) {
  add("alice").value();
  outcome(call::OpenLease{});
  outcome(call::OpenLease{profile_name("alice"), {}});
  outcome(call::Lock{});
  BOOST_TEST(!std::filesystem::exists(runtime() / "default"));
  BOOST_TEST(!std::filesystem::exists(runtime() / "lease/alice"));
  BOOST_TEST(status().leases.empty());
}

BOOST_AUTO_TEST_CASE(unlocking_brings_back_the_leases_that_shells_were_told_of) {
  add("alice").value();
  add("bob").value();
  outcome(call::OpenLease{});
  outcome(call::OpenLease{profile_name("bob"), std::chrono::seconds(60)});
  outcome(call::OpenLease{profile_name("alice"), {}});
  outcome(call::Lock{});
  clock.advance(std::chrono::minutes(2));
  BOOST_TEST(outcome(call::Unlock{}) == "ok");
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
  BOOST_TEST(read_lease(*this, "lease/alice") == test_token("alice"));
  // Its own time was over meanwhile.
  BOOST_TEST(!std::filesystem::exists(runtime() / "lease/bob"));
  outcome(call::CloseLease{profile_name("alice")});
  outcome(call::Lock{});
  outcome(call::Unlock{});
  BOOST_TEST(!std::filesystem::exists(runtime() / "lease/alice"));
}

BOOST_AUTO_TEST_CASE(a_lease_that_cannot_be_taken_away_is_said_and_tried_again) {
  add("alice").value();
  outcome(call::OpenLease{profile_name("alice"), {}});
  const std::filesystem::path token = runtime() / "lease/alice/token";
  std::filesystem::remove(token);
  std::filesystem::create_directories(token / "in the way");  // unlink(2) refuses a folder
  BOOST_TEST(outcome(call::Lock{}) == "io");
  BOOST_TEST(status().locked);
  BOOST_TEST(status().leases.size() == 1U);
  std::filesystem::remove_all(token);
  clock.advance(daemon::kLeaseRetry);
  service->on_time();
  BOOST_TEST(status().leases.empty());
}

BOOST_AUTO_TEST_CASE(an_exception_that_ends_the_agent_leaves_no_lease_behind) {
  const token::TokenRecord alice = record("alice");
  const fs::path token = runtime() / "lease" / "alice" / "token";
  const auto agent_with_a_bug = [&] {
    daemon::LeaseKeeper keeper{daemon::LeaseFiles(runtime())};
    const daemon::Entry entry{.profile = {.facts = alice.facts, .mask = {}, .fingerprint = {}},
                              .token = alice.token.clone()};
    BOOST_REQUIRE(keeper.open(alice.facts.profile, entry, {}, {}).has_value());
    BOOST_REQUIRE(fs::exists(token));
    throw std::runtime_error("a bug");
  };
  BOOST_CHECK_THROW(agent_with_a_bug(), std::runtime_error);
  BOOST_TEST(!fs::exists(token));
}

BOOST_AUTO_TEST_CASE(the_default_lease_never_holds_another_hubs_token) {
  scratch.write("default-lease", "");
  add("alice").value();
  add("bob", "https://hub.example.org").value();
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
  outcome(call::Remove{profile_name("alice")});
  BOOST_TEST(!std::filesystem::exists(runtime() / "default"));
  restart();
  BOOST_TEST(!std::filesystem::exists(runtime() / "default"));
}

BOOST_AUTO_TEST_CASE(the_standing_lease_is_there_from_the_first_token_on) {
  scratch.write("default-lease", "");
  add("alice").value();
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
  restart();
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
  outcome(call::Lock{});
  BOOST_TEST(!std::filesystem::exists(runtime() / "default"));
  outcome(call::Unlock{});
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
}

BOOST_AUTO_TEST_CASE(the_standing_lease_obeys_the_rules) {
  using daemon::Verdict;
  scratch.write("default-lease", "");
  add("alice").value();
  const fs::path token = runtime() / "default" / "token";
  BOOST_TEST(fs::exists(token));
  // Any program may read it, so any rule that keeps some from the token closes it.
  rule(*this, {{.verdict = Verdict::deny, .profile = "alice", .program = "/bin/evil"}});
  BOOST_TEST(!fs::exists(token));
  rule(*this, {{.verdict = Verdict::allow, .program = "/bin/good"}, {.verdict = Verdict::confirm}});
  BOOST_TEST(!fs::exists(token));
  rule(*this, {{.verdict = Verdict::deny, .profile = "bob"}});
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
  // It follows the default profile only where it may.
  add("bob", "https://huggingface.co", false, true).value();
  BOOST_TEST(!fs::exists(token));
  outcome(call::SetDefault{profile_name("alice")});
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
  rule(*this, {});
  BOOST_TEST(read_lease(*this, "default") == test_token("alice"));
}

BOOST_AUTO_TEST_CASE(an_open_lease_obeys_rules_that_came_later) {
  using daemon::Verdict;
  add("alice").value();
  add("bob").value();
  for (const char* name : {"alice", "bob"})
    ask(call::OpenLease{.profile = profile_name(name), .lifetime = {}});
  rule(*this, {{.verdict = Verdict::confirm, .profile = "alice"}});
  BOOST_TEST(!fs::exists(runtime() / "lease" / "alice" / "token"));
  BOOST_TEST(fs::exists(runtime() / "lease" / "bob" / "token"));
  outcome(call::Lock{});
  dispatcher->gate().configure(daemon::Policy({{.verdict = Verdict::deny, .profile = "bob"}}), {});
  outcome(call::Unlock{});
  BOOST_TEST(!fs::exists(runtime() / "lease" / "bob" / "token"));
}

BOOST_AUTO_TEST_SUITE_END()
