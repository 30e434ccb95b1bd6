// SPDX-License-Identifier: Apache-2.0
//
// One reader a place. A file that is not there is no fault; one that cannot be read is.
#include "plain_tokens.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hfauth/token/hub_paths.hpp"
#include "hfauth/token/plain_credentials.hpp"
#include "hfauth/token/stored_tokens.hpp"
#include "hfauth/token/token_text.hpp"

#include <algorithm>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;

/// What is obviously no token (hf_xxx, <your_token>, a mask) is not worth a line.
bool is_token(const Secret& text) {
  if (text.empty()) return false;
  std::vector<token::TokenFault> repairs;
  return token::accept_token(text.expose(), repairs).has_value();
}

class Finder {
 public:
  Finder(const Context& context, const token::Endpoint& endpoint)
      : context_(context),
        endpoint_(endpoint),
        paths_(token::HubPaths::from(context.environment, context.paths.home)) {}

  void variables() {
    for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      if (const std::optional<std::string> value = context_.environment.non_empty(name))
        add({.place = PlainPlace::variable, .where = name}, *value);
    }
  }

  void token_file() {
    std::vector<fs::path> files{paths_.token};
    if (paths_.default_token != paths_.token) files.push_back(paths_.default_token);
    for (const fs::path& file : files) {
      if (is_lease(file)) continue;
      if (const std::optional<Secret> content = read(file))
        add({.place = PlainPlace::token_file, .file = file}, content->expose());
    }
  }

  void stored_tokens() {
    std::vector<fs::path> files{paths_.stored_tokens};
    const fs::path at_home = paths_.default_token.parent_path() / "stored_tokens";
    if (at_home != paths_.stored_tokens) files.push_back(at_home);
    for (const fs::path& file : files) {
      const std::optional<Secret> content = read(file);
      if (!content) continue;
      Result<token::StoredTokens> parsed = token::parse_stored_tokens(content->expose());
      if (!parsed) {
        found.faults.push_back({parsed.error().code, file.string() + ": " + parsed.error().detail});
        continue;
      }
      for (token::StoredToken& one : parsed->tokens) {
        PlainToken plain{.place = PlainPlace::stored_tokens, .file = file, .section = one.name};
        plain.refresh = std::move(one.refresh);
        plain.expires = one.expires;
        add(std::move(plain), one.token.expose());
      }
    }
  }

  void git_store() {
    for (const fs::path& file : token::git_store_files(context_.environment, context_.paths.home)) {
      if (const std::optional<Secret> content = read(file))
        add_credentials(PlainPlace::git_store, file, token::parse_git_store(content->expose()));
    }
  }

  void netrc() {
    const std::optional<std::string> named = context_.environment.non_empty("NETRC");
    const fs::path file = named ? fs::path(*named) : context_.paths.home / ".netrc";
    if (const std::optional<Secret> content = read(file))
      add_credentials(PlainPlace::netrc, file, token::parse_netrc(content->expose()));
  }

  PlainTokens found;

 private:
  /// A lease lies in memory and is the agent's.
  [[nodiscard]] bool is_lease(const fs::path& file) const {
    return is_lease_file(file, context_.paths.runtime);
  }

  std::optional<Secret> read(const fs::path& file) {
    Result<Secret> content = read_secret_file(file);
    if (content) return std::move(*content);
    if (content.error().code != Errc::not_found) found.faults.push_back(content.error());
    return std::nullopt;
  }

  void add(PlainToken plain, std::string_view raw) {
    plain.token = token::clean_as_huggingface_hub(raw);
    if (is_token(plain.token)) found.tokens.push_back(std::move(plain));
  }

  void add_credentials(PlainPlace place, const fs::path& file,
                       const std::vector<token::PlainCredential>& credentials) {
    for (const token::PlainCredential& credential : credentials) {
      if (credential.is_for(endpoint_))
        add({.place = place, .file = file}, credential.password.expose());
    }
  }

  const Context& context_;
  const token::Endpoint& endpoint_;
  token::HubPaths paths_;
};

}  // namespace

std::string_view name_of(PlainPlace place) noexcept {
  switch (place) {
    case PlainPlace::variable:
      return "variables";
    case PlainPlace::token_file:
      return "token";
    case PlainPlace::stored_tokens:
      return "stored_tokens";
    case PlainPlace::git_store:
      return "git";
    case PlainPlace::netrc:
      return "netrc";
  }
  return "";
}

PlainTokens find_plain_tokens(const Context& context, const token::Endpoint& endpoint) {
  Finder finder(context, endpoint);
  finder.variables();
  finder.token_file();
  finder.stored_tokens();
  finder.git_store();
  finder.netrc();
  return std::move(finder.found);
}

std::string show_place(const PlainToken& found, const Context& context) {
  if (found.place == PlainPlace::variable) return found.where;
  std::string place = show_path(found.file, context.paths.home);
  if (!found.section.empty()) place += " [" + found.section + "]";
  return place;
}

}  // namespace hfauth::cli
