// SPDX-License-Identifier: Apache-2.0
//
// Taking tokens out of the plain-text files that they were imported from. Every file is copied into
// hfauth's state directory first, so that a mistake can be undone.
#pragma once

#include "context.hpp"
#include "plain_tokens.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace hfauth::cli {

/// One file that was changed or removed.
struct PlainRemoval {
  std::filesystem::path file;
  std::filesystem::path backup;  ///< the file as it was, 0600, in state/backups (0700)
  bool file_is_gone = false;     ///< nothing else was in it
};

/// Removes `tokens`, all of one file, from it: `token` goes whole; of stored_tokens the sections,
/// under the clients' own lock; of git's store and a netrc the entries, everything else byte for
/// byte. The file must still be as it was read: a token that is not there any more is passed over.
/// Errors: conflict (a symbolic link, which somebody else manages; hfrs's JSON with further
/// tokens), timeout (the lock), permission, io, no_space. On an error the file is as it was.
[[nodiscard]] Result<PlainRemoval> remove_plain(const Context& context,
                                                const token::Endpoint& endpoint,
                                                const std::vector<const PlainToken*>& tokens);

}  // namespace hfauth::cli
