// SPDX-License-Identifier: Apache-2.0
//
// Tokens where they can be seen, or where nobody reads them: the shells' history, .env files and
// notebooks of the current folder. The place and a mask are kept, never a line.
#include "exposed_text.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/diagnose/work_tree.hpp"
#include "probes.hpp"
#include "start_up_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestFile = std::size_t{8} << 20;  // a longer one is left to the scan
constexpr std::size_t kMostExposed = 32;                    // more of them are the same story

constexpr std::array kHistories{".bash_history", ".zsh_history", ".local/share/fish/fish_history",
                                ".python_history"};
constexpr std::array kDotenvs{
    ".env",        ".env.local",  ".envrc", "docker-compose.yml", "docker-compose.yaml",
    "compose.yml", "compose.yaml"};

// Whether a line of the folder's or the work tree's .gitignore names the file as it is.
bool is_ignored(const fs::path& file) {
  const std::string name = file.filename().string();
  for (fs::path folder = file.parent_path();; folder = folder.parent_path()) {
    const Result<std::string> rules = read_file(folder / ".gitignore");
    if (rules) {
      const std::string text = "\n" + *rules + "\n";
      for (const std::string& rule : {name, "/" + name, name + "*", std::string("*.env")}) {
        if (text.find("\n" + rule + "\n") != std::string::npos) {
          return true;
        }
      }
    }
    std::error_code ignored;
    if (fs::exists(folder / ".git", ignored) || folder == folder.parent_path()) {
      return false;
    }
  }
}

// The variable that a line of a .env sets: "export HF_TOKEN=..." -> HF_TOKEN; of a compose file
// "HF_TOKEN: ...", "- HF_TOKEN=...".
std::string variable_of(std::string_view line) {
  std::string_view name = trimmed_begin(line.substr(0, line.find_first_of("=:")), " \t-");
  if (name.starts_with("export ")) {
    name.remove_prefix(7);
  }
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return plain ? std::string(name) : "";
}

struct Place {
  std::string kind;
  fs::path path;
  std::uint32_t mode = 0;
  bool tracked = false;
};

void note(const ProbeInput& input, const Place& place, int line, std::string_view token,
          std::string variable, Facts& facts, Secrets& secrets) {
  if (facts.exposed.size() == kMostExposed) {
    return;
  }
  const HeldToken held = held_token(input, token, secrets);
  ExposedToken exposed;
  exposed.kind = place.kind;
  exposed.where = place.path.string();
  exposed.line = line;
  exposed.variable = std::move(variable);
  exposed.mask = held.mask;
  exposed.fingerprint = held.fingerprint;
  exposed.mode = place.mode;
  exposed.tracked = place.tracked;
  facts.exposed.push_back(std::move(exposed));
}

void look_at_lines(const ProbeInput& input, const Place& place, std::string_view rest, Facts& facts,
                   Secrets& secrets) {
  for (int line = 1; !rest.empty() && facts.exposed.size() < kMostExposed; ++line) {
    const std::string_view text = take_until(rest, '\n');
    for (const std::string_view token : tokens_in(text)) {
      note(input, place, line, token, place.kind == "dotenv" ? variable_of(text) : "", facts,
           secrets);
    }
  }
}

// Notebooks are written with their keys sorted: "cell_type" begins a cell.
void look_at_cells(const ProbeInput& input, const Place& place, std::string_view text, Facts& facts,
                   Secrets& secrets) {
  static constexpr std::string_view kCell = "\"cell_type\"";
  int cell = 0;
  std::size_t counted = 0;
  for (const std::string_view token : tokens_in(text)) {
    const auto at = static_cast<std::size_t>(token.data() - text.data());
    for (std::size_t next = text.find(kCell, counted); next < at;
         next = text.find(kCell, next + 1)) {
      ++cell;
      counted = next + 1;
    }
    note(input, place, cell, token, "", facts, secrets);
  }
}

void look_at(const ProbeInput& input, const char* kind, const fs::path& path, Facts& facts,
             Secrets& secrets) {
  const Result<Secret> content = read_secret_file(path, kLongestFile);

  struct stat status {};

  if (!content || stat(path.c_str(), &status) != 0) {
    return;  // missing, or not ours to read: nothing to show
  }
  const bool in_home = std::string_view(kind) == "history";
  const Place place{kind, path, status.st_mode & 07777U,
                    !in_home && !work_tree_of(path.parent_path()).empty() && !is_ignored(path)};
  if (path.extension() == ".ipynb") {
    look_at_cells(input, place, content->expose(), facts, secrets);
  } else {
    look_at_lines(input, place, content->expose(), facts, secrets);
  }
}

}  // namespace

void probe_exposed(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  for (const char* name : kHistories) {
    look_at(input, "history", input.paths.home / name, facts, secrets);
  }
  for (const char* name : kDotenvs) {
    look_at(input, "dotenv", input.working_directory / name, facts, secrets);
  }
  for (const fs::path& path : entries_of(input.working_directory, ".ipynb")) {
    look_at(input, "notebook", path, facts, secrets);
  }
}

}  // namespace hfauth::diagnose
