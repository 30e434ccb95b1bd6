// SPDX-License-Identifier: Apache-2.0
//
// How a program talks to hfauthd: blocking, one connection, with deadlines. Used by the command
// line. Not thread-safe; one object a thread. The protocol stands in org.hfauth.Agent.varlink and
// docs/protocol.md.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/token/token_record.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::agent {

/// What List and the other methods tell of a stored token.
struct StoredProfile {
  token::TokenFacts facts;
  std::string mask;
  std::string fingerprint;
  bool is_default = false;
  bool refreshable = false;  ///< an OAuth refresh token is stored with it
};

struct TokenAnswer {
  Secret token;
  StoredProfile profile;
};

/// What begin_refresh() hands out; held until finish, abandon, the client's end or 60 s.
struct RefreshClaim {
  Secret token;
  Secret refresh;
  StoredProfile profile;
};

struct Lease {
  std::string profile;
  std::filesystem::path path;
  std::optional<WallTime> expires;
};

struct Refusal {
  std::string store;
  std::string reason;
};

struct AgentStatus {
  std::string version;
  int pid = 0;
  std::chrono::seconds uptime{0};
  bool locked = false;
  std::string store;  ///< "secret-service", "vault", "memory", "none"
  std::string store_place;
  std::string store_protection;
  std::string store_state;  ///< "ok", "locked", or the reason why it is not usable
  std::vector<Refusal> refusals;
  std::string memory_protection;  ///< "locked" or "guarded_only"
  int profiles = 0;
  int connections = 0;
  std::vector<Lease> leases;
  std::string activation;  ///< "socket", "autospawn" or "manual"
};

/// Longer than a start may take; who holds the starters' lock longer was stopped.
inline constexpr std::chrono::milliseconds kStartersLockWait{8000};

enum class Spawn { never, if_missing };

class Connection;

/// A call whose agent ends (is killed, upgraded) before it could read it is made again with the
/// next agent, started if connect() may; so is one that was read, if doing it twice does no harm.
/// Otherwise the client is of no use after a failure of transport.
class AgentClient {
 public:
  /// Connects to the user's agent; with Spawn::if_missing starts one (exactly one, under a lock
  /// file, whatever races) and waits for it up to 5 s, for another program that starts one up to
  /// `lock_wait`. Refuses a socket that is not ours. Errors: agent_unreachable, denied, timeout.
  [[nodiscard]] static Result<AgentClient> connect(
      const Environment& environment, const UserPaths& paths, Spawn spawn,
      std::chrono::milliseconds lock_wait = kStartersLockWait);

  AgentClient(AgentClient&&) noexcept;
  AgentClient& operator=(AgentClient&&) noexcept;
  AgentClient(const AgentClient&) = delete;
  AgentClient& operator=(const AgentClient&) = delete;
  ~AgentClient();

  /// nullopt: the default profile / the default endpoint. Errors besides those of transport:
  /// not_found, locked, denied, expired, ambiguous, store_unavailable, store_timeout, busy.
  /// Transport: agent_unreachable, timeout, corrupt.
  [[nodiscard]] Result<TokenAnswer> get_token(const std::optional<token::ProfileName>& profile,
                                              const std::optional<token::Endpoint>& endpoint);
  [[nodiscard]] Result<std::vector<StoredProfile>> list();

  struct AddOptions {
    bool replace = false;
    bool make_default = false;
  };

  [[nodiscard]] Result<StoredProfile> add(const token::TokenRecord& record, AddOptions options);
  [[nodiscard]] Result<void> remove(const token::ProfileName& profile);
  [[nodiscard]] Result<StoredProfile> set_default(const token::ProfileName& profile);
  [[nodiscard]] Result<void> lock();
  /// Besides: invalid_input (the passphrase is not UTF-8, so it could not be sent as it is).
  [[nodiscard]] Result<void> unlock(const Secret& passphrase);
  [[nodiscard]] Result<AgentStatus> status();
  [[nodiscard]] Result<Lease> open_lease(const std::optional<token::ProfileName>& profile,
                                         std::optional<std::chrono::seconds> lifetime);
  [[nodiscard]] Result<void> close_lease(const std::optional<token::ProfileName>& profile);

  /// The turn to refresh an OAuth token; nullopt if it is not due and `force` is not set. Errors:
  /// busy (somebody else has the turn), not_found (no such profile, or no refresh token), locked,
  /// store_*.
  [[nodiscard]] Result<std::optional<RefreshClaim>> begin_refresh(const token::ProfileName& profile,
                                                                  bool force);

  struct Refreshed {
    Secret token;
    Secret refresh;  ///< empty: the old one stays
    std::optional<WallTime> expires;
  };

  /// Errors: conflict (the profile was stored anew since `generation`), not_found, busy (somebody
  /// else has the turn), store_*.
  [[nodiscard]] Result<StoredProfile> finish_refresh(const token::ProfileName& profile,
                                                     std::uint64_t generation,
                                                     const Refreshed& refreshed);
  [[nodiscard]] Result<void> abandon_refresh(const token::ProfileName& profile,
                                             std::uint64_t generation, bool login_again);
  [[nodiscard]] Result<void> shutdown();

 private:
  explicit AgentClient(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace hfauth::agent
