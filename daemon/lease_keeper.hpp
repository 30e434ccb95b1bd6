// SPDX-License-Identifier: Apache-2.0
//
// Which leases are open, until when, and that their files follow what the catalogue says: a new
// token is swapped in, a removed or expired one is taken away. Lives on the loop; file calls are to
// RAM.
#pragma once

#include "catalogue.hpp"
#include "lease_files.hpp"

#include <map>
#include <optional>
#include <vector>

namespace hfauth::daemon {

class LeaseKeeper {
 public:
  explicit LeaseKeeper(LeaseFiles files) : files_(std::move(files)) {}

  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  /// Closes all: an exception that ends the agent leaves no token behind.
  ~LeaseKeeper() { static_cast<void>(close_all()); }  // each failure is in the log

  /// Removes what an earlier agent left; call before the first lease.
  [[nodiscard]] Result<void> sweep() const { return files_.sweep(); }

  /// Opens or renews a lease on `entry`; without `expires` it has no end of its own. Errors: as
  /// LeaseFiles::put.
  [[nodiscard]] Result<agent::Lease> open(const LeaseSlot& slot, const Entry& entry,
                                          std::optional<WallTime> expires);

  /// Errors: not_found (no such lease); what removing the file brought up: then the lease stays in
  /// the list, and follow() tries again.
  [[nodiscard]] Result<void> close(const LeaseSlot& slot);

  /// Tries each; the first failure of all.
  [[nodiscard]] Result<void> close_all();

  /// close_all(), and remembers what was open, without tokens. Errors: as close_all().
  [[nodiscard]] Result<void> rest();

  /// Opens again what rest() remembered, as far as its time is not over and `catalogue` has a token
  /// for it: the programs that were told the path need not be told again. What cannot be written is
  /// logged.
  void wake(const Catalogue& catalogue, WallTime now);

  /// Brings the files into line after a change of the catalogue or after time passed: closes leases
  /// whose own time or whose token's time is over or whose profile is gone; writes those whose
  /// token changed. A token that is over and will be refreshed takes its file away only: the lease
  /// gets the next one. Tries again to remove what could not be removed. Errors: of the first that
  /// could not be closed.
  Result<void> follow(const Catalogue& catalogue, WallTime now);

  /// When follow() has something to do by time alone.
  [[nodiscard]] std::optional<WallTime> next_end() const;

  [[nodiscard]] std::vector<agent::Lease> list() const;

  [[nodiscard]] bool is_open(const LeaseSlot& slot) const { return open_.contains(slot); }

  [[nodiscard]] bool empty() const noexcept { return open_.empty(); }

 private:
  struct OpenLease {
    std::string profile;
    /// Never changes while the lease is open: what reads the file sends it to this one.
    token::Endpoint endpoint = token::Endpoint::hub();
    std::uint64_t generation = 0;
    std::optional<WallTime> expires;        ///< the lease's own end
    std::optional<WallTime> token_expires;  ///< the token's
    bool waits = false;                     ///< for a refresh: there is no file
    bool is_stuck = false;                  ///< to be closed, but its file could not be removed
    std::optional<WallTime> retry{};        ///< when that is tried again; unset: at once
  };

  [[nodiscard]] static bool is_over(const std::optional<WallTime>& end, WallTime now) {
    return end && *end <= now;
  }

  /// False if the file could not be written: the lease cannot stay.
  [[nodiscard]] bool follow_token(const LeaseSlot& slot, OpenLease& lease, const Entry& entry,
                                  WallTime now);
  [[nodiscard]] agent::Lease describe(const LeaseSlot& slot, const OpenLease& lease) const;

  LeaseFiles files_;
  std::map<LeaseSlot, OpenLease> open_;
  std::map<LeaseSlot, OpenLease> resting_;
};

}  // namespace hfauth::daemon
