// SPDX-License-Identifier: Apache-2.0
//
// The checks of processes, hosted places and storage, as checks_test.cpp does for the others.
#include "diagnose/check_case.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
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

SessionFacts session(std::string kind, std::string stand_in = "") {
  SessionFacts session;
  session.pid = 4242;
  session.kind = std::move(kind);
  session.started = "2026-01-01T00:00:00Z";
  if (!stand_in.empty()) {
    session.environment.set("HF_TOKEN", stand_in);
    session.tokens.push_back({stand_in, "hf_****mask", stand_in.substr(3)});
  }
  return session;
}

const std::vector<CheckCase> kCases{
    // HFA6xx
    {"a kernel without the shell's token", "HFA601", "error root",
     [](Machine& m) { m.set("HF_TOKEN", kTokenA).valid(kTokenA, "alice"); },
     [](Facts& f) { f.sessions = {session("kernel")}; }},
    {"a kernel that reads the token's file", "HFA601", "", alice,
     [](Facts& f) { f.sessions = {session("kernel")}; }},
    {"a kernel with the same token", "HFA601", "",
     [](Machine& m) { m.set("HF_TOKEN", kTokenA).valid(kTokenA, "alice"); },
     [](Facts& f) { f.sessions = {session("kernel", sent_of(f))}; }},
    {"an editor with an older environment", "HFA608", "warning root",
     [](Machine& m) { m.set("HF_TOKEN", kTokenA).valid(kTokenA, "alice"); },
     [](Facts& f) { f.sessions = {session("editor", "hf_0badc0de")}; }},
    {"a session with another good token", "HFA609", "info root",
     [](Machine& m) {
       m.set("HF_TOKEN", kTokenA)
           .set("HUGGING_FACE_HUB_TOKEN", kTokenB)
           .valid(kTokenA, "alice")
           .valid(kTokenB, "bob");
     },
     [](Facts& f) { f.sessions = {session("server", sent_of(f, 1))}; }},
    {"sudo, and the login is the caller's",
     "HFA603",
     "error root",
     [](Machine& m) {
       m.set("SUDO_USER", "u").set("SUDO_HOME", (m.home() / "u").string());
       m.file("u/.cache/huggingface/token", kTokenA).valid(kTokenA, "alice");
     },
     {}},
    {"sudo, and nobody is logged in",
     "HFA603",
     "",
     [](Machine& m) { m.set("SUDO_USER", "u").set("SUDO_HOME", (m.home() / "u").string()); },
     {}},
    {"a container without a token",
     "HFA604",
     "warning root",
     [](Machine& m) { m.set("container", "podman"); },
     {}},
    {"a container with one",
     "HFA604",
     "",
     [](Machine& m) {
       m.set("container", "podman").set("HF_TOKEN", kTokenA).valid(kTokenA, "alice");
     },
     {}},
    // HFA7xx
    {"Colab refuses the secret", "HFA702", "warning root",
     [](Machine& m) { m.set("COLAB_RELEASE_TAG", "release"); },
     [](Facts& f) { f.notebook.vault = "no_access"; }},
    {"then it is not missing", "HFA701", "",
     [](Machine& m) { m.set("COLAB_RELEASE_TAG", "release"); },
     [](Facts& f) { f.notebook.vault = "no_access"; }},
    {"Colab's secret is new", "HFA704", "warning root",
     [](Machine& m) { m.set("COLAB_RELEASE_TAG", "release"); },
     [](Facts& f) {
       f.notebook.vault = "present";
       f.notebook.get_token = "none";
     }},
    {"Kaggle without a secret",
     "HFA707",
     "info root",
     [](Machine& m) { m.set("KAGGLE_KERNEL_RUN_TYPE", "Interactive"); },
     {}},
    {"Kaggle without internet",
     "HFA708",
     "error root",
     [](Machine& m) {
       m.set("KAGGLE_KERNEL_RUN_TYPE", "Interactive").unreachable("name look-up: not known");
     },
     {}},
    {"a Space without a secret",
     "HFA709",
     "error root",
     [](Machine& m) { m.set("SPACE_ID", "org/app"); },
     {}},
    {"a Space that logs its visitors in",
     "HFA709",
     "info root",
     [](Machine& m) { m.set("SPACE_ID", "org/app").set("OAUTH_CLIENT_ID", "x"); },
     {}},
    {"a job's secret that is empty",
     "HFA710",
     "error root",
     [](Machine& m) { m.set("CI", "true").set("HF_TOKEN", ""); },
     {}},
    {"a job that is anonymous on purpose",
     "HFA710",
     "",
     [](Machine& m) { m.set("CI", "true"); },
     {}},
    {"a job without the permission",
     "HFA711",
     "error root",
     [](Machine& m) {
       m.set("CI", "true").set("GITHUB_ACTIONS", "true").set("HF_OIDC_RESOURCE", "org/x");
     },
     {}},
    // HFA8xx
    {"a netrc, and requests",
     "HFA803",
     "error root",
     [](Machine& m) {
       alice(m);
       m.installed("0.36.0").rejected(kTokenX);
       m.file(".netrc", "machine huggingface.co login u password " + kTokenX + "\n");
     },
     {}},
    {"a netrc, and httpx",
     "HFA803",
     "info root",
     [](Machine& m) {
       alice(m);
       m.installed("1.28.0");
       m.file(".netrc", "machine huggingface.co login u password " + kTokenX + "\n");
     },
     {}},
    {"a netrc with the same token",
     "HFA803",
     "",
     [](Machine& m) {
       alice(m);
       m.installed("0.36.0");
       m.file(".netrc", "machine huggingface.co login u password " + kTokenA + "\n");
     },
     {}},
    {"a section twice",
     "HFA804",
     "warning root",
     [](Machine& m) {
       alice(m);
       const std::string section = "[work]\nhf_token = " + kTokenA + "\n";
       m.file(".cache/huggingface/stored_tokens", section + section);
     },
     {}},
    {"others may read the token", "HFA805", "warning root", alice,
     [](Facts& f) { f.files.at(0).mode = 0644; }},
    {"a mounted Windows disk shows made-up modes", "HFA805", "",
     [](Machine& m) {
       alice(m);
       m.set("WSL_DISTRO_NAME", "Debian");
     },
     [](Facts& f) { f.files.at(0).mode = 0777; }},
    {"git has a dead token",
     "HFA806",
     "warning root",
     [](Machine& m) {
       alice(m);
       m.file(".gitconfig", "[credential]\n\thelper = store\n");
       m.file(".git-credentials", "https://u:" + kTokenX + "@huggingface.co\n");
     },
     {}},
    {"git has the same token",
     "HFA806",
     "",
     [](Machine& m) {
       alice(m);
       m.file(".gitconfig", "[credential]\n\thelper = store\n");
       m.file(".git-credentials", "https://u:" + kTokenA + "@huggingface.co\n");
     },
     {}},
    {"a clone of the Hub's, and git keeps nothing",
     "HFA807",
     "info root",
     [](Machine& m) {
       alice(m);
       m.file("cwd/.git/config", "[remote \"origin\"]\n\turl = https://huggingface.co/org/x\n");
     },
     {}},
    {"no keyring", "HFA808", "info root", alice, [](Facts& f) { f.keyring.state = "no_bus"; }},
    {"the agent and the file differ",
     "HFA809",
     "warning root",
     [](Machine& m) {
       alice(m);
       m.in_agent("work", kTokenB, "bob").valid(kTokenB, "bob");
     },
     {}},
    {"a token in a remote's URL",
     "HFA810",
     "error root",
     [](Machine& m) {
       alice(m);
       m.file("cwd/.git/config",
              "[remote \"origin\"]\n\turl = https://u:" + kTokenA + "@huggingface.co/org/x\n");
     },
     {}},
    {"a remote by SSH",
     "HFA810",
     "",
     [](Machine& m) {
       alice(m);
       m.file("cwd/.git/config", "[remote \"origin\"]\n\turl = git@hf.co:org/x\n");
     },
     {}},
    {"the cache belongs to root", "HFA811", "error root", alice,
     [](Facts& f) {
       f.folders = {{"HF_HUB_CACHE", "/cache", true, false, 0755, 0, 1U << 30, 1U << 31}};
     }},
    {"a shared cache that is only read", "HFA811", "info root",
     [](Machine& m) { m.saved(kTokenA).set("HF_HUB_OFFLINE", "1"); },
     [](Facts& f) {
       f.folders = {{"HF_HUB_CACHE", "/cache", true, false, 0755, 0, 1U << 30, 1U << 31}};
     }},
    {"the disk is full", "HFA811", "error root", alice,
     [](Facts& f) {
       f.folders = {{"HF_HUB_CACHE", "/cache", true, true, 0755, 0, 1U << 20, 1U << 31}};
     }},
    // HFA1xx and HFA9xx: tokens in other files
    {"a .env that nobody loads",
     "HFA113",
     "warning root",
     [](Machine& m) { m.file("cwd/.env", "HF_TOKEN=" + kTokenA + "\n").valid(kTokenA, "alice"); },
     {}},
    {"a .env beside a login that works",
     "HFA113",
     "",
     [](Machine& m) {
       alice(m);
       m.file("cwd/.env", "HF_TOKEN=" + kTokenA + "\n");
     },
     {}},
    {"a token in the history",
     "HFA901",
     "warning root",
     [](Machine& m) {
       alice(m);
       m.file(".bash_history", "ls\nhf auth login --token " + kTokenB + "\n");
     },
     {}},
    {"a placeholder in the history",
     "HFA901",
     "",
     [](Machine& m) {
       alice(m);
       m.file(".bash_history", "hf auth login --token hf_" + std::string(34, 'x') + "\n");
     },
     {}},
    {"a .env that others can read",
     "HFA906",
     "warning root",
     [](Machine& m) {
       alice(m);
       m.file("cwd/.env", "HF_TOKEN=" + kTokenA + "\n");
       std::filesystem::permissions(m.home() / "cwd/.env", std::filesystem::perms(0644));
     },
     {}},
    {"a .env that git would commit",
     "HFA906",
     "warning root",
     [](Machine& m) {
       alice(m);
       m.file("cwd/.env", "HF_TOKEN=" + kTokenA + "\n").directory("cwd/.git");
     },
     {}},
    {"a .env that git ignores",
     "HFA906",
     "",
     [](Machine& m) {
       alice(m);
       m.file("cwd/.env", "HF_TOKEN=" + kTokenA + "\n").directory("cwd/.git");
       m.file("cwd/.gitignore", ".env\n");
     },
     {}},
};

}  // namespace

BOOST_DATA_TEST_CASE(finds_what_is_wrong_around_the_client_and_nothing_else, data::make(kCases),
                     one) {
  hfauth::testing::judge(one);
}
