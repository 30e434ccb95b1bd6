// SPDX-License-Identifier: Apache-2.0
//
// The programs and notebooks that were named as targets: their text is read, nothing is run.
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/work_tree.hpp"
#include "probes.hpp"
#include "script_reading.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestScript = std::size_t{4} << 20;
constexpr std::size_t kLargestNotebook = std::size_t{64} << 20;  // pictures in outputs

ScriptFacts read_one(const ProbeInput& input, const fs::path& path, Secrets& secrets) {
  ScriptFacts script;
  script.path = path.string();
  script.notebook = path.extension() == ".ipynb";
  script.tracked = !work_tree_of(path.parent_path()).empty();

  struct stat status {};

  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    script.problem = "it is no file";  // a FIFO would be waited for
    return script;
  }
  const Result<Secret> text =
      read_secret_file(path, script.notebook ? kLargestNotebook : kLargestScript);
  if (!text) {
    script.problem = redact(text.error().detail);
    if (const std::string name = script.path + ": "; script.problem.starts_with(name))
      script.problem.erase(0, name.size());  // told of the script, which has its path beside it
    return script;
  }
  ScriptReading reading =
      script.notebook ? read_notebook(text->expose()) : read_script(text->expose());
  script.problem = reading.problem;
  for (RawPlace& raw : reading.places) {
    ScriptPlace place{raw.kind, raw.line, raw.cell, redact(utf8::visible(raw.subject)), {}};
    if (!raw.token.empty()) {
      place.token = held_token(input, raw.token, secrets);
      wipe(raw.token);
    }
    script.places.push_back(std::move(place));
  }
  return script;
}

}  // namespace

void probe_scripts(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  for (const fs::path& path : input.scripts) {
    facts.scripts.push_back(read_one(input, path, secrets));
    const ScriptFacts& script = facts.scripts.back();
    if (!script.problem.empty())
      facts.incomplete.push_back({"probe-scripts", script.path + ": " + script.problem, ""});
  }
}

}  // namespace hfauth::diagnose
