// SPDX-License-Identifier: Apache-2.0
//
// The checks that the doctor runs, in the order in which their findings are to be fixed. The order
// decides too where two findings vanish without each other: the first is the cause.
#include "check.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kChecks{
    // What keeps every request from the Hub.
    Check{"HFA508", find_endpoint_malformed, nullptr},
    Check{"HFA512", find_timeout_invalid, nullptr},
    Check{"HFA708", find_kaggle_offline, without_unreached},
    Check{"HFA504", find_proxy_misconfigured, without_unreached},
    Check{"HFA511", find_html_response, without_unreached},
    Check{"HFA509", find_clock_skew, nullptr},
    Check{"HFA506", find_ca_variable_ignored, with_authority_read},
    Check{"HFA505", find_tls_intercepted, without_unreached},
    Check{"HFA507", find_endpoint_not_hf, nullptr},
    Check{"HFA115", find_staging, nullptr},
    // What keeps the client from its sources.
    Check{"HFA711", find_oidc_permission, without_oidc},
    Check{"HFA112", find_oidc_forced, without_oidc},
    Check{"HFA106", find_empty_path_variable, without_empty_paths},
    Check{"HFA107", find_path_not_expanded, with_paths_expanded},
    Check{"HFA109", find_token_file_missing, without_token_path},
    Check{"HFA603", find_sudo_home, with_sudo_users_home},
    Check{"HFA801", find_token_file_unreadable, nullptr},
    Check{"HFA802", find_token_path_not_a_file, nullptr},
    Check{"HFA104", find_blank_env, without_hf_token},
    Check{"HFA710", find_ci_secret_empty, with_assumed_token},
    Check{"HFA114", find_wrong_variable_name, with_variable_renamed},
    Check{"HFA113", find_dotenv_not_loaded, with_assumed_token, false, "HFA110"},
    // The value.
    Check{"HFA203", find_quotes, with_value_repaired},
    Check{"HFA204", find_prefix, with_value_repaired},
    Check{"HFA202", find_invisible_characters, with_value_repaired},
    Check{"HFA205", find_placeholder, with_value_repaired},
    Check{"HFA208", find_other_vendor, with_value_repaired},
    Check{"HFA206", find_org_token, with_another_token},
    Check{"HFA207", find_wrong_shape, with_another_token},
    // Which token, and whose.
    Check{"HFA101", find_env_shadows_login, without_env_tokens, true},
    Check{"HFA803", find_netrc_overrides, without_netrc},
    Check{"HFA105", find_implicit_token_disabled, without_disable_implicit},
    Check{"HFA304", find_login_ran_out, with_assumed_token},
    Check{"HFA301", find_token_rejected, nullptr},
    Check{"HFA302", find_token_ignored, nullptr},
    Check{"HFA303", find_login_not_renewed, nullptr},
    Check{"HFA306", find_wrong_account, nullptr},
    Check{"HFA601", find_session_behind, without_sessions},
    Check{"HFA608", find_editor_behind, without_sessions},
    Check{"HFA605", find_token_in_call, without_scripts},
    Check{"HFA606", find_token_false, without_scripts},
    Check{"HFA611", find_old_argument, nullptr},
    Check{"HFA612", find_variable_set_late, nullptr},
    Check{"HFA602", find_context_differs, with_shell_token, false, "HFA1"},
    Check{"HFA108", find_token_in_other_home, with_other_file_read},
    // Hosted places and containers on which nobody is logged in.
    Check{"HFA704", find_colab_vault_cached, with_colab_secret},
    Check{"HFA702", find_colab_no_access, with_colab_secret},
    Check{"HFA703", find_colab_timeout, with_colab_secret},
    Check{"HFA706", find_commands_without_vault, with_colab_secret},
    Check{"HFA701", find_colab_secret_missing, with_colab_secret},
    Check{"HFA705", find_colab_precedence, with_vault_asked, false, "HFA301"},
    Check{"HFA707", find_kaggle_secret, with_assumed_token},
    Check{"HFA709", find_space_secret, with_assumed_token},
    Check{"HFA604", find_container_without_token, with_assumed_token},
    // What may be done with the targets.
    Check{"HFA307", find_role_too_low, nullptr},
    Check{"HFA403", find_fine_grained_no_gated, nullptr},
    Check{"HFA402", find_gated_not_requested, nullptr},
    Check{"HFA404", find_gated_pending, nullptr},
    Check{"HFA409", find_org_token_policy, nullptr},
    Check{"HFA411", find_repo_disabled, nullptr},
    Check{"HFA410", find_org_rule, nullptr},
    Check{"HFA408", find_write_forbidden, nullptr},
    Check{"HFA407", find_repo_not_found, nullptr},
    Check{"HFA309", find_account_matter, nullptr},
    Check{"HFA412", find_inference_refused, nullptr},
    Check{"HFA510", find_file_host_blocked, nullptr},
    Check{"HFA405", find_rate_limited, nullptr},
    Check{"HFA406", find_access_via_other_token, nullptr},
    // What works, and not everywhere.
    Check{"HFA201", find_trailing_newline, with_value_repaired},
    Check{"HFA102", find_several_variables, nullptr},
    Check{"HFA806", find_git_helper_stale, nullptr},
    Check{"HFA810", find_credential_in_remote, nullptr},
    Check{"HFA811", find_cache_not_writable, nullptr},
    Check{"HFA804", find_stored_tokens_corrupt, nullptr},
    Check{"HFA805", find_permissions_too_open, nullptr},
    Check{"HFA903", find_token_in_git, nullptr},
    Check{"HFA905", find_token_in_arguments, nullptr},
    Check{"HFA901", find_token_in_history, nullptr},
    Check{"HFA906", find_env_file_open, nullptr},
    Check{"HFA902", find_token_in_notebook, nullptr},
    Check{"HFA907", find_token_in_script, nullptr},
    Check{"HFA809", find_agent_and_file_differ, nullptr},
    Check{"HFA503", find_hub_unreachable, nullptr},
    // Not being logged in, and what is only good to know.
    Check{"HFA117", find_agent_locked, nullptr},
    Check{"HFA118", find_no_default, nullptr},
    Check{"HFA116", find_agent_not_exported, with_agent_token, false, "HFA4"},
    Check{"HFA610", find_client_reads_nothing, nullptr},
    Check{"HFA110", find_no_token, with_assumed_token, false, "HFA4"},
    Check{"HFA401", find_repo_needs_auth, nullptr},
    Check{"HFA103", find_legacy_env_name, nullptr},
    Check{"HFA501", find_offline_mode, nullptr},
    Check{"HFA502", find_offline_value_not_recognised, nullptr},
    Check{"HFA305", find_token_expiring, nullptr},
    Check{"HFA003", find_unknown_version, nullptr},
    Check{"HFA209", find_same_token_everywhere, nullptr},
    Check{"HFA111", find_active_not_stored, nullptr},
    Check{"HFA609", find_different_sessions, nullptr},
    Check{"HFA807", find_git_helper_missing, nullptr},
    Check{"HFA308", find_overprivileged, nullptr},
    Check{"HFA310", find_verdict_outdated, nullptr},
    Check{"HFA607", find_different_interpreters, nullptr},
    Check{"HFA808", find_keyring_unavailable, nullptr},
    Check{"HFA812", find_lock_held, nullptr},
    Check{"HFA904", find_token_in_dotfile, nullptr},
    // The doctor itself.
    Check{"HFA001", find_check_incomplete, nullptr},
    Check{"HFA002", find_check_crashed, nullptr},
};

}  // namespace

std::span<const Check> checks() noexcept {
  return kChecks;
}

}  // namespace hfauth::diagnose
