// SPDX-License-Identifier: Apache-2.0
//
// The table itself.
#include "commands.hpp"

#include <algorithm>
#include <array>

namespace hfauth::cli {

std::span<const Command* const> commands() noexcept {
  static constexpr std::array kTable{
      &kLoginCommand,         &kLogoutCommand,      &kWhoamiCommand,       &kTokenizeCommand,
      &kDownloadCommand,      &kListCommand,        &kSwitchCommand,       &kTokenCommand,
      &kWhichCommand,         &kRouteAddCommand,    &kRouteListCommand,    &kRouteRemoveCommand,
      &kGitCredentialCommand, &kRevokeCommand,      &kImportCommand,       &kExportCommand,
      &kExecCommand,          &kEnvCommand,         &kDoctorCommand,       &kUndoCommand,
      &kExplainCommand,       &kScanCommand,        &kPsCommand,           &kStatusCommand,
      &kAuditCommand,         &kStoreStatusCommand, &kStoreMigrateCommand, &kStorePassphraseCommand,
      &kLockCommand,          &kUnlockCommand,      &kShutdownCommand,     &kCacheLsCommand,
      &kCacheVerifyCommand,   &kCacheWhyCommand,    &kCacheOfflineCommand, &kCachePruneCommand,
      &kVersionCommand,       &kHelpCommand,
  };
  return kTable;
}

bool is_group(std::string_view word) noexcept {
  const auto begins_with_word = [word](const Command* command) {
    return command->name.size() > word.size() && command->name[word.size()] == ' ' &&
           command->name.starts_with(word);
  };
  return std::any_of(commands().begin(), commands().end(), begins_with_word);
}

const Command* find_command(std::string_view name) noexcept {
  if (name == "ls") name = kListCommand.name;  // as hf has it
  if (name == "cache list") name = kCacheLsCommand.name;
  for (const Command* command : commands()) {
    if (command->name == name) return command;
  }
  return nullptr;
}

}  // namespace hfauth::cli
