// SPDX-License-Identifier: Apache-2.0
//
// Only a line that does nothing but set the variable is touched: in "a && export HF_TOKEN=x" or
// over a continuation, a comment would take more away than is meant.
#include "edited_text.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/token/token_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <vector>

namespace hfauth::diagnose {
namespace {

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;     ///< of the text, without the line break
  bool continues = false;  ///< the line before ends in a backslash
};

std::optional<Line> line_at(std::string_view text, int number) {
  Line line;
  for (int i = 1; line.begin < text.size(); ++i) {
    line.end = std::min(text.find('\n', line.begin), text.size());
    if (i == number) return line;
    line.continues = line.end > line.begin && text[line.end - 1] == '\\';
    line.begin = line.end + 1;
  }
  return std::nullopt;
}

bool is_name(char c) {
  return ascii::is_alnum(c) || c == '_';
}

/// Where `variable` stands in the line as a word; npos if it does not.
std::size_t find_word(std::string_view line, std::string_view variable) {
  for (std::size_t at = line.find(variable); at != std::string_view::npos;
       at = line.find(variable, at + 1)) {
    const std::size_t end = at + variable.size();
    if ((at == 0 || !is_name(line[at - 1])) && (end == line.size() || !is_name(line[end])))
      return at;
  }
  return std::string_view::npos;
}

/// What may stand before the name: nothing, or a word that sets variables and its options.
bool is_setter(std::string_view before) {
  static constexpr std::array kWords{"export", "declare", "typeset", "set", "setenv"};
  std::vector<std::string_view> words;
  while (!before.empty()) {
    before = trimmed_begin(before, " \t");
    const std::size_t end = std::min(before.find_first_of(" \t"), before.size());
    if (end > 0) words.push_back(before.substr(0, end));
    before.remove_prefix(end);
  }
  if (words.empty()) return true;
  return std::find(kWords.begin(), kWords.end(), words.front()) != kWords.end() &&
         std::all_of(words.begin() + 1, words.end(),
                     [](std::string_view word) { return word.starts_with('-'); });
}

/// Whether the value is the rest of the line: no further command, word or line.
bool is_alone(std::string_view value) {
  char quote = '\0';
  bool ended = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quote != '\0') {
      if (c == '\\' && quote == '"') ++i;
      if (c == quote) quote = '\0';
      continue;
    }
    if (c == '#' && ended) return true;
    if (std::strchr(";&|()`<>", c) != nullptr) return false;
    if (c == '\\') return false;
    if (c == '\'' || c == '"') quote = c;
    if (ended && !ascii::is_space(c)) return false;
    ended = ended || ascii::is_space(c);
  }
  return quote == '\0';
}

/// Of a value that is_alone(): up to the white space outside of quotes.
std::size_t value_length(std::string_view value) {
  char quote = '\0';
  std::size_t i = 0;
  for (; i < value.size() && (quote != '\0' || !ascii::is_space(value[i])); ++i) {
    if (quote == '"' && value[i] == '\\') {
      ++i;
    } else if (quote != '\0') {
      quote = value[i] == quote ? '\0' : quote;
    } else if (value[i] == '\'' || value[i] == '"') {
      quote = value[i];
    }
  }
  return std::min(i, value.size());
}

/// The line if it does nothing but set the variable.
Result<Line> line_that_sets(std::string_view text, int number, std::string_view variable) {
  const std::optional<Line> line = line_at(text, number);
  const std::string_view content =
      line ? text.substr(line->begin, line->end - line->begin) : std::string_view();
  const std::size_t at = find_word(content, variable);
  if (at == std::string_view::npos || content.find('#') < at) {
    return Error{Errc::conflict, fmt::format("line {} does not set {} any more", number, variable)};
  }
  std::string_view value = content.substr(at + variable.size());
  value = trimmed_begin(value, " \t=");
  if (value.ends_with('\r')) value.remove_suffix(1);
  if (line->continues || !is_setter(content.substr(0, at)) || !is_alone(value)) {
    return Error{Errc::conflict,
                 fmt::format("line {} does more than set {}: change it by hand", number, variable)};
  }
  return *line;
}

/// As it is, or between single quotes, which sh, csh, fish, systemd and pam_env all take off.
Result<std::string> quoted(std::string_view value) {
  const bool plain = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return ascii::is_alnum(c) || std::string_view("/._-+:@,").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(value);
  if (value.find_first_of("'\\\r\n") != std::string_view::npos)
    return Error{Errc::conflict, "the value needs quoting that not every shell knows"};
  return fmt::format("'{}'", value);
}

/// Zero-width and other marks that stand in a text by accident, and the byte order mark.
constexpr std::array kInvisible{"\u200b", "\u200c", "\u200d", "\u2060",
                                "\ufeff", "\u00a0", "\u00ad"};

}  // namespace

Result<Secret> with_line_commented(std::string_view text, int number, std::string_view variable,
                                   std::string_view note) {
  const Result<Line> line = line_that_sets(text, number, variable);
  if (!line) return line.error();
  const std::string_view content = text.substr(line->begin, line->end - line->begin);
  const std::size_t indent = std::min(content.find_first_not_of(" \t"), content.size());
  const std::string mark = fmt::format("{}# {}: ", indent > 0 ? ": " : "", note);
  const std::size_t at = line->begin + indent;
  return joined({text.substr(0, at), mark, text.substr(at)});
}

Result<Secret> with_variable_renamed(std::string_view text, int number, std::string_view variable) {
  const Result<Line> line = line_that_sets(text, number, variable);
  if (!line) return line.error();
  const std::size_t at =
      line->begin + find_word(text.substr(line->begin, line->end - line->begin), variable);
  return joined({text.substr(0, at), "HF_TOKEN", text.substr(at + variable.size())});
}

Result<Secret> with_value_written(std::string_view text, int number, std::string_view variable,
                                  std::string_view value) {
  const Result<Line> line = line_that_sets(text, number, variable);
  if (!line) return line.error();
  const Result<std::string> written = quoted(value);
  if (!written) return written.error();
  std::string_view content = text.substr(line->begin, line->end - line->begin);
  if (content.ends_with('\r')) content.remove_suffix(1);
  const std::size_t begin =
      std::min(content.find_first_not_of(" \t=", find_word(content, variable) + variable.size()),
               content.size());
  return joined({text.substr(0, line->begin + begin), *written,
                 text.substr(line->begin + begin + value_length(content.substr(begin)))});
}

Result<Secret> with_line_copied(std::string_view text, int number, std::string_view variable,
                                std::string_view other) {
  const Result<Line> line = line_that_sets(text, number, variable);
  if (!line) return line.error();
  const std::string_view content = text.substr(line->begin, line->end - line->begin);
  const std::size_t at = find_word(content, variable);
  return joined({text.substr(0, line->end), "\n", content.substr(0, at), other,
                 content.substr(at + variable.size()), text.substr(line->end)});
}

Secret with_line_appended(std::string_view text, std::string_view line) {
  const bool ends = text.empty() || text.ends_with('\n');
  return joined({text, ends ? "" : "\n", line, "\n"});
}

Result<Secret> with_token_alone(std::string_view text) {
  Secret visible = Secret::copy_of(text);
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto mark = std::find_if(kInvisible.begin(), kInvisible.end(), [&](const char* one) {
      return text.substr(at).starts_with(one);
    });
    if (mark != kInvisible.end()) {
      at += std::strlen(*mark);
    } else {
      visible.writable()[size++] = text[at++];
    }
  }
  visible.truncate(size);
  std::vector<token::TokenFault> repairs;
  Result<Secret> token = token::accept_token(visible.expose(), repairs);
  if (token && token->equals(text)) return Error{Errc::conflict, "it holds nothing but the token"};
  return token;
}

}  // namespace hfauth::diagnose
