// SPDX-License-Identifier: Apache-2.0
//
// get_token() of huggingface_hub by version, read in its releases 0.5.1 to 1.28.0:
//   < 0.6    file ~/.huggingface/token, as it is
//   0.6      HUGGING_FACE_HUB_TOKEN if set at all, then the file (0.12: moved to $HF_HOME/token,
//   the old one is copied;
//            0.17: what was read is cleaned)
//   0.19     HF_TOKEN if set at all, then HUGGING_FACE_HUB_TOKEN, then the file
//   0.20     Colab's vault, then HF_TOKEN or (if that is empty) HUGGING_FACE_HUB_TOKEN, cleaned,
//   then the file
//            (0.23: HF_TOKEN_PATH; 0.30: $VARIABLES in paths)
//   1.19     OIDC (raises, never falls back), environment, file, Colab's vault
#include "hfauth/token/resolver.hpp"

#include "hfauth/core/utf8.hpp"
#include "hfauth/token/token_text.hpp"
#include "text_cursor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace hfauth::token {
namespace {

using Outcome = ResolutionStep::Outcome;

constexpr ClientVersion kEnvironment{0, 6, 0};
constexpr ClientVersion kNewHome{0, 12, 0};
constexpr ClientVersion kCopiesQuietly{0, 15, 0};
constexpr ClientVersion kCleans{0, 17, 0};
constexpr ClientVersion kHfToken{0, 19, 0};
constexpr ClientVersion kStagingHome{0, 19, 0};
constexpr ClientVersion kColab{0, 20, 0};
constexpr ClientVersion kTokenPath{0, 23, 0};
constexpr ClientVersion kEnterpriseColab{0, 25, 0};
constexpr ClientVersion kExpands{0, 30, 0};
constexpr ClientVersion kOidc{1, 19, 0};
constexpr ClientVersion kDisableImplicit{0, 10, 0};

constexpr std::array<std::pair<TokenSource, std::string_view>, 7> kSourceNames{{
    {TokenSource::none, "none"},
    {TokenSource::oidc, "oidc"},
    {TokenSource::colab, "colab"},
    {TokenSource::env_hf_token, "HF_TOKEN"},
    {TokenSource::env_legacy, "HUGGING_FACE_HUB_TOKEN"},
    {TokenSource::token_file, "token file"},
    {TokenSource::old_token_file, "old token file"},
}};

/// The environment as this version's path rules see it: without the variables it does not know.
Environment environment_for_paths(const Environment& environment, ClientVersion version) {
  Environment seen = environment;
  if (version < kStagingHome) seen.unset("HUGGINGFACE_CO_STAGING");
  if (version < kTokenPath) seen.unset("HF_TOKEN_PATH");
  return seen;
}

std::filesystem::path token_path(const Environment& environment, const std::filesystem::path& home,
                                 ClientVersion version) {
  if (version < kNewHome) return home / ".huggingface/token";
  const Environment seen = environment_for_paths(environment, version);
  if (version >= kExpands) return HubPaths::from(seen, home).token;
  // Expansion of variables is switched off by hiding all of them but those that name the path
  // itself.
  Environment bare;
  for (const char* name : {"HF_HOME", "XDG_CACHE_HOME", "HUGGINGFACE_CO_STAGING"}) {
    if (const auto value = seen.get(name)) bare.set(name, *value);
  }
  // Nor was "~" expanded in this one, though it was in the others.
  const auto verbatim = seen.get("HF_TOKEN_PATH");
  if (verbatim && !seen.is_true("HUGGINGFACE_CO_STAGING")) return *verbatim;
  return HubPaths::from(bare, home).token;
}

std::filesystem::path absolute(const std::filesystem::path& path,
                               const std::filesystem::path& working_directory) {
  const std::filesystem::path whole = path.is_absolute() ? path : working_directory / path;
  // As Python's pathlib: what ends in "/" names a file all the same.
  return whole.has_filename() || !whole.has_relative_path() ? whole : whole.parent_path();
}

/// What Python's text mode makes of a file: "\r\n" and a lone "\r" are read as "\n".
Secret with_universal_newlines(std::string_view content) {
  Secret text = Secret::allocate(content.size());
  std::size_t length = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] == '\n' && i > 0 && content[i - 1] == '\r') continue;
    text.writable()[length++] = content[i] == '\r' ? '\n' : content[i];
  }
  text.truncate(length);
  return text;
}

class Run {
 public:
  Run(const ResolverInput& input, ClientVersion version) : input_(input), version_(version) {}

  Resolution finish() && {
    if (version_ >= kDisableImplicit &&
        input_.environment.is_true("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      result_.sent_by_default = false;
    }
    return std::move(result_);
  }

  /// 0.12 to 0.14: ~/.huggingface/token is copied to the new place before anything else is looked
  /// at, and if it cannot be read every call ends there.
  void copy_old_file() {
    const std::filesystem::path old = input_.home / ".huggingface/token";
    const FileState* const state = file_state(old);
    const FileState* const next = file_state(
        absolute(token_path(input_.environment, input_.home, version_), input_.working_directory));
    const bool copies = next == nullptr || next->kind == FileState::Kind::missing;
    if (copies && state != nullptr && state->kind != FileState::Kind::missing && !is_text(*state)) {
      raise(TokenSource::old_token_file, old.string(),
            "not a readable text file: the client stops while it copies it to the new place");
    }
  }

  void oidc() {
    const auto resource = input_.environment.non_empty("HF_OIDC_RESOURCE");
    if (!resource) return note(TokenSource::oidc, "HF_OIDC_RESOURCE", Outcome::not_set, "not set");
    const bool has_id = input_.environment.non_empty("HF_OIDC_ID_TOKEN").has_value();
    const bool in_github = input_.environment.get("GITHUB_ACTIONS") == "true";
    if (!has_id && !in_github) {
      return raise(
          TokenSource::oidc, "HF_OIDC_RESOURCE",
          "set, but there is no id token to exchange: every call fails and nothing else is tried");
    }
    result_.source = TokenSource::oidc;
    result_.where = "HF_OIDC_RESOURCE";
    note(TokenSource::oidc, "HF_OIDC_RESOURCE", Outcome::used,
         "an id token is exchanged for a short-lived token");
    decided_ = true;
  }

  void colab() {
    const auto product = input_.environment.get("VERTEX_PRODUCT");
    const bool enterprise = version_ >= kEnterpriseColab && product == "COLAB_ENTERPRISE";
    const char* where = "Colab secret HF_TOKEN";
    if (input_.colab.kind == ColabSecret::Kind::no_colab || enterprise) return;
    if (decided_) return shadowed(TokenSource::colab, where);
    if (input_.colab.kind == ColabSecret::Kind::missing)
      return note(TokenSource::colab, where, Outcome::missing, "no secret of this name");
    if (input_.colab.kind == ColabSecret::Kind::no_access) {
      return note(TokenSource::colab, where, Outcome::missing,
                  "this notebook has no access to the secret");
    }
    if (input_.colab.kind == ColabSecret::Kind::timeout) {
      return note(TokenSource::colab, where, Outcome::missing,
                  "the browser did not answer in 10 s");
    }
    take(TokenSource::colab, where, clean_as_huggingface_hub(input_.colab.value));
  }

  /// 0.6 to 0.19: a variable that is set at all decides, be it empty.
  void environment_set_at_all() {
    if (version_ >= kHfToken && set_at_all(TokenSource::env_hf_token)) return;
    set_at_all(TokenSource::env_legacy);
  }

  /// From 0.20: the first of the two that is not empty, cleaned; if nothing is left the file is
  /// next.
  void environment_first_non_empty() {
    if (decided_) {
      shadowed_variable(TokenSource::env_hf_token);
      shadowed_variable(TokenSource::env_legacy);
      return;
    }
    const auto modern = input_.environment.get("HF_TOKEN");
    const auto legacy = input_.environment.get("HUGGING_FACE_HUB_TOKEN");
    if (!modern) note(TokenSource::env_hf_token, "HF_TOKEN", Outcome::not_set, "not set");
    if (modern && modern->empty())
      note(TokenSource::env_hf_token, "HF_TOKEN", Outcome::empty, "set to nothing");
    if (modern && !modern->empty()) {
      take(TokenSource::env_hf_token, "HF_TOKEN", clean_as_huggingface_hub(*modern));
      if (!legacy) return;
      return note(TokenSource::env_legacy, "HUGGING_FACE_HUB_TOKEN",
                  decided_ ? Outcome::shadowed : Outcome::not_asked,
                  decided_ ? "HF_TOKEN comes first"
                           : "HF_TOKEN is blank but not empty, so this one is not looked at");
    }
    if (!legacy)
      return note(TokenSource::env_legacy, "HUGGING_FACE_HUB_TOKEN", Outcome::not_set, "not set");
    take(TokenSource::env_legacy, "HUGGING_FACE_HUB_TOKEN", clean_as_huggingface_hub(*legacy));
  }

  void file() {
    std::filesystem::path path =
        absolute(token_path(input_.environment, input_.home, version_), input_.working_directory);
    TokenSource source =
        version_ < kNewHome ? TokenSource::old_token_file : TokenSource::token_file;
    const FileState* state = file_state(path);
    if (decided_) {
      if (state != nullptr && state->kind != FileState::Kind::missing)
        shadowed(source, path.string());
      return;
    }
    const bool missing = state == nullptr || state->kind == FileState::Kind::missing;
    if (missing && version_ >= kNewHome && version_ < kColab) {
      // These releases copy ~/.huggingface/token to the new place before they read it.
      const std::filesystem::path old = input_.home / ".huggingface/token";
      const FileState* const old_state = file_state(old);
      // What cannot be read is not copied, and nobody is told.
      if (old_state != nullptr && is_text(*old_state)) {
        state = old_state;
        path = old;
        source = TokenSource::old_token_file;
      }
    }
    read(source, path, state);
  }

 private:
  static bool is_text(const FileState& state) {
    return state.kind == FileState::Kind::readable && !utf8::first_invalid(state.content);
  }

  void read(TokenSource source, const std::filesystem::path& path, const FileState* state) {
    if (state == nullptr || state->kind == FileState::Kind::missing) {
      return note(source, path.string(), Outcome::missing, "no such file");
    }
    if (state->kind == FileState::Kind::unreadable) {
      return raise(source, path.string(), "not readable: the client stops with PermissionError");
    }
    if (state->kind == FileState::Kind::not_a_file) {
      return raise(source, path.string(), "not a file: the client stops with IsADirectoryError");
    }
    if (utf8::first_invalid(state->content)) {
      return raise(source, path.string(), "not UTF-8: the client stops with UnicodeDecodeError");
    }
    take(source, path.string(),
         version_ >= kCleans ? clean_as_huggingface_hub(state->content)
                             : with_universal_newlines(state->content));
  }

  bool set_at_all(TokenSource source) {
    const std::string name(name_of(source));
    const auto value = input_.environment.get(name);
    if (decided_) {
      shadowed_variable(source);
      return true;
    }
    if (!value) {
      note(source, name, Outcome::not_set, "not set");
      return false;
    }
    Secret token = version_ >= kCleans ? clean_as_huggingface_hub(*value) : Secret::copy_of(*value);
    if (token.empty()) {
      note(source, name, Outcome::used, "set to nothing, and this release then tries nothing else");
      decided_ = true;
      return true;
    }
    take(source, name, std::move(token));
    return true;
  }

  void take(TokenSource source, const std::string& where, Secret token) {
    if (token.empty()) return note(source, where, Outcome::empty, "nothing is left after cleaning");
    result_.source = source;
    result_.where = where;
    result_.token = std::move(token);
    decided_ = true;
    note(source, where, Outcome::used, "the first source that yields a token");
  }

  void raise(TokenSource source, const std::string& where, const char* reason) {
    result_.source = source;
    result_.where = where;
    result_.raises = true;
    decided_ = true;
    note(source, where, Outcome::raises, reason);
  }

  void shadowed_variable(TokenSource source) {
    const std::string name(name_of(source));
    if (input_.environment.non_empty(name)) shadowed(source, name);
  }

  void shadowed(TokenSource source, const std::string& where) {
    note(source, where, Outcome::shadowed, "an earlier source decides");
  }

  void note(TokenSource source, const std::string& where, Outcome outcome, const char* reason) {
    result_.steps.push_back({source, where, outcome, reason});
  }

  [[nodiscard]] const FileState* file_state(const std::filesystem::path& path) const {
    const auto found = std::find_if(input_.files.begin(), input_.files.end(),
                                    [&path](const auto& entry) { return entry.first == path; });
    return found != input_.files.end() ? &found->second : nullptr;
  }

  const ResolverInput& input_;
  ClientVersion version_;
  Resolution result_;
  bool decided_ = false;
};

std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || value < 0 || value > 99999) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::optional<ClientVersion> ClientVersion::parse(std::string_view text) {
  ClientVersion version{0, 0, 0};
  const auto first = take_number(text);
  if (!first || !text.starts_with(".")) return std::nullopt;
  text.remove_prefix(1);
  const auto second = take_number(text);
  if (!second) return std::nullopt;
  version.major = *first;
  version.minor = *second;
  if (text.starts_with(".")) {
    text.remove_prefix(1);
    // "1.29.dev0" has no patch number.
    if (const auto third = take_number(text)) version.patch = *third;
  }
  return version;
}

std::string ClientVersion::str() const {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::string_view name_of(TokenSource source) noexcept {
  const auto* found = std::find_if(kSourceNames.begin(), kSourceNames.end(),
                                   [source](const auto& row) { return row.first == source; });
  return found != kSourceNames.end() ? found->second : "none";
}

Resolution resolve_huggingface_hub(const ResolverInput& input, ClientVersion version) {
  Run run(input, version);
  if (version >= kNewHome && version < kCopiesQuietly) run.copy_old_file();
  if (version >= kOidc) run.oidc();
  if (version >= kColab && version < kOidc) run.colab();
  if (version >= kColab) {
    run.environment_first_non_empty();
  } else if (version >= kEnvironment) {
    run.environment_set_at_all();
  }
  run.file();
  if (version >= kOidc) run.colab();
  return std::move(run).finish();
}

std::vector<std::filesystem::path> token_paths_read(const Environment& environment,
                                                    const std::filesystem::path& home,
                                                    const std::filesystem::path& working_directory,
                                                    ClientVersion version) {
  std::vector<std::filesystem::path> paths{
      absolute(token_path(environment, home, version), working_directory)};
  const std::filesystem::path old = home / ".huggingface/token";
  if (version >= kNewHome && version < kColab && paths.front() != old) paths.push_back(old);
  return paths;
}

}  // namespace hfauth::token
