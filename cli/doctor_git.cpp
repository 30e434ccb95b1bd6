// SPDX-License-Identifier: Apache-2.0
#include "doctor_git.hpp"

#include "hfauth/diagnose/leaks.hpp"
#include "scan_git.hpp"

#include <system_error>
#include <utility>

namespace hfauth::cli {
namespace {

using diagnose::ExposedToken;
using diagnose::LeakKind;

constexpr GitScanLimits kLimits{
    .history = true, .longest = std::chrono::milliseconds(1000), .commits = 200};
constexpr std::size_t kMostShown = 32;

bool is_in_work_tree(std::filesystem::path folder) {
  std::error_code ignored;
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / ".git", ignored)) return true;
    if (folder == folder.parent_path()) break;
  }
  return false;
}

// Remotes are the doctor's own: HFA810.
std::vector<ExposedToken> exposed_in(const diagnose::LeakReport& report) {
  std::vector<ExposedToken> found;
  for (const diagnose::Leak& leak : report.leaks) {
    const bool in_index = leak.kind == LeakKind::git_index;
    if ((!in_index && leak.kind != LeakKind::git_history) || found.size() == kMostShown) continue;
    const diagnose::LeakedToken& token = report.tokens[leak.token];
    ExposedToken exposed;
    exposed.kind = in_index ? "git index" : "git history";
    exposed.where = leak.where;
    exposed.line = static_cast<int>(leak.line);
    exposed.commit = leak.commit;
    exposed.mask = token.mask;
    exposed.fingerprint = token.fingerprint;
    exposed.tracked = true;
    found.push_back(std::move(exposed));
  }
  return found;
}

}  // namespace

std::function<std::vector<ExposedToken>(const std::filesystem::path& folder)> git_leaks(
    const Environment& environment, const Fingerprinter& fingerprinter) {
  return [environment, &fingerprinter](const std::filesystem::path& folder) {
    if (!is_in_work_tree(folder)) return std::vector<ExposedToken>();
    diagnose::LeakScan scan(fingerprinter);
    scan_git(scan, environment, folder, kLimits);
    return exposed_in(std::move(scan).finish());
  };
}

}  // namespace hfauth::cli
