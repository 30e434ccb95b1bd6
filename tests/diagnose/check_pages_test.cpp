// SPDX-License-Identifier: Apache-2.0
//
// docs/checks/ and docs/messages/ are made from the catalogues: this test fails when the two
// differ, and writes the files when it is run with HFAUTH_ACCEPT=1 (it then counts as skipped, so
// that nobody takes that for a pass).
#include "hfauth/core/environment.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/render.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>

using namespace hfauth;
using namespace hfauth::diagnose;

namespace {

const std::filesystem::path kDocs = std::filesystem::path(HFAUTH_SOURCE_DIR) / "docs";

// By their path below docs/.
std::map<std::string, std::string> pages() {
  std::map<std::string, std::string> all{{"checks/README.md", check_index_markdown()},
                                         {"messages/README.md", message_index_markdown()}};
  for (const CheckInfo& info : catalogue()) {
    all.emplace("checks/" + std::string(info.id) + ".md", check_page_markdown(info));
  }
  for (const std::string& id : message_ids()) {
    all.emplace("messages/" + id + ".md", message_page_markdown(id));
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(committed_pages_are_those_of_the_catalogue) {
  if (Environment::of_process().is_true("HFAUTH_ACCEPT")) {
    for (const auto& [name, text] : pages()) {
      BOOST_REQUIRE(
          write_file_atomically(kDocs / name, text, 0644, Durability::renamed).has_value());
    }
    std::fputs("skipped: the pages were written; look at them and run again\n", stderr);
    std::exit(77);
  }
  std::set<std::string> expected;
  for (const auto& [name, text] : pages()) {
    const Result<std::string> committed = read_file(kDocs / name);
    BOOST_REQUIRE_MESSAGE(committed.has_value(), name << " is missing; run with HFAUTH_ACCEPT=1");
    BOOST_TEST(*committed == text, name << " differs; run with HFAUTH_ACCEPT=1");
    expected.insert(name);
  }
  for (const std::string folder : {"checks/", "messages/"}) {
    for (const auto& entry : std::filesystem::directory_iterator(kDocs / folder)) {
      BOOST_TEST(expected.count(folder + entry.path().filename().string()) == 1U,
                 entry.path() << " belongs to no check and no message");
    }
  }
}
