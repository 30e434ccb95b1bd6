// SPDX-License-Identifier: Apache-2.0
//
// One call, one reply, over one connection. The request is built in and the reply read into guarded
// memory. Each call says whether it may be made again with the next agent (connection.hpp).
#include "hfauth/agent/client.hpp"

#include "asking.hpp"
#include "hfauth/agent/quick_look.hpp"
#include "transport.hpp"

#include <algorithm>

namespace hfauth::agent {
namespace {

/// For who has no patience for another try.
template <class Read>
auto ask_once(int socket, const Request& request, std::chrono::milliseconds timeout,
              const Read& read) -> decltype(read(std::string_view())) {
  GuardedBuffer message;
  write_call(message, request);
  FrameReader reader(kMaxReplyBytes);
  const Result<std::optional<std::string_view>> reply =
      exchange_once(socket, message, timeout, reader);
  if (!reply) return reply.error();
  if (!*reply) return Error{Errc::agent_unreachable, "the agent ended before it read the request"};
  return read(**reply);
}

}  // namespace

AgentClient::AgentClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

AgentClient::AgentClient(AgentClient&&) noexcept = default;
AgentClient& AgentClient::operator=(AgentClient&&) noexcept = default;
AgentClient::~AgentClient() = default;

Result<AgentClient> AgentClient::connect(const Environment& environment, const UserPaths& paths,
                                         Spawn spawn, std::chrono::milliseconds lock_wait) {
  Result<Connection> connection = Connection::open(environment, paths, spawn, lock_wait);
  if (!connection) return connection.error();
  return AgentClient(std::make_unique<Connection>(std::move(*connection)));
}

Result<TokenAnswer> AgentClient::get_token(const std::optional<token::ProfileName>& profile,
                                           const std::optional<token::Endpoint>& endpoint) {
  // A rule may want a person to confirm.
  return ask(*connection_, call::GetToken{.profile = profile, .endpoint = endpoint}, kReadTimeout,
             Again::always, read_token_reply, kConfirmTimeout);
}

Result<std::vector<StoredProfile>> AgentClient::list() {
  return ask(*connection_, call::List{}, kReadTimeout, Again::always, read_records_reply);
}

Result<StoredProfile> AgentClient::add(const token::TokenRecord& record, AddOptions options) {
  GuardedBuffer message;
  write_add_call(message, record, options.replace, options.make_default);
  if (message.size() > kMaxRequestBytes + 1) {
    return Error{Errc::too_large, "the token with its facts has more than 64 KiB"};
  }
  return exchange(*connection_, message, kStoreTimeout,
                  options.replace ? Again::always : Again::if_unread, read_record_reply);
}

Result<void> AgentClient::remove(const token::ProfileName& profile) {
  return ask(*connection_, call::Remove{profile}, kStoreTimeout, Again::if_unread,
             read_empty_reply);
}

Result<StoredProfile> AgentClient::set_default(const token::ProfileName& profile) {
  return ask(*connection_, call::SetDefault{profile}, kStoreTimeout, Again::always,
             read_record_reply);
}

Result<void> AgentClient::lock() {
  return ask(*connection_, call::Lock{}, kStoreTimeout, Again::always, read_empty_reply);
}

Result<void> AgentClient::unlock(const Secret& passphrase) {
  if (Result<void> fit = check_passphrase(passphrase); !fit) return fit;
  return ask(*connection_, call::Unlock{passphrase.clone()}, kStoreTimeout, Again::always,
             read_empty_reply);
}

Result<AgentStatus> AgentClient::status() {
  return ask(*connection_, call::Status{}, kReadTimeout, Again::always, read_status_reply);
}

Result<Lease> AgentClient::open_lease(const std::optional<token::ProfileName>& profile,
                                      std::optional<std::chrono::seconds> lifetime) {
  return ask(*connection_, call::OpenLease{.profile = profile, .lifetime = lifetime}, kReadTimeout,
             Again::always, read_lease_reply);
}

Result<void> AgentClient::close_lease(const std::optional<token::ProfileName>& profile) {
  return ask(*connection_, call::CloseLease{profile}, kReadTimeout, Again::if_unread,
             read_empty_reply);
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
  return of_refresh(ask(*connection_, call::BeginRefresh{.profile = profile, .force = force},
                        kStoreTimeout, Again::always, read_refresh_reply),
                    profile);
}

Result<StoredProfile> AgentClient::finish_refresh(const token::ProfileName& profile,
                                                  std::uint64_t generation,
                                                  const Refreshed& refreshed) {
  return of_refresh(ask(*connection_,
                        call::FinishRefresh{.profile = profile,
                                            .generation = generation,
                                            .token = refreshed.token.clone(),
                                            .refresh = refreshed.refresh.clone(),
                                            .expires = refreshed.expires},
                        kStoreTimeout, Again::if_unread, read_record_reply),
                    profile);
}

Result<void> AgentClient::abandon_refresh(const token::ProfileName& profile,
                                          std::uint64_t generation, bool login_again) {
  return of_refresh(
      ask(*connection_,
          call::AbandonRefresh{
              .profile = profile, .generation = generation, .login_again = login_again},
          kStoreTimeout, Again::never, read_empty_reply),
      profile);
}

Result<void> AgentClient::shutdown() {
  return ask(*connection_, call::Shutdown{}, kStoreTimeout, Again::never, read_empty_reply);
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
  Result<AgentStatus> status = ask_once(socket->get(), call::Status{}, left(), read_status_reply);
  if (!status) return status.error();
  QuickLook look{std::move(*status), {}};
  if (look.status.locked) return look;
  Result<std::vector<StoredProfile>> profiles =
      ask_once(socket->get(), call::List{}, left(), read_records_reply);
  if (!profiles) return profiles.error();
  look.profiles = std::move(*profiles);
  return look;
}

}  // namespace hfauth::agent
