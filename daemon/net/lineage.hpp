// SPDX-License-Identifier: Apache-2.0
//
// Whether one OAuth token can be what another was refreshed into: told from what stands in them,
// without sending either to anybody. Pure.
#pragma once

#include "hfauth/core/secret.hpp"

namespace hfauth::net {

enum class Lineage {
  later,    ///< issued by the same Hub to the same account and application, not before the other
  other,    ///< not so
  unknown,  ///< at least one of them tells nothing (no JWT)
};

/// Compares the claims iss, sub, aud and iat of two tokens "hf_oauth_" + JWT (facts/hub-auth.md
/// §4.1). The signatures are not checked: both come from places that only the user can write.
[[nodiscard]] Lineage lineage_of(const Secret& candidate, const Secret& token);

}  // namespace hfauth::net
