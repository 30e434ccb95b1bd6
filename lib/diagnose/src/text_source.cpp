// SPDX-License-Identifier: Apache-2.0
//
// Reading and masking of pasted text. The buffer that held raw bytes is wiped after each piece.
#include "text_source.hpp"

#include "exposed_text.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/secret.hpp"

#include <algorithm>
#include <cstdint>
#include <istream>
#include <span>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kSniffBytes =
    8192;  // where a zero byte means "not text", as git and grep have it

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

// Characters beyond the basic plane never occur in a message: each half becomes U+FFFD.
void append_utf16_unit(std::string& out, std::uint32_t unit) {
  append_utf8(out, unit >= 0xD800 && unit <= 0xDFFF ? 0xFFFD : unit);
}

// Where the last whole line of `text` ends; for one endless line the last white space, else all of
// it.
std::size_t cut_point(std::string_view text) {
  const std::size_t line_end = text.find_last_of("\n\r");
  if (line_end != std::string_view::npos) {
    return line_end + 1;
  }
  const std::size_t space = text.find_last_of(" \t");
  return space != std::string_view::npos ? space + 1 : text.size();
}

std::string_view classify_header_value(std::string_view value) {
  if (value.find_first_not_of(" \n\r") == std::string_view::npos) {
    return "Bearer-empty";
  }
  const bool line_break =
      value.find("\\n") != std::string_view::npos || value.find("\\r") != std::string_view::npos;
  return line_break ? "Bearer-newline" : "Bearer-other";
}

struct HeaderValue {
  std::size_t begin;
  std::size_t end;
};

// The rest of b'Bearer ...' up to its closing quote, if that is what stands around `bearer`; JSON
// writes \" for ".
std::optional<HeaderValue> find_header_value(std::string_view text, std::size_t bearer) {
  static constexpr std::size_t kLongestValue = 8192;
  static constexpr std::size_t kBearerSize = 6;
  for (const std::string_view quote : {"&#39;", "&#x27;", "&quot;"}) {  // a saved page
    if (text.substr(0, bearer).ends_with(quote)) {
      const std::size_t begin = bearer + kBearerSize;
      const std::size_t end = text.substr(0, begin + kLongestValue).find(quote, begin);
      return end == std::string_view::npos ? std::nullopt : std::optional(HeaderValue{begin, end});
    }
  }
  if (bearer < 2 || (text[bearer - 1] != '\'' && text[bearer - 1] != '"')) {
    return std::nullopt;
  }
  const bool escaped = text[bearer - 2] == '\\';
  if (const std::size_t prefix = bearer - (escaped ? 3 : 2);
      prefix >= bearer || text[prefix] != 'b') {
    return std::nullopt;
  }
  const std::size_t begin = bearer + kBearerSize;
  const std::size_t end = text.substr(0, begin + kLongestValue).find(text[bearer - 1], begin);
  if (end == std::string_view::npos ||
      std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                 text.begin() + static_cast<std::ptrdiff_t>(end), '\n') > 2) {
    return std::nullopt;  // a terminal may have wrapped the token, but not over a screen
  }
  return HeaderValue{begin, escaped ? end - 1 : end};
}

}  // namespace

std::string mask_for_diagnosis(std::string_view text) {
  static constexpr std::string_view kBearer = "Bearer";
  std::string prepared;
  std::size_t done = 0;
  for (std::size_t at = text.find(kBearer); at != std::string_view::npos;
       at = text.find(kBearer, at + 1)) {
    const std::optional<HeaderValue> value =
        at >= done ? find_header_value(text, at) : std::nullopt;
    if (value) {
      prepared.append(text.substr(done, at - done));
      prepared.append(classify_header_value(text.substr(value->begin, value->end - value->begin)));
      done = value->end;
    }
  }
  if (done == 0) {
    return redact(text);
  }
  prepared.append(text.substr(done));
  std::string masked = redact(prepared);
  wipe(prepared);
  return masked;
}

TextSource::TextSource(std::istream& in) : in_(in) {
  pending_.reserve(2 *
                   kPieceBytes);  // never grows beyond, so that no raw copy is left in freed memory
}

TextSource::~TextSource() {
  wipe(pending_);
}

void TextSource::take_in(std::string_view bytes) {
  if (encoding_ == Encoding::unknown) {
    if (bytes.starts_with("\xFF\xFE")) {
      encoding_ = Encoding::utf16_little;
      bytes.remove_prefix(2);
    } else if (bytes.starts_with("\xFE\xFF")) {
      encoding_ = Encoding::utf16_big;
      bytes.remove_prefix(2);
    } else {
      encoding_ = Encoding::utf8;
    }
  }
  if (encoding_ == Encoding::utf8) {
    pending_.append(bytes);
    return;
  }
  const bool little = encoding_ == Encoding::utf16_little;
  for (const char byte : bytes) {
    half_unit_.push_back(byte);
    if (half_unit_.size() < 2) {
      continue;
    }
    const auto first = static_cast<unsigned char>(half_unit_[0]);
    const auto second = static_cast<unsigned char>(half_unit_[1]);
    append_utf16_unit(pending_, little ? first | (std::uint32_t{second} << 8)
                                       : second | (std::uint32_t{first} << 8));
    half_unit_.clear();
  }
}

Result<void> TextSource::fill() {
  std::string buffer(kPieceBytes / 2, '\0');
  while (!ended_ && pending_.size() < kPieceBytes / 2) {
    in_.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto got = static_cast<std::size_t>(in_.gcount());
    if (in_.bad()) {
      return Error{Errc::io, "reading the text failed"};
    }
    ended_ = !in_.good();
    const bool first = empty_ && got > 0;
    empty_ = empty_ && got == 0;
    take_in({buffer.data(), got});
    if (first && pending_.substr(0, kSniffBytes).find('\0') != std::string::npos) {
      wipe(buffer);
      return Error{Errc::invalid_input,
                   "this is binary data, not text: paste or pipe the text of the message"};
    }
  }
  wipe(buffer);
  return {};
}

Result<std::optional<std::string>> TextSource::next() {
  if (const Result<void> filled = fill(); !filled) {
    return filled.error();
  }
  if (pending_.empty()) {
    return std::optional<std::string>();
  }
  const std::size_t window = std::min(pending_.size(), kPieceBytes);
  const std::string_view view = std::string_view(pending_).substr(0, window);
  const std::size_t cut = ended_ && window == pending_.size() ? window : cut_point(view);
  n_tokens_ += count_tokens(view.substr(0, cut));
  std::string masked = mask_for_diagnosis(view.substr(0, cut));
  const std::size_t left =
      pending_.size() - cut;  // moved to the front in place, so that no copy stays behind
  std::copy(pending_.begin() + static_cast<std::ptrdiff_t>(cut), pending_.end(), pending_.begin());
  wipe(std::span(pending_).subspan(left));
  pending_.resize(left);
  return std::optional<std::string>(std::move(masked));
}

}  // namespace hfauth::diagnose
