// SPDX-License-Identifier: Apache-2.0
//
// hfauth: takes what the process was given, hands it to the command line, and is the door at which
// exceptions end.
#include "command_line.hpp"
#include "hfauth/core/core_dumps.hpp"
#include "hfauth/core/mask.hpp"

#include <exception>
#include <iostream>
#include <string_view>

int main(int argc, char** argv) {
  hfauth::forbid_core_dumps();
  try {
    std::ios::sync_with_stdio(false);
    std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    const std::string_view name = argc > 0 ? argv[0] : "";
    if (name.substr(name.rfind('/') + 1) == "git-credential-hfauth")
      words.insert(words.begin(), "git-credential");
    const hfauth::Environment environment = hfauth::Environment::of_process();
    const hfauth::Result<hfauth::UserPaths> paths = hfauth::UserPaths::from(environment);
    return hfauth::cli::run_command_line(words, environment, paths,
                                         {std::cin, std::cout, std::cerr});
  } catch (const std::exception& bug) {
    std::cerr << "hfauth: internal error: " << hfauth::redact(bug.what())
              << "; please report it with the command that you ran\n";
    return hfauth::exit_status(hfauth::Errc::internal);
  }
}
