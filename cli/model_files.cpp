// SPDX-License-Identifier: Apache-2.0
//
// The order: cache alone if that answers for good (offline, or a commit, which never changes); else
// a HEAD that shows whether the cached file is current, or, where there is none, a download of all
// that a tokenizer needs.
#include "model_files.hpp"

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

bool is_commit(const std::string& revision) {
  return revision.size() == 40 &&
         revision.find_first_not_of("0123456789abcdef") == std::string::npos;
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

/// tokenizer.json and what stands beside it, at once. Errors: as Download's; not_found.
Result<std::filesystem::path> fetch_together(const hub::Download& download, hub::HubClient& client,
                                             const std::string& revision, const Secret* token,
                                             const std::function<void(const std::string&)>& note) {
  hub::DownloadWish wish{.revision = revision, .filter = {}, .files = {}};
  wish.filter.include.assign(kTokenizerFiles.begin(), kTokenizerFiles.end());
  const Result<hub::DownloadPlan> plan = download.plan(client, wish, token);
  if (!plan) return plan.error();
  const bool has_tokenizer =
      std::any_of(plan->files.begin(), plan->files.end(),
                  [](const hub::PlannedFile& one) { return one.file.path == kTokenizerFile; });
  if (!has_tokenizer)
    return Error{Errc::not_found, filled(tr("revision {0} has no {1}"), revision, kTokenizerFile)};
  const Interruption interruption;
  const hub::DownloadWatch watch{
      .progress = {}, .note = note, .is_interrupted = [] { return Interruption::is_asked_for(); }};
  const Result<std::filesystem::path> folder = download.run(client, *plan, wish, token, watch);
  if (!folder) return folder.error();
  return *folder / kTokenizerFile;
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
  const TokenForHub access = token_for_hub(context);
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
    Result<std::filesystem::path> file =
        fetch_together(hub::Download(cache.root(), repo), session->client(), revision, token, note);
    if (file || !may_ask_for_the_file(file.error()))
      return file ? file : access.explain(file.error());
  }
  const Result<hub::CacheAnswer> fetched =
      cache.fetch(session->client(), repo, revision, kTokenizerFile, token, note);
  if (!fetched) return access.explain(fetched.error());
  if (fetched->kind != hub::CacheAnswer::Kind::hit)
    return not_cached(*fetched, repo.id(), revision);
  return fetched->file;
}

}  // namespace

Result<std::filesystem::path> find_tokenizer_file(const Context& context, const std::string& model,
                                                  const std::string& revision) {
  const Result<hub::Repo> repo = hub::Repo::parse(model);
  if (!repo) return repo.error();
  const token::HubPaths paths = token::HubPaths::from(context.environment, context.paths.home);
  hub::HubCache cache(paths.hub_cache);
  const Result<hub::CacheAnswer> cached = cache.find(*repo, revision, kTokenizerFile);
  if (!cached) return cached.error();
  const bool hit = cached->kind == hub::CacheAnswer::Kind::hit;
  if (hit && (context.offline || is_commit(revision))) return cached->file;
  if (context.offline) return not_cached(*cached, model, revision);
  return fetch_from_hub(context, cache, *repo, revision, hit);
}

}  // namespace hfauth::cli
