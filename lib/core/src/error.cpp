// SPDX-License-Identifier: Apache-2.0
//
// The table of errors: name and exit status of each code. docs/exit-codes.md is checked against it.
#include "hfauth/core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace hfauth {
namespace {

struct Row {
  Errc code;
  std::string_view name;
  int status;
};

constexpr int kFailure = 1;
constexpr int kUsage = 2;
constexpr int kUndetermined = 3;
constexpr int kNoToken = 4;
constexpr int kInternal = 70;      // EX_SOFTWARE of sysexits.h
constexpr int kInterrupted = 130;  // 128 + SIGINT, as shells report it

constexpr std::array kRows{
    Row{Errc::usage, "usage", kUsage},
    Row{Errc::invalid_input, "invalid_input", kFailure},
    Row{Errc::not_found, "not_found", kFailure},
    Row{Errc::token_required, "token_required", kNoToken},
    Row{Errc::locked, "locked", kNoToken},
    Row{Errc::denied, "denied", kFailure},
    Row{Errc::expired, "expired", kFailure},
    Row{Errc::ambiguous, "ambiguous", kFailure},
    Row{Errc::conflict, "conflict", kFailure},
    Row{Errc::too_large, "too_large", kFailure},
    Row{Errc::busy, "busy", kUndetermined},
    Row{Errc::timeout, "timeout", kUndetermined},
    Row{Errc::store_unavailable, "store_unavailable", kUndetermined},
    Row{Errc::store_timeout, "store_timeout", kUndetermined},
    Row{Errc::agent_unreachable, "agent_unreachable", kUndetermined},
    Row{Errc::unauthorized, "unauthorized", kFailure},
    Row{Errc::forbidden, "forbidden", kFailure},
    Row{Errc::rate_limited, "rate_limited", kUndetermined},
    Row{Errc::network, "network", kUndetermined},
    Row{Errc::offline, "offline", kUndetermined},
    Row{Errc::io, "io", kFailure},
    Row{Errc::permission, "permission", kFailure},
    Row{Errc::no_space, "no_space", kFailure},
    Row{Errc::corrupt, "corrupt", kFailure},
    Row{Errc::unsupported, "unsupported", kFailure},
    Row{Errc::interrupted, "interrupted", kInterrupted},
    Row{Errc::internal, "internal", kInternal},
};

const Row& row_of(Errc code) noexcept {
  const auto* found =
      std::find_if(kRows.begin(), kRows.end(), [code](const Row& row) { return row.code == code; });
  return found != kRows.end() ? *found : kRows.back();
}

}  // namespace

std::string_view name_of(Errc code) noexcept {
  return row_of(code).name;
}

int exit_status(Errc code) noexcept {
  return row_of(code).status;
}

Error error_from_errno(int error_number, std::string_view what) {
  const std::string detail =
      fmt::format("{}: {}", what, std::generic_category().message(error_number));
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return {Errc::not_found, detail};
    case EACCES:
    case EPERM:
    case EROFS:
      return {Errc::permission, detail};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {Errc::no_space, detail};
    default:
      return {Errc::io, detail};
  }
}

}  // namespace hfauth
