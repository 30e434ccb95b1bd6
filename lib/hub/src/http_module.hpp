// SPDX-License-Identifier: Apache-2.0
//
// Finds and loads the network module once a process and never unloads it. Thread-safe.
#pragma once

#include "hfauth/core/result.hpp"
#include "module_interface.hpp"

#include <memory>

namespace hfauth::hub {

/// The module's table; loads it on the first call. Errors: internal (missing, or of another build).
[[nodiscard]] Result<const NetworkModule*> network_module();

/// A fresh digest from the module. Errors: as network_module.
[[nodiscard]] Result<std::unique_ptr<Digest>> make_digest(DigestKind kind);

}  // namespace hfauth::hub
