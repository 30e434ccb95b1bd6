// SPDX-License-Identifier: Apache-2.0
//
// What a check is: a pure function from facts to a finding, and, where there is one, the world
// without its condition. A new check is one function in the file of its group, one row in
// table.cpp, one row in ../catalogue.cpp, and one test table in tests/diagnose.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/finding.hpp"
#include "hfauth/diagnose/python_answer.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// What every check is given. The answer is that of the client that the facts are asked about:
/// huggingface_hub, unless --for names another one.
struct View {
  const Facts& facts;
  const PythonAnswer& python;

  /// The value that the client sends, with all that is known of it; nullptr if it sends none.
  [[nodiscard]] const TokenValue* effective() const { return value_at(facts, python.where); }

  [[nodiscard]] bool python_has_token() const { return python.has_token(); }
};

struct Check {
  std::string_view id;
  std::optional<Finding> (*find)(const View& view);
  /// The facts as they would be without the condition, for the replay; nullptr if the condition
  /// cannot be thought away.
  std::optional<Facts> (*without)(const View& view);
  /// True if `without` takes a whole value away: what is wrong with that value is then gone too,
  /// but not cured by it.
  bool drops_the_value = false;
  /// Only findings whose id begins so can be its symptoms; "" for any.
  std::string_view explains{};
};

/// All checks, in the order in which roots are to be fixed.
[[nodiscard]] std::span<const Check> checks() noexcept;

// sources.cpp
[[nodiscard]] std::optional<Finding> find_env_shadows_login(const View& view);
[[nodiscard]] std::optional<Facts> without_env_tokens(const View& view);
[[nodiscard]] std::optional<Finding> find_legacy_env_name(const View& view);
[[nodiscard]] std::optional<Finding> find_blank_env(const View& view);
[[nodiscard]] std::optional<Facts> without_hf_token(const View& view);
[[nodiscard]] std::optional<Finding> find_implicit_token_disabled(const View& view);
[[nodiscard]] std::optional<Facts> without_disable_implicit(const View& view);
[[nodiscard]] std::optional<Finding> find_oidc_forced(const View& view);
[[nodiscard]] std::optional<Facts> without_oidc(const View& view);
[[nodiscard]] std::optional<Finding> find_no_token(const View& view);
[[nodiscard]] std::optional<Facts> with_assumed_token(const View& view);
[[nodiscard]] std::optional<Finding> find_no_default(const View& view);
[[nodiscard]] std::optional<Finding> find_agent_not_exported(const View& view);
[[nodiscard]] std::optional<Facts> with_agent_token(const View& view);
[[nodiscard]] std::optional<Finding> find_agent_locked(const View& view);
[[nodiscard]] std::optional<Finding> find_login_not_renewed(const View& view);

// paths.cpp
[[nodiscard]] std::optional<Finding> find_empty_path_variable(const View& view);
[[nodiscard]] std::optional<Facts> without_empty_paths(const View& view);
[[nodiscard]] std::optional<Finding> find_path_not_expanded(const View& view);
[[nodiscard]] std::optional<Facts> with_paths_expanded(const View& view);
[[nodiscard]] std::optional<Finding> find_token_file_missing(const View& view);
[[nodiscard]] std::optional<Facts> without_token_path(const View& view);

[[nodiscard]] std::optional<Finding> find_token_file_unreadable(const View& view);
[[nodiscard]] std::optional<Finding> find_token_path_not_a_file(const View& view);

// value.cpp
[[nodiscard]] std::optional<Finding> find_trailing_newline(const View& view);
[[nodiscard]] std::optional<Finding> find_invisible_characters(const View& view);
[[nodiscard]] std::optional<Finding> find_quotes(const View& view);
[[nodiscard]] std::optional<Finding> find_prefix(const View& view);
[[nodiscard]] std::optional<Finding> find_placeholder(const View& view);
[[nodiscard]] std::optional<Finding> find_other_vendor(const View& view);
[[nodiscard]] std::optional<Finding> find_org_token(const View& view);
[[nodiscard]] std::optional<Finding> find_wrong_shape(const View& view);
[[nodiscard]] std::optional<Facts> with_value_repaired(const View& view);
[[nodiscard]] std::optional<Facts> with_another_token(const View& view);

// hub.cpp
[[nodiscard]] std::optional<Finding> find_token_rejected(const View& view);
[[nodiscard]] std::optional<Finding> find_offline_mode(const View& view);
[[nodiscard]] std::optional<Finding> find_hub_unreachable(const View& view);
[[nodiscard]] std::optional<Finding> find_endpoint_malformed(const View& view);

// hosted.cpp
[[nodiscard]] std::optional<Finding> find_colab_secret_missing(const View& view);
[[nodiscard]] std::optional<Finding> find_colab_no_access(const View& view);
[[nodiscard]] std::optional<Finding> find_colab_timeout(const View& view);
[[nodiscard]] std::optional<Finding> find_colab_vault_cached(const View& view);
[[nodiscard]] std::optional<Finding> find_colab_precedence(const View& view);
[[nodiscard]] std::optional<Finding> find_commands_without_vault(const View& view);
[[nodiscard]] std::optional<Finding> find_kaggle_secret(const View& view);
[[nodiscard]] std::optional<Finding> find_kaggle_offline(const View& view);
[[nodiscard]] std::optional<Finding> find_space_secret(const View& view);
[[nodiscard]] std::optional<Finding> find_ci_secret_empty(const View& view);
[[nodiscard]] std::optional<Finding> find_oidc_permission(const View& view);
[[nodiscard]] std::optional<Facts> with_colab_secret(const View& view);
[[nodiscard]] std::optional<Facts> with_vault_asked(const View& view);

// access.cpp
[[nodiscard]] std::optional<Finding> find_repo_needs_auth(const View& view);
[[nodiscard]] std::optional<Finding> find_gated_not_requested(const View& view);
[[nodiscard]] std::optional<Finding> find_fine_grained_no_gated(const View& view);
[[nodiscard]] std::optional<Finding> find_gated_pending(const View& view);
[[nodiscard]] std::optional<Finding> find_rate_limited(const View& view);
[[nodiscard]] std::optional<Finding> find_access_via_other_token(const View& view);
[[nodiscard]] std::optional<Finding> find_repo_not_found(const View& view);
[[nodiscard]] std::optional<Finding> find_role_too_low(const View& view);
[[nodiscard]] std::optional<Finding> find_write_forbidden(const View& view);
[[nodiscard]] std::optional<Finding> find_org_token_policy(const View& view);
[[nodiscard]] std::optional<Finding> find_org_rule(const View& view);
[[nodiscard]] std::optional<Finding> find_repo_disabled(const View& view);

// network.cpp
[[nodiscard]] std::optional<Finding> find_offline_value_not_recognised(const View& view);
[[nodiscard]] std::optional<Finding> find_proxy_misconfigured(const View& view);
[[nodiscard]] std::optional<Finding> find_tls_intercepted(const View& view);
[[nodiscard]] std::optional<Finding> find_ca_variable_ignored(const View& view);
[[nodiscard]] std::optional<Finding> find_endpoint_not_hf(const View& view);
[[nodiscard]] std::optional<Finding> find_clock_skew(const View& view);
[[nodiscard]] std::optional<Finding> find_html_response(const View& view);
[[nodiscard]] std::optional<Finding> find_file_host_blocked(const View& view);
[[nodiscard]] std::optional<Finding> find_timeout_invalid(const View& view);
[[nodiscard]] std::optional<Facts> without_unreached(const View& view);
[[nodiscard]] std::optional<Facts> with_authority_read(const View& view);

// processes.cpp
[[nodiscard]] std::optional<Finding> find_session_behind(const View& view);
[[nodiscard]] std::optional<Finding> find_editor_behind(const View& view);
[[nodiscard]] std::optional<Finding> find_different_sessions(const View& view);
[[nodiscard]] std::optional<Finding> find_sudo_home(const View& view);
[[nodiscard]] std::optional<Finding> find_container_without_token(const View& view);
[[nodiscard]] std::optional<Facts> without_sessions(const View& view);
[[nodiscard]] std::optional<Facts> with_sudo_users_home(const View& view);

// storage.cpp
[[nodiscard]] std::optional<Finding> find_netrc_overrides(const View& view);
[[nodiscard]] std::optional<Finding> find_stored_tokens_corrupt(const View& view);
[[nodiscard]] std::optional<Finding> find_permissions_too_open(const View& view);
[[nodiscard]] std::optional<Finding> find_git_helper_stale(const View& view);
[[nodiscard]] std::optional<Finding> find_git_helper_missing(const View& view);
[[nodiscard]] std::optional<Finding> find_keyring_unavailable(const View& view);
[[nodiscard]] std::optional<Finding> find_agent_and_file_differ(const View& view);
[[nodiscard]] std::optional<Finding> find_credential_in_remote(const View& view);
[[nodiscard]] std::optional<Finding> find_cache_not_writable(const View& view);
[[nodiscard]] std::optional<Finding> find_lock_held(const View& view);
[[nodiscard]] std::optional<Facts> without_netrc(const View& view);

// identity.cpp
[[nodiscard]] std::optional<Finding> find_token_ignored(const View& view);
[[nodiscard]] std::optional<Finding> find_login_ran_out(const View& view);
[[nodiscard]] std::optional<Finding> find_token_expiring(const View& view);
[[nodiscard]] std::optional<Finding> find_wrong_account(const View& view);
[[nodiscard]] std::optional<Finding> find_unknown_version(const View& view);
[[nodiscard]] std::optional<Finding> find_same_token_everywhere(const View& view);

// script.cpp
[[nodiscard]] std::optional<Finding> find_token_in_call(const View& view);
[[nodiscard]] std::optional<Finding> find_token_false(const View& view);
[[nodiscard]] std::optional<Facts> without_scripts(const View& view);
[[nodiscard]] std::optional<Finding> find_old_argument(const View& view);
[[nodiscard]] std::optional<Finding> find_variable_set_late(const View& view);
[[nodiscard]] std::optional<Finding> find_token_in_notebook(const View& view);
[[nodiscard]] std::optional<Finding> find_token_in_script(const View& view);

// context.cpp
[[nodiscard]] std::optional<Finding> find_context_differs(const View& view);
[[nodiscard]] std::optional<Facts> with_shell_token(const View& view);

// asked_client.cpp
[[nodiscard]] std::optional<Finding> find_client_reads_nothing(const View& view);

// account.cpp
[[nodiscard]] std::optional<Finding> find_overprivileged(const View& view);
[[nodiscard]] std::optional<Finding> find_account_matter(const View& view);
[[nodiscard]] std::optional<Finding> find_verdict_outdated(const View& view);
[[nodiscard]] std::optional<Finding> find_inference_refused(const View& view);

// programs.cpp
[[nodiscard]] std::optional<Finding> find_service_without_variables(const View& view);
[[nodiscard]] std::optional<Finding> find_different_interpreters(const View& view);

// own.cpp
[[nodiscard]] std::optional<Finding> find_check_incomplete(const View& view);
[[nodiscard]] std::optional<Finding> find_check_crashed(const View& view);

// exposure.cpp
[[nodiscard]] std::optional<Finding> find_dotenv_not_loaded(const View& view);
[[nodiscard]] std::optional<Finding> find_token_in_history(const View& view);
[[nodiscard]] std::optional<Finding> find_env_file_open(const View& view);
[[nodiscard]] std::optional<Finding> find_notebook_of_folder(const View& view);
[[nodiscard]] std::optional<Finding> find_token_in_git(const View& view);
[[nodiscard]] std::optional<Finding> find_token_in_dotfile(const View& view);
[[nodiscard]] std::optional<Finding> find_token_in_arguments(const View& view);

// other_names.cpp
[[nodiscard]] std::optional<Finding> find_several_variables(const View& view);
[[nodiscard]] std::optional<Finding> find_token_in_other_home(const View& view);
[[nodiscard]] std::optional<Finding> find_active_not_stored(const View& view);
[[nodiscard]] std::optional<Finding> find_wrong_variable_name(const View& view);
[[nodiscard]] std::optional<Finding> find_staging(const View& view);
[[nodiscard]] std::optional<Facts> with_other_file_read(const View& view);
[[nodiscard]] std::optional<Facts> with_variable_renamed(const View& view);

// evidence.cpp: shared wordings
/// "unset NAME" in the syntax of the user's shell.
[[nodiscard]] std::string unset_command(const Facts& facts, std::string_view names);
/// A path with "~" for the home folder.
[[nodiscard]] std::string shown(const Facts& facts, std::string_view path);
/// "HF_TOKEN hf_****abcd (3f9a12cd): the Hub says valid, alice (read)".
[[nodiscard]] std::string describe_token(const Facts& facts, const TokenValue& value);
/// ": the Hub says ...", "" if it was not asked.
[[nodiscard]] std::string describe_verdict(const Facts& facts, std::string_view sent);
/// A printed message that speaks of the check; nullptr if there is none.
[[nodiscard]] const SaidMessage* said(const Facts& facts, std::string_view check);
[[nodiscard]] Evidence quoted(const SaidMessage& message);
[[nodiscard]] Evidence value_evidence(const Facts& facts, const TokenValue& value);
[[nodiscard]] EvidenceKind kind_of(ValueSource source) noexcept;
/// Why the resolver did or did not take a source, in the chosen language.
[[nodiscard]] std::string translated_reason(const std::string& reason);
/// A fix of one command, unverified.
[[nodiscard]] Fix command_fix(FixSafety safety, std::string command, std::string title = "");
/// The same, and the check's `without` is the world after it: the one fix that may become verified.
[[nodiscard]] Fix replayed_fix(FixSafety safety, std::string command, std::string title = "");
/// What gives this shell the agent's token, in its syntax: eval "$(hfauth env)"; with a name, that
/// profile's.
[[nodiscard]] std::string env_command(const Facts& facts, std::string_view profile = "");
/// Fixes for a token that is no good where it stands: another one from the agent, in this shell;
/// and the bad one out of the way. The view has an effective value. (hub.cpp)
void add_another_token(const View& view, Finding& finding);
/// "agent, profile work: hf_****abcd (3f9a12cd)".
[[nodiscard]] std::string profile_text(const AgentProfile& profile);
/// Steps that name the lines of start-up files which set one of `names`.
[[nodiscard]] std::vector<FixStep> lines_that_set(const Facts& facts, std::string_view name);
/// Adds the lines of start-up files that set the variables of the finding's proofs, unless it names
/// them already.
void add_setting_lines(const Facts& facts, Finding& finding);
/// A program of that name is on PATH: "hfrs".
[[nodiscard]] bool has_program(const Facts& facts, std::string_view name);
[[nodiscard]] bool is_bad(const Facts& facts,
                          std::string_view sent);  ///< the Hub says invalid or expired
[[nodiscard]] bool is_valid(const Facts& facts, std::string_view sent);  ///< the Hub says valid

}  // namespace hfauth::diagnose
