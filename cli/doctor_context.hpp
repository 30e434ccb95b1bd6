// SPDX-License-Identifier: Apache-2.0
//
// hfauth doctor --context: the machine as another program sees it: a running process, a unit of
// systemd, a job of cron, a command behind sudo, a container. What such a place cannot be asked
// about is noted as unknown; "there is no token" is never said of what could not be read.
#pragma once

#include "context.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/diagnose/facts.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

struct SeenContext {
  std::string name;  ///< as it is shown: "pid:4242", "systemd:train.service"
  Environment environment;
  std::filesystem::path home;
  std::filesystem::path working_directory;
  std::string interpreter;                    ///< of its Python, absolute; "" for that of its PATH
  std::vector<diagnose::Incomplete> unknown;  ///< what it could not be asked
  /// As ProbeInput::on_host.
  std::function<std::optional<std::filesystem::path>(const std::filesystem::path&)> on_host;
  bool foreign = false;   ///< another user's
  bool has_agent = true;  ///< it reaches the agent of the user who asks
};

/// Whether the word names a context: "pid:4242", "systemd:UNIT", "cron", "sudo", "container:ID".
[[nodiscard]] bool names_context(std::string_view word);

/// Looks into it; changes nothing, starts nothing there. Errors: usage (no such kind), not_found
/// (no such process, unit or container), permission (another user's process), unsupported (the
/// program that knows of such contexts is not here), and those of running it.
[[nodiscard]] Result<SeenContext> look_into(std::string_view word, const Context& context);

// context_systemd.cpp, context_container.cpp: the argument is what stands behind the colon.
[[nodiscard]] Result<SeenContext> look_into_unit(std::string_view word, const Context& context);
[[nodiscard]] Result<SeenContext> look_into_container(std::string_view word,
                                                      const Context& context);

/// An entry of SeenContext::unknown.
[[nodiscard]] diagnose::Incomplete not_known(std::string reason);

}  // namespace hfauth::cli
