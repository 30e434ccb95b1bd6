// SPDX-License-Identifier: Apache-2.0
//
// The order is what makes it safe to be killed anywhere. A refresh token that the Hub has replaced
// exists in its answer alone, so the answer goes first into a file in RAM (Undelivered), then into
// Python's two files, while its lock is held, then to the agent, which acknowledges when its store
// has it; last the file in RAM goes. Until the first of these the old tokens stand everywhere. A
// run that finds Python ahead adopts what Python has: nobody refreshes twice. What remains is
// SIGKILL or a power cut between the question and the first file: no client can close that.
#include "refresh.hpp"

#include "log.hpp"

#include <csignal>
#include <string>
#include <utility>

namespace hfauth::net {

using daemon::log_line;
using daemon::LogLevel;

namespace {

/// The turn of one profile. It is given back when this object ends, unless it was used.
class Turn {
 public:
  Turn(agent::AgentClient agent, agent::RefreshClaim claim)
      : agent_(std::move(agent)),
        record_{.facts = std::move(claim.profile.facts),
                .token = std::move(claim.token),
                .refresh = std::move(claim.refresh)} {}

  Turn(Turn&&) noexcept = default;
  Turn& operator=(Turn&&) = delete;
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() = default;  // closing the connection gives the turn back

  [[nodiscard]] const token::TokenRecord& record() const noexcept { return record_; }

  [[nodiscard]] agent::AgentClient& agent() noexcept { return agent_; }

 private:
  agent::AgentClient agent_;
  token::TokenRecord record_;
};

std::string named(const token::TokenFacts& facts) {
  return "profile " + facts.profile.str();
}

/// nullopt: nothing is to be done.
Result<std::optional<Turn>> take_turn(const World& world, const token::ProfileName& profile,
                                      bool force) {
  Result<agent::AgentClient> agent = world.connect();
  if (!agent) return agent.error();
  Result<std::optional<agent::RefreshClaim>> claim = agent->begin_refresh(profile, force);
  if (!claim && claim.error().code == Errc::busy) {
    log_line(LogLevel::info, claim.error().detail);
    return std::optional<Turn>();
  }
  if (!claim) return claim.error();
  if (!*claim) return std::optional<Turn>();
  return std::optional(Turn(std::move(*agent), std::move(**claim)));
}

bool is_superseded(const Error& error) {
  return error.code == Errc::conflict || error.code == Errc::not_found;
}

Result<void> deliver(agent::AgentClient& agent, const World& world,
                     const token::TokenRecord& fresh) {
  const token::TokenFacts& facts = fresh.facts;
  const Result<agent::StoredProfile> stored = agent.finish_refresh(
      facts.profile, facts.generation,
      {.token = fresh.token.clone(), .refresh = fresh.refresh.clone(), .expires = facts.expires});
  if (stored || is_superseded(stored.error())) world.undelivered.remove(facts.profile);
  if (!stored) return stored.error();
  log_line(LogLevel::info,
           named(facts) + ": refreshed" +
               (facts.expires ? ", valid until " + format_utc(*facts.expires) : ""));
  return {};
}

/// Over the turn's connection; if that is gone (the agent was restarted) over a new one.
Result<void> deliver_or_keep(Turn& turn, const World& world, const token::TokenRecord& fresh) {
  Result<void> done = deliver(turn.agent(), world, fresh);
  if (!done && done.error().code == Errc::agent_unreachable) {
    Result<agent::AgentClient> again = world.connect();
    if (!again) return again.error();
    done = deliver(*again, world, fresh);
  }
  if (!done && !is_superseded(done.error())) {
    log_line(LogLevel::warning,
             named(fresh.facts) + ": the new token waits for the agent: " + done.error().detail);
  }
  return done;
}

token::TokenRecord fresh_record(const Turn& turn, const Secret& token, const Secret& refresh,
                                std::optional<WallTime> expires) {
  token::TokenRecord fresh{
      .facts = turn.record().facts, .token = token.clone(), .refresh = refresh.clone()};
  fresh.facts.expires = expires;
  return fresh;
}

/// Holds back the signals that end a program: between the question and the moment when its answer
/// is kept, ending would lose a login.
class Uninterrupted {
 public:
  Uninterrupted() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
      sigaddset(&ending, signal);
    pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }

  Uninterrupted(const Uninterrupted&) = delete;
  Uninterrupted& operator=(const Uninterrupted&) = delete;

  ~Uninterrupted() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Asks the Hub and puts the answer where a kill cannot lose it.
Result<token::TokenRecord> ask_and_keep(Turn& turn, const World& world, const Secret& refresh) {
  const token::TokenFacts& facts = turn.record().facts;
  const Uninterrupted uninterrupted;
  Result<hub::OAuthTokens> tokens = world.ask_hub(facts, refresh);
  if (!tokens) return Error{tokens.error().code, named(facts) + ": " + tokens.error().detail};
  token::TokenRecord fresh = fresh_record(turn, tokens->access, tokens->refresh, tokens->expires);
  if (const Result<void> kept = world.undelivered.keep(fresh); !kept) {
    // What follows stores it too; only a kill in between could lose it.
    log_line(LogLevel::warning, kept.error().detail);
  }
  return fresh;
}

void tell_python(PythonLogin& login, const token::TokenRecord& fresh, const Secret& replaced) {
  const Result<void> told = login.replace({.token = fresh.token.clone(),
                                           .refresh = fresh.refresh.clone(),
                                           .expires = fresh.facts.expires},
                                          replaced);
  if (told) return;
  log_line(LogLevel::error, named(fresh.facts) + ": " + login.stored_tokens().native() +
                                " could not be brought up to date (" + told.error().detail +
                                "); huggingface_hub will ask for a new login");
}

/// Where Python has the login too, under its lock.
Result<token::TokenRecord> refresh_shared(Turn& turn, const World& world, PythonLogin& login) {
  const PythonTokens& theirs = login.tokens();
  const token::TokenFacts& facts = turn.record().facts;
  const bool python_was_first = !theirs.token.equals(turn.record().token.expose());
  const bool lasts = theirs.expires && *theirs.expires - token::kRefreshMargin > world.clock.now();
  if (python_was_first && lasts) {
    log_line(LogLevel::info, named(facts) + ": huggingface_hub has refreshed it already");
    return fresh_record(turn, theirs.token, theirs.refresh, theirs.expires);
  }
  Result<token::TokenRecord> fresh = ask_and_keep(turn, world, theirs.refresh);
  // Theirs was a login of its own, and is over: ours need not be.
  if (!fresh && fresh.error().code == Errc::expired && python_was_first)
    return ask_and_keep(turn, world, turn.record().refresh);
  if (!fresh) return fresh;
  tell_python(login, *fresh, theirs.token);
  return fresh;
}

Result<token::TokenRecord> refresh_with_turn(Turn& turn, const World& world) {
  Result<std::optional<PythonLogin>> login = PythonLogin::lock(world.places, turn.record());
  if (!login) return login.error();
  if (*login) return refresh_shared(turn, world, **login);
  return ask_and_keep(turn, world, turn.record().refresh);
}

/// What an earlier run kept: it may have ended before it told Python.
Result<void> deliver_leftover(const World& world, const token::TokenRecord& fresh) {
  const token::TokenFacts& facts = fresh.facts;
  Result<std::optional<Turn>> turn = take_turn(world, facts.profile, true);
  if (!turn && is_superseded(turn.error())) world.undelivered.remove(facts.profile);
  if (!turn) return turn.error();
  if (!*turn) return {};  // another run is at it
  if ((*turn)->record().facts.generation == facts.generation) {
    Result<std::optional<PythonLogin>> login = PythonLogin::lock(world.places, (*turn)->record());
    if (!login) return login.error();
    const Secret& replaced = (*turn)->record().token;
    const auto holds = [&login](const Secret& token) {
      return (*login)->tokens().token.equals(token.expose());
    };
    if (*login && (holds(replaced) || holds(fresh.token))) tell_python(**login, fresh, replaced);
  }
  return deliver_or_keep(**turn, world, fresh);
}

}  // namespace

Result<void> deliver_leftovers(const World& world) {
  Result<void> outcome;
  for (const token::TokenRecord& fresh : world.undelivered.all()) {
    const Result<void> done = deliver_leftover(world, fresh);
    if (!done && !is_superseded(done.error()) && outcome) outcome = done;
  }
  return outcome;
}

Result<void> refresh_profile(const World& world, const token::ProfileName& profile, bool force) {
  Result<std::optional<Turn>> turn = take_turn(world, profile, force);
  if (!turn) return turn.error();
  if (!*turn) return {};
  // Python's lock is free again before the agent is waited for.
  const Result<token::TokenRecord> fresh = refresh_with_turn(**turn, world);
  if (fresh) return deliver_or_keep(**turn, world, *fresh);
  if (fresh.error().code == Errc::expired) {
    const token::TokenFacts& facts = (*turn)->record().facts;
    const Result<void> told =
        (*turn)->agent().abandon_refresh(facts.profile, facts.generation, true);
    if (!told) log_line(LogLevel::warning, "the agent: " + told.error().detail);
  }
  return fresh.error();
}

Result<std::vector<token::ProfileName>> profiles_to_refresh(const World& world, bool force) {
  Result<agent::AgentClient> agent = world.connect();
  if (!agent) return agent.error();
  const Result<std::vector<agent::StoredProfile>> all = agent->list();
  if (!all) return all.error();
  std::vector<token::ProfileName> wanted;
  for (const agent::StoredProfile& each : *all) {
    const std::optional<WallTime> due = token::refresh_due(each.facts, each.refreshable);
    if (force ? each.refreshable : due && *due <= world.clock.now())
      wanted.push_back(each.facts.profile);
  }
  return wanted;
}

}  // namespace hfauth::net
