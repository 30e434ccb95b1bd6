// SPDX-License-Identifier: Apache-2.0
#include "git_program.hpp"

#include "child_process.hpp"

#include <iterator>

namespace hfauth::cli {

std::vector<std::string> git_words(const std::filesystem::path& folder,
                                   std::vector<std::string> words) {
  std::vector<std::string> all{"git",
                               "-C",
                               folder.string(),
                               "--no-pager",
                               "--no-optional-locks",
                               "--no-replace-objects",
                               "-c",
                               "core.fsmonitor=false",
                               "-c",
                               "core.hooksPath=/dev/null",
                               "-c",
                               "log.showSignature=false",
                               "-c",
                               "core.quotePath=false",
                               "-c",
                               "submodule.recurse=false"};
  all.insert(all.end(), std::make_move_iterator(words.begin()),
             std::make_move_iterator(words.end()));
  return all;
}

Environment git_environment(Environment environment) {
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXTERNAL_DIFF",
                           "GIT_TRACE", "GIT_TRACE_CURL", "GIT_CONFIG_COUNT"}) {
    environment.unset(name);
  }
  environment.set("GIT_TERMINAL_PROMPT", "0");
  environment.set("GIT_NO_LAZY_FETCH", "1");
  environment.set("GIT_ALLOW_PROTOCOL", "none");  // the same for git before 2.44
  environment.set("LC_ALL", "C");
  return environment;
}

std::string git_root(const Environment& environment, const std::filesystem::path& folder,
                     std::chrono::milliseconds longest) {
  const Result<ChildResult> root = run_child(git_words(folder, {"rev-parse", "--show-toplevel"}),
                                             git_environment(environment), "", longest);
  if (!root || root->status != 0) return "";
  return root->output.substr(0, root->output.find('\n'));
}

}  // namespace hfauth::cli
