// SPDX-License-Identifier: Apache-2.0
//
// The Secret Service store's decisions, apart from GLib so that they are tested by tables: where
// the bus is, what a foreign error means, and which of several items of one profile counts.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/token/token_record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::store::secret_service {

/// The session bus's address: DBUS_SESSION_BUS_ADDRESS, else the socket `bus` in XDG_RUNTIME_DIR if
/// it is there (D-Bus Specification 0.41, "Well-known Message Bus Instances"). Never autolaunches a
/// bus: a bus of our own would have no keyring of the user's on it. Errors: store_unavailable.
[[nodiscard]] Result<std::string> session_bus_address(const Environment& environment);

/// A GError as plain values.
struct ForeignError {
  std::string domain;  ///< "g-dbus-error-quark", "g-io-error-quark", "secret-error", ...
  int code = 0;
  std::string remote_name;  ///< the D-Bus error's name, "" if it came from this process
  std::string message;
};

/// Where in the work a foreign error came up.
enum class Stage { connect, call };

/// What it means here. Codes: locked, store_timeout, permission, store_unavailable.
[[nodiscard]] Error translate(const ForeignError& error, Stage stage);

/// The one that counts among the documents of items with the same profile attribute: the decodable
/// one of the highest generation; the first of equals. Errors: corrupt (none decodes, or all tell
/// another profile); `documents` must not be empty.
struct Choice {
  std::size_t index;
  token::TokenRecord record;
};

[[nodiscard]] Result<Choice> choose_newest(std::string_view profile,
                                           const std::vector<Secret>& documents);

}  // namespace hfauth::store::secret_service
