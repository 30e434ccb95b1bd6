// SPDX-License-Identifier: Apache-2.0
//
// Every message of the interface byte for byte as it goes over the wire, against the files in
// data/. A change there is a change of the protocol. HFAUTH_ACCEPT=1 writes the files anew and
// marks the test as skipped.
#include "samples.hpp"
#include "support/skip.hpp"
#include "support/test_tokens.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

using namespace hfauth;
using namespace hfauth::agent;
using namespace hfauth::testing;

namespace {

using Messages = std::vector<std::pair<std::string, std::string>>;

std::string call_of(const Request& request) {
  return written([&](GuardedBuffer& out) { write_call(out, request); });
}

void add_calls(Messages& all) {
  all.emplace_back("call-get-info", call_of(call::GetInfo{}));
  all.emplace_back("call-get-interface-description",
                   call_of(call::GetInterfaceDescription{"org.hfauth.Agent"}));
  all.emplace_back("call-get-token",
                   call_of(call::GetToken{profile_name("work"), endpoint("https://hf.example")}));
  all.emplace_back("call-get-token-default", call_of(call::GetToken{}));
  all.emplace_back("call-get-token-repo",
                   call_of(call::GetToken{.profile = {},
                                          .endpoint = endpoint("https://hf.example"),
                                          .purpose = {"org/name", "dataset", true}}));
  all.emplace_back("call-which",
                   call_of(call::Which{
                       {.profile = {}, .endpoint = {}, .purpose = {"org/name", "model", false}}}));
  all.emplace_back("call-list", call_of(call::List{}));
  all.emplace_back("call-add",
                   call_of(call::Add{.record = {.facts = full_facts(),
                                                .token = Secret::copy_of(test_token("golden")),
                                                .refresh = Secret::copy_of(test_token("refresh"))},
                                     .replace = true,
                                     .make_default = false}));
  all.emplace_back("call-remove", call_of(call::Remove{profile_name("work")}));
  all.emplace_back("call-set-default", call_of(call::SetDefault{profile_name("work")}));
  all.emplace_back("call-set-route",
                   call_of(call::SetRoute{full_route().pattern, profile_name("work")}));
  all.emplace_back("call-set-route-remove",
                   call_of(call::SetRoute{{.endpoint = {}, .repo = "org/*"}, {}}));
  all.emplace_back(
      "call-set-passphrase",
      call_of(call::SetPassphrase{Secret::copy_of("open sesame"), Secret::copy_of("open barley")}));
  all.emplace_back("call-set-passphrase-remove",
                   call_of(call::SetPassphrase{Secret::copy_of("open sesame"), Secret()}));
  all.emplace_back("call-migrate", call_of(call::Migrate{"vault"}));
  all.emplace_back("call-audit", call_of(call::Audit{full_facts().created, true}));
  all.emplace_back("call-watch", call_of(call::Watch{}));
  all.emplace_back("call-watch-more",
                   written([](GuardedBuffer& out) { write_call(out, call::Watch{}, true); }));
  all.emplace_back("call-lock", call_of(call::Lock{}));
  all.emplace_back("call-unlock", call_of(call::Unlock{Secret::copy_of("open sesame")}));
  all.emplace_back("call-unlock-without", call_of(call::Unlock{}));
  all.emplace_back("call-status", call_of(call::Status{}));
  all.emplace_back("call-open-lease",
                   call_of(call::OpenLease{profile_name("work"), std::chrono::seconds(60)}));
  all.emplace_back("call-close-lease", call_of(call::CloseLease{}));
  all.emplace_back("call-begin-refresh", call_of(call::BeginRefresh{profile_name("work"), true}));
  all.emplace_back("call-finish-refresh",
                   call_of(call::FinishRefresh{.profile = profile_name("work"),
                                               .generation = 7,
                                               .token = Secret::copy_of(test_token("golden")),
                                               .refresh = Secret::copy_of(test_token("refresh")),
                                               .expires = full_facts().expires}));
  all.emplace_back("call-abandon-refresh",
                   call_of(call::AbandonRefresh{profile_name("work"), 7, true}));
  all.emplace_back("call-shutdown", call_of(call::Shutdown{}));
}

void add_replies(Messages& all) {
  all.emplace_back("reply-empty", written(write_empty_reply));
  all.emplace_back("reply-token", written([](GuardedBuffer& out) {
                     write_token_reply(out, test_token("golden"), full_profile());
                   }));
  all.emplace_back("reply-refresh", written([](GuardedBuffer& out) {
                     write_refresh_reply(out,
                                         {.facts = full_facts(),
                                          .token = Secret::copy_of(test_token("golden")),
                                          .refresh = Secret::copy_of(test_token("refresh"))},
                                         full_profile());
                   }));
  all.emplace_back("reply-records", written([](GuardedBuffer& out) {
                     write_records_reply(out, {full_profile(), full_profile()}, {full_route()});
                   }));
  all.emplace_back("reply-which",
                   written([](GuardedBuffer& out) { write_which_reply(out, full_which()); }));
  all.emplace_back("reply-audit", written([](GuardedBuffer& out) {
                     write_audit_reply(out, {full_entry(), full_entry()}, false);
                   }));
  all.emplace_back("reply-audit-more", written([](GuardedBuffer& out) {
                     write_audit_reply(out, {full_entry()}, true);
                   }));
  all.emplace_back("reply-watch",
                   written([](GuardedBuffer& out) { write_event_reply(out, full_event(), true); }));
  all.emplace_back("reply-migrate", written([](GuardedBuffer& out) {
                     write_migrate_reply(out, {.moved = 3, .left = 1});
                   }));
  all.emplace_back("reply-record",
                   written([](GuardedBuffer& out) { write_record_reply(out, full_profile()); }));
  all.emplace_back("reply-lease", written([](GuardedBuffer& out) {
                     write_lease_reply(out, full_status().leases.front());
                   }));
  all.emplace_back("reply-status", written([](GuardedBuffer& out) {
                     write_status_reply(out, full_status(), full_rules());
                   }));
}

const std::vector<Fault> all_faults{
    {.code = FaultCode::locked},
    {.code = FaultCode::not_found, .text = "no profile named x"},
    {.code = FaultCode::denied, .text = "bound elsewhere", .more = "config.toml:20"},
    {.code = FaultCode::expired, .text = "work", .more = "2026-01-02T03:04:05Z"},
    {.code = FaultCode::ambiguous, .list = {"a", "b"}},
    {.code = FaultCode::store_unavailable, .text = "the disk is full", .more = "no_space"},
    {.code = FaultCode::store_timeout, .text = "5 s"},
    {.code = FaultCode::busy, .text = "64 connections"},
    {.code = FaultCode::conflict, .text = "work"},
    {.code = FaultCode::not_due, .text = "work"},
    {.code = FaultCode::too_large, .number = 65536},
    {.code = FaultCode::timeout, .text = "5 s"},
    {.code = FaultCode::malformed, .text = "no object"},
    {.code = FaultCode::internal, .text = "a bug"},
    {.code = FaultCode::interface_not_found, .text = "org.example"},
    {.code = FaultCode::method_not_found, .text = "org.hfauth.Agent.Fly"},
    {.code = FaultCode::method_not_implemented, .text = "org.hfauth.Agent.Watch"},
    {.code = FaultCode::invalid_parameter, .text = "profile"},
};

Messages all_messages() {
  Messages all;
  add_calls(all);
  add_replies(all);
  for (const Fault& fault : all_faults) {
    const std::string_view name = name_of(fault.code);
    all.emplace_back("error-" + std::string(name.substr(name.rfind('.') + 1)),
                     written([&](GuardedBuffer& out) { write_fault(out, fault); }));
  }
  return all;
}

std::string file_of(const std::string& name) {
  return std::string(HFAUTH_SOURCE_DIR) + "/tests/agent/data/" + name + ".json";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(every_message_is_as_it_was) {
  const char* const accept =
      std::getenv("HFAUTH_ACCEPT");  // NOLINT(concurrency-mt-unsafe): one thread
  if (accept != nullptr && std::string(accept) == "1") {
    for (const auto& [name, text] : all_messages())
      std::ofstream(file_of(name), std::ios::binary) << text << "\n";
    skip_all("the golden messages were written anew; look at the difference");
  }
  for (const auto& [name, text] : all_messages()) {
    BOOST_TEST_CONTEXT(name) {
      std::ifstream stream(file_of(name), std::ios::binary);
      const std::string expected{std::istreambuf_iterator<char>(stream), {}};
      BOOST_TEST(text + "\n" == expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_call_is_read_back_and_written_the_same) {
  Messages calls;
  add_calls(calls);
  for (const auto& [name, text] : calls) {
    BOOST_TEST_CONTEXT(name) {
      DecodedCall decoded = decode_call(text);
      const Call* const call = std::get_if<Call>(&decoded.content);
      BOOST_REQUIRE(call != nullptr);
      BOOST_TEST(written([&](GuardedBuffer& out) { write_call(out, call->request, call->more); }) ==
                 text);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_reply_is_read_back_as_it_was) {
  const StoredProfile profile = full_profile();
  const auto token = read_token_reply(
      written([&](GuardedBuffer& out) { write_token_reply(out, test_token("golden"), profile); }));
  BOOST_REQUIRE(token.has_value());
  BOOST_TEST(token->token.expose() == test_token("golden"));
  BOOST_TEST((token->profile.facts == profile.facts));
  BOOST_TEST(token->profile.mask == profile.mask);
  BOOST_TEST(token->profile.fingerprint == profile.fingerprint);
  BOOST_TEST(token->profile.is_default);

  const std::string text =
      written([](GuardedBuffer& out) { write_status_reply(out, full_status(), full_rules()); });
  const auto status = read_status_reply(text);
  BOOST_REQUIRE(status.has_value());
  BOOST_TEST(written([&](GuardedBuffer& out) { write_status_reply(out, *status, full_rules()); }) ==
             text);
  BOOST_TEST(read_rules_reply(text)->config == full_rules().config);
  BOOST_TEST(read_rules_reply(text)->audit == "off");
  BOOST_TEST((read_rules_reply(text)->locks_at == full_rules().locks_at));

  const auto records = read_records_reply(written([&](GuardedBuffer& out) {
    write_records_reply(out, {profile, profile}, {});
  }));
  BOOST_REQUIRE(records.has_value());
  BOOST_TEST(records->size() == 2U);
  const auto lease = read_lease_reply(
      written([](GuardedBuffer& out) { write_lease_reply(out, full_status().leases.back()); }));
  BOOST_REQUIRE(lease.has_value());
  BOOST_TEST(lease->path.native() == "/run/user/1000/hfauth/default/token");
  BOOST_TEST(!lease->expires.has_value());
}

BOOST_AUTO_TEST_CASE(what_tells_of_rules_and_of_the_past_is_read_back_as_it_was) {
  const auto which =
      read_which_reply(written([](GuardedBuffer& out) { write_which_reply(out, full_which()); }));
  BOOST_REQUIRE(which.has_value());
  BOOST_TEST((which->steps == full_which().steps));
  BOOST_TEST(which->rule == "config.toml:20");
  BOOST_REQUIRE(which->profile.has_value());
  BOOST_TEST((which->profile->facts == full_facts()));

  const std::string list = written([](GuardedBuffer& out) {
    write_records_reply(out, {}, {full_route(), full_route()});
  });
  const auto routes = read_routes_reply(list);
  BOOST_REQUIRE(routes.has_value());
  BOOST_TEST((*routes == std::vector{full_route(), full_route()}));
  BOOST_TEST(read_routes_reply(R"({"parameters":{"records":[]}})")->empty());  // an older agent

  const std::string audit =
      written([](GuardedBuffer& out) { write_audit_reply(out, {full_entry()}, true); });
  const auto entries = read_audit_reply(audit);
  BOOST_REQUIRE(entries.has_value());
  BOOST_TEST((*entries == std::vector{full_entry()}));
  BOOST_TEST(continues(audit));
  BOOST_TEST(!continues(list));

  const auto event = read_event_reply(
      written([](GuardedBuffer& out) { write_event_reply(out, full_event(), true); }));
  BOOST_REQUIRE(event.has_value());
  BOOST_TEST((*event == full_event()));
  const auto moved = read_migrate_reply(
      written([](GuardedBuffer& out) { write_migrate_reply(out, {.moved = 3, .left = 1}); }));
  BOOST_REQUIRE(moved.has_value());
  BOOST_TEST(moved->moved == 3);
  BOOST_TEST(moved->left == 1);
}

BOOST_AUTO_TEST_CASE(a_refresh_is_read_back_with_both_secrets_or_as_not_due) {
  const auto claim = read_refresh_reply(written([](GuardedBuffer& out) {
    write_refresh_reply(out,
                        {.facts = full_facts(),
                         .token = Secret::copy_of(test_token("golden")),
                         .refresh = Secret::copy_of(test_token("refresh"))},
                        full_profile());
  }));
  BOOST_REQUIRE(claim.has_value());
  BOOST_REQUIRE(claim->has_value());
  BOOST_TEST((*claim)->token.expose() == test_token("golden"));
  BOOST_TEST((*claim)->refresh.expose() == test_token("refresh"));
  BOOST_TEST(((*claim)->profile.facts == full_facts()));
  BOOST_TEST((*claim)->profile.refreshable);
  const auto not_due = read_refresh_reply(written(
      [](GuardedBuffer& out) { write_fault(out, {.code = FaultCode::not_due, .text = "work"}); }));
  BOOST_REQUIRE(not_due.has_value());
  BOOST_TEST(!not_due->has_value());
  const auto busy = read_refresh_reply(written([](GuardedBuffer& out) {
    write_fault(out, {.code = FaultCode::busy, .text = "somebody refreshes"});
  }));
  BOOST_REQUIRE(!busy);
  BOOST_TEST(busy.error().code == Errc::busy);
}

BOOST_AUTO_TEST_CASE(every_fault_becomes_an_error_of_its_own_code) {
  const std::vector<Errc> codes{
      Errc::locked,      Errc::not_found,     Errc::denied,       Errc::expired,  Errc::ambiguous,
      Errc::no_space,    Errc::store_timeout, Errc::busy,         Errc::conflict, Errc::not_found,
      Errc::too_large,   Errc::timeout,       Errc::internal,     Errc::internal, Errc::unsupported,
      Errc::unsupported, Errc::unsupported,   Errc::invalid_input};
  BOOST_REQUIRE(codes.size() == all_faults.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto reply =
        read_token_reply(written([&](GuardedBuffer& out) { write_fault(out, all_faults[i]); }));
    BOOST_REQUIRE(!reply);
    BOOST_TEST(reply.error().code == codes[i]);
    BOOST_TEST(!reply.error().detail.empty());
  }
}

BOOST_AUTO_TEST_CASE(members_that_a_newer_agent_adds_are_passed_over) {
  BOOST_TEST(read_empty_reply(R"({"parameters":{"new":1},"also":[]})").has_value());
  BOOST_TEST(read_lease_reply(
                 R"({"parameters":{"lease":{"profile":"a","path":"/p","expires":null,"new":{}}}})")
                 .has_value());
}

BOOST_AUTO_TEST_CASE(a_reply_that_makes_no_sense_is_an_error) {
  for (const std::string_view text :
       {"", "[]", "{}", R"({"parameters":{}})", R"({"parameters":{"token":1}})",
        R"({"error":"org.example.Boom"})", R"({"error":7})", R"({"parameters":[]})"}) {
    BOOST_TEST_CONTEXT(text) {
      const auto reply = read_token_reply(text);
      BOOST_REQUIRE(!reply);
      BOOST_TEST(reply.error().code == Errc::corrupt);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
