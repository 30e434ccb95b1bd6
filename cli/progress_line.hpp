// SPDX-License-Identifier: Apache-2.0
//
// One line on the terminal that shows how far a long reading is; nothing where standard error is no
// terminal, or with --quiet or a format for programs.
#pragma once

#include "context.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace hfauth::cli {

class ProgressLine {
 public:
  /// `total` in bytes.
  ProgressLine(Context& context, std::string verb, std::uint64_t total);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();  ///< wipes the line

  /// `what` is safe for a terminal. Draws ten times a second at most.
  void advance(std::uint64_t n_bytes, const std::string& what);

 private:
  Context& context_;
  std::string verb_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  bool is_shown_ = false;
  bool is_wanted_;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace hfauth::cli
