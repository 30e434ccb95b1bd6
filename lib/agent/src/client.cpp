// SPDX-License-Identifier: Apache-2.0
//
// One call, one reply, over one connection. The request is built in and the reply read into guarded
// memory.
#include "hfauth/agent/client.hpp"

#include "hfauth/agent/frame.hpp"
#include "hfauth/agent/protocol.hpp"
#include "hfauth/agent/quick_look.hpp"
#include "hfauth/core/utf8.hpp"
#include "spawn.hpp"
#include "transport.hpp"

#include <algorithm>

namespace hfauth::agent {
namespace {

/// Answered from memory; the first call after the start waits for the store to be opened (1.5 s and
/// one list).
constexpr std::chrono::seconds kReadTimeout{10};

/// Each operation of a store has 5 s; behind another client's it takes its turn.
constexpr std::chrono::seconds kStoreTimeout{30};

Error nobody_listens(const std::filesystem::path& socket_path, const UserPaths& paths) {
  return {Errc::agent_unreachable, "no agent listens on " + show_path(socket_path, paths.home) +
                                       "; any command that stores a token starts one"};
}

/// Sends what is in `request` and reads the reply with `read`. A connection on which an exchange
/// broke off is closed: the reply that was not read would be taken for that of the next call.
template <class Read>
auto exchange(UniqueFd& socket, const GuardedBuffer& request, std::chrono::milliseconds timeout,
              const Read& read) -> decltype(read(std::string_view())) {
  if (!socket) {
    return Error{Errc::agent_unreachable,
                 "the connection to the agent was given up after an earlier failure"};
  }
  const Deadline deadline = std::chrono::steady_clock::now() + timeout;
  const Result<void> sent = send_all(socket.get(), request.view(), deadline);
  // An agent that refuses a connection writes why and closes: its answer is read although ours was
  // not taken.
  if (!sent && sent.error().code != Errc::agent_unreachable) {
    socket.reset();
    return sent.error();
  }
  FrameReader reader(kMaxReplyBytes);
  const Result<std::string_view> reply = receive_message(socket.get(), reader, deadline);
  if (!reply) {
    socket.reset();
    return reply.error();
  }
  return read(*reply);
}

template <class Read>
auto ask(UniqueFd& socket, const Request& request, std::chrono::milliseconds timeout,
         const Read& read) {
  GuardedBuffer message;
  write_call(message, request);
  return exchange(socket, message, timeout, read);
}

}  // namespace

Result<AgentClient> AgentClient::connect(const Environment& environment, const UserPaths& paths,
                                         Spawn spawn, std::chrono::milliseconds lock_wait) {
  const std::filesystem::path socket_path = paths.agent_socket(environment);
  Result<UniqueFd> socket = connect_to(socket_path);
  if (socket) return AgentClient(std::move(*socket));
  if (socket.error().code != Errc::not_found) return socket.error();
  if (spawn == Spawn::never) return nobody_listens(socket_path, paths);

  if (Result<void> made = make_private_directory(paths.runtime); !made) return made.error();
  const Result<FileLock> lock = FileLock::acquire(paths.runtime / "agent.lock", lock_wait);
  if (!lock && lock.error().code == Errc::timeout) {
    return Error{Errc::timeout, "another program is starting the agent and does not go on; " +
                                    lock.error().detail + "; let it go on, or end it"};
  }
  if (!lock) return lock.error();
  socket = connect_to(socket_path);  // whoever had the lock before may have started it
  if (socket) return AgentClient(std::move(*socket));
  if (socket.error().code != Errc::not_found) return socket.error();
  if (Result<void> started = spawn_agent(environment, paths); !started) return started.error();
  socket = connect_to(socket_path);
  if (!socket && socket.error().code == Errc::not_found) return nobody_listens(socket_path, paths);
  if (!socket) return socket.error();
  return AgentClient(std::move(*socket));
}

Result<TokenAnswer> AgentClient::get_token(const std::optional<token::ProfileName>& profile,
                                           const std::optional<token::Endpoint>& endpoint) {
  return ask(socket_, call::GetToken{.profile = profile, .endpoint = endpoint}, kReadTimeout,
             read_token_reply);
}

Result<std::vector<StoredProfile>> AgentClient::list() {
  return ask(socket_, call::List{}, kReadTimeout, read_records_reply);
}

Result<StoredProfile> AgentClient::add(const token::TokenRecord& record, AddOptions options) {
  GuardedBuffer message;
  write_add_call(message, record, options.replace, options.make_default);
  if (message.size() > kMaxRequestBytes + 1) {
    return Error{Errc::too_large, "the token with its facts has more than 64 KiB"};
  }
  return exchange(socket_, message, kStoreTimeout, read_record_reply);
}

Result<void> AgentClient::remove(const token::ProfileName& profile) {
  return ask(socket_, call::Remove{profile}, kStoreTimeout, read_empty_reply);
}

Result<StoredProfile> AgentClient::set_default(const token::ProfileName& profile) {
  return ask(socket_, call::SetDefault{profile}, kStoreTimeout, read_record_reply);
}

Result<void> AgentClient::lock() {
  return ask(socket_, call::Lock{}, kStoreTimeout, read_empty_reply);
}

Result<void> AgentClient::unlock(const Secret& passphrase) {
  if (utf8::first_invalid(passphrase.expose())) {
    return Error{Errc::invalid_input,
                 "the passphrase is not UTF-8: type it in a UTF-8 locale, or convert it first"};
  }
  return ask(socket_, call::Unlock{passphrase.clone()}, kStoreTimeout, read_empty_reply);
}

Result<AgentStatus> AgentClient::status() {
  return ask(socket_, call::Status{}, kReadTimeout, read_status_reply);
}

Result<Lease> AgentClient::open_lease(const std::optional<token::ProfileName>& profile,
                                      std::optional<std::chrono::seconds> lifetime) {
  return ask(socket_, call::OpenLease{.profile = profile, .lifetime = lifetime}, kReadTimeout,
             read_lease_reply);
}

Result<void> AgentClient::close_lease(const std::optional<token::ProfileName>& profile) {
  return ask(socket_, call::CloseLease{profile}, kReadTimeout, read_empty_reply);
}

namespace {

/// A Conflict says that the profile exists already, which is Add's; here it was stored anew.
template <class T>
Result<T> of_refresh(Result<T> result, const token::ProfileName& profile) {
  if (result || result.error().code != Errc::conflict) return result;
  return Error{Errc::conflict,
               "profile " + profile.str() +
                   " was stored anew meanwhile; the refresh of its earlier token is "
                   "not kept"};
}

}  // namespace

Result<std::optional<RefreshClaim>> AgentClient::begin_refresh(const token::ProfileName& profile,
                                                               bool force) {
  return of_refresh(ask(socket_, call::BeginRefresh{.profile = profile, .force = force},
                        kStoreTimeout, read_refresh_reply),
                    profile);
}

Result<StoredProfile> AgentClient::finish_refresh(const token::ProfileName& profile,
                                                  std::uint64_t generation,
                                                  const Refreshed& refreshed) {
  return of_refresh(ask(socket_,
                        call::FinishRefresh{.profile = profile,
                                            .generation = generation,
                                            .token = refreshed.token.clone(),
                                            .refresh = refreshed.refresh.clone(),
                                            .expires = refreshed.expires},
                        kStoreTimeout, read_record_reply),
                    profile);
}

Result<void> AgentClient::abandon_refresh(const token::ProfileName& profile,
                                          std::uint64_t generation, bool login_again) {
  return of_refresh(
      ask(socket_,
          call::AbandonRefresh{
              .profile = profile, .generation = generation, .login_again = login_again},
          kStoreTimeout, read_empty_reply),
      profile);
}

Result<void> AgentClient::shutdown() {
  return ask(socket_, call::Shutdown{}, kStoreTimeout, read_empty_reply);
}

Result<QuickLook> look_quickly(const Environment& environment, const UserPaths& paths,
                               std::chrono::milliseconds patience) {
  const Deadline deadline = std::chrono::steady_clock::now() + patience;
  const auto left = [deadline] {
    return std::max(std::chrono::milliseconds(1),
                    std::chrono::duration_cast<std::chrono::milliseconds>(
                        deadline - std::chrono::steady_clock::now()));
  };
  const std::filesystem::path socket_path = paths.agent_socket(environment);
  Result<UniqueFd> socket = connect_to(socket_path, patience);
  if (!socket) {
    return socket.error().code == Errc::not_found ? nobody_listens(socket_path, paths)
                                                  : socket.error();
  }
  Result<AgentStatus> status = ask(*socket, call::Status{}, left(), read_status_reply);
  if (!status) return status.error();
  QuickLook look{std::move(*status), {}};
  if (look.status.locked) return look;
  Result<std::vector<StoredProfile>> profiles =
      ask(*socket, call::List{}, left(), read_records_reply);
  if (!profiles) return profiles.error();
  look.profiles = std::move(*profiles);
  return look;
}

}  // namespace hfauth::agent
