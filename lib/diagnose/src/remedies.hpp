// SPDX-License-Identifier: Apache-2.0
//
// Fixes that several checks and explanations share: how a token is set for good in each runtime
// (facts/hub-auth.md §6.1). Texts are in the chosen language.
#pragma once

#include "hfauth/diagnose/explain.hpp"

#include <vector>

namespace hfauth::diagnose {

inline constexpr std::string_view kNewTokenUrl =
    "https://huggingface.co/settings/tokens/new?preset=read-only";
inline constexpr std::string_view kLoginCell = "from huggingface_hub import login; login()";

/// login() in a cell: works at once, because the token file is read on every request.
[[nodiscard]] Fix login_in_a_cell();

/// The Colab secret with the exact name, its switch, and the restart with its reason.
[[nodiscard]] Fix colab_secret();

/// All the ways in this runtime, the best first.
[[nodiscard]] std::vector<Fix> ways_to_set_a_token(TextRuntime runtime);

}  // namespace hfauth::diagnose
