// SPDX-License-Identifier: Apache-2.0
//
// A user who never ran `hf auth login` has no stored_tokens and gets no lock file. What counts is
// read under the lock.
#include "python_login.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/token/stored_tokens.hpp"
#include "hfauth/token/token_text.hpp"
#include "lineage.hpp"

#include <algorithm>

namespace hfauth::net {
namespace {

constexpr std::chrono::seconds kPatience{30};  ///< huggingface_hub's

Result<std::vector<token::StoredToken>> read_logins(const std::filesystem::path& file) {
  const Result<Secret> content = read_secret_file(file);
  if (!content && content.error().code == Errc::not_found) return std::vector<token::StoredToken>();
  if (!content) return content.error();
  Result<token::StoredTokens> stored = token::parse_stored_tokens(content->expose());
  if (!stored) return stored.error();
  // The JSON of hfrs has no refresh tokens, and Python does not read it.
  if (stored->format != token::StoredTokensFormat::ini) return std::vector<token::StoredToken>();
  return std::move(stored->tokens);
}

/// How surely a section is the login of `record`: 2 it holds the same token, 1 a later one, 0 not.
/// `name`: the section that held the token a moment ago, if any did.
int resemblance(const token::StoredToken& login, const token::TokenRecord& record,
                const std::string& name) {
  if (login.refresh.empty()) return 0;
  const Secret cleaned = token::clean_as_huggingface_hub(login.token.expose());
  if (cleaned.equals(record.token.expose())) return 2;
  switch (lineage_of(cleaned, record.token)) {
    case Lineage::later:
      return 1;
    case Lineage::other:
      return 0;
    case Lineage::unknown:
      break;
  }
  if (login.name == name) return 1;
  const token::TokenFacts& facts = record.facts;
  // stored_tokens does not say of which Hub its tokens are.
  const bool official = facts.endpoint == token::Endpoint::hub();
  return official && !facts.user.empty() && login.name == "oauth-" + facts.user ? 1 : 0;
}

/// The best section; among later tokens the one that lasts longest.
token::StoredToken* best_of(std::vector<token::StoredToken>& logins,
                            const token::TokenRecord& record, const std::string& name) {
  token::StoredToken* best = nullptr;
  int best_resemblance = 0;
  for (token::StoredToken& login : logins) {
    const int how = resemblance(login, record, name);
    const bool better = how > best_resemblance ||
                        (how > 0 && how == best_resemblance && login.expires > best->expires);
    if (!better) continue;
    best = &login;
    best_resemblance = how;
  }
  return best;
}

}  // namespace

std::vector<PythonPlace> python_places(const token::HubPaths& paths) {
  std::vector<PythonPlace> places;
  if (paths.stored_tokens.is_absolute())
    places.push_back({.stored_tokens = paths.stored_tokens, .token = paths.token});
  const std::filesystem::path usual = paths.default_token.parent_path() / "stored_tokens";
  if (usual.is_absolute() && usual != paths.stored_tokens)
    places.push_back({.stored_tokens = usual, .token = paths.default_token});
  return places;
}

Result<std::optional<PythonLogin>> PythonLogin::lock(const std::vector<PythonPlace>& places,
                                                     const token::TokenRecord& record) {
  for (const PythonPlace& place : places) {
    std::error_code ignored;
    if (!std::filesystem::exists(place.stored_tokens, ignored)) continue;
    // Python writes the file in place: what is seen without the lock may be half of it, and finding
    // nothing there means nothing.
    Result<std::vector<token::StoredToken>> seen = read_logins(place.stored_tokens);
    const token::StoredToken* const before = seen ? best_of(*seen, record, "") : nullptr;
    const std::string name = before == nullptr ? "" : before->name;
    Result<token::StoredTokensLock> lock =
        token::StoredTokensLock::acquire(place.stored_tokens, kPatience);
    // Where nobody can make the lock nobody refreshes.
    if (!lock && lock.error().code == Errc::permission && before == nullptr) continue;
    if (!lock) return lock.error();
    Result<std::vector<token::StoredToken>> logins = read_logins(place.stored_tokens);
    if (!logins && logins.error().code == Errc::corrupt) continue;  // empty, to Python
    if (!logins) return logins.error();
    token::StoredToken* const login = best_of(*logins, record, name);
    if (login == nullptr) continue;
    return std::optional(
        PythonLogin(place, login->name, std::move(*lock),
                    {.token = token::clean_as_huggingface_hub(login->token.expose()),
                     .refresh = std::move(login->refresh),
                     .expires = login->expires}));
  }
  return std::optional<PythonLogin>();
}

Result<void> PythonLogin::replace(const PythonTokens& fresh, const Secret& replaced) {
  const Result<Secret> content = read_secret_file(place_.stored_tokens);
  if (!content) return content.error();
  const Result<Secret> rewritten =
      token::with_login(content->expose(), section_,
                        {.token = fresh.token, .refresh = fresh.refresh, .expires = fresh.expires});
  if (!rewritten) return rewritten.error();
  // First the token, then stored_tokens, unlike Python: get_token() of a program that read the old
  // token before and finds no section with it any more looks at the token file once again, and
  // would take what is still there for good.
  const Result<Secret> active = read_secret_file(place_.token);
  // Not there: logged out. Another token: `hf auth switch` was used. Then it is not ours to write.
  const bool is_active =
      active && token::clean_as_huggingface_hub(active->expose()).equals(replaced.expose());
  if (is_active) {
    if (Result<void> written = token::write_hub_secret(place_.token, fresh.token.expose());
        !written)
      return written;
  }
  return token::write_hub_secret(place_.stored_tokens, rewritten->expose());
}

}  // namespace hfauth::net
