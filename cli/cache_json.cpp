// SPDX-License-Identifier: Apache-2.0
//
// The JSON library stays in this file (5 s a file to compile).
#include "cache_json.hpp"

#include <nlohmann/json.hpp>

namespace hfauth::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json problems_json(const std::vector<hub::CacheProblem>& problems) {
  Json array = Json::array();
  for (const hub::CacheProblem& problem : problems)
    array.push_back({{"problem", name_of(problem.trouble)}, {"path", problem.path.string()}});
  return array;
}

Json incomplete_json(const std::vector<hub::IncompleteFile>& files) {
  Json array = Json::array();
  for (const hub::IncompleteFile& file : files)
    array.push_back(
        {{"path", file.path.string()}, {"size", file.size}, {"running", file.is_running}});
  return array;
}

Json revision_json(const hub::CachedRepo& repo, const hub::CachedRevision& revision) {
  return {{"revision", revision.commit},
          {"refs", revision.refs},
          {"size", revision.size},
          {"files", revision.files.size()},
          {"last_modified", format_utc(revision.modified)},
          {"snapshot_path", (repo.folder / "snapshots" / revision.commit).string()}};
}

Json repo_json(const hub::CachedRepo& repo, const std::vector<const hub::CachedRevision*>& chosen) {
  Json revisions = Json::array();
  for (const hub::CachedRevision* revision : chosen)
    revisions.push_back(revision_json(repo, *revision));
  Json refs = Json::array();
  for (const auto& [name, commit] : repo.refs)
    refs.push_back(name);
  return {{"id", cache_id(repo)},
          {"repo_id", repo.id},
          {"repo_type", name_of(repo.type)},
          {"path", repo.folder.string()},
          {"size", repo.size},
          {"unused_size", repo.unused_size},
          {"files", repo.n_files},
          {"last_accessed", format_utc(repo.accessed)},
          {"last_modified", format_utc(repo.modified)},
          {"refs", std::move(refs)},
          {"revisions", std::move(revisions)},
          {"incomplete", incomplete_json(repo.incomplete)},
          {"problems", problems_json(repo.problems)}};
}

std::string id_of(const hub::Repo& repo) {
  return std::string(name_of(repo.type())) + "/" + repo.id();
}

std::string_view name_of(hub::CacheStep::State state) {
  switch (state) {
    case hub::CacheStep::State::good:
      return "good";
    case hub::CacheStep::State::bad:
      return "bad";
    case hub::CacheStep::State::note:
      break;
  }
  return "note";
}

std::string_view name_of(hub::KeptBecause reason) {
  switch (reason) {
    case hub::KeptBecause::running:
      return "running";
    case hub::KeptBecause::linked:
      return "linked";
    case hub::KeptBecause::refs_unclear:
      break;
  }
  return "refs_unclear";
}

}  // namespace

std::string json_of(const hub::CacheScan& scan, const std::vector<CacheRow>& rows) {
  Json repos = Json::array();
  for (std::size_t i = 0; i < rows.size();) {
    const hub::CachedRepo& repo = *rows[i].repo;
    std::vector<const hub::CachedRevision*> chosen;
    if (rows[i].revision == nullptr) {
      for (const hub::CachedRevision& revision : repo.revisions)
        chosen.push_back(&revision);
      ++i;
    } else {
      for (; i < rows.size() && rows[i].repo == &repo; ++i)
        chosen.push_back(rows[i].revision);
    }
    repos.push_back(repo_json(repo, chosen));
  }
  return line_of({{"cache", scan.root.string()},
                  {"size", scan.size},
                  {"repos", std::move(repos)},
                  {"problems", problems_json(scan.problems)}});
}

std::string json_of(const std::vector<VerifiedRevision>& revisions, bool is_good) {
  Json array = Json::array();
  for (const VerifiedRevision& verified : revisions) {
    Json findings = Json::array();
    for (const hub::FileCheck& found : verified.check.findings) {
      findings.push_back({{"file", found.path},
                          {"verdict", name_of(found.verdict)},
                          {"path", found.content.string()},
                          {"expected", found.expected},
                          {"actual", found.actual}});
    }
    array.push_back({{"id", cache_id(*verified.repo)},
                     {"revision", verified.revision->commit},
                     {"refs", verified.revision->refs},
                     {"good", verified.check.n_good},
                     {"listing", verified.check.has_listing},
                     {"absent", verified.check.absent},
                     {"strange", verified.check.strange},
                     {"findings", std::move(findings)}});
  }
  return line_of({{"good", is_good}, {"revisions", std::move(array)}});
}

std::string json_of(const hub::OfflineReport& report, const hub::Repo& repo,
                    const std::string& revision) {
  return line_of({{"id", id_of(repo)},
                  {"revision", revision},
                  {"commit", report.commit},
                  {"readiness", name_of(report.readiness)},
                  {"files", report.n_files},
                  {"usable", report.n_usable},
                  {"lacking", report.lacking},
                  {"lacking_size", report.lacking_size},
                  {"problems", problems_json(report.broken)}});
}

std::string json_of(const hub::CacheExplanation& told, const hub::Repo& repo,
                    const std::string& revision, const std::string& text, const std::string& cure) {
  Json steps = Json::array();
  for (const hub::CacheStep& step : told.steps) {
    steps.push_back({{"step", name_of(step.kind)},
                     {"state", name_of(step.state)},
                     {"path", step.path.string()},
                     {"found", step.found},
                     {"written", step.time ? Json(format_utc(*step.time)) : Json()}});
  }
  return line_of({{"id", id_of(repo)},
                  {"revision", revision},
                  {"commit", told.commit},
                  {"found", told.cause == hub::CacheCause::found},
                  {"cause", name_of(told.cause)},
                  {"culprit", told.culprit.string()},
                  {"text", text},
                  {"cure", cure},
                  {"cached_refs", told.names},
                  {"steps", std::move(steps)}});
}

std::string json_of(const hub::PrunePlan& plan, const hub::PruneOutcome* outcome) {
  Json repos = Json::array();
  for (const hub::PruneRepo& repo : plan.repos) {
    repos.push_back({{"id", repo.id},
                     {"size", repo.size},
                     {"revisions", repo.revisions},
                     {"incomplete", incomplete_json(repo.incomplete)},
                     {"whole", repo.is_whole}});
  }
  Json shared = Json::array();
  for (const hub::SharedPayload& payload : plan.payloads)
    shared.push_back({{"name", payload.name}, {"size", payload.size}});
  Json kept = Json::array();
  for (const hub::PruneKept& repo : plan.kept)
    kept.push_back({{"id", repo.id}, {"reason", name_of(repo.reason)}});
  Json answer{{"cache", plan.root.string()}, {"dry_run", outcome == nullptr},
              {"size", plan.size},           {"repos", std::move(repos)},
              {"shared", std::move(shared)}, {"kept", std::move(kept)}};
  if (outcome != nullptr) {
    Json failures = Json::array();
    for (const Error& failure : outcome->failures)
      failures.push_back(failure.detail);
    answer["removed"] = {{"revisions", outcome->n_revisions},
                         {"incomplete", outcome->n_incomplete},
                         {"shared", outcome->n_payloads},
                         {"size", outcome->freed},
                         {"failures", std::move(failures)}};
  }
  return line_of(answer);
}

}  // namespace hfauth::cli
