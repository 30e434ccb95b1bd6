// SPDX-License-Identifier: Apache-2.0
//
// How far a download is, on the error stream: one line that is redrawn in place on a terminal, a
// line now and then elsewhere, nothing with --quiet.
#pragma once

#include "context.hpp"
#include "hfauth/hub/download.hpp"

#include <chrono>
#include <string>

namespace hfauth::cli {

/// The bar's line: at most `columns` wide, whatever the words' script. Pure.
[[nodiscard]] std::string progress_line(const hub::DownloadProgress& progress,
                                        std::chrono::milliseconds elapsed, std::size_t columns,
                                        bool ascii);

class ProgressBar {
 public:
  explicit ProgressBar(const Context& context);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();  ///< takes the bar away

  void show(const hub::DownloadProgress& progress);

  /// A sentence above the bar.
  void say(const std::string& text);

 private:
  void take_away();

  const Context& context_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point next_;  ///< when a line is due that is no bar
  std::size_t columns_;
  std::string shown_;
};

}  // namespace hfauth::cli
