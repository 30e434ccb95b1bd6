// SPDX-License-Identifier: Apache-2.0
//
// running_ is true from a step's begin to the end of its finish, so a step that submits another
// only queues it.
#include "store_queue.hpp"

#include <memory>
#include <utility>

namespace hfauth::daemon {

void StoreQueue::submit(StoreStep step) {
  steps_.push_back(std::move(step));
  if (!running_) advance();
}

void StoreQueue::advance() {
  running_ = true;
  while (!steps_.empty()) {
    auto step = std::make_shared<StoreStep>(std::move(steps_.front()));
    steps_.pop_front();
    if (!step->begin()) continue;
    worker_.run([step] { step->work(); },
                [this, step] {
                  step->finish();
                  advance();
                });
    return;
  }
  running_ = false;
}

}  // namespace hfauth::daemon
