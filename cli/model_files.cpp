// SPDX-License-Identifier: Apache-2.0
//
// The order: cache alone if that answers for good (offline, or a commit, which never changes); else
// a HEAD that shows whether the cached file is current, or, where there is none, a download of all
// that a tokenizer needs.
#include "model_files.hpp"

#include "hfauth/core/hex.hpp"
#include "hfauth/hub/cache.hpp"
#include "hfauth/hub/download.hpp"
#include "hfauth/token/hub_paths.hpp"
#include "hub_access.hpp"
#include "hub_session.hpp"
#include "interruption.hpp"
#include "talk.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr const char* kTokenizerFile = "tokenizer.json";
/// What transformers' AutoTokenizer reads besides; each is a few kilobytes, and most repositories
/// lack some.
constexpr std::array kTokenizerFiles{kTokenizerFile, "tokenizer_config.json",
                                     "special_tokens_map.json", "config.json"};
/// What holds the vocabulary where there is no tokenizer.json, and what else is read then.
constexpr std::array kVocabularies{"tekken.json", "tokenizer.model", "spiece.model",
                                   "*.tiktoken",  "vocab.json",      "vocab.txt"};
constexpr std::array kBesideVocabularies{"merges.txt", "added_tokens.json", "tokenizer_config.json",
                                         "special_tokens_map.json"};

bool is_vocabulary(const std::string& name) {
  return name.ends_with(".tiktoken") ||
         std::any_of(kVocabularies.begin(), kVocabularies.end(),
                     [&](const char* known) { return name == known; });
}

bool is_commit(const std::string& revision) {
  return hex::is_lower(revision, 40);
}

Error not_cached(const hub::CacheAnswer& answer, const std::string& model,
                 const std::string& revision) {
  if (answer.kind == hub::CacheAnswer::Kind::known_missing) {
    return {Errc::not_found,
            filled(tr("{0} at revision {1} has no {2}"), model, revision, kTokenizerFile)};
  }
  return {Errc::offline,
          filled(tr("{0} at revision {1} is not in the cache, and the network is switched off "
                    "(--offline or HF_HUB_OFFLINE)"),
                 model, revision)};
}

/// tokenizer.json or another vocabulary, and what stands beside it, at once. The folder. Errors: as
/// Download's; not_found.
Result<std::filesystem::path> fetch_together(const hub::Download& download, hub::HubClient& client,
                                             const std::string& revision, const Secret* token,
                                             const std::function<void(const std::string&)>& note) {
  hub::DownloadWish wish{.revision = revision, .filter = {}, .files = {}};
  wish.filter.include.assign(kTokenizerFiles.begin(), kTokenizerFiles.end());
  Result<hub::DownloadPlan> plan = download.plan(client, wish, token);
  if (!plan) return plan.error();
  const auto has = [&plan](const auto& is_wanted) {
    return std::any_of(plan->files.begin(), plan->files.end(),
                       [&](const hub::PlannedFile& one) { return is_wanted(one.file.path); });
  };
  if (!has([](const std::string& name) { return name == kTokenizerFile; })) {
    wish.filter.include.assign(kVocabularies.begin(), kVocabularies.end());
    wish.filter.include.insert(wish.filter.include.end(), kBesideVocabularies.begin(),
                               kBesideVocabularies.end());
    plan = download.plan(client, wish, token);
    if (!plan) return plan.error();
    if (!has(is_vocabulary)) {
      return Error{Errc::not_found,
                   filled(tr("revision {0} has no {1}"), revision, kTokenizerFile)};
    }
  }
  const Interruption interruption;
  const hub::DownloadWatch watch{
      .progress = {}, .note = note, .is_interrupted = [] { return Interruption::is_asked_for(); }};
  return download.run(client, *plan, wish, token, watch);
}

/// Whether the question for the one file may have a better answer: the words for a missing file, or
/// a Hub that has no lists.
bool may_ask_for_the_file(const Error& error) {
  return error.code == Errc::not_found || error.code == Errc::unauthorized ||
         error.code == Errc::forbidden || error.code == Errc::too_large;
}

Result<std::filesystem::path> fetch_from_hub(const Context& context, hub::HubCache& cache,
                                             const hub::Repo& repo, const std::string& revision,
                                             bool was_cached) {
  Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  Result<HubSession> session = HubSession::open(context, std::move(*endpoint));
  if (!session) return session.error();
  const TokenForHub access = token_for_hub(context, repo);
  const Secret* token = access.get();
  const auto note = [&context, token](const std::string& text) {
    // Without a token the Hub asks for one with every file. Who chose to be anonymous knows; -v
    // tells.
    const bool asks_for_token =
        token == nullptr && text.find("unauthenticated") != std::string::npos;
    if (context.verbosity >= (asks_for_token ? 1 : 0))
      context.err << "hfauth tokenize: " << text << '\n';
  };
  if (!was_cached) {
    Result<std::filesystem::path> folder =
        fetch_together(hub::Download(cache.root(), repo), session->client(), revision, token, note);
    if (folder || !may_ask_for_the_file(folder.error()))
      return folder ? folder : access.explain(folder.error());
  }
  const Result<hub::CacheAnswer> fetched =
      cache.fetch(session->client(), repo, revision, kTokenizerFile, token, note);
  if (!fetched) return access.explain(fetched.error());
  if (fetched->kind != hub::CacheAnswer::Kind::hit)
    return not_cached(*fetched, repo.id(), revision);
  return fetched->file.parent_path();
}

/// The folder of the cached tokenizer.json or other vocabulary.
Result<hub::CacheAnswer> find_cached(const hub::HubCache& cache, const hub::Repo& repo,
                                     const std::string& revision) {
  Result<hub::CacheAnswer> main_file = cache.find(repo, revision, kTokenizerFile);
  if (!main_file || main_file->kind == hub::CacheAnswer::Kind::hit) return main_file;
  for (const char* name : kVocabularies) {
    Result<hub::CacheAnswer> found = cache.find(repo, revision, name);
    if (found && found->kind == hub::CacheAnswer::Kind::hit) return found;
  }
  return main_file;
}

}  // namespace

Result<std::filesystem::path> find_tokenizer_files(const Context& context, const std::string& model,
                                                   const std::string& revision) {
  const Result<hub::Repo> repo = hub::Repo::parse(model);
  if (!repo) return repo.error();
  const token::HubPaths paths = token::HubPaths::from(context.environment, context.paths.home);
  hub::HubCache cache(paths.hub_cache);
  const Result<hub::CacheAnswer> cached = find_cached(cache, *repo, revision);
  if (!cached) return cached.error();
  const bool hit = cached->kind == hub::CacheAnswer::Kind::hit;
  if (hit && (context.offline || is_commit(revision))) return cached->file.parent_path();
  if (context.offline) return not_cached(*cached, model, revision);
  // What the cache has under another name is asked for with the list of files, which is as cheap.
  const bool has_main_file = hit && cached->file.filename() == kTokenizerFile;
  return fetch_from_hub(context, cache, *repo, revision, has_main_file);
}

}  // namespace hfauth::cli
