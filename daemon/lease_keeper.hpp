// SPDX-License-Identifier: Apache-2.0
//
// Which leases are open, until when, and that their files follow what the catalogue says: a new
// token is swapped in, a removed or expired one is taken away; and what the rules say. Lives on the
// loop; file calls are to RAM.
#pragma once

#include "catalogue.hpp"
#include "lease_files.hpp"
#include "policy.hpp"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace hfauth::daemon {

class LeaseKeeper {
 public:
  /// What the rules say now of the token of a profile for a program; one that is not known is one
  /// that cannot be seen.
  using Judge = std::function<Decision(const std::string& profile, const ProgramFacts& program)>;

  explicit LeaseKeeper(LeaseFiles files) : files_(std::move(files)) {}

  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  /// Closes all: an exception that ends the agent leaves no token behind.
  ~LeaseKeeper() { static_cast<void>(close_all()); }  // each failure is in the log

  /// Removes what an earlier agent left; call before the first lease.
  [[nodiscard]] Result<void> sweep() const { return files_.sweep(); }

  /// Until then everything is allowed.
  void judge_by(Judge judge) { judge_ = std::move(judge); }

  /// What the rules say of a lease that no program asked for, as any may read it.
  [[nodiscard]] Decision judge(const std::string& profile) const { return judge_(profile, {}); }

  /// Opens or renews a lease on `entry`; without `expires` it has no end of its own. `opener` was
  /// let through by the rules and is what they are asked for later; not known where nobody asked.
  /// Errors: as LeaseFiles::put.
  [[nodiscard]] Result<agent::Lease> open(const LeaseSlot& slot, const Entry& entry,
                                          std::optional<WallTime> expires, ProgramFacts opener);

  /// The rules changed: closes what they do not allow without a question, since a confirmation
  /// holds for the rules under which it was given. What could not be removed is logged, and
  /// follow() tries again.
  void obey();

  /// Errors: not_found (no such lease); what removing the file brought up: then the lease stays in
  /// the list, and follow() tries again.
  [[nodiscard]] Result<void> close(const LeaseSlot& slot);

  /// Tries each; the first failure of all.
  [[nodiscard]] Result<void> close_all();

  /// close_all(), and remembers what was open, without tokens. Errors: as close_all().
  [[nodiscard]] Result<void> rest();

  /// Opens again what rest() remembered, as far as its time is not over and `catalogue` has a token
  /// for it and the rules allow it: the programs that were told the path need not be told again.
  /// What cannot be written is logged.
  void wake(const Catalogue& catalogue, WallTime now);

  /// Brings the files into line after a change of the catalogue or after time passed: closes leases
  /// whose own time or whose token's time is over or whose profile is gone, or follows the default
  /// to a profile that the rules do not allow; writes those whose token changed. A token that is
  /// over and will be refreshed takes its file away only: the lease gets the next one. Tries again
  /// to remove what could not be removed. Errors: of the first that could not be closed.
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
    ProgramFacts opener{};
    bool waits = false;               ///< for a refresh: there is no file
    bool is_stuck = false;            ///< to be closed, but its file could not be removed
    std::optional<WallTime> retry{};  ///< when that is tried again; unset: at once
  };

  [[nodiscard]] static bool is_over(const std::optional<WallTime>& end, WallTime now) {
    return end && *end <= now;
  }

  [[nodiscard]] bool allows(const std::string& profile, const OpenLease& lease) const;
  /// False if the file could not be written or may not be: the lease cannot stay.
  [[nodiscard]] bool follow_token(const LeaseSlot& slot, OpenLease& lease, const Entry& entry,
                                  WallTime now);
  [[nodiscard]] agent::Lease describe(const LeaseSlot& slot, const OpenLease& lease) const;

  LeaseFiles files_;
  Judge judge_ = [](const std::string& /*profile*/, const ProgramFacts& /*program*/) {
    return Decision{};
  };
  std::map<LeaseSlot, OpenLease> open_;
  std::map<LeaseSlot, OpenLease> resting_;
};

}  // namespace hfauth::daemon
