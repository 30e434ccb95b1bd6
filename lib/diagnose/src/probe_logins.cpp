// SPDX-License-Identifier: Apache-2.0
//
// Logins in files that the token's own file does not tell of: huggingface_hub's stored_tokens, and
// the netrc, which requests (huggingface_hub before 1.0) prefers to an explicit token.
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/token/endpoint.hpp"
#include "hfauth/token/hub_paths.hpp"
#include "hfauth/token/plain_credentials.hpp"
#include "hfauth/token/stored_tokens.hpp"
#include "probes.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

// Whether somebody holds the lock that clients take to write the file. Looks without taking it for
// longer than an instant, and never makes the file.
bool is_locked(const fs::path& stored_tokens) {
  const UniqueFd fd(open((stored_tokens.native() + ".lock").c_str(),
                         O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  return fd && flock(fd.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void look_at_stored_tokens(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  const token::HubPaths paths = token::HubPaths::from(facts.environment, input.paths.home);
  const fs::path path = paths.stored_tokens.is_absolute()
                            ? paths.stored_tokens
                            : input.working_directory / paths.stored_tokens;

  struct stat status {};

  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return;
  }
  StoredTokensFacts& stored = facts.stored;
  stored.path = path.string();
  stored.mode = status.st_mode & 07777U;
  stored.lock_held = is_locked(path);
  const Result<Secret> content = read_secret_file(path);
  if (!content) {
    stored.problem = redact(content.error().detail);
    return;
  }
  Result<token::StoredTokens> parsed = token::parse_stored_tokens(content->expose());
  if (!parsed) {
    stored.problem = redact(parsed.error().detail);
    return;
  }
  for (const token::StoredToken& one : parsed->tokens) {
    stored.logins.push_back({redact(one.name), held_token(input, one.token.expose(), secrets),
                             one.expires ? format_utc(*one.expires) : "", !one.refresh.empty()});
  }
}

void look_at_netrc(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(input.environment);
  if (!endpoint) {
    return;
  }
  std::vector<fs::path> paths{input.paths.home / ".netrc", input.paths.home / "_netrc"};
  if (const auto named = facts.environment.non_empty("NETRC")) {
    paths = {*named};
  }
  for (const fs::path& path : paths) {
    const Result<Secret> content = read_secret_file(path);
    if (!content) {
      continue;
    }
    for (const token::PlainCredential& entry : token::parse_netrc(content->expose())) {
      if (entry.is_for(*endpoint)) {
        facts.netrc.push_back(
            {path.string(), entry.host, held_token(input, entry.password.expose(), secrets)});
      }
    }
    return;  // requests reads the first that exists
  }
}

}  // namespace

void probe_logins(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  look_at_stored_tokens(input, facts, secrets);
  look_at_netrc(input, facts, secrets);
}

}  // namespace hfauth::diagnose
