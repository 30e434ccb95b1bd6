// SPDX-License-Identifier: Apache-2.0
//
// Making the change of a repair to a file: read and judged first, shown as a diff, written at once
// or not at all. A file is left alone that is another user's, has several names, lies in a folder
// that others may write to, or is not as it was when it was judged. Links are followed and stay;
// mode and group of a file stay. huggingface_hub's stored_tokens is changed under its own lock.
// Blocks on the file system, and up to 5 s for that lock.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/diagnose/finding.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// A change that was judged and can be made. Holds the file's content, which may hold tokens.
struct FileEdit {
  FixChange change;
  std::filesystem::path file;  ///< behind all links
  Secret before;
  Secret after;  ///< the same as `before` where the content stays
  mode_t mode_before = 0;
  mode_t mode_after = 0;
  std::filesystem::path moved_to;  ///< of move_aside; else empty
  bool creates = false;            ///< there is no file yet; mode_before says nothing
  bool mode_alone = false;         ///< the content was not read; before and after are empty
};

/// No file that a person or a client writes is longer: histories and notebooks are the longest.
inline constexpr std::size_t kLongestEdited = std::size_t{16} << 20;

/// Reads the file. `note` stands in front of a line that is commented out: "hfauth doctor, HFA101".
/// Errors: denied (another user's, or in an unsafe folder), conflict (not as it was judged; several
/// names; part of a longer command; nothing to change), invalid_input (no token can be made of it),
/// not_found, permission, too_large, io.
[[nodiscard]] Result<FileEdit> prepare_edit(const FixChange& change, std::string_view note);

/// Unified, with 3 lines of context, `shown` as the file's name; tokens are masked. A change of
/// mode is told as git does.
[[nodiscard]] std::string diff_of(const FileEdit& edit, std::string_view shown);

/// Errors: conflict (the file was changed since), denied, permission, no_space, io.
[[nodiscard]] Result<void> apply_edit(const FileEdit& edit);

/// The way back: `content` and `mode` for a file that must still be as apply_edit() left it, which
/// the BLAKE2b hash `expected` tells; "": the mode alone goes back. Errors: as above.
[[nodiscard]] Result<void> restore_file(const std::filesystem::path& file, std::string_view content,
                                        mode_t mode, std::string_view expected);

/// The way back of an edit that made the file: it goes, if it is as it was made. Errors: as above.
[[nodiscard]] Result<void> remove_made_file(const std::filesystem::path& file,
                                            std::string_view expected);

}  // namespace hfauth::diagnose
