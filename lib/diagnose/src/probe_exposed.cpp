// SPDX-License-Identifier: Apache-2.0
//
// Tokens where they can be seen, or where nobody reads them: the shells' history, .env files of the
// current folder. The place and a mask are kept, never a line.
#include "exposed_text.hpp"
#include "hfauth/core/file.hpp"
#include "probes.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestHistory = std::size_t{8} << 20;
constexpr std::size_t kMostExposed = 32;  // more of them are the same story

constexpr std::array kHistories{".bash_history", ".zsh_history", ".local/share/fish/fish_history",
                                ".python_history"};
constexpr std::array kDotenvs{".env", ".env.local", ".envrc"};

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

bool is_in_work_tree(fs::path folder) {
  std::error_code ignored;
  for (; folder != folder.parent_path(); folder = folder.parent_path()) {
    if (fs::exists(folder / ".git", ignored)) {
      return true;
    }
  }
  return false;
}

// The variable that a line of a .env sets: "export HF_TOKEN=..." -> HF_TOKEN.
std::string variable_of(std::string_view line) {
  std::string_view name = line.substr(0, line.find('='));
  if (name.starts_with("export ")) {
    name.remove_prefix(7);
  }
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return plain ? std::string(name) : "";
}

void look_at(const ProbeInput& input, const std::string& kind, const fs::path& path, Facts& facts,
             Secrets& secrets) {
  const Result<Secret> content = read_secret_file(path, kLongestHistory);

  struct stat status {};

  if (!content || stat(path.c_str(), &status) != 0) {
    return;  // missing, or not ours to read: nothing to show
  }
  std::string_view rest = content->expose();
  for (int line = 1; !rest.empty() && facts.exposed.size() < kMostExposed; ++line) {
    const std::size_t end = rest.find('\n');
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    for (const std::string_view token : tokens_in(text)) {
      const HeldToken held = held_token(input, token, secrets);
      ExposedToken exposed;
      exposed.kind = kind;
      exposed.where = path.string();
      exposed.line = line;
      exposed.variable = kind == "dotenv" ? variable_of(text) : "";
      exposed.mask = held.mask;
      exposed.fingerprint = held.fingerprint;
      exposed.mode = status.st_mode & 07777U;
      exposed.tracked =
          kind == "dotenv" && is_in_work_tree(path.parent_path()) && !is_ignored(path);
      facts.exposed.push_back(std::move(exposed));
    }
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
}

}  // namespace hfauth::diagnose
