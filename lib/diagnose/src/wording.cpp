// SPDX-License-Identifier: Apache-2.0
//
// One small reader of wordings, and the three things that are made of its pieces.
#include "wording.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/error.hpp"

#include <vector>

namespace hfauth::diagnose {
namespace {

struct Piece {
  enum class Kind { letter, space, quote, place, choices } kind;
  std::string text;  ///< the letter, the quote, the place's name, the choices
};

std::string_view enclosed(std::string_view wording, std::size_t begin, char close) {
  const std::size_t end = wording.find(close, begin + 1);
  if (end == std::string_view::npos) {
    throw Failure({Errc::internal,
                   "a wording without its " + std::string(1, close) + ": " + std::string(wording)});
  }
  return wording.substr(begin + 1, end - begin - 1);
}

std::vector<Piece> pieces_of(std::string_view wording) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < wording.size(); ++i) {
    const char c = wording[i];
    if (c == '\\' && i + 1 < wording.size()) {
      pieces.push_back({Piece::Kind::letter, std::string(1, wording[++i])});
    } else if (c == '{' || c == '[') {
      const std::string_view inner = enclosed(wording, i, c == '{' ? '}' : ']');
      pieces.push_back({c == '{' ? Piece::Kind::place : Piece::Kind::choices, std::string(inner)});
      i += inner.size() + 1;
    } else if (ascii::is_space(c)) {
      pieces.push_back({Piece::Kind::space, " "});
    } else if (c == '`' || c == '\'' || c == '"') {
      pieces.push_back({Piece::Kind::quote, std::string(1, c)});
    } else {
      pieces.push_back({Piece::Kind::letter, std::string(1, c)});
    }
  }
  return pieces;
}

void append_letter(std::string& pattern, char c) {
  static constexpr std::string_view kSpecial = "\\.^$|()[]{}*+?";
  if (kSpecial.find(c) != std::string_view::npos) {
    pattern += '\\';
  }
  pattern += ascii::lower(c);
}

void append_choices(std::string& pattern, std::string_view choices) {
  pattern += "(?:";
  for (const char c : choices) {
    if (c == '|') {
      pattern += c;
    } else if (!ascii::is_space(c)) {
      append_letter(pattern, c);
    }
  }
  pattern += ')';
}

std::string_view pattern_of_place(std::string_view name) {
  if (name == "n") {
    return R"(\d{1,9})";
  }
  if (name == "repo") {
    return R"(([\w.\-]{1,96}?(?:/[\w.\-]{1,96}?)?))";
  }
  if (name == "path") {
    return R"([^'"]{0,200}?)";
  }
  if (name == "word") {
    return R"([\w.\-]{1,96})";
  }
  return ".{0,200}?";
}

}  // namespace

std::string pattern_of_wording(std::string_view wording) {
  std::string pattern;
  for (const Piece& piece : pieces_of(wording)) {
    switch (piece.kind) {
      case Piece::Kind::letter:
        append_letter(pattern, piece.text.front());
        break;
      case Piece::Kind::space:
        break;
      case Piece::Kind::quote:
        pattern += "[^a-z0-9_]{0,4}";
        break;
      case Piece::Kind::place:
        pattern += pattern_of_place(piece.text);
        break;
      case Piece::Kind::choices:
        append_choices(pattern, piece.text);
        break;
    }
  }
  return pattern;
}

std::string anchor_of_wording(std::string_view wording) {
  std::string best;
  std::string current;
  for (const Piece& piece : pieces_of(wording)) {
    if (piece.kind == Piece::Kind::letter) {
      current += ascii::lower(piece.text.front());
    } else if (piece.kind != Piece::Kind::space) {
      current.clear();
    }
    if (current.size() > best.size()) {
      best = current;
    }
  }
  return best;
}

std::string quote_of_wording(std::string_view wording) {
  std::string quote;
  for (const Piece& piece : pieces_of(wording)) {
    if (piece.kind == Piece::Kind::place) {
      quote += "...";
    } else if (piece.kind == Piece::Kind::choices) {
      quote += piece.text.substr(0, piece.text.find('|'));
    } else {
      quote += piece.text;
    }
  }
  return quote;
}

}  // namespace hfauth::diagnose
