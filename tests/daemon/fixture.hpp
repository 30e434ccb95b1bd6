// SPDX-License-Identifier: Apache-2.0
//
// A whole agent without sockets: service, leases and dispatcher over a store that fails when it is
// told to, with a clock and a worker that a test moves by hand.
#pragma once

#include "dispatcher.hpp"
#include "samples.hpp"
#include "support/fake_clock.hpp"
#include "support/scratch_directory.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hfauth::testing {

/// Runs at once, or keeps what it is given until run_one() while `held`.
class ManualWorker final : public daemon::Worker {
 public:
  bool held = false;

  void run(std::function<void()> work, std::function<void()> finish) override {
    steps_.emplace_back(std::move(work), std::move(finish));
    if (!held) run_one();
  }

  void run_one() {
    const auto [work, finish] = std::move(steps_.front());
    steps_.pop_front();
    work();
    finish();
  }

  [[nodiscard]] std::size_t waiting() const { return steps_.size(); }

 private:
  std::deque<std::pair<std::function<void()>, std::function<void()>>> steps_;
};

/// What the store keeps, beyond the life of one store object.
struct StoredState {
  std::map<std::string, token::TokenRecord> records;
  std::optional<Error> failure;  ///< of every operation
  bool locked = false;
  std::string passphrase;
  bool needs_dialog = false;
  bool persistent = true;
  int opened = 0;
  int pinned = 0;
};

class FaultyStore final : public store::SecretStore {
 public:
  explicit FaultyStore(StoredState& state) : state_(state) {}

  Result<void> put(const token::TokenRecord& record) override {
    if (std::optional<Error> error = obstacle()) return *error;
    state_.records.insert_or_assign(record.facts.profile.str(), record.clone());
    return {};
  }

  Result<token::TokenRecord> get(const token::ProfileName& profile) override {
    if (std::optional<Error> error = obstacle()) return *error;
    const auto found = state_.records.find(profile.str());
    if (found == state_.records.end()) return Error{Errc::not_found, profile.str()};
    return found->second.clone();
  }

  Result<std::vector<token::TokenRecord>> list() override {
    if (std::optional<Error> error = obstacle()) return *error;
    std::vector<token::TokenRecord> all;
    for (const auto& [name, record] : state_.records)
      all.push_back(record.clone());
    return all;
  }

  Result<void> remove(const token::ProfileName& profile) override {
    if (std::optional<Error> error = obstacle()) return *error;
    if (state_.records.erase(profile.str()) == 0) return Error{Errc::not_found, profile.str()};
    return {};
  }

  Result<void> unlock(const Secret& passphrase) override {
    if (state_.needs_dialog) return Error{Errc::unsupported, "opens by its own dialog"};
    if (!passphrase.equals(state_.passphrase)) return Error{Errc::denied, "wrong passphrase"};
    state_.locked = false;
    return {};
  }

  store::StoreDescription describe() override {
    return {.name = "faulty",
            .place = "test",
            .protection = "none",
            .persistent = state_.persistent,
            .locked = state_.locked};
  }

 private:
  [[nodiscard]] std::optional<Error> obstacle() const {
    if (state_.locked) return Error{Errc::locked, "locked"};
    return state_.failure;
  }

  StoredState& state_;
};

/// A connection of which a test sees every message, without its NUL.
class TestClient final : public daemon::Client {
 public:
  explicit TestClient(daemon::Caller caller) : caller_(caller) {}

  std::function<void(std::string_view)> on_reply = [](std::string_view) {};
  std::function<bool(std::string_view)> on_interim = [](std::string_view) { return true; };

  void reply(std::string_view message) override { on_reply(without_end(message)); }

  bool interim(std::string_view message) override { return on_interim(without_end(message)); }

  void when_taken(std::function<void()> then) override { then(); }

  daemon::Caller caller() const override { return caller_; }

  daemon::PeerProgram* program() override { return nullptr; }

 private:
  static std::string_view without_end(std::string_view message) {
    return message.substr(0, message.empty() ? 0 : message.size() - 1);
  }

  daemon::Caller caller_;
};

struct AgentFixture {
  ScratchDirectory scratch;
  FakeClock clock;
  ManualWorker worker;
  StoredState stored;
  std::optional<Error> open_failure;
  Fingerprinter fingerprints = Fingerprinter::ephemeral();
  daemon::LeaseKeeper leases{daemon::LeaseFiles(runtime())};
  daemon::AuditTrail audit{{.folder = scratch.path() / "audit"}, worker, clock};
  int shutdowns = 0;
  std::vector<std::string> started;  ///< refreshes, by profile
  std::unique_ptr<daemon::TokenService> service = make_service();
  std::unique_ptr<daemon::Dispatcher> dispatcher = make_dispatcher();

  AgentFixture() { service->start(); }

  [[nodiscard]] std::filesystem::path runtime() const {
    std::filesystem::path folder = scratch.path() / "run";
    std::filesystem::create_directory(folder);
    return folder;
  }

  std::unique_ptr<daemon::TokenService> make_service() {
    const auto open = [this]() -> Result<daemon::OpenedStore> {
      ++stored.opened;
      if (open_failure) return *open_failure;
      return daemon::OpenedStore{.store = std::make_unique<FaultyStore>(stored),
                                 .refusals = {{.store = "first", .reason = "not here"}}};
    };
    const auto pin = [this](std::string_view /*name*/) -> Result<void> {
      ++stored.pinned;
      return {};
    };
    return std::make_unique<daemon::TokenService>(
        daemon::StoreDoor{.open = open, .pin = pin},
        daemon::ServiceFiles{.settings = scratch.path() / "state" / "agent.json",
                             .lock_marker = runtime() / "locked",
                             .standing_lease = scratch.path() / "default-lease"},
        worker, clock, fingerprints, leases,
        [this](const token::ProfileName& profile) { started.push_back(profile.str()); });
  }

  std::unique_ptr<daemon::Dispatcher> make_dispatcher() {
    return std::make_unique<daemon::Dispatcher>(
        *service, audit, clock,
        [] {
          return daemon::ProcessFacts{.version = "1.2.3",
                                      .pid = 42,
                                      .uptime = std::chrono::seconds(5),
                                      .connections = 1,
                                      .activation = "manual"};
        },
        [this] {
          ++shutdowns;
          service->end_leases();
        });
  }

  /// As after the end of one agent and the start of the next.
  void restart() {
    static_cast<void>(leases.close_all());
    dispatcher.reset();
    service = make_service();
    dispatcher = make_dispatcher();
    service->start();
  }

  /// `on_reply` gets the reply without its NUL, now or later.
  void handle(agent::Call call, std::function<void(std::string_view)> on_reply,
              daemon::Caller caller = 0) {
    auto client = std::make_shared<TestClient>(caller);
    client->on_reply = std::move(on_reply);
    dispatcher->handle(std::move(call), std::move(client));
  }

  /// The reply without its NUL; nullopt while there is none.
  std::optional<std::string> ask(agent::Request request, bool oneway = false,
                                 daemon::Caller caller = 1) {
    auto reply = std::make_shared<std::optional<std::string>>();
    handle(
        {.request = std::move(request), .oneway = oneway},
        [reply](std::string_view message) { *reply = std::string(message); }, caller);
    return *reply;
  }

  Result<agent::StoredProfile> add(std::string_view name,
                                   std::string_view url = "https://huggingface.co",
                                   bool replace = false, bool make_default = false) {
    return agent::read_record_reply(
        ask(agent::call::Add{
                .record = record(name, url), .replace = replace, .make_default = make_default})
            .value());
  }

  Result<agent::TokenAnswer> get(std::optional<std::string> name = {},
                                 std::optional<std::string> url = {}) {
    agent::call::GetToken request;
    if (name) request.profile = profile_name(*name);
    if (url) request.endpoint = endpoint(*url);
    return agent::read_token_reply(ask(std::move(request)).value());
  }

  std::string token_of(std::optional<std::string> name = {}, std::optional<std::string> url = {}) {
    const Result<agent::TokenAnswer> answer = get(std::move(name), std::move(url));
    return answer ? answer->profile.facts.profile.str() : std::string(name_of(answer.error().code));
  }

  agent::AgentStatus status() {
    return agent::read_status_reply(ask(agent::call::Status{}).value()).value();
  }

  agent::AgentRules rules() {
    return agent::read_rules_reply(ask(agent::call::Status{}).value()).value();
  }

  /// The code's name of an empty reply, "ok" without an error.
  std::string outcome(agent::Request request, daemon::Caller caller = 1) {
    const std::optional<std::string> reply = ask(std::move(request), false, caller);
    if (!reply) return "no reply yet";
    const Result<void> read = agent::read_empty_reply(*reply);
    return read ? "ok" : std::string(name_of(read.error().code));
  }
};

}  // namespace hfauth::testing
