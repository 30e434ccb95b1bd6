// SPDX-License-Identifier: Apache-2.0
//
// The same machine asked about different clients: what each sends, and what is found for it.
#include "hfauth/diagnose/client_answer.hpp"

#include "diagnose/machine.hpp"
#include "hfauth/diagnose/render.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>

namespace data = boost::unit_test::data;
using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::Machine;
using hfauth::testing::roots_of;
using hfauth::testing::token_of;

namespace {

const std::string kA = token_of('a');
const std::string kB = token_of('b');

struct Case {
  std::string name;
  std::string client;
  std::function<void(Machine&)> build;
  std::string sends;  ///< account whose token is sent: "alice", "" for none
  std::string roots;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << one.name;
}

const std::vector<Case> kCases{
    {"Python takes a newline away", "transformers",
     [](Machine& m) { m.set("HF_TOKEN", kA + "\n"); }, "alice", "HFA201/warning"},
    {"hfrs is anonymous without a word", "hfrs", [](Machine& m) { m.set("HF_TOKEN", kA + "\n"); },
     "", "HFA201/error"},
    {"hfjs stops", "hfjs", [](Machine& m) { m.set("HF_TOKEN", kA + "\n"); }, "", "HFA201/warning"},
    {"hfrs does not know the old name", "hfrs",
     [](Machine& m) { m.set("HUGGING_FACE_HUB_TOKEN", kA).saved(kB); }, "bob", ""},
    {"0 is a yes for hfrs", "hfrs",
     [](Machine& m) { m.set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "0").set("HF_TOKEN", kA); }, "alice",
     "HFA105/error"},
    {"and a no for Python", "huggingface_hub",
     [](Machine& m) { m.set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "0").set("HF_TOKEN", kA); }, "alice",
     ""},
    {"an old release of the library reads the file alone", "huggingface_hub@0.5.0",
     [](Machine& m) { m.set("HF_TOKEN", kA).file(".huggingface/token", kB); }, "bob", ""},
    {"the crate reads nothing from 1.0 on", "rust", [](Machine& m) { m.saved(kA); }, "",
     "HFA610/warning"},
    {"the crate read the file before", "hf-hub@0.5.0", [](Machine& m) { m.saved(kA); }, "alice",
     ""},
    {"JavaScript is told", "js", [](Machine& m) { m.set("HF_TOKEN", kA); }, "", "HFA610/warning"},
    {"and without any token that is only good to know", "curl", [](Machine&) {}, "", "HFA610/info"},
    {"git has a store of its own", "git",
     [](Machine& m) {
       m.set("HF_TOKEN", kA)
           .file(".gitconfig", "[credential]\n\thelper = store\n")
           .file(".git-credentials", "https://hf_user:" + kB + "@huggingface.co\n");
     },
     "bob", ""},
    {"a helper for another host is not asked", "git",
     [](Machine& m) {
       m.file(".gitconfig", "[credential \"https://example.org\"]\n\thelper = store\n")
           .file(".git-credentials", "https://hf_user:" + kB + "@huggingface.co\n");
     },
     "", ""},
    {"netrc comes before git's helpers", "git",
     [](Machine& m) {
       m.file(".netrc", "machine huggingface.co login hf_user password " + kA + "\n")
           .file(".gitconfig", "[credential]\n\thelper = store\n")
           .file(".git-credentials", "https://hf_user:" + kB + "@huggingface.co\n");
     },
     "alice", "HFA806/warning"},
    {"curl takes netrc with -n alone", "curl",
     [](Machine& m) {
       m.file(".netrc", "machine huggingface.co login hf_user password " + kA + "\n");
     },
     "", "HFA610/info"},
};

std::string account_of(const Report& report) {
  const ClientReport& client = report.clients.front();
  for (const TokenReport& token : report.tokens) {
    if (token.ref == client.uses) return token.account.empty() ? token.mask : token.account;
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_answer)

BOOST_DATA_TEST_CASE(each_client_is_judged_by_its_own_rules, data::make(kCases), one) {
  Machine machine;
  machine.installed("1.28.0").valid(kA, "alice").valid(kB, "bob").asked(one.client);
  one.build(machine);
  const Report report = machine.report();
  BOOST_REQUIRE(report.clients.size() == 1U);
  const std::string mask = one.sends == "alice" ? kA : kB;
  const std::string sent = account_of(report);
  BOOST_TEST((sent == one.sends || sent == "hf_****" + mask.substr(mask.size() - 4)), sent);
  BOOST_TEST(sent.empty() == one.sends.empty());
  std::string roots;
  for (const Finding& finding : report.findings) {
    // What surrounds the client is told beside it.
    if (finding.is_root && finding.id != "HFA808" && finding.id != "HFA111" &&
        finding.id != "HFA209" && finding.id != "HFA101")
      roots +=
          (roots.empty() ? "" : " ") + finding.id + "/" + std::string(name_of(finding.severity));
  }
  BOOST_TEST(roots == one.roots);
}

BOOST_AUTO_TEST_CASE(the_report_says_who_was_asked_about_and_what_is_hidden) {
  Machine machine;
  machine.set("HF_TOKEN", kA).saved(kB).valid(kA, "alice").valid(kB, "bob").asked("hfrs");
  const Report report = machine.report();
  const std::string text = render_report(report, {}, 0, std::chrono::milliseconds(1));
  BOOST_TEST(text.find("hfrs sends hf_****" + kA.substr(kA.size() - 4)) != std::string::npos, text);
  BOOST_TEST(text.find("~/.cache/huggingface/token: an earlier source decides; read at every") !=
                 std::string::npos,
             text);
  const std::string json = report_json(report, {});
  BOOST_TEST(json.find("\"for\":\"hfrs\"") != std::string::npos, json);
  BOOST_TEST(json.find("\"change_noticed\":\"next_start\"") != std::string::npos, json);
}

BOOST_AUTO_TEST_CASE(all_clients_stand_below_each_other) {
  Machine machine;
  machine.set("HF_TOKEN", kA + "\n").saved(kB).valid(kA, "alice").valid(kB, "bob").asked("all");
  const Report report = machine.report();
  BOOST_REQUIRE(report.clients.size() == 7U);
  BOOST_TEST(report.account == "alice");
  BOOST_TEST(!report.clients.front().uses.empty());
  BOOST_TEST(report.clients[1].client == "hfrs");
  BOOST_TEST(report.clients[1].uses.empty());
  const std::string text = render_report(report, {}, 0, std::chrono::milliseconds(1));
  for (const char* name : {"hfrs", "hf-hub", "@huggingface/hub", "hfjs", "git", "curl"})
    BOOST_TEST(text.find(std::string(name) + " sends no token") != std::string::npos, text);
  BOOST_TEST(report_json(report, {}).find("\"for\":\"all\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_replay_can_be_asked_about_another_client) {
  Machine machine;
  machine.set("HF_TOKEN", kA + "\n").valid(kA, "alice");
  Facts facts = machine.facts();
  BOOST_TEST(ask_client(facts).has_token());
  ask_about(token::parse_client("hfrs").value(), facts);
  BOOST_TEST(!ask_client(facts).has_token());
  const Result<Facts> back = facts_from_json(facts_to_json(facts));
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST(asked_client(*back).name == "hfrs");
}

BOOST_AUTO_TEST_CASE(a_client_that_no_release_knows_is_huggingface_hub) {
  Facts facts;
  facts.asked = {"\x1b[31m", "?"};
  BOOST_TEST(asked_client(facts).name == "huggingface_hub");
}

BOOST_AUTO_TEST_SUITE_END()
