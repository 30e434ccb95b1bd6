// SPDX-License-Identifier: Apache-2.0
//
// The table of commands: help, completions, suggestions and dispatch read nothing else.
// A new command: one file with its `const Command`, one declaration here, one row in commands.cpp.
#pragma once

#include "command.hpp"

#include <span>
#include <string_view>

namespace hfauth::cli {

extern const Command kAuditCommand;
extern const Command kCacheLsCommand;
extern const Command kCacheOfflineCommand;
extern const Command kCachePruneCommand;
extern const Command kCacheVerifyCommand;
extern const Command kCacheWhyCommand;
extern const Command kDoctorCommand;
extern const Command kDownloadCommand;
extern const Command kEnvCommand;
extern const Command kExecCommand;
extern const Command kExplainCommand;
extern const Command kScanCommand;
extern const Command kExportCommand;
extern const Command kGitCredentialCommand;
extern const Command kHelpCommand;
extern const Command kImportCommand;
extern const Command kListCommand;
extern const Command kLockCommand;
extern const Command kLoginCommand;
extern const Command kLogoutCommand;
extern const Command kPsCommand;
extern const Command kRevokeCommand;
extern const Command kRouteAddCommand;
extern const Command kRouteListCommand;
extern const Command kRouteRemoveCommand;
extern const Command kShutdownCommand;
extern const Command kStatusCommand;
extern const Command kStoreMigrateCommand;
extern const Command kStorePassphraseCommand;
extern const Command kStoreStatusCommand;
extern const Command kSwitchCommand;
extern const Command kTokenCommand;
extern const Command kTokenizeCommand;
extern const Command kUndoCommand;
extern const Command kUnlockCommand;
extern const Command kVersionCommand;
extern const Command kWhichCommand;
extern const Command kWhoamiCommand;

/// In the order in which help shows them.
[[nodiscard]] std::span<const Command* const> commands() noexcept;

/// Whether `word` is the first of two words that name a command: "cache" of "cache ls".
[[nodiscard]] bool is_group(std::string_view word) noexcept;

/// The command with this name or alias ("ls" is "list"); nullptr if there is none.
[[nodiscard]] const Command* find_command(std::string_view name) noexcept;

}  // namespace hfauth::cli
