// SPDX-License-Identifier: Apache-2.0
//
// The one error type of the project, and what each error means for a program's exit status.
// A code is for programs, the detail is one line for people: what failed, on what, and, where it
// helps, what to try. A detail never holds a secret.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace hfauth {

/// Every way in which an operation can fail that a caller can tell apart. The exit status of each
/// stands in docs/exit-codes.md and is the table in error.cpp.
enum class Errc {
  usage,              ///< the command line or a configuration file is wrong
  invalid_input,      ///< data given by the user or another program is malformed
  not_found,          ///< no such profile, file or repository entry
  token_required,     ///< a token is needed and no source yields one
  locked,             ///< the store or the agent is locked; never merged with not_found
  denied,             ///< policy or the peer's identity forbids it
  expired,            ///< the token's life is over
  ambiguous,          ///< several profiles match and none is the default
  conflict,           ///< the thing exists already or was changed meanwhile
  too_large,          ///< a limit of size was exceeded
  busy,               ///< a limit of number was reached; try again
  timeout,            ///< a deadline passed
  store_unavailable,  ///< no usable secret store; the detail gives the reason
  store_timeout,      ///< the secret store did not answer in time
  agent_unreachable,  ///< no agent answers on its socket and none could be started
  unauthorized,       ///< the Hub says that the token is invalid (401)
  forbidden,          ///< the Hub knows the token but refuses (403)
  rate_limited,       ///< the Hub answers 429; says nothing about the token
  network,            ///< the Hub could not be reached or answered nonsense
  offline,            ///< the network is switched off by the user's own variables
  io,                 ///< a system call on a file failed
  permission,         ///< the system refuses access to a file
  no_space,           ///< the disk or a quota is full
  corrupt,            ///< a file of ours or of the cache is damaged
  unsupported,        ///< understood, but not built yet or not possible here
  interrupted,        ///< the user pressed Ctrl-C
  internal,           ///< a bug
};

struct Error {
  Errc code = Errc::internal;
  std::string detail;  ///< UTF-8, one line, without a secret

  friend bool operator==(const Error&, const Error&) = default;
};

/// The stable lower-case name of a code ("store_timeout"), for logs and JSON.
[[nodiscard]] std::string_view name_of(Errc code) noexcept;

/// The exit status for a program that ends because of `code`: 1 failure, 2 usage, 3 could not be
/// determined, 4 no token available, 70 internal error, 130 interrupted (facts/doctor.md §3.7).
[[nodiscard]] int exit_status(Errc code) noexcept;

/// What `Result::value()` throws on an error: only for callers that hold an error to be a bug.
class Failure : public std::runtime_error {
 public:
  explicit Failure(Error error) : std::runtime_error(error.detail), error_(std::move(error)) {}

  [[nodiscard]] const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

/// Maps errno to a code: ENOENT not_found, EACCES/EPERM/EROFS permission, ENOSPC/EDQUOT no_space,
/// else io. The detail reads "`what`: <text of errno>".
[[nodiscard]] Error error_from_errno(int error_number, std::string_view what);

}  // namespace hfauth
