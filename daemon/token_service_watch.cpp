// SPDX-License-Identifier: Apache-2.0
//
// The part of TokenService that follows a store which others can change or take away: another agent
// over the same home writes the vault, a keyring ends, freezes or is locked. Tokens that are in
// memory go on being given; what is wrong stands in Status.
#include "limits.hpp"
#include "log.hpp"
#include "store_stamp.hpp"
#include "token_service.hpp"

#include <sys/stat.h>

#include <memory>

namespace hfauth::daemon {
namespace {

std::string stamp_of(const std::filesystem::path& file) {
  struct stat seen {};

  if (stat(file.c_str(), &seen) != 0) return "-";
  return std::to_string(seen.st_dev) + ' ' + std::to_string(seen.st_ino) + ' ' +
         std::to_string(seen.st_size) + ' ' + std::to_string(seen.st_mtim.tv_sec) + ' ' +
         std::to_string(seen.st_mtim.tv_nsec);
}

}  // namespace

std::string stamp_of_files(const std::filesystem::path& store,
                           const std::filesystem::path& settings) {
  if (store.empty()) return "";
  return stamp_of(store) + " / " + stamp_of(settings);
}

std::string TokenService::store_state() const {
  if (user_locked_ || state_ == State::store_locked) return "locked";
  if (state_ != State::open) return failure_.detail;
  if (!description_.trouble.empty()) return description_.trouble;
  if (description_.locked) return "locked; tokens that were read before are given from memory";
  return "ok";
}

/// Our own changes are noticed too, and read once more: cheaper than to know whose a change was.
void TokenService::load_again_if_changed() {
  if (description_.file.empty()) return;
  const MonotonicTime now = clock_.monotonic();
  if (looked_at_ && now < *looked_at_ + kStoreLook) return;
  looked_at_ = now;
  if (stamp_of_files(description_.file, files_.settings) == stamp_) return;
  load_queued_ = true;
  auto load = std::make_shared<Load>();
  queue_.submit({.begin =
                     [this] {
                       load_queued_ = !user_locked_ && state_ == State::open;
                       return load_queued_;
                     },
                 .work = [this, load] { read_records(*load); },
                 .finish =
                     [this, load] {
                       load_queued_ = false;
                       if (load->error) {
                         // What is in memory was right a moment ago, and is still given.
                         description_.trouble = load->error->detail;
                         log_line(LogLevel::warning, "store: " + load->error->detail);
                         stamp_ = std::move(load->stamp);
                         return;
                       }
                       take_over(*load);
                     }});
}

void TokenService::when_checked(std::function<void()> then) {
  if (state_ == State::failed || state_ == State::store_locked) {
    when_loaded(std::move(then));
    return;
  }
  const MonotonicTime now = clock_.monotonic();
  const bool is_due = state_ == State::open && !user_locked_ && description_.comes_and_goes &&
                      (!checked_at_ || now >= *checked_at_ + kStoreCheck);
  if (!is_due) {
    then();
    return;
  }
  auto seen = std::make_shared<store::StoreDescription>();
  queue_.submit({.begin =
                     [this, then] {
                       if (state_ == State::open && !user_locked_) return true;
                       then();
                       return false;
                     },
                 .work =
                     [this, seen] {
                       if (store_ != nullptr) *seen = store_->describe();
                     },
                 .finish =
                     [this, seen, then] {
                       checked_at_ = clock_.monotonic();
                       if (!seen->name.empty()) description_ = std::move(*seen);
                       then();
                     }});
}

}  // namespace hfauth::daemon
