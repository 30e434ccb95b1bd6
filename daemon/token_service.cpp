// SPDX-License-Identifier: Apache-2.0
//
// The part that answers from memory, and the states: opening -> open | store_locked | failed, each
// of the last two tried again when somebody asks (at most every kStoreRetry), and over all of them
// the user's own lock.
#include "token_service.hpp"

#include "hfauth/core/crypto.hpp"
#include "hfauth/core/file.hpp"
#include "limits.hpp"
#include "log.hpp"
#include "store_stamp.hpp"

#include <unistd.h>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;

TokenService::TokenService(StoreDoor door, ServiceFiles files, Worker& worker, const Clock& clock,
                           const Fingerprinter& fingerprinter, LeaseKeeper& leases,
                           RefreshStarter start_refresh)
    : door_(std::move(door)),
      files_(std::move(files)),
      clock_(clock),
      leases_(leases),
      catalogue_(fingerprinter),
      queue_(worker),
      start_refresh_(std::move(start_refresh)) {}

void TokenService::start() {
  std::error_code ignored;
  user_locked_ = std::filesystem::exists(files_.lock_marker, ignored);
  if (user_locked_) log_line(LogLevel::notice, "still locked, as the user left it");
  load_routes();
  load_if_needed();
}

std::optional<Fault> TokenService::obstacle() const {
  if (user_locked_ || state_ == State::store_locked) return Fault{.code = FaultCode::locked};
  if (state_ != State::open) return agent::fault_from_store(failure_);
  return std::nullopt;
}

void TokenService::load_if_needed() {
  if (user_locked_ || load_queued_) return;
  if (state_ == State::open) {
    load_again_if_changed();
    return;
  }
  if (failed_at_ && clock_.monotonic() < *failed_at_ + kStoreRetry) return;
  load_queued_ = true;
  auto load = std::make_shared<Load>();
  queue_.submit({.begin =
                     [this] {
                       load_queued_ = !user_locked_ && state_ != State::open;
                       return load_queued_;
                     },
                 .work =
                     [this, load] {
                       open_store(*load);
                       if (!load->error) read_store(*load);
                     },
                 .finish =
                     [this, load] {
                       load_queued_ = false;
                       take_over(*load);
                     }});
}

void TokenService::after_load(std::function<void()> then) {
  queue_.submit({.begin =
                     [then = std::move(then)] {
                       then();
                       return false;
                     },
                 .work = {},
                 .finish = {}});
}

void TokenService::open_store(Load& load) {
  if (store_ != nullptr) return;
  Result<OpenedStore> opened = door_.open();
  if (!opened) {
    load.error = opened.error();
    return;
  }
  store_ = std::move(opened->store);
  load.refusals = std::move(opened->refusals);
  load.was_opened = true;
}

void TokenService::read_store(Load& load) {
  read_records(load);
  // Opened anew at the next try, because the provider may have been replaced; not where that would
  // lose tokens.
  if (load.error && load.error->code != Errc::locked && load.description.persistent) store_.reset();
}

void TokenService::read_records(Load& load) {
  // Asked how it is only when it has answered: a keyring that is silent takes its deadline once.
  load.description = store_->describe_from_memory();
  load.stamp = stamp_of_files(load.description.file, files_.settings);
  Result<std::vector<token::TokenRecord>> records = store_->list();
  if (!records) {
    load.error = records.error();
    return;
  }
  load.description = store_->describe();
  load.records = std::move(*records);
  Result<Defaults> defaults = load_defaults(files_.settings);
  if (defaults) {
    load.defaults = std::move(*defaults);
  } else {
    log_line(LogLevel::warning, "no default profile is known: " + defaults.error().detail);
  }
}

void TokenService::take_over(Load& load) {
  if (load.was_opened) refusals_ = std::move(load.refusals);
  if (!load.description.name.empty()) {
    if (!load.description.trouble.empty() && load.description.trouble != description_.trouble)
      log_line(LogLevel::warning, "store: " + load.description.trouble);
    description_ = load.description;
    checked_at_ = clock_.monotonic();
  }
  if (user_locked_) return;
  if (load.error) {
    state_ = load.error->code == Errc::locked ? State::store_locked : State::failed;
    failure_ = *load.error;
    failed_at_ = clock_.monotonic();
    log_line(LogLevel::warning, "store: " + failure_.detail);
    return;
  }
  catalogue_.fill(load.records, std::move(load.defaults));
  stamp_ = std::move(load.stamp);
  state_ = State::open;
  failed_at_.reset();
  static_cast<void>(after_change());  // a lease that is stuck was logged
}

void TokenService::keep_standing_lease() {
  std::error_code ignored;
  if (ending_ || leases_.is_open(std::nullopt) ||
      !std::filesystem::exists(files_.standing_lease, ignored))
    return;
  // Whoever reads this lease without being asked to goes to the Hub itself.
  const Answer<const Entry*> entry = get_token({.profile = {}, .endpoint = token::Endpoint::hub()});
  if (!entry) return;
  const std::string& profile = (*entry)->profile.facts.profile.str();
  std::string refusal;
  if (const Decision decision = leases_.judge(profile); decision.verdict != Verdict::allow) {
    refusal = decision.rule + " does not let every program have the token of profile " + profile;
  } else if (const Result<agent::Lease> lease =
                 leases_.open(std::nullopt, **entry, std::nullopt, {});
             !lease) {
    refusal = lease.error().detail;
  }
  if (!refusal.empty() && refusal != standing_refusal_)
    log_line(LogLevel::warning, "no default lease: " + refusal);
  standing_refusal_ = std::move(refusal);
}

void TokenService::on_rules_changed() {
  leases_.obey();
  keep_standing_lease();
}

Result<void> TokenService::after_change() {
  Result<void> followed = leases_.follow(catalogue_, clock_.now());
  keep_standing_lease();
  on_refresh_time();
  return followed;
}

void TokenService::on_time() {
  static_cast<void>(leases_.follow(catalogue_, clock_.now()));  // logged
}

Answer<const Entry*> TokenService::get_token(const agent::call::GetToken& request) const {
  return unless_over(choose(request));
}

Answer<const Entry*> TokenService::unless_over(const Answer<const Entry*>& entry) const {
  if (!entry) return entry;
  const token::TokenFacts& facts = (*entry)->profile.facts;
  if (facts.expires && *facts.expires <= clock_.now()) {
    return Fault{.code = FaultCode::expired,
                 .text = facts.profile.str(),
                 .more = format_utc(*facts.expires)};
  }
  return entry;
}

Answer<std::vector<agent::StoredProfile>> TokenService::list() const {
  if (std::optional<Fault> fault = obstacle()) return std::move(*fault);
  return catalogue_.list();
}

Answer<agent::Lease> TokenService::open_lease(const agent::call::OpenLease& request,
                                              ProgramFacts opener) {
  const Answer<const Entry*> entry =
      get_token({.profile = request.profile, .endpoint = std::nullopt});
  if (!entry) return entry.error();
  if (ending_) return Fault{.code = FaultCode::busy, .text = "the agent is ending"};
  std::optional<WallTime> expires;
  if (request.lifetime) expires = clock_.now() + *request.lifetime;
  const Result<agent::Lease> lease =
      leases_.open(request.profile, **entry, expires, std::move(opener));
  if (!lease) return agent::fault_from(lease.error());
  return *lease;
}

void TokenService::end_leases() {
  ending_ = true;
  static_cast<void>(leases_.close_all());  // logged; the next agent sweeps
}

Answer<void> TokenService::close_lease(const agent::call::CloseLease& request) {
  const Result<void> closed = leases_.close(request.profile);
  if (closed) return {};
  if (closed.error().code != Errc::not_found) return agent::fault_from(closed.error());
  return Fault{.code = FaultCode::not_found,
               .text = request.profile ? "no lease of profile " + request.profile->str()
                                       : "no default lease"};
}

void TokenService::describe(agent::AgentStatus& status) const {
  status.locked = user_locked_ || state_ == State::store_locked;
  status.store = description_.name.empty() ? "none" : description_.name;
  status.store_place = description_.place;
  status.store_protection = description_.protection;
  status.store_state = store_state();
  status.refusals = refusals_;
  status.memory_protection =
      crypto::memory_protection() == crypto::MemoryProtection::locked ? "locked" : "guarded_only";
  status.profiles = static_cast<int>(catalogue_.size());
  status.leases = leases_.list();
}

bool TokenService::is_dispensable() const {
  const bool keeps_tokens_alone = !description_.persistent && catalogue_.size() > 0;
  return queue_.idle() && leases_.empty() && !keeps_tokens_alone && !user_locked_;
}

Result<void> TokenService::save(const Defaults& defaults) const {
  return save_defaults(files_.settings, defaults);
}

}  // namespace hfauth::daemon
