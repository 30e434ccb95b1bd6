// SPDX-License-Identifier: Apache-2.0
//
// Scheme and host are taken off, then a type, then two names are left.
#include "target_argument.hpp"

#include <array>
#include <string>
#include <utility>

namespace hfauth::cli {
namespace {

constexpr std::array<std::pair<std::string_view, hub::RepoType>, 6> kTypes{{
    {"models/", hub::RepoType::model},
    {"model/", hub::RepoType::model},
    {"datasets/", hub::RepoType::dataset},
    {"dataset/", hub::RepoType::dataset},
    {"spaces/", hub::RepoType::space},
    {"space/", hub::RepoType::space},
}};

// What stands behind the host of a URL; the word itself if it is none.
std::string_view without_host(std::string_view word) {
  if (word.starts_with("hf://")) {
    return word.substr(5);
  }
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (word.starts_with(scheme)) {
      word.remove_prefix(scheme.size());
      const std::size_t slash = word.find('/');
      return slash == std::string_view::npos ? std::string_view() : word.substr(slash + 1);
    }
  }
  for (const std::string_view host : {"huggingface.co/", "hf.co/"}) {
    if (word.starts_with(host)) {
      return word.substr(host.size());
    }
  }
  return word;
}

}  // namespace

Result<hub::Repo> parse_target(std::string_view word) {
  std::string_view rest = without_host(word);
  if (rest.starts_with("api/")) {
    rest.remove_prefix(4);
  }
  hub::RepoType type = hub::RepoType::model;
  for (const auto& [prefix, its] : kTypes) {
    if (rest.starts_with(prefix)) {
      type = its;
      rest.remove_prefix(prefix.size());
      break;
    }
  }
  rest = rest.substr(0, rest.find_first_of("?#@"));
  const std::size_t first = rest.find('/');
  const std::size_t second =
      first == std::string_view::npos ? std::string_view::npos : rest.find('/', first + 1);
  Result<hub::Repo> repo = hub::Repo::parse(rest.substr(0, second), type);
  if (!repo) {
    return Error{Errc::usage, std::string(word) + ": no repository: " + repo.error().detail};
  }
  return repo;
}

}  // namespace hfauth::cli
