// SPDX-License-Identifier: Apache-2.0
//
// What was asked of the agent and what came of it, on its way to the disk: collected for a second,
// the same thing asked again and again as one entry, then written by the worker. A disk that is
// full or gone delays nothing and nobody: entries wait, up to a limit, and status says so. Lives on
// the loop.
#pragma once

#include "answer.hpp"
#include "audit_writer.hpp"
#include "hfauth/core/clock.hpp"
#include "store_queue.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::daemon {

/// How long entries are collected; a kill -9 loses as much.
inline constexpr std::chrono::seconds kAuditDelay{1};

/// After a failure.
inline constexpr std::chrono::seconds kAuditRetry{5};

/// What waits at most while the disk takes nothing; a MiB of memory.
inline constexpr std::size_t kMaxWaitingEntries = 2000;

class AuditTrail {
 public:
  AuditTrail(agent::AuditFiles files, Worker& worker, const Clock& clock);

  void configure(bool enabled, AuditLimits limits);

  [[nodiscard]] bool enabled() const noexcept { return enabled_; }

  /// Called when next_flush() has come to be, or changed.
  void set_alarm(std::function<void()> alarm) { alarm_ = std::move(alarm); }

  /// Where an entry waits; of use until what waits is handed to the worker.
  struct Ticket {
    std::uint64_t batch = 0;
    std::size_t index = 0;
  };

  /// Time, sequence and hash are set here and later.
  Ticket note(agent::AuditEntry entry);

  /// Counts the same once more. False: its entry does not wait any more.
  [[nodiscard]] bool count_again(Ticket ticket);

  /// Hands what waits to the worker; call at next_flush().
  void flush();

  /// The same, and calls `done` when all that the worker was given before is written, or has
  /// failed.
  void settle(std::function<void()> done);

  [[nodiscard]] std::optional<MonotonicTime> next_flush() const noexcept { return flush_at_; }

  /// What was written since a time, with all that waits now. Answers store_unavailable with the
  /// reason if it cannot be read.
  void read(std::optional<WallTime> since, std::optional<std::size_t> newest,
            Done<std::vector<agent::AuditEntry>> done);

  /// Gets what is written from now on; until drop().
  using Follower = std::function<void(const std::vector<agent::AuditEntry>&)>;

  void follow(std::uint64_t who, Follower follower) { followers_[who] = std::move(follower); }

  void drop(std::uint64_t who) { followers_.erase(who); }

  /// "ok", "off", or why nothing can be written and how much waits.
  [[nodiscard]] std::string state() const;

  /// The end: writes what waits, on this thread, when the worker has ended.
  void finish();

 private:
  void flush_in(std::chrono::seconds time);
  void written(const Result<void>& result, std::vector<agent::AuditEntry> batch);
  void add_loss();

  agent::AuditFiles files_;
  Worker& worker_;
  const Clock& clock_;
  std::shared_ptr<AuditWriter> writer_;
  bool enabled_ = true;
  AuditLimits limits_;
  std::vector<agent::AuditEntry> waiting_;
  std::uint64_t batch_ = 1;  ///< of what waits; no ticket has number 0
  bool writing_ = false;
  std::int64_t lost_ = 0;
  std::string failure_;
  std::optional<MonotonicTime> flush_at_;
  std::function<void()> alarm_ = [] {};
  std::map<std::uint64_t, Follower> followers_;
};

}  // namespace hfauth::daemon
