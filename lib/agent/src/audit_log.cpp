// SPDX-License-Identifier: Apache-2.0
//
// hash = BLAKE2b(key, hash of the line before || this line without its hash). The hash is the last
// member, so a line without it is found by cutting, and no byte of a line can change unnoticed.
#include "hfauth/agent/audit_log.hpp"

#include "hfauth/agent/guarded_buffer.hpp"
#include "hfauth/agent/json_reader.hpp"
#include "hfauth/agent/json_writer.hpp"
#include "hfauth/core/crypto.hpp"
#include "hfauth/core/file.hpp"
#include "parameters.hpp"
#include "routing_messages.hpp"

#include <algorithm>
#include <sstream>

namespace hfauth::agent {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::string_view kHashBegin = R"(,"hash":")";
constexpr std::string_view kHashEnd = R"("})";
constexpr int kMostFiles = 101;
constexpr std::size_t kMostTold = 20;

/// "{...}" of `{...,"hash":"..."}` in two views: without the brace, and the hash; empty if it is no
/// such line.
struct Cut {
  std::string_view body;
  std::string_view hash;
};

Cut cut(std::string_view line) {
  const std::size_t tail = kHashBegin.size() + kHashDigits + kHashEnd.size();
  if (line.size() <= tail || !line.ends_with(kHashEnd)) return {};
  const std::string_view body = line.substr(0, line.size() - tail);
  line.remove_prefix(body.size());
  if (!line.starts_with(kHashBegin)) return {};
  return {.body = body, .hash = line.substr(kHashBegin.size(), kHashDigits)};
}

std::string hash_of(const Secret& key, std::string_view before, std::string_view body) {
  return crypto::hex(crypto::keyed_hash(key, std::string(before) + std::string(body)));
}

/// Calls `take` with each line and whether its newline is there.
template <class Take>
void each_line(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    take(text.substr(0, end), end != std::string_view::npos);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

class Checker {
 public:
  explicit Checker(const Secret& key) : key_(key) {}

  void take_file(const std::filesystem::path& file, std::string_view text) {
    name_ = file.filename().native();
    int number = 0;
    each_line(text, [&](std::string_view line, bool whole) { take_line(line, whole, ++number); });
  }

  /// Against what was last written.
  void take_head(const AuditHead& head) {
    if (head.sequence == 0) return;
    if (check_.entries > 0 && check_.first > head.first) {
      tell("entries " + std::to_string(head.first) + " to " + std::to_string(check_.first - 1) +
           " are missing at the beginning");
    }
    if (check_.last < head.sequence) {
      tell(name_ + ": cut off: entries " + std::to_string(check_.last + 1) + " to " +
           std::to_string(head.sequence) + " are missing");
    } else if (head_hash_at_ == head.sequence && head_hash_ != head.hash) {
      tell(name_ + ": entry " + std::to_string(head.sequence) + " is not the one that was written");
    }
  }

  /// Remembers the hash of that entry when it comes by.
  void look_for(std::int64_t sequence) { wanted_ = sequence; }

  [[nodiscard]] AuditCheck take_result() { return std::move(check_); }

 private:
  void tell(std::string what) {
    if (check_.broken.size() < kMostTold) check_.broken.push_back(std::move(what));
  }

  void take_line(std::string_view line, bool whole, int number) {
    const std::string place = name_ + ":" + std::to_string(number) + ": ";
    const std::optional<AuditEntry> entry = parse_audit_line(line);
    if (!entry || !whole) {
      tell(place + (whole ? "not an entry" : "cut off in the middle"));
      chained_ = false;
      return;
    }
    if (check_.entries == 0) {
      check_.first = entry->sequence;
    } else if (entry->sequence != check_.last + 1) {
      tell(place + "entry " + std::to_string(entry->sequence) + " stands behind entry " +
           std::to_string(check_.last));
      chained_ = false;
    }
    // What was before the first one is gone with its file, or nothing; behind a broken place the
    // next line is taken at its word, so that one change is told once.
    const Cut parts = cut(line);
    if ((chained_ || entry->sequence == 1) && hash_of(key_, before_, parts.body) != entry->hash)
      tell(place + "changed: the hash of entry " + std::to_string(entry->sequence) + " differs");
    chained_ = true;
    before_ = entry->hash;
    check_.last = entry->sequence;
    ++check_.entries;
    if (entry->sequence == wanted_) {
      head_hash_at_ = wanted_;
      head_hash_ = entry->hash;
    }
  }

  const Secret& key_;
  AuditCheck check_;
  std::string name_ = "audit.jsonl";
  std::string before_;
  bool chained_ = false;
  std::int64_t wanted_ = 0;
  std::int64_t head_hash_at_ = 0;
  std::string head_hash_;
};

}  // namespace

std::vector<std::filesystem::path> AuditFiles::existing() const {
  std::vector<std::filesystem::path> files;
  std::error_code unseen;
  for (int number = kMostFiles; number > 0; --number) {
    if (std::filesystem::exists(older(number), unseen)) files.push_back(older(number));
  }
  if (std::filesystem::exists(current(), unseen)) files.push_back(current());
  return files;
}

std::string audit_line(AuditEntry& entry, const Secret& key, std::string_view before) {
  entry.hash.clear();
  GuardedBuffer text;
  JsonWriter json(text);
  json.begin_object();
  write_audit_members(json, entry);
  std::string line(text.view());
  entry.hash = hash_of(key, before, line);
  line += kHashBegin;
  line += entry.hash;
  line += kHashEnd;
  line += '\n';
  return line;
}

std::optional<AuditEntry> parse_audit_line(std::string_view line) {
  if (cut(line).body.empty()) return std::nullopt;
  const Result<JsonDocument> document = JsonDocument::parse(line, 2);
  if (!document || !document->root().is(JsonKind::object)) return std::nullopt;
  Parameters in(document->root());
  return read_audit_entry(in);
}

Result<AuditHead> read_audit_head(const AuditFiles& files) {
  constexpr std::size_t kLongest = 128;
  const Result<std::string> text = read_file(files.head(), kLongest);
  if (!text && text.error().code == Errc::not_found) return AuditHead();
  if (!text) return text.error();
  AuditHead head;
  std::istringstream in(*text);
  in >> head.sequence >> head.hash >> head.first;
  if (!in || head.hash.size() != kHashDigits || head.sequence < 1 || head.first < 1)
    return Error{Errc::corrupt, files.head().native() + " is no head of an audit"};
  return head;
}

Result<void> write_audit_head(const AuditFiles& files, const AuditHead& head) {
  const std::string text =
      std::to_string(head.sequence) + " " + head.hash + " " + std::to_string(head.first) + "\n";
  return write_file_atomically(files.head(), text, 0600, Durability::renamed);
}

namespace {

Result<Secret> existing_key(const AuditFiles& files) {
  Result<Secret> key = read_secret_file(files.key(), crypto::kKeyBytes);
  if (key && key->size() != crypto::kKeyBytes)
    return Error{Errc::corrupt, files.key().native() + " is no key of an audit"};
  return key;
}

}  // namespace

Result<Secret> audit_key(const AuditFiles& files) {
  Result<Secret> key = existing_key(files);
  if (key || key.error().code != Errc::not_found) return key;
  Secret fresh = crypto::random_key();
  if (Result<void> made = make_private_directory(files.folder); !made) return made.error();
  if (Result<void> written =
          write_file_atomically(files.key(), fresh.expose(), 0600, Durability::synced);
      !written) {
    return written.error();
  }
  return fresh;
}

Result<std::vector<AuditEntry>> read_audit(const AuditFiles& files, std::optional<WallTime> since,
                                           std::optional<std::size_t> newest) {
  std::vector<AuditEntry> entries;
  for (const std::filesystem::path& file : files.existing()) {
    const Result<std::string> text = read_file(file, kMaxAuditBytes);
    if (!text && text.error().code == Errc::not_found) continue;  // put aside in this moment
    if (!text) return text.error();
    each_line(*text, [&](std::string_view line, bool whole) {
      std::optional<AuditEntry> entry = whole ? parse_audit_line(line) : std::nullopt;
      if (entry && (!since || entry->time >= *since)) entries.push_back(std::move(*entry));
    });
  }
  if (newest && entries.size() > *newest)
    entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(*newest));
  return entries;
}

Result<AuditCheck> verify_audit(const AuditFiles& files) {
  // The head first: what the agent writes meanwhile is more than it says, which is no mistake.
  const Result<AuditHead> head = read_audit_head(files);
  if (!head) return head.error();
  const std::vector<std::filesystem::path> existing = files.existing();
  if (existing.empty() && head->sequence == 0)
    return Error{Errc::not_found, "there is no audit in " + files.folder.native()};
  const Result<Secret> key = existing_key(files);
  if (!key) return key.error();
  Checker checker(*key);
  checker.look_for(head->sequence);
  for (const std::filesystem::path& file : existing) {
    const Result<std::string> text = read_file(file, kMaxAuditBytes);
    if (!text) return text.error();
    checker.take_file(file, *text);
  }
  checker.take_head(*head);
  return checker.take_result();
}

}  // namespace hfauth::agent
