// SPDX-License-Identifier: Apache-2.0
//
// From a message to its explanation, and the catalogue of message ids.
#include "hfauth/core/error.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "messages.hpp"

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

struct Row {
  Message message;
  std::string_view id;
  Explanation (*explain)(const Sighting&, const TextFacts&);
};

constexpr std::array kRows{
    Row{Message::colab_secret_missing, "M-001", colab_secret_missing},
    Row{Message::colab_access_not_granted, "M-002", colab_access_not_granted},
    Row{Message::colab_vault_error, "M-003", colab_vault_error},
    Row{Message::colab_vault_timeout, "M-004", colab_vault_error},
    Row{Message::unauthenticated_requests, "M-020", unauthenticated_requests},
    Row{Message::invalid_token_ignored, "M-020", invalid_token_ignored},
    Row{Message::invalid_credentials, "M-034", invalid_credentials},
    Row{Message::repository_not_found, "M-039", repository_not_found},
    Row{Message::gated_login_needed, "M-052", gated_login_needed},
    Row{Message::gated_not_requested, "M-052", gated_not_requested},
    Row{Message::gated_pending, "M-052", gated_waiting},
    Row{Message::gated_refused, "M-052", gated_waiting},
    Row{Message::gated, "M-052", gated_unclear},
    Row{Message::illegal_header, "M-060", illegal_header},
};

}  // namespace

std::string_view name_of(Impact impact) noexcept {
  switch (impact) {
    case Impact::harmless:
      return "harmless";
    case Impact::limits:
      return "limits";
    case Impact::blocks:
      break;
  }
  return "blocks";
}

std::string_view name_of(TextRuntime runtime) noexcept {
  switch (runtime) {
    case TextRuntime::colab:
      return "colab";
    case TextRuntime::kaggle:
      return "kaggle";
    case TextRuntime::jupyter:
      return "jupyter";
    case TextRuntime::ci:
      return "ci";
    case TextRuntime::unknown:
      break;
  }
  return "unknown";
}

Explanation begin_explanation(std::string_view check, std::string_view message, Impact impact,
                              const Sighting& sighting) {
  Explanation result;
  result.finding = finding_of(check);
  result.message = message;
  result.impact = impact;
  result.versions = sighting.versions;
  result.first_line = sighting.first_line;
  result.last_line = sighting.last_line;
  result.count = sighting.count;
  return result;
}

Explanation explain_sighting(const Sighting& sighting, const TextFacts& text) {
  const auto* const row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& candidate) {
    return candidate.message == sighting.message;
  });
  if (row == kRows.end()) {
    throw Failure({Errc::internal, "a message without an explanation"});
  }
  Explanation result = row->explain(sighting, text);
  if (sighting.first_line != 0) {
    result.finding.evidence.push_back({EvidenceKind::text, result.quote, "", sighting.request_id});
  }
  return result;
}

std::vector<Explanation> explain_message_id(std::string_view id) {
  std::string wanted(id);
  std::transform(wanted.begin(), wanted.end(), wanted.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  std::vector<Explanation> result;
  for (const Row& row : kRows) {
    if (row.id == wanted && row.message != Message::gated) {
      Sighting sighting;
      sighting.message = row.message;
      sighting.header_fault = HeaderFault::newline;
      result.push_back(row.explain(sighting, {}));
    }
  }
  return result;
}

std::vector<std::string> message_ids() {
  std::vector<std::string> ids;
  for (const Row& row : kRows) {
    if (ids.empty() || ids.back() != row.id) {
      ids.emplace_back(row.id);
    }
  }
  return ids;
}

}  // namespace hfauth::diagnose
