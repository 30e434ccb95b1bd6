// SPDX-License-Identifier: Apache-2.0
//
// Collecting the resolver's input from the real machine, and saying what it means for the user.
#include "next_client.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/token/token_text.hpp"
#include "talk.hpp"

#include <ostream>
#include <system_error>
#include <vector>

namespace hfauth::cli {
namespace {

using token::FileState;
using token::Resolution;
using token::TokenSource;

FileState state_of(const std::filesystem::path& path) {
  FileState state;
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (status.type() == std::filesystem::file_type::directory) {
    state.kind = FileState::Kind::not_a_file;
    return state;
  }
  Result<std::string> content = read_file(path);
  if (content) {
    state.kind = FileState::Kind::readable;
    state.content = std::move(*content);
  } else if (content.error().code != Errc::not_found) {
    state.kind = FileState::Kind::unreadable;
  }
  return state;
}

/// Wipes the copies of token files that the resolver was given.
class WipedInput {
 public:
  token::ResolverInput value;

  explicit WipedInput(const Context& context) {
    std::error_code failed;
    value.environment = context.environment;
    value.home = context.paths.home;
    value.working_directory = std::filesystem::current_path(failed);
    if (failed) value.working_directory = "/";  // a deleted folder: relative paths lead nowhere
  }

  WipedInput(const WipedInput&) = delete;
  WipedInput& operator=(const WipedInput&) = delete;

  ~WipedInput() {
    for (auto& [path, state] : value.files)
      wipe(state.content);
  }
};

bool is_variable(TokenSource source) {
  return source == TokenSource::env_hf_token || source == TokenSource::env_legacy;
}

void tell_other_token(const Resolution& next, const Context& context, std::ostream& out) {
  const std::string source = show_source(next, context);
  const std::string mask = show_mask(next.token);
  if (is_variable(next.source)) {
    out << filled(tr("Python still uses {0} ({1}): the variable hides this token (HFA101). Now: "
                     "unset {0}"),
                  source, mask)
        << '\n';
    return;
  }
  out << filled(tr("Python still uses {0} ({1}). In this shell: eval \"$(hfauth env)\""), source,
                mask)
      << '\n';
}

}  // namespace

Resolution resolve_next_client(const Context& context) {
  const token::ClientVersion newest;
  WipedInput input(context);
  for (const std::filesystem::path& path : token::token_paths_read(
           context.environment, context.paths.home, input.value.working_directory, newest)) {
    input.value.files.emplace_back(path, state_of(path));
  }
  return token::resolve_huggingface_hub(input.value, newest);
}

Resolution resolve_next_hfrs(const Context& context) {
  WipedInput input(context);
  for (const std::filesystem::path& path : token::token_paths_read_by_hfrs(input.value))
    input.value.files.emplace_back(path, state_of(path));
  return token::resolve_hfrs(input.value);
}

std::string show_source(const Resolution& resolution, const Context& context) {
  if (resolution.where.starts_with('/')) return show_path(resolution.where, context.paths.home);
  return resolution.where.empty() ? std::string(name_of(resolution.source)) : resolution.where;
}

std::string show_mask(const Secret& sent) {
  std::vector<token::TokenFault> repairs;
  const Result<Secret> core = token::accept_token(sent.expose(), repairs);
  return core ? mask_token(core->expose()) : "****";
}

bool tell_next_client(const Context& context, const Secret& wanted, std::ostream& out) {
  const Resolution next = resolve_next_client(context);
  if (next.raises) {
    out << filled(tr("Python would stop with an error at {}; 'hfauth doctor' tells why"),
                  show_source(next, context))
        << '\n';
    return false;
  }
  if (next.token.empty()) {
    out << tr("Python and hf find no token in this shell yet: eval \"$(hfauth env)\"") << '\n'
        << tr("For every new shell, put that line into ~/.bashrc or ~/.zshrc.") << '\n';
    return false;
  }
  if (!next.token.equals(wanted.expose())) {
    tell_other_token(next, context, out);
    return false;
  }
  out << filled(tr("Python and hf in this shell use it, from {}."), show_source(next, context))
      << '\n';
  if (!next.sent_by_default) {
    out << tr("HF_HUB_DISABLE_IMPLICIT_TOKEN is set, so only requests that ask for it carry the "
              "token.")
        << '\n';
  }
  return true;
}

}  // namespace hfauth::cli
