// SPDX-License-Identifier: Apache-2.0
//
// Tokens that the Hub gave and the agent has not acknowledged yet: a file a profile, 0600, in the
// runtime folder (RAM), written before anything else is done with the Hub's answer. So a killed
// program, or an agent that could not store, loses nothing: the next run delivers. One thread.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/token/token_record.hpp"

#include <filesystem>
#include <vector>

namespace hfauth::net {

class Undelivered {
 public:
  /// `runtime` is UserPaths::runtime.
  explicit Undelivered(const std::filesystem::path& runtime) : folder_(runtime / "refreshed") {}

  /// `record`: the new token and refresh token, with the generation that was handed out for the
  /// refresh. Errors: as write_file_atomically.
  [[nodiscard]] Result<void> keep(const token::TokenRecord& record) const;

  /// What waits. A file that makes no sense is removed: it was never whole, or is of another
  /// version.
  [[nodiscard]] std::vector<token::TokenRecord> all() const;

  void remove(const token::ProfileName& profile) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const token::ProfileName& profile) const {
    return folder_ / profile.str();
  }

  std::filesystem::path folder_;
};

}  // namespace hfauth::net
