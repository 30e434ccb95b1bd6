// SPDX-License-Identifier: Apache-2.0
//
// What the agent does with tokens, without sockets and messages: reads are answered from memory,
// changes go to the store and count once it has read them back, locking wipes. Lives on the loop;
// the store is touched by the worker alone.
#pragma once

#include "catalogue.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/store/secret_store.hpp"
#include "lease_keeper.hpp"
#include "refresh_turns.hpp"
#include "routes.hpp"
#include "settings.hpp"
#include "store_queue.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::daemon {

struct OpenedStore {
  std::unique_ptr<store::SecretStore> store;
  std::vector<agent::Refusal> refusals;
};

/// Blocks; called on the worker. `pin` remembers the choice after the first successful put.
struct StoreDoor {
  std::function<Result<OpenedStore>()> open;
  std::function<Result<void>(std::string_view store_name)> pin;
  /// Encrypts the vault anew. Errors: unsupported (the store is none), as set_vault_passphrase().
  std::function<Result<void>(const Secret& current, const Secret& wanted)> set_passphrase{};
  /// Moves what `from` has to the store of that name and chooses that. Errors: usage, conflict (it
  /// is that store already), store_*: then nothing has changed.
  std::function<Result<agent::Migration>(store::SecretStore& from, std::string_view to)> migrate{};
};

/// Where the service keeps what is not a token.
struct ServiceFiles {
  std::filesystem::path settings;     ///< <state>/agent.json
  std::filesystem::path lock_marker;  ///< <runtime>/locked: a killed agent comes back locked
  std::filesystem::path
      standing_lease;  ///< <config>/default-lease: if it exists, the default lease is always open
};

/// Starts the program that talks to the Hub, for one profile; may be called while one runs. Empty
/// where somebody else starts it (systemd's timer).
using RefreshStarter = std::function<void(const token::ProfileName&)>;

class TokenService {
 public:
  TokenService(StoreDoor door, ServiceFiles files, Worker& worker, const Clock& clock,
               const Fingerprinter& fingerprinter, LeaseKeeper& leases,
               RefreshStarter start_refresh = {});

  /// Begins to load the store, unless the user had locked the agent. Call once.
  void start();

  /// Runs `then` once the catalogue stands for the store or it is known why it cannot; at once when
  /// nothing needs to be loaded.
  template <class Then>
  void when_loaded(Then then) {
    load_if_needed();
    if (load_queued_) {
      after_load(std::move(then));
    } else {
      then();
    }
  }

  /// As when_loaded(), but that a store which another program keeps is asked how it is, unless it
  /// was just now. For Status; takes up to the store's deadline.
  void when_checked(std::function<void()> then);

  /// These answer at once, from memory; call them from when_loaded(). Faults: locked,
  /// store_unavailable, store_timeout, and those named.
  [[nodiscard]] Answer<const Entry*> get_token(const agent::call::GetToken& request) const;
  /// Whose token the request means, expired or not. Faults: as get_token(), without expired.
  [[nodiscard]] Answer<const Entry*> choose(const agent::call::GetToken& request) const;
  /// Neither over nor due to be refreshed: what get_fresh_token() would give at once.
  [[nodiscard]] bool is_fresh(const Entry& entry) const;
  /// As get_token(). A token that is due is refreshed in the background; for one that is over the
  /// answer waits for that, up to kRefreshWait.
  void get_fresh_token(const agent::call::GetToken& request, Done<const Entry*> done);
  [[nodiscard]] Answer<std::vector<agent::StoredProfile>> list() const;

  /// All routes, the configuration file's first. Not a secret: also while locked.
  [[nodiscard]] std::vector<agent::Route> routes() const { return routes_.all(); }

  /// What get_token() would answer, and why; the policy's part is not filled. Faults: locked,
  /// store_*.
  [[nodiscard]] Answer<agent::WhichAnswer> which(const agent::call::GetToken& request) const;
  /// `opener` was let through by the rules.
  [[nodiscard]] Answer<agent::Lease> open_lease(const agent::call::OpenLease& request,
                                                ProgramFacts opener);
  [[nodiscard]] Answer<void> close_lease(const agent::call::CloseLease& request);

  /// These go through the store. conflict, busy (too many profiles), too_large.
  void add(agent::call::Add request, Done<agent::StoredProfile> done);
  void remove(const token::ProfileName& profile, Done<void> done);
  void set_default(const token::ProfileName& profile, Done<agent::StoredProfile> done);
  /// denied (the configuration file has that route), not_found (no such profile or route), busy.
  void set_route(const agent::call::SetRoute& request, const Done<void>& done);

  /// The routes of the configuration file, instead of those before.
  void take_file_routes(std::vector<agent::Route> routes) { routes_.take_file(std::move(routes)); }

  /// What leases are judged by; until then everything is allowed.
  void judge_leases_by(LeaseKeeper::Judge judge) { leases_.judge_by(std::move(judge)); }

  /// The rules are others than before: leases that they do not allow close.
  void on_rules_changed();

  /// Wipes the tokens and removes the leases at once; answers when the store has let go of its keys
  /// too.
  void lock(const Done<void>& done);
  void unlock(Secret passphrase, Done<void> done);

  /// unsupported as store_unavailable, denied; locked only where the store has to be open.
  void set_passphrase(agent::call::SetPassphrase request, Done<void> done);
  void migrate(const std::string& to, Done<agent::Migration> done);

  /// What is handed out for a refresh.
  struct RefreshOffer {
    token::TokenRecord record;
    agent::StoredProfile profile;
  };

  /// One turn a profile; see RefreshTurns. busy, not_due, not_found, locked, store_*; finish and
  /// abandon also conflict (stored anew since). finish is taken from whoever has the turn even
  /// while locked: a rotated refresh token that is not stored logs the user out.
  void begin_refresh(Caller caller, const agent::call::BeginRefresh& request,
                     Done<RefreshOffer> done);
  void finish_refresh(Caller caller, agent::call::FinishRefresh request,
                      Done<agent::StoredProfile> done);
  void abandon_refresh(Caller caller, const agent::call::AbandonRefresh& request, Done<void> done);

  /// The connection closed: its turns are over.
  void on_caller_gone(Caller caller);

  /// The program that start_refresh started has ended: who waits for it gets what there is.
  void on_refresher_gone() {
    refresher_runs_ = false;
    answer_waiting(true);
  }

  /// Starts refreshes that are due, ends waits and turns that took too long. Call at
  /// next_refresh_event().
  void on_refresh_time();

  [[nodiscard]] std::optional<WallTime> next_refresh_event() const;

  /// Fills the fields about store, profiles and leases.
  void describe(agent::AgentStatus& status) const;

  /// Ends what time ends. Call at next_end() and whenever the clock may have jumped.
  void on_time();

  [[nodiscard]] std::optional<WallTime> next_end() const { return leases_.next_end(); }

  /// Removes all leases and opens no other: the agent ends, and the next one may be there already.
  void end_leases();

  /// Whether it could end without anybody missing it: nothing under way, no lease, tokens that
  /// persist.
  [[nodiscard]] bool is_dispensable() const;

  [[nodiscard]] bool idle() const noexcept { return queue_.idle(); }

  /// By the user or by itself; not because the store is.
  [[nodiscard]] bool is_locked() const noexcept { return user_locked_; }

 private:
  enum class State { opening, open, store_locked, failed };

  /// What the worker found. Owned by one step at a time.
  struct Load {
    std::optional<Error> error;
    std::vector<token::TokenRecord> records;
    Defaults defaults;
    store::StoreDescription description;
    std::vector<agent::Refusal> refusals;
    bool was_opened = false;  ///< by this step: the refusals are new
    std::string stamp{};      ///< of the files, before they were read
  };

  /// The store on its way to be open.
  struct Unlocking {
    Secret passphrase{};
    Done<void> done{};
    std::uint64_t locks = 0;  ///< as they were when the user asked: a later lock holds
    bool refused = false;     ///< the store is as locked as before
    bool reopen = false;      ///< it stayed open for a refresh only
    Load load{};
  };

  struct Addition;
  struct Refreshing;

  /// A GetToken that waits for a refresh.
  struct Waiting {
    agent::call::GetToken request;
    Done<const Entry*> done;
    WallTime until;
  };

  struct Removal;

  [[nodiscard]] std::optional<agent::Fault> obstacle() const;
  /// The one place where it is decided which token a request means.
  [[nodiscard]] Answer<const Entry*> look_up(const agent::call::GetToken& request,
                                             std::vector<agent::Step>* steps = nullptr) const;
  void explain_default(const agent::call::GetToken& request, const Answer<const Entry*>& chosen,
                       std::vector<agent::Step>& steps) const;
  /// The fault expired in the place of a token that is over.
  [[nodiscard]] Answer<const Entry*> unless_over(const Answer<const Entry*>& entry) const;
  void load_routes();
  void load_if_needed();
  void after_load(std::function<void()> then);
  void load_again_if_changed();
  [[nodiscard]] std::string store_state() const;
  void open_store(Load& load);
  void read_store(Load& load);
  void read_records(Load& load);
  void open_with(Unlocking& step);
  [[nodiscard]] Error take_over_refusal(Unlocking& step);
  void take_over(Load& load);
  void keep_standing_lease();
  /// Brings all that depends on the catalogue into line. It may answer those who waited, who may
  /// call back at once: nothing of the catalogue may be held across it. Errors: a lease that could
  /// not be taken away.
  Result<void> after_change();
  [[nodiscard]] std::optional<agent::Fault> refuse_addition(const agent::call::Add& request) const;
  [[nodiscard]] Result<void> save(const Defaults& defaults) const;
  [[nodiscard]] std::optional<agent::Fault> refuse_refresh(Caller caller,
                                                           const token::ProfileName& profile) const;
  [[nodiscard]] std::optional<agent::Fault> refuse_turn(
      Caller caller, const agent::call::BeginRefresh& request) const;
  void store_refresh(const std::shared_ptr<Refreshing>& step);
  void finish_store_refresh(Refreshing& step);
  void end_turn(const token::ProfileName& profile, Caller caller);
  void let_go_of_store();
  [[nodiscard]] std::optional<WallTime> next_start(const Entry& entry) const;
  void start_refresh(const Entry& entry);
  void answer_waiting(bool all);

  StoreDoor door_;
  ServiceFiles files_;
  const Clock& clock_;
  LeaseKeeper& leases_;
  Catalogue catalogue_;
  Routes routes_;
  StoreQueue queue_;

  State state_ = State::opening;
  bool user_locked_ = false;
  std::uint64_t locks_ = 0;  ///< how often the user locked
  bool load_queued_ = false;
  bool ending_ = false;
  std::string standing_refusal_;  ///< why the standing lease is not open, as was logged
  std::optional<MonotonicTime> failed_at_;
  std::optional<MonotonicTime> checked_at_;  ///< when the store was asked how it is
  std::optional<MonotonicTime> looked_at_;   ///< when its file was looked at
  std::string stamp_;  ///< of the files that the catalogue was read from, as they were before
  Error failure_{Errc::store_unavailable, "the store is not open yet"};
  store::StoreDescription description_;
  std::vector<agent::Refusal> refusals_;

  RefreshStarter start_refresh_;
  RefreshTurns turns_;
  /// Profiles whose refresh was begun or started, and from when on the next one is.
  std::map<std::string, WallTime, std::less<>> retry_at_;
  std::vector<Waiting> waiting_;
  bool refresher_runs_ = false;
  /// Locked while somebody had a turn: the store stays open for its result, and closes then.
  bool close_after_turn_ = false;

  /// Touched on the worker only. There whenever a change begins: it goes with a lock or a failure,
  /// and what is queued behind these finds an obstacle.
  std::unique_ptr<store::SecretStore> store_;
};

}  // namespace hfauth::daemon
