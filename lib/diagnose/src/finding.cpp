// SPDX-License-Identifier: Apache-2.0
//
// Names of the enumerations as they stand in the report's JSON (docs/schema/doctor-1.json).
#include "hfauth/diagnose/finding.hpp"

#include <array>

namespace hfauth::diagnose {

std::string_view name_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::info:
      return "info";
    case Severity::ok:
      return "ok";
    case Severity::skip:
      return "skip";
    case Severity::unknown:
      break;
  }
  return "unknown";
}

std::string_view name_of(Confidence confidence) noexcept {
  switch (confidence) {
    case Confidence::proven:
      return "proven";
    case Confidence::likely:
      return "likely";
    case Confidence::possible:
      break;
  }
  return "possible";
}

std::string_view name_of(EvidenceKind kind) noexcept {
  switch (kind) {
    case EvidenceKind::env:
      return "env";
    case EvidenceKind::file:
      return "file";
    case EvidenceKind::process:
      return "process";
    case EvidenceKind::http:
      return "http";
    case EvidenceKind::tls:
      return "tls";
    case EvidenceKind::dns:
      return "dns";
    case EvidenceKind::config:
      return "config";
    case EvidenceKind::text:
      return "text";
    case EvidenceKind::replay:
      break;
  }
  return "replay";
}

std::string_view name_of(FixSafety safety) noexcept {
  switch (safety) {
    case FixSafety::safe:
      return "safe";
    case FixSafety::unsafe:
      return "unsafe";
    case FixSafety::manual:
      break;
  }
  return "manual";
}

std::string_view name_of(FixChange::Kind kind) noexcept {
  // In the order of the enumeration.
  static constexpr std::array<std::string_view, 18> kNames{
      "comment_line",  "rename_variable", "rewrite_token", "restrict_mode",   "move_aside",
      "write_value",   "copy_line",       "append_line",   "remove_commands", "remove_entry",
      "clean_remotes", "comment_faults",  "add_login",     "copy_token",      "replace_token",
      "remove_tokens", "allow_reading",   "make_default"};
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace hfauth::diagnose
