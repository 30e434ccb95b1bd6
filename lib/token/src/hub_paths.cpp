// SPDX-License-Identifier: Apache-2.0
//
// huggingface_hub 1.28 constants.py, line for line: os.path.join, expanduser and expandvars of
// Python 3.
#include "hfauth/token/hub_paths.hpp"

#include "hfauth/core/ascii.hpp"

#include <pwd.h>

#include <algorithm>
#include <array>
#include <optional>

namespace hfauth::token {
namespace {

bool is_name_character(char c) {
  return ascii::is_alnum(c) || c == '_';
}

/// os.path.expandvars: $NAME, ${NAME}; an unset variable and a lone "$" stay as they are.
std::string expand_variables(std::string_view text, const Environment& environment) {
  std::string result;
  while (!text.empty()) {
    if (text.front() != '$') {
      result += text.front();
      text.remove_prefix(1);
      continue;
    }
    std::size_t length = 1;
    std::string_view name;
    if (text.size() > 1 && text[1] == '{') {
      const std::size_t end = text.find('}');
      if (end != std::string_view::npos) {
        name = text.substr(2, end - 2);
        length = end + 1;
      }
    } else {
      while (length < text.size() && is_name_character(text[length]))
        ++length;
      name = text.substr(1, length - 1);
    }
    const auto value = name.empty() ? std::nullopt : environment.get(name);
    result += value ? *value : std::string(text.substr(0, length));
    text.remove_prefix(length);
  }
  return result;
}

/// os.path.expanduser: "~" and "~/x" by HOME (here: `home`), "~name" by the password database; else
/// unchanged.
std::string expand_user(std::string_view text, const std::filesystem::path& home) {
  if (!text.starts_with("~")) return std::string(text);
  const std::size_t end = std::min(text.find('/'), text.size());
  const std::string name(text.substr(1, end - 1));
  std::string base = home.string();
  if (!name.empty()) {
    std::array<char, 16384> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
        found == nullptr) {
      return std::string(text);
    }
    base = entry.pw_dir;
  }
  while (base.size() > 1 && base.back() == '/')
    base.pop_back();
  if (base == "/") base.clear();
  const std::string expanded = base + std::string(text.substr(end));
  return expanded.empty() ? "/" : expanded;
}

std::filesystem::path variable_or(const Environment& environment, const std::filesystem::path& home,
                                  std::string_view name, const std::filesystem::path& otherwise) {
  const auto value = environment.get(name);
  return value ? std::filesystem::path(expand_like_python(*value, environment, home)) : otherwise;
}

}  // namespace

std::string expand_like_python(std::string_view text, const Environment& environment,
                               const std::filesystem::path& home) {
  return expand_variables(expand_user(text, home), environment);
}

HubPaths HubPaths::from(const Environment& environment, const std::filesystem::path& home) {
  HubPaths paths;
  const std::filesystem::path cache_home =
      environment.get("XDG_CACHE_HOME") ? std::filesystem::path(*environment.get("XDG_CACHE_HOME"))
                                        : home / ".cache";
  const std::filesystem::path default_home =
      expand_like_python((cache_home / "huggingface").string(), environment, home);
  paths.hf_home = variable_or(environment, home, "HF_HOME", default_home);
  paths.default_token = paths.hf_home / "token";
  paths.token = variable_or(environment, home, "HF_TOKEN_PATH", paths.default_token);
  paths.stored_tokens = paths.token.parent_path() / "stored_tokens";
  paths.hub_cache =
      variable_or(environment, home, "HF_HUB_CACHE",
                  variable_or(environment, home, "HUGGINGFACE_HUB_CACHE", paths.hf_home / "hub"));
  paths.old_token = home / ".huggingface/token";
  // The staging Hub keeps its own token, whatever the other variables say.
  if (environment.is_true("HUGGINGFACE_CO_STAGING"))
    paths.token = home / ".cache/huggingface_staging/token";
  return paths;
}

}  // namespace hfauth::token
