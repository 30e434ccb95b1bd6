// SPDX-License-Identifier: Apache-2.0
//
// The part of TokenService about the store itself: its passphrase, and moving to another one. Both
// run on the worker between other changes, so nothing is stored meanwhile; both end with the store
// opened anew, so what is in memory is what stands there.
#include "log.hpp"
#include "token_service.hpp"

#include <utility>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;

void TokenService::set_passphrase(agent::call::SetPassphrase request, Done<void> done) {
  load_if_needed();

  struct Step {
    agent::call::SetPassphrase request;
    Done<void> done;
    Result<void> changed{};
    Unlocking reopening{};
  };

  auto step = std::make_shared<Step>(Step{.request = std::move(request), .done = std::move(done)});
  step->reopening.locks = locks_;
  const auto begin = [this, step] {
    if (user_locked_) {
      step->done(Fault{.code = FaultCode::locked});
      return false;
    }
    if (state_ == State::failed || !door_.set_passphrase) {
      step->done(agent::fault_from_store(failure_));
      return false;
    }
    return true;
  };
  const auto work = [this, step] {
    step->changed = door_.set_passphrase(step->request.current, step->request.wanted);
    if (!step->changed) return;
    // The open store still has the old key.
    store_.reset();
    step->reopening.passphrase = std::move(step->request.wanted);
    open_with(step->reopening);
  };
  const auto finish = [this, step] {
    if (!step->changed) {
      step->done(agent::fault_from(step->changed.error()));
      return;
    }
    if (step->reopening.locks == locks_) take_over(step->reopening.load);
    step->done({});
  };
  queue_.submit({.begin = begin, .work = work, .finish = finish});
}

void TokenService::migrate(const std::string& to, Done<agent::Migration> done) {
  load_if_needed();

  struct Step {
    std::string to;
    Done<agent::Migration> done;
    Result<agent::Migration> moved = Error{Errc::internal, "not moved"};
    Load load{};
  };

  auto step = std::make_shared<Step>(Step{.to = to, .done = std::move(done)});
  const auto begin = [this, step] {
    std::optional<Fault> fault = obstacle();
    if (!fault && !turns_.empty())
      fault = Fault{.code = FaultCode::busy, .text = "a token is being refreshed; try again"};
    if (!fault) return true;
    step->done(std::move(*fault));
    return false;
  };
  const auto work = [this, step] {
    step->moved = door_.migrate(*store_, step->to);
    if (!step->moved) return;
    store_.reset();
    open_store(step->load);
    if (!step->load.error) read_store(step->load);
  };
  const auto finish = [this, step] {
    if (!step->moved) {
      step->done(agent::fault_from(step->moved.error()));
      return;
    }
    log_line(LogLevel::notice, "moved to the store " + step->to + ": " +
                                   std::to_string(step->moved->moved) + " tokens");
    take_over(step->load);
    step->done(*step->moved);
  };
  queue_.submit({.begin = begin, .work = work, .finish = finish});
}

}  // namespace hfauth::daemon
