// SPDX-License-Identifier: Apache-2.0
//
// The only file of the plain commands that includes the JSON library (5 s a file to compile).
#include "json_output.hpp"

#include "hfauth/core/mask.hpp"

#include <nlohmann/json.hpp>

namespace hfauth::cli {
namespace {

using Json = nlohmann::ordered_json;

Json time_or_null(const std::optional<WallTime>& time) {
  return time ? Json(format_utc(*time)) : Json();
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json profile_json(const agent::StoredProfile& profile) {
  const token::TokenFacts& facts = profile.facts;
  return {{"name", facts.profile.str()},
          {"default", profile.is_default},
          {"user", facts.user},
          {"role", facts.role},
          {"kind", name_of(facts.kind)},
          {"display_name", facts.display_name},
          {"orgs", facts.orgs},
          {"endpoint", facts.endpoint.url()},
          {"token", profile.mask},
          {"fingerprint", profile.fingerprint},
          {"created", time_or_null(facts.created)},
          {"expires", time_or_null(facts.expires)},
          {"renewed", profile.refreshable},
          {"login_again", facts.login_again}};
}

Json lease_json(const agent::Lease& lease) {
  return {{"name", lease.profile},
          {"path", lease.path.string()},
          {"expires", time_or_null(lease.expires)}};
}

Json whoami_json(const WhoamiLine& line) {
  const hub::Whoami& whoami = line.verdict.whoami;
  std::string orgs;  // hf prints one string, comma-separated
  for (const std::string& org : whoami.orgs)
    orgs += (orgs.empty() ? "" : ",") + org;
  return {{"user", whoami.user},
          {"orgs", orgs},
          {"endpoint", line.endpoint},
          {"verdict", name_of(whoami.verdict)},
          {"kind", name_of(whoami.kind)},
          {"role", whoami.role},
          {"token_name", whoami.display_name},
          {"token", line.mask},
          {"source", line.source},
          {"expires", time_or_null(whoami.expires)},
          {"status", whoami.answer.status},
          {"request_id", whoami.answer.request_id},
          {"cached", time_or_null(line.verdict.cached)}};
}

}  // namespace

std::string json_of(const std::vector<agent::StoredProfile>& profiles) {
  Json array = Json::array();
  for (const agent::StoredProfile& profile : profiles)
    array.push_back(profile_json(profile));
  return line_of(array);
}

std::string json_of(const agent::StoredProfile& profile) {
  return line_of(profile_json(profile));
}

std::string json_of(const Result<agent::AgentStatus>& status, const agent::AgentRules* rules) {
  if (!status) return line_of({{"running", false}, {"reason", redact(status.error().detail)}});
  Json leases = Json::array();
  for (const agent::Lease& lease : status->leases)
    leases.push_back(lease_json(lease));
  Json refusals = Json::array();
  for (const agent::Refusal& refusal : status->refusals) {
    refusals.push_back({{"store", refusal.store}, {"reason", refusal.reason}});
  }
  Json told{{"running", true},
            {"version", status->version},
            {"pid", status->pid},
            {"uptime_seconds", status->uptime.count()},
            {"activation", status->activation},
            {"locked", status->locked},
            {"store", status->store},
            {"store_place", status->store_place},
            {"store_protection", status->store_protection},
            {"store_state", status->store_state},
            {"refusals", std::move(refusals)},
            {"memory_protection", status->memory_protection},
            {"profiles", status->profiles},
            {"connections", status->connections},
            {"leases", std::move(leases)}};
  if (rules != nullptr) {
    const auto said = [](const std::string& text) {
      return text.empty() ? Json(nullptr) : Json(redact(text));
    };
    told["config"] = said(rules->config);
    told["audit"] = said(rules->audit);
    told["locks_at"] = rules->locks_at ? Json(format_utc(*rules->locks_at)) : Json(nullptr);
  }
  return line_of(told);
}

std::string json_of(const WhoamiLine& line) {
  return line_of(whoami_json(line));
}

std::string json_of(const std::vector<WhoamiLine>& lines) {
  Json array = Json::array();
  for (const WhoamiLine& line : lines)
    array.push_back(whoami_json(line));
  return line_of(array);
}

std::string json_of_removal(const std::vector<std::string>& removed,
                            const std::vector<std::string>& remaining) {
  return line_of({{"removed", removed}, {"remaining", remaining}});
}

std::string json_of_variables(const std::string& token_path, const std::string& endpoint) {
  Json variables{{"HF_TOKEN_PATH", token_path}};
  if (!endpoint.empty()) variables["HF_ENDPOINT"] = endpoint;
  return line_of(variables);
}

std::string json_of_error(std::string_view command, Errc code, const std::string& message) {
  return line_of({{"error",
                   {{"command", command},
                    {"code", name_of(code)},
                    {"message", message},
                    {"exit_status", exit_status(code)}}}});
}

std::string json_of(const hub::DownloadPlan& plan) {
  Json files = Json::array();
  for (const hub::PlannedFile& one : plan.files) {
    files.push_back({{"path", one.file.path},
                     {"size", one.file.size},
                     {"etag", one.file.etag()},
                     {"cached", one.is_cached}});
  }
  return line_of({{"commit", plan.commit},
                  {"files", std::move(files)},
                  {"fetch", plan.n_to_fetch()},
                  {"bytes", plan.bytes_to_fetch()}});
}

std::string json_of(const hub::DownloadPlan& plan, const std::string& path) {
  return line_of({{"path", path},
                  {"commit", plan.commit.empty() ? Json() : Json(plan.commit)},
                  {"files", plan.files.size()},
                  {"fetched", plan.n_to_fetch()},
                  {"bytes", plan.bytes_to_fetch()}});
}

}  // namespace hfauth::cli
