// SPDX-License-Identifier: Apache-2.0
//
// Which token would huggingface_hub send, and why: its get_token() by version as a pure function of
// a machine's state (facts/hub-auth.md §1.1; checked against the real library in tests/interop).
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/hub_paths.hpp"

#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::token {

struct ClientVersion {
  int major = 1;
  int minor = 29;
  int patch = 0;
  friend auto operator<=>(const ClientVersion&, const ClientVersion&) = default;

  /// "1.28.0", "0.36.0rc1", "1.29.0.dev0"; nullopt for anything else.
  [[nodiscard]] static std::optional<ClientVersion> parse(std::string_view text);
  [[nodiscard]] std::string str() const;
};

/// What a file on a token path is: a plain value so that facts can be written and replayed.
struct FileState {
  enum class Kind { missing, readable, unreadable, not_a_file } kind = Kind::missing;
  std::string content;  ///< raw bytes if readable; wiped by the owner, see resolver.cpp
};

struct ColabSecret {
  enum class Kind { no_colab, missing, no_access, timeout, present } kind = Kind::no_colab;
  std::string value;  ///< if present
};

struct ResolverInput {
  Environment environment;
  std::filesystem::path home;
  std::filesystem::path working_directory;  ///< against which relative paths are read
  /// Content of the files by absolute path; a path that is not here is missing.
  std::vector<std::pair<std::filesystem::path, FileState>> files;
  ColabSecret colab;
};

enum class TokenSource { none, oidc, colab, env_hf_token, env_legacy, token_file, old_token_file };

[[nodiscard]] std::string_view name_of(TokenSource source) noexcept;

/// One source that was asked, in order, and what came of it.
struct ResolutionStep {
  TokenSource source;
  std::string where;  ///< "HF_TOKEN", an absolute path, ...
  enum class Outcome { used, empty, not_set, missing, shadowed, raises, not_asked } outcome;
  std::string reason;  ///< one line for people, without a secret
};

struct Resolution {
  TokenSource source = TokenSource::none;
  std::string where;
  Secret token;  ///< what get_token() returns, cleaned; empty for none
  bool raises =
      false;  ///< get_token() ends in an exception (unreadable file, OIDC without id token)
  bool sent_by_default =
      true;  ///< false: HF_HUB_DISABLE_IMPLICIT_TOKEN keeps it from ordinary requests
  std::vector<ResolutionStep> steps;
};

/// Pure; any version from 0.0 on. Versions above the newest known behave as the newest.
[[nodiscard]] Resolution resolve_huggingface_hub(const ResolverInput& input, ClientVersion version);

/// The token paths that resolve_huggingface_hub would read for this input: what a probe has to
/// fetch.
[[nodiscard]] std::vector<std::filesystem::path> token_paths_read(
    const Environment& environment, const std::filesystem::path& home,
    const std::filesystem::path& working_directory, ClientVersion version);

/// Which token the Rust command line hfrs (hf-hub 1.1) would send; no steps are told. Pure.
[[nodiscard]] Resolution resolve_hfrs(const ResolverInput& input);

/// The token files that resolve_hfrs would read; the input's own files do not matter.
[[nodiscard]] std::vector<std::filesystem::path> token_paths_read_by_hfrs(
    const ResolverInput& input);

}  // namespace hfauth::token
