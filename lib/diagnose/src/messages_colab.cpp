// SPDX-License-Identifier: Apache-2.0
//
// What the warnings of Google Colab notebooks mean (M-001 to M-004; huggingface_hub utils/_auth.py
// and google.colab userdata). Up to 1.18 the vault is asked before anything else, from 1.19 on
// after everything else.
#include "hfauth/core/translate.hpp"
#include "messages.hpp"
#include "remedies.hpp"

#include <charconv>

namespace hfauth::diagnose {
namespace {

Fix upgrade() {
  return {FixSafety::manual,
          false,
          tr("to be rid of the warning: huggingface_hub 1.20 or newer prints it no more"),
          {{"", "!pip install -U \"huggingface_hub>=1.20\"", ""},
           {tr("then restart the session"), "", ""}}};
}

// From 1.20 on the same words are a line of the log, not a warning.
bool is_new_release(const HubVersions& versions) {
  unsigned major = 0;
  unsigned minor = 0;
  const char* const end = versions.from.data() + versions.from.size();
  const auto [dot, fault] = std::from_chars(versions.from.data(), end, major);
  if (fault != std::errc{} || dot == end || *dot != '.') {
    return false;
  }
  std::from_chars(dot + 1, end, minor);
  return major > 1 || (major == 1 && minor >= 20);
}

std::string without_a_token() {
  return tr(
      "You are anonymous, unless you have logged in otherwise. A public model such as "
      "microsoft/phi-4 downloads and "
      "works all the same. Rate limits are lower and shared with everyone behind the same address; "
      "gated and "
      "private repositories fail.");
}

}  // namespace

Explanation colab_secret_missing(const Sighting& sighting, const TextFacts& text) {
  Explanation result = begin_explanation("HFA701", "M-001", Impact::limits, sighting);
  result.quote = "The secret `HF_TOKEN` does not exist in your Colab secrets.";
  result.says =
      tr("The notebook looked for a token among Colab's secrets and found no secret named "
         "HF_TOKEN. The message "
         "itself says that a token is optional for public models and datasets.");
  result.means = without_a_token();
  result.finding.fixes = {login_in_a_cell(), colab_secret()};
  if (is_new_release(sighting.versions.known() ? sighting.versions : text.versions)) {
    result.again =
        tr("Colab is asked last: once HF_TOKEN is set or login() was called, it is not asked. "
           "`!hf` and `!hfauth` run outside the notebook and never see its secrets; login() serves "
           "them too.");
    return result;
  }
  result.finding.fixes.push_back(upgrade());
  result.again =
      tr("Up to huggingface_hub 1.18 Colab is asked first, even if HF_TOKEN is set or login() was "
         "called: then you are "
         "logged in and the warning is harmless. `!hf` and `!hfauth` run outside the notebook and "
         "never see its "
         "secrets; login() serves them too.");
  return result;
}

Explanation colab_access_not_granted(const Sighting& sighting, const TextFacts& /*text*/) {
  Explanation result = begin_explanation("HFA702", "M-002", Impact::limits, sighting);
  result.quote = "Access to the secret `HF_TOKEN` has not been granted on this notebook.";
  result.says =
      tr("There is a secret named HF_TOKEN, but its switch for this notebook is off, or the "
         "question for access "
         "was declined.");
  result.means = without_a_token();
  result.finding.fixes = {
      login_in_a_cell(),
      {FixSafety::manual,
       false,
       tr("to use the secret"),
       {{tr("key icon in the left bar > HF_TOKEN > switch on \"Notebook access\""), "", ""},
        {tr("Runtime > Restart session: the refusal is kept until then"), "", ""}}}};
  result.again =
      tr("The switch belongs to one notebook: a copy of it, or another one, asks again.");
  return result;
}

Explanation colab_vault_error(const Sighting& sighting, const TextFacts& /*text*/) {
  Explanation result = begin_explanation(
      "HFA703", sighting.message == Message::colab_vault_timeout ? "M-004" : "M-003",
      Impact::limits, sighting);
  const bool timeout = sighting.with_timeout || sighting.message == Message::colab_vault_timeout;
  result.quote = sighting.message == Message::colab_vault_timeout
                     ? "Requesting secret HF_TOKEN timed out. Secrets can only be fetched when "
                       "running from the Colab UI."
                     : "Error while fetching `HF_TOKEN` secret value from your vault";
  result.says =
      timeout ? tr("Colab's page in the browser did not answer within 10 seconds when the notebook "
                   "asked for the "
                   "secret HF_TOKEN.")
              : tr("Colab answered with an error when the notebook asked for the secret HF_TOKEN.");
  if (!timeout) {
    result.finding.confidence = Confidence::likely;
  }
  result.means = without_a_token();
  result.finding.fixes = {
      login_in_a_cell(),
      {FixSafety::manual,
       false,
       tr("to use the secret"),
       {{tr("keep the notebook's tab open and in front; allow its dialogues (extensions block "
            "them)"),
         "", ""},
        {tr("Runtime > Restart session: Colab is asked once per session"), "", ""}}}};
  result.again =
      tr("From VS Code, a local runtime or an exported notebook there is no Colab page that could "
         "answer: use "
         "login() or HF_TOKEN there.");
  return result;
}

}  // namespace hfauth::diagnose
