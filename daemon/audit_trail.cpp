// SPDX-License-Identifier: Apache-2.0
//
// Entries that could not be written go back to the front of what waits, so the order stays; those
// that do not fit any more are counted, and the number becomes an entry of its own.
#include "audit_trail.hpp"

#include "hfauth/core/mask.hpp"
#include "log.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::daemon {

using agent::AuditEntry;

namespace {

/// So far back the same question is looked for: programs ask for one token or two in turn.
constexpr std::size_t kLookBack = 16;

bool is_same(const AuditEntry& a, const AuditEntry& b) {
  return a.pid == b.pid && a.event == b.event && a.outcome == b.outcome && a.profile == b.profile &&
         a.repo == b.repo && a.access == b.access && a.fingerprint == b.fingerprint &&
         a.endpoint == b.endpoint && a.program == b.program && a.unit == b.unit && a.rule == b.rule;
}

/// A token that was typed in the place of a name comes here as that name.
void mask_tokens(AuditEntry& entry) {
  for (std::string* text : {&entry.profile, &entry.repo, &entry.program, &entry.unit})
    if (!text->empty()) *text = redact(*text);
}

}  // namespace

AuditTrail::AuditTrail(agent::AuditFiles files, Worker& worker, const Clock& clock)
    : files_(files),
      worker_(worker),
      clock_(clock),
      writer_(std::make_shared<AuditWriter>(std::move(files))) {}

void AuditTrail::configure(bool enabled, AuditLimits limits) {
  enabled_ = enabled;
  limits_ = limits;
}

AuditTrail::Ticket AuditTrail::note(AuditEntry entry) {
  if (!enabled_) return {};
  mask_tokens(entry);
  const std::size_t far = waiting_.size() - std::min(waiting_.size(), kLookBack);
  for (std::size_t i = waiting_.size(); i > far; --i) {
    if (is_same(waiting_[i - 1], entry)) {
      ++waiting_[i - 1].times;
      return {.batch = batch_, .index = i - 1};
    }
  }
  if (waiting_.size() >= kMaxWaitingEntries) {
    ++lost_;
    return {};
  }
  entry.time = clock_.now();
  waiting_.push_back(std::move(entry));
  if (!flush_at_ && !writing_) flush_in(kAuditDelay);
  return {.batch = batch_, .index = waiting_.size() - 1};
}

bool AuditTrail::count_again(Ticket ticket) {
  if (ticket.batch != batch_ || ticket.index >= waiting_.size()) return false;
  ++waiting_[ticket.index].times;
  return true;
}

void AuditTrail::flush_in(std::chrono::seconds time) {
  flush_at_ = clock_.monotonic() + time;
  alarm_();
}

void AuditTrail::add_loss() {
  if (lost_ == 0) return;
  waiting_.push_back(
      {.time = clock_.now(), .event = "lost", .outcome = "ok", .times = std::exchange(lost_, 0)});
}

void AuditTrail::flush() {
  flush_at_.reset();
  if (writing_ || waiting_.empty()) return;
  add_loss();
  writing_ = true;
  ++batch_;
  auto batch = std::make_shared<std::vector<AuditEntry>>(std::exchange(waiting_, {}));
  auto result = std::make_shared<Result<void>>();
  worker_.run([writer = writer_, batch, result,
               limits = limits_] { *result = writer->write(*batch, limits); },
              [this, batch, result] { written(*result, std::move(*batch)); });
}

void AuditTrail::written(const Result<void>& result, std::vector<AuditEntry> batch) {
  writing_ = false;
  if (result) {
    failure_.clear();
    if (!waiting_.empty()) flush_in(kAuditDelay);
    const std::map<std::uint64_t, Follower> followers = followers_;
    for (const auto& [who, follower] : followers)
      follower(batch);
    return;
  }
  if (failure_ != result.error().detail)
    log_line(LogLevel::warning, "the audit cannot be written: " + result.error().detail);
  failure_ = result.error().detail;
  ++batch_;  // what waits changes its places
  waiting_.insert(waiting_.begin(), std::make_move_iterator(batch.begin()),
                  std::make_move_iterator(batch.end()));
  if (waiting_.size() > kMaxWaitingEntries) {
    lost_ += static_cast<std::int64_t>(waiting_.size() - kMaxWaitingEntries);
    waiting_.resize(kMaxWaitingEntries);
  }
  flush_in(kAuditRetry);
}

void AuditTrail::read(std::optional<WallTime> since, std::optional<std::size_t> newest,
                      Done<std::vector<AuditEntry>> done) {
  flush();
  using Entries = Result<std::vector<AuditEntry>>;
  auto entries = std::make_shared<Entries>(std::vector<AuditEntry>());
  worker_.run([files = files_, since, newest,
               entries] { *entries = agent::read_audit(files, since, newest); },
              [entries, done = std::move(done)] {
                if (*entries) {
                  done(std::move(**entries));
                } else {
                  done(agent::fault_from_store(entries->error()));
                }
              });
}

void AuditTrail::settle(std::function<void()> done) {
  flush();
  worker_.run([] {}, std::move(done));
}

std::string AuditTrail::state() const {
  if (!enabled_) return "off";
  if (failure_.empty()) return "ok";
  std::string text =
      "cannot be written: " + failure_ + "; " + std::to_string(waiting_.size()) + " entries wait";
  if (lost_ > 0) text += ", " + std::to_string(lost_) + " were lost";
  return text;
}

void AuditTrail::finish() {
  if (waiting_.empty()) return;
  add_loss();
  if (const Result<void> result = writer_->write(waiting_, limits_); !result)
    log_line(LogLevel::warning, "the audit cannot be written: " + result.error().detail);
  waiting_.clear();
}

}  // namespace hfauth::daemon
