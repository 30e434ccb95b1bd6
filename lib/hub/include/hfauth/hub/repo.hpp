// SPDX-License-Identifier: Apache-2.0
//
// The name of a repository on the Hub, checked once (huggingface_hub 1.29 validate_repo_id; facts
// M-088).
#pragma once

#include "hfauth/core/result.hpp"

#include <string>
#include <string_view>

namespace hfauth::hub {

enum class RepoType { model, dataset, space, kernel };

[[nodiscard]] std::string_view name_of(RepoType type) noexcept;  ///< "model"

class Repo {
 public:
  /// "name" or "namespace/name"; letters, digits, - _ . only, no -- or .., at most 96 characters,
  /// not ending in .git. Errors: invalid_input, saying what is wrong.
  [[nodiscard]] static Result<Repo> parse(std::string_view id, RepoType type = RepoType::model);

  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  [[nodiscard]] RepoType type() const noexcept { return type_; }

  [[nodiscard]] std::string cache_folder() const;  ///< "models--microsoft--phi-4"
  [[nodiscard]] std::string url_prefix()
      const;  ///< "" for models, "datasets/", "spaces/", "kernels/"
  [[nodiscard]] std::string api_prefix() const;  ///< "models", "datasets", "spaces", "kernels"

 private:
  Repo(std::string id, RepoType type) : id_(std::move(id)), type_(type) {}

  std::string id_;
  RepoType type_;
};

/// A path inside a repository that is safe to join: no "..", not absolute under POSIX or Windows
/// rules, no control character. Errors: invalid_input.
[[nodiscard]] Result<std::string> check_repo_path(std::string_view path);

}  // namespace hfauth::hub
