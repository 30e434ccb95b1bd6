// SPDX-License-Identifier: Apache-2.0
//
// Where the Hub's clients look for their files, by the rules of huggingface_hub 1.29 constants.py,
// mistakes included: a variable set to nothing gives a relative path, quotes and unset $VARs stay
// literal.
#pragma once

#include "hfauth/core/environment.hpp"

#include <filesystem>
#include <string>

namespace hfauth::token {

struct HubPaths {
  std::filesystem::path hf_home;
  std::filesystem::path token;          ///< HF_TOKEN_PATH, else hf_home/token
  std::filesystem::path stored_tokens;  ///< beside `token`
  std::filesystem::path hub_cache;      ///< HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, else hf_home/hub
  std::filesystem::path default_token;  ///< hf_home/token, whatever HF_TOKEN_PATH says
  std::filesystem::path old_token;      ///< ~/.huggingface/token (before 0.12)

  /// `home` stands for "~" and is used where no variable is set. Relative results stay relative.
  /// Touches no file.
  [[nodiscard]] static HubPaths from(const Environment& environment,
                                     const std::filesystem::path& home);
};

/// os.path.expanduser and os.path.expandvars of Python 3: "~" at the start, $NAME and ${NAME}; what
/// is not set stays.
[[nodiscard]] std::string expand_like_python(std::string_view text, const Environment& environment,
                                             const std::filesystem::path& home);

}  // namespace hfauth::token
