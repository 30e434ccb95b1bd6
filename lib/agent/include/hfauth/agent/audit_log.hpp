// SPDX-License-Identifier: Apache-2.0
//
// The audit's files: JSON lines, each with a hash over itself and the hash of the line before
// (keyed BLAKE2b), so that a line that was changed, taken out, put in or cut off shows. hfauthd
// writes them, `hfauth audit` reads and checks them. What the chain does not do: whoever can read
// the key, as every program of the same user can, can write another chain (docs/protocol.md).
#pragma once

#include "hfauth/agent/journal.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::agent {

/// No file of an audit is larger: what is, is none.
inline constexpr std::size_t kMaxAuditBytes = std::size_t{1} << 30;

struct AuditFiles {
  std::filesystem::path folder;  ///< <state>/audit

  [[nodiscard]] static AuditFiles in(const UserPaths& paths) {
    return {.folder = paths.state / "audit"};
  }

  [[nodiscard]] std::filesystem::path current() const { return folder / "audit.jsonl"; }

  /// Those that were put aside: 1 is the youngest.
  [[nodiscard]] std::filesystem::path older(int number) const {
    return folder / ("audit." + std::to_string(number) + ".jsonl");
  }

  /// How far the chain went when something was last written: a file that ends before was cut off.
  [[nodiscard]] std::filesystem::path head() const { return folder / "head"; }

  [[nodiscard]] std::filesystem::path key() const { return folder / "key"; }

  /// Oldest first; those that exist.
  [[nodiscard]] std::vector<std::filesystem::path> existing() const;
};

/// Where a chain ends.
struct AuditHead {
  std::int64_t sequence = 0;  ///< 0: nothing was written yet
  std::string hash{};
  std::int64_t first = 1;  ///< with which the oldest file begins that was kept

  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// The line of `entry` with its newline; sets its hash. `before` is the hash of the line before.
[[nodiscard]] std::string audit_line(AuditEntry& entry, const Secret& key, std::string_view before);

/// One line without its newline; nullopt if it is none. The hash is not checked.
[[nodiscard]] std::optional<AuditEntry> parse_audit_line(std::string_view line);

/// Reads "sequence hash first"; a missing file is the beginning. Errors: corrupt, permission, io.
[[nodiscard]] Result<AuditHead> read_audit_head(const AuditFiles& files);

/// Replaces it; not synced. Errors: permission, no_space, io.
[[nodiscard]] Result<void> write_audit_head(const AuditFiles& files, const AuditHead& head);

/// The key, made if there is none. Errors: corrupt, permission, no_space, io.
[[nodiscard]] Result<Secret> audit_key(const AuditFiles& files);

/// Entries since a time, oldest first; with `newest` no more than that many, the newest. Lines that
/// are none are passed over: verify_audit() tells of them. Blocks; a few MiB. Errors: permission,
/// io.
[[nodiscard]] Result<std::vector<AuditEntry>> read_audit(const AuditFiles& files,
                                                         std::optional<WallTime> since,
                                                         std::optional<std::size_t> newest);

/// What a check found. `broken` empty: the chain is whole.
struct AuditCheck {
  std::int64_t entries = 0;
  std::int64_t first = 0;  ///< more than 1: older ones were put out by the limit of size
  std::int64_t last = 0;
  std::vector<std::string> broken{};  ///< "audit.jsonl:12: changed": at most 20
};

/// Checks every line, the order, and that nothing is missing at the end. Errors: not_found (there
/// is no audit), permission, io, corrupt (the key).
[[nodiscard]] Result<AuditCheck> verify_audit(const AuditFiles& files);

}  // namespace hfauth::agent
