// SPDX-License-Identifier: Apache-2.0
//
// What the Hub last said of a token, by the token's fingerprint: whoami-v2 is strictly limited, and
// the answer of a minute ago is as good as a new one. The file holds fingerprints, verdicts and
// times, nothing else; losing it costs a question. Several processes may use it: the last writer
// wins.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/hub/hub_client.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace hfauth::hub {

/// How long a verdict stands in for a question.
inline constexpr std::chrono::minutes kVerdictLife{10};

struct KnownVerdict {
  Verdict verdict = Verdict::unknown;
  WallTime asked;

  /// Not older than kVerdictLife, and not from the future (a clock that was set back).
  [[nodiscard]] bool is_fresh(WallTime now) const {
    return asked <= now && now - asked <= kVerdictLife;
  }
};

class VerdictCache {
 public:
  /// `file` is state/verdicts of UserPaths. Touches nothing.
  explicit VerdictCache(std::filesystem::path file) : file_(std::move(file)) {}

  /// The last verdict on this token, however old; nullopt if there is none or the file cannot be
  /// read.
  [[nodiscard]] std::optional<KnownVerdict> find(const std::string& fingerprint) const;

  /// Keeps a verdict. *unknown* (no network, 429, ...) says nothing of a token and never takes the
  /// place of what is known. Errors: permission, no_space, io; the caller may go on without.
  [[nodiscard]] Result<void> note(const std::string& fingerprint, Verdict verdict, WallTime now);

 private:
  std::filesystem::path file_;
};

}  // namespace hfauth::hub
