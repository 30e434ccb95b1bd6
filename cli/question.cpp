// SPDX-License-Identifier: Apache-2.0
//
// Questions go to standard error, as all talk; answers come line by line from the terminal's own
// editing. What was typed is never repeated: it may be a token in the wrong place.
#include "question.hpp"

#include "hfauth/core/text_pieces.hpp"
#include "talk.hpp"

#include <algorithm>
#include <charconv>
#include <istream>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr int kTries = 3;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

bool can_ask(const Context& context) noexcept {
  return context.terminal.in_is_terminal && context.terminal.err_is_terminal &&
         context.format == Format::human;
}

std::string ask_line(Context& context, const std::string& question) {
  context.out.flush();
  context.err << question << std::flush;
  std::string line;
  if (!std::getline(context.in, line)) {
    context.err << '\n';
    return {};
  }
  return std::string(trimmed(line, " \t\r"));
}

Result<std::size_t> ask_choice(Context& context, const std::string& question,
                               const std::vector<std::string>& choices) {
  context.err << question << '\n';
  for (std::size_t i = 0; i < choices.size(); ++i)
    context.err << "  " << i + 1 << ") " << choices[i] << '\n';
  for (int tries = 0; tries < kTries && context.in.good(); ++tries) {
    const std::string answer = ask_line(context, tr("Number [1]: "));
    if (answer.empty() && context.in.good()) return std::size_t{0};
    std::size_t number = 0;
    const auto [end, fault] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
    const bool whole = fault == std::errc() && end == answer.data() + answer.size();
    if (whole && number >= 1 && number <= choices.size()) return number - 1;
  }
  return Error{Errc::interrupted, tr("no choice was made")};
}

bool ask_yes(Context& context, const std::string& question) {
  const std::string answer = lower(ask_line(context, question + " " + tr("[y/N]") + " "));
  return answer == "y" || answer == "yes" || (!answer.empty() && answer == tr("yes"));
}

}  // namespace hfauth::cli
