// SPDX-License-Identifier: Apache-2.0
//
// pam_env(8), crontab(5), systemd.exec(5), environment.d(5), sudoers(5).
#include "hfauth/diagnose/env_file.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/text_pieces.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kDeepest = 8;  // of ${A:-${B:-...}}; nobody writes more

/// From the brace to the one that closes it; a line may hold a hundred thousand that nothing
/// closes.
constexpr std::size_t kLongestReference = 1024;

/// What the references of one file bring in all: "A=$A$A" doubles with each line.
constexpr std::size_t kMostPutIn = std::size_t{1} << 20;

bool is_of_name(char c) {
  return ascii::is_alnum(c) || c == '_';
}

bool is_name(std::string_view name) {
  return !name.empty() && (name.front() < '0' || name.front() > '9') &&
         std::all_of(name.begin(), name.end(), is_of_name);
}

std::string without_quotes(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                      (value.front() == '"' || value.front() == '\'');
  return std::string(quoted ? value.substr(1, value.size() - 2) : value);
}

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

/// `rest` is not empty.
char take_char(std::string_view& rest) {
  const char c = rest.front();
  rest.remove_prefix(1);
  return c;
}

/// What stands in quotes, behind the first of them, which may be several lines; the last one goes
/// too. In double quotes a backslash is one but before what needs it.
void take_quoted(std::string_view& rest, char quote, std::string& text) {
  constexpr std::string_view kEscaped = "\"\\`$";
  while (!rest.empty()) {
    const char c = take_char(rest);
    if (c == quote) return;
    if (c != '\\' || quote == '\'') {
      text += c;
      continue;
    }
    if (rest.empty()) return;
    const char escaped = take_char(rest);
    if (escaped == '\n') continue;
    if (kEscaped.find(escaped) == std::string_view::npos) text += c;
    text += escaped;
  }
}

/// A value of systemd's files, behind its "=", and the end of its line: parts in quotes, then one
/// without, in which quotes are letters.
std::string take_systemd_value(std::string_view& rest) {
  std::string text;
  std::size_t size = 0;  // without the blanks at the end
  bool is_bare = false;
  while (!rest.empty()) {
    const char c = take_char(rest);
    if (is_line_end(c)) break;
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_bare && (c == '"' || c == '\'')) {
      take_quoted(rest, c, text);
    } else if (c == '\\') {
      is_bare = true;
      const char escaped = rest.empty() ? '\n' : take_char(rest);
      if (!is_line_end(escaped)) text += escaped;
    } else if (is_bare || !is_blank) {
      is_bare = true;
      text += c;
    }
    if (!is_blank) size = text.size();
  }
  text.resize(size);
  return text;
}

/// Where the brace is closed that `text` is the inside of; npos if it is not.
std::size_t closing_brace(std::string_view text) {
  std::size_t open = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++open;
    if (text[i] == '}' && --open == 0) return i;
  }
  return std::string_view::npos;
}

/// Puts variables in where environment.d(5) names them; "$$" is a dollar, and what is no reference,
/// or would be too much, stays as it is. Quotes are gone by then and hold nothing back, as in
/// systemd 252.
class Expansion {
 public:
  /// `environment` may change between two calls of of().
  explicit Expansion(const Environment& environment) : environment_(environment) {}

  std::string of(std::string_view text) { return of(text, 0); }

 private:
  std::string of(std::string_view text, std::size_t depth) {
    std::string result;
    while (!text.empty()) {
      const std::size_t dollar = std::min(text.find('$'), text.size());
      result += text.substr(0, dollar);
      text.remove_prefix(dollar);
      if (text.empty()) break;
      std::string_view rest = text.substr(1);
      const std::optional<std::string> value = take_reference(rest, depth);
      const std::string_view reference = text.substr(0, text.size() - rest.size());
      if (value && value->size() <= left_) {
        left_ -= value->size();
        result += *value;
      } else {
        result += reference;
      }
      text = rest;
    }
    return result;
  }

  /// What stands for the reference at the beginning of `rest`, behind its dollar, and takes it
  /// away; nullopt if there is none of the known forms.
  std::optional<std::string> take_reference(std::string_view& rest, std::size_t depth) {
    if (rest.starts_with('$')) {
      rest.remove_prefix(1);
      return "$";
    }
    if (rest.starts_with('{')) {
      const std::size_t end = depth < kDeepest ? closing_brace(rest.substr(1, kLongestReference))
                                               : std::string_view::npos;
      if (end == std::string_view::npos) return std::nullopt;
      const std::string_view braced = rest.substr(1, end);
      rest.remove_prefix(end + 2);
      return value_of(braced, depth + 1);
    }
    const auto* const end = std::find_if_not(rest.begin(), rest.end(), is_of_name);
    const std::string_view name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(name.size());
    if (!is_name(name)) return std::nullopt;
    return environment_.get(name).value_or("");
  }

  /// Of "${...}", whose inside `braced` is.
  std::optional<std::string> value_of(std::string_view braced, std::size_t depth) {
    const std::string_view name = braced.substr(0, braced.find(':'));
    if (!is_name(name)) return std::nullopt;
    const std::optional<std::string> value = environment_.non_empty(name);
    if (name.size() == braced.size()) return value.value_or("");
    const std::string_view rest = braced.substr(name.size() + 1);
    if (rest.starts_with('-')) return value ? *value : of(rest.substr(1), depth);
    if (rest.starts_with('+')) return value ? of(rest.substr(1), depth) : std::string();
    return std::nullopt;
  }

  const Environment& environment_;
  std::size_t left_ = kMostPutIn;
};

/// The next line, joined with the one behind it by a backslash at its end.
std::string next_line(std::string_view& rest) {
  std::string line;
  while (!rest.empty()) {
    line += take_until(rest, '\n');
    if (!line.ends_with('\\')) break;
    line.pop_back();
  }
  return line;
}

void skip_comment(std::string_view& rest) {
  bool is_escaped = false;
  while (!rest.empty()) {
    const char c = take_char(rest);
    if (!is_escaped && is_line_end(c)) return;
    is_escaped = !is_escaped && c == '\\';
  }
}

/// As systemd 252 reads files of assignments, one character after the other: a value in quotes may
/// go on behind the line, and so does a comment that ends with a backslash.
std::size_t add_systemd_assignments(std::string_view text, bool expands, Environment& environment) {
  std::size_t n_set = 0;
  Expansion expansion(environment);
  while (!(text = trimmed_begin(text)).empty()) {
    if (text.starts_with('#') || text.starts_with(';')) {
      skip_comment(text);
      continue;
    }
    const std::size_t end = std::min(text.find_first_of("=\n\r", 1), text.size());
    const std::string_view name = trimmed_end(text.substr(0, end));
    text.remove_prefix(end);
    if (!text.starts_with('=')) continue;
    text.remove_prefix(1);
    const std::string value = take_systemd_value(text);
    // environment.d(5)'s reader takes an assignment of nothing for a mistake.
    if (!is_name(name) || (expands && value.empty())) continue;
    environment.set(std::string(name), expands ? expansion.of(value) : value);
    ++n_set;
  }
  return n_set;
}

}  // namespace

std::size_t add_assignments(std::string_view text, AssignmentStyle style,
                            Environment& environment) {
  if (style == AssignmentStyle::systemd || style == AssignmentStyle::session)
    return add_systemd_assignments(text, style == AssignmentStyle::session, environment);
  std::size_t n_set = 0;
  while (!text.empty()) {
    std::string_view line = trimmed(take_until(text, '\n'));
    if (line.starts_with('#') || line.starts_with(';')) continue;
    if (style == AssignmentStyle::pam && line.starts_with("export "))
      line = trimmed(line.substr(7));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = trimmed(line.substr(0, equals));
    if (!is_name(name)) continue;  // of a crontab: a job
    environment.set(std::string(name), without_quotes(trimmed(line.substr(equals + 1))));
    ++n_set;
  }
  return n_set;
}

void add_unit_assignments(std::string_view value, Environment& environment) {
  std::string word;
  char quote = '\0';
  const auto take = [&] {
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos && is_name(std::string_view(word).substr(0, equals)))
      environment.set(word.substr(0, equals), word.substr(equals + 1));
    word.clear();
  };
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (quote != '\0' ? c == quote : (c == '"' || c == '\'')) {
      quote = quote == '\0' ? c : '\0';
    } else if (quote == '\0' && ascii::is_space(c)) {
      take();
    } else if (c == '\\' && i + 1 < value.size()) {
      word += value[++i];
    } else {
      word += c;
    }
  }
  take();
}

bool keeps_variable(std::string_view sudoers, std::string_view name) {
  while (!sudoers.empty()) {
    const std::string whole = next_line(sudoers);
    const std::string_view line = trimmed(whole);
    if (!line.starts_with("Defaults")) continue;
    if (line.find("!env_reset") != std::string_view::npos) return true;
    const std::size_t keep = line.find("env_keep");
    if (keep == std::string_view::npos) continue;
    for (std::size_t at = line.find(name, keep); at != std::string_view::npos;
         at = line.find(name, at + 1)) {
      const char before = at == 0 ? ' ' : line[at - 1];
      const char after = at + name.size() < line.size() ? line[at + name.size()] : ' ';
      const auto ends = [](char c) { return c == ' ' || c == '"' || c == '=' || c == ','; };
      if (ends(before) && ends(after)) return true;
    }
  }
  return false;
}

}  // namespace hfauth::diagnose
