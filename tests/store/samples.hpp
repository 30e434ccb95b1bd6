// SPDX-License-Identifier: Apache-2.0
//
// Records and scratch folders for the store tests. No token here has the shape of a live one.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/store/secret_store.hpp"
#include "hfauth/token/token_record.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hfauth::testing {

inline token::ProfileName profile(std::string_view name) {
  return token::ProfileName::parse(name).value();
}

/// "hf_test" and `fill` forty times.
inline std::string fake_token(char fill) {
  return "hf_test" + std::string(40, fill);
}

/// All optional facts are filled, with text that JSON must escape.
token::TokenRecord sample(std::string_view name, char fill, std::uint64_t generation = 1);

inline bool same(const token::TokenRecord& a, const token::TokenRecord& b) {
  return a.facts == b.facts && a.token.equals(b.token.expose()) &&
         a.refresh.equals(b.refresh.expose());
}

/// "ok" or the name of the error, for messages that can be read.
template <class R>
std::string outcome(const R& result) {
  return result ? "ok" : std::string(name_of(result.error().code));
}

/// A folder of its own, mode 0700, removed at the end.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

std::string slurp(const std::filesystem::path& path);
void spill(const std::filesystem::path& path, std::string_view bytes);  ///< mode 0600

}  // namespace hfauth::testing
