// SPDX-License-Identifier: Apache-2.0
//
// Read as a stream of events: a listing of 10^6 files would take a gigabyte as a JSON value.
#include "hfauth/hub/tree_listing.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/hub/repo.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace hfauth::hub {
namespace {

using nlohmann::json;

/// 10^6 files at 250 bytes each.
constexpr std::size_t kListingLimit = std::size_t{256} << 20;
constexpr std::uint64_t kFormat = 1;

/// {"format_version": 1, "files": {path: {"size", "blob_id", "lfs_sha256"?, "lfs_size"?, ...}}}.
/// A member of another name is passed over, one of a wrong type ends the reading.
class Reader final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return depth_ < kInEntry || !is_needed(); }

  bool boolean(bool /*value*/) override { return null(); }

  bool number_integer(json::number_integer_t /*value*/) override { return null(); }

  bool number_unsigned(json::number_unsigned_t value) override {
    if (is_at("format_version")) format_ = value;
    if (is_in_entry() && key_ == "size") size_ = value;
    if (is_in_entry() && key_ == "lfs_size") lfs_size_ = value;
    return !(is_in_entry() && (key_ == "blob_id" || key_ == "lfs_sha256"));
  }

  bool number_float(json::number_float_t /*value*/, const std::string& /*text*/) override {
    return null();
  }

  bool string(std::string& value) override {
    if (is_in_entry() && key_ == "blob_id") blob_id_ = value;
    if (is_in_entry() && key_ == "lfs_sha256") lfs_sha256_ = value;
    return !(is_in_entry() && (key_ == "size" || key_ == "lfs_size"));
  }

  bool binary(json::binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*elements*/) override {
    ++depth_;
    if (depth_ == kInFiles) is_in_files_ = key_ == "files";
    if (is_in_entry()) {
      path_ = std::exchange(key_, {});
      size_.reset();
      lfs_size_.reset();
      blob_id_.clear();
      lfs_sha256_.clear();
    }
    return true;
  }

  bool key(std::string& value) override {
    key_ = std::move(value);
    return true;
  }

  bool end_object() override {
    if (is_in_entry() && !take_entry()) return false;
    --depth_;
    if (depth_ < kInFiles) is_in_files_ = false;
    return true;
  }

  bool start_array(std::size_t /*elements*/) override {
    ++depth_;
    return !(is_in_files_ && depth_ == kInEntry);
  }

  bool end_array() override {
    --depth_;
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*problem*/) override {
    return false;
  }

  std::optional<std::uint64_t> format_;
  TreeListing files_;

 private:
  static constexpr int kInFiles = 2;
  static constexpr int kInEntry = 3;

  [[nodiscard]] bool is_at(std::string_view name) const { return depth_ == 1 && key_ == name; }

  [[nodiscard]] bool is_in_entry() const { return is_in_files_ && depth_ == kInEntry; }

  /// The optional members may be null; the others may not.
  [[nodiscard]] bool is_needed() const {
    return is_in_entry() && (key_ == "size" || key_ == "blob_id");
  }

  bool take_entry() {
    if (!size_ || blob_id_.empty() || !check_repo_path(path_)) return false;
    const bool is_large = !lfs_sha256_.empty();
    files_[path_] = {.size = is_large ? lfs_size_.value_or(*size_) : *size_,
                     .etag = is_large ? lfs_sha256_ : blob_id_};
    return true;
  }

  int depth_ = 0;
  bool is_in_files_ = false;
  std::string key_;
  std::string path_;
  std::optional<std::uint64_t> size_;
  std::optional<std::uint64_t> lfs_size_;
  std::string blob_id_;
  std::string lfs_sha256_;
};

}  // namespace

Result<std::optional<TreeListing>> read_tree_listing(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file, kListingLimit);
  if (!text && text.error().code == Errc::not_found) return std::optional<TreeListing>();
  if (!text) return text.error();
  Result<std::optional<TreeListing>> parsed = parse_tree_listing(*text);
  if (parsed) return parsed;
  return Error{parsed.error().code, fmt::format("{} {}: delete it, it is written again",
                                                file.string(), parsed.error().detail)};
}

Result<std::optional<TreeListing>> parse_tree_listing(std::string_view text) {
  Reader reader;
  const bool good = json::sax_parse(text, &reader);
  if (reader.format_ && *reader.format_ != kFormat) return std::optional<TreeListing>();
  if (!good || !reader.format_) return Error{Errc::corrupt, "is no listing of files"};
  return std::optional(std::move(reader.files_));
}

}  // namespace hfauth::hub
