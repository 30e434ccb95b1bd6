// SPDX-License-Identifier: Apache-2.0
//
// What `hfauth doctor --fix` has changed, so that `hfauth undo` can take it back: a folder of our
// own (0700) with, for each change, an entry and the file as it was (both 0600), which may hold a
// token and is sealed with a key that lies elsewhere (docs/decisions/0010-repairs.md). An entry is
// written and synced before the change is made, so that none is lost; after 30 days it goes.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/diagnose/file_edit.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

struct JournalEntry {
  enum class State { begun, done, undone };
  std::string id;  ///< "20261125T150405Z", with "-2" behind it if that is taken
  std::string time;
  std::string finding;
  std::string title;
  std::string file;
  std::string moved_to;  ///< "" unless the file was moved aside
  mode_t mode_before = 0;
  std::string after;  ///< BLAKE2b of the new content, hexadecimal; "" where the mode alone changed
  State state = State::begun;
  bool created = false;        ///< the change made the file
  std::string profile_before;  ///< of make_default: the agent's default then, and now
  std::string profile_after;
};

/// An array of {"id","time","finding","title","file"}: what can be taken back.
[[nodiscard]] std::string json_of(const std::vector<JournalEntry>& entries);

class RepairJournal {
 public:
  explicit RepairJournal(const UserPaths& paths);

  /// Makes the change with its entry. If the change fails, there is no entry. Errors: those of
  /// apply_edit, and of writing the journal.
  [[nodiscard]] Result<JournalEntry> make(const diagnose::FileEdit& edit, std::string_view finding,
                                          std::string_view title, const Clock& clock);

  /// Notes another default of the agent, which the caller makes. Errors: of writing the journal.
  [[nodiscard]] Result<JournalEntry> note_default(std::string_view before, std::string_view after,
                                                  std::string_view finding, std::string_view title,
                                                  const Clock& clock);

  /// Oldest first. An entry that cannot be read is left out. Errors: io, permission.
  [[nodiscard]] Result<std::vector<JournalEntry>> entries() const;

  /// Takes a change back. Errors: conflict (the file is not as the change left it, or the entry is
  /// undone already), those of restore_file.
  [[nodiscard]] Result<void> undo(const JournalEntry& entry);

  /// Says of a noted default that the caller took it back. Errors: of writing the journal.
  [[nodiscard]] Result<void> mark_undone(JournalEntry entry);

  /// Entries that are too old to be taken back go, with what they kept.
  void forget_old(const Clock& clock);

 private:
  [[nodiscard]] std::filesystem::path entry_path(const std::string& id) const;
  [[nodiscard]] std::filesystem::path backup_path(const std::string& id) const;
  /// With an id that is not taken, the time and the words for people; not written yet.
  [[nodiscard]] Result<JournalEntry> new_entry(std::string_view finding, std::string_view title,
                                               const Clock& clock) const;
  [[nodiscard]] Result<void> write(const JournalEntry& entry) const;
  [[nodiscard]] Result<Secret> key() const;  ///< made if there is none
  [[nodiscard]] Result<void> keep(const std::string& id, const Secret& content) const;
  [[nodiscard]] Result<Secret> kept(const std::string& id) const;
  void drop(const std::string& id) const;

  std::filesystem::path folder_;
  std::filesystem::path key_file_;
};

}  // namespace hfauth::cli
