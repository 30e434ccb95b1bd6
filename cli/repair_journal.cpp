// SPDX-License-Identifier: Apache-2.0
//
// Order: backup, entry ("begun"), change, entry ("done"). After a crash between, an undo finds
// either the old content, and has nothing to do, or the new one.
#include "repair_journal.hpp"

#include "hfauth/core/crypto.hpp"
#include "hfauth/core/file.hpp"
#include "talk.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using State = JournalEntry::State;

constexpr std::array<std::string_view, 3> kStates{"begun", "done", "undone"};

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

Json json_of(const JournalEntry& entry) {
  return {
      {"hfauth_journal", 1},        {"id", entry.id},
      {"time", entry.time},         {"finding", entry.finding},
      {"title", entry.title},       {"file", entry.file},
      {"moved_to", entry.moved_to}, {"mode_before", entry.mode_before},
      {"after", entry.after},       {"state", kStates.at(static_cast<std::size_t>(entry.state))}};
}

std::optional<JournalEntry> entry_from(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("hfauth_journal", Json()) != Json(1)) return std::nullopt;
  for (const char* key : {"id", "time", "finding", "title", "file", "moved_to", "after", "state"}) {
    if (!json.contains(key) || !json[key].is_string()) return std::nullopt;
  }
  if (!json.contains("mode_before") || !json["mode_before"].is_number_unsigned())
    return std::nullopt;
  const auto* const state =
      std::find(kStates.begin(), kStates.end(), json["state"].get<std::string>());
  const std::string after = json["after"];
  if (state == kStates.end() || after.find_first_not_of("0123456789abcdef") != std::string::npos)
    return std::nullopt;
  return JournalEntry{json["id"],
                      json["time"],
                      json["finding"],
                      json["title"],
                      json["file"],
                      json["moved_to"],
                      json["mode_before"].get<mode_t>() & 07777U,
                      after,
                      static_cast<State>(state - kStates.begin())};
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

RepairJournal::RepairJournal(const UserPaths& paths) : folder_(paths.state / "journal") {}

fs::path RepairJournal::entry_path(const std::string& id) const {
  return folder_ / (id + ".json");
}

fs::path RepairJournal::backup_path(const std::string& id) const {
  return folder_ / (id + ".before");
}

Result<std::string> RepairJournal::new_id(const Clock& clock) const {
  if (const Result<void> made = make_private_directory(folder_); !made) return made.error();
  std::string time = format_utc(clock.now());
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  std::string id = time;
  for (int i = 2; fs::exists(entry_path(id)) || fs::exists(backup_path(id)); ++i)
    id = time + "-" + std::to_string(i);
  return id;
}

Result<void> RepairJournal::write(const JournalEntry& entry) const {
  return write_file_atomically(entry_path(entry.id), json_of(entry).dump(1) + "\n", 0600,
                               Durability::synced);
}

Result<JournalEntry> RepairJournal::make(const diagnose::FileEdit& edit, std::string_view finding,
                                         std::string_view title, const Clock& clock) {
  const Result<std::string> id = new_id(clock);
  if (!id) return id.error();
  JournalEntry entry{*id,
                     format_utc(clock.now()),
                     std::string(finding),
                     std::string(title),
                     edit.file.string(),
                     edit.moved_to.string(),
                     edit.mode_before,
                     crypto::hex(crypto::hash(edit.after.expose())),
                     State::begun};
  const Result<void> kept =
      write_file_atomically(backup_path(*id), edit.before.expose(), 0600, Durability::synced);
  if (!kept) return kept.error();
  if (const Result<void> begun = write(entry); !begun) return begun.error();
  if (const Result<void> applied = diagnose::apply_edit(edit); !applied) {
    std::error_code ignored;
    fs::remove(entry_path(*id), ignored);
    fs::remove(backup_path(*id), ignored);
    return applied.error();
  }
  entry.state = State::done;
  if (const Result<void> done = write(entry); !done) return done.error();
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
  } else {
    const Result<Secret> before = read_secret_file(backup_path(entry.id));
    if (!before) return before.error();
    restored = diagnose::restore_file(entry.file, before->expose(), entry.mode_before,
                                      bytes_of(entry.after));
  }
  if (!restored) return restored;
  JournalEntry undone = entry;
  undone.state = State::undone;
  if (Result<void> written = write(undone); !written) return written;
  std::error_code ignored;  // it may hold a token, and is of no more use
  fs::remove(backup_path(entry.id), ignored);
  return {};
}

}  // namespace hfauth::cli
