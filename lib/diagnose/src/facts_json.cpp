// SPDX-License-Identifier: Apache-2.0
//
// Facts as JSON: every field under its own name. A document of a newer format is refused, unknown
// fields are ignored, missing ones keep their defaults. Holds stand-ins where the machine has
// tokens, so it may be attached to a report.
#include "hfauth/core/mask.hpp"
#include "hfauth/diagnose/facts.hpp"

#include <nlohmann/json.hpp>

namespace hfauth::token {

NLOHMANN_JSON_SERIALIZE_ENUM(FileState::Kind, {{FileState::Kind::missing, "missing"},
                                               {FileState::Kind::readable, "readable"},
                                               {FileState::Kind::unreadable, "unreadable"},
                                               {FileState::Kind::not_a_file, "not_a_file"}})

}  // namespace hfauth::token

namespace hfauth {

void to_json(nlohmann::json& document, const Environment& environment) {
  document = environment.variables();
}

void from_json(const nlohmann::json& document, Environment& environment) {
  environment = Environment(document.get<Environment::Map>());
}

}  // namespace hfauth

namespace hfauth::hub {

NLOHMANN_JSON_SERIALIZE_ENUM(Access, {{Access::unknown, "unknown"},
                                      {Access::granted, "granted"},
                                      {Access::log_in, "log_in"},
                                      {Access::not_requested, "not_requested"},
                                      {Access::pending, "pending"},
                                      {Access::rejected, "rejected"},
                                      {Access::reset, "reset"},
                                      {Access::no_gated_scope, "no_gated_scope"},
                                      {Access::read_only, "read_only"},
                                      {Access::denied, "denied"},
                                      {Access::absent, "absent"},
                                      {Access::bad_token, "bad_token"}})

NLOHMANN_JSON_SERIALIZE_ENUM(Verdict, {{Verdict::unknown, "unknown"},
                                       {Verdict::valid, "valid"},
                                       {Verdict::invalid, "invalid"},
                                       {Verdict::expired, "expired"}})

}  // namespace hfauth::hub

namespace hfauth::diagnose {

NLOHMANN_JSON_SERIALIZE_ENUM(ValueSource, {{ValueSource::env, "env"},
                                           {ValueSource::file, "file"},
                                           {ValueSource::agent, "agent"}})

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ValueFault, name, note)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TokenValue, source, where, stand_in, sent, repaired,
                                                mask, fingerprint, length, sendable, faults)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TokenFile, path, kind, mode, size, stand_in)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SettingLine, path, line, variable)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RuntimeFacts, colab, colab_enterprise, kaggle,
                                                space, ci, container, jupyter, systemd, github,
                                                kubernetes, wsl, slurm, sagemaker, editor,
                                                below_kernel, shell)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ClientFacts, version, where)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(AskedClient, name, version)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(AgentProfile, name, endpoint, stand_in, mask,
                                                fingerprint, user, role, is_default, login_again,
                                                expires)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(AgentFacts, running, locked, store, store_state,
                                                profiles, lease_paths, runtime)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TokenVerdict, sent, verdict, user, role,
                                                display_name, expires, status, message, request_id,
                                                failure, can_read_gated, email_unverified,
                                                cannot_pay, scopes, orgs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RememberedVerdict, sent, verdict, asked, fresh)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(NetworkStep, name, milliseconds, failure)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(HubFacts, endpoint, endpoint_problem, asked,
                                                not_asked, reached, control_status, control_failure,
                                                control_not_hub, control_retry_after, clock_ahead,
                                                clock_known, client_failure, client_failure_step,
                                                client_authority, client_authority_set_by, issuer,
                                                verdicts, remembered, steps)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TargetAnswer, sent, access, status, message,
                                                request_id, failure)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(FileHostFacts, host, file, status, failure, step)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TargetFacts, id, type, revision, answers,
                                                other_types, similar, file_host, xet_host)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(NotebookFacts, vault, get_token, vault_token,
                                                secret_is_newer)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SaidMessage, check, message, quote)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ProgramFacts, name, where, version, interpreter)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(PythonFacts, prefix, kind, version, hub, hub_where,
                                                transformers, datasets, hf_xet)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(HeldToken, stand_in, mask, fingerprint)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ScriptPlace, kind, line, cell, subject, token)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ScriptFacts, path, notebook, problem, places,
                                                tracked)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(HeldPlace, where, token)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SessionFacts, pid, kind, command, started,
                                                working_directory, environment, tokens, home,
                                                problem)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ServiceFacts, kind, name, where, command, uses_hub,
                                                environment, tokens)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(NetrcEntry, path, machine, token)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(GitHelper, scope, helper, where, asked, token)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(GitRemote, where, name, host, token)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(GitFacts, helpers, stored, remotes, in_hub_clone)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StoredLoginFacts, name, token, expires, can_refresh)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StoredTokensFacts, path, mode, problem, lock_held,
                                                logins)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(KeyringFacts, state)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SudoFacts, user, home)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(FolderFacts, variable, path, exists, writable, mode,
                                                owner, free_bytes, total_bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ExposedToken, kind, where, line, commit, variable,
                                                mask, fingerprint, mode, tracked)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Incomplete, id, reason, next, needed)

namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;

Facts read_facts(const nlohmann::json& document) {
  Facts facts;
  facts.taken = parse_utc(document.at("taken").get<std::string>()).value();
  for (const auto& [name, value] : document.at("environment").items()) {
    facts.environment.set(name, value.get<std::string>());
  }
  facts.home = document.value("home", "");
  facts.working_directory = document.value("working_directory", "");
  facts.values = document.value("values", std::vector<TokenValue>());
  facts.files = document.value("files", std::vector<TokenFile>());
  facts.setting_lines = document.value("setting_lines", std::vector<SettingLine>());
  facts.runtime = document.value("runtime", RuntimeFacts());
  facts.client = document.value("client", ClientFacts());
  facts.asked = document.value("asked", AskedClient());
  facts.context = document.value("context", std::string());
  facts.shell = document.value("shell", HeldPlace());
  facts.agent = document.value("agent", AgentFacts());
  facts.hub = document.value("hub", HubFacts());
  facts.targets = document.value("targets", std::vector<TargetFacts>());
  facts.scripts = document.value("scripts", std::vector<ScriptFacts>());
  facts.all_tried = document.value("all_tried", bool());
  facts.write_intended = document.value("write_intended", bool());
  facts.expected_user = document.value("expected_user", std::string());
  facts.programs = document.value("programs", std::vector<ProgramFacts>());
  facts.security_profile = document.value("security_profile", bool());
  facts.pythons = document.value("pythons", std::vector<PythonFacts>());
  facts.sessions = document.value("sessions", std::vector<SessionFacts>());
  facts.services = document.value("services", std::vector<ServiceFacts>());
  facts.netrc = document.value("netrc", std::vector<NetrcEntry>());
  facts.git = document.value("git", GitFacts());
  facts.stored = document.value("stored", StoredTokensFacts());
  facts.keyring = document.value("keyring", KeyringFacts());
  facts.sudo = document.value("sudo", SudoFacts());
  facts.folders = document.value("folders", std::vector<FolderFacts>());
  facts.exposed = document.value("exposed", std::vector<ExposedToken>());
  facts.notebook = document.value("notebook", NotebookFacts());
  facts.said = document.value("said", std::vector<SaidMessage>());
  facts.incomplete = document.value("incomplete", std::vector<Incomplete>());
  return facts;
}

}  // namespace

std::string facts_to_json(const Facts& facts) {
  Json document;
  document["hfauth_facts"] = kFormat;
  document["taken"] = format_utc(facts.taken);
  document["environment"] = facts.environment.variables();
  document["home"] = facts.home;
  document["working_directory"] = facts.working_directory;
  document["values"] = facts.values;
  document["files"] = facts.files;
  document["setting_lines"] = facts.setting_lines;
  document["runtime"] = facts.runtime;
  document["client"] = facts.client;
  document["asked"] = facts.asked;
  document["context"] = facts.context;
  document["shell"] = facts.shell;
  document["agent"] = facts.agent;
  document["hub"] = facts.hub;
  document["targets"] = facts.targets;
  document["scripts"] = facts.scripts;
  document["all_tried"] = facts.all_tried;
  document["write_intended"] = facts.write_intended;
  document["expected_user"] = facts.expected_user;
  document["programs"] = facts.programs;
  document["security_profile"] = facts.security_profile;
  document["pythons"] = facts.pythons;
  document["sessions"] = facts.sessions;
  document["services"] = facts.services;
  document["netrc"] = facts.netrc;
  document["git"] = facts.git;
  document["stored"] = facts.stored;
  document["keyring"] = facts.keyring;
  document["sudo"] = facts.sudo;
  document["folders"] = facts.folders;
  document["exposed"] = facts.exposed;
  document["notebook"] = facts.notebook;
  document["said"] = facts.said;
  document["incomplete"] = facts.incomplete;
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Facts> facts_from_json(std::string_view text) {
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  const auto format = document.is_object() ? document.find("hfauth_facts") : document.end();
  if (format == document.end() || !format->is_number_unsigned() || *format == 0) {
    return Error{Errc::invalid_input, "not a file of hfauth doctor --facts-out"};
  }
  if (*format > kFormat) {
    return Error{Errc::unsupported, "these facts were written by a newer hfauth"};
  }
  try {
    return read_facts(document);
  } catch (const nlohmann::json::exception& fault) {  // the library reports a wrong type this way
    return Error{Errc::invalid_input, redact(fault.what())};
  } catch (const Failure& fault) {
    return fault.error();
  }
}

}  // namespace hfauth::diagnose
