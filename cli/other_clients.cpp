// SPDX-License-Identifier: Apache-2.0
//
// git is never asked for a credential (git_credential.hpp says why): which helpers it has is read
// from its configuration, and what the helper `store` keeps from that helper's own files.
#include "other_clients.hpp"

#include "git_credential.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/search_path.hpp"
#include "hfauth/token/plain_credentials.hpp"
#include "next_client.hpp"
#include "talk.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;

void tell_rust(const Context& context, const Secret& wanted, bool python_uses_it,
               std::ostream& out) {
  const token::Resolution rust = resolve_next_hfrs(context);
  if (!rust.sent_by_default) {
    out << tr("hfrs (Rust) sends no token: HF_HUB_DISABLE_IMPLICIT_TOKEN is set.") << '\n';
  } else if (rust.token.equals(wanted.expose())) {
    if (python_uses_it) out << tr("hfrs (Rust) uses it too.") << '\n';
  } else if (!rust.token.empty()) {
    if (!python_uses_it) return;  // the cure of Python's line is the cure here
    out << filled(tr("hfrs (Rust) uses {0} ({1}) instead."), show_source(rust, context),
                  show_mask(rust.token))
        << '\n';
  } else if (python_uses_it) {
    out << tr("hfrs (Rust) finds no token.") << '\n';
  }
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names)
    list += (list.empty() ? "" : ", ") + redact(name);
  return list;
}

void tell_git(const Context& context, const token::Endpoint& endpoint, const Secret& wanted,
              std::ostream& out) {
  if (!on_path(context.environment, "git")) return;
  const Result<std::vector<std::string>> helpers = git_helpers_for(context, endpoint);
  if (!helpers || helpers->empty()) return;  // git asks for a password, as it always did here
  if (std::any_of(helpers->begin(), helpers->end(), keeps_plain_text)) {
    for (const fs::path& file : token::git_store_files(context.environment, context.paths.home)) {
      const Result<Secret> content = read_secret_file(file);
      if (!content) continue;
      for (const token::PlainCredential& found : token::parse_git_store(content->expose())) {
        if (!found.is_for(endpoint)) continue;
        const std::string where = show_path(file, context.paths.home);
        if (found.password.equals(wanted.expose())) {
          out << filled(tr("git uses it, from {} (plain text)."), where) << '\n';
        } else {
          out << filled(tr("git still uses {0} ({1}); 'hfauth login --add-to-git-credential' "
                           "replaces it."),
                        where, mask_token(found.password.expose()))
              << '\n';
        }
        return;
      }
    }
  }
  out << filled(tr("git asks its own helper ({}); 'hfauth login --add-to-git-credential' gives a "
                   "token to it."),
                joined(*helpers))
      << '\n';
}

/// Worth a line only once everything else is in place.
void tell_javascript(const Context& context, const Secret& wanted, bool python_uses_it,
                     std::ostream& out) {
  if (!python_uses_it || !on_path(context.environment, "node")) return;
  const std::optional<std::string> variable = context.environment.non_empty("HF_TOKEN");
  if (variable && wanted.equals(*variable)) return;
  out << tr("JavaScript programs read HF_TOKEN at best: hfauth exec -- PROGRAM") << '\n';
}

}  // namespace

void tell_other_clients(const Context& context, const token::Endpoint& endpoint,
                        const Secret& wanted, bool python_uses_it, std::ostream& out) {
  tell_rust(context, wanted, python_uses_it, out);
  tell_git(context, endpoint, wanted, out);
  tell_javascript(context, wanted, python_uses_it, out);
}

}  // namespace hfauth::cli
