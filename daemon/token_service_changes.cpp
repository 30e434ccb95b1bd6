// SPDX-License-Identifier: Apache-2.0
//
// The part of TokenService that goes through the store. A step owns what it hands to the worker;
// the catalogue changes in `finish` only, after the store has acknowledged.
#include "hfauth/core/file.hpp"
#include "limits.hpp"
#include "log.hpp"
#include "settings.hpp"
#include "token_service.hpp"

#include <numeric>
#include <utility>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;

namespace {

std::size_t bytes_of(const std::vector<std::string>& strings) {
  return std::accumulate(
      strings.begin(), strings.end(), std::size_t{0},
      [](std::size_t sum, const std::string& text) { return sum + text.size() + 3; });
}

std::size_t bytes_of(const token::TokenFacts& facts) {
  return facts.user.size() + facts.role.size() + facts.display_name.size() +
         facts.endpoint.url().size() + bytes_of(facts.scopes) + bytes_of(facts.orgs);
}

}  // namespace

struct TokenService::Addition {
  agent::call::Add request;
  Done<agent::StoredProfile> done;
  Defaults defaults{};
  bool defaults_changed = false;
  Result<void> stored{};
};

struct TokenService::Removal {
  token::ProfileName profile;
  Done<void> done;
  Defaults defaults{};
  bool defaults_changed = false;
  Result<void> removed{};
};

std::optional<Fault> TokenService::refuse_addition(const agent::call::Add& request) const {
  if (std::optional<Fault> fault = obstacle()) return fault;
  const std::string& name = request.record.facts.profile.str();
  const bool exists = catalogue_.find(name) != nullptr;
  if (exists && !request.replace) return Fault{.code = FaultCode::conflict, .text = name};
  if (!exists && catalogue_.size() >= kMaxProfiles) {
    return Fault{.code = FaultCode::busy,
                 .text = "there are " + std::to_string(kMaxProfiles) +
                         " profiles already; remove one first"};
  }
  if (bytes_of(request.record.facts) > kMaxFactsBytes) {
    return Fault{.code = FaultCode::too_large, .number = std::int64_t{kMaxFactsBytes}};
  }
  return std::nullopt;
}

void TokenService::add(agent::call::Add request, Done<agent::StoredProfile> done) {
  load_if_needed();
  auto step =
      std::make_shared<Addition>(Addition{.request = std::move(request), .done = std::move(done)});
  const auto begin = [this, step] {
    if (std::optional<Fault> fault = refuse_addition(step->request)) {
      step->done(std::move(*fault));
      return false;
    }
    token::TokenFacts& facts = step->request.record.facts;
    const Entry* const earlier = catalogue_.find(facts.profile.str());
    facts.generation = earlier == nullptr ? 1 : earlier->profile.facts.generation + 1;
    step->defaults = catalogue_.defaults();
    std::erase_if(step->defaults, [&](const auto& item) {
      return item.second == facts.profile.str() && item.first != facts.endpoint.url();
    });
    if (step->request.make_default || !step->defaults.contains(facts.endpoint.url())) {
      step->defaults[facts.endpoint.url()] = facts.profile.str();
    }
    step->defaults_changed = step->defaults != catalogue_.defaults();
    return true;
  };
  const auto work = [this, step] {
    step->stored = store_->put(step->request.record);
    if (!step->stored) return;
    if (const Result<void> pinned = door_.pin(store_->describe_from_memory().name); !pinned) {
      log_line(LogLevel::warning,
               "the choice of the store is not remembered: " + pinned.error().detail);
    }
    if (!step->defaults_changed) return;
    if (const Result<void> saved = save(step->defaults); !saved) {
      log_line(LogLevel::warning, "the default profile is not remembered: " + saved.error().detail);
    }
  };
  const auto finish = [this, step] {
    if (!step->stored) {
      step->done(agent::fault_from_store(step->stored.error()));
      return;
    }
    const token::TokenFacts& facts = step->request.record.facts;
    if (user_locked_) {
      // Stored, and the lock that came meanwhile holds: nothing of it stays in memory.
      step->done(Fault{.code = FaultCode::locked});
      return;
    }
    catalogue_.put(step->request.record);
    const Entry* const entry = catalogue_.find(facts.profile.str());
    const auto chosen = step->defaults.find(facts.endpoint.url());
    if (chosen != step->defaults.end() && chosen->second == facts.profile.str())
      catalogue_.set_default(*entry);
    const agent::StoredProfile stored = entry->profile;
    static_cast<void>(after_change());  // the token is stored; a lease that is stuck was logged
    step->done(stored);
  };
  queue_.submit({.begin = begin, .work = work, .finish = finish});
}

void TokenService::remove(const token::ProfileName& profile, Done<void> done) {
  load_if_needed();
  auto step = std::make_shared<Removal>(Removal{.profile = profile, .done = std::move(done)});
  const auto begin = [this, step] {
    std::optional<Fault> fault = obstacle();
    if (!fault && catalogue_.find(step->profile.str()) == nullptr) {
      fault =
          Fault{.code = FaultCode::not_found, .text = "no profile named " + step->profile.str()};
    }
    if (fault) {
      step->done(std::move(*fault));
      return false;
    }
    step->defaults = catalogue_.defaults();
    step->defaults_changed = std::erase_if(step->defaults, [&](const auto& item) {
                               return item.second == step->profile.str();
                             }) > 0;
    return true;
  };
  const auto work = [this, step] {
    step->removed = store_->remove(step->profile);
    if (!step->removed || !step->defaults_changed) return;
    if (const Result<void> saved = save(step->defaults); !saved) {
      log_line(LogLevel::warning, "the default profile is not remembered: " + saved.error().detail);
    }
  };
  const auto finish = [this, step] {
    // Removed behind our back is removed.
    if (!step->removed && step->removed.error().code != Errc::not_found) {
      step->done(agent::fault_from_store(step->removed.error()));
      return;
    }
    catalogue_.erase(step->profile);
    if (const Result<void> followed = after_change(); !followed) {
      step->done(agent::fault_from(followed.error()));
      return;
    }
    step->done({});
  };
  queue_.submit({.begin = begin, .work = work, .finish = finish});
}

void TokenService::set_default(const token::ProfileName& profile, Done<agent::StoredProfile> done) {
  load_if_needed();

  struct Step {
    token::ProfileName profile;
    Done<agent::StoredProfile> done;
    Defaults defaults{};
    Result<void> saved{};
  };

  auto step = std::make_shared<Step>(Step{.profile = profile, .done = std::move(done)});
  const auto begin = [this, step] {
    std::optional<Fault> fault = obstacle();
    const Entry* const entry = catalogue_.find(step->profile.str());
    if (!fault && entry == nullptr) {
      fault =
          Fault{.code = FaultCode::not_found, .text = "no profile named " + step->profile.str()};
    }
    if (fault) {
      step->done(std::move(*fault));
      return false;
    }
    step->defaults = catalogue_.defaults();
    step->defaults[entry->profile.facts.endpoint.url()] = step->profile.str();
    return true;
  };
  const auto work = [this, step] { step->saved = save(step->defaults); };
  const auto finish = [this, step] {
    if (!step->saved) {
      step->done(agent::fault_from(step->saved.error()));
      return;
    }
    const Entry* const entry = catalogue_.find(step->profile.str());
    if (entry == nullptr) {
      step->done(Fault{.code = FaultCode::locked});
      return;
    }
    catalogue_.set_default(*entry);
    const agent::StoredProfile chosen = entry->profile;
    static_cast<void>(after_change());  // a lease that is stuck was logged
    step->done(chosen);
  };
  queue_.submit({.begin = begin, .work = work, .finish = finish});
}

void TokenService::lock(const Done<void>& done) {
  user_locked_ = true;
  ++locks_;
  catalogue_.clear();
  const Result<void> closed = leases_.rest();
  const Answer<void> answer =
      closed ? Answer<void>() : Answer<void>(agent::fault_from(closed.error()));
  if (const Result<void> marked =
          write_file_atomically(files_.lock_marker, "", 0600, Durability::renamed);
      !marked) {
    log_line(LogLevel::warning,
             "the lock would not outlive this process: " + marked.error().detail);
  }
  turns_.expire(clock_.monotonic());
  close_after_turn_ = !turns_.empty();
  answer_waiting(true);
  const auto begin = [this, done, answer] {
    if (close_after_turn_) done(answer);
    return !close_after_turn_;
  };
  const auto work = [this] {
    if (store_ != nullptr && store_->describe_from_memory().persistent) store_.reset();
  };
  queue_.submit({.begin = begin, .work = work, .finish = [done, answer] { done(answer); }});
}

void TokenService::open_with(Unlocking& step) {
  Load& load = step.load;
  // Else no passphrase would be asked for.
  if (step.reopen && store_ != nullptr && store_->describe_from_memory().persistent) store_.reset();
  open_store(load);
  if (load.error) return;
  read_store(load);
  if (!load.error || load.error->code != Errc::locked) return;
  if (const Result<void> opened = store_->unlock(step.passphrase); !opened) {
    step.refused = true;
    load.error = opened.error();
    return;
  }
  load.error.reset();
  read_store(load);
}

/// What a failed unlocking means for the state, and the error for the one who asked.
Error TokenService::take_over_refusal(Unlocking& step) {
  Error error = *step.load.error;
  if (step.refused) {
    // What is open stays open: only the store behind it locked itself.
    if (user_locked_ || state_ == State::open) return error;
    step.load.error = Error{Errc::locked, error.detail};
    take_over(step.load);
    return error;
  }
  if (!user_locked_) take_over(step.load);
  // "Denied" speaks of the passphrase, and a client would ask for one; here the store cannot be
  // used (its file is open to others, say).
  if (error.code == Errc::denied) error.code = Errc::store_unavailable;
  return error;
}

void TokenService::unlock(Secret passphrase, Done<void> done) {
  auto step = std::make_shared<Unlocking>(
      Unlocking{.passphrase = std::move(passphrase), .done = std::move(done), .locks = locks_});
  const auto finish = [this, step] {
    if (step->locks != locks_) {
      step->done(Fault{.code = FaultCode::locked});
      return;
    }
    if (step->load.error) {
      step->done(agent::fault_from(take_over_refusal(*step)));
      return;
    }
    user_locked_ = false;
    std::error_code ignored;
    std::filesystem::remove(files_.lock_marker, ignored);
    take_over(step->load);
    leases_.wake(catalogue_, clock_.now());
    step->done({});
  };
  const auto begin = [this, step] {
    step->reopen = std::exchange(close_after_turn_, false);
    return true;
  };
  queue_.submit({.begin = begin, .work = [this, step] { open_with(*step); }, .finish = finish});
}

}  // namespace hfauth::daemon
