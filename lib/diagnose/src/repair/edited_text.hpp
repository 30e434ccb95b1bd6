// SPDX-License-Identifier: Apache-2.0
//
// The new content of a file, from the old one. Pure.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <string_view>

namespace hfauth::diagnose {

/// Line `number` behind "# `note`: ". Where the line is indented, so that it may be the only
/// command of a block, ": # " keeps the block valid. Errors: conflict (the line does not set
/// `variable` any more, or is part of a longer command).
[[nodiscard]] Result<Secret> with_line_commented(std::string_view text, int number,
                                                 std::string_view variable, std::string_view note);

/// Line `number` with `variable` under the name HF_TOKEN. Errors: as above.
[[nodiscard]] Result<Secret> with_variable_renamed(std::string_view text, int number,
                                                   std::string_view variable);

/// Line `number` with another value for `variable`. Errors: as above; conflict too for a value that
/// cannot be quoted the same way in every shell.
[[nodiscard]] Result<Secret> with_value_written(std::string_view text, int number,
                                                std::string_view variable, std::string_view value);

/// Line `number` once more behind itself, the copy setting `other` instead of `variable`. Errors:
/// as above.
[[nodiscard]] Result<Secret> with_line_copied(std::string_view text, int number,
                                              std::string_view variable, std::string_view other);

/// `line` as the last line.
[[nodiscard]] Secret with_line_appended(std::string_view text, std::string_view line);

/// The token alone, without what invisible and other marks stood around it. Errors: invalid_input,
/// conflict (there is nothing to change).
[[nodiscard]] Result<Secret> with_token_alone(std::string_view text);

}  // namespace hfauth::diagnose
