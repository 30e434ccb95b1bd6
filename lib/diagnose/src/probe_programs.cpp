// SPDX-License-Identifier: Apache-2.0
//
// Programs and libraries beside Python's that use the Hub, with their releases where a file says
// so: none of them is started.
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/search_path.hpp"
#include "probes.hpp"
#include "python_packages.hpp"

#include <nlohmann/json.hpp>

#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

// cargo's list of what it installed: "hfrs 1.1.0 (registry+https://...)" = ["hfrs"]
std::string cargo_version(const fs::path& home, std::string_view program) {
  const Result<std::string> list = read_file(home / ".cargo/.crates.toml");
  const std::string start = "\"" + std::string(program) + " ";
  const std::size_t at = list ? list->find(start) : std::string::npos;
  if (at == std::string::npos) {
    return "";
  }
  const std::size_t begin = at + start.size();
  return redact(list->substr(begin, list->find_first_of(" \"\n", begin) - begin));
}

// The library of JavaScript programs, where npm puts it.
void look_for_node_library(const fs::path& modules, Facts& facts) {
  constexpr const char* kName = "@huggingface/hub";
  const Result<std::string> text = read_file(modules / kName / "package.json");
  if (!text) {
    return;
  }
  const nlohmann::json package = nlohmann::json::parse(*text, nullptr, false);
  const auto version = package.is_object() ? package.find("version") : package.end();
  const bool told = package.is_object() && version != package.end() && version->is_string();
  facts.programs.push_back({kName, (modules / kName).string(),
                            told ? redact(version->get<std::string>()) : std::string(), ""});
}

ProgramFacts look_at(const ProbeInput& input, const char* name, const fs::path& path) {
  ProgramFacts program{name, path.string(), "", ""};
  if (program.name == "hf" || program.name == "huggingface-cli") {
    program.interpreter = interpreter_of(path);
    if (!program.interpreter.empty()) {
      const auto python = look_at_python(fs::path(program.interpreter).parent_path().parent_path());
      program.version = python ? python->hub : "";
    }
  } else if (program.name == "hfrs") {
    program.version = cargo_version(input.paths.home, program.name);
  }
  return program;
}

}  // namespace

void probe_programs(const ProbeInput& input, Facts& facts) {
  for (const char* name : {"hf", "huggingface-cli", "hfrs", "git", "node"}) {
    if (const auto path = on_path(input.environment, name)) {
      facts.programs.push_back(look_at(input, name, *path));
    }
  }
  for (const fs::path& modules :
       {input.working_directory / "node_modules", input.root / "usr/local/lib/node_modules",
        input.root / "usr/lib/node_modules"}) {
    look_for_node_library(modules, facts);
  }
}

}  // namespace hfauth::diagnose
