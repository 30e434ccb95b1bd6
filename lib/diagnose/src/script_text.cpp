// SPDX-License-Identifier: Apache-2.0
//
// The lexical rules of Python 3 (reference, chapter 2) that matter here: comments, strings with one
// or three quotes, prefixes, continued strings. Indentation and numbers do not matter.
#include "script_text.hpp"

#include <algorithm>
#include <cctype>

namespace hfauth::diagnose {
namespace {

using Kind = ScriptWord::Kind;

constexpr std::size_t kLongestString = 4096;  // of longer ones the rest is left out

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_part(char c) {
  return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool is_string_prefix(std::string_view word) {
  return word.size() <= 2 && std::all_of(word.begin(), word.end(), [](char c) {
           return std::string_view("rRbBuUfF").find(c) != std::string_view::npos;
         });
}

class Lexer {
 public:
  Lexer(std::string_view source, bool notebook, std::size_t most)
      : rest_(source), notebook_(notebook), most_(most) {}

  std::vector<ScriptWord> run() && {
    bool at_start_of_line = true;
    while (!rest_.empty() && words_.size() < most_) {
      const char c = rest_.front();
      if (c == '\n') {
        take(1);
        at_start_of_line = true;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\\') {
        take(1);
      } else if (c == '#') {
        take(end_of_line());
      } else {
        take_word(at_start_of_line);
        at_start_of_line = false;
      }
    }
    return std::move(words_);
  }

 private:
  void take_word(bool at_start_of_line) {
    const char c = rest_.front();
    if (notebook_ && at_start_of_line && (c == '%' || c == '!')) {
      add(Kind::magic, rest_.substr(0, end_of_line()));
      take(end_of_line());
    } else if (c == '"' || c == '\'') {
      take_string("");
    } else if (is_name_part(c)) {
      const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), is_name_part);
      const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
      take(word.size());
      const bool quoted = !rest_.empty() && (rest_.front() == '"' || rest_.front() == '\'');
      if (quoted && is_string_prefix(word)) {
        take_string(word);
      } else {
        add(Kind::name, word);
      }
    } else {
      add(Kind::sign, rest_.substr(0, 1));
      take(1);
    }
  }

  void take_string(std::string_view prefix) {
    const char quote = rest_.front();
    const bool triple = rest_.size() >= 3 && rest_[1] == quote && rest_[2] == quote;
    const bool raw = prefix.find_first_of("rR") != std::string_view::npos;
    ScriptWord word{Kind::string, "", line_, prefix.find_first_of("fF") != std::string_view::npos};
    take(triple ? 3 : 1);
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (triple ? rest_.starts_with(std::string(3, quote)) : c == quote) {
        take(triple ? 3 : 1);
        break;
      }
      if (!triple && c == '\n') break;  // not closed: the line ends it
      std::size_t size = 1;
      if (c == '\\' && !raw && rest_.size() > 1) {
        rest_.remove_prefix(1);
        line_ += rest_.front() == '\n' ? 1 : 0;
        put(word, rest_.front() == 'n' ? '\n' : rest_.front());
        rest_.remove_prefix(1);
        continue;
      }
      put(word, c);
      take(size);
    }
    words_.push_back(std::move(word));
  }

  static void put(ScriptWord& word, char c) {
    if (word.text.size() < kLongestString) word.text += c;
  }

  void add(Kind kind, std::string_view text) {
    words_.push_back({kind, std::string(text.substr(0, kLongestString)), line_, false});
  }

  [[nodiscard]] std::size_t end_of_line() const { return std::min(rest_.find('\n'), rest_.size()); }

  void take(std::size_t size) {
    for (const char c : rest_.substr(0, size))
      line_ += c == '\n' ? 1 : 0;
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
  bool notebook_;
  std::size_t most_;
  int line_ = 1;
  std::vector<ScriptWord> words_;
};

}  // namespace

std::vector<ScriptWord> script_words(std::string_view source, bool notebook, std::size_t most) {
  return Lexer(source, notebook, most).run();
}

}  // namespace hfauth::diagnose
