// SPDX-License-Identifier: Apache-2.0
//
// Names of the enumerations as they stand in the report's JSON (docs/schema/doctor-1.json).
#include "hfauth/diagnose/finding.hpp"

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
  switch (kind) {
    case FixChange::Kind::comment_line:
      return "comment_line";
    case FixChange::Kind::rename_variable:
      return "rename_variable";
    case FixChange::Kind::rewrite_token:
      return "rewrite_token";
    case FixChange::Kind::restrict_mode:
      return "restrict_mode";
    case FixChange::Kind::move_aside:
      break;
  }
  return "move_aside";
}

}  // namespace hfauth::diagnose
