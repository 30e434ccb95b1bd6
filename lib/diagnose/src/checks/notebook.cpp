// SPDX-License-Identifier: Apache-2.0
//
// HFA701: a Colab machine on which no source yields a token. The vault itself can be read in the
// kernel alone, so this is likely, never proven, unless the warning's text is at hand (hfauth
// explain).
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "remedies.hpp"

namespace hfauth::diagnose {

std::optional<Finding> find_colab_secret_missing(const View& view) {
  const RuntimeFacts& runtime = view.facts.runtime;
  const bool no_token = view.python.source == token::TokenSource::none && !view.python.raises;
  if (!runtime.colab || runtime.colab_enterprise || !no_token ||
      !profiles_here(view.facts).empty() || view.facts.agent.locked ||
      view.facts.colab_secret_assumed) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA701");
  finding.severity = Severity::info;  // public models work
  finding.confidence = Confidence::likely;
  finding.evidence.push_back({EvidenceKind::env,
                              tr("this is Google Colab; no variable and no file holds a token"), "",
                              ""});
  finding.evidence.push_back(
      {EvidenceKind::text,
       tr("a program outside the notebook cannot read Colab's secrets: this one was not asked"), "",
       ""});
  finding.fixes = {login_in_a_cell(), colab_secret()};
  return finding;
}

std::optional<Facts> with_colab_secret(const View& view) {
  Facts changed = view.facts;
  changed.colab_secret_assumed = true;
  return changed;
}

}  // namespace hfauth::diagnose
