// SPDX-License-Identifier: Apache-2.0
//
// Folders are listed, not searched: what stands deeper is read by nobody either. A folder with more
// entries than any person's is cut.
#include "start_up_files.hpp"

#include <algorithm>
#include <array>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostInFolder = 64;

constexpr std::array kShellFiles{".bashrc",
                                 ".bash_profile",
                                 ".bash_login",
                                 ".bash_aliases",
                                 ".profile",
                                 ".xprofile",
                                 ".zshenv",
                                 ".zshrc",
                                 ".zprofile",
                                 ".envrc",
                                 ".config/fish/config.fish"};

// Whatever changes which token a client sends, or where to (facts/hub-auth.md §1.3).
constexpr std::array<std::string_view, 24> kVariables{"HF_TOKEN",
                                                      "HUGGING_FACE_HUB_TOKEN",
                                                      "HF_TOKEN_PATH",
                                                      "HF_HOME",
                                                      "HF_HUB_CACHE",
                                                      "HF_XET_CACHE",
                                                      "XDG_CACHE_HOME",
                                                      "HF_HUB_DISABLE_IMPLICIT_TOKEN",
                                                      "HF_HUB_OFFLINE",
                                                      "TRANSFORMERS_OFFLINE",
                                                      "HF_ENDPOINT",
                                                      "HF_OIDC_RESOURCE",
                                                      "HUGGINGFACE_CO_STAGING",
                                                      "HF_HUB_ETAG_TIMEOUT",
                                                      "HF_HUB_DOWNLOAD_TIMEOUT",
                                                      "HTTPS_PROXY",
                                                      "https_proxy",
                                                      "HTTP_PROXY",
                                                      "http_proxy",
                                                      "ALL_PROXY",
                                                      "all_proxy",
                                                      "REQUESTS_CA_BUNDLE",
                                                      "CURL_CA_BUNDLE",
                                                      "SSL_CERT_FILE"};

bool stands_free(std::string_view before, Notation notation) {
  if (before.empty()) {
    return notation != Notation::unit;
  }
  const char last = before.back();
  if (notation == Notation::unit) {
    return before.starts_with("Environment=") &&
           (last == '=' || last == ' ' || last == '"' || last == '\'');
  }
  return notation == Notation::shell && (last == ' ' || last == '\t' || last == ';');
}

// fish and csh set a variable with a word in front of its name, and take it away with another.
bool is_set_by_word(std::string_view before) {
  return before.find("set") != std::string_view::npos &&
         before.find("unset") == std::string_view::npos &&
         before.find("set -e") == std::string_view::npos;
}

bool sets(std::string_view line, std::string_view name, Notation notation) {
  for (std::size_t at = line.find(name); at != std::string_view::npos;
       at = line.find(name, at + 1)) {
    const std::string_view before = line.substr(0, at);
    const std::size_t end = at + name.size();
    const char next = end < line.size() ? line[end] : '\0';
    const bool by_word =
        notation == Notation::shell && (next == ' ' || next == '\t') && is_set_by_word(before);
    if (stands_free(before, notation) && (next == '=' || by_word) &&
        before.find('#') == std::string_view::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

fs::path config_home(const ProbeInput& input) {
  return input.environment.non_empty("XDG_CONFIG_HOME")
      .value_or((input.paths.home / ".config").string());
}

std::vector<fs::path> entries_of(const fs::path& folder, std::string_view suffix) {
  std::vector<fs::path> entries;
  std::error_code fault;
  for (fs::directory_iterator entry(folder, fault);
       !fault && entry != fs::directory_iterator() && entries.size() < kMostInFolder;
       entry.increment(fault)) {
    if (entry->path().filename().string().ends_with(suffix)) {
      entries.push_back(entry->path());
    }
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<fs::path> unit_files(const ProbeInput& input) {
  std::vector<fs::path> files;
  for (const fs::path& folder :
       {config_home(input) / "systemd/user", input.root / "etc/systemd/system"}) {
    for (const fs::path& unit : entries_of(folder, ".service")) {
      files.push_back(unit);
      for (fs::path& part : entries_of(unit.string() + ".d", ".conf")) {
        files.push_back(std::move(part));
      }
    }
  }
  return files;
}

std::vector<StartUpFile> start_up_files(const ProbeInput& input) {
  std::vector<StartUpFile> files;
  files.reserve(kShellFiles.size() + 3);  // and those that are listed
  for (const char* name : kShellFiles) {
    files.push_back({input.paths.home / name, Notation::shell});
  }
  for (fs::path& path : entries_of(config_home(input) / "fish/conf.d", ".fish")) {
    files.push_back({std::move(path), Notation::shell});
  }
  for (fs::path& path : entries_of(config_home(input) / "environment.d", ".conf")) {
    files.push_back({std::move(path), Notation::assignment});
  }
  files.push_back({input.paths.home / ".pam_environment", Notation::assignment});
  for (fs::path& path : unit_files(input)) {
    files.push_back({std::move(path), Notation::unit});
  }
  files.push_back({input.root / "etc/environment", Notation::assignment});
  files.push_back({input.root / "etc/profile", Notation::shell});
  for (fs::path& path : entries_of(input.root / "etc/profile.d", ".sh")) {
    files.push_back({std::move(path), Notation::shell});
  }
  return files;
}

std::string variable_set_by(std::string_view line, Notation notation) {
  const auto* const name =
      std::find_if(kVariables.begin(), kVariables.end(),
                   [&](std::string_view one) { return sets(line, one, notation); });
  return name == kVariables.end() ? "" : std::string(*name);
}

}  // namespace hfauth::diagnose
