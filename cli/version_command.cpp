// SPDX-License-Identifier: Apache-2.0
//
// hfauth version, and --version.
#include "commands.hpp"
#include "hfauth/core/translate.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

int run(const po::variables_map& /*values*/, Context& context) {
  if (context.format == Format::json) {
    context.out << R"({"name":"hfauth","version":")" HFAUTH_VERSION "\"}\n";
  } else if (context.format == Format::quiet) {
    context.out << HFAUTH_VERSION "\n";
  } else {
    context.out << "hfauth " HFAUTH_VERSION "\n";
  }
  return 0;
}

}  // namespace

const Command kVersionCommand{
    .name = "version",
    .usage = "",
    .summary = tr_later("Print the version"),
    .describe = [](po::options_description& /*options*/,
                   po::positional_options_description& /*positional*/) {},
    .run = run,
    .needs_home = false,
};

}  // namespace hfauth::cli
