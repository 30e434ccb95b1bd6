// SPDX-License-Identifier: Apache-2.0
//
// The part of TokenService about OAuth tokens that run out: who may refresh one, what becomes of
// the result, when the program that asks the Hub is started, and who waits for it.
#include "limits.hpp"
#include "log.hpp"
#include "token_service.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;

namespace {

Fault no_profile(const token::ProfileName& profile) {
  return {.code = FaultCode::not_found, .text = "no profile named " + profile.str()};
}

Fault conflict(const token::ProfileName& profile) {
  return {.code = FaultCode::conflict, .text = profile.str()};
}

}  // namespace

std::optional<Fault> TokenService::refuse_refresh(Caller caller,
                                                  const token::ProfileName& profile) const {
  const MonotonicTime now = clock_.monotonic();
  // Locked meanwhile: the store was kept open for this caller.
  if (user_locked_ && close_after_turn_ && turns_.holds(profile.str(), caller, now))
    return std::nullopt;
  if (std::optional<Fault> fault = obstacle()) return fault;
  if (!turns_.is_free_for(profile.str(), caller, now)) {
    return Fault{.code = FaultCode::busy,
                 .text = "the token of profile " + profile.str() + " is being refreshed"};
  }
  if (catalogue_.find(profile.str()) == nullptr) return no_profile(profile);
  return std::nullopt;
}

std::optional<Fault> TokenService::refuse_turn(Caller caller,
                                               const agent::call::BeginRefresh& request) const {
  const token::ProfileName& profile = request.profile;
  if (std::optional<Fault> fault = refuse_refresh(caller, profile)) return fault;
  if (user_locked_) return Fault{.code = FaultCode::locked};
  const agent::StoredProfile& stored = catalogue_.find(profile.str())->profile;
  if (!stored.refreshable) {
    return Fault{.code = FaultCode::not_found,
                 .text = "no refresh token is stored with profile " + profile.str()};
  }
  const std::optional<WallTime> due = token::refresh_due(stored.facts, stored.refreshable);
  if (!request.force && (!due || *due > clock_.now()))
    return Fault{.code = FaultCode::not_due, .text = profile.str()};
  return std::nullopt;
}

void TokenService::begin_refresh(Caller caller, const agent::call::BeginRefresh& request,
                                 Done<RefreshOffer> done) {
  load_if_needed();

  struct Step {
    agent::call::BeginRefresh request;
    Done<RefreshOffer> done;
    Result<token::TokenRecord> record = Error{Errc::internal, "not read"};
  };

  auto step = std::make_shared<Step>(Step{.request = request, .done = std::move(done)});
  const auto begin = [this, caller, step] {
    std::optional<Fault> fault = refuse_turn(caller, step->request);
    if (!fault && turns_.take(step->request.profile.str(), caller, clock_.monotonic())) return true;
    step->done(std::move(*fault));
    return false;
  };
  const auto work = [this, step] { step->record = store_->get(step->request.profile); };
  const auto finish = [this, caller, step] {
    const token::ProfileName& profile = step->request.profile;
    const Entry* const entry = catalogue_.find(profile.str());
    std::optional<Fault> fault;
    if (!step->record) {
      fault = agent::fault_from_store(step->record.error());
    } else if (entry == nullptr) {
      fault = user_locked_ ? Fault{.code = FaultCode::locked} : no_profile(profile);
    } else if (step->record->refresh.empty() ||
               step->record->facts.generation != entry->profile.facts.generation) {
      fault = conflict(profile);  // changed behind our back
    }
    if (fault) {
      end_turn(profile, caller);
      step->done(std::move(*fault));
      return;
    }
    retry_at_[profile.str()] = clock_.now() + kRefreshRetry;
    step->done(RefreshOffer{.record = std::move(*step->record), .profile = entry->profile});
  };
  queue_.submit({.begin = begin, .work = work, .finish = finish});
}

/// One change of a record: `change` is made to what the store has.
struct TokenService::Refreshing {
  Caller caller = 0;
  token::ProfileName profile;
  std::uint64_t generation = 0;
  std::function<void(token::TokenRecord&)> change;
  Done<agent::StoredProfile> done;
  std::optional<token::TokenRecord> record{};
  std::optional<Fault> fault{};
};

void TokenService::store_refresh(const std::shared_ptr<Refreshing>& step) {
  load_if_needed();
  const auto begin = [this, step] {
    std::optional<Fault> fault = refuse_refresh(step->caller, step->profile);
    if (!fault) return true;
    step->done(std::move(*fault));
    return false;
  };
  const auto work = [this, step] {
    Result<token::TokenRecord> stored = store_->get(step->profile);
    if (!stored) {
      step->fault = agent::fault_from_store(stored.error());
      return;
    }
    if (stored->facts.generation != step->generation) {
      step->fault = conflict(step->profile);
      return;
    }
    ++stored->facts.generation;
    step->change(*stored);
    if (const Result<void> put = store_->put(*stored); !put) {
      step->fault = agent::fault_from_store(put.error());
      return;
    }
    step->record = std::move(*stored);
  };
  queue_.submit(
      {.begin = begin, .work = work, .finish = [this, step] { finish_store_refresh(*step); }});
}

void TokenService::finish_store_refresh(Refreshing& step) {
  if (step.fault) {
    // The caller keeps its turn, to try again.
    step.done(std::move(*step.fault));
    return;
  }
  end_turn(step.profile, step.caller);
  if (user_locked_) {
    // Stored, and the lock that came meanwhile holds: nothing of it stays in memory.
    step.done(agent::StoredProfile{.facts = step.record->facts,
                                   .mask = {},
                                   .fingerprint = {},
                                   .refreshable = !step.record->refresh.empty()});
    return;
  }
  catalogue_.put(*step.record);
  const agent::StoredProfile stored = catalogue_.find(step.profile.str())->profile;
  static_cast<void>(after_change());  // the token is stored; a lease that is stuck was logged
  step.done(stored);
}

void TokenService::finish_refresh(Caller caller, agent::call::FinishRefresh request,
                                  Done<agent::StoredProfile> done) {
  auto fresh = std::make_shared<agent::call::FinishRefresh>(std::move(request));
  const auto change = [fresh](token::TokenRecord& record) {
    record.token = std::move(fresh->token);
    if (!fresh->refresh.empty()) record.refresh = std::move(fresh->refresh);
    record.facts.expires = fresh->expires;
    record.facts.login_again = false;
  };
  store_refresh(std::make_shared<Refreshing>(Refreshing{.caller = caller,
                                                        .profile = fresh->profile,
                                                        .generation = fresh->generation,
                                                        .change = change,
                                                        .done = std::move(done)}));
}

void TokenService::abandon_refresh(Caller caller, const agent::call::AbandonRefresh& request,
                                   Done<void> done) {
  if (!request.login_again) {
    end_turn(request.profile, caller);
    done({});
    return;
  }
  log_line(LogLevel::warning, "the Hub refused to refresh the token of profile " +
                                  request.profile.str() + "; log in again with: hfauth login");
  const auto change = [](token::TokenRecord& record) { record.facts.login_again = true; };
  const auto told = [done = std::move(done)](const Answer<agent::StoredProfile>& stored) {
    if (stored) {
      done({});
    } else {
      done(stored.error());
    }
  };
  store_refresh(std::make_shared<Refreshing>(Refreshing{.caller = caller,
                                                        .profile = request.profile,
                                                        .generation = request.generation,
                                                        .change = change,
                                                        .done = told}));
}

void TokenService::end_turn(const token::ProfileName& profile, Caller caller) {
  turns_.give_back(profile.str(), caller);
  let_go_of_store();
}

void TokenService::on_caller_gone(Caller caller) {
  turns_.drop(caller);
  let_go_of_store();
}

void TokenService::let_go_of_store() {
  if (!close_after_turn_ || !turns_.empty()) return;
  queue_.submit({.begin = [this] { return std::exchange(close_after_turn_, false); },
                 .work =
                     [this] {
                       if (store_ != nullptr && store_->describe_from_memory().persistent)
                         store_.reset();
                     },
                 .finish = [] {}});
}

std::optional<WallTime> TokenService::next_start(const Entry& entry) const {
  const std::optional<WallTime> due =
      token::refresh_due(entry.profile.facts, entry.profile.refreshable);
  if (!due) return std::nullopt;
  const auto tried = retry_at_.find(entry.profile.facts.profile.str());
  return tried == retry_at_.end() ? *due : std::max(*due, tried->second);
}

void TokenService::start_refresh(const Entry& entry) {
  const token::ProfileName& profile = entry.profile.facts.profile;
  retry_at_[profile.str()] = clock_.now() + kRefreshRetry;
  refresher_runs_ = true;
  start_refresh_(profile);
}

void TokenService::on_refresh_time() {
  turns_.expire(clock_.monotonic());
  let_go_of_store();
  answer_waiting(false);
  if (!start_refresh_ || ending_ || obstacle()) return;
  for (const agent::StoredProfile& profile : catalogue_.list()) {
    const Entry* const entry = catalogue_.find(profile.facts.profile.str());
    const std::optional<WallTime> start = next_start(*entry);
    if (start && *start <= clock_.now()) start_refresh(*entry);
  }
}

std::optional<WallTime> TokenService::next_refresh_event() const {
  std::optional<WallTime> first;
  const auto consider = [&first](const std::optional<WallTime>& time) {
    if (time && (!first || *time < *first)) first = time;
  };
  for (const Waiting& waiting : waiting_)
    consider(waiting.until);
  if (const std::optional<MonotonicTime> end = turns_.next_end(); end && close_after_turn_)
    consider(clock_.now() + std::chrono::ceil<std::chrono::seconds>(*end - clock_.monotonic()));
  if (!start_refresh_ || ending_ || obstacle()) return first;
  for (const agent::StoredProfile& profile : catalogue_.list())
    consider(next_start(*catalogue_.find(profile.facts.profile.str())));
  return first;
}

bool TokenService::is_fresh(const Entry& entry) const {
  const token::TokenFacts& facts = entry.profile.facts;
  if (!facts.expires) return true;
  const std::optional<WallTime> due = token::refresh_due(facts, entry.profile.refreshable);
  return std::min(*facts.expires, due.value_or(*facts.expires)) > clock_.now();
}

void TokenService::get_fresh_token(const agent::call::GetToken& request, Done<const Entry*> done) {
  const Answer<const Entry*> chosen = choose(request);
  const Answer<const Entry*> answer = unless_over(chosen);
  if (!start_refresh_ || ending_ || obstacle()) {
    done(answer);
    return;
  }
  const std::optional<WallTime> start = chosen ? next_start(**chosen) : std::nullopt;
  const bool begin = start && *start <= clock_.now();
  if (answer || answer.error().code != FaultCode::expired) {
    if (begin) start_refresh(**chosen);
    done(answer);
    return;
  }
  const std::string& name = (*chosen)->profile.facts.profile.str();
  const bool under_way =
      start.has_value() && (refresher_runs_ || !turns_.is_free_for(name, 0, clock_.monotonic()));
  if (!begin && !under_way) {
    done(answer);
    return;
  }
  waiting_.push_back(
      {.request = request, .done = std::move(done), .until = clock_.now() + kRefreshWait});
  if (begin) start_refresh(**chosen);
}

/// Answers those whose token has come, or will not come, or whose time is over; with `all`
/// everybody.
void TokenService::answer_waiting(bool all) {
  std::vector<Waiting> still;
  std::vector<Waiting> ready;
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    const Answer<const Entry*> answer = get_token(waiting.request);
    const bool hopeful = !answer && answer.error().code == FaultCode::expired &&
                         next_start(**choose(waiting.request));
    if (!all && hopeful && waiting.until > clock_.now()) {
      still.push_back(std::move(waiting));
    } else {
      ready.push_back(std::move(waiting));
    }
  }
  waiting_ = std::move(still);
  // Whoever is answered may ask for a lock in the same breath: each is looked up when its turn
  // comes.
  for (const Waiting& waiting : ready)
    waiting.done(get_token(waiting.request));
}

}  // namespace hfauth::daemon
