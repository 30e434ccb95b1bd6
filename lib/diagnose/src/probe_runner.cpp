// SPDX-License-Identifier: Apache-2.0
//
// A part is shared between its thread and the runner: whoever is last frees it. A thread that did
// not end in time is detached; its part is never looked at again.
#include "probe_runner.hpp"

#include "hfauth/core/mask.hpp"
#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

namespace hfauth::diagnose {
namespace {

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Each list is filled by one probe alone, but for values and what is incomplete.
void take_over(Facts& from, Facts& to) {
  append(to.values, from.values);
  append(to.incomplete, from.incomplete);
  append(to.files, from.files);
  append(to.setting_lines, from.setting_lines);
  append(to.programs, from.programs);
  for (PythonFacts& python : from.pythons) {  // several probes come across the same one
    if (std::none_of(to.pythons.begin(), to.pythons.end(),
                     [&](const PythonFacts& known) { return known.prefix == python.prefix; })) {
      to.pythons.push_back(std::move(python));
    }
  }
  append(to.sessions, from.sessions);
  append(to.services, from.services);
  append(to.netrc, from.netrc);
  append(to.folders, from.folders);
  append(to.exposed, from.exposed);
  append(to.said, from.said);
  append(to.scripts, from.scripts);
  append(to.git.helpers, from.git.helpers);
  append(to.git.stored, from.git.stored);
  append(to.git.remotes, from.git.remotes);
  to.runtime.below_kernel = to.runtime.below_kernel || from.runtime.below_kernel;
  to.git.in_hub_clone = to.git.in_hub_clone || from.git.in_hub_clone;
  if (!from.stored.path.empty()) {
    to.stored = std::move(from.stored);
  }
}

}  // namespace

struct ProbeRunner::Part {
  std::string name;
  Facts facts;
  Secrets secrets;
  std::string fault;  ///< of an exception
  bool ended = false;
  std::mutex mutex;
  std::condition_variable changed;
  std::thread thread;
};

ProbeRunner::ProbeRunner(const Facts& base) : base_(base) {
  base_.values.clear();
  base_.incomplete.clear();
}

ProbeRunner::~ProbeRunner() {
  for (const std::shared_ptr<Part>& part : parts_) {
    if (part->thread.joinable()) {
      part->thread.detach();
    }
  }
}

void ProbeRunner::start(std::string name, Work work) {
  auto part = std::make_shared<Part>();
  part->name = std::move(name);
  part->facts = base_;
  part->thread = std::thread([part, work = std::move(work)] {
    std::string fault;
    try {
      work(part->facts, part->secrets);
    } catch (const std::exception& failure) {  // a bug of one probe must not take the others along
      fault = failure.what();
    }
    const std::lock_guard lock(part->mutex);
    part->fault = std::move(fault);
    part->ended = true;
    part->changed.notify_all();
  });
  parts_.push_back(std::move(part));
}

void ProbeRunner::finish(std::chrono::milliseconds longest, Facts& facts, Secrets& secrets) {
  const auto deadline = std::chrono::steady_clock::now() + longest;
  for (const std::shared_ptr<Part>& part : parts_) {
    std::unique_lock lock(part->mutex);
    if (!part->changed.wait_until(lock, deadline, [&part] { return part->ended; })) {
      facts.incomplete.push_back(
          {"HFA001",
           fmt::format(fmt::runtime(tr("the probe {0} did not end within {1} s")), part->name,
                       std::chrono::duration_cast<std::chrono::seconds>(longest).count()),
           ""});
      continue;
    }
    lock.unlock();
    part->thread.join();
    if (!part->fault.empty()) {
      facts.incomplete.push_back({"HFA002",
                                  fmt::format(fmt::runtime(tr("the probe {0} failed: {1}")),
                                              part->name, redact(part->fault)),
                                  ""});
    }
    take_over(part->facts, facts);
    secrets.merge(part->secrets);
  }
}

}  // namespace hfauth::diagnose
