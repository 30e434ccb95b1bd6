// SPDX-License-Identifier: Apache-2.0
//
// Short keyed digests by which two tokens are compared without being shown. The key is one random
// file a user and machine (0600, in the state directory), so a fingerprint in a log or a report
// confirms no guess elsewhere.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace hfauth {

class Fingerprinter {
 public:
  /// A key of its own for this process: fingerprints compare within one run only.
  [[nodiscard]] static Fingerprinter ephemeral();

  /// Reads the key file or creates it with mode 0600. Errors: permission, io, no_space, corrupt.
  [[nodiscard]] static Result<Fingerprinter> load_or_create(const std::filesystem::path& key_file);

  /// 8 lower-case hexadecimal digits.
  [[nodiscard]] std::string of(std::string_view token) const;

 private:
  explicit Fingerprinter(Secret key) : key_(std::move(key)) {}

  Secret key_;
};

}  // namespace hfauth
