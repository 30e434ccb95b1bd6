// SPDX-License-Identifier: Apache-2.0
//
// The checks that the doctor runs, in the order in which their findings are to be fixed: first what
// keeps the client from its sources, then the value, then what the Hub says of it, then what is
// only good to know.
#include "check.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kChecks{
    Check{"HFA508", find_endpoint_malformed, nullptr},
    Check{"HFA112", find_oidc_forced, without_oidc},
    Check{"HFA106", find_empty_path_variable, without_empty_paths},
    Check{"HFA107", find_path_not_expanded, with_paths_expanded},
    Check{"HFA109", find_token_file_missing, without_token_path},
    Check{"HFA801", find_token_file_unreadable, nullptr},
    Check{"HFA802", find_token_path_not_a_file, nullptr},
    Check{"HFA104", find_blank_env, without_hf_token},
    Check{"HFA203", find_quotes, with_value_repaired},
    Check{"HFA204", find_prefix, with_value_repaired},
    Check{"HFA202", find_invisible_characters, with_value_repaired},
    Check{"HFA205", find_placeholder, with_value_repaired},
    Check{"HFA101", find_env_shadows_login, without_env_tokens, true},
    Check{"HFA105", find_implicit_token_disabled, without_disable_implicit},
    Check{"HFA301", find_token_rejected, nullptr},
    Check{"HFA303", find_login_not_renewed, nullptr},
    Check{"HFA201", find_trailing_newline, with_value_repaired},
    Check{"HFA503", find_hub_unreachable, nullptr},
    Check{"HFA701", find_colab_secret_missing, with_colab_secret},
    Check{"HFA117", find_agent_locked, nullptr},
    Check{"HFA118", find_no_default, nullptr},
    Check{"HFA116", find_agent_not_exported, nullptr},
    Check{"HFA110", find_no_token, nullptr},
    Check{"HFA103", find_legacy_env_name, nullptr},
    Check{"HFA501", find_offline_mode, nullptr},
};

}  // namespace

std::span<const Check> checks() noexcept {
  return kChecks;
}

}  // namespace hfauth::diagnose
