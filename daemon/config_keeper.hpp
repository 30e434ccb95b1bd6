// SPDX-License-Identifier: Apache-2.0
//
// The rules that hold: those of the file, or, while that is wrong, those that held before, also
// over a restart of the agent (a copy of the last good file is kept in the state folder). If an
// agent begins with a wrong file and no such copy, nobody knows what the rules were: no token is
// given until the file is mended. read() blocks and may be called on the worker; the rest lives on
// the loop.
#pragma once

#include "config.hpp"

#include <filesystem>
#include <string>

namespace hfauth::daemon {

class ConfigKeeper {
 public:
  struct Files {
    std::filesystem::path config;     ///< <config>/config.toml
    std::filesystem::path last_good;  ///< <state>/config.last-good.toml
  };

  explicit ConfigKeeper(Files files) : files_(std::move(files)) {}

  /// The file, and a copy of it put aside if it is good. Errors: as read_config() and
  /// parse_config().
  [[nodiscard]] static Result<Config> read(const Files& files);

  [[nodiscard]] const Files& files() const noexcept { return files_; }

  /// The first time, before anybody is served: a wrong file gives the last good one, and without
  /// that nothing is known(). Blocks.
  void start();

  /// What read() gave. False: the rules before it hold.
  bool take(Result<Config> read);

  [[nodiscard]] const Config& config() const noexcept { return config_; }

  /// Whether config() is what the user wants, now or before.
  [[nodiscard]] bool known() const noexcept { return known_; }

  /// "ok", "none", what is wrong, or, if nothing is known, "closed: " and what is wrong.
  [[nodiscard]] const std::string& state() const noexcept { return state_; }

 private:
  Files files_;
  Config config_;
  std::string state_ = "none";
  bool known_ = true;
};

}  // namespace hfauth::daemon
