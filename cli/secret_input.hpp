// SPDX-License-Identifier: Apache-2.0
//
// Reading a secret that a person or a program gives: from a file, from standard input, or typed
// without echo. The bytes go from the system call straight into guarded memory.
#pragma once

#include "context.hpp"
#include "hfauth/core/secret.hpp"

#include <string>

namespace hfauth::cli {

inline constexpr std::size_t kSecretInputLimit = std::size_t{64}
                                                 << 10;  ///< no token is longer than 8 KiB

/// Everything up to the end of standard input. Errors: too_large, io.
[[nodiscard]] Result<Secret> read_secret_from_stdin();

/// The whole of a file, or of a pipe that a shell made: --token-file <(pass show hf). Waits for the
/// writer of a pipe. Errors: not_found, permission, too_large, io, invalid_input (a folder, a
/// device).
[[nodiscard]] Result<Secret> read_secret_from(const std::string& path);

/// One line from the terminal on standard input, not echoed, `question` printed on `context.err`.
/// The terminal is set back also if a signal ends the program. Errors: interrupted, io, usage
/// (standard input is no terminal).
[[nodiscard]] Result<Secret> ask_secret(Context& context, const std::string& question);

}  // namespace hfauth::cli
