// SPDX-License-Identifier: Apache-2.0
//
// The order: cache alone if that answers for good (offline, or a commit, which never changes); else
// HEAD and, if needed, download through HubCache. The token is the agent's for this endpoint, else
// what huggingface_hub would send.
#include "model_files.hpp"

#include "hfauth/hub/cache.hpp"
#include "hfauth/token/hub_paths.hpp"
#include "hub_access.hpp"
#include "hub_session.hpp"
#include "talk.hpp"

#include <algorithm>
#include <array>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr const char* kTokenizerFile = "tokenizer.json";
/// What transformers' AutoTokenizer reads besides; each is a few kilobytes, and most repositories
/// lack some.
constexpr std::array kCompanions{"tokenizer_config.json", "special_tokens_map.json", "config.json"};

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

/// Best effort: the tokens of a text do not depend on these.
void fetch_companions(hub::HubCache& cache, hub::HubClient& client, const hub::Repo& repo,
                      const std::string& revision, const Secret* token, const Context& context) {
  for (const char* name : kCompanions) {
    const Result<hub::CacheAnswer> fetched =
        cache.fetch(client, repo, revision, name, token, [](const std::string&) {});
    if (!fetched && fetched.error().code != Errc::not_found && context.verbosity > 0) {
      context.err << "hfauth tokenize: " << name << ": " << fetched.error().detail << '\n';
    }
  }
}

Result<std::filesystem::path> fetch_from_hub(const Context& context, hub::HubCache& cache,
                                             const hub::Repo& repo, const std::string& revision,
                                             bool was_cached) {
  Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  Result<HubSession> session = HubSession::open(context, std::move(*endpoint));
  if (!session) return session.error();
  const TokenForHub access = token_for_hub(context);
  const Secret* token = access.token.empty() ? nullptr : &access.token;
  const auto note = [&context, token](const std::string& text) {
    // Without a token the Hub asks for one with every file. Who chose to be anonymous knows; -v
    // tells.
    const bool asks_for_token =
        token == nullptr && text.find("unauthenticated") != std::string::npos;
    if (context.verbosity >= (asks_for_token ? 1 : 0))
      context.err << "hfauth tokenize: " << text << '\n';
  };
  const Result<hub::CacheAnswer> fetched =
      cache.fetch(session->client(), repo, revision, kTokenizerFile, token, note);
  if (!fetched) {
    const Error& error = fetched.error();
    if (!access.why_none) return error;
    return Error{error.code, filled(tr("{0} (asked without a token: {1})"), error.detail,
                                    access.why_none->detail)};
  }
  if (fetched->kind != hub::CacheAnswer::Kind::hit)
    return not_cached(*fetched, repo.id(), revision);
  if (!was_cached) fetch_companions(cache, session->client(), repo, revision, token, context);
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
