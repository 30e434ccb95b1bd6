// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA4xx: what may be done with a repository, and limits. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{"HFA401", "repo-needs-auth", Severity::error,
              tr_later("The repository needs a token and none was sent"),
              tr_later("It is gated or private, and the request was anonymous."),
              tr_later("the Hub's own words, or an answer that differs with and without a token"),
              tr_later("log in, and ask for access on the repository's page if it is gated")},
    CheckInfo{
        "HFA402", "gated-not-requested", Severity::error,
        tr_later("This account has not been granted access to the gated repository"),
        tr_later("Access is given to a person, never to an organisation, and can be asked for in a "
                 "browser alone."),
        tr_later("403 with the Hub's own words, and the account of the token"),
        tr_later("open the repository's page with the same account and accept its conditions")},
    CheckInfo{
        "HFA403", "fine-grained-no-gated", Severity::error,
        tr_later("This fine-grained token may not read gated repositories"),
        tr_later("The account may have access; the box for public gated repositories is off for "
                 "this token, as it is by default."),
        tr_later("403 for this token, its role, and another token of the same account that may"),
        tr_later("edit the token: tick the read access to public gated repositories")},
    CheckInfo{"HFA404", "gated-pending", Severity::error,
              tr_later("The request for access is not granted (yet)"),
              tr_later("The repository's authors have not answered, have refused, or have "
                       "withdrawn their answer."),
              tr_later("the Hub's own words"),
              tr_later("wait, or ask again in the browser if the request was reset")},
    CheckInfo{"HFA405", "rate-limited", Severity::warning,
              tr_later("The Hub limits requests from here"),
              tr_later("Anonymous requests are counted for the whole address, which many may "
                       "share; those with a token for its account, and more of them are allowed."),
              tr_later("status 429 and the seconds that the Hub names"),
              tr_later("wait, or send a token")},
    CheckInfo{"HFA406", "access-via-other-token", Severity::warning,
              tr_later("Another token that is stored here may open the repository"),
              tr_later("The one in use belongs to another account, or has narrower rights."),
              tr_later("the Hub's answer to each of the two tokens"),
              tr_later("use the other one for this work")},
    CheckInfo{"HFA407", "repo-not-found", Severity::error,
              tr_later("The repository does not exist, or is hidden from this token"),
              tr_later("The Hub answers the same for a name with a typing mistake, for a private "
                       "repository, and for a bad "
                       "token."),
              tr_later("the answer of whoami tells the three apart"),
              tr_later("check the name and its type, then the token with hfauth doctor")},
    CheckInfo{"HFA408", "write-forbidden", Severity::error,
              tr_later("This token may not write to the repository"),
              tr_later("Its role, or the account's role in the organisation that owns the "
                       "repository, is too low."),
              tr_later("the Hub's refusal and the token's role"),
              tr_later("use a token that may write, or ask the owner for the right")},
    CheckInfo{
        "HFA409", "org-token-policy", Severity::error,
        tr_later("The organisation does not accept this kind of token"),
        tr_later("It lets in approved or fine-grained tokens alone, or has withdrawn this one."),
        tr_later("the Hub's own words"),
        tr_later("create a token as the organisation wants it, and have it approved")},
    CheckInfo{"HFA410", "resource-group-or-ip", Severity::error,
              tr_later("A rule of the organisation keeps this request out"),
              tr_later("Access is bound to networks or to groups of repositories."),
              tr_later("the Hub's own words"),
              tr_later("ask an administrator of the organisation")},
    CheckInfo{"HFA411", "repo-disabled", Severity::error,
              tr_later("The repository is switched off"),
              tr_later("Its owner or the Hub has closed it. No token changes that."),
              tr_later("the Hub's own words"), tr_later("nothing to be done from here")},
    CheckInfo{
        "HFA412", "inference-scope", Severity::error,
        tr_later("The token may not be used for inference"),
        tr_later("A fine-grained token needs that right by name, and the account needs credit."),
        tr_later("the refusal of the inference router"),
        tr_later("create a token with the right to call inference providers")},
};

}  // namespace

std::span<const CheckInfo> access_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
