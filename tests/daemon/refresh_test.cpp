// SPDX-License-Identifier: Apache-2.0
//
// OAuth tokens that run out: whose turn it is, what is stored of the result, when the program that
// asks the Hub is started, and who waits for it.
#include "fixture.hpp"
#include "limits.hpp"
#include "support/test_tokens.hpp"

#include <boost/test/unit_test.hpp>

using namespace hfauth;
using namespace hfauth::testing;
namespace call = hfauth::agent::call;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

struct RefreshFixture : AgentFixture {
  /// Stores an OAuth token that ends so much later.
  void add_oauth(std::string_view name, std::chrono::seconds left, bool replace = false) {
    token::TokenRecord stored_record = record(name);
    stored_record.facts.kind = token::TokenKind::oauth;
    stored_record.facts.expires = clock.now() + left;
    stored_record.refresh = Secret::copy_of(test_token("old refresh"));
    BOOST_REQUIRE(outcome(call::Add{.record = std::move(stored_record), .replace = replace}) ==
                  "ok");
  }

  Result<std::optional<agent::RefreshClaim>> begin(std::string_view name, daemon::Caller caller = 1,
                                                   bool force = false) {
    return agent::read_refresh_reply(
        ask(call::BeginRefresh{profile_name(name), force}, false, caller).value());
  }

  std::string begun(std::string_view name, daemon::Caller caller = 1, bool force = false) {
    const auto claim = begin(name, caller, force);
    if (!claim) return std::string(name_of(claim.error().code));
    return *claim ? "begun" : "not due";
  }

  std::string finish(std::string_view name, std::uint64_t generation, daemon::Caller caller = 1) {
    return outcome(call::FinishRefresh{.profile = profile_name(name),
                                       .generation = generation,
                                       .token = Secret::copy_of(test_token("fresh")),
                                       .refresh = Secret::copy_of(test_token("rotated")),
                                       .expires = clock.now() + hours(720)},
                   caller);
  }

  std::string token_in_store(const std::string& name) {
    return std::string(stored.records.at(name).token.expose());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refresh_turn, RefreshFixture)

BOOST_AUTO_TEST_CASE(gives_token_and_refresh_token_of_what_is_due) {
  add_oauth("alice", hours(23));
  const auto claim = begin("alice");
  BOOST_REQUIRE(claim.has_value());
  BOOST_REQUIRE(claim->has_value());
  BOOST_TEST((*claim)->token.expose() == test_token("alice"));
  BOOST_TEST((*claim)->refresh.expose() == test_token("old refresh"));
  BOOST_TEST((*claim)->profile.facts.generation == 1U);
  BOOST_TEST((*claim)->profile.refreshable);
}

BOOST_AUTO_TEST_CASE(is_refused_before_it_is_due_unless_forced) {
  add_oauth("alice", hours(25));
  BOOST_TEST(begun("alice") == "not due");
  BOOST_TEST(begun("alice", 1, true) == "begun");
}

BOOST_AUTO_TEST_CASE(is_refused_without_a_refresh_token) {
  BOOST_REQUIRE(add("bob").has_value());
  BOOST_TEST(begun("bob", 1, true) == "not_found");
  BOOST_TEST(begun("nobody", 1, true) == "not_found");
}

BOOST_AUTO_TEST_CASE(is_one_callers_at_a_time) {
  add_oauth("alice", hours(1));
  add_oauth("bob", hours(1));
  BOOST_TEST(begun("alice", 1) == "begun");
  BOOST_TEST(begun("alice", 2) == "busy");
  BOOST_TEST(begun("bob", 2) == "begun");
}

BOOST_AUTO_TEST_CASE(ends_with_the_connection_with_abandoning_and_after_a_minute) {
  add_oauth("alice", hours(1));
  BOOST_TEST(begun("alice", 1) == "begun");
  dispatcher->on_caller_gone(1);
  BOOST_TEST(begun("alice", 2) == "begun");
  BOOST_TEST(outcome(call::AbandonRefresh{profile_name("alice"), 1, false}, 2) == "ok");
  BOOST_TEST(begun("alice", 3) == "begun");
  clock.advance(daemon::kRefreshTurn - seconds(1));
  BOOST_TEST(begun("alice", 4) == "busy");
  clock.advance(seconds(1));
  BOOST_TEST(begun("alice", 4) == "begun");
}

BOOST_AUTO_TEST_CASE(is_not_given_while_locked) {
  add_oauth("alice", hours(1));
  BOOST_TEST(outcome(call::Lock{}) == "ok");
  BOOST_TEST(begun("alice", 1) == "locked");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(refresh_result, RefreshFixture)

BOOST_AUTO_TEST_CASE(is_stored_and_handed_out_from_then_on) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice") == "begun");
  BOOST_TEST(finish("alice", 1) == "ok");
  BOOST_TEST(get("alice").value().token.expose() == test_token("fresh"));
  BOOST_TEST(get("alice").value().profile.facts.generation == 2U);
  BOOST_TEST((get("alice").value().profile.facts.expires == clock.now() + hours(720)));
  BOOST_TEST(stored.records.at("alice").refresh.expose() == test_token("rotated"));
  BOOST_TEST(begun("alice", 2) == "not due");
}

BOOST_AUTO_TEST_CASE(keeps_the_old_refresh_token_if_the_hub_gave_no_new_one) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice") == "begun");
  BOOST_TEST(outcome(call::FinishRefresh{.profile = profile_name("alice"),
                                         .generation = 1,
                                         .token = Secret::copy_of(test_token("fresh")),
                                         .refresh = {},
                                         .expires = {}}) == "ok");
  BOOST_TEST(stored.records.at("alice").refresh.expose() == test_token("old refresh"));
}

BOOST_AUTO_TEST_CASE(goes_into_the_leases_at_once) {
  add_oauth("alice", hours(1));
  const auto lease =
      agent::read_lease_reply(ask(call::OpenLease{profile_name("alice"), {}}).value());
  BOOST_REQUIRE(lease.has_value());
  BOOST_REQUIRE(begun("alice") == "begun");
  BOOST_TEST(finish("alice", 1) == "ok");
  BOOST_TEST(ScratchDirectory::read(lease->path) == test_token("fresh"));
}

BOOST_AUTO_TEST_CASE(comes_back_into_a_lease_whose_token_was_over_meanwhile) {
  add_oauth("alice", hours(25));
  const auto lease =
      agent::read_lease_reply(ask(call::OpenLease{profile_name("alice"), {}}).value());
  BOOST_REQUIRE(lease.has_value());
  clock.advance(hours(26));
  service->on_time();
  BOOST_TEST(!std::filesystem::exists(lease->path));
  BOOST_TEST(status().leases.empty());
  BOOST_TEST(!service->next_end().has_value());
  service->on_time();
  BOOST_REQUIRE(begun("alice") == "begun");
  BOOST_TEST(finish("alice", 1) == "ok");
  BOOST_TEST(ScratchDirectory::read(lease->path) == test_token("fresh"));
  BOOST_TEST(status().leases.size() == 1U);
}

BOOST_AUTO_TEST_CASE(that_the_hub_refused_closes_the_lease_when_the_token_is_over) {
  add_oauth("alice", hours(25));
  const auto lease =
      agent::read_lease_reply(ask(call::OpenLease{profile_name("alice"), {}}).value());
  BOOST_REQUIRE(lease.has_value());
  clock.advance(hours(2));
  BOOST_REQUIRE(begun("alice") == "begun");
  BOOST_TEST(outcome(call::AbandonRefresh{profile_name("alice"), 1, true}) == "ok");
  BOOST_TEST(std::filesystem::exists(lease->path));
  clock.advance(hours(24));
  service->on_time();
  BOOST_TEST(!std::filesystem::exists(lease->path));
  BOOST_TEST(outcome(call::CloseLease{profile_name("alice")}) == "not_found");
}

BOOST_AUTO_TEST_CASE(is_a_conflict_if_the_user_logged_in_meanwhile) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice") == "begun");
  add_oauth("alice", hours(720), true);
  BOOST_TEST(finish("alice", 1) == "conflict");
  BOOST_TEST(token_in_store("alice") == test_token("alice"));
}

BOOST_AUTO_TEST_CASE(of_a_profile_that_was_removed_is_not_stored) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice") == "begun");
  BOOST_TEST(outcome(call::Remove{profile_name("alice")}) == "ok");
  BOOST_TEST(finish("alice", 1) == "not_found");
  BOOST_TEST(stored.records.empty());
}

BOOST_AUTO_TEST_CASE(is_taken_from_a_new_connection_if_nobody_else_has_the_turn) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice", 1) == "begun");
  BOOST_TEST(finish("alice", 1, 2) == "busy");
  dispatcher->on_caller_gone(1);
  BOOST_TEST(finish("alice", 1, 2) == "ok");
}

BOOST_AUTO_TEST_CASE(survives_a_lock_that_came_meanwhile) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice", 1) == "begun");
  BOOST_TEST(outcome(call::Lock{}, 2) == "ok");
  BOOST_TEST(finish("alice", 1, 3) == "locked");
  BOOST_TEST(finish("alice", 1, 1) == "ok");
  BOOST_TEST(token_in_store("alice") == test_token("fresh"));
  BOOST_TEST(token_of("alice") == "locked");
  BOOST_TEST(status().profiles == 0);
  BOOST_TEST(finish("alice", 2, 1) == "locked");
  BOOST_TEST(outcome(call::Unlock{}) == "ok");
  BOOST_TEST(get("alice").value().token.expose() == test_token("fresh"));
}

BOOST_AUTO_TEST_CASE(after_a_lock_the_store_closes_with_the_turn) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice", 1) == "begun");
  BOOST_TEST(outcome(call::Lock{}, 2) == "ok");
  const int opened = stored.opened;
  dispatcher->on_caller_gone(1);
  BOOST_TEST(finish("alice", 1, 1) == "locked");
  BOOST_TEST(outcome(call::Unlock{}) == "ok");
  BOOST_TEST(stored.opened == opened + 1);
}

BOOST_AUTO_TEST_CASE(an_unlock_during_the_turn_opens_the_store_anew) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice", 1) == "begun");
  BOOST_TEST(outcome(call::Lock{}, 2) == "ok");
  const int opened = stored.opened;
  BOOST_TEST(outcome(call::Unlock{}, 2) == "ok");
  BOOST_TEST(stored.opened == opened + 1);
  BOOST_TEST(finish("alice", 1, 1) == "ok");
  BOOST_TEST(get("alice").value().token.expose() == test_token("fresh"));
}

BOOST_AUTO_TEST_CASE(that_cannot_be_stored_leaves_the_turn_for_another_try) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice", 1) == "begun");
  stored.failure = Error{Errc::no_space, "full"};
  BOOST_TEST(finish("alice", 1, 1) == "no_space");
  stored.failure.reset();
  BOOST_TEST(begun("alice", 2) == "busy");
  BOOST_TEST(finish("alice", 1, 1) == "ok");
}

BOOST_AUTO_TEST_CASE(that_the_hub_refused_is_remembered_until_the_next_login) {
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice") == "begun");
  BOOST_TEST(outcome(call::AbandonRefresh{profile_name("alice"), 1, true}) == "ok");
  BOOST_TEST(get("alice").value().profile.facts.login_again);
  BOOST_TEST(begun("alice", 2) == "not due");
  restart();
  BOOST_TEST(get("alice").value().profile.facts.login_again);
  add_oauth("alice", hours(1), true);
  BOOST_TEST(!get("alice").value().profile.facts.login_again);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(refresh_start, RefreshFixture)

BOOST_AUTO_TEST_CASE(comes_a_day_before_the_end) {
  add_oauth("alice", hours(48));
  BOOST_TEST(started.empty());
  BOOST_TEST((service->next_refresh_event() == clock.now() + hours(24)));
  clock.advance(hours(24) - seconds(1));
  service->on_refresh_time();
  BOOST_TEST(started.empty());
  clock.advance(seconds(1));
  service->on_refresh_time();
  BOOST_TEST(started == std::vector<std::string>{"alice"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(is_tried_again_after_five_minutes) {
  add_oauth("alice", hours(1));
  BOOST_TEST(started.size() == 1U);
  BOOST_TEST((service->next_refresh_event() == clock.now() + daemon::kRefreshRetry));
  service->on_refresh_time();
  BOOST_TEST(started.size() == 1U);
  clock.advance(daemon::kRefreshRetry);
  service->on_refresh_time();
  BOOST_TEST(started.size() == 2U);
}

BOOST_AUTO_TEST_CASE(comes_when_the_store_is_loaded_with_a_token_that_is_due) {
  add_oauth("alice", hours(1));
  started.clear();
  restart();
  BOOST_TEST(started.size() == 1U);
}

BOOST_AUTO_TEST_CASE(never_comes_for_what_cannot_be_refreshed) {
  BOOST_REQUIRE(add("bob").has_value());
  add_oauth("alice", hours(1));
  BOOST_REQUIRE(begun("alice") == "begun");
  BOOST_TEST(outcome(call::AbandonRefresh{profile_name("alice"), 1, true}) == "ok");
  started.clear();
  clock.advance(hours(2));
  service->on_refresh_time();
  BOOST_TEST(started.empty());
  BOOST_TEST(!service->next_refresh_event().has_value());
}

BOOST_AUTO_TEST_CASE(does_not_hold_up_who_asks_for_a_token_that_is_still_valid) {
  add_oauth("alice", hours(25));
  clock.advance(hours(2));
  BOOST_TEST(get("alice").value().token.expose() == test_token("alice"));
  BOOST_TEST(started.size() == 1U);
}

BOOST_AUTO_TEST_CASE(holds_up_who_asks_for_a_token_that_is_over_until_the_new_one_is_there) {
  add_oauth("alice", hours(25));
  clock.advance(hours(26));
  auto reply = std::make_shared<std::string>();
  handle({.request = call::GetToken{profile_name("alice"), {}}},
         [reply](std::string_view message) { *reply = std::string(message); });
  BOOST_TEST(reply->empty());
  BOOST_TEST(started.size() == 1U);
  BOOST_REQUIRE(begun("alice", 2) == "begun");
  BOOST_TEST(reply->empty());
  BOOST_TEST(finish("alice", 1, 2) == "ok");
  const auto token = agent::read_token_reply(*reply);
  BOOST_REQUIRE(token.has_value());
  BOOST_TEST(token->token.expose() == test_token("fresh"));
}

BOOST_AUTO_TEST_CASE(holds_nobody_up_for_longer_than_its_deadline_or_the_programs_life) {
  add_oauth("alice", hours(25));
  clock.advance(hours(26));
  for (const bool by_time : {true, false}) {
    BOOST_TEST_CONTEXT("by time: " << by_time) {
      clock.advance(daemon::kRefreshRetry);
      auto reply = std::make_shared<std::string>();
      handle({.request = call::GetToken{profile_name("alice"), {}}},
             [reply](std::string_view message) { *reply = std::string(message); });
      BOOST_TEST(reply->empty());
      BOOST_TEST((service->next_refresh_event() == clock.now() + daemon::kRefreshWait));
      if (by_time) {
        clock.advance(daemon::kRefreshWait);
        service->on_refresh_time();
      } else {
        service->on_refresher_gone();
      }
      const auto token = agent::read_token_reply(*reply);
      BOOST_REQUIRE(!token);
      BOOST_TEST(token.error().code == Errc::expired);
    }
  }
}

BOOST_AUTO_TEST_CASE(who_waits_is_told_at_once_when_the_hub_refused_or_the_user_locked) {
  add_oauth("alice", hours(25));
  clock.advance(hours(26));
  auto reply = std::make_shared<std::string>();
  const auto wait_for_token = [&] {
    reply->clear();
    handle({.request = call::GetToken{profile_name("alice"), {}}},
           [reply](std::string_view message) { *reply = std::string(message); });
  };
  wait_for_token();
  BOOST_REQUIRE(reply->empty());
  BOOST_TEST(outcome(call::Lock{}) == "ok");
  BOOST_TEST(agent::read_token_reply(*reply).error().code == Errc::locked);
  BOOST_TEST(outcome(call::Unlock{}) == "ok");
  clock.advance(daemon::kRefreshRetry);
  wait_for_token();
  BOOST_REQUIRE(reply->empty());
  BOOST_REQUIRE(begun("alice", 2) == "begun");
  BOOST_TEST(outcome(call::AbandonRefresh{profile_name("alice"), 1, true}, 2) == "ok");
  BOOST_TEST(agent::read_token_reply(*reply).error().code == Errc::expired);
}

// As a session does: the next call of the same client is taken while its reply is handed over.
BOOST_AUTO_TEST_CASE(a_lock_pipelined_behind_a_waiting_get_token_finds_nothing_freed) {
  add_oauth("alice", hours(1));
  clock.advance(hours(2));
  std::vector<std::string> replies;
  handle(
      {.request = call::GetToken{}},
      [&](std::string_view reply) {
        replies.emplace_back(reply);
        handle(
            {.request = call::Lock{}}, [](std::string_view) {}, 2);
      },
      2);
  handle(
      {.request = call::GetToken{}}, [&](std::string_view reply) { replies.emplace_back(reply); },
      3);
  BOOST_REQUIRE(begun("alice", 9, true) == "begun");
  BOOST_TEST(finish("alice", 1, 9) == "ok");
  BOOST_REQUIRE(replies.size() == 2U);
  BOOST_TEST(replies[0].find(test_token("fresh")) != std::string::npos);
  BOOST_TEST(replies[1].find("Locked") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
