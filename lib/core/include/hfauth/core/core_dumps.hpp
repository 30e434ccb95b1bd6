// SPDX-License-Identifier: Apache-2.0
//
// No core file of a program that handles tokens, without a change for the programs it becomes or
// starts for the user. The limit is respected by the kernel and by systemd-coredump (core(5),
// coredump.conf(5)); hfauthd and hfauth-net, which start nothing for the user, are undumpable
// besides. For one thread.
#pragma once

namespace hfauth {

/// Sets the soft limit of core files to 0 and remembers what it was.
void forbid_core_dumps() noexcept;

/// Gives the former limit back, for exec: async-signal-safe. Nothing happens without
/// forbid_core_dumps().
void allow_core_dumps_again() noexcept;

}  // namespace hfauth
