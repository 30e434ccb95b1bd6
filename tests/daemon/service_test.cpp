// SPDX-License-Identifier: Apache-2.0
//
// What the agent answers, method by method, through the dispatcher as a client would see it.
#include "fixture.hpp"
#include "hfauth/core/mask.hpp"
#include "limits.hpp"
#include "support/test_tokens.hpp"

#include <boost/test/unit_test.hpp>

using namespace hfauth;
using namespace hfauth::testing;
namespace call = hfauth::agent::call;
using std::chrono::seconds;

namespace {

constexpr const char* kOther = "https://hub.example";
constexpr const char* kThird = "https://third.example";

call::Remove remove_of(std::string_view name) {
  return {profile_name(name)};
}

call::SetDefault default_to(std::string_view name) {
  return {profile_name(name)};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(get_token, AgentFixture)

BOOST_AUTO_TEST_CASE(without_any_token_it_is_not_found) {
  BOOST_TEST(token_of() == "not_found");
  BOOST_TEST(token_of("alice") == "not_found");
  BOOST_TEST(token_of({}, kOther) == "not_found");
}

BOOST_AUTO_TEST_CASE(gives_the_stored_token_with_its_facts) {
  BOOST_REQUIRE(add("alice").has_value());
  const auto answer = get("alice");
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer->token.expose() == test_token("alice"));
  BOOST_TEST(answer->profile.facts.user == "ada");
  BOOST_TEST(answer->profile.facts.generation == 1U);
  BOOST_TEST(answer->profile.mask == mask_token(test_token("alice")));
  BOOST_TEST(answer->profile.fingerprint == fingerprints.of(test_token("alice")));
  BOOST_TEST(stored.pinned == 1);
}

BOOST_AUTO_TEST_CASE(a_token_is_given_for_its_own_endpoint_only) {
  BOOST_REQUIRE(add("alice").has_value());
  BOOST_TEST(token_of("alice", "https://huggingface.co") == "alice");
  BOOST_TEST(token_of("alice", kOther) == "denied");
  BOOST_TEST(token_of({}, kOther) == "not_found");
}

BOOST_AUTO_TEST_CASE(the_first_profile_of_an_endpoint_is_its_default) {
  BOOST_TEST(add("alice").value().is_default);
  BOOST_TEST(!add("bob").value().is_default);
  BOOST_TEST(add("carol", kOther).value().is_default);
  BOOST_TEST(token_of() == "alice");
  BOOST_TEST(token_of({}, kOther) == "carol");
}

BOOST_AUTO_TEST_CASE(without_endpoint_the_hub_comes_first_then_the_only_one) {
  BOOST_REQUIRE(add("carol", kOther).has_value());
  BOOST_TEST(token_of() == "carol");
  BOOST_REQUIRE(add("dave", kThird).has_value());
  BOOST_TEST(token_of() == "ambiguous");
  BOOST_REQUIRE(add("alice").has_value());
  BOOST_TEST(token_of() == "alice");
}

BOOST_AUTO_TEST_CASE(several_without_a_default_are_ambiguous_and_named) {
  add("alice").value();
  add("bob").value();
  add("carol").value();
  BOOST_TEST(outcome(remove_of("alice")) == "ok");
  const auto answer = get();
  BOOST_REQUIRE(!answer);
  BOOST_TEST(answer.error().detail ==
             "no default profile, and several match: bob, carol; name one of them");
  BOOST_TEST(outcome(remove_of("bob")) == "ok");
  BOOST_TEST(token_of() == "carol");
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_not_given) {
  call::Add request{.record = record("alice")};
  request.record.facts.expires = clock.now() + seconds(10);
  ask(std::move(request));
  clock.advance(seconds(9));
  BOOST_TEST(token_of() == "alice");
  clock.advance(seconds(1));
  BOOST_TEST(token_of() == "expired");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(changes, AgentFixture)

BOOST_AUTO_TEST_CASE(an_existing_profile_is_a_conflict_unless_it_may_be_replaced) {
  add("alice").value();
  BOOST_TEST(add("alice").error().code == Errc::conflict);
  BOOST_TEST(add("alice", "https://huggingface.co", true).value().facts.generation == 2U);
}

BOOST_AUTO_TEST_CASE(two_additions_at_once_do_not_both_find_the_name_free) {
  worker.held = true;
  std::vector<std::string> replies;
  for (int i = 0; i < 2; ++i) {
    handle({.request = call::Add{.record = record("alice")}},
           [&](std::string_view message) { replies.emplace_back(message); });
  }
  while (worker.waiting() > 0)
    worker.run_one();
  BOOST_REQUIRE(replies.size() == 2U);
  BOOST_TEST(agent::read_record_reply(replies[0]).has_value());
  BOOST_TEST(agent::read_record_reply(replies[1]).error().code == Errc::conflict);
}

BOOST_AUTO_TEST_CASE(what_the_store_did_not_acknowledge_is_not_there) {
  stored.failure = Error{Errc::no_space, "the disk is full"};
  const auto added = add("alice");
  BOOST_REQUIRE(!added);
  BOOST_TEST(added.error().code == Errc::no_space);
  BOOST_TEST(added.error().detail == "the disk is full");
  BOOST_TEST(token_of("alice") == "not_found");
}

BOOST_AUTO_TEST_CASE(reads_are_answered_while_the_store_is_down) {
  add("alice").value();
  stored.failure = Error{Errc::store_timeout, "no answer in 5 s"};
  BOOST_TEST(token_of() == "alice");
  BOOST_TEST(add("bob").error().code == Errc::store_timeout);
  BOOST_TEST(outcome(remove_of("alice")) == "store_timeout");
  BOOST_TEST(token_of() == "alice");
}

BOOST_AUTO_TEST_CASE(too_many_profiles_and_too_large_records_are_refused) {
  for (std::size_t i = 0; i < daemon::kMaxProfiles; ++i)
    add("p" + std::to_string(i)).value();
  BOOST_TEST(add("one-more").error().code == Errc::busy);
  BOOST_TEST(add("p0", "https://huggingface.co", true).has_value());
  call::Add request{.record = record("p1"), .replace = true};
  request.record.facts.scopes.assign(2, std::string(daemon::kMaxFactsBytes / 2, 'x'));
  const std::string reply = ask(std::move(request)).value();
  BOOST_TEST(agent::read_record_reply(reply).error().code == Errc::too_large);
}

BOOST_AUTO_TEST_CASE(the_default_can_be_moved_and_outlives_a_restart) {
  add("alice").value();
  add("bob").value();
  BOOST_TEST(agent::read_record_reply(ask(default_to("bob")).value()).value().is_default);
  BOOST_TEST(outcome(default_to("nobody")) == "not_found");
  restart();
  BOOST_TEST(token_of() == "bob");
  BOOST_TEST(add("carol", "https://huggingface.co", false, true).value().is_default);
  BOOST_TEST(token_of() == "carol");
}

BOOST_AUTO_TEST_CASE(a_profile_that_moves_to_another_endpoint_gives_up_its_default) {
  add("alice").value();
  add("bob").value();
  add("alice", kOther, true).value();
  BOOST_TEST(token_of() == "bob");
  BOOST_TEST(token_of({}, kOther) == "alice");
}

BOOST_AUTO_TEST_CASE(removing_is_found_out_and_repeated_removal_is_not_found) {
  add("alice").value();
  BOOST_TEST(outcome(remove_of("alice")) == "ok");
  BOOST_TEST(outcome(remove_of("alice")) == "not_found");
  BOOST_TEST(stored.records.empty());
}

BOOST_AUTO_TEST_CASE(what_was_removed_from_the_store_behind_our_back_is_removed) {
  add("alice").value();
  stored.records.clear();
  BOOST_TEST(outcome(remove_of("alice")) == "ok");
  BOOST_TEST(token_of() == "not_found");
}

BOOST_AUTO_TEST_CASE(a_damaged_settings_file_costs_the_default_and_nothing_else) {
  add("alice").value();
  add("bob").value();
  scratch.write("state/agent.json", "{\"version\":1,\"defaults\":{}}");
  restart();
  BOOST_TEST(token_of() == "ambiguous");
  BOOST_TEST(token_of("bob") == "bob");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(locking, AgentFixture)

BOOST_AUTO_TEST_CASE(locked_and_not_found_are_two_answers) {
  add("alice").value();
  BOOST_TEST(outcome(call::Lock{}) == "ok");
  for (const char* const name : {"alice", "nobody"})
    BOOST_TEST(token_of(name) == "locked");
  BOOST_TEST(outcome(call::List{}) == "locked");
  BOOST_TEST(outcome(remove_of("alice")) == "locked");
  BOOST_TEST(outcome(default_to("alice")) == "locked");
  BOOST_TEST(outcome(call::OpenLease{}) == "locked");
  BOOST_TEST(add("bob").error().code == Errc::locked);
  BOOST_TEST(status().locked);
  BOOST_TEST(status().profiles == 0);
  BOOST_TEST(outcome(call::Unlock{}) == "ok");
  BOOST_TEST(token_of() == "alice");
  BOOST_TEST(!status().locked);
}

BOOST_AUTO_TEST_CASE(the_users_lock_outlives_a_killed_agent) {
  add("alice").value();
  outcome(call::Lock{});
  restart();
  BOOST_TEST(token_of() == "locked");
  BOOST_TEST(outcome(call::Unlock{}) == "ok");
  restart();
  BOOST_TEST(token_of() == "alice");
}

BOOST_AUTO_TEST_CASE(the_store_forgets_its_keys_and_is_opened_anew) {
  add("alice").value();
  BOOST_TEST(stored.opened == 1);
  outcome(call::Lock{});
  outcome(call::Unlock{});
  BOOST_TEST(stored.opened == 2);
}

BOOST_AUTO_TEST_CASE(a_store_in_memory_is_not_dropped_by_locking) {
  stored.persistent = false;
  add("alice").value();
  outcome(call::Lock{});
  outcome(call::Unlock{});
  BOOST_TEST(stored.opened == 1);
  BOOST_TEST(token_of() == "alice");
}

BOOST_AUTO_TEST_CASE(a_locked_store_opens_with_the_right_passphrase_only) {
  add("alice").value();
  stored.passphrase = "sesame";
  stored.locked = true;
  restart();
  BOOST_TEST(token_of() == "locked");
  BOOST_TEST(status().store_state == "locked");
  BOOST_TEST(outcome(call::Unlock{Secret::copy_of("wrong")}) == "denied");
  BOOST_TEST(token_of() == "locked");
  BOOST_TEST(outcome(call::Unlock{Secret::copy_of("sesame")}) == "ok");
  BOOST_TEST(token_of() == "alice");
}

BOOST_AUTO_TEST_CASE(a_keyring_that_is_opened_elsewhere_is_noticed_at_the_next_question) {
  add("alice").value();
  stored.locked = true;
  restart();
  BOOST_TEST(token_of() == "locked");
  stored.locked = false;
  BOOST_TEST(token_of() == "locked");
  clock.advance(daemon::kStoreRetry);
  BOOST_TEST(token_of() == "alice");
}

BOOST_AUTO_TEST_CASE(an_addition_under_way_does_not_undo_a_lock) {
  worker.held = true;
  std::string reply;
  handle({.request = call::Add{.record = record("alice")}}, [&](std::string_view m) { reply = m; });
  BOOST_REQUIRE(worker.waiting() == 1U);
  ask(call::Lock{});
  while (worker.waiting() > 0)
    worker.run_one();
  BOOST_TEST(token_of() == "locked");
  BOOST_TEST(status().profiles == 0);
  BOOST_TEST(!std::filesystem::exists(runtime() / "default"));
}

BOOST_AUTO_TEST_CASE(an_unlocking_under_way_does_not_undo_a_later_lock) {
  add("alice").value();
  BOOST_TEST(outcome(call::Lock{}) == "ok");
  worker.held = true;
  std::optional<std::string> unlocked;
  std::optional<std::string> locked;
  const auto keep = [](std::optional<std::string>& reply) {
    return [&reply](std::string_view m) { reply = std::string(m); };
  };
  handle({.request = call::Unlock{}}, keep(unlocked));
  handle({.request = call::Lock{}}, keep(locked));
  worker.held = false;
  while (worker.waiting() > 0)
    worker.run_one();
  BOOST_REQUIRE(unlocked.has_value());
  BOOST_TEST(agent::read_empty_reply(*unlocked).error().code == Errc::locked);
  BOOST_REQUIRE(locked.has_value());
  BOOST_TEST(agent::read_empty_reply(*locked).has_value());
  BOOST_TEST(token_of() == "locked");
  BOOST_TEST(add("bob").error().code == Errc::locked);
  restart();
  BOOST_TEST(token_of() == "locked");
  BOOST_TEST(outcome(call::Unlock{}) == "ok");
  BOOST_TEST(token_of() == "alice");
}

BOOST_AUTO_TEST_CASE(a_store_that_refuses_itself_is_no_wrong_passphrase_and_no_store_to_write_to) {
  add("alice").value();
  stored.failure = Error{Errc::denied, "the file is open to other users"};
  BOOST_TEST(outcome(call::Unlock{}) == "store_unavailable");
  BOOST_TEST(add("bob").error().detail.find("open to other users") != std::string::npos);
  BOOST_TEST(outcome(remove_of("alice")) != "ok");
  stored.failure.reset();
  clock.advance(daemon::kStoreRetry);
  BOOST_TEST(add("bob").has_value());
  BOOST_TEST(token_of("alice") == "alice");
}

BOOST_AUTO_TEST_CASE(a_keyring_that_opens_by_its_own_dialog_only_stays_locked) {
  add("alice").value();
  stored.locked = true;
  stored.needs_dialog = true;
  restart();
  BOOST_TEST(outcome(call::Unlock{}) == "unsupported");
  BOOST_TEST(token_of() == "locked");
  BOOST_TEST(status().locked);
}

BOOST_AUTO_TEST_CASE(without_a_store_the_agent_runs_and_says_why) {
  open_failure = Error{Errc::store_unavailable, "no D-Bus session"};
  restart();
  BOOST_TEST(token_of() == "store_unavailable");
  BOOST_TEST(add("alice").error().detail == "no D-Bus session");
  BOOST_TEST(status().store == "none");
  BOOST_TEST(status().store_state == "no D-Bus session");
  open_failure.reset();
  clock.advance(daemon::kStoreRetry);
  BOOST_TEST(token_of() == "not_found");
  BOOST_TEST(status().store_state == "ok");
  BOOST_TEST(status().refusals.front().reason == "not here");
}

BOOST_AUTO_TEST_CASE(a_wrong_choice_of_store_and_a_full_vault_are_no_internal_errors) {
  add("alice").value();
  stored.failure = Error{Errc::too_large, "the vault would grow over 1 MiB"};
  const auto added = add("bob");
  BOOST_REQUIRE(!added);
  BOOST_TEST((added.error() == *stored.failure));
  open_failure = Error{Errc::usage, "HFAUTH_STORE must be secret-service, vault or memory"};
  restart();
  BOOST_TEST(token_of("alice") == "usage");
  BOOST_TEST(get().error().detail == open_failure->detail);
}

BOOST_AUTO_TEST_CASE(a_key_file_that_others_can_read_does_not_read_as_a_refused_client) {
  open_failure = Error{Errc::denied, "vault.key is open to other users: run chmod 600 on it"};
  restart();
  BOOST_TEST(token_of("alice") == "store_unavailable");
  BOOST_TEST(get().error().detail == open_failure->detail);
}

BOOST_AUTO_TEST_CASE(questions_before_the_store_is_open_wait_for_it) {
  add("alice").value();
  BOOST_TEST(leases.close_all().has_value());
  worker.held = true;
  restart();
  std::string reply;
  handle({.request = call::GetToken{}}, [&](std::string_view message) { reply = message; });
  BOOST_TEST(reply.empty());
  BOOST_TEST(status().store_state == "the store is not open yet");
  worker.run_one();
  BOOST_TEST(agent::read_token_reply(reply).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(the_rest, AgentFixture)

BOOST_AUTO_TEST_CASE(tells_about_itself) {
  const std::string info = ask(call::GetInfo{}).value();
  BOOST_TEST(info.find(R"("interfaces":["org.varlink.service","org.hfauth.Agent"])") !=
             std::string::npos);
  BOOST_TEST(info.find(R"("version":"1.2.3")") != std::string::npos);
  const std::string text = ask(call::GetInterfaceDescription{"org.hfauth.Agent"}).value();
  BOOST_TEST(text.find("interface org.hfauth.Agent\\n") != std::string::npos);
  BOOST_TEST(
      ask(call::GetInterfaceDescription{"org.varlink.service"}).value().find("method GetInfo()") !=
      std::string::npos);
  BOOST_TEST(outcome(call::GetInterfaceDescription{"org.example"}) == "unsupported");
}

BOOST_AUTO_TEST_CASE(status_tells_what_there_is) {
  add("alice").value();
  const agent::AgentStatus now = status();
  BOOST_TEST(now.version == "1.2.3");
  BOOST_TEST(now.pid == 42);
  BOOST_TEST(now.store == "faulty");
  BOOST_TEST(now.store_state == "ok");
  BOOST_TEST(now.profiles == 1);
  BOOST_TEST((now.memory_protection == "locked" || now.memory_protection == "guarded_only"));
}

BOOST_AUTO_TEST_CASE(list_never_holds_a_token) {
  add("alice").value();
  const std::string reply = ask(call::List{}).value();
  BOOST_TEST(agent::read_records_reply(reply).value().size() == 1U);
  BOOST_TEST(reply.find(test_token("alice")) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_call_without_reply_is_done_and_not_answered) {
  add("alice").value();
  BOOST_TEST(ask(remove_of("alice"), true).value() == "");
  BOOST_TEST(token_of() == "not_found");
}

BOOST_AUTO_TEST_CASE(shutdown_removes_the_leases_and_lets_no_other_be_opened) {
  add("alice").value();
  outcome(call::OpenLease{});
  BOOST_TEST(outcome(call::Shutdown{}) == "ok");
  BOOST_TEST(shutdowns == 1);
  BOOST_TEST(outcome(call::OpenLease{}) == "busy");
  BOOST_TEST(!std::filesystem::exists(runtime() / "default"));
}

BOOST_AUTO_TEST_CASE(it_is_dispensable_only_when_nothing_would_be_lost) {
  BOOST_TEST(service->is_dispensable());
  add("alice").value();
  BOOST_TEST(service->is_dispensable());
  outcome(call::OpenLease{});
  BOOST_TEST(!service->is_dispensable());
  outcome(call::CloseLease{});
  outcome(call::Lock{});
  BOOST_TEST(!service->is_dispensable());
  stored.persistent = false;
  outcome(call::Unlock{});
  BOOST_TEST(!service->is_dispensable());
}

BOOST_AUTO_TEST_SUITE_END()
