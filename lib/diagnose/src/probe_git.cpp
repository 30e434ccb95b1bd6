// SPDX-License-Identifier: Apache-2.0
//
// What git would use for the Hub, read off its files: helpers with their scopes, its own store, and
// remotes that carry a token. Of the helpers those alone are run that never show a window.
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/diagnose/work_tree.hpp"
#include "hfauth/token/endpoint.hpp"
#include "hfauth/token/plain_credentials.hpp"
#include "probes.hpp"
#include "start_up_files.hpp"

#include <algorithm>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

std::string_view stripped(std::string_view text) {
  return trimmed(text, " \t\r");
}

// One "key = value" of a git config with the section it is in; comments and continuation lines are
// of no interest here.
struct Setting {
  std::string section;     ///< "credential"
  std::string subsection;  ///< of [section "subsection"]
  std::string key;
  std::string_view value;
};

std::vector<Setting> settings_of(std::string_view content) {
  std::vector<Setting> settings;
  std::string section;
  std::string subsection;
  while (!content.empty()) {
    const std::string_view line = stripped(take_until(content, '\n'));
    if (line.starts_with("[")) {
      const std::string_view head = line.substr(1, line.rfind(']') - 1);
      const std::size_t quote = head.find('"');
      section = std::string(stripped(head.substr(0, quote)));
      subsection = quote == std::string_view::npos
                       ? ""
                       : std::string(head.substr(quote + 1, head.rfind('"') - quote - 1));
    } else if (const std::size_t equals = line.find('=');
               equals != std::string_view::npos && !line.starts_with("#")) {
      settings.push_back({section, subsection, std::string(stripped(line.substr(0, equals))),
                          stripped(line.substr(equals + 1))});
    }
  }
  return settings;
}

// "https://user:token@host/path": the host and what stands before the "@".
struct RemoteUrl {
  std::string_view userinfo;
  std::string_view host;
};

RemoteUrl take_apart(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = url.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find('/'));
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) {
    return {"", authority};
  }
  return {authority.substr(0, at), authority.substr(at + 1)};
}

bool is_shaped_like_a_token(std::string_view text) {
  return text.size() > 12 && (text.starts_with("hf_") || text.starts_with("api_"));
}

void look_at_remote(const ProbeInput& input, const Setting& setting, const fs::path& path,
                    std::string_view hub_host, Facts& facts, Secrets& secrets) {
  const RemoteUrl url = take_apart(setting.value);
  const bool of_hub = url.host == hub_host || url.host == "hf.co";
  facts.git.in_hub_clone = facts.git.in_hub_clone || of_hub;
  const std::size_t colon = url.userinfo.find(':');
  const std::string_view user = url.userinfo.substr(0, colon);
  const std::string_view password =
      colon == std::string_view::npos ? std::string_view() : url.userinfo.substr(colon + 1);
  const std::string_view token = is_shaped_like_a_token(password) ? password : user;
  if (is_shaped_like_a_token(token)) {
    facts.git.remotes.push_back({path.string(), setting.subsection, std::string(url.host),
                                 held_token(input, token, secrets)});
  }
}

void look_at_config(const ProbeInput& input, const fs::path& path, std::string_view hub_host,
                    Facts& facts, Secrets& secrets) {
  const Result<Secret> content = read_secret_file(path);
  if (!content) {
    return;
  }
  for (const Setting& setting : settings_of(content->expose())) {
    if (setting.section == "credential" && setting.key == "helper") {
      facts.git.helpers.push_back(
          {redact(setting.subsection), redact(setting.value), path.string()});
    } else if (setting.section == "remote" && (setting.key == "url" || setting.key == "pushurl")) {
      look_at_remote(input, setting, path, hub_host, facts, secrets);
    }
  }
}

// Those that are read off their files, and hfauth's own, are known without being run.
void ask_helpers(const ProbeInput& input, const token::Endpoint& endpoint, Facts& facts,
                 Secrets& secrets) {
  for (GitHelper& helper : facts.git.helpers) {
    if (!input.git_helper || helper.helper.find("hfauth") != std::string::npos ||
        helper.helper == "store" || helper.helper.starts_with("store ")) {
      continue;
    }
    if (const std::optional<Secret> said = input.git_helper(helper.helper, endpoint)) {
      helper.asked = true;
      if (!said->empty()) {
        helper.token = held_token(input, said->expose(), secrets);
      }
    }
  }
}

// The path that a small file of git holds in its first line behind `key`, seen from `folder`; empty
// if it holds none.
fs::path path_in(const fs::path& file, std::string_view key, const fs::path& folder) {
  const Result<Secret> content = read_secret_file(file);
  if (!content || !content->expose().starts_with(key)) {
    return {};
  }
  const std::string_view text = content->expose().substr(key.size());
  const std::string_view path = stripped(text.substr(0, text.find('\n')));
  return path.empty() ? fs::path() : (folder / path).lexically_normal();
}

// The config of the work tree around `folder`. Where `.git` is a file it names the folder of git:
// a submodule's own, or that of a linked work tree, whose `commondir` names the one with the config
// (gitrepository-layout(5)).
fs::path config_of_work_tree(const fs::path& folder) {
  const fs::path tree = work_tree_of(folder);
  if (tree.empty()) {
    return {};
  }
  std::error_code ignored;
  fs::path git = tree / ".git";
  if (fs::is_regular_file(git, ignored)) {
    git = path_in(git, "gitdir:", tree);
    if (git.empty()) {
      return {};
    }
    const fs::path shared = path_in(git / "commondir", "", git);
    git = shared.empty() ? git : shared;
  }
  return git / "config";
}

}  // namespace

void probe_git(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(input.environment);
  if (!endpoint) {
    return;
  }
  const std::string authority = endpoint->url().substr(endpoint->url().find("://") + 3);
  for (const fs::path& path : {input.root / "etc/gitconfig", config_home(input) / "git/config",
                               input.paths.home / ".gitconfig"}) {
    look_at_config(input, path, authority, facts, secrets);
  }
  if (const fs::path path = config_of_work_tree(input.working_directory); !path.empty()) {
    look_at_config(input, path, authority, facts, secrets);
  }
  ask_helpers(input, *endpoint, facts, secrets);
  for (const fs::path& path : token::git_store_files(input.environment, input.paths.home)) {
    const Result<Secret> content = read_secret_file(path);
    if (!content) {
      continue;
    }
    for (const token::PlainCredential& entry : token::parse_git_store(content->expose())) {
      if (entry.is_for(*endpoint)) {
        facts.git.stored.push_back(
            {path.string(), entry.host, held_token(input, entry.password.expose(), secrets)});
      }
    }
  }
}

}  // namespace hfauth::diagnose
