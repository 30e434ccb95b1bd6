// SPDX-License-Identifier: Apache-2.0
//
// Every Python of this user that may use the Hub, with the releases of the packages that do, and
// which of them the next `python3` of this shell is. Places are those where pip, conda, pyenv, pipx
// and uv put environments; none is searched deeper.
#include "hfauth/core/search_path.hpp"
#include "probes.hpp"
#include "python_packages.hpp"
#include "start_up_files.hpp"

#include <algorithm>
#include <array>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPythons = 64;

struct Place {
  const char* folder;  ///< below the home folder; its entries are environments
  const char* kind;
};

constexpr std::array kPlaces{Place{"miniconda3/envs", "conda"},
                             Place{"anaconda3/envs", "conda"},
                             Place{"miniforge3/envs", "conda"},
                             Place{"mambaforge/envs", "conda"},
                             Place{".conda/envs", "conda"},
                             Place{".pyenv/versions", "pyenv"},
                             Place{".local/share/pipx/venvs", "pipx"},
                             Place{".local/pipx/venvs", "pipx"},
                             Place{".local/share/uv/tools", "uv"},
                             Place{".local/share/uv/python", "uv"},
                             Place{".virtualenvs", "folder"},
                             Place{".cache/pypoetry/virtualenvs", "folder"}};

constexpr std::array kCondaRoots{"miniconda3", "anaconda3", "miniforge3", "mambaforge"};

// The prefix of the first python3 on PATH: what a bare `python3` is.
std::optional<fs::path> prefix_on_path(const Environment& environment) {
  for (const fs::path& folder : search_path(environment)) {
    std::error_code ignored;
    if (fs::exists(folder / "python3", ignored) || fs::exists(folder / "python", ignored)) {
      return folder.parent_path();
    }
  }
  return std::nullopt;
}

void add_python(const fs::path& prefix, const char* kind, Facts& facts) {
  const bool known =
      std::any_of(facts.pythons.begin(), facts.pythons.end(),
                  [&](const PythonFacts& one) { return one.prefix == prefix.string(); });
  if (known || facts.pythons.size() == kMostPythons) {
    return;
  }
  std::optional<PythonFacts> python = look_at_python(prefix);
  if (!python) {
    return;
  }
  python->kind = kind;
  // One without anything of the Hub's is of interest only where the shell would start it.
  const bool started = python->kind == "active" || python->kind == "path";
  if (started || !python->hub.empty() || !python->transformers.empty()) {
    facts.pythons.push_back(*std::move(python));
  }
}

// The one that an import would find.
void take_first(Facts& facts) {
  const auto first = std::find_if(facts.pythons.begin(), facts.pythons.end(),
                                  [](const PythonFacts& one) { return !one.hub.empty(); });
  if (first != facts.pythons.end()) {
    facts.client = {first->hub, first->hub_where};
  }
}

}  // namespace

// In the order in which Python would look: a virtual environment, then the folders beside the first
// python3 on PATH, then the user's own packages.
void probe_client(const ProbeInput& input, Facts& facts) {
  const std::string interpreter = input.client ? input.client->interpreter : input.interpreter;
  if (!interpreter.empty()) {
    add_python(fs::path(interpreter).parent_path().parent_path(), "active", facts);
    return take_first(facts);
  }
  for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    if (const auto prefix = input.environment.non_empty(name)) {
      add_python(*prefix, "active", facts);
    }
  }
  if (const auto prefix = prefix_on_path(input.environment)) {
    add_python(*prefix, "path", facts);
    std::error_code ignored;
    if (!fs::exists(*prefix / "pyvenv.cfg", ignored)) {  // an isolated one sees neither of these
      add_python(input.paths.home / ".local", "path", facts);
      if (*prefix == "/usr") {
        add_python("/usr/local", "path", facts);
      }
    }
  }
  take_first(facts);
}

void probe_pythons(const ProbeInput& input, Facts& facts) {
  for (const char* name : {".venv", "venv", "env"}) {
    add_python(input.working_directory / name, "folder", facts);
  }
  for (const char* name : kCondaRoots) {
    add_python(input.paths.home / name, "conda", facts);
  }
  add_python(input.root / "opt/conda", "conda", facts);
  for (const Place& place : kPlaces) {
    for (const fs::path& prefix : entries_of(input.paths.home / place.folder, "")) {
      add_python(prefix, place.kind, facts);
    }
  }
  for (const ProgramFacts& program : facts.programs) {
    if (!program.interpreter.empty()) {
      add_python(fs::path(program.interpreter).parent_path().parent_path(), "program", facts);
    }
  }
}

void probe_session_pythons(Facts& facts) {
  for (const SessionFacts& session : facts.sessions) {
    if (const auto prefix = session.environment.non_empty("VIRTUAL_ENV")) {
      add_python(*prefix, "session", facts);
    }
  }
}

}  // namespace hfauth::diagnose
