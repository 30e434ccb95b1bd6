// SPDX-License-Identifier: Apache-2.0
//
// Parts of the facts (facts.hpp) on places beside the client's own: what other programs read, where
// else a token stands. Plain values without a secret: stand-ins where the machine has tokens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hfauth::diagnose {

/// A token as some other place has it: enough to compare it, and to show it masked.
struct HeldToken {
  std::string stand_in;  ///< of what is sent
  std::string mask;
  std::string fingerprint;

  friend bool operator==(const HeldToken&, const HeldToken&) = default;
};

/// A token and where it stands.
struct HeldPlace {
  std::string where;  ///< variable or path; "" if there is none
  HeldToken token;

  friend bool operator==(const HeldPlace&, const HeldPlace&) = default;
};

/// A netrc entry that a client would send to the endpoint.
struct NetrcEntry {
  std::string path;
  std::string machine;
  HeldToken token;

  friend bool operator==(const NetrcEntry&, const NetrcEntry&) = default;
};

struct GitHelper {
  std::string scope;   ///< URL of credential.<url>.helper; "" for all
  std::string helper;  ///< "store", "cache", "/path/to/helper"
  std::string where;   ///< the file that says so
  bool asked = false;  ///< it was run: see `token`
  HeldToken token{};   ///< what it has for the endpoint; no mask: nothing

  friend bool operator==(const GitHelper&, const GitHelper&) = default;
};

/// A remote URL that carries a token.
struct GitRemote {
  std::string where;  ///< path of the config file
  std::string name;
  std::string host;
  HeldToken token;

  friend bool operator==(const GitRemote&, const GitRemote&) = default;
};

struct GitFacts {
  std::vector<GitHelper> helpers;
  std::vector<NetrcEntry> stored;  ///< what git's own store has for the endpoint
  std::vector<GitRemote> remotes;
  bool in_hub_clone = false;  ///< the current folder is a clone of a repository of the endpoint

  friend bool operator==(const GitFacts&, const GitFacts&) = default;
};

/// A name of huggingface_hub's stored_tokens.
struct StoredLoginFacts {
  std::string name;
  HeldToken token;
  std::string expires;  ///< ISO 8601; "" if it does not say
  bool can_refresh = false;

  friend bool operator==(const StoredLoginFacts&, const StoredLoginFacts&) = default;
};

struct StoredTokensFacts {
  std::string path;  ///< "" if there is no such file
  std::uint32_t mode = 0;
  std::string problem;  ///< why it cannot be read, with the line; "" if it can
  bool lock_held = false;
  std::vector<StoredLoginFacts> logins;

  friend bool operator==(const StoredTokensFacts&, const StoredTokensFacts&) = default;
};

/// The desktop's keyring, as far as can be told without asking it for anything.
struct KeyringFacts {
  std::string state;  ///< "available", "no_bus"; "" if it was not looked at

  friend bool operator==(const KeyringFacts&, const KeyringFacts&) = default;
};

/// Another user's home from which this run may have been started.
struct SudoFacts {
  std::string user;
  std::string home;

  friend bool operator==(const SudoFacts&, const SudoFacts&) = default;
};

/// A folder in which a client writes.
struct FolderFacts {
  std::string variable;  ///< what it is: "HF_HOME", "HF_HUB_CACHE"
  std::string path;
  bool exists = false;
  bool writable = true;
  std::uint32_t mode = 0;
  std::uint32_t owner = 0;        ///< user id
  std::uint64_t free_bytes = 0;   ///< for this user
  std::uint64_t total_bytes = 0;  ///< 0: not known

  friend bool operator==(const FolderFacts&, const FolderFacts&) = default;
};

/// A token that stands where it can be seen or goes astray.
struct ExposedToken {
  /// "history", "dotfile", "dotenv", "notebook", "arguments", "git index", "git history"
  std::string kind;
  std::string where;   ///< path, or "pid 4242 (python3)"
  int line = 0;        ///< 1-based, or the cell of a notebook; 0: not known
  std::string commit;  ///< of git's history
  std::string variable;
  std::string mask;
  std::string fingerprint;
  std::uint32_t mode = 0;
  bool tracked = false;  ///< inside a git work tree and not ignored there

  friend bool operator==(const ExposedToken&, const ExposedToken&) = default;
};

}  // namespace hfauth::diagnose
