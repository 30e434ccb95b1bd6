// SPDX-License-Identifier: Apache-2.0
//
// The checks of sources, values, identity, access and network, on facts with their condition and on
// facts that look like it and are all right: the false alarm that the catalogue warns of.
#include "diagnose/check_case.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <vector>

namespace data = boost::unit_test::data;
using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::alice;
using hfauth::testing::CheckCase;
using hfauth::testing::kTokenA;
using hfauth::testing::kTokenB;
using hfauth::testing::kTokenX;
using hfauth::testing::Machine;
using hfauth::testing::sent_of;

namespace {

using hub::Access;

const std::string kOrgToken = "api_org_" + testing::token_of('o').substr(3);

void nobody(Machine& /*machine*/) {}

TargetFacts target(std::vector<TargetAnswer> answers) {
  TargetFacts target;
  target.id = "org/gated";
  target.answers = std::move(answers);
  return target;
}

ScriptFacts script(std::string kind, std::string stand_in) {
  ScriptPlace place;
  place.kind = std::move(kind);
  place.line = 3;
  if (!stand_in.empty()) {
    place.token = {stand_in, "hf_****abcd", stand_in.substr(3)};
  }
  return {"/s/train.py", false, "", {place}, false};
}

TargetAnswer answer(std::string sent, Access access, int status = 403, std::string message = "") {
  TargetAnswer answer;
  answer.sent = std::move(sent);
  answer.access = access;
  answer.status = status;
  answer.message = std::move(message);
  return answer;
}

std::function<void(Facts&)> answered(Access access, int status = 403, std::string message = "") {
  return [=](Facts& facts) {
    facts.targets = {
        target({answer("", Access::log_in, 401), answer(sent_of(facts), access, status, message)})};
  };
}

const std::vector<CheckCase> kCases{
    // HFA1xx
    {"two variables with two tokens",
     "HFA102",
     "warning root",
     [](Machine& m) {
       m.set("HF_TOKEN", kTokenA)
           .set("HF_API_TOKEN", kTokenB)
           .valid(kTokenA, "alice")
           .valid(kTokenB, "bob");
     },
     {}},
    {"two variables with one token",
     "HFA102",
     "",
     [](Machine& m) {
       m.set("HF_TOKEN", kTokenA).set("HF_API_TOKEN", kTokenA).valid(kTokenA, "alice");
     },
     {}},
    {"the token is in the old client's home",
     "HFA108",
     "error root",
     [](Machine& m) { m.file(".huggingface/token", kTokenA).valid(kTokenA, "alice"); },
     {}},
    {"a shared cache that holds no token",
     "HFA108",
     "",
     [](Machine& m) {
       alice(m);
       m.directory("shared/hub").set("HF_HUB_CACHE", (m.home() / "shared/hub").string());
     },
     {}},
    {"the active token is not stored",
     "HFA111",
     "info root",
     [](Machine& m) {
       alice(m);
       m.valid(kTokenB, "bob")
           .file(".cache/huggingface/stored_tokens", "[work]\nhf_token = " + kTokenB + "\n");
     },
     {}},
    {"the active token is stored",
     "HFA111",
     "",
     [](Machine& m) {
       alice(m);
       m.file(".cache/huggingface/stored_tokens", "[work]\nhf_token = " + kTokenA + "\n");
     },
     {}},
    {"a name that nobody reads",
     "HFA114",
     "warning root",
     [](Machine& m) { m.set("HF_TOKENS", kTokenA).valid(kTokenA, "alice"); },
     {}},
    {"a program's own variable, and a login that works",
     "HFA114",
     "",
     [](Machine& m) {
       alice(m);
       m.set("MY_APP_HF_TOKEN", kTokenA);
     },
     {}},
    {"the staging Hub",
     "HFA115",
     "warning root",
     [](Machine& m) { m.set("HUGGINGFACE_CO_STAGING", "1"); },
     {}},
    {"staging set to 0",
     "HFA115",
     "",
     [](Machine& m) { m.set("HUGGINGFACE_CO_STAGING", "0"); },
     {}},
    // HFA2xx
    {"the key of another vendor",
     "HFA208",
     "error root",
     [](Machine& m) {
       const std::string key = "ghp_" + std::string(36, 'A');
       m.set("HF_TOKEN", key).rejected(key);
     },
     {}},
    {"an odd token that the Hub accepts",
     "HFA207",
     "",
     [](Machine& m) {
       const std::string odd = "hf_oauth_" + std::string(60, 'A');
       m.set("HF_TOKEN", odd).valid(odd, "alice");
     },
     {}},
    {"a client that is newer than the rules",
     "HFA003",
     "info root",
     [](Machine& m) {
       alice(m);
       m.installed("9.0.0");
     },
     {}},
    {"a client of the rules' time",
     "HFA003",
     "",
     [](Machine& m) {
       alice(m);
       m.installed("1.28.0");
     },
     {}},
    {"a token that may write, in three places",
     "HFA209",
     "info root",
     [](Machine& m) {
       m.saved(kTokenA).valid(kTokenA, "alice", "write").set("HF_TOKEN", kTokenA);
       m.file(".netrc", "machine huggingface.co login u password " + kTokenA + "\n");
     },
     {}},
    {"a token that may read, in three places",
     "HFA209",
     "",
     [](Machine& m) {
       m.saved(kTokenA).valid(kTokenA, "alice").set("HF_TOKEN", kTokenA);
       m.file(".netrc", "machine huggingface.co login u password " + kTokenA + "\n");
     },
     {}},
    // HFA3xx
    {"a login of the browser ended, and an old client",
     "HFA304",
     "error root",
     [](Machine& m) {
       m.installed("1.19.0").saved(kTokenX).rejected(kTokenX).file(
           ".cache/huggingface/stored_tokens",
           "[oauth]\nhf_token = " + kTokenX + "\nrefresh_token = hf_refresh_" +
               std::string(20, 'A') + "\nexpires_at = 1700000000\n");
     },
     {}},
    {"the same with a client that renews it",
     "HFA304",
     "",
     [](Machine& m) {
       m.installed("1.28.0")
           .saved(kTokenA)
           .valid(kTokenA, "alice")
           .file(".cache/huggingface/stored_tokens",
                 "[oauth]\nhf_token = " + kTokenA + "\nrefresh_token = hf_refresh_" +
                     std::string(20, 'A') + "\nexpires_at = 1700000000\n");
     },
     {}},
    {"the token ends tomorrow", "HFA305", "warning root", alice,
     [](Facts& f) { f.hub.verdicts.at(0).expires = format_utc(f.taken + std::chrono::hours(20)); }},
    {"the token never ends", "HFA305", "", alice, {}},
    {"another account than hfauth.toml names",
     "HFA306",
     "warning root",
     [](Machine& m) {
       alice(m);
       m.file("cwd/hfauth.toml", "expect_user = \"bob\"\n");
     },
     {}},
    {"the account that hfauth.toml names",
     "HFA306",
     "",
     [](Machine& m) {
       alice(m);
       m.file("cwd/hfauth.toml", "expect_user = \"alice\"\n");
     },
     {}},
    {"a read token where something is to be written", "HFA307", "warning root", alice,
     [](Facts& f) { f.write_intended = true; }},
    {"a read token where something is to be read", "HFA307", "", alice, {}},
    {"a write token where something is to be written", "HFA307", "",
     [](Machine& m) { m.saved(kTokenA).valid(kTokenA, "alice", "write"); },
     [](Facts& f) { f.write_intended = true; }},
    // HFA4xx
    {"a gated repository, and requests are anonymous", "HFA401", "error",
     [](Machine& m) {
       alice(m);
       m.set("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
     },
     answered(Access::granted, 200)},
    {"a gated repository, and nobody is logged in", "HFA110", "error root", nobody,
     [](Facts& f) { f.targets = {target({answer("", Access::log_in, 401)})}; }},
    {"a public repository, and nobody is logged in", "HFA110", "info root", nobody,
     [](Facts& f) { f.targets = {target({answer("", Access::granted, 200)})}; }},
    {"access was never asked for", "HFA402", "error root", alice, answered(Access::not_requested)},
    {"access was granted", "HFA402", "", alice, answered(Access::granted, 200)},
    {"a fine-grained token without the box", "HFA403", "error root",
     [](Machine& m) { m.saved(kTokenA).valid(kTokenA, "alice", "fineGrained"); },
     answered(Access::no_gated_scope)},
    {"the account has no access either", "HFA403", "", alice, answered(Access::not_requested)},
    {"the request waits", "HFA404", "error root", alice, answered(Access::pending)},
    {"the request was refused", "HFA404", "error root", alice, answered(Access::rejected)},
    {"a target is limited", "HFA405", "error root", alice, answered(Access::unknown, 429)},
    {"whoami alone is limited",
     "HFA405",
     "warning root",
     [](Machine& m) { m.saved(kTokenA).rate_limited(kTokenA); },
     {}},
    {"another account's token may open it", "HFA406", "warning root",
     [](Machine& m) {
       m.valid(kTokenA, "alice")
           .valid(kTokenB, "bob")
           .saved(kTokenA)
           .file(".cache/huggingface/stored_tokens",
                 "[a]\nhf_token = " + kTokenA + "\n[b]\nhf_token = " + kTokenB + "\n");
     },
     [](Facts& f) {
       f.targets = {target({answer(sent_of(f, 0), Access::not_requested),
                            answer(sent_of(f, 1), Access::granted, 200)})};
     }},
    {"a repository that is not there", "HFA407", "error root", alice,
     [](Facts& f) {
       f.targets = {
           target({answer("", Access::absent, 401), answer(sent_of(f), Access::absent, 404)})};
       f.targets.at(0).similar = {"org/gated2"};
     }},
    {"one that another token sees", "HFA407", "",
     [](Machine& m) {
       m.valid(kTokenA, "alice")
           .valid(kTokenB, "bob")
           .saved(kTokenA)
           .file(".cache/huggingface/stored_tokens",
                 "[a]\nhf_token = " + kTokenA + "\n[b]\nhf_token = " + kTokenB + "\n");
     },
     [](Facts& f) {
       f.targets = {
           target({answer("", Access::absent, 401), answer(sent_of(f, 0), Access::absent, 404),
                   answer(sent_of(f, 1), Access::granted, 200)})};
     }},
    {"writing is refused", "HFA408", "error root",
     [](Machine& m) { m.saved(kTokenA).valid(kTokenA, "alice", "write"); },
     [](Facts& f) {
       answered(Access::read_only)(f);
       f.write_intended = true;
     }},
    {"an organisation wants approved tokens", "HFA409", "error root", alice,
     answered(Access::denied, 403, "Your token must be approved by an administrator")},
    {"a rule of an organisation", "HFA410", "error root", alice,
     answered(Access::denied, 403, "Access from this network is not allowed")},
    {"a repository that is switched off", "HFA411", "error root", alice,
     answered(Access::denied, 403, "Access to this resource is disabled.")},
    {"a repository that is switched off is no rule of an organisation", "HFA410", "", alice,
     answered(Access::denied, 403, "Access to this resource is disabled.")},
    // HFA5xx
    {"offline in a word that means nothing",
     "HFA502",
     "info root",
     [](Machine& m) {
       alice(m);
       m.set("HF_HUB_OFFLINE", "y");
     },
     {}},
    {"offline switched off",
     "HFA502",
     "",
     [](Machine& m) {
       alice(m);
       m.set("HF_HUB_OFFLINE", "0");
     },
     {}},
    {"offline, and something was to be fetched", "HFA501", "error root",
     [](Machine& m) { m.saved(kTokenA).set("HF_HUB_OFFLINE", "1"); },
     [](Facts& f) { f.targets = {target({})}; }},
    {"the proxy refuses",
     "HFA504",
     "error root",
     [](Machine& m) {
       m.saved(kTokenA)
           .set("HTTPS_PROXY", "http://proxy.invalid:3128")
           .unreachable("proxy proxy.invalid: Received HTTP code 407 from proxy after CONNECT");
     },
     {}},
    {"a proxy that works",
     "HFA504",
     "",
     [](Machine& m) {
       alice(m);
       m.set("HTTPS_PROXY", "http://proxy.example:3128");
     },
     {}},
    {"the certificate is refused",
     "HFA505",
     "error root",
     [](Machine& m) {
       m.saved(kTokenA).unreachable("TLS with huggingface.co: certificate problem");
     },
     {}},
    {"a company's authority signs for the Hub", "HFA505", "error root",
     [](Machine& m) {
       m.saved(kTokenA).unreachable("TLS with huggingface.co: certificate problem");
     },
     [](Facts& f) { f.hub.issuer = "O = Corp, CN = Corp Proxy CA G2"; }},
    {"this machine does not know the Hub's own authority", "HFA505", "error root",
     [](Machine& m) {
       m.saved(kTokenA).unreachable("TLS with huggingface.co: certificate problem");
     },
     [](Facts& f) { f.hub.issuer = "C = US, O = Amazon, CN = Amazon RSA 2048 M02"; }},
    {"a private Hub with its own authority",
     "HFA505",
     "",
     [](Machine& m) {
       m.saved(kTokenA)
           .set("HF_ENDPOINT", "https://hub.example")
           .unreachable("TLS with hub.example: x");
     },
     {}},
    {"the authority is in the other library's variable", "HFA506", "error root", alice,
     [](Facts& f) {
       f.hub.client_failure = "TLS with huggingface.co: certificate problem";
       f.hub.client_failure_step = "tls";
       f.hub.client_authority = "/etc/corp.pem";
       f.hub.client_authority_set_by = "REQUESTS_CA_BUNDLE";
     }},
    {"both variables are set", "HFA506", "", alice,
     [](Facts& f) {
       f.hub.client_authority = "/etc/corp.pem";
       f.hub.client_authority_set_by = "REQUESTS_CA_BUNDLE";
     }},
    {"a mirror that would get the token",
     "HFA507",
     "error root",
     [](Machine& m) { m.saved(kTokenA).set("HF_ENDPOINT", "https://mirror.example"); },
     {}},
    {"this machine itself",
     "HFA507",
     "",
     [](Machine& m) {
       alice(m);
       m.set("HF_ENDPOINT", "http://127.0.0.1:8080");
     },
     {}},
    {"the clock is two hours ahead", "HFA509", "error root", alice,
     [](Facts& f) {
       f.hub.clock_known = true;
       f.hub.clock_ahead = 7200;
     }},
    {"the clock is a minute ahead", "HFA509", "", alice,
     [](Facts& f) {
       f.hub.clock_known = true;
       f.hub.clock_ahead = 60;
     }},
    {"a portal answers", "HFA511", "error root",
     [](Machine& m) { m.saved(kTokenA).unreachable("x"); },
     [](Facts& f) { f.hub.control_not_hub = true; }},
    {"what a portal hides is its symptom", "HFA503", "unknown",
     [](Machine& m) { m.saved(kTokenA).unreachable("x"); },
     [](Facts& f) { f.hub.control_not_hub = true; }},
    {"a time-out with a unit",
     "HFA512",
     "error root",
     [](Machine& m) {
       alice(m);
       m.set("HF_HUB_ETAG_TIMEOUT", "10s");
     },
     {}},
    {"a time-out in seconds",
     "HFA512",
     "",
     [](Machine& m) {
       alice(m);
       m.set("HF_HUB_ETAG_TIMEOUT", " 10 ");
     },
     {}},
    // What the Hub tells of the account
    {"an organisation's token",
     "HFA206",
     "error root",
     [](Machine& m) { m.set("HF_TOKEN", kOrgToken).rejected(kOrgToken); },
     {}},
    {"then its refusal follows from it",
     "HFA301",
     "error",
     [](Machine& m) { m.set("HF_TOKEN", kOrgToken).rejected(kOrgToken); },
     {}},
    {"an organisation's token at an old private Hub",
     "HFA206",
     "warning root",
     [](Machine& m) { m.set("HF_TOKEN", kOrgToken).valid(kOrgToken, "acme"); },
     {}},
    {"the Hub told a program that it ignores the token", "HFA302", "warning root", alice,
     [](Facts& f) {
       f.said = {{"HFA302", "M-020", "Authenticated through an invalid token"}};
     }},
    {"nobody was told so", "HFA302", "", alice, {}},
    {"a write token, and security is asked for", "HFA308", "info root",
     [](Machine& m) { m.saved(kTokenA).valid(kTokenA, "alice", "write"); },
     [](Facts& f) { f.security_profile = true; }},
    {"a write token, and nobody asked",
     "HFA308",
     "",
     [](Machine& m) { m.saved(kTokenA).valid(kTokenA, "alice", "write"); },
     {}},
    {"a write token that is to write", "HFA308", "",
     [](Machine& m) { m.saved(kTokenA).valid(kTokenA, "alice", "write"); },
     [](Facts& f) {
       f.security_profile = true;
       f.write_intended = true;
     }},
    {"a refusal that asks for a confirmed address", "HFA309", "warning root", alice,
     [](Facts& f) {
       f.targets = {target({answer("", Access::denied),
                            answer(sent_of(f), Access::denied, 403, "Please confirm your email")})};
     }},
    {"a refusal for another reason", "HFA309", "", alice,
     [](Facts& f) {
       f.targets = {target({answer(sent_of(f), Access::denied, 403, "not for you")})};
     }},
    {"a refusal, and the Hub says that the address is not confirmed", "HFA309", "info root", alice,
     [](Facts& f) {
       f.hub.verdicts.at(0).email_unverified = true;
       f.targets = {target({answer(sent_of(f), Access::denied, 403, "not for you")})};
     }},
    {"an address that is not confirmed, and nothing was refused", "HFA309", "", alice,
     [](Facts& f) { f.hub.verdicts.at(0).email_unverified = true; }},
    {"credits are used up, and the account cannot pay", "HFA309", "info root", alice,
     [](Facts& f) {
       f.hub.verdicts.at(0).cannot_pay = true;
       f.said = {{"HFA412", "M-068", "exceeded your monthly included credits"}};
     }},
    {"an account that cannot pay and need not", "HFA309", "", alice,
     [](Facts& f) { f.hub.verdicts.at(0).cannot_pay = true; }},
    {"a verdict of some minutes ago is wrong by now", "HFA310", "info root",
     [](Machine& m) { m.saved(kTokenX).rejected(kTokenX); },
     [](Facts& f) {
       f.hub.remembered = {{sent_of(f), hub::Verdict::valid, "2026-01-01T00:00:00Z", true}};
     }},
    {"a verdict that is not used any more", "HFA310", "",
     [](Machine& m) { m.saved(kTokenX).rejected(kTokenX); },
     [](Facts& f) {
       f.hub.remembered = {{sent_of(f), hub::Verdict::valid, "2026-01-01T00:00:00Z", false}};
     }},
    {"a verdict that still holds", "HFA310", "", alice,
     [](Facts& f) {
       f.hub.remembered = {{sent_of(f), hub::Verdict::valid, "2026-01-01T00:00:00Z", true}};
     }},
    {"a token that may not call inference", "HFA412", "error root",
     [](Machine& m) { m.saved(kTokenA).valid(kTokenA, "alice", "fineGrained"); },
     [](Facts& f) {
       f.said = {{"HFA412", "M-056", "does not have sufficient permissions"}};
     }},
    {"a fine-grained token of which no program complained",
     "HFA412",
     "",
     [](Machine& m) { m.saved(kTokenA).valid(kTokenA, "alice", "fineGrained"); },
     {}},
    {"the large files' host is blocked", "HFA510", "error root", alice,
     [](Facts& f) {
       f.targets = {target({answer(sent_of(f), Access::granted, 200)})};
       f.targets[0].file_host = {"cdn.example", "model.safetensors", 0, "TLS with cdn.example: no",
                                 "tls"};
     }},
    {"Xet's own host is blocked, and plain HTTP gets through", "HFA510", "warning root", alice,
     [](Facts& f) {
       f.targets = {target({answer(sent_of(f), Access::granted, 200)})};
       f.targets[0].file_host = {"cdn.example", "model.safetensors", 206, "", "http"};
       f.targets[0].xet_host = {"cas.example", "model.safetensors", 0, "connect to cas.example: no",
                                "connect"};
     }},
    {"the large files' host answers", "HFA510", "", alice,
     [](Facts& f) {
       f.targets = {target({answer(sent_of(f), Access::granted, 200)})};
       f.targets[0].file_host = {"cdn.example", "model.safetensors", 206, "", "http"};
     }},
    // What programs say for themselves
    {"a program was seen to pass a token", "HFA605", "warning root", alice,
     [](Facts& f) {
       f.said = {{"HFA605", "M-080", "use_auth_token"}};
     }},
    {"a script passes another token", "HFA605", "warning root", alice,
     [](Facts& f) { f.scripts = {script("token_argument", "hf_0badc0de")}; }},
    {"a script asks to be anonymous, and the target is gated", "HFA606", "warning root", alice,
     [](Facts& f) {
       f.scripts = {script("token_false", "")};
       f.targets = {target({answer("", Access::log_in), answer(sent_of(f), Access::granted, 200)})};
     }},
    {"a script asks to be anonymous, and everything is public", "HFA606", "info root", alice,
     [](Facts& f) {
       f.scripts = {script("token_false", "")};
       f.targets = {target({answer("", Access::granted, 200)})};
     }},
    {"a program was anonymous although every source has a token", "HFA610", "warning root", alice,
     [](Facts& f) {
       f.said = {{"HFA110", "M-020", "unauthenticated requests"}};
     }},
    {"that follows from a call", "HFA610", "warning", alice,
     [](Facts& f) {
       f.said = {{"HFA110", "M-020", "unauthenticated requests"}};
       f.scripts = {script("token_false", "")};
     }},
    {"a program was anonymous because nobody is logged in", "HFA610", "", nobody,
     [](Facts& f) {
       f.said = {{"HFA110", "M-020", "unauthenticated requests"}};
     }},
    // The doctor itself
    {"a probe that did not end", "HFA001", "unknown root", alice,
     [](Facts& f) {
       f.incomplete = {{"HFA001", "the probe git did not end within 3 s", ""}};
     }},
    {"a probe that failed", "HFA002", "unknown root", alice,
     [](Facts& f) {
       f.incomplete = {{"HFA002", "the probe git failed: out of range", ""}};
     }},
    {"what is unknown of a token is no part of the doctor's", "HFA001", "", alice,
     [](Facts& f) {
       f.incomplete = {{"HFA301", "the Hub limits whoami", ""}};
     }},
};

}  // namespace

BOOST_DATA_TEST_CASE(finds_what_is_wrong_with_token_and_network_and_nothing_else,
                     data::make(kCases), one) {
  hfauth::testing::judge(one);
}
