// SPDX-License-Identifier: Apache-2.0
//
// The contract and more on a real gnome-keyring that is unlocked. Run by
// tests/support/with_keyring.sh.
#include "hfauth/store/selection.hpp"
#include "store/keyring_place.hpp"

#include <boost/mp11/list.hpp>

namespace hfauth::testing {
namespace {

struct KeyringMaker {
  static constexpr bool kPersistent = true;

  KeyringMaker() {
    const auto store = open();
    for (const token::TokenRecord& record : store->list().value()) {
      store->remove(record.facts.profile).value();
    }
  }

  std::unique_ptr<store::SecretStore> open() { return keyring(); }

  Secret passphrase() { return {}; }
};

using ContractMakers = boost::mp11::mp_list<KeyringMaker>;

/// Writes an item past the store, as another program or an older state would leave it.
void plant(const std::string& label, const std::string& endpoint, const Secret& document) {
  const std::string command = "secret-tool store --label='" + label +
                              "' hfauth 1 profile work kind access endpoint '" + endpoint + "'";
  std::FILE* const pipe = ::popen(command.c_str(), "w");
  BOOST_REQUIRE(pipe != nullptr);
  std::fwrite(document.expose().data(), 1, document.size(), pipe);
  BOOST_REQUIRE_EQUAL(::pclose(pipe), 0);
}

}  // namespace
}  // namespace hfauth::testing

#include "store/contract.hpp"

namespace hfauth::testing {

BOOST_AUTO_TEST_SUITE(unlocked_keyring)

BOOST_AUTO_TEST_CASE(writes_identity_alone_into_attributes_and_the_record_into_the_secret) {
  KeyringMaker maker;
  maker.open()->put(sample("work", 'a', 5)).value();
  const std::string shown = output_of("secret-tool search --all hfauth 1 2>&1");
  BOOST_TEST(shown.find("label = Hugging Face token — work") != std::string::npos, shown);
  BOOST_TEST(shown.find("attribute.profile = work") != std::string::npos, shown);
  BOOST_TEST(shown.find("attribute.endpoint = https://huggingface.co") != std::string::npos, shown);
  BOOST_TEST(shown.find("attribute.kind = access") != std::string::npos, shown);
  for (std::size_t at = shown.find("attribute."); at != std::string::npos;
       at = shown.find("attribute.", at + 1)) {
    const std::string name = shown.substr(at, shown.find(' ', at) - at);
    const bool known = name == "attribute.hfauth" || name == "attribute.profile" ||
                       name == "attribute.endpoint" || name == "attribute.kind" ||
                       name == "attribute.xdg:schema";
    BOOST_TEST(known, "unexpected " << name);
  }
  const token::TokenRecord stored =
      token::decode_record(output_of("secret-tool lookup hfauth 1 profile work")).value();
  BOOST_TEST(same(stored, sample("work", 'a', 5)));
}

BOOST_AUTO_TEST_CASE(
    of_duplicates_the_highest_generation_counts_and_the_next_put_removes_the_others) {
  KeyringMaker maker;
  const auto store = maker.open();
  plant("older", "https://one.example", token::encode_record(sample("work", 'a', 4)));
  plant("newer", "https://two.example", token::encode_record(sample("work", 'b', 6)));
  plant("oldest", "https://three.example", token::encode_record(sample("work", 'c', 1)));
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'b', 6)));
  BOOST_TEST(store->list()->size() == 1U);
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'd', 7))), "ok");
  BOOST_TEST(output_of("secret-tool search --all hfauth 1 profile work 2>&1 | grep -c '^label'") ==
             "1\n");
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'd', 7)));
}

BOOST_AUTO_TEST_CASE(a_stray_or_damaged_item_does_not_take_the_other_tokens_away) {
  KeyringMaker maker;
  const auto store = maker.open();
  // First: storing replaces whatever has these attributes among others, our items too.
  BOOST_REQUIRE_EQUAL(std::system("printf x | secret-tool store --label=stray hfauth 1"),
                      0);  // NOLINT(*-mt-unsafe)
  store->put(sample("home", 'h')).value();
  plant("foreign", "https://huggingface.co", Secret::copy_of("not a record"));
  const auto list = store->list();
  BOOST_REQUIRE_EQUAL(outcome(list), "ok");
  BOOST_REQUIRE_EQUAL(list->size(), 1U);
  BOOST_TEST(same(list->front(), sample("home", 'h')));
  const std::string place = store->describe().place;
  BOOST_TEST(place.find("profile work is unusable") != std::string::npos, place);
  BOOST_TEST(place.find("item without a profile is unusable") != std::string::npos, place);
  output_of("secret-tool clear hfauth 1");
  BOOST_TEST(store->list()->empty());
  BOOST_TEST(store->describe().place.find("left out") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_item_that_is_no_record_is_corrupt_and_can_be_removed) {
  KeyringMaker maker;
  const auto store = maker.open();
  plant("foreign", "https://huggingface.co", Secret::copy_of("not a record"));
  BOOST_TEST(outcome(store->get(profile("work"))) == "corrupt");
  BOOST_TEST(store->list()->empty());
  BOOST_TEST(outcome(store->remove(profile("work"))) == "ok");
  BOOST_TEST(outcome(store->get(profile("work"))) == "not_found");
}

BOOST_AUTO_TEST_CASE(removes_every_item_of_a_profile) {
  KeyringMaker maker;
  const auto store = maker.open();
  plant("one", "https://one.example", token::encode_record(sample("work", 'a', 1)));
  plant("two", "https://two.example", token::encode_record(sample("work", 'b', 2)));
  BOOST_REQUIRE_EQUAL(outcome(store->remove(profile("work"))), "ok");
  BOOST_TEST(output_of("secret-tool lookup hfauth 1 profile work").empty());
}

BOOST_AUTO_TEST_CASE(names_the_provider_and_its_collection) {
  KeyringMaker maker;
  const store::StoreDescription description = maker.open()->describe();
  BOOST_TEST(description.name == "secret-service");
  BOOST_TEST(description.place == "gnome-keyring-daemon, collection “Login”");
  BOOST_TEST(description.protection.find("unencrypted") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_selected_before_the_vault_and_again_by_its_pin) {
  const ScratchFolder folder;
  const UserPaths paths{.home = folder.path(),
                        .config = folder.path() / "config",
                        .data = folder.path() / "data",
                        .state = folder.path() / "state",
                        .runtime = folder.path() / "run"};
  const auto first = store::select_store(Environment::of_process(), paths);
  BOOST_REQUIRE_EQUAL(outcome(first), "ok");
  BOOST_TEST(first->store->describe().name == "secret-service");
  BOOST_TEST(first->refusals.empty());
  BOOST_REQUIRE_EQUAL(outcome(store::pin_store(paths, "secret-service")), "ok");
  const auto second = store::select_store(Environment::of_process(), paths);
  BOOST_REQUIRE_EQUAL(outcome(second), "ok");
  BOOST_TEST(second->pinned);
}

BOOST_AUTO_TEST_CASE(the_environment_cannot_redirect_it_to_a_file) {
  KeyringMaker maker;
  Environment environment = Environment::of_process();
  environment.set("SECRET_BACKEND", "file");
  const auto store = store::open_secret_service(environment, kPatient, kPatient, false);
  BOOST_REQUIRE_EQUAL(outcome(store), "ok");
  BOOST_REQUIRE_EQUAL(outcome((*store)->put(sample("work", 'a'))), "ok");
  BOOST_TEST(!output_of("secret-tool lookup hfauth 1 profile work").empty());
}

BOOST_AUTO_TEST_CASE(never_asked_for_a_prompter) {
  BOOST_TEST(prompts_seen() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
