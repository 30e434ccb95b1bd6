// SPDX-License-Identifier: Apache-2.0
#include "config_keeper.hpp"

#include "hfauth/agent/rules_client.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/paths.hpp"
#include "log.hpp"

namespace hfauth::daemon {
namespace {

/// A copy that is there already is not written again: reloading is no reason to touch the disk.
void keep_copy(const std::filesystem::path& copy, const std::string& text) {
  if (const Result<std::string> kept = read_file(copy, kMaxConfigBytes); kept && *kept == text)
    return;
  Result<void> written = make_private_directory(copy.parent_path());
  if (written) written = write_file_atomically(copy, text, 0600, Durability::renamed);
  if (!written) {
    log_line(LogLevel::warning,
             "the rules would not outlive a mistake in the file: " + written.error().detail);
  }
}

}  // namespace

Result<Config> ConfigKeeper::read(const Files& files) {
  const Result<std::string> text = read_config(files.config);
  if (!text) {
    // Taken away on purpose: the rules go with it.
    std::error_code ignored;
    if (text.error().code == Errc::not_found) std::filesystem::remove(files.last_good, ignored);
    return text.error();
  }
  Result<Config> config = parse_config(*text, files.config.filename().native());
  if (config) keep_copy(files.last_good, *text);
  return config;
}

void ConfigKeeper::start() {
  Result<Config> now = read(files_);
  if (!now && now.error().code != Errc::not_found) {
    const Result<std::string> text = read_file(files_.last_good, kMaxConfigBytes);
    Result<Config> before = text ? parse_config(*text, files_.config.filename().native())
                                 : Result<Config>(text.error());
    known_ = before.has_value();
    if (before) config_ = std::move(*before);
  }
  take(std::move(now));
}

bool ConfigKeeper::take(Result<Config> read) {
  if (read) {
    config_ = std::move(*read);
    known_ = true;
    state_ = "ok";
    return true;
  }
  if (read.error().code == Errc::not_found) {
    config_ = Config();
    known_ = true;
    state_ = "none";
    return true;
  }
  const std::string told = std::string(known_ ? "" : agent::kClosed) + read.error().detail;
  if (state_ != told) {
    log_line(LogLevel::warning,
             (known_ ? "the rules before hold: " : "no token is given: ") + read.error().detail);
  }
  state_ = told;
  return false;
}

}  // namespace hfauth::daemon
