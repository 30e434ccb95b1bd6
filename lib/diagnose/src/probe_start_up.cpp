// SPDX-License-Identifier: Apache-2.0
//
// The lines of start-up files that set a variable of the Hub's clients, and those that hold a
// token: the name, the place and a mask, never the line.
#include "exposed_text.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "probes.hpp"
#include "start_up_files.hpp"

#include <sys/stat.h>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kMostLines = 256;  // of all files; more of them are the same story

void look_at_line(const ProbeInput& input, const StartUpFile& file, int number,
                  std::string_view line, std::uint32_t mode, Facts& facts, Secrets& secrets) {
  const std::string variable = variable_set_by(line, file.notation);
  if (!variable.empty() && facts.setting_lines.size() < kMostLines) {
    facts.setting_lines.push_back({file.path.string(), number, variable});
  }
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos || line[begin] == '#') {
    return;
  }
  for (const std::string_view token : tokens_in(line)) {
    if (facts.exposed.size() == kMostLines) {
      return;
    }
    const HeldToken held = held_token(input, token, secrets);
    ExposedToken exposed;
    exposed.kind = "dotfile";
    exposed.where = file.path.string();
    exposed.line = number;
    exposed.variable = variable;
    exposed.mask = held.mask;
    exposed.fingerprint = held.fingerprint;
    exposed.mode = mode;
    facts.exposed.push_back(std::move(exposed));
  }
}

void look_at(const ProbeInput& input, const StartUpFile& file, Facts& facts, Secrets& secrets) {
  const Result<Secret> content = read_secret_file(file.path);

  struct stat status {};

  if (!content || stat(file.path.c_str(), &status) != 0) {
    return;  // missing or not ours to read: no line to show, and no finding depends on it
  }
  std::string_view rest = content->expose();
  for (int number = 1; !rest.empty(); ++number) {
    const std::string_view line = take_until(rest, '\n');
    look_at_line(input, file, number, line, status.st_mode & 07777U, facts, secrets);
  }
}

}  // namespace

void probe_setting_lines(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  for (const StartUpFile& file : start_up_files(input)) {
    look_at(input, file, facts, secrets);
  }
}

}  // namespace hfauth::diagnose
