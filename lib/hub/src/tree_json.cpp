// SPDX-License-Identifier: Apache-2.0
//
// Lists of files from the Hub, and what becomes of them in trees/<commit>.json (huggingface_hub 2.4
// _tree_cache.py); read_tree_listing reads those.
// What makes a path or an object id here becomes a file's name later, so nothing passes unchecked.
#include "hfauth/core/hex.hpp"
#include "hfauth/hub/repo.hpp"
#include "hub_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hfauth::hub {
namespace {

using nlohmann::json;

constexpr int kTreeFormat = 1;
constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;

const json& member(const json& object, const char* name) {
  static const json kAbsent;
  if (!object.is_object()) return kAbsent;
  const auto found = object.find(name);
  return found == object.end() ? kAbsent : *found;
}

/// `n_digits` of lower-case hexadecimal; "" for anything else.
std::string hash_in(const json& value, std::size_t n_digits) {
  if (!value.is_string()) return {};
  const auto& text = value.get_ref<const std::string&>();
  return hex::is_lower(text, n_digits) ? text : std::string();
}

std::optional<std::uint64_t> size_of(const json& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  const auto size = value.get<std::uint64_t>();
  return size <= std::uint64_t{1} << 62U ? std::optional(size) : std::nullopt;
}

Error no_list(std::string_view why) {
  return Error{Errc::network, fmt::format("the list of files is not the Hub's: {}", why)};
}

/// Errors: corrupt.
Result<std::string> checked_path(const json& value) {
  if (!value.is_string()) return no_list("a file has no path");
  Result<std::string> path = check_repo_path(value.get_ref<const std::string&>());
  if (path) return path;
  return Error{Errc::corrupt, "the list of files is refused: " + path.error().detail};
}

}  // namespace

Result<TreePage> read_tree_page(std::string_view body) {
  const json root = json::parse(body, nullptr, false);
  if (!root.is_array()) return no_list("no JSON array");
  TreePage page;
  page.n_entries = root.size();
  for (const json& entry : root) {
    const json& type = member(entry, "type");
    if (!type.is_string()) return no_list("an entry has no type");
    if (type != "file") continue;
    TreeFile file;
    Result<std::string> path = checked_path(member(entry, "path"));
    if (!path) return path.error();
    file.path = *std::move(path);
    file.blob_id = hash_in(member(entry, "oid"), kSha1Digits);
    std::optional<std::uint64_t> size = size_of(member(entry, "size"));
    const json& lfs = member(entry, "lfs");
    if (lfs.is_object()) {
      file.lfs_sha256 = hash_in(member(lfs, "oid"), kSha256Digits);
      if (file.lfs_sha256.empty()) return no_list(file.path + " has no usable SHA-256");
      size = size_of(member(lfs, "size"));
    }
    file.xet_hash = hash_in(member(entry, "xetHash"), kSha256Digits);
    if (file.blob_id.empty() || !size) return no_list(file.path + " has no usable id or size");
    file.size = *size;
    page.files.push_back(std::move(file));
  }
  return page;
}

std::string write_tree_file(const Tree& tree) {
  std::string text = fmt::format("{{\n \"format_version\": {},\n \"files\": {{", kTreeFormat);
  const char* separator = "\n";
  for (const TreeFile& file : tree.files) {
    text += separator;
    // As Python writes it: ASCII, so that no reader's locale matters.
    text += "  " + json(file.path).dump(-1, ' ', true, json::error_handler_t::replace) + ": {\n";
    text += fmt::format("   \"size\": {},\n   \"blob_id\": \"{}\"", file.size, file.blob_id);
    if (!file.lfs_sha256.empty()) {
      text += fmt::format(",\n   \"lfs_sha256\": \"{}\",\n   \"lfs_size\": {}", file.lfs_sha256,
                          file.size);
    }
    if (!file.xet_hash.empty()) text += fmt::format(",\n   \"xet_hash\": \"{}\"", file.xet_hash);
    text += "\n  }";
    separator = ",\n";
  }
  return text + (tree.files.empty() ? "}\n}" : "\n }\n}");
}

}  // namespace hfauth::hub
