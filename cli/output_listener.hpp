// SPDX-License-Identifier: Apache-2.0
//
// Reads along what a program prints and recognises messages about authentication in it, on a thread
// of its own, so that the output itself is not held up. Memory is bounded: what waits to be read is
// limited, and whoever feeds more waits.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/diagnose/explain.hpp"

#include <memory>
#include <string_view>

namespace hfauth::cli {

class OutputListener {
 public:
  /// Starts the thread. Signals that the caller has blocked stay blocked in it.
  OutputListener();
  OutputListener(const OutputListener&) = delete;
  OutputListener& operator=(const OutputListener&) = delete;
  ~OutputListener();

  /// Takes a copy. Waits while 16 MiB are unread.
  void feed(std::string_view bytes);

  /// The end of the output: waits for the thread. Errors: those of explain_text, among them
  /// invalid_input for output that is no text. Call once.
  [[nodiscard]] Result<diagnose::Explained> finish();

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace hfauth::cli
