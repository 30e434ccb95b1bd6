// SPDX-License-Identifier: Apache-2.0
//
// What the answers about gated repositories mean (M-052; the Hub's server, 2023 to 2026). Access
// belongs to a person and is asked for in a browser; nothing on this machine can grant it.
#include "hfauth/core/translate.hpp"
#include "messages.hpp"
#include "remedies.hpp"

#include <fmt/format.h>

namespace hfauth::diagnose {
namespace {

std::string page_of(const Sighting& sighting) {
  const std::string kind = sighting.repo_type == "dataset" ? "datasets/"
                           : sighting.repo_type == "space" ? "spaces/"
                                                           : "";
  return sighting.repo.empty() ? "https://huggingface.co/" + kind + "ORG/NAME"
                               : "https://huggingface.co/" + kind + sighting.repo;
}

std::string name_of_repo(const Sighting& sighting) {
  return sighting.repo.empty() ? tr("The repository") : sighting.repo;
}

FixStep which_account() {
  return {tr("which account does this machine use?"), "hfauth whoami", ""};
}

}  // namespace

Explanation gated_login_needed(const Sighting& sighting, const TextFacts& text) {
  Explanation result = begin_explanation("HFA401", "M-052", Impact::blocks, sighting);
  result.quote =
      "Access to model ... is restricted. You must have access to it and be authenticated to "
      "access it.";
  result.says = fmt::format(fmt::runtime(tr("{} is gated and the request carried no token.")),
                            name_of_repo(sighting));
  result.means = tr(
      "It cannot be read without a login. Public models such as microsoft/phi-4 are not affected.");
  result.finding.fixes = ways_to_set_a_token(text.runtime);
  result.finding.fixes.push_back(
      {FixSafety::manual,
       false,
       tr("once, in the browser, with the same account"),
       {{tr("accept the conditions on the repository's page"), "", page_of(sighting)}}});
  result.again =
      tr("After the login the answer may become \"not in the authorized list\": then access has "
         "not been asked "
         "for with this account.");
  return result;
}

Explanation gated_not_requested(const Sighting& sighting, const TextFacts& /*text*/) {
  Explanation result = begin_explanation("HFA402", "M-052", Impact::blocks, sighting);
  result.quote = "Access to model ... is restricted and you are not in the authorized list.";
  result.says = fmt::format(
      fmt::runtime(tr("{} is gated. The token is good, but its account has no access.")),
      name_of_repo(sighting));
  result.means =
      tr("This repository stays closed until access is granted. A new token of the same account "
         "changes nothing; "
         "everything else works.");
  result.finding.fixes = {
      {FixSafety::manual,
       false,
       "",
       {which_account(),
        {tr("open the page with that account and accept its conditions"), "", page_of(sighting)}}}};
  result.again =
      tr("A fine-grained token also needs \"Read access to contents of all public gated repos you "
         "can access\".");
  return result;
}

Explanation gated_waiting(const Sighting& sighting, const TextFacts& /*text*/) {
  Explanation result = begin_explanation("HFA404", "M-052", Impact::blocks, sighting);
  const bool pending = sighting.message == Message::gated_pending;
  result.quote =
      pending ? "Your request to access model ... is awaiting a review from the repo authors."
      : sighting.was_reset
          ? "Your request to access model ... has been reset by the repo's authors."
          : "Your request to access model ... has been rejected by the repo's authors.";
  result.says =
      pending ? tr("Access was asked for, and the repository's authors have not answered yet.")
      : sighting.was_reset
          ? tr("The repository's authors reset the request, so that it must be made again.")
          : tr("The repository's authors refused the request.");
  result.means =
      tr("Nothing on this machine is wrong, and nothing on it can help. Other repositories work.");
  result.finding.fixes = {
      {FixSafety::manual,
       false,
       "",
       {{pending              ? tr("wait; the page shows the state of the request")
         : sighting.was_reset ? tr("submit a new request on the repository's page")
                              : tr("ask the authors; the page names them"),
         "", page_of(sighting)}}}};
  return result;
}

Explanation gated_unclear(const Sighting& sighting, const TextFacts& text) {
  // Without the server's line behind it, 401 means no or a bad token, 403 a missing grant.
  Explanation result = sighting.status == "403" ? gated_not_requested(sighting, text)
                                                : gated_login_needed(sighting, text);
  result.quote = "Cannot access gated repo for url ...";
  result.finding.confidence = sighting.status.empty() ? Confidence::possible : Confidence::likely;
  result.says = fmt::format(
      fmt::runtime(tr("{} is gated and was not handed out. The text does not say why.")),
      name_of_repo(sighting));
  return result;
}

}  // namespace hfauth::diagnose
