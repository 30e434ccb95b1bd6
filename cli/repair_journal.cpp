// SPDX-License-Identifier: Apache-2.0
//
// Order: backup, entry ("begun"), change, entry ("done"). After a crash between, an undo finds
// either the old content, and has nothing to do, or the new one.
#include "repair_journal.hpp"

#include "hfauth/core/crypto.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/hex.hpp"
#include "talk.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using State = JournalEntry::State;

constexpr std::chrono::hours kRetention{24 * 30};  // who has not missed it by then will not
constexpr std::array<std::string_view, 3> kStates{"begun", "done", "undone"};

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

constexpr std::array kTexts{
    std::pair{"id", &JournalEntry::id},
    std::pair{"time", &JournalEntry::time},
    std::pair{"finding", &JournalEntry::finding},
    std::pair{"title", &JournalEntry::title},
    std::pair{"file", &JournalEntry::file},
    std::pair{"moved_to", &JournalEntry::moved_to},
    std::pair{"after", &JournalEntry::after},
    std::pair{"profile_before", &JournalEntry::profile_before},
    std::pair{"profile_after", &JournalEntry::profile_after},
};

Json json_of(const JournalEntry& entry) {
  Json json{{"hfauth_journal", 1},
            {"mode_before", entry.mode_before},
            {"created", entry.created},
            {"state", kStates.at(static_cast<std::size_t>(entry.state))}};
  for (const auto& [key, member] : kTexts)
    json[key] = entry.*member;
  return json;
}

std::optional<JournalEntry> entry_from(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("hfauth_journal", Json()) != Json(1)) return std::nullopt;
  JournalEntry entry;
  for (const auto& [key, member] : kTexts) {
    if (!json.contains(key) || !json[key].is_string()) return std::nullopt;
    entry.*member = json[key].get<std::string>();
  }
  const Json mode = json.value("mode_before", Json());
  const Json created = json.value("created", Json());
  const Json state = json.value("state", Json());
  if (!mode.is_number_unsigned() || !created.is_boolean() || !state.is_string())
    return std::nullopt;
  const auto* const known = std::find(kStates.begin(), kStates.end(), state.get<std::string>());
  if (known == kStates.end() || !hex::is_lower(entry.after, entry.after.size()))
    return std::nullopt;
  entry.mode_before = mode.get<mode_t>() & 07777U;
  entry.created = created.get<bool>();
  entry.state = static_cast<State>(known - kStates.begin());
  return entry;
}

Result<void> move_back(const JournalEntry& entry) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(entry.file, ignored)))
    return Error{Errc::conflict, filled(tr("{} is there again: move it away first"), entry.file)};
  if (std::rename(entry.moved_to.c_str(), entry.file.c_str()) != 0)
    return error_from_errno(errno, entry.moved_to);
  return {};
}

}  // namespace

std::string json_of(const std::vector<JournalEntry>& entries) {
  Json all = Json::array();
  for (const JournalEntry& entry : entries) {
    if (entry.state == State::undone) continue;
    all.push_back({{"id", entry.id},
                   {"time", entry.time},
                   {"finding", entry.finding},
                   {"title", entry.title},
                   {"file", entry.file}});
  }
  return all.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

RepairJournal::RepairJournal(const UserPaths& paths)
    : folder_(paths.state / "journal"), key_file_(paths.data / "journal.key") {}

fs::path RepairJournal::entry_path(const std::string& id) const {
  return folder_ / (id + ".json");
}

fs::path RepairJournal::backup_path(const std::string& id) const {
  return folder_ / (id + ".before");
}

Result<JournalEntry> RepairJournal::new_entry(std::string_view finding, std::string_view title,
                                              const Clock& clock) const {
  if (const Result<void> made = make_private_directory(folder_); !made) return made.error();
  JournalEntry entry;
  entry.time = format_utc(clock.now());
  entry.finding = finding;
  entry.title = title;
  std::string time = entry.time;
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  entry.id = time;
  for (int i = 2; fs::exists(entry_path(entry.id)) || fs::exists(backup_path(entry.id)); ++i)
    entry.id = time + "-" + std::to_string(i);
  return entry;
}

Result<void> RepairJournal::write(const JournalEntry& entry) const {
  return write_file_atomically(entry_path(entry.id), json_of(entry).dump(1) + "\n", 0600,
                               Durability::synced);
}

Result<Secret> RepairJournal::key() const {
  Result<Secret> known = read_secret_file(key_file_);
  if (known && known->size() == crypto::kKeyBytes) return known;
  if (known) return Error{Errc::corrupt, key_file_.string() + ": is no key"};
  if (known.error().code != Errc::not_found) return known;
  if (const Result<void> made = make_private_directory(key_file_.parent_path()); !made)
    return made.error();
  Secret fresh = crypto::random_key();
  const Result<void> written =
      write_file_atomically(key_file_, fresh.expose(), 0600, Durability::synced);
  if (!written) return written.error();
  return fresh;
}

Result<void> RepairJournal::keep(const std::string& id, const Secret& content) const {
  const Result<Secret> secret = key();
  if (!secret) return secret.error();
  const std::string nonce = crypto::random_bytes(crypto::kNonceBytes);
  return write_file_atomically(backup_path(id),
                               nonce + crypto::seal(*secret, nonce, id, content.expose()), 0600,
                               Durability::synced);
}

Result<Secret> RepairJournal::kept(const std::string& id) const {
  const Result<Secret> secret = key();
  if (!secret) return secret.error();
  const Result<std::string> sealed = read_file(
      backup_path(id), diagnose::kLongestEdited + crypto::kNonceBytes + crypto::kTagBytes);
  if (!sealed) return sealed.error();
  const std::size_t nonce = std::min(sealed->size(), crypto::kNonceBytes);
  Result<Secret> content = nonce < crypto::kNonceBytes
                               ? Error{Errc::corrupt, ""}
                               : crypto::open(*secret, sealed->substr(0, nonce), id,
                                              std::string_view(*sealed).substr(nonce));
  if (content) return content;
  return Error{Errc::corrupt,
               filled(tr("{}: this backup cannot be opened any more"), backup_path(id).string())};
}

void RepairJournal::drop(const std::string& id) const {
  std::error_code ignored;
  fs::remove(entry_path(id), ignored);
  fs::remove(backup_path(id), ignored);
}

void RepairJournal::forget_old(const Clock& clock) {
  const Result<std::vector<JournalEntry>> known = entries();
  if (!known) return;
  for (const JournalEntry& entry : *known) {
    const Result<WallTime> time = parse_utc(entry.time);
    if (time && clock.now() - *time > kRetention) drop(entry.id);
  }
}

Result<JournalEntry> RepairJournal::make(const diagnose::FileEdit& edit, std::string_view finding,
                                         std::string_view title, const Clock& clock) {
  forget_old(clock);
  Result<JournalEntry> entry = new_entry(finding, title, clock);
  if (!entry) return entry;
  entry->file = edit.file.string();
  entry->moved_to = edit.moved_to.string();
  entry->mode_before = edit.mode_before;
  entry->after = edit.mode_alone ? "" : crypto::hex(crypto::hash(edit.after.expose()));
  entry->created = edit.creates;
  if (!edit.creates && !edit.mode_alone) {
    if (const Result<void> safe = keep(entry->id, edit.before); !safe) return safe.error();
  }
  if (const Result<void> begun = write(*entry); !begun) return begun.error();
  if (const Result<void> applied = diagnose::apply_edit(edit); !applied) {
    drop(entry->id);
    return applied.error();
  }
  entry->state = State::done;
  if (const Result<void> done = write(*entry); !done) return done.error();
  return entry;
}

Result<JournalEntry> RepairJournal::note_default(std::string_view before, std::string_view after,
                                                 std::string_view finding, std::string_view title,
                                                 const Clock& clock) {
  Result<JournalEntry> entry = new_entry(finding, title, clock);
  if (!entry) return entry;
  entry->state = State::done;
  entry->profile_before = before;
  entry->profile_after = after;
  if (const Result<void> written = write(*entry); !written) return written.error();
  return entry;
}

Result<std::vector<JournalEntry>> RepairJournal::entries() const {
  std::vector<JournalEntry> found;
  std::error_code failed;
  for (fs::directory_iterator file(folder_, failed), end; !failed && file != end;
       file.increment(failed)) {
    if (file->path().extension() != ".json") continue;
    const Result<std::string> text = read_file(file->path());
    if (!text) return text.error();
    if (std::optional<JournalEntry> entry = entry_from(*text);
        entry && entry->id == file->path().stem())
      found.push_back(std::move(*entry));
  }
  if (failed && failed != std::errc::no_such_file_or_directory)
    return error_from_errno(failed.value(), folder_.string());
  std::sort(found.begin(), found.end(), [](const JournalEntry& a, const JournalEntry& b) {
    return std::pair(a.time, a.id.size()) < std::pair(b.time, b.id.size()) ||
           (a.time == b.time && a.id.size() == b.id.size() && a.id < b.id);
  });
  return found;
}

Result<void> RepairJournal::undo(const JournalEntry& entry) {
  if (entry.state == State::undone)
    return Error{Errc::conflict, filled(tr("{} is taken back already"), entry.id)};
  Result<void> restored;
  if (!entry.moved_to.empty()) {
    restored = move_back(entry);
  } else if (entry.created) {
    restored = diagnose::remove_made_file(entry.file, bytes_of(entry.after));
  } else {
    const Result<Secret> before = entry.after.empty() ? Result<Secret>(Secret()) : kept(entry.id);
    if (!before) return before.error();
    restored = diagnose::restore_file(entry.file, before->expose(), entry.mode_before,
                                      bytes_of(entry.after));
  }
  if (!restored) return restored;
  return mark_undone(entry);
}

Result<void> RepairJournal::mark_undone(JournalEntry entry) {
  entry.state = State::undone;
  if (Result<void> written = write(entry); !written) return written;
  std::error_code ignored;  // it may hold a token, and is of no more use
  fs::remove(backup_path(entry.id), ignored);
  return {};
}

}  // namespace hfauth::cli
