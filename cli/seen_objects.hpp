// SPDX-License-Identifier: Apache-2.0
//
// Which of git's objects were read before and hold no token, so that the doctor reads each once. An
// object's id is a hash of its content, so what was true of it stays true; what a token looks like
// is part of the file's first line, and another version of that begins anew. The file holds the
// halves of ids and nothing else: no path, no name of a repository, nothing of what holds a token.
// One that is damaged, foreign or cannot be written costs time, never a finding. Several processes
// may use it: the last writer wins. Not thread-safe.
#pragma once

#include "hfauth/core/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>

namespace hfauth::cli {

class SeenObjects {
 public:
  /// 4 MiB of file: more than the objects that the doctor looks at in most repositories of a
  /// machine together. What would make it larger begins anew with the objects of this run.
  static constexpr std::size_t kMost = 250'000;

  /// Reads `file`, if there is one. `most` is for tests.
  explicit SeenObjects(std::filesystem::path file, std::size_t most = kMost);

  /// Whether the object with this id (40 or 64 hexadecimal digits) was noted, in this run or an
  /// earlier one.
  [[nodiscard]] bool contains(std::string_view id);

  /// It was read, and no token is in it. What is no id is ignored.
  void note(std::string_view id);

  /// Writes the file if something was noted (0600, in a folder of ours). Errors: permission,
  /// denied, no_space, io; the caller may go on without.
  [[nodiscard]] Result<void> save();

 private:
  [[nodiscard]] bool was_known(const std::string& half) const;

  std::filesystem::path file_;
  std::size_t most_;
  std::string known_;  ///< records of earlier runs, in order
  std::unordered_set<std::string> new_;
  std::unordered_set<std::string> used_;  ///< those of known_ that were asked for
};

}  // namespace hfauth::cli
