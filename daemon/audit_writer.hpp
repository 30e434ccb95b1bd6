// SPDX-License-Identifier: Apache-2.0
//
// Appends to the audit's files and puts full ones aside. Blocks: called on the worker, by one
// thread at a time.
#pragma once

#include "hfauth/agent/audit_log.hpp"

#include <optional>
#include <vector>

namespace hfauth::daemon {

struct AuditLimits {
  std::size_t bytes = std::size_t{4} << 20;  ///< of the present file, then it is put aside
  int files = 4;                             ///< beside it
};

class AuditWriter {
 public:
  explicit AuditWriter(agent::AuditFiles files) : files_(std::move(files)) {}

  /// Gives each entry its sequence and hash and appends them all, or none. Errors: denied (the
  /// folder is not ours alone), no_space, permission, io, corrupt.
  [[nodiscard]] Result<void> write(std::vector<agent::AuditEntry>& entries, AuditLimits limits);

 private:
  [[nodiscard]] Result<void> find_end();
  [[nodiscard]] Result<void> repair_tail(std::optional<agent::AuditEntry>& last) const;
  [[nodiscard]] Result<void> append(const std::string& text) const;
  [[nodiscard]] Result<void> put_aside(int files);

  agent::AuditFiles files_;
  std::optional<Secret> key_;
  agent::AuditHead head_;
  bool found_end_ = false;
};

}  // namespace hfauth::daemon
