// SPDX-License-Identifier: Apache-2.0
//
// What the probes read off a scratch machine: real files, nothing started. Hostile ones too: what
// is no file, what is far too long, what lies.
#include "probes.hpp"

#include "diagnose/check_case.hpp"
#include "support/fake_clock.hpp"

#include <sys/stat.h>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::alice;
using hfauth::testing::kTokenA;
using hfauth::testing::kTokenB;
using hfauth::testing::Machine;

namespace {

void package(Machine& machine, const std::string& prefix, const std::string& name) {
  machine.directory(prefix + "/lib/python3.11/site-packages/" + name + ".dist-info");
}

std::string lines_of(const Facts& facts) {
  std::string text;
  for (const SettingLine& line : facts.setting_lines) {
    text += line.variable + "@" + std::filesystem::path(line.path).filename().string() + ":" +
            std::to_string(line.line) + " ";
  }
  return text;
}

const PythonFacts* python_at(const Facts& facts, const std::string& prefix) {
  const auto found = std::find_if(facts.pythons.begin(), facts.pythons.end(),
                                  [&](const PythonFacts& one) { return one.prefix == prefix; });
  return found == facts.pythons.end() ? nullptr : &*found;
}

const ProgramFacts* program(const Facts& facts, const std::string& name) {
  const auto found = std::find_if(facts.programs.begin(), facts.programs.end(),
                                  [&](const ProgramFacts& one) { return one.name == name; });
  return found == facts.programs.end() ? nullptr : &*found;
}

void executable(Machine& machine, const std::string& relative, const std::string& content) {
  machine.file(relative, content);
  std::filesystem::permissions(machine.home() / relative, std::filesystem::perms(0755));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes)

BOOST_AUTO_TEST_CASE(finds_the_lines_that_set_variables_in_every_kind_of_start_up_file) {
  Machine machine;
  machine.file(".bashrc", "# HF_TOKEN=x\nexport HF_HOME=/data\nalias a='HF_TOKENS=1'\n");
  machine.file(".config/fish/conf.d/hf.fish", "set -gx HF_ENDPOINT https://hub.example\n");
  machine.file(".config/environment.d/10-hf.conf", "HF_HUB_OFFLINE=1\n");
  machine.file(".config/systemd/user/a.service",
               "[Service]\nEnvironment=\"HF_TOKEN=" + kTokenA + "\"\nExecStart=/bin/true\n");
  machine.file(".config/systemd/user/a.service.d/b.conf",
               "[Service]\nEnvironment=A=1 HF_HUB_OFFLINE=1\n");
  const Facts facts = machine.facts();
  BOOST_TEST(lines_of(facts) ==
             "HF_HOME@.bashrc:2 HF_ENDPOINT@hf.fish:1 HF_HUB_OFFLINE@10-hf.conf:1 "
             "HF_TOKEN@a.service:2 HF_HUB_OFFLINE@b.conf:2 ");
  BOOST_REQUIRE(facts.exposed.size() == 1U);
  BOOST_TEST(facts.exposed[0].kind == "dotfile");
  BOOST_TEST(facts.exposed[0].variable == "HF_TOKEN");
  BOOST_TEST(facts.exposed[0].line == 2);
  BOOST_TEST(facts_to_json(facts).find(kTokenA) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(survives_start_up_files_that_are_none) {
  Machine machine;
  machine.directory(".bashrc");
  BOOST_REQUIRE(mkfifo((machine.home() / ".zshrc").c_str(), 0600) == 0);
  std::string many;
  for (int i = 0; i < 100'000; ++i) {
    many += "export HF_TOKEN=" + kTokenA + "\n";
  }
  machine.file(".profile", many);
  const Facts facts = machine.facts();
  BOOST_TEST(facts.setting_lines.size() <= 256U);
  BOOST_TEST(facts.exposed.size() <= 256U);
}

BOOST_AUTO_TEST_CASE(finds_every_python_with_its_packages) {
  Machine machine;
  const std::string home = machine.home().string();
  package(machine, "venv", "huggingface_hub-1.28.0");
  package(machine, "venv", "transformers-5.2.0");
  package(machine, "venv", "datasets-4.0.0");
  package(machine, "venv", "hf_xet-1.8.0");
  package(machine, "miniconda3/envs/old", "huggingface_hub-0.36.0");
  package(machine, ".pyenv/versions/3.11.4", "huggingface_hub-1.9.0");
  package(machine, ".local/share/pipx/venvs/hub", "huggingface_hub-1.10.0");
  package(machine, ".local/share/uv/tools/huggingface-hub", "huggingface_hub-1.20.0");
  package(machine, ".local/share/uv/tools/ruff", "ruff-0.1");
  machine.set("VIRTUAL_ENV", home + "/venv");
  const Facts facts = machine.facts();
  BOOST_TEST(facts.client.version == "1.28.0");
  const PythonFacts* active = python_at(facts, home + "/venv");
  BOOST_REQUIRE(active != nullptr);
  BOOST_TEST(active->kind == "active");
  BOOST_TEST(active->version == "3.11");
  BOOST_TEST(active->transformers == "5.2.0");
  BOOST_TEST(active->datasets == "4.0.0");
  BOOST_TEST(active->hf_xet == "1.8.0");
  const std::vector<std::pair<std::string, std::string>> others{
      {"/miniconda3/envs/old", "conda"},
      {"/.pyenv/versions/3.11.4", "pyenv"},
      {"/.local/share/pipx/venvs/hub", "pipx"},
      {"/.local/share/uv/tools/huggingface-hub", "uv"}};
  for (const auto& [prefix, kind] : others) {
    const PythonFacts* python = python_at(facts, home + prefix);
    BOOST_REQUIRE_MESSAGE(python != nullptr, prefix << " was not found");
    BOOST_TEST(python->kind == kind);
  }
  BOOST_TEST(python_at(facts, home + "/.local/share/uv/tools/ruff") == nullptr);
  BOOST_TEST(facts_from_json(facts_to_json(facts)).value().pythons == facts.pythons);
}

BOOST_AUTO_TEST_CASE(reads_the_releases_of_programs_off_their_files) {
  Machine machine;
  const std::string home = machine.home().string();
  package(machine, "tool", "huggingface_hub-1.20.1");
  executable(machine, "bin/hf", "#!" + home + "/tool/bin/python\nimport sys\n");
  executable(machine, "bin/huggingface-cli",
             "#!/bin/sh\n'''exec' \"" + home + "/tool/bin/python3.11\" \"$0\" \"$@\"\n' '''\n");
  executable(machine, "bin/hfrs",
             "\x7f"
             "ELF");
  machine.file(".cargo/.crates.toml",
               "[v1]\n\"hfrs 1.1.0 (registry+https://index)\" = [\"hfrs\"]\n");
  machine.file("cwd/node_modules/@huggingface/hub/package.json", R"({"version": "2.6.0"})");
  machine.set("PATH", home + "/bin:relative:");
  const Facts facts = machine.facts();
  for (const char* name : {"hf", "huggingface-cli"}) {
    BOOST_REQUIRE_MESSAGE(program(facts, name) != nullptr, name);
    BOOST_TEST(program(facts, name)->version == "1.20.1");
  }
  BOOST_TEST(program(facts, "huggingface-cli")->interpreter == home + "/tool/bin/python3.11");
  BOOST_REQUIRE(program(facts, "hfrs") != nullptr);
  BOOST_TEST(program(facts, "hfrs")->version == "1.1.0");
  BOOST_REQUIRE(program(facts, "@huggingface/hub") != nullptr);
  BOOST_TEST(program(facts, "@huggingface/hub")->version == "2.6.0");
  BOOST_TEST((python_at(facts, home + "/tool") != nullptr));
}

BOOST_AUTO_TEST_CASE(makes_nothing_of_a_script_that_names_no_python) {
  for (const char* first : {"", "#!", "#!/bin/sh\n", "#!/bin/sh\n'''exec' ", "#!python\n",
                            "#!/usr/bin/env bash\n", "#!/x/node\n"}) {
    Machine machine;
    executable(machine, "bin/hf", first);
    machine.set("PATH", (machine.home() / "bin").string());
    const Facts facts = machine.facts();
    BOOST_REQUIRE(program(facts, "hf") != nullptr);
    BOOST_TEST(program(facts, "hf")->interpreter.empty());
    BOOST_TEST(program(facts, "hf")->version.empty());
  }
}

BOOST_AUTO_TEST_CASE(reads_units_with_their_files_of_variables) {
  Machine machine;
  machine.file(".config/environment.d/hf.conf", "HF_HOME=/data\n");
  machine.file("hf.env", "# a comment\nHF_TOKEN='" + kTokenA + "'\n");
  machine.file("train.py", "import transformers\n");
  machine.file(".config/systemd/user/train.service",
               "[Service]\nExecStart=-/usr/bin/python3 " + (machine.home() / "train.py").string() +
                   " --token " + kTokenB + "\nEnvironmentFile=-%h/hf.env\n");
  machine.file(".config/autostart/jupyter.desktop", "[Desktop Entry]\nExec=jupyter-lab\n");
  const Facts facts = machine.facts();
  BOOST_REQUIRE(facts.services.size() == 2U);
  const ServiceFacts& unit = facts.services[0];
  BOOST_TEST(unit.kind == "systemd");
  BOOST_TEST(unit.name == "train.service");
  BOOST_TEST(unit.uses_hub);
  BOOST_TEST(unit.environment.get("HF_HOME").value_or("") == "/data");
  BOOST_REQUIRE(unit.tokens.size() == 1U);
  BOOST_TEST(facts.services[1].kind == "autostart");
  const std::string text = facts_to_json(facts);
  BOOST_TEST(text.find(kTokenA) == std::string::npos);
  BOOST_TEST(text.find(kTokenB) == std::string::npos);
  BOOST_TEST((facts_from_json(text).value().services == facts.services));
}

BOOST_AUTO_TEST_CASE(reads_a_unit_whose_lines_go_on_and_whose_values_are_quoted) {
  Machine machine;
  machine.file("hf.env", "HF_HOME=/data/\\\nhub\n");
  machine.file(".config/systemd/user/train.service",
               "[Service]\nEnvironment=HF_ENDPOINT=https://hub.example \\\n"
               "  # with one token\n  \"HF_TOKEN=" +
                   kTokenA +
                   "\" 'A=b c'\nEnvironmentFile=%h/*.env\nEnvironment=HF_HOME=/other\n"
                   "ExecStart=/opt/bin/vllm \\\n  serve\n[Install]\nExecStart=/bin/no\n");
  const Facts facts = machine.facts();
  BOOST_REQUIRE(facts.services.size() == 1U);
  const ServiceFacts& unit = facts.services[0];
  BOOST_TEST(unit.command == "/opt/bin/vllm serve");
  BOOST_TEST(unit.uses_hub);
  BOOST_TEST(unit.environment.get("HF_ENDPOINT").value_or("") == "https://hub.example");
  BOOST_TEST(unit.environment.get("HF_HOME").value_or("") == "/data/hub");
  BOOST_TEST(unit.tokens.size() == 1U);
}

BOOST_AUTO_TEST_CASE(names_the_cell_of_a_notebook_and_reads_what_is_none) {
  Machine machine;
  machine.file("cwd/a.ipynb", R"({"cells": [{"cell_type": "code"}, {"cell_type": "code",)"
                              R"( "outputs": [{"text": ")" +
                                  kTokenA + "\"}]}]}");
  machine.file("cwd/b.ipynb", "no json at all: " + kTokenB);
  BOOST_REQUIRE(mkfifo((machine.home() / "cwd/c.ipynb").c_str(), 0600) == 0);
  const Facts facts = machine.facts();
  BOOST_REQUIRE(facts.exposed.size() == 2U);
  BOOST_TEST(facts.exposed[0].line == 2);
  BOOST_TEST(facts.exposed[1].line == 0);
}

BOOST_AUTO_TEST_CASE(asks_nothing_of_the_hub_that_could_not_end_in_time) {
  Machine machine;
  alice(machine);
  machine.slow(std::chrono::seconds(6));  // the control request took as long
  const Facts facts = machine.facts();
  BOOST_TEST(facts.hub.reached);
  BOOST_TEST(machine.whoami_calls() == 0);
  BOOST_REQUIRE(facts.incomplete.size() == 1U);
  BOOST_TEST(facts.incomplete[0].id == "HFA301");
}

BOOST_AUTO_TEST_CASE(tells_how_long_each_step_to_the_hub_took) {
  Machine machine;
  alice(machine);
  const Facts facts = machine.facts();
  BOOST_REQUIRE(facts.hub.steps.size() == 3U);
  BOOST_TEST(facts.hub.steps[0].name == "dns");
  BOOST_TEST(facts.hub.steps[0].milliseconds == 2);
  BOOST_TEST(facts.hub.steps[1].name == "connect");
  BOOST_TEST(facts.hub.steps[1].milliseconds == 3);
  BOOST_TEST(facts.hub.steps[2].name == "http");
  BOOST_TEST(facts.hub.steps[2].milliseconds == 10);
  Machine away;
  away.saved(kTokenA).unreachable("name look-up: nobody knows it");
  const Facts lost = away.facts();
  BOOST_REQUIRE(lost.hub.steps.size() == 1U);
  BOOST_TEST(lost.hub.steps[0].name == "dns");
  BOOST_TEST(!lost.hub.steps[0].failure.empty());
}

BOOST_AUTO_TEST_CASE(a_repository_that_nobody_sees_is_compared_with_those_of_its_owner) {
  Machine machine;
  const Environment environment;
  const UserPaths paths;
  const Fingerprinter fingerprinter = Fingerprinter::ephemeral();
  const testing::FakeClock clock;
  HubAccess hub;
  hub.access = [](const hub::Repo& repo, bool /*write*/, const Secret* /*token*/) {
    hub::AccessAnswer answer;
    answer.access =
        repo.type() == hub::RepoType::dataset ? hub::Access::granted : hub::Access::absent;
    return answer;
  };
  hub.siblings = [](const hub::Repo& /*repo*/) -> std::vector<std::string> {
    // Neighbours swapped twice, one letter more, three more, another name, itself.
    return {"org/lalma-tiyn", "org/llama-tiny2", "org/llama-tiny234", "org/other",
            "org/llama-tiny"};
  };
  const ProbeInput input{.environment = environment,
                         .paths = paths,
                         .working_directory = machine.home(),
                         .fingerprinter = fingerprinter,
                         .clock = clock,
                         .targets = {*hub::Repo::parse("org/llama-tiny", hub::RepoType::model)},
                         .printed = "",
                         .agent = {},
                         .hub = hub};
  Facts facts;
  facts.hub.reached = true;
  Secrets secrets;
  probe_targets(input, facts, secrets);
  BOOST_REQUIRE(facts.targets.size() == 1U);
  BOOST_TEST(facts.targets[0].similar ==
             (std::vector<std::string>{"org/lalma-tiyn", "org/llama-tiny2"}));
  BOOST_TEST(facts.targets[0].other_types == std::vector<std::string>{"dataset"});
}

BOOST_AUTO_TEST_SUITE_END()
