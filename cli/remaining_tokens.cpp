// SPDX-License-Identifier: Apache-2.0
//
// Reads what plain_tokens.hpp finds. git's other helpers cannot be asked without being asked for a
// password (git_credential.hpp), so they are only named.
#include "remaining_tokens.hpp"

#include "git_credential.hpp"
#include "hfauth/core/mask.hpp"
#include "plain_tokens.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {

void tell_remaining_tokens(const Context& context, const token::Endpoint& endpoint,
                           const Secret* removed, std::ostream& out) {
  for (const PlainToken& found : find_plain_tokens(context, endpoint).tokens) {
    const bool is_same = removed != nullptr && found.token.equals(removed->expose());
    const std::string mask = mask_token(found.token.expose());
    if (found.place == PlainPlace::variable) {
      out << filled(is_same ? tr("The variable {0} still holds this token ({1}): unset {0}")
                            : tr("The variable {0} holds another token ({1}): unset {0}"),
                    found.where, mask)
          << '\n';
      continue;
    }
    out << filled(is_same ? tr("{0} still holds this token ({1}), in plain text.")
                          : tr("{0} holds another token ({1}), in plain text."),
                  show_place(found, context), mask)
        << '\n';
  }
}

void tell_git_may_remember(const Context& context, const token::Endpoint& endpoint,
                           std::ostream& out) {
  const Result<std::vector<std::string>> helpers = git_helpers_for(context, endpoint);
  const bool has_other =
      helpers && !std::all_of(helpers->begin(), helpers->end(), keeps_plain_text);
  if (has_other) {
    out << filled(tr("git's credential helper may hold a token too; this makes it forget: printf "
                     "'url={}\\n\\n' | git credential reject"),
                  endpoint.url())
        << '\n';
  }
}

}  // namespace hfauth::cli
