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
  Json incomplete = Json::array();
  for (const hub::IncompleteFile& file : repo.incomplete)
    incomplete.push_back(
        {{"path", file.path.string()}, {"size", file.size}, {"running", file.is_running}});
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
          {"incomplete", std::move(incomplete)},
          {"problems", problems_json(repo.problems)}};
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

}  // namespace hfauth::cli
