// SPDX-License-Identifier: Apache-2.0
//
// What the doctor asks the Hub, and to whom it sends which token.
#include "diagnose/machine.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::Machine;
using hfauth::testing::roots_of;
using hfauth::testing::token_of;

namespace {

const std::string kA = token_of('a');
const std::string kB = token_of('b');

}  // namespace

BOOST_AUTO_TEST_CASE(asks_about_three_tokens_at_most_and_once_about_each) {
  Machine machine;
  const std::string c = token_of('c');
  const std::string d = token_of('d');
  machine.set("HF_TOKEN", kA)
      .set("HUGGING_FACE_HUB_TOKEN", kB)
      .saved(c)
      .in_agent("work", d, "dora");
  for (const std::string& token : {kA, kB, c, d}) {
    machine.valid(token, "alice");
  }
  const Facts facts = machine.facts();
  BOOST_TEST(machine.whoami_calls() == 3);
  BOOST_TEST(machine.sent().at(0) == kA, "what Python sends comes first");
  BOOST_TEST(machine.pings() == 1);
  Machine twice;
  twice.set("HF_TOKEN", kA).saved(kA + "\n").in_agent("work", kA, "alice").valid(kA, "alice");
  BOOST_TEST(twice.facts().hub.verdicts.size() == 1U);
}

BOOST_AUTO_TEST_CASE(sends_no_token_to_a_foreign_endpoint) {
  Machine machine;
  machine.saved(kA).set("HF_ENDPOINT", "https://mirror.example.org");
  const Facts facts = machine.facts();
  BOOST_TEST(machine.whoami_calls() == 0);
  BOOST_TEST(facts.incomplete.at(0).reason.find("mirror.example.org") != std::string::npos);
  BOOST_TEST(roots_of(machine.report()) == "HFA507/error");  // Python would send it
}

BOOST_AUTO_TEST_CASE(sends_no_token_to_a_name_that_looks_like_this_machine) {
  Machine machine;
  machine.saved(kA)
      .set("HF_ENDPOINT", "http://127.evil.example")
      .set("HFAUTH_ALLOW_PLAIN_HTTP", "1");
  const Facts facts = machine.facts();
  BOOST_TEST(facts.hub.reached);
  BOOST_TEST(machine.whoami_calls() == 0);
}

BOOST_AUTO_TEST_CASE(sends_the_agents_token_to_its_own_endpoint_alone) {
  const std::string lease = "run/hfauth/lease/work/token";
  Machine open;
  open.in_agent("work", kA, "alice").file(lease, kA).set("HF_ENDPOINT", "http://127.0.0.1:8080");
  open.set("HF_TOKEN_PATH", (open.home() / lease).string());
  BOOST_TEST(open.facts().hub.reached);
  BOOST_TEST(open.whoami_calls() == 0);
  Machine unknown;  // an agent that does not say whose lease it is
  unknown.agent_locked().file(lease, kA).set("HF_ENDPOINT", "http://127.0.0.1:8080");
  unknown.set("HF_TOKEN_PATH", (unknown.home() / lease).string());
  BOOST_TEST(unknown.facts().hub.reached);
  BOOST_TEST(unknown.whoami_calls() == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_endpoint_is_not_unset_for_python) {
  Machine machine;
  machine.saved(kA).valid(kA, "alice").set("HF_ENDPOINT", "");
  BOOST_TEST(roots_of(machine.report()) == "HFA508/error");
  BOOST_TEST(machine.report().findings.at(0).title == "HF_ENDPOINT is set to nothing");
  Machine staging;
  staging.set("HF_ENDPOINT", "").set("HUGGINGFACE_CO_STAGING", "1");
  BOOST_TEST(roots_of(staging.report()) == "HFA115/warning HFA110/info");
}
