// SPDX-License-Identifier: Apache-2.0
//
// A walk over JSON text (RFC 8259) that looks at structure only: enough to find one string by its
// path without copying anything else. Linear in the length of the text, recursion bounded by
// kDeepest.
#include "hfauth/core/secret_json.hpp"

#include "hfauth/core/hex.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hfauth {
namespace {

constexpr std::size_t kDeepest = 16;

std::size_t escaped_size(std::string_view value) {
  std::size_t size = 0;
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      size += 2;
    } else {
      size += static_cast<unsigned char>(c) < 0x20 ? 6 : 1;
    }
  }
  return size;
}

/// Writes to guarded memory of the right size; never grows.
class Writer {
 public:
  explicit Writer(std::span<char> target) : target_(target) {}

  void raw(std::string_view text) {
    for (const char c : text)
      target_[at_++] = c;
  }

  void quoted(std::string_view value) {
    raw("\"");
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        target_[at_++] = '\\';
        target_[at_++] = c;
      } else if (byte < 0x20) {
        raw("\\u00");
        target_[at_++] = hex::kDigits[byte >> 4U];
        target_[at_++] = hex::kDigits[byte & 15U];
      } else {
        target_[at_++] = c;
      }
    }
    raw("\"");
  }

 private:
  std::span<char> target_;
  std::size_t at_ = 0;
};

struct Range {
  std::size_t begin;  // behind the opening quote
  std::size_t end;    // at the closing quote
};

class Walker {
 public:
  Walker(std::string_view text, std::span<const std::string_view> path)
      : text_(text), path_(path) {}

  /// False if the text is not JSON up to the string that was looked for.
  bool walk() { return value(0, true); }

  [[nodiscard]] std::optional<Range> found() const { return found_; }

 private:
  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }

  bool take(char expected) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != expected) return false;
    ++at_;
    return true;
  }

  std::optional<Range> string() {
    if (!take('"')) return std::nullopt;
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"')
      at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) return std::nullopt;
    return Range{begin, at_++};
  }

  /// `on_path`: the keys so far are the first `depth` of the path.
  bool value(std::size_t depth, bool on_path) {
    skip_space();
    if (depth > kDeepest || at_ >= text_.size()) return false;
    if (text_[at_] == '{') return object(depth, on_path);
    if (text_[at_] == '[') return array(depth);
    if (text_[at_] == '"') {
      const auto range = string();
      if (range && on_path && depth == path_.size()) found_ = range;
      return range.has_value();
    }
    const std::size_t end = text_.find_first_of(",]} \t\r\n", at_);
    if (end == at_) return false;
    at_ = end == std::string_view::npos ? text_.size() : end;
    return true;
  }

  bool object(std::size_t depth, bool on_path) {
    ++at_;
    if (take('}')) return true;
    do {
      const auto key = string();
      if (!key || !take(':')) return false;
      const bool matches = on_path && depth < path_.size() &&
                           text_.substr(key->begin, key->end - key->begin) == path_[depth];
      if (!value(depth + 1, matches)) return false;
      if (found_) return true;
    } while (take(','));
    return take('}');
  }

  bool array(std::size_t depth) {
    ++at_;
    if (take(']')) return true;
    do {
      if (!value(depth + 1, false)) return false;
    } while (take(','));
    return take(']');
  }

  std::string_view text_;
  std::span<const std::string_view> path_;
  std::size_t at_ = 0;
  std::optional<Range> found_;
};

/// One escape behind the backslash; tokens are ASCII, so \u is taken up to U+007F only.
std::optional<char> unescape(std::string_view& rest) {
  constexpr std::string_view kShort = "\"\\/bfnrt";
  constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
  if (rest.empty()) return std::nullopt;
  const char kind = rest.front();
  rest.remove_prefix(1);
  if (const std::size_t which = kShort.find(kind); which != std::string_view::npos)
    return kMeaning[which];
  if (kind != 'u' || rest.size() < 4) return std::nullopt;
  const auto value = hex::value(rest.substr(0, 4));
  if (!value || *value > 0x7F) return std::nullopt;
  rest.remove_prefix(4);
  return static_cast<char>(*value);
}

Result<Secret> decode(std::string_view raw) {
  Secret decoded = Secret::allocate(raw.size());
  std::size_t size = 0;
  while (!raw.empty()) {
    char c = raw.front();
    raw.remove_prefix(1);
    if (c == '\\') {
      const auto meant = unescape(raw);
      if (!meant)
        return Error{Errc::corrupt, "a secret string holds an escape that no token needs"};
      c = *meant;
    }
    decoded.writable()[size++] = c;
  }
  decoded.truncate(size);
  return decoded;
}

}  // namespace

Secret add_secret_members(std::string_view object, std::initializer_list<SecretMember> members) {
  if (object.size() < 2 || object.front() != '{' || object.back() != '}') {
    throw Failure({Errc::internal, "add_secret_members: not a JSON object"});
  }
  std::size_t size = object.size();
  for (const SecretMember& member : members)
    size += escaped_size(member.key) + escaped_size(member.value) + 6;
  Secret document = Secret::allocate(size);
  Writer writer(document.writable());
  writer.raw(object.substr(0, object.size() - 1));
  bool first = object.size() == 2;
  std::size_t unused = members.size();
  for (const SecretMember& member : members) {
    if (!first) {
      writer.raw(",");
      --unused;
    }
    first = false;
    writer.quoted(member.key);
    writer.raw(":");
    writer.quoted(member.value);
  }
  writer.raw("}");
  document.truncate(size - unused);
  return document;
}

Result<Secret> take_secret_string(std::span<char> document,
                                  std::initializer_list<std::string_view> path) {
  Walker walker({document.data(), document.size()}, {path.begin(), path.size()});
  if (!walker.walk()) return Error{Errc::corrupt, "malformed JSON"};
  const auto range = walker.found();
  if (!range) return Error{Errc::not_found, "no such member in the JSON object"};
  const std::span<char> raw = document.subspan(range->begin, range->end - range->begin);
  Result<Secret> value = decode({raw.data(), raw.size()});
  wipe(raw);
  for (char& c : raw)
    c = '*';
  return value;
}

}  // namespace hfauth
