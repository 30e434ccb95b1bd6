// SPDX-License-Identifier: Apache-2.0
//
// A user of their own for a test of the client: scratch home and runtime folder, a token in the
// environment that must not travel, the real hfauthd (HFAUTHD is its path, a definition of the
// build), which is ended with the user.
#pragma once

#include "hfauth/agent/client.hpp"
#include "support/scratch_directory.hpp"
#include "support/test_tokens.hpp"

#include <filesystem>
#include <string>

namespace hfauth::testing {

/// The error's detail, "" without one.
template <class T>
std::string why(const Result<T>& result) {
  return result ? "" : result.error().detail;
}

struct User {
  ScratchDirectory scratch;
  Environment environment = make();
  UserPaths paths = UserPaths::from(environment).value();

  User() = default;
  User(const User&) = delete;
  User& operator=(const User&) = delete;

  ~User() {
    if (Result<agent::AgentClient> client = connect(agent::Spawn::never)) (void)client->shutdown();
  }

  [[nodiscard]] Environment make() const {
    const std::filesystem::path root = scratch.path();
    for (const char* const name : {"home", "run"}) {
      std::filesystem::create_directory(root / name);
      std::filesystem::permissions(root / name, std::filesystem::perms::owner_all);
    }
    return Environment({{"HOME", root / "home"},
                        {"XDG_RUNTIME_DIR", root / "run"},
                        {"PATH", "/usr/bin:/bin"},
                        {"HFAUTH_STORE", "memory"},
                        {"HF_TOKEN", test_token("environment")},
                        {"HFAUTH_AGENT_PROGRAM", HFAUTHD}});
  }

  [[nodiscard]] Result<agent::AgentClient> connect(
      agent::Spawn spawn = agent::Spawn::if_missing) const {
    return agent::AgentClient::connect(environment, paths, spawn);
  }
};

}  // namespace hfauth::testing
