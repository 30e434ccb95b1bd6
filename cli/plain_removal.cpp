// SPDX-License-Identifier: Apache-2.0
//
// Read, back up, decide what is left, swap or unlink.
#include "plain_removal.hpp"

#include "hfauth/core/clock.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/token/plain_credentials.hpp"
#include "hfauth/token/stored_tokens.hpp"
#include "hfauth/token/stored_tokens_file.hpp"
#include "hfauth/token/token_text.hpp"
#include "talk.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;

using Tokens = std::vector<const PlainToken*>;

bool is_one_of(const Tokens& tokens, const Secret& candidate) {
  const Secret clean = token::clean_as_huggingface_hub(candidate.expose());
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const PlainToken* token) { return token->token.equals(clean.expose()); });
}

/// The rest of stored_tokens; empty if nothing is left.
Result<Secret> rest_of_stored(const Tokens& tokens, const Secret& content) {
  const Result<token::StoredTokens> parsed = token::parse_stored_tokens(content.expose());
  if (!parsed) return parsed.error();
  std::vector<std::string> names;
  for (const token::StoredToken& one : parsed->tokens) {
    if (is_one_of(tokens, one.token)) names.push_back(one.name);
  }
  if (names.size() == parsed->tokens.size()) return Secret();
  if (parsed->format == token::StoredTokensFormat::json) {
    return Error{Errc::conflict,
                 tr("it is hfrs's and holds further tokens; use 'hfrs auth logout' there")};
  }
  return token::without_logins(content.expose(), names);
}

Secret rest_of_credentials(const Tokens& tokens, const token::Endpoint& endpoint,
                           const std::vector<token::PlainCredential>& found,
                           const Secret& content) {
  std::vector<const token::PlainCredential*> going;
  for (const token::PlainCredential& credential : found) {
    if (credential.is_for(endpoint) && is_one_of(tokens, credential.password))
      going.push_back(&credential);
  }
  return token::without_entries(content.expose(), going);
}

Result<Secret> rest_of(const Tokens& tokens, const token::Endpoint& endpoint,
                       const Secret& content) {
  switch (tokens.front()->place) {
    case PlainPlace::token_file:
      if (!is_one_of(tokens, content)) return content.clone();
      return Secret();
    case PlainPlace::stored_tokens:
      return rest_of_stored(tokens, content);
    case PlainPlace::git_store:
      return rest_of_credentials(tokens, endpoint, token::parse_git_store(content.expose()),
                                 content);
    case PlainPlace::netrc:
      return rest_of_credentials(tokens, endpoint, token::parse_netrc(content.expose()), content);
    case PlainPlace::variable:
      break;
  }
  return Error{Errc::internal, "a variable is no file"};
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// "20261125T100000Z-stored_tokens": never over an older one.
Result<fs::path> back_up(const Context& context, const fs::path& file, const Secret& content) {
  const fs::path folder = context.paths.state / "backups";
  if (const Result<void> made = make_private_directory(folder); !made) return made.error();
  std::string time = format_utc(SystemClock().now());
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  std::string name = file.filename().string();
  if (name.starts_with('.')) name.erase(0, 1);
  fs::path backup = folder / (time + "-" + name);
  for (int i = 2; fs::exists(backup); ++i)
    backup = folder / (time + "-" + std::to_string(i) + "-" + name);
  if (const Result<void> written =
          write_file_atomically(backup, content.expose(), 0600, Durability::synced);
      !written)
    return written.error();
  return backup;
}

Result<PlainRemoval> removed(const Context& context, const token::Endpoint& endpoint,
                             const Tokens& tokens) {
  const fs::path& file = tokens.front()->file;

  struct stat status {};

  if (::lstat(file.c_str(), &status) != 0) return error_from_errno(errno, file.native());
  if (S_ISLNK(status.st_mode))
    return Error{Errc::conflict,
                 filled(tr("{} is a link: whoever made it may need it"), file.native())};
  const Result<Secret> content = read_secret_file(file);
  if (!content) return content.error();
  const Result<Secret> rest = rest_of(tokens, endpoint, *content);
  if (!rest) return Error{rest.error().code, file.native() + ": " + rest.error().detail};
  const Result<fs::path> backup = back_up(context, file, *content);
  if (!backup) return backup.error();
  PlainRemoval removal{file, *backup, is_blank(rest->expose())};
  if (removal.file_is_gone) {
    if (::unlink(file.c_str()) != 0) return error_from_errno(errno, file.native());
    return removal;
  }
  const Result<void> written =
      write_file_atomically(file, rest->expose(), status.st_mode & 0777U, Durability::synced);
  if (!written) return written.error();
  return removal;
}

}  // namespace

Result<PlainRemoval> remove_plain(const Context& context, const token::Endpoint& endpoint,
                                  const std::vector<const PlainToken*>& tokens) {
  if (tokens.front()->place != PlainPlace::stored_tokens) return removed(context, endpoint, tokens);
  const Result<token::StoredTokensLock> lock =
      token::StoredTokensLock::acquire(tokens.front()->file, std::chrono::seconds(10));
  if (!lock) return lock.error();
  return removed(context, endpoint, tokens);
}

}  // namespace hfauth::cli
