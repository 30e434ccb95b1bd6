// SPDX-License-Identifier: Apache-2.0
#include "doctor_git.hpp"

#include "git_objects.hpp"
#include "git_program.hpp"
#include "hfauth/core/cache_folder.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/leaks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace hfauth::cli {
namespace {

using diagnose::ExposedToken;
using diagnose::LeakKind;

constexpr int kCommits = 200;
constexpr std::chrono::milliseconds kLongest{1000};
constexpr std::size_t kMostShown = 32;

ExposedToken exposed_as(const diagnose::Leak& leak, const diagnose::LeakedToken& token) {
  ExposedToken exposed;
  exposed.kind = leak.kind == LeakKind::git_index ? "git index" : "git history";
  exposed.where = leak.where;
  exposed.line = static_cast<int>(leak.line);
  exposed.commit = leak.commit;
  exposed.mask = token.mask;
  exposed.fingerprint = token.fingerprint;
  exposed.tracked = true;
  return exposed;
}

// Many versions of a file have the same token: the commit that brought it is the one to know.
std::vector<ExposedToken> exposed_in(const diagnose::LeakReport& report,
                                     const std::vector<std::string>& commits) {
  std::map<std::string, std::ptrdiff_t> age;
  for (const std::string& commit : commits)
    age.emplace(commit, static_cast<std::ptrdiff_t>(age.size()));
  std::map<std::pair<std::string, std::size_t>, std::size_t> first;  // place and token -> found
  std::vector<ExposedToken> found;
  for (const diagnose::Leak& leak : report.leaks) {
    const bool in_history = leak.kind == LeakKind::git_history;
    if (in_history) {
      const auto [known, is_new] = first.try_emplace({leak.where, leak.token}, found.size());
      if (!is_new) {
        ExposedToken& other = found[known->second];
        if (age[leak.commit] > age[other.commit]) other.commit = leak.commit;
        continue;
      }
    }
    found.push_back(exposed_as(leak, report.tokens[leak.token]));
  }
  std::stable_sort(found.begin(), found.end(), [](const ExposedToken& a, const ExposedToken& b) {
    return std::pair(a.kind == "git history", a.where) <
           std::pair(b.kind == "git history", b.where);
  });
  found.resize(std::min(found.size(), kMostShown));
  return found;
}

// Tokens in git say nothing on whether the one in use works, so the answer does not wait for them.
void tell_rest(const ObjectSearch& search, std::vector<diagnose::Incomplete>& incomplete) {
  if (search.is_late) {
    incomplete.push_back(
        {"HFA903",
         fmt::format(fmt::runtime(tr("{} files that git keeps were not searched for tokens within "
                                     "{} s; the next run goes on")),
                     search.n_unread,
                     std::chrono::duration_cast<std::chrono::seconds>(kLongest).count()),
         "", false});
  }
  if (!search.problem.empty()) incomplete.push_back({"HFA903", search.problem, "", false});
}

}  // namespace

std::function<diagnose::GitLeaks(const std::filesystem::path& folder)> git_leaks(
    const Environment& environment, const UserPaths& paths, const Fingerprinter& fingerprinter) {
  return [environment, cache = cache_folder(paths.home, environment),
          &fingerprinter](const std::filesystem::path& folder) {
    diagnose::GitLeaks leaks;
    const std::string root = git_root(environment, folder, kLongest);
    if (root.empty()) return leaks;
    diagnose::LeakScan scan(fingerprinter);
    SeenObjects seen(cache / "git-objects-without-tokens");
    const ObjectSearch search = search_objects(scan, seen, environment, root, kCommits, kLongest);
    (void)seen.save();  // a cache that cannot be written costs the next run some time
    leaks.exposed = exposed_in(std::move(scan).finish(), search.commits);
    tell_rest(search, leaks.incomplete);
    return leaks;
  };
}

}  // namespace hfauth::cli
