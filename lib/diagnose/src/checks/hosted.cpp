// SPDX-License-Identifier: Apache-2.0
//
// HFA701 to HFA711: hosted notebooks, Spaces, continuous integration. Colab's vault can be read in
// the kernel alone: what is said of it is likely, never proven, unless a cell of the notebook or
// the warning's own text is at hand.
#include "../http_words.hpp"
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "remedies.hpp"
#include "target_view.hpp"

#include <algorithm>

namespace hfauth::diagnose {
namespace {

constexpr token::ClientVersion kVaultLast{1, 19, 0};

bool nobody_has_a_token(const View& view) {
  return view.python.source == token::TokenSource::none && !view.python.raises &&
         profiles_here(view.facts).empty() && !view.facts.agent.locked;
}

bool is_colab(const RuntimeFacts& runtime) {
  return runtime.colab && !runtime.colab_enterprise;
}

// A finding that the printed text, or a cell in the notebook, tells of.
std::optional<Finding> find_told(const View& view, std::string_view check, std::string_view vault) {
  const SaidMessage* message = said(view.facts, check);
  if (view.facts.colab_secret_assumed ||
      (message == nullptr && (vault.empty() || view.facts.notebook.vault != vault))) {
    return std::nullopt;
  }
  Finding finding = finding_of(check);
  if (message != nullptr) {
    finding.evidence.push_back(quoted(*message));
  } else {
    finding.evidence.push_back(
        {EvidenceKind::text, tr("a cell of the notebook asked the vault"), "", ""});
  }
  return finding;
}

Fix restart_the_session() {
  return {FixSafety::manual, false, "", {{tr("Runtime > Restart session"), "", ""}}};
}

}  // namespace

std::optional<Finding> find_colab_secret_missing(const View& view) {
  const bool other_answer =
      said(view.facts, "HFA702") != nullptr || said(view.facts, "HFA703") != nullptr ||
      (!view.facts.notebook.vault.empty() && view.facts.notebook.vault != "missing");
  const bool told = said(view.facts, "HFA701") != nullptr || view.facts.notebook.vault == "missing";
  if (!is_colab(view.facts.runtime) || !nobody_has_a_token(view) || other_answer ||
      view.facts.colab_secret_assumed) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA701");
  finding.severity = Severity::info;  // public models work
  finding.confidence = told ? Confidence::proven : Confidence::likely;
  if (const SaidMessage* message = said(view.facts, "HFA701")) {
    finding.evidence.push_back(quoted(*message));
  }
  finding.evidence.push_back({EvidenceKind::env,
                              tr("this is Google Colab; no variable and no file holds a token"), "",
                              ""});
  if (!told) {
    finding.evidence.push_back(
        {EvidenceKind::text,
         tr("a program outside the notebook cannot read Colab's secrets: this one was not asked"),
         "", ""});
  }
  judge_by_targets(view.facts, finding);
  finding.fixes = {login_in_a_cell(), colab_secret()};
  return finding;
}

std::optional<Facts> with_colab_secret(const View& view) {
  Facts changed = view.facts;
  changed.colab_secret_assumed = true;
  return changed;
}

std::optional<Finding> find_colab_no_access(const View& view) {
  std::optional<Finding> finding = find_told(view, "HFA702", "no_access");
  if (finding) {
    finding->fixes.push_back(
        {FixSafety::manual,
         false,
         "",
         {{tr("key icon in the left bar: switch on \"Notebook access\" for HF_TOKEN"), "", ""},
          {tr("Runtime > Restart session"), "", ""}}});
    finding->fixes.push_back(login_in_a_cell());
  }
  return finding;
}

std::optional<Finding> find_colab_timeout(const View& view) {
  std::optional<Finding> finding = find_told(view, "HFA703", "timeout");
  if (finding) {
    finding->fixes = {login_in_a_cell(), restart_the_session()};
  }
  return finding;
}

std::optional<Finding> find_colab_vault_cached(const View& view) {
  const NotebookFacts& notebook = view.facts.notebook;
  if (notebook.vault != "present" || notebook.get_token != "none" ||
      view.facts.colab_secret_assumed) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA704");
  finding.evidence.push_back(
      {EvidenceKind::text,
       tr("in the kernel the vault gives the secret, and get_token() yields nothing"), "", ""});
  if (notebook.secret_is_newer) {
    finding.evidence.push_back(
        {EvidenceKind::process, tr("the kernel is older than the secret"), "", ""});
  }
  finding.fixes = {login_in_a_cell(), restart_the_session()};
  return finding;
}

std::optional<Finding> find_colab_precedence(const View& view) {
  const NotebookFacts& notebook = view.facts.notebook;
  if (!is_colab(view.facts.runtime) || notebook.vault_token.empty() || !view.python.has_token() ||
      notebook.vault_token == view.python.sent) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA705");
  if (is_bad(view.facts, view.python.sent)) {
    finding.severity = Severity::error;  // and the good one may be in the vault
  }
  const auto version = token::ClientVersion::parse(view.facts.client.version);
  const bool vault_first = version && *version < kVaultLast;
  finding.evidence.push_back(
      {EvidenceKind::text,
       vault_first ? tr("this release asks the vault first, so its secret is used")
                   : tr("this release asks the vault last, so its secret is not used"),
       "", ""});
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  if (view.python.source == token::TokenSource::env_hf_token) {
    finding.fixes.push_back(
        {FixSafety::manual, false, "", {{"", "import os; os.environ.pop(\"HF_TOKEN\")", ""}}});
  } else {
    finding.fixes.push_back(login_in_a_cell());
  }
  return finding;
}

// What the session would send without the places that come before its vault.
std::optional<Facts> with_vault_asked(const View& view) {
  Facts changed = view.facts;
  for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
    changed.environment.unset(name);
  }
  for (TokenFile& file : changed.files) {
    file.kind = token::FileState::Kind::missing;
  }
  changed.colab_secret_assumed = true;
  return changed;
}

std::optional<Finding> find_commands_without_vault(const View& view) {
  // A vault that told nothing is HFA704's, one that has nothing HFA701's.
  const NotebookFacts& notebook = view.facts.notebook;
  const bool told = notebook.vault == "present" && notebook.get_token != "none";
  const bool may_be =
      notebook.vault.empty() && view.facts.runtime.below_kernel && view.facts.said.empty();
  if (!is_colab(view.facts.runtime) || !nobody_has_a_token(view) || (!told && !may_be) ||
      view.facts.colab_secret_assumed) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA706");
  finding.severity = told ? Severity::warning : Severity::info;
  finding.confidence = told ? Confidence::proven : Confidence::possible;
  if (told) {
    finding.evidence.push_back(
        {EvidenceKind::text, tr("in the kernel the vault gives the secret"), "", ""});
  }
  finding.evidence.push_back({EvidenceKind::env,
                              tr("this is Google Colab; no variable and no file holds a token"), "",
                              ""});
  if (view.facts.runtime.below_kernel) {
    finding.evidence.push_back(
        {EvidenceKind::process, tr("this command was started by the notebook's kernel"), "", ""});
  }
  judge_by_targets(view.facts, finding);
  finding.fixes.push_back(login_in_a_cell());
  return finding;
}

std::optional<Finding> find_kaggle_secret(const View& view) {
  if (!view.facts.runtime.kaggle || !nobody_has_a_token(view) || view.facts.colab_secret_assumed) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA707");
  finding.severity = Severity::info;
  finding.confidence = Confidence::likely;
  finding.evidence.push_back(
      {EvidenceKind::env, tr("this is Kaggle; no variable and no file holds a token"), "", ""});
  judge_by_targets(view.facts, finding);
  finding.fixes = ways_to_set_a_token(TextRuntime::kaggle);
  return finding;
}

std::optional<Finding> find_kaggle_offline(const View& view) {
  const HubFacts& hub = view.facts.hub;
  if (!view.facts.runtime.kaggle || !hub.asked || hub.reached ||
      failed_step(hub.control_failure) != "dns") {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA708");
  finding.confidence = Confidence::likely;  // a failure of all names looks the same
  finding.evidence.push_back({EvidenceKind::dns, hub.control_failure, hub.endpoint, ""});
  finding.fixes.push_back(
      {FixSafety::manual, false, "", {{tr("Settings > Internet: on"), "", ""}}});
  return finding;
}

std::optional<Finding> find_space_secret(const View& view) {
  if (!view.facts.runtime.space || !nobody_has_a_token(view) || view.facts.colab_secret_assumed) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA709");
  finding.confidence = Confidence::likely;
  finding.severity =
      view.facts.environment.get("OAUTH_CLIENT_ID") ? Severity::info : Severity::error;
  const std::string space = view.facts.environment.get("SPACE_ID").value_or("");
  finding.evidence.push_back({EvidenceKind::env, "SPACE_ID=" + space, "SPACE_ID", ""});
  finding.fixes.push_back({FixSafety::manual,
                           false,
                           "",
                           {{tr("Settings > Variables and secrets > New secret: HF_TOKEN"), "",
                             "https://huggingface.co/spaces/" + space + "/settings"}}});
  finding.fixes.push_back({FixSafety::manual,
                           false,
                           tr("while the image is built"),
                           {{"", "RUN --mount=type=secret,id=HF_TOKEN ...", ""}}});
  return finding;
}

std::optional<Finding> find_ci_secret_empty(const View& view) {
  if (!view.facts.runtime.ci || view.facts.environment.get("HF_TOKEN") != "" ||
      view.facts.colab_secret_assumed) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA710");
  const std::string event = view.facts.environment.get("GITHUB_EVENT_NAME").value_or("");
  finding.evidence.push_back({EvidenceKind::env,
                              tr("HF_TOKEN is set to nothing in a job of continuous integration"),
                              "HF_TOKEN", ""});
  if (event.starts_with("pull_request")) {
    finding.evidence.push_back(
        {EvidenceKind::env, "GITHUB_EVENT_NAME=" + event, "GITHUB_EVENT_NAME", ""});
  }
  if (view.python.has_token()) {
    finding.severity = Severity::warning;
  }
  finding.fixes = ways_to_set_a_token(TextRuntime::ci);
  return finding;
}

std::optional<Finding> find_oidc_permission(const View& view) {
  if (!view.facts.runtime.github || !view.facts.environment.non_empty("HF_OIDC_RESOURCE") ||
      view.facts.environment.non_empty("HF_OIDC_ID_TOKEN") ||
      view.facts.environment.non_empty("ACTIONS_ID_TOKEN_REQUEST_URL")) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA711");
  finding.evidence.push_back(
      {EvidenceKind::env, tr("ACTIONS_ID_TOKEN_REQUEST_URL is not set"), "", ""});
  finding.fixes.push_back(
      {FixSafety::manual, false, "", {{tr("in the job"), "permissions: {id-token: write}", ""}}});
  return finding;
}

}  // namespace hfauth::diagnose
