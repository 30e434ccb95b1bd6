// SPDX-License-Identifier: Apache-2.0
//
// The one way in which a command says that it failed.
#include "command.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/utf8.hpp"
#include "json_output.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {

int fail(Context& context, std::string_view command, const Error& error) {
  std::string detail =
      redact(error.detail.empty() ? std::string(name_of(error.code)) : error.detail);
  std::replace_if(
      detail.begin(), detail.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  detail = utf8::visible(detail);  // it may quote a file, a variable or a server
  context.out.flush();
  if (context.format == Format::json) {
    context.err << json_of_error(command, error.code, detail);
    context.err.flush();
    return exit_status(error.code);
  }
  context.err << "hfauth" << (command.empty() ? "" : " ") << command << ": " << detail << '\n';
  context.err.flush();
  return exit_status(error.code);
}

}  // namespace hfauth::cli
