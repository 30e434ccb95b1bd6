// SPDX-License-Identifier: Apache-2.0
//
// The rules of huggingface_hub 1.29 utils/_validators.py, and of its file_download.py for paths: a
// path is refused if POSIX or Windows would read it as absolute or as leaving the folder.
#include "hfauth/hub/repo.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::hub {
namespace {

constexpr std::size_t kLongestId = 96;  // huggingface_hub 1.29 _validators.py
constexpr std::size_t kLongestPath = 1024;

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.';
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// What people type goes into a message: as it is, but on one line and not endlessly.
std::string quoted(std::string_view text) {
  std::string shown(text.substr(0, kLongestId + 32));
  std::replace_if(shown.begin(), shown.end(), is_control, '?');
  return "'" + shown + (shown.size() < text.size() ? "..." : "") + "'";
}

Error refused(std::string_view id, std::string_view why) {
  return Error{Errc::invalid_input, fmt::format("{} is no repository id: {}", quoted(id), why)};
}

bool is_good_part(std::string_view part) {
  if (part.empty() || !std::all_of(part.begin(), part.end(), is_name_character)) return false;
  const auto is_edge = [](char c) { return c == '-' || c == '.'; };
  return !is_edge(part.front()) && !is_edge(part.back());
}

}  // namespace

std::string_view name_of(RepoType type) noexcept {
  switch (type) {
    case RepoType::model:
      return "model";
    case RepoType::dataset:
      return "dataset";
    case RepoType::space:
      return "space";
    case RepoType::kernel:
      return "kernel";
  }
  return "model";
}

Result<Repo> Repo::parse(std::string_view id, RepoType type) {
  const auto slashes = std::count(id.begin(), id.end(), '/');
  if (slashes > 1) return refused(id, "it must read 'name' or 'namespace/name'");
  if (id.size() > kLongestId) return refused(id, "it is longer than 96 characters");
  const auto slash = id.find('/');
  const bool good = slash == std::string_view::npos
                        ? is_good_part(id)
                        : is_good_part(id.substr(0, slash)) && is_good_part(id.substr(slash + 1));
  if (!good) {
    return refused(
        id,
        "only letters, digits, '-', '_' and '.' are allowed, and neither '-' nor '.' at an end");
  }
  if (id.find("--") != std::string_view::npos || id.find("..") != std::string_view::npos) {
    return refused(id, "'--' and '..' are not allowed");
  }
  if (id.ends_with(".git")) return refused(id, "it must not end in '.git'");
  return Repo(std::string(id), type);
}

std::string Repo::cache_folder() const {
  std::string folder = api_prefix();
  for (const char c : "/" + id_) {
    if (c == '/') {
      folder += "--";
    } else {
      folder += c;
    }
  }
  return folder;
}

std::string Repo::url_prefix() const {
  return type_ == RepoType::model ? "" : api_prefix() + "/";
}

std::string Repo::api_prefix() const {
  return std::string(name_of(type_)) + "s";
}

Result<std::string> check_repo_path(std::string_view path) {
  const auto no = [&](std::string_view why) {
    return Error{Errc::invalid_input,
                 fmt::format("{} is no path inside a repository: {}", quoted(path), why)};
  };
  if (path.empty()) return no("it is empty");
  if (path.size() > kLongestPath) return no("it is too long");
  if (std::any_of(path.begin(), path.end(), is_control)) return no("it holds a control character");
  if (path.front() == '/' || path.front() == '\\') return no("it is absolute");
  if (path.size() >= 2 && path[1] == ':') return no("it begins with a drive letter");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find_first_of("/\\", begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment.empty() || segment == "." || segment == "..")
      return no("a part of it is empty, '.' or '..'");
    begin = end + 1;
  }
  return std::string(path);
}

}  // namespace hfauth::hub
