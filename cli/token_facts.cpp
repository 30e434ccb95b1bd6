// SPDX-License-Identifier: Apache-2.0
//
// Field by field.
#include "token_facts.hpp"

namespace hfauth::cli {

token::TokenFacts facts_from(const token::ProfileName& profile, const token::Endpoint& endpoint,
                             const hub::Whoami& whoami) {
  return {.profile = profile,
          .endpoint = endpoint,
          .kind = whoami.kind,
          .user = whoami.user,
          .role = whoami.role,
          .display_name = whoami.display_name,
          .scopes = whoami.scopes,
          .orgs = whoami.orgs,
          .created = whoami.created,
          .expires = whoami.expires};
}

}  // namespace hfauth::cli
