// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA3xx: whose token it is, and whether it is good. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{
        "HFA301", "token-rejected", Severity::error,
        tr_later("The Hub says that this token is invalid"),
        tr_later("It was revoked, replaced or deleted, or belongs to another Hub. A token that is "
                 "wrong is worse "
                 "than none: public models may fail too."),
        tr_later(
            "whoami answers 401 with the Hub's own request id while an anonymous request works"),
        tr_later("log in again with a new token, or remove the bad one where it is set")},
    CheckInfo{"HFA302", "token-silently-ignored", Severity::warning,
              tr_later("Requests succeed, but the Hub ignored the token"),
              tr_later("The token that was sent is invalid. The Hub treated the request as "
                       "anonymous instead of refusing "
                       "it, so a download that works proves nothing."),
              tr_later("the Hub's warning, in the header X-HF-Warning or as printed by the client"),
              tr_later("find the bad token with hfauth doctor and replace it")},
    CheckInfo{
        "HFA303", "oauth-refresh-failed", Severity::warning,
        tr_later("A browser login can no longer be renewed"),
        tr_later("Its session was ended in the Hub's settings, or was not used for too long. "
                 "The token works until its end, and no longer."),
        tr_later("the Hub refused the refresh token (invalid_grant), which the agent remembers"),
        tr_later("log in again: hfauth login")},
    CheckInfo{"HFA304", "oauth-token-stale-for-client", Severity::error,
              tr_later("A browser login ran out, and this client cannot renew it"),
              tr_later("Only huggingface_hub from 1.20 on and hfauth renew such logins; older "
                       "Python, Rust programs, git and curl send the old token."),
              tr_later("when the token ended, and which client would send it"),
              tr_later("renew it: hfauth login, or a newer huggingface_hub")},
    CheckInfo{"HFA305", "token-expiring", Severity::info, tr_later("The token ends soon"),
              tr_later("It was made with an end, which is near."),
              tr_later("the end as the Hub told it"),
              tr_later("create the next one before this one ends")},
    CheckInfo{
        "HFA306", "wrong-account", Severity::warning,
        tr_later("The token belongs to another account than expected"),
        tr_later(
            "Tokens of several accounts are in use, and another one than meant was found first."),
        tr_later("both names: that of the Hub's answer, and the one that is expected here"),
        tr_later("hfauth switch NAME, or remove what comes first")},
    CheckInfo{"HFA307", "role-too-low-for-intent", Severity::warning,
              tr_later("The token may read, and something is to be written"),
              tr_later("Uploads, commits and new repositories need a token with write access."),
              tr_later("the role that the Hub told, and what was asked for"),
              tr_later("create a token that may write")},
    CheckInfo{"HFA308", "overprivileged", Severity::info,
              tr_later("The token may write where only reading happens"),
              tr_later("It would be worth more to a thief than it needs to be."),
              tr_later("the role, and where it is used"),
              tr_later("use a token that may only read")},
    CheckInfo{"HFA309", "email-or-billing", Severity::info,
              tr_later("The account itself has an open matter"),
              tr_later("An unconfirmed e-mail address or used-up credit makes some requests fail "
                       "whatever the token is."),
              tr_later("the account's own data, or a refusal that names it"),
              tr_later("look at the account's settings in a browser")},
    CheckInfo{"HFA310", "agent-cache-stale", Severity::info,
              tr_later("What is remembered of a token is older than the token"),
              tr_later("The verdict was kept before the token changed."), tr_later("both times"),
              tr_later("hfauth whoami asks again")},
};

}  // namespace

std::span<const CheckInfo> identity_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
