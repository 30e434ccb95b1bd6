// SPDX-License-Identifier: Apache-2.0
//
// The doctor on whole machines: for each state the roots, the symptoms, the exit status, and that
// nothing secret shows.
#include "diagnose/machine.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/render.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <sstream>
#include <string>

namespace data = boost::unit_test::data;
using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::Machine;
using hfauth::testing::roots_of;
using hfauth::testing::symptoms_of;
using hfauth::testing::token_of;

namespace {

const std::string kA = token_of('a');
const std::string kB = token_of('b');
const std::string kX = token_of('x');
const std::string kBom = "\xEF\xBB\xBF";

struct Case {
  std::string name;
  std::function<void(Machine&)> build;
  std::string roots;
  std::string symptoms;
  int exit_code;
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << one.name;
}

// Those of data/doctor-scenarios whose root is built, then more, and for each check machines that
// must stay silent.
const std::vector<Case> kCases{
    {"S01 nothing at all", [](Machine&) {}, "HFA110/info", "", 0},
    {"S03 a revoked variable hides a good login",
     [](Machine& m) { m.set("HF_TOKEN", kX).saved(kA).rejected(kX).valid(kA, "alice"); },
     "HFA101/error", "HFA301<HFA101", 1},
    {"S04 two people",
     [](Machine& m) { m.set("HF_TOKEN", kA).saved(kB).valid(kA, "alice").valid(kB, "bob"); },
     "HFA101/warning", "", 0},
    {"S05 a blank variable blocks the legacy one",
     [](Machine& m) {
       m.set("HF_TOKEN", " ").set("HUGGING_FACE_HUB_TOKEN", kA).valid(kA, "alice");
     },
     "HFA104/error", "", 1},
    {"S07 HF_HOME is empty", [](Machine& m) { m.set("HF_HOME", "").saved(kA).valid(kA, "alice"); },
     "HFA106/error", "HFA110<HFA106", 1},
    {"S11 a line break in the variable",
     [](Machine& m) { m.set("HF_TOKEN", kA + "\n").valid(kA, "alice"); }, "HFA201/warning", "", 0},
    {"S13 a byte order mark in the file", [](Machine& m) { m.saved(kBom + kA).valid(kA, "alice"); },
     "HFA202/error", "", 1},
    {"S14 quotes around the value",
     [](Machine& m) {
       m.set("HF_TOKEN", "'" + kA + "'").rejected("'" + kA + "'").valid(kA, "alice");
     },
     "HFA203/error", "HFA301<HFA203", 1},
    {"S17 implicit token disabled",
     [](Machine& m) { m.set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").saved(kA).valid(kA, "alice"); },
     "HFA105/error", "", 1},
    {"S19 offline flag left on",
     [](Machine& m) { m.set("HF_HUB_OFFLINE", "1").saved(kA).offline(); }, "HFA501/info", "", 0},
    {"S20 the Hub does not answer", [](Machine& m) { m.saved(kA).unreachable(); }, "HFA503/unknown",
     "", 3},
    {"S35 Colab without a secret", [](Machine& m) { m.set("COLAB_RELEASE_TAG", "release"); },
     "HFA701/info", "HFA110<HFA701", 0},
    {"S55 all healthy", [](Machine& m) { m.saved(kA).valid(kA, "alice"); }, "", "", 0},
    {"S59 plainly revoked", [](Machine& m) { m.saved(kX).rejected(kX); }, "HFA301/error", "", 1},
    {"S61 HF_TOKEN_PATH to a missing file",
     [](Machine& m) { m.set("HF_TOKEN_PATH", "/nowhere/hf").saved(kA).valid(kA, "alice"); },
     "HFA109/error", "HFA110<HFA109", 1},

    {"S32 OIDC variable left on a laptop",
     [](Machine& m) { m.set("HF_OIDC_RESOURCE", "org/x").saved(kA).valid(kA, "alice"); },
     "HFA112/error", "", 1},
    {"S46 the token's path is a folder",
     [](Machine& m) { m.directory(".cache/huggingface/token"); }, "HFA802/error", "", 1},
    {"OIDC with an id token is meant",
     [](Machine& m) { m.set("HF_OIDC_RESOURCE", "org/x").set("HF_OIDC_ID_TOKEN", token_of('i')); },
     "", "", 0},
    {"a folder that is not asked, because HF_TOKEN is set",
     [](Machine& m) {
       m.directory(".cache/huggingface/token").set("HF_TOKEN", kA).valid(kA, "alice");
     },
     "", "", 0},
    {"an empty HF_TOKEN_PATH is the current folder",
     [](Machine& m) { m.set("HF_TOKEN_PATH", "").saved(kA).valid(kA, "alice"); }, "HFA106/error",
     "HFA802<HFA106", 1},

    {"the same token twice is no shadow",
     [](Machine& m) { m.set("HF_TOKEN", kA).saved(kA).valid(kA, "alice"); }, "", "", 0},
    {"the same token with a line break in the file is no shadow",
     [](Machine& m) { m.set("HF_TOKEN", kA).saved(kA + "\n").valid(kA, "alice"); }, "", "", 0},
    {"in continuous integration a variable is meant",
     [](Machine& m) {
       m.set("CI", "true").set("HF_TOKEN", kA).saved(kB).valid(kA, "alice").valid(kB, "bob");
     },
     "HFA101/info", "", 0},
    {"but a rejected one is not",
     [](Machine& m) {
       m.set("CI", "true").set("HF_TOKEN", kX).saved(kB).rejected(kX).valid(kB, "bob");
     },
     "HFA101/error", "HFA301<HFA101", 1},
    {"two tokens of one account are information",
     [](Machine& m) { m.set("HF_TOKEN", kA).saved(kB).valid(kA, "alice").valid(kB, "alice"); },
     "HFA101/info", "", 0},
    {"both are bad, so both are roots",
     [](Machine& m) { m.set("HF_TOKEN", kX).saved(kB).rejected(kX).rejected(kB); },
     "HFA101/error HFA301/error", "", 1},
    {"a variable hides the agent's login",
     [](Machine& m) {
       m.set("HF_TOKEN", kX).in_agent("work", kA, "alice").rejected(kX).valid(kA, "alice");
     },
     "HFA101/error", "HFA301<HFA101", 1},

    {"quotes and another saved token: the quotes are the fault",
     [](Machine& m) {
       m.set("HF_TOKEN", "'" + kB + "'")
           .saved(kA)
           .rejected("'" + kB + "'")
           .valid(kA, "alice")
           .valid(kB, "bob");
     },
     "HFA203/error", "HFA101<HFA203 HFA301<HFA203", 1},
    {"a rejected variable with a line break: hiding is the fault, the line break stays",
     [](Machine& m) { m.set("HF_TOKEN", kX + "\n").saved(kA).rejected(kX).valid(kA, "alice"); },
     "HFA101/error HFA201/warning", "HFA301<HFA101", 1},

    {"two faults of one value are one thing to mend",
     [](Machine& m) {
       m.set("HF_TOKEN", "'" + kA + "'\n").rejected("'" + kA + "'").valid(kA, "alice");
     },
     "HFA203/error", "HFA301<HFA203 HFA201<HFA203", 1},

    {"the legacy name alone",
     [](Machine& m) { m.set("HUGGING_FACE_HUB_TOKEN", kA).valid(kA, "alice"); }, "HFA103/info", "",
     0},
    {"an empty HF_TOKEN does not block the legacy name",
     [](Machine& m) { m.set("HF_TOKEN", "").set("HUGGING_FACE_HUB_TOKEN", kA).valid(kA, "alice"); },
     "HFA103/info", "", 0},
    {"a blank HF_TOKEN with a saved login",
     [](Machine& m) { m.set("HF_TOKEN", "  ").saved(kA).valid(kA, "alice"); }, "HFA104/warning", "",
     0},
    {"an empty HF_TOKEN is no finding",
     [](Machine& m) { m.set("HF_TOKEN", "").saved(kA).valid(kA, "alice"); }, "", "", 0},
    {"HF_HUB_DISABLE_IMPLICIT_TOKEN=0 is off for Python",
     [](Machine& m) { m.set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "0").saved(kA).valid(kA, "alice"); },
     "", "", 0},
    {"nothing is withheld where there is nothing",
     [](Machine& m) { m.set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"); }, "HFA110/info", "", 0},
    {"an empty XDG_CACHE_HOME is not read when HF_HOME is set",
     [](Machine& m) {
       m.set("XDG_CACHE_HOME", "")
           .set("HF_HOME", (m.home() / "hf").string())
           .file("hf/token", kA)
           .valid(kA, "alice");
     },
     "", "", 0},
    {"an empty XDG_CACHE_HOME",
     [](Machine& m) { m.set("XDG_CACHE_HOME", "").saved(kA).valid(kA, "alice"); }, "HFA106/error",
     "HFA110<HFA106", 1},
    {"an empty path variable beside a token in the environment",
     [](Machine& m) { m.set("HF_HOME", "").set("HF_TOKEN", kA).valid(kA, "alice"); },
     "HFA106/warning", "", 0},
    {"quotes in a path",
     [](Machine& m) {
       m.set("HF_HOME", "\"" + (m.home() / "hf").string() + "\"")
           .file("hf/token", kA)
           .valid(kA, "alice");
     },
     "HFA107/error", "HFA108<HFA107 HFA110<HFA107", 1},
    {"a variable that is not set in a path",
     [](Machine& m) { m.set("HF_HOME", "$SCRATCH/hf").saved(kA).valid(kA, "alice"); },
     "HFA107/error", "HFA108<HFA107 HFA110<HFA107", 1},
    {"a variable that is set in a path",
     [](Machine& m) {
       m.set("SCRATCH", m.home().string())
           .set("HF_HOME", "$SCRATCH/hf")
           .file("hf/token", kA)
           .valid(kA, "alice");
     },
     "", "", 0},
    {"HF_XET_CACHE with a tilde",
     [](Machine& m) { m.set("HF_XET_CACHE", "~/xet").saved(kA).valid(kA, "alice"); },
     "HFA107/warning", "", 0},
    {"HF_HOME with a tilde is expanded",
     [](Machine& m) { m.set("HF_HOME", "~/hf").file("hf/token", kA).valid(kA, "alice"); }, "", "",
     0},
    {"HF_TOKEN_PATH that exists",
     [](Machine& m) {
       m.set("HF_TOKEN_PATH", (m.home() / "t").string()).file("t", kA).valid(kA, "alice");
     },
     "", "", 0},
    {"HF_TOKEN_PATH is not asked when HF_TOKEN is set",
     [](Machine& m) {
       m.set("HF_TOKEN_PATH", "/nowhere/hf").set("HF_TOKEN", kA).valid(kA, "alice");
     },
     "", "", 0},

    {"a file that ends in a line break is usual",
     [](Machine& m) { m.saved(kA + "\n").valid(kA, "alice"); }, "HFA201/info", "", 0},
    {"a zero-width space inside", [](Machine& m) { m.set("HF_TOKEN", kA + "\xE2\x80\x8B"); },
     "HFA202/error", "", 1},
    {"a Bearer prefix",
     [](Machine& m) {
       m.set("HF_TOKEN", "Bearer " + kA).rejected("Bearer " + kA).valid(kA, "alice");
     },
     "HFA204/error", "HFA301<HFA204", 1},
    {"a whole assignment in the file",
     [](Machine& m) { m.saved("HF_TOKEN=" + kA).rejected("HF_TOKEN=" + kA).valid(kA, "alice"); },
     "HFA204/error", "HFA301<HFA204", 1},
    {"a placeholder",
     [](Machine& m) { m.set("HF_TOKEN", "<your_token>").rejected("<your_token>"); }, "HFA205/error",
     "HFA301<HFA205", 1},
    {"a placeholder behind a good variable is left alone",
     [](Machine& m) {
       m.set("HF_TOKEN", kA).saved("hf_xxxxxxxx").valid(kA, "alice").rejected("hf_xxxxxxxx");
     },
     "HFA101/warning", "", 0},

    {"a limited whoami says nothing of the token", [](Machine& m) { m.saved(kA).rate_limited(kA); },
     "HFA405/warning", "", 3},
    {"no network and no token", [](Machine& m) { m.unreachable(); }, "HFA503/unknown HFA110/info",
     "", 3},
    {"by --offline nothing is asked", [](Machine& m) { m.saved(kX).offline(); }, "", "", 0},

    {"the agent alone has the token",
     [](Machine& m) { m.in_agent("work", kA, "alice").valid(kA, "alice"); }, "HFA116/info", "", 0},
    {"the agent's token is bad", [](Machine& m) { m.in_agent("work", kX, "alice").rejected(kX); },
     "HFA301/error HFA116/info", "", 1},
    {"the agent's login can no longer be renewed",
     [](Machine& m) {
       m.in_agent("work", kA, "alice").not_renewed("2026-03-02T03:04:05Z").valid(kA, "alice");
     },
     "HFA303/warning HFA116/info", "", 0},
    {"the agent is locked", [](Machine& m) { m.agent_locked(); }, "HFA117/warning", "", 0},
    {"two tokens and no default",
     [](Machine& m) { m.in_agent("work", kA, "alice").in_agent("home", kB, "bob").no_default(); },
     "HFA118/warning", "", 0},
    {"one token needs no default",
     [](Machine& m) { m.in_agent("work", kA, "alice").no_default().valid(kA, "alice"); },
     "HFA116/info", "", 0},
    {"a token of another Hub is none for this one",
     [](Machine& m) { m.in_agent("work", kA, "alice").set("HUGGINGFACE_CO_STAGING", "1"); },
     "HFA115/warning HFA110/info", "", 0},
    {"the agent does not answer, but there is a token",
     [](Machine& m) {
       m.saved(kA).valid(kA, "alice").agent_fails(Errc::agent_unreachable, "it does not start");
     },
     "", "", 3},
    {"the agent is empty", [](Machine& m) { m.agent_running(); }, "HFA110/info", "", 0},
    {"a lease is exported",
     [](Machine& m) {
       m.in_agent("work", kA, "alice")
           .file("run/hfauth/lease/work/token", kA)
           .set("HF_TOKEN_PATH", (m.home() / "run/hfauth/lease/work/token").string())
           .valid(kA, "alice");
     },
     "", "", 0},
    {"a lease was taken back",
     [](Machine& m) {
       m.agent_locked().set("HF_TOKEN_PATH", (m.home() / "run/hfauth/lease/work/token").string());
     },
     "HFA109/error HFA117/warning", "", 1},
    {"Colab with a login needs no secret",
     [](Machine& m) { m.set("COLAB_GPU", "1").saved(kA).valid(kA, "alice"); }, "", "", 0},
    {"Colab Enterprise has no vault",
     [](Machine& m) { m.set("COLAB_GPU", "1").set("VERTEX_PRODUCT", "COLAB_ENTERPRISE"); },
     "HFA110/info", "", 0},
};

std::string rendered(const Report& report, int verbosity = 1) {
  return render_report(report, {}, verbosity, std::chrono::milliseconds(200)) +
         report_json(report, {});
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

BOOST_DATA_TEST_CASE(names_the_root_and_folds_the_symptoms, data::make(kCases), one) {
  Machine machine;
  one.build(machine);
  const Report report = machine.report();
  BOOST_TEST(roots_of(report) == one.roots);
  BOOST_TEST(symptoms_of(report) == one.symptoms);
  BOOST_TEST(report.exit_code == one.exit_code);
  BOOST_TEST(machine.whoami_calls() <=
             6);  // the facts are taken once, three tokens at most; report() takes them once more
}

BOOST_DATA_TEST_CASE(no_token_leaves_the_machine, data::make(kCases), one) {
  Machine machine;
  one.build(machine);
  const std::string facts = facts_to_json(machine.facts());
  const std::string text = rendered(machine.report());
  for (const std::string& token : {kA, kB, kX}) {
    BOOST_TEST(facts.find(token.substr(3, 30)) == std::string::npos, facts);
    BOOST_TEST(text.find(token.substr(3, 30)) == std::string::npos, text);
  }
}

BOOST_DATA_TEST_CASE(lines_keep_to_the_terminal, data::make(kCases), one) {
  Machine machine;
  one.build(machine);
  std::istringstream lines(render_report(machine.report(), {}, 0, std::chrono::milliseconds(5)));
  for (std::string line; std::getline(lines, line);) {
    // Commands and paths are never broken.
    const bool literal =
        line.find('/') != std::string::npos || line.find("$(") != std::string::npos;
    BOOST_TEST((line.size() <= 80 || literal), line);
  }
}

BOOST_AUTO_TEST_CASE(a_healthy_machine_takes_at_most_eight_lines) {
  Machine machine;
  machine.saved(kA).valid(kA, "alice").installed("1.28.0");
  const std::string text = render_report(machine.report(), {}, 0, std::chrono::milliseconds(200));
  BOOST_TEST(text.starts_with("ok Signed in as alice (read), token \"laptop\" hf_****"), text);
  BOOST_TEST(text.find("~/.cache/huggingface/token") != std::string::npos, text);
  BOOST_TEST(text.find("huggingface_hub 1.28.0: uses it") != std::string::npos, text);
  BOOST_TEST(lines_in(text) <= 8U, text);
}

BOOST_AUTO_TEST_CASE(a_token_in_the_agent_alone_counts_as_a_login) {
  Machine machine;
  machine.in_agent("work", kA, "alice").valid(kA, "alice", "write");
  const Report report = machine.report();
  BOOST_TEST((report.state == VerdictState::healthy));
  BOOST_TEST(report.account == "alice");
  const std::string text = render_report(report, {}, 0, std::chrono::milliseconds(200));
  BOOST_TEST(text.starts_with("ok Signed in as alice (write)"), text);
  BOOST_TEST(text.find("finds no token in this shell") != std::string::npos, text);
  BOOST_TEST(text.ends_with("eval \"$(hfauth env)\"\n"), text);
  BOOST_TEST(lines_in(text) <= 8U, text);
}

BOOST_AUTO_TEST_CASE(not_logged_in_is_information_and_names_the_next_command) {
  const std::string text = render_report(Machine().report(), {}, 0, std::chrono::milliseconds(200));
  BOOST_TEST(text.find("Not logged in. Public models work") != std::string::npos, text);
  BOOST_TEST(text.ends_with("next: hfauth login\n"), text);
}

BOOST_AUTO_TEST_CASE(a_cure_is_called_verified_only_if_the_hub_accepted_its_token) {
  Machine proven;
  proven.set("HF_TOKEN", kX).saved(kA).rejected(kX).valid(kA, "alice");
  BOOST_TEST(proven.report().findings.at(0).fixes.at(0).verified);
  Machine unknown;
  unknown.set("HF_TOKEN", kX).saved(kA).rejected(kX).rate_limited(kA);
  BOOST_TEST(!unknown.report().findings.at(0).fixes.at(0).verified);
}

BOOST_AUTO_TEST_CASE(a_401_without_the_hubs_own_mark_is_likely_not_proven) {
  Machine machine;
  machine.saved(kX).rejected(kX);
  Facts facts = machine.facts();
  BOOST_TEST((diagnose::diagnose(facts, {}).findings.at(0).confidence == Confidence::proven));
  facts.hub.verdicts.at(0).request_id.clear();
  BOOST_TEST((diagnose::diagnose(facts, {}).findings.at(0).confidence == Confidence::likely));
}

BOOST_AUTO_TEST_CASE(names_the_line_that_sets_the_variable) {
  Machine machine;
  machine.file(".bashrc",
               "# HF_TOKEN=old\nalias x=y\nexport HF_TOKEN=" + kX + "\nunset HF_TOKEN_PATH\n");
  machine.set("HF_TOKEN", kX).saved(kA).rejected(kX).valid(kA, "alice");
  const Facts facts = machine.facts();
  BOOST_TEST(facts.setting_lines.size() == 1U);
  BOOST_TEST(facts.setting_lines.at(0).line == 3);
  BOOST_TEST(rendered(machine.report()).find("~/.bashrc line 3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_malformed_endpoint_is_told_and_nothing_is_asked) {
  Machine machine;
  machine.saved(kA).set("HF_ENDPOINT", "huggingface.co");
  const Report report = machine.report();
  BOOST_TEST(machine.pings() == 0);
  BOOST_TEST(report.exit_code == 1);
  BOOST_TEST(roots_of(report) == "HFA508/error");
  BOOST_TEST(report.next == "unset HF_ENDPOINT && hfauth doctor");
  const std::string text = rendered(report);
  BOOST_TEST(text.find("HF_ENDPOINT is not a URL") != std::string::npos, text);
  BOOST_TEST(text.find("export HF_ENDPOINT=https://huggingface.co") != std::string::npos, text);
  BOOST_TEST(text.find("(offline)") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(an_agent_that_does_not_answer_is_not_an_empty_one) {
  for (const Errc code : {Errc::agent_unreachable, Errc::store_unavailable, Errc::timeout}) {
    Machine machine;
    machine.agent_fails(code, "the reason");
    const Report report = machine.report();
    BOOST_TEST(roots_of(report) == "");
    BOOST_TEST(report.exit_code == 3);
    BOOST_TEST((report.state == VerdictState::unknown));
    BOOST_TEST(!report.next.empty());
    const std::string text = render_report(report, {}, 0, std::chrono::milliseconds(5));
    BOOST_TEST(text.starts_with("? Not known: whether you are logged in.\n"), text);
    BOOST_TEST(text.find("the reason") != std::string::npos, text);
    BOOST_TEST(text.find("Not logged in") == std::string::npos, text);
    BOOST_TEST(text.find("probe-") == std::string::npos, text);
    BOOST_TEST(text.ends_with("next: " + report.next + "\n"), text);
  }
  Machine hanging;
  hanging.agent_fails(Errc::timeout, "no answer in 10 s");
  BOOST_TEST(hanging.report().next.starts_with("pkill"));
}

BOOST_AUTO_TEST_CASE(tokens_without_a_default_are_counted) {
  Machine machine;
  machine.in_agent("work", kA, "alice").in_agent("home", kB, "bob").no_default();
  const Report report = machine.report();
  BOOST_TEST(report.headline == "2 tokens are stored, none is the default.");
  BOOST_TEST(report.next == "hfauth switch NAME");
  const std::string text = rendered(report);
  BOOST_TEST(text.find("agent, profile home") != std::string::npos, text);
  BOOST_TEST(text.find("Not logged in") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(two_people_are_both_named) {
  Machine machine;
  machine.set("HF_TOKEN", kA).saved(kB).valid(kA, "alice").valid(kB, "bob").set("container", "oci");
  const Report report = machine.report();
  BOOST_TEST((report.state == VerdictState::degraded));
  BOOST_TEST(report.findings.at(0).title == "HF_TOKEN of alice hides the saved login of bob");
}

BOOST_AUTO_TEST_CASE(a_replay_verifies_the_fix_that_it_models_and_no_other) {
  const auto verified = [](const Report& report) {
    std::vector<std::string> commands;
    for (const Fix& fix : report.findings.at(0).fixes) {
      if (fix.verified && fix.changes.empty()) {  // those of --fix have replays of their own
        commands.push_back(fix.steps.at(0).command);
      }
    }
    return commands.size() == 1 ? commands.front() : std::to_string(commands.size());
  };
  Machine file;
  file.saved(kBom + kA).valid(kA, "alice");
  BOOST_TEST(verified(file.report()).find("tr -cd '!-~'") != std::string::npos);
  BOOST_TEST(file.report().next == "hfauth login && eval \"$(hfauth env)\" && hfauth doctor");
  BOOST_TEST(file.report().headline == "1 problem stops you.", "its next is another fix");
  Machine quotes;
  quotes.set("HF_TOKEN", "'" + kA + "'").rejected("'" + kA + "'").valid(kA, "alice");
  BOOST_TEST(verified(quotes.report()).starts_with("export HF_TOKEN="));
  BOOST_TEST(quotes.report().headline.find("tried in a replay") != std::string::npos);
  Machine prefix;
  prefix.set("HF_TOKEN", "Bearer " + kA).rejected("Bearer " + kA).valid(kA, "alice");
  BOOST_TEST(verified(prefix.report()) == "0");
  BOOST_TEST(rendered(prefix.report()).find("tried in a replay") == std::string::npos);
  Machine implicit;
  implicit.set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").saved(kA).valid(kA, "alice");
  const std::string text = rendered(implicit.report());
  BOOST_TEST(text.find("tried in a replay") < text.find("--skip HFA105"), text);
}

BOOST_AUTO_TEST_CASE(another_token_is_also_given_to_the_shell) {
  Machine file;
  file.saved(kX).rejected(kX);
  BOOST_TEST(file.report().next == "hfauth login && eval \"$(hfauth env)\" && hfauth doctor");
  Machine variable;
  variable.set("HF_TOKEN", kX).rejected(kX);
  BOOST_TEST(variable.report().next ==
             "unset HF_TOKEN && hfauth login && eval \"$(hfauth env)\" && hfauth doctor");
  Machine kept;
  kept.saved(kX).rejected(kX).in_agent("work", kA, "alice").valid(kA, "alice");
  BOOST_TEST(kept.report().next == "eval \"$(hfauth env)\" && hfauth doctor");
}

BOOST_AUTO_TEST_CASE(a_lease_that_is_gone_is_opened_again) {
  const auto next_with = [](const std::function<void(Machine&)>& build, const std::string& path) {
    Machine machine;
    build(machine);
    machine.set("HF_TOKEN_PATH", path);
    return machine.report().next;
  };
  const std::string fallback = "/tmp/hfauth-1000/default/token";
  BOOST_TEST(next_with([](Machine& m) { m.agent_locked(); }, fallback) ==
             "hfauth unlock && eval \"$(hfauth env)\" && hfauth doctor");
  BOOST_TEST(next_with([](Machine&) {}, fallback) ==
             "hfauth login && eval \"$(hfauth env)\" && hfauth doctor");
  BOOST_TEST(next_with([](Machine& m) { m.in_agent("work", kA, "a").valid(kA, "a"); }, fallback) ==
             "eval \"$(hfauth env)\" && hfauth doctor");
  BOOST_TEST(next_with([](Machine& m) { m.in_agent("work", kA, "a").valid(kA, "a"); },
                       "/run/user/7/hfauth/lease/work/token") ==
             "eval \"$(hfauth env --name work)\" && hfauth doctor");
}

BOOST_AUTO_TEST_CASE(a_large_file_is_no_token_file) {
  Machine machine;
  machine.saved(std::string(70'000, 'x'));
  const Report report = machine.report();
  BOOST_TEST(roots_of(report) == "HFA802/error");
  const std::string text = rendered(report);
  BOOST_TEST(text.find("no token file: 70000 bytes") != std::string::npos, text);
  BOOST_TEST(text.find("chown") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(facts_for_a_file_do_not_name_the_home_folder) {
  Machine machine;
  machine.set("HF_HOME", (machine.home() / "hf").string())
      .set("SUDO_USER", "alice")
      .file("hf/token", kBom + kA)
      .file(".bashrc", "export HF_TOKEN=x\n")
      .valid(kA, "alice");
  const Facts hidden = without_home_folder(machine.facts());
  const std::string json = facts_to_json(hidden);
  BOOST_TEST(json.find(machine.home().filename().string()) == std::string::npos, json);
  BOOST_TEST(json.find("SUDO_USER\": \"alice") == std::string::npos, json);
  const Report replayed = diagnose::diagnose(facts_from_json(json).value(), {});
  BOOST_TEST(roots_of(replayed) == roots_of(machine.report()));
  BOOST_TEST(rendered(replayed).find("~/hf/token") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_file_of_somebody_else_is_no_verdict_on_the_token) {
  Machine machine;  // root reads everything, so the state is put into the facts
  machine.saved(kA).valid(kA, "alice");
  Facts facts = machine.facts();
  for (TokenFile& file : facts.files) {
    file.kind = token::FileState::Kind::unreadable;
    file.mode = 0600;
  }
  const Report report = diagnose::diagnose(facts, {});
  BOOST_TEST(roots_of(report) == "HFA801/error");
  BOOST_TEST(report.findings.at(0).evidence.at(0).text.find("mode 0600") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_skip_and_fail_on_choose) {
  Machine machine;
  machine.set("HF_TOKEN", kA).saved(kB).valid(kA, "alice").valid(kB, "bob");
  BOOST_TEST(machine.report({.only = {"HFA301"}, .skip = {}}).findings.empty());
  BOOST_TEST(machine.report({.only = {}, .skip = {"HFA101"}}).findings.empty());
  BOOST_TEST(machine.report({.only = {}, .skip = {}, .fail_on = FailOn::warning}).exit_code == 1);
  BOOST_TEST(parse_check_list("hfa101,token-rejected").value().at(1) == "HFA301");
  BOOST_TEST((parse_check_list("HFA999").error().code == Errc::usage));
}

BOOST_AUTO_TEST_CASE(the_installed_client_decides_the_rules) {
  Machine machine;
  machine.installed("0.36.0").saved(kA).valid(kA, "alice");
  const Report report = machine.report();
  BOOST_TEST(report.clients.at(0).version == "0.36.0");
  Machine none;
  BOOST_TEST(none.report().clients.at(0).version.find("(assumed)") != std::string::npos);
  Machine colab;
  colab.set("COLAB_GPU", "1");
  BOOST_TEST(colab.report().clients.size() == 2U);
}

BOOST_AUTO_TEST_CASE(control_characters_of_facts_do_not_reach_the_terminal) {
  const std::string evil =
      "a\x1b]0;owned\x07\x9b"
      "31m\xc2\x9b"
      "2J\x7f\r\n";
  Machine machine;
  machine.set("HF_ENDPOINT", "https://" + evil).set("HF_HOME", "/" + evil).saved(kA);
  Facts facts = machine.facts();
  facts.incomplete.push_back({.id = evil, .reason = evil, .next = evil});
  facts.client.version = evil;
  facts.client.where = evil;
  const std::string shown = render_report(diagnose::diagnose(facts, {}), {80, false, false}, 1,
                                          std::chrono::milliseconds(0));
  BOOST_TEST(shown.find_first_of("\x1b\x07\x7f\r") == std::string::npos, shown);
  BOOST_TEST(shown.find("\xc2\x9b") == std::string::npos, shown);
  BOOST_TEST(shown.find("\\x1b]0;owned\\x07") != std::string::npos, shown);
}

BOOST_AUTO_TEST_CASE(rejects_facts_that_are_not_ours_or_newer) {
  BOOST_TEST((facts_from_json("not json").error().code == Errc::invalid_input));
  BOOST_TEST((facts_from_json("{}").error().code == Errc::invalid_input));
  BOOST_TEST((facts_from_json(R"({"hfauth_facts":99})").error().code == Errc::unsupported));
  for (const char* const format : {R"("1")", "null", "-1", "1.5", "1e300", "[1]", "{}", "true"}) {
    const auto facts = facts_from_json(R"({"hfauth_facts":)" + std::string(format) + "}");
    BOOST_TEST((facts.error().code == Errc::invalid_input), format);
  }
  BOOST_TEST(
      (facts_from_json(R"({"hfauth_facts":1,"taken":"2026-11-22T00:00:00Z","environment":[7]})")
           .error()
           .code == Errc::invalid_input));
}
