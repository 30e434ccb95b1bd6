// SPDX-License-Identifier: Apache-2.0
//
// Codes and messages as measured with GLib 2.74, libsecret 0.20.5 and gnome-keyring 42.1
// (facts/agent.md §4.2).
#include "secret_service_rules.hpp"

#include "hfauth/core/utf8.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace hfauth::store::secret_service {
namespace {

constexpr std::string_view kDBusDomain = "g-dbus-error-quark";
constexpr std::string_view kIoDomain = "g-io-error-quark";
constexpr std::string_view kSecretDomain = "secret-error";

// GDBusError, GIOErrorEnum and SecretError as numbers: their headers stay out of this file.
constexpr int kDBusServiceUnknown = 2;
constexpr int kDBusNameHasNoOwner = 3;
constexpr int kDBusNoReply = 4;
constexpr int kDBusAccessDenied = 9;
constexpr int kDBusAuthFailed = 10;
constexpr int kDBusTimeout = 12;
constexpr int kDBusTimedOut = 20;
constexpr int kDBusSpawnFirst = 23;
constexpr int kDBusSpawnLast = 34;
constexpr int kIoPermissionDenied = 14;
constexpr int kIoNotSupported = 15;
constexpr int kIoCancelled = 19;
constexpr int kIoTimedOut = 24;
constexpr int kSecretIsLocked = 2;

constexpr std::size_t kMaxMessage = 200;

/// One line of printable text from a message that another program wrote.
std::string quoted(std::string_view message) {
  std::string text(message.substr(0, kMaxMessage));
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7F; }, ' ');
  return "“" + text + "”";
}

bool is_timeout(const ForeignError& error) {
  return (error.domain == kIoDomain && (error.code == kIoCancelled || error.code == kIoTimedOut)) ||
         (error.domain == kDBusDomain &&
          (error.code == kDBusTimeout || error.code == kDBusTimedOut));
}

bool is_locked(const ForeignError& error) {
  return (error.domain == kSecretDomain && error.code == kSecretIsLocked) ||
         error.remote_name == "org.freedesktop.Secret.Error.IsLocked" ||
         // Our SecretService refuses each prompt with this code: what needs a prompt is locked to
         // us.
         (error.domain == kIoDomain && error.code == kIoNotSupported);
}

}  // namespace

Result<std::string> session_bus_address(const Environment& environment) {
  if (const auto address = environment.non_empty("DBUS_SESSION_BUS_ADDRESS")) {
    if (address->starts_with("autolaunch:")) {
      return Error{Errc::store_unavailable,
                   "no D-Bus session (DBUS_SESSION_BUS_ADDRESS is " + *address + ")"};
    }
    return *address;
  }
  const auto runtime = environment.non_empty("XDG_RUNTIME_DIR");
  if (!runtime) {
    return Error{Errc::store_unavailable,
                 "no D-Bus session (neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set)"};
  }
  const std::string socket = *runtime + "/bus";

  struct stat status {};

  if (::stat(socket.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) {
    return Error{Errc::store_unavailable,
                 "no D-Bus session (DBUS_SESSION_BUS_ADDRESS is not set and there is no socket " +
                     socket + ")"};
  }
  return "unix:path=" + socket;
}

Error translate(const ForeignError& error, Stage stage) {
  if (is_timeout(error)) {
    return {Errc::store_timeout, "the keyring did not answer in time"};
  }
  if (is_locked(error)) {
    return {Errc::locked, "the keyring is locked: unlock it on your desktop, or run hfauth unlock"};
  }
  if (stage == Stage::connect) {
    return {Errc::store_unavailable, "no D-Bus session: " + quoted(error.message)};
  }
  if (error.domain == kDBusDomain) {
    if (error.code == kDBusServiceUnknown || error.code == kDBusNameHasNoOwner) {
      return {Errc::store_unavailable,
              "no keyring program provides org.freedesktop.secrets on the D-Bus session"};
    }
    if (error.code >= kDBusSpawnFirst && error.code <= kDBusSpawnLast) {
      return {Errc::store_unavailable,
              "the keyring program could not be started: " + quoted(error.message)};
    }
    if (error.code == kDBusNoReply) {
      return {Errc::store_unavailable, "the keyring program ended before it answered"};
    }
    if (error.code == kDBusAccessDenied || error.code == kDBusAuthFailed) {
      return {Errc::permission, "the keyring refuses this program: " + quoted(error.message)};
    }
  }
  if (error.domain == kIoDomain && error.code == kIoPermissionDenied) {
    return {Errc::permission, "the keyring refuses this program: " + quoted(error.message)};
  }
  return {Errc::store_unavailable, "the keyring failed: " + quoted(error.message)};
}

Result<Choice> choose_newest(std::string_view profile, const std::vector<Secret>& documents) {
  std::optional<Choice> best;
  std::string why = "it belongs to another profile";
  for (std::size_t i = 0; i < documents.size(); ++i) {
    Result<token::TokenRecord> record = token::decode_record(documents[i].expose());
    if (!record) {
      why = record.error().detail;
      continue;
    }
    if (record->facts.profile.str() != profile) {
      continue;
    }
    if (!best || record->facts.generation > best->record.facts.generation) {
      best.emplace(Choice{i, std::move(*record)});
    }
  }
  if (!best) {
    const std::string item = profile.empty()
                                 ? "the keyring's item without a profile"
                                 : "the keyring's item of profile " + utf8::visible(profile);
    return Error{Errc::corrupt, item + " is unusable: " + why};
  }
  return std::move(*best);
}

}  // namespace hfauth::store::secret_service
