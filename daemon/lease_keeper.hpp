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
  ~LeaseKeeper() { close_all(); }

  /// Removes what an earlier agent left; call before the first lease.
  [[nodiscard]] Result<void> sweep() const { return files_.sweep(); }

  /// Opens or renews a lease on `entry`; without `expires` it has no end of its own. Errors: as
  /// LeaseFiles::put.
  [[nodiscard]] Result<agent::Lease> open(const LeaseSlot& slot, const Entry& entry,
                                          std::optional<WallTime> expires);

  /// False if there is no such lease.
  bool close(const LeaseSlot& slot);
  void close_all();

  /// Brings the files into line after a change of the catalogue or after time passed: closes leases
  /// whose own time or whose token's time is over or whose profile is gone; writes those whose
  /// token changed. A token that is over and will be refreshed takes its file away only: the lease
  /// gets the next one.
  void follow(const Catalogue& catalogue, WallTime now);

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
};

}  // namespace hfauth::daemon
