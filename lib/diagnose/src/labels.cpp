// SPDX-License-Identifier: Apache-2.0
#include "labels.hpp"

#include "hfauth/core/translate.hpp"

namespace hfauth::diagnose {

std::string label_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return tr("error");
    case Severity::warning:
      return tr("warning");
    case Severity::info:
      return tr("info");
    case Severity::ok:
      return tr("ok");
    case Severity::skip:
      return tr("not checked");
    case Severity::unknown:
      break;
  }
  return tr("unknown");
}

std::string label_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::proven:
      return tr("proven");
    case Confidence::likely:
      return tr("likely");
    case Confidence::possible:
      break;
  }
  return tr("possible");
}

std::string label_of(Impact impact) {
  switch (impact) {
    case Impact::harmless:
      return tr("harmless");
    case Impact::limits:
      return tr("limits you, does not block you");
    case Impact::blocks:
      break;
  }
  return tr("blocks you");
}

std::string label_of(token::Notice notice) {
  switch (notice) {
    case token::Notice::next_request:
      return tr("read at every request");
    case token::Notice::next_start:
      return tr("a running program keeps the old value until it is restarted");
    case token::Notice::next_session:
      break;
  }
  return tr("asked once a session, which keeps the answer");
}

std::string fix_label(std::size_t index, std::size_t count) {
  const std::string fix = tr("Fix");
  return count == 1 ? fix : fix + " " + static_cast<char>('A' + index % 26);
}

}  // namespace hfauth::diagnose
