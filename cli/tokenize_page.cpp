// SPDX-License-Identifier: Apache-2.0
//
// Tokens stand in the text where their byte offsets say. One that shares its characters with the
// token before it (the bytes of one character) is a mark of its own, as are those of the template.
#include "tokenize_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace hfauth::cli {
namespace {

using tokenizer::Encoding;

constexpr std::string_view kHead =
    R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>hfauth tokenize</title>
<style>
:root { color-scheme: light dark; --page: #f6f7f9; --text: #1b1f24; --soft: #59636e; --card: #ffffff;
  --edge: #d5dae0; --a: #cfe8ff; --b: #ffe2b8; --mark: #d9ccf5; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1318; --text: #e6eaef; --soft: #9aa6b2;
  --card: #181e25; --edge: #323b46; --a: #17456e; --b: #5f4413; --mark: #45336d; } }
body { margin: 0 auto; padding: 24px 20px 120px; max-width: 1000px; background: var(--page);
  color: var(--text); font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans CJK KR", sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 4px; } h2 { font-size: 1.1rem; margin: 28px 0 4px; }
p { margin: 0 0 10px; color: var(--soft); }
.text { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: 14px;
  white-space: pre-wrap; overflow-wrap: anywhere; line-height: 2;
  font-family: ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK KR", monospace; }
.t { position: relative; padding: 2px 0; border-radius: 3px; cursor: help; }
.a { background: var(--a); } .b { background: var(--b); }
.m { background: var(--mark); padding: 2px 4px; margin: 0 1px; font-size: .8em; }
.t:hover, .t:focus { outline: 2px solid var(--text); z-index: 1; }
.t:hover::after, .t:focus::after { content: attr(data-i); position: absolute; left: 0; top: 100%;
  z-index: 2; white-space: pre; background: var(--text); color: var(--page); padding: 4px 10px;
  border-radius: 6px; font-size: .8rem; line-height: 1.5; pointer-events: none; }
</style>
</head>
<body>
)";

/// For element content and for attributes in double quotes; controls become their pictures.
void append_escaped(std::string& out, std::string_view text) {
  constexpr unsigned kPictures = 0x2400;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (byte < 0x20 && c != '\n' && c != '\t') {
          out += fmt::format("&#{};", kPictures + byte);
        } else if (byte == 0x7F) {
          out += "\u2421";
        } else {
          out += c;
        }
    }
  }
}

class TextBlock {
 public:
  TextBlock(const TokenizedText& source, std::string& out) : source_(source), out_(out) {
    for (const tokenizer::TokenId id : source.encoding.ids)
      ++counts_[id];
  }

  void write() {
    out_ += "<div class=\"text\">";
    for (std::size_t i = 0; i < source_.encoding.size(); ++i)
      write_token(i);
    append_escaped(out_, source_.text.substr(done_));
    out_ += "</div>\n";
  }

 private:
  void write_token(std::size_t i) {
    const Encoding& encoding = source_.encoding;
    const std::size_t begin =
        std::min<std::size_t>(encoding.byte_offsets[i].begin, source_.text.size());
    const std::size_t end =
        std::min<std::size_t>(encoding.byte_offsets[i].end, source_.text.size());
    const bool is_mark = encoding.special_tokens_mask[i] != 0 || end <= done_;
    if (!is_mark && begin > done_) {
      append_escaped(out_, source_.text.substr(done_, begin - done_));
      done_ = begin;
    }
    out_ += fmt::format("<span tabindex=\"0\" class=\"t {}\" data-i=\"", is_mark ? "m" : colour());
    append_escaped(out_, encoding.tokens[i]);
    out_ += fmt::format(
        "  id {}&#10;characters {} to {}, bytes {} to {}&#10;token {} of {}, {} like it\">",
        encoding.ids[i], encoding.offsets[i].begin, encoding.offsets[i].end, begin, end, i + 1,
        encoding.size(), counts_[encoding.ids[i]]);
    if (is_mark) {
      append_escaped(out_, encoding.tokens[i]);
    } else {
      append_escaped(out_, source_.text.substr(done_, end - done_));
      done_ = end;
    }
    out_ += "</span>";
  }

  std::string_view colour() {
    is_even_ = !is_even_;
    return is_even_ ? "a" : "b";
  }

  const TokenizedText& source_;
  std::string& out_;
  std::unordered_map<tokenizer::TokenId, std::size_t> counts_;
  std::size_t done_ = 0;
  bool is_even_ = false;
};

std::size_t n_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

std::string token_page(const std::vector<TokenizedText>& texts, std::string_view tokenizer_name) {
  std::string page(kHead);
  page += "<h1>";
  append_escaped(page, tokenizer_name);
  page += "</h1>\n";
  for (const TokenizedText& text : texts) {
    if (!text.name.empty()) {
      page += "<h2>";
      append_escaped(page, text.name);
      page += "</h2>\n";
    }
    const std::size_t n = n_characters(text.text);
    const double per_token =
        text.encoding.size() == 0
            ? 0
            : static_cast<double>(n) / static_cast<double>(text.encoding.size());
    page += fmt::format("<p>{} tokens, {} characters, {} bytes; {:.2f} characters a token</p>\n",
                        text.encoding.size(), n, text.text.size(), per_token);
    TextBlock(text, page).write();
  }
  return page + "</body>\n</html>\n";
}

}  // namespace hfauth::cli
