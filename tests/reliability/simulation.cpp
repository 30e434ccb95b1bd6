// SPDX-License-Identifier: Apache-2.0
//
// hfauthd's service, catalogue, leases and dispatcher in one thread, with a clock and a store that
// obey: random operations by seed, each answer compared with reference_agent.hpp's; and ten days of
// a token that has to be refreshed every few hours. Prints one line of JSON. Used by
// r20_simulation.py and r13_days.py.
//   hfauth_simulation steps SEEDS STEPS [FIRST_SEED]     hfauth_simulation days DAYS
// Every failure prints its seed; `steps 1 200 SEED` shows it again.
#include "daemon/fixture.hpp"
#include "reference_agent.hpp"

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace hfauth::reliability {
namespace {

using testing::AgentFixture;
namespace call = agent::call;

std::string token_text(int number) {
  return "hf_TestToken" + std::to_string(number);
}

/// One agent and its reference, step by step.
class Run {
 public:
  explicit Run(unsigned seed) : dice_(seed) {}

  /// "" or what was expected and what came.
  std::string step() {
    // Longer than the pause after a store that failed, so that every question tries it again.
    const long seconds = pick(20) == 0 ? 86400 : 2 + pick(30);
    fixture_.clock.advance(std::chrono::seconds(seconds));
    reference_.now += seconds;
    fixture_.service->on_time();
    switch (pick(12)) {
      case 0:
      case 1:
      case 2:
        return add();
      case 3:
        return remove();
      case 4:
        return set_default();
      case 5:
        return list();
      case 6:
        if (pick(3) != 0) return get();
        return same("lock", reference_.lock(), fixture_.outcome(call::Lock{}));
      case 7:
        return same("unlock", reference_.unlock(), fixture_.outcome(call::Unlock{}));
      case 8:
        reference_.failing = pick(3) == 0;
        fixture_.stored.failure.reset();
        if (reference_.failing) fixture_.stored.failure = Error{Errc::store_unavailable, "gone"};
        return "";
      case 9:
        if (pick(4) != 0) return get();
        reference_.restart();
        fixture_.restart();
        return "";
      default:
        return get();
    }
  }

 private:
  int pick(int n) { return static_cast<int>(dice_() % static_cast<unsigned>(n)); }

  std::string profile() {
    static const char* const kNames[] = {"alice", "bob", "carol", "dave"};
    return kNames[pick(4)];
  }

  std::string url() { return pick(3) == 0 ? "https://hub.example" : kHub; }

  static std::string same(const char* what, const std::string& expected, const std::string& found) {
    return expected == found ? ""
                             : std::string(what) + ": expected " + expected + ", found " + found;
  }

  std::string record_outcome(agent::Request request) {
    const auto reply = fixture_.ask(std::move(request));
    if (!reply) return "no reply";
    const auto read = agent::read_record_reply(*reply);
    return read ? "ok" : std::string(name_of(read.error().code));
  }

  std::string add() {
    const std::string name = profile();
    const ReferenceRecord expected{.endpoint = url(),
                                   .token = ++tokens_,
                                   .generation = 1,
                                   .expires = pick(4) == 0 ? reference_.now + pick(100000) + 1 : 0};
    token::TokenRecord record = testing::record(name, expected.endpoint);
    record.token = Secret::copy_of(token_text(expected.token));
    if (expected.expires != 0)
      record.facts.expires =
          fixture_.clock.now() + std::chrono::seconds(expected.expires - reference_.now);
    const bool replace = pick(2) == 0;
    const bool make_default = pick(4) == 0;
    const std::string found = record_outcome(
        call::Add{.record = std::move(record), .replace = replace, .make_default = make_default});
    return same("add", reference_.add(name, expected, replace, make_default), found);
  }

  std::string get() {
    const std::string name = pick(2) == 0 ? profile() : "";
    const std::string endpoint = pick(2) == 0 ? url() : "";
    const auto answer = fixture_.get(name.empty() ? std::nullopt : std::optional(name),
                                     endpoint.empty() ? std::nullopt : std::optional(endpoint));
    std::string found =
        answer ? std::string(answer->token.expose()) : std::string(name_of(answer.error().code));
    if (answer) found = found.substr(token_text(0).size() - 1);
    return same("get", reference_.get(name, endpoint), found);
  }

  std::string remove() {
    const std::string name = profile();
    return same("remove", reference_.remove(name),
                fixture_.outcome(call::Remove{testing::profile_name(name)}));
  }

  std::string set_default() {
    const std::string name = profile();
    return same("set_default", reference_.set_default(name),
                record_outcome(call::SetDefault{testing::profile_name(name)}));
  }

  std::string list() {
    const auto answer = agent::read_records_reply(fixture_.ask(call::List{}).value());
    std::string found;
    if (answer) {
      for (const agent::StoredProfile& stored : *answer)
        found += stored.facts.profile.str() + ":" + std::to_string(stored.facts.generation) + " ";
    } else {
      found = name_of(answer.error().code);
    }
    return same("list", reference_.list(), found);
  }

  std::mt19937 dice_;
  AgentFixture fixture_;
  ReferenceAgent reference_;
  int tokens_ = 0;
};

int run_steps(unsigned seeds, int steps, unsigned first) {
  long done = 0;
  int divergences = 0;
  for (unsigned seed = first; seed < first + seeds; ++seed) {
    Run run(seed);
    for (int i = 0; i < steps; ++i, ++done) {
      const std::string difference = run.step();
      if (difference.empty()) continue;
      ++divergences;
      std::fprintf(stderr, "seed %u, step %d: %s\n", seed, i, difference.c_str());
      break;
    }
  }
  std::printf("{\"seeds\": %u, \"steps\": %ld, \"divergences\": %d}\n", seeds, done, divergences);
  return 0;
}

/// A token that lives for 30 h and is due with 24 h left, so every 6 h; 32 clients that race for
/// each turn; the machine sleeps for three hours now and then.
int run_days(int days) {
  constexpr std::chrono::hours kLife{30};
  constexpr int kClients = 32;
  AgentFixture fixture;
  std::mt19937 dice(13);
  token::TokenRecord record = testing::record("alice");
  record.facts.kind = token::TokenKind::oauth;
  record.facts.expires = fixture.clock.now() + kLife;
  record.refresh = Secret::copy_of("hf_TestRefresh");
  if (fixture.outcome(call::Add{.record = std::move(record)}) != "ok") std::abort();
  const WallTime end = fixture.clock.now() + std::chrono::hours(24 * days);
  WallTime refreshed = fixture.clock.now();
  std::size_t seen = fixture.started.size();
  int turns = 0, doubled = 0, expired = 0, late = 0, starts_without_need = 0;
  while (fixture.clock.now() < end) {
    fixture.clock.advance(dice() % 500 == 0 ? std::chrono::seconds(10800)
                                            : std::chrono::seconds(60));
    fixture.service->on_time();
    const auto next = fixture.service->next_refresh_event();
    if (next && *next <= fixture.clock.now()) fixture.service->on_refresh_time();
    expired += !fixture.get("alice").has_value();
    if (fixture.started.size() == seen) continue;
    starts_without_need += fixture.started.size() > seen + 1;
    seen = fixture.started.size();
    int begun = 0;
    daemon::Caller winner = 0;
    std::uint64_t generation = 0;
    for (daemon::Caller client = 1; client <= kClients; ++client) {
      const auto claim = agent::read_refresh_reply(
          fixture.ask(call::BeginRefresh{testing::profile_name("alice"), false}, false, client)
              .value());
      if (!claim || !claim->has_value()) continue;
      ++begun;
      winner = client;
      generation = (*claim)->profile.facts.generation;
    }
    if (begun == 0) continue;
    ++turns;
    doubled += begun != 1;
    late += fixture.clock.now() - refreshed > std::chrono::hours(6 + 3) + std::chrono::minutes(2);
    refreshed = fixture.clock.now();
    const std::string finished =
        fixture.outcome(call::FinishRefresh{.profile = testing::profile_name("alice"),
                                            .generation = generation,
                                            .token = Secret::copy_of(token_text(turns)),
                                            .refresh = Secret::copy_of("hf_TestRefresh"),
                                            .expires = fixture.clock.now() + kLife},
                        winner);
    if (finished != "ok") ++doubled;
    fixture.service->on_refresher_gone();
  }
  std::printf(
      "{\"days\": %d, \"refreshes\": %d, \"doubled\": %d, \"expired\": %d, \"late\": %d, "
      "\"needless\": %d}\n",
      days, turns, doubled, expired, late, starts_without_need);
  return 0;
}

}  // namespace
}  // namespace hfauth::reliability

int main(int argc, char** argv) {
  using namespace hfauth::reliability;
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "steps" && argc > 3)
    return run_steps(static_cast<unsigned>(std::atoi(argv[2])), std::atoi(argv[3]),
                     argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 1);
  if (what == "days" && argc > 2) return run_days(std::atoi(argv[2]));
  std::fputs("usage: hfauth_simulation steps SEEDS STEPS [FIRST_SEED] | days DAYS\n", stderr);
  return 2;
}
