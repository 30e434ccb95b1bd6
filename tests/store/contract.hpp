// SPDX-License-Identifier: Apache-2.0
//
// What every SecretStore keeps. Include it after defining `ContractMakers`, an mp_list of types
// whose construction gives an empty, unlocked place for tokens and that have
//   std::unique_ptr<SecretStore> open();          // again each time, on the same place
//   Secret passphrase();                          // what unlock() wants, may be empty
//   static constexpr bool kPersistent;            // whether a second open() sees what the first
//   one stored
#pragma once

#include "hfauth/store/secret_store.hpp"
#include "store/samples.hpp"

#include <boost/mp11/list.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace hfauth::testing {

BOOST_AUTO_TEST_SUITE(contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(gives_back_every_field_of_what_was_put, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  token::TokenRecord record = sample("work", 'a', 7);
  record.refresh = Secret::copy_of("refresh-" + fake_token('r'));
  record.facts.endpoint = token::Endpoint::parse("http://127.0.0.1:8080").value();
  BOOST_REQUIRE_EQUAL(outcome(store->put(record)), "ok");
  const auto read = store->get(profile("work"));
  BOOST_REQUIRE_EQUAL(outcome(read), "ok");
  BOOST_TEST(same(*read, record));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_empty_store_has_an_empty_list_and_finds_nothing, Maker,
                              ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  const auto list = store->list();
  BOOST_REQUIRE_EQUAL(outcome(list), "ok");
  BOOST_TEST(list->empty());
  BOOST_TEST(outcome(store->get(profile("work"))) == "not_found");
  BOOST_TEST(outcome(store->remove(profile("work"))) == "not_found");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_second_put_replaces_the_first, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'a', 1))), "ok");
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'b', 2))), "ok");
  const auto read = store->get(profile("work"));
  BOOST_REQUIRE_EQUAL(outcome(read), "ok");
  BOOST_TEST(same(*read, sample("work", 'b', 2)));
  BOOST_TEST(store->list()->size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_put_for_another_endpoint_replaces_too, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'a', 9))), "ok");
  token::TokenRecord moved =
      sample("work", 'b', 1);  // a lower generation must not lose against the old item
  moved.facts.endpoint = token::Endpoint::parse("https://hub.example.org").value();
  BOOST_REQUIRE_EQUAL(outcome(store->put(moved)), "ok");
  const auto list = store->list();
  BOOST_REQUIRE_EQUAL(outcome(list), "ok");
  BOOST_REQUIRE_EQUAL(list->size(), 1U);
  BOOST_TEST(same(list->front(), moved));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lists_all_records_sorted_by_profile, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  for (const std::string name : {"zeta", "Alpha", "beta", "a.b_c-d@e"}) {
    BOOST_REQUIRE_EQUAL(outcome(store->put(sample(name, name.front()))), "ok");
  }
  const auto list = store->list();
  BOOST_REQUIRE_EQUAL(outcome(list), "ok");
  std::vector<std::string> names;
  for (const token::TokenRecord& record : *list) {
    names.push_back(record.facts.profile.str());
    BOOST_TEST(same(record, sample(names.back(), names.back().front())));
  }
  const std::vector<std::string> expected{"Alpha", "a.b_c-d@e", "beta", "zeta"};
  BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(removes_one_profile_and_leaves_the_others, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("home", 'h'))), "ok");
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'w'))), "ok");
  BOOST_REQUIRE_EQUAL(outcome(store->remove(profile("home"))), "ok");
  BOOST_TEST(outcome(store->get(profile("home"))) == "not_found");
  BOOST_TEST(outcome(store->get(profile("work"))) == "ok");
  BOOST_TEST(outcome(store->remove(profile("home"))) == "not_found");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(names_that_differ_in_case_are_two_profiles, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'a'))), "ok");
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("Work", 'b'))), "ok");
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'a')));
  BOOST_TEST(same(store->get(profile("Work")).value(), sample("Work", 'b')));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_a_token_of_eight_kibibytes, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  token::TokenRecord record = sample("long", 'l');
  record.token = Secret::copy_of("hf_test" + std::string(8185, 'x'));
  BOOST_REQUIRE_EQUAL(outcome(store->put(record)), "ok");
  BOOST_TEST(same(store->get(profile("long")).value(), record));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_second_opening_sees_what_was_stored, Maker, ContractMakers) {
  Maker maker;
  const auto first = maker.open();
  BOOST_REQUIRE_EQUAL(outcome(first->put(sample("work", 'a'))), "ok");
  const auto second = maker.open();
  BOOST_TEST(outcome(second->get(profile("work"))) == (Maker::kPersistent ? "ok" : "not_found"));
  BOOST_REQUIRE_EQUAL(outcome(second->put(sample("home", 'h'))), "ok");
  BOOST_TEST(outcome(first->get(profile("home"))) == (Maker::kPersistent ? "ok" : "not_found"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(describes_itself_without_a_secret, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'a'))), "ok");
  const store::StoreDescription description = store->describe();
  BOOST_TEST(!description.name.empty());
  BOOST_TEST(!description.place.empty());
  BOOST_TEST(description.protection.ends_with('.'));
  BOOST_TEST(description.persistent == Maker::kPersistent);
  BOOST_TEST(!description.locked);
  BOOST_TEST((description.place + description.protection).find("hf_test") == std::string::npos);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(unlocking_an_open_store_succeeds, Maker, ContractMakers) {
  Maker maker;
  const auto store = maker.open();
  BOOST_TEST(outcome(store->unlock(maker.passphrase())) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
