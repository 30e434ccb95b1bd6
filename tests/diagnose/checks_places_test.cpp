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

std::string notebook(const std::string& token) {
  return R"x({"cells": [{"cell_type": "markdown", "source": ["# Hello"]},
 {"cell_type": "code", "outputs": [], "source": ["login(token=')x" +
         token + R"x(')"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})x";
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
    {"a helper of git's answers with a dead token", "HFA806", "error root",
     [](Machine& m) {
       alice(m);
       m.rejected(kTokenX).file(".cache/huggingface/stored_tokens",
                                "[old]\nhf_token = " + kTokenX + "\n\n");
       m.file(".gitconfig", "[credential]\n\thelper = cache\n");
     },
     [](Facts& f) {
       f.git.helpers.at(0).asked = true;
       f.git.helpers.at(0).token = f.stored.logins.at(0).token;
     }},
    {"a helper of git's that was not asked",
     "HFA806",
     "",
     [](Machine& m) {
       alice(m);
       m.file(".gitconfig", "[credential]\n\thelper = manager\n");
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
    {"a token in a remote's URL, seen from a linked work tree",
     "HFA810",
     "error root",
     [](Machine& m) {
       alice(m);
       m.file("clone/.git/config",
              "[remote \"origin\"]\n\turl = https://u:" + kTokenA + "@huggingface.co/org/x\n");
       m.file("clone/.git/worktrees/cwd/commondir", "../..\n");
       m.file("cwd/.git", "gitdir: " + (m.home() / "clone/.git/worktrees/cwd").string() + "\n");
     },
     {}},
    {"a token in the URL of a submodule's remote",
     "HFA810",
     "error root",
     [](Machine& m) {
       alice(m);
       m.file(".git/modules/cwd/config",
              "[remote \"origin\"]\n\turl = https://u:" + kTokenA + "@huggingface.co/org/x\n");
       m.file("cwd/.git", "gitdir: ../.git/modules/cwd\n");
     },
     {}},
    {"a .git that leads nowhere, and a token in the remote of what is around it",
     "HFA810",
     "",
     [](Machine& m) {
       alice(m);
       m.file(".git/config",
              "[remote \"origin\"]\n\turl = https://u:" + kTokenA + "@huggingface.co/org/x\n");
       m.file("cwd/.git", "no repository\n");
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
    {"a token in a notebook",
     "HFA902",
     "warning root",
     [](Machine& m) {
       alice(m);
       m.file("cwd/a.ipynb", notebook(kTokenB));
     },
     {}},
    {"a token in a notebook that git would commit",
     "HFA902",
     "error root",
     [](Machine& m) {
       alice(m);
       m.file("cwd/a.ipynb", notebook(kTokenB)).directory("cwd/.git");
     },
     {}},
    {"a placeholder in a notebook",
     "HFA902",
     "",
     [](Machine& m) {
       alice(m);
       m.file("cwd/a.ipynb", notebook("hf_" + std::string(34, 'x')));
     },
     {}},
    {"a token in git's history", "HFA903", "error root", alice,
     [](Facts& f) {
       f.exposed = {{"git history", "/w/.env", 0, "1a2b3c4", "", "hf_****abcd", "0badc0de"}};
     }},
    {"a token in a test's data", "HFA903", "info root", alice,
     [](Facts& f) {
       f.exposed = {{"git index", "/w/tests/data.txt", 3, "", "", "hf_****abcd", "0badc0de"}};
     }},
    {"a start-up file with a token",
     "HFA904",
     "info root",
     [](Machine& m) {
       alice(m);
       m.file(".bashrc", "export HF_TOKEN=" + kTokenA + "\n");
     },
     {}},
    {"a start-up file that asks for the token",
     "HFA904",
     "",
     [](Machine& m) {
       alice(m);
       m.file(".bashrc", "export HF_TOKEN=$(hfauth token)\n# HF_TOKEN=" + kTokenA + "\n");
     },
     {}},
    {"a token in a running program's arguments", "HFA905", "warning root", alice,
     [](Facts& f) {
       f.exposed = {{"arguments", "pid 4242 (python3)", 0, "", "", "hf_****abcd", "0badc0de"}};
     }},
    {"no program has one", "HFA905", "", alice, {}},
    // HFA6xx: other installations and other ways to start a program
    {"a unit without the shell's variable",
     "HFA602",
     "warning root",
     [](Machine& m) {
       m.set("HF_TOKEN", kTokenA).valid(kTokenA, "alice");
       m.file(".config/systemd/user/train.service",
              "[Service]\nExecStart=/usr/bin/hf download x\n");
     },
     {}},
    {"a unit that finds the token's file",
     "HFA602",
     "",
     [](Machine& m) {
       alice(m);
       m.set("HF_TOKEN", kTokenA);
       m.file(".config/systemd/user/train.service",
              "[Service]\nExecStart=/usr/bin/hf download x\n");
     },
     {}},
    {"a unit that needs no token",
     "HFA602",
     "",
     [](Machine& m) {
       m.set("HF_TOKEN", kTokenA).valid(kTokenA, "alice");
       m.file(".config/systemd/user/sync.service", "[Service]\nExecStart=/usr/bin/rsync a b\n");
     },
     {}},
    {"a unit with a variable of its own",
     "HFA602",
     "",
     [](Machine& m) {
       m.set("HF_TOKEN", kTokenA).valid(kTokenA, "alice");
       m.file(".config/systemd/user/train.service",
              "[Service]\nExecStart=/usr/bin/hf download x\nEnvironmentFile=%h/hf.env\n");
       m.file("hf.env", "HF_TOKEN=" + kTokenA + "\n");
     },
     {}},
    {"a job of cron without the variable", "HFA602", "warning root",
     [](Machine& m) { m.set("HF_TOKEN", kTokenA).valid(kTokenA, "alice"); },
     [](Facts& f) {
       ServiceFacts job;
       job.kind = "cron";
       job.name = "crontab line 1";
       job.uses_hub = true;
       f.services = {job};
     }},
    {"hf and Python of two releases", "HFA607", "info root",
     [](Machine& m) {
       alice(m);
       m.installed("1.28.0");
     },
     [](Facts& f) {
       f.programs = {{"hf", "/home/u/.local/bin/hf", "1.9.0", "/x/bin/python"}};
     }},
    {"hf and Python that come to different tokens", "HFA607", "warning root",
     [](Machine& m) {
       alice(m);
       m.installed("1.28.0").set("HF_OIDC_RESOURCE", "org/x");
     },
     [](Facts& f) {
       f.programs = {{"hf", "/home/u/.local/bin/hf", "1.9.0", "/x/bin/python"}};
     }},
    {"hf and Python of one release", "HFA607", "",
     [](Machine& m) {
       alice(m);
       m.installed("1.28.0");
     },
     [](Facts& f) {
       f.programs = {{"hf", "/home/u/.local/bin/hf", "1.28.0", "/x/bin/python"}};
     }},
    {"Colab did not answer in time", "HFA703", "warning root",
     [](Machine& m) { m.set("COLAB_RELEASE_TAG", "release"); },
     [](Facts& f) { f.notebook.vault = "timeout"; }},
    {"Colab answered", "HFA703", "", [](Machine& m) { m.set("COLAB_RELEASE_TAG", "release"); },
     [](Facts& f) { f.notebook.vault = "missing"; }},
    {"Colab's secret and the variable differ", "HFA705", "warning root",
     [](Machine& m) {
       m.set("COLAB_RELEASE_TAG", "release").set("HF_TOKEN", kTokenA).valid(kTokenA, "alice");
     },
     [](Facts& f) { f.notebook.vault_token = "hf_0badc0de"; }},
    {"Colab's secret and the variable are one", "HFA705", "",
     [](Machine& m) {
       m.set("COLAB_RELEASE_TAG", "release").set("HF_TOKEN", kTokenA).valid(kTokenA, "alice");
     },
     [](Facts& f) { f.notebook.vault_token = sent_of(f); }},
    {"a command of a notebook, and the vault has the secret", "HFA706", "warning root",
     [](Machine& m) { m.set("COLAB_RELEASE_TAG", "release"); },
     [](Facts& f) { f.notebook.vault = "present"; }},
    {"the vault has nothing either", "HFA706", "",
     [](Machine& m) { m.set("COLAB_RELEASE_TAG", "release"); },
     [](Facts& f) { f.notebook.vault = "missing"; }},
    {"somebody writes stored_tokens", "HFA812", "warning root", alice,
     [](Facts& f) {
       f.stored.path = "/t/stored_tokens";
       f.stored.lock_held = true;
     }},
    {"nobody writes stored_tokens", "HFA812", "", alice,
     [](Facts& f) { f.stored.path = "/t/stored_tokens"; }},
};

}  // namespace

BOOST_DATA_TEST_CASE(finds_what_is_wrong_around_the_client_and_nothing_else, data::make(kCases),
                     one) {
  hfauth::testing::judge(one);
}
