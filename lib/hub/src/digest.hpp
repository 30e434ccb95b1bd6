// SPDX-License-Identifier: Apache-2.0
//
// SHA-1 and SHA-256 by libcrypto, inside the network module: what the Hub's etags are made of. They
// show that a transfer is whole; SHA-1 is git's choice and no protection against an attacker (TLS
// is).
#pragma once

#include "module_interface.hpp"

namespace hfauth::hub {

[[nodiscard]] Digest* make_openssl_digest(DigestKind kind) noexcept;

}  // namespace hfauth::hub
