// SPDX-License-Identifier: Apache-2.0
//
// The keyring store's decisions by tables of what was measured.
#include "secret_service_rules.hpp"

#include "store/samples.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::testing {
namespace {

using store::secret_service::ForeignError;
using store::secret_service::Stage;

struct Measured {
  ForeignError error;
  Stage stage;
  const char* code;
  const char* words;
};

std::ostream& operator<<(std::ostream& out, const Measured& row) {
  return out << row.error.domain << ' ' << row.error.code << ' ' << row.error.message;
}

const Measured kMeasured[] = {
    {{"g-io-error-quark", 1, "", "Could not connect: No such file or directory"},
     Stage::connect,
     "store_unavailable",
     "no D-Bus session: “Could not connect"},
    {{"g-io-error-quark", 13, "", "Unknown or unsupported transport"},
     Stage::connect,
     "store_unavailable",
     "no D-Bus session"},
    {{"g-dbus-error-quark", 2, "",
      "The name org.freedesktop.secrets was not provided by any .service files"},
     Stage::call,
     "store_unavailable",
     "no keyring program provides org.freedesktop.secrets"},
    {{"g-dbus-error-quark", 3, "", "Could not get owner"},
     Stage::call,
     "store_unavailable",
     "no keyring program provides"},
    {{"g-dbus-error-quark", 4, "",
      "Message recipient disconnected from message bus without replying"},
     Stage::call,
     "store_unavailable",
     "ended before it answered"},
    {{"g-dbus-error-quark", 25, "", "Process exited with status 1"},
     Stage::call,
     "store_unavailable",
     "could not be started"},
    {{"g-dbus-error-quark", 9, "", "Rejected send message"},
     Stage::call,
     "permission",
     "refuses this program"},
    {{"g-dbus-error-quark", 41, "", "Object does not exist\nat path"},
     Stage::call,
     "store_unavailable",
     "“Object does not exist at path”"},
    {{"g-io-error-quark", 19, "", "Operation was cancelled"},
     Stage::call,
     "store_timeout",
     "in time"},
    {{"g-io-error-quark", 24, "", "Timeout was reached"}, Stage::call, "store_timeout", "in time"},
    {{"g-io-error-quark", 24, "", "Timeout was reached"},
     Stage::connect,
     "store_timeout",
     "in time"},
    {{"secret-error", 2, "", "Cannot create an item in a locked collection"},
     Stage::call,
     "locked",
     "is locked"},
    {{"g-io-error-quark", 36, "org.freedesktop.Secret.Error.IsLocked", ""},
     Stage::call,
     "locked",
     "is locked"},
    {{"g-io-error-quark", 15, "", "a prompt was refused"}, Stage::call, "locked", "is locked"},
    {{"secret-error", 1, "", "Received invalid secret"},
     Stage::call,
     "store_unavailable",
     "the keyring failed"},
};

std::vector<Secret> documents_of(std::vector<token::TokenRecord> records) {
  std::vector<Secret> documents;
  for (const token::TokenRecord& record : records) {
    documents.push_back(token::encode_record(record));
  }
  return documents;
}

std::vector<token::TokenRecord> list_of(token::TokenRecord a, token::TokenRecord b,
                                        token::TokenRecord c) {
  std::vector<token::TokenRecord> list;
  list.push_back(std::move(a));
  list.push_back(std::move(b));
  list.push_back(std::move(c));
  return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(secret_service_rules)

BOOST_DATA_TEST_CASE(translates_what_was_measured, boost::unit_test::data::make(kMeasured), row) {
  const Error error = store::secret_service::translate(row.error, row.stage);
  BOOST_TEST(name_of(error.code) == row.code);
  BOOST_TEST(error.detail.find(row.words) != std::string::npos, error.detail);
  BOOST_TEST(error.detail.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(finds_the_bus_by_variable_then_by_socket_and_starts_none) {
  Environment environment;
  BOOST_TEST(outcome(store::secret_service::session_bus_address(environment)) ==
             "store_unavailable");
  const ScratchFolder runtime;
  environment.set("XDG_RUNTIME_DIR", runtime.path().string());
  BOOST_TEST(outcome(store::secret_service::session_bus_address(environment)) ==
             "store_unavailable");
  spill(runtime.path() / "bus", "a file is no socket");
  BOOST_TEST(outcome(store::secret_service::session_bus_address(environment)) ==
             "store_unavailable");
  environment.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/somewhere");
  BOOST_TEST(store::secret_service::session_bus_address(environment).value() ==
             "unix:path=/somewhere");
  environment.set("DBUS_SESSION_BUS_ADDRESS", "autolaunch:");
  BOOST_TEST(outcome(store::secret_service::session_bus_address(environment)) ==
             "store_unavailable");
}

BOOST_AUTO_TEST_CASE(the_highest_generation_of_several_items_counts) {
  const auto documents = documents_of(
      list_of(sample("work", 'a', 3), sample("work", 'b', 12), sample("work", 'c', 12)));
  const auto choice = store::secret_service::choose_newest("work", documents);
  BOOST_REQUIRE_EQUAL(outcome(choice), "ok");
  BOOST_TEST(choice->index == 1U);
  BOOST_TEST(same(choice->record, sample("work", 'b', 12)));
}

BOOST_AUTO_TEST_CASE(items_that_do_not_decode_or_tell_another_profile_never_count) {
  auto documents = documents_of(
      list_of(sample("work", 'a', 3), sample("other", 'b', 12), sample("work", 'c', 1)));
  documents.push_back(Secret::copy_of("not a document"));
  documents.emplace_back();
  BOOST_TEST(store::secret_service::choose_newest("work", documents).value().index == 0U);
  BOOST_TEST(outcome(store::secret_service::choose_newest("third", documents)) == "corrupt");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
