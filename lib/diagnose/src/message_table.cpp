// SPDX-License-Identifier: Apache-2.0
//
// From a message to its explanation, and the catalogue of message ids.
#include "hfauth/core/ascii.hpp"
#include "hfauth/core/error.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "messages.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace hfauth::diagnose {
namespace {

struct Row {
  Message message;
  std::string_view id;
  Part part;
  PrintedBy printed_by;
  Explanation (*explain)(const Sighting&, const TextFacts&);
};

constexpr PrintedBy kHub{"Hub", "", ""};

constexpr std::array kRows{
    Row{Message::colab_secret_missing,
        "M-001",
        Part::no_token,
        {"huggingface_hub", "0.20", "1.19"},
        colab_secret_missing},
    Row{Message::colab_access_not_granted,
        "M-002",
        Part::no_token,
        {"huggingface_hub", "0.20", ""},
        colab_access_not_granted},
    Row{Message::colab_vault_error,
        "M-003",
        Part::no_token,
        {"huggingface_hub", "0.20", ""},
        colab_vault_error},
    Row{Message::colab_vault_timeout,
        "M-004",
        Part::no_token,
        {"Google Colab", "", ""},
        colab_vault_error},
    Row{Message::unauthenticated_requests,
        "M-020",
        Part::anonymous,
        {"huggingface_hub", "1.2", ""},
        unauthenticated_requests},
    Row{Message::invalid_token_ignored,
        "M-020",
        Part::bad_token,
        {"huggingface_hub", "1.2", ""},
        invalid_token_ignored},
    Row{Message::invalid_credentials, "M-034", Part::bad_token, kHub, invalid_credentials},
    Row{Message::invalid_authorization, "M-035", Part::bad_token, kHub, invalid_authorization},
    Row{Message::repository_not_found,
        "M-039",
        Part::hidden,
        {"huggingface_hub", "0.14", ""},
        repository_not_found},
    Row{Message::gated_login_needed, "M-052", Part::anonymous, kHub, gated_login_needed},
    Row{Message::gated_not_requested, "M-052", Part::refused, kHub, gated_not_requested},
    Row{Message::gated_pending, "M-052", Part::refused, kHub, gated_waiting},
    Row{Message::gated_refused, "M-052", Part::refused, kHub, gated_waiting},
    Row{Message::gated, "M-052", Part::refused, {"huggingface_hub", "0.14", ""}, gated_unclear},
    Row{Message::illegal_header, "M-060", Part::bad_token, {"httpx", "", ""}, illegal_header},
};

const Row* row_of(Message message) noexcept {
  const auto* const row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& candidate) {
    return candidate.message == message;
  });
  return row == kRows.end() ? nullptr : row;
}

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
  static constexpr std::array<std::string_view, 13> kNames{
      "unknown",    "colab",  "kaggle", "space",   "sagemaker", "databricks", "ci",
      "kubernetes", "docker", "slurm",  "systemd", "vscode",    "jupyter"};
  return kNames[static_cast<std::size_t>(runtime)];
}

std::string_view schema_name_of(TextRuntime runtime) noexcept {
  switch (runtime) {
    case TextRuntime::sagemaker:
    case TextRuntime::kubernetes:
    case TextRuntime::docker:
      return "container";
    case TextRuntime::databricks:
    case TextRuntime::vscode:
      return "jupyter";
    case TextRuntime::slurm:
      return "shell";
    default:
      return name_of(runtime);
  }
}

Part part_of(const Sighting& sighting) noexcept {
  if (sighting.message == Message::listed) {
    return sighting.listed->part;
  }
  const Row* const row = row_of(sighting.message);
  return row == nullptr ? Part::notice : row->part;
}

Explanation begin_explanation(std::string_view check, std::string_view message, Impact impact,
                              const Sighting& sighting) {
  Explanation result;
  if (find_check(check) != nullptr) {
    result.finding = finding_of(check);
  } else {
    result.finding.id = check;  // no check of the doctor's has it yet
    result.finding.slug = "message";
  }
  result.message = message;
  result.impact = impact;
  result.versions = sighting.versions;
  result.first_line = sighting.first_line;
  result.last_line = sighting.last_line;
  result.cell = sighting.cell;
  result.count = sighting.count;
  return result;
}

Explanation explain_sighting(const Sighting& sighting, const TextFacts& text) {
  Explanation result;
  if (sighting.message == Message::listed) {
    result = explain_listed(sighting, text);
  } else if (const Row* const row = row_of(sighting.message)) {
    result = row->explain(sighting, text);
    result.printed_by = row->printed_by;
  } else {
    throw Failure({Errc::internal, "a message without an explanation"});
  }
  if (sighting.first_line != 0) {
    result.finding.evidence.push_back({EvidenceKind::text, result.quote, "", sighting.request_id});
  }
  return result;
}

std::vector<Explanation> explain_message_id(std::string_view id) {
  std::string wanted(id);
  std::transform(wanted.begin(), wanted.end(), wanted.begin(), ascii::upper);
  std::vector<Explanation> result;
  for (const Row& row : kRows) {
    if (row.id == wanted && row.message != Message::gated) {
      Sighting sighting;
      sighting.message = row.message;
      sighting.header_fault = HeaderFault::newline;
      result.push_back(explain_sighting(sighting, {}));
    }
  }
  for (const std::span<const ListedMessage> rows : listed_messages()) {
    for (const ListedMessage& row : rows) {
      if (row.id == wanted) {
        Sighting sighting;
        sighting.message = Message::listed;
        sighting.listed = &row;
        result.push_back(explain_sighting(sighting, {}));
      }
    }
  }
  return result;
}

std::vector<std::string> message_ids() {
  std::set<std::string> ids;
  for (const Row& row : kRows) {
    ids.emplace(row.id);
  }
  for (const std::span<const ListedMessage> rows : listed_messages()) {
    for (const ListedMessage& row : rows) {
      ids.emplace(row.id);
    }
  }
  return {ids.begin(), ids.end()};
}

}  // namespace hfauth::diagnose
