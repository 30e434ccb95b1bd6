// SPDX-License-Identifier: Apache-2.0
//
// Two small scanners over text that stays where it is; only passwords are copied, into guarded
// memory. Linear time.
#include "hfauth/token/plain_credentials.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/hex.hpp"

#include <algorithm>
#include <optional>

namespace hfauth::token {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), ascii::lower);
  return result;
}

/// A "%" that is no escape stands for itself.
Secret percent_decoded(std::string_view text) {
  Secret result = Secret::allocate(text.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    const auto byte =
        c == '%' && i + 2 < text.size() ? hex::value(text.substr(i + 1, 2)) : std::nullopt;
    if (byte) {
      c = static_cast<char>(*byte);
      i += 2;
    }
    result.writable()[size++] = c;
  }
  result.truncate(size);
  return result;
}

std::optional<PlainCredential> read_line(std::string_view line) {
  const std::size_t scheme_end = line.find("://");
  if (scheme_end == std::string_view::npos) return std::nullopt;
  PlainCredential found;
  found.scheme = lower(line.substr(0, scheme_end));
  if (found.scheme != "https" && found.scheme != "http") return std::nullopt;
  std::string_view rest = line.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find_first_of("/?# \t\r"));
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view user_info = rest.substr(0, at);
  const std::size_t colon = user_info.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  found.host = lower(percent_decoded(rest.substr(at + 1)).expose());  // git writes ":" as %3a
  found.user = percent_decoded(user_info.substr(0, colon)).expose();
  found.password = percent_decoded(user_info.substr(colon + 1));
  if (found.host.empty() || found.password.empty()) return std::nullopt;
  return found;
}

/// The words of a netrc with their places; quotes and backslashes as curl and Python read them.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  struct Word {
    std::string_view raw;  ///< without the quotes
    bool quoted = false;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  std::optional<Word> next() {
    skip();
    if (at_ >= text_.size()) return std::nullopt;
    Word word{.raw = {}, .quoted = text_[at_] == '"', .begin = at_, .end = 0};
    if (word.quoted) {
      const std::size_t begin = ++at_;
      while (at_ < text_.size() && text_[at_] != '"')
        at_ += text_[at_] == '\\' ? 2 : 1;
      at_ = std::min(at_, text_.size());
      word.raw = text_.substr(begin, at_ - begin);
      at_ = std::min(at_ + 1, text_.size());
    } else {
      at_ = std::min(text_.find_first_of(" \t\r\n", at_), text_.size());
      word.raw = text_.substr(word.begin, at_ - word.begin);
    }
    word.end = at_;
    return word;
  }

  /// Behind the empty line that ends a macro.
  void skip_macro() { at_ = std::min(text_.find("\n\n", at_), text_.size()); }

 private:
  void skip() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' ||
                 text_[at_] == '\n') {
        ++at_;
      } else {
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Secret value_of(const Words::Word& word) {
  Secret value = Secret::allocate(word.raw.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < word.raw.size(); ++i) {
    if (word.raw[i] == '\\' && i + 1 < word.raw.size()) ++i;
    value.writable()[size++] = word.raw[i];
  }
  value.truncate(size);
  return value;
}

/// One keyword with its values at a time.
class NetrcReader {
 public:
  explicit NetrcReader(std::string_view content) : content_(content), words_(content) {}

  /// False at the end.
  bool step() {
    const std::optional<Words::Word> word = words_.next();
    if (!word) return false;
    if (word->raw == "machine" || word->raw == "default" || word->raw == "macdef") {
      close(word->begin);
      if (word->raw == "macdef") words_.skip_macro();
      return word->raw != "machine" || open(word->begin);
    }
    const bool is_login = word->raw == "login" || word->raw == "user";
    const bool is_password = word->raw == "password";
    if (!is_login && !is_password && word->raw != "account") return true;
    const std::optional<Words::Word> value = words_.next();
    if (!value) return false;
    last_end_ = value->end;
    if (entry_ && is_login) entry_->user = value_of(*value).expose();
    if (entry_ && is_password) entry_->password = value_of(*value);
    return true;
  }

  /// The last entry takes its line's end along, and leaves comments behind it alone.
  std::vector<PlainCredential> finish() && {
    close(std::min(content_.find_first_not_of(" \t\r\n", last_end_), content_.size()));
    return std::move(found_);
  }

 private:
  bool open(std::size_t begin) {
    const std::optional<Words::Word> host = words_.next();
    if (!host) return false;
    entry_.emplace();
    entry_->host = lower(host->raw);
    entry_->begin = begin;
    last_end_ = host->end;
    return true;
  }

  void close(std::size_t end) {
    if (entry_ && !entry_->host.empty() && !entry_->password.empty()) {
      entry_->end = end;
      found_.push_back(std::move(*entry_));
    }
    entry_.reset();
  }

  std::string_view content_;
  Words words_;
  std::optional<PlainCredential> entry_;
  std::size_t last_end_ = 0;
  std::vector<PlainCredential> found_;
};

}  // namespace

bool PlainCredential::is_for(const Endpoint& endpoint) const {
  const std::string_view authority =
      std::string_view(endpoint.url()).substr(endpoint.url().find("://") + 3);
  const bool known_scheme = scheme.empty() || endpoint.url().starts_with(scheme + "://");
  if (!known_scheme) return false;
  if (scheme.empty() && host == endpoint.host()) return true;
  if (host == authority) return true;
  return endpoint.is_official() && (host == "huggingface.co" || host == "hf.co");
}

std::vector<PlainCredential> parse_git_store(std::string_view content) {
  std::vector<PlainCredential> found;
  std::size_t begin = 0;
  while (begin < content.size()) {
    const std::size_t line_end = std::min(content.find('\n', begin), content.size());
    if (std::optional<PlainCredential> entry = read_line(content.substr(begin, line_end - begin))) {
      entry->begin = begin;
      entry->end = std::min(line_end + 1, content.size());
      found.push_back(std::move(*entry));
    }
    begin = line_end + 1;
  }
  return found;
}

std::vector<PlainCredential> parse_netrc(std::string_view content) {
  NetrcReader reader(content);
  while (reader.step()) {
  }
  return std::move(reader).finish();
}

Secret without_entries(std::string_view content,
                       const std::vector<const PlainCredential*>& entries) {
  Secret result = Secret::allocate(content.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const bool goes = std::any_of(entries.begin(), entries.end(), [i](const PlainCredential* e) {
      return i >= e->begin && i < e->end;
    });
    if (!goes) result.writable()[size++] = content[i];
  }
  result.truncate(size);
  return result;
}

std::vector<std::filesystem::path> git_store_files(const Environment& environment,
                                                   const std::filesystem::path& home) {
  const std::optional<std::string> config = environment.non_empty("XDG_CONFIG_HOME");
  return {home / ".git-credentials",
          (config ? std::filesystem::path(*config) : home / ".config") / "git/credentials"};
}

}  // namespace hfauth::token
