// SPDX-License-Identifier: Apache-2.0
//
// Local probes beside each other, each on a thread of its own with facts of its own, so that one
// that hangs on a dead mount or fails keeps nobody else from an answer. What it would have found is
// then unknown, and listed as such.
#pragma once

#include "probes.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hfauth::diagnose {

class ProbeRunner {
 public:
  /// Reads the facts that it is given, adds to them, and keeps raw tokens in the secrets.
  using Work = std::function<void(Facts& facts, Secrets& secrets)>;

  /// `base`: what every probe may read. Copied.
  explicit ProbeRunner(const Facts& base);
  ~ProbeRunner();
  ProbeRunner(const ProbeRunner&) = delete;
  ProbeRunner& operator=(const ProbeRunner&) = delete;

  /// What `work` refers to must live as long as the process: a probe that hangs is left behind.
  void start(std::string name, Work work);

  /// Waits until all have ended, `longest` at most, and adds what they found. Called once.
  void finish(std::chrono::milliseconds longest, Facts& facts, Secrets& secrets);

 private:
  struct Part;
  Facts base_;
  std::vector<std::shared_ptr<Part>> parts_;
};

}  // namespace hfauth::diagnose
