// SPDX-License-Identifier: Apache-2.0
//
// Definitions of samples.hpp.
#include "samples.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace hfauth::testing {

token::TokenRecord sample(std::string_view name, char fill, std::uint64_t generation) {
  return {.facts = {.profile = profile(name),
                    .endpoint = token::Endpoint::hub(),
                    .kind = token::TokenKind::fine_grained,
                    .user = "ärzte \"and\" \\ friends\n",
                    .role = "fineGrained",
                    .display_name = "laptop",
                    .scopes = {"repo.content.read", "inference.serverless.write"},
                    .orgs = {"org-a", "org-b"},
                    .created = WallTime(std::chrono::seconds(1'700'000'000)),
                    .expires = WallTime(std::chrono::seconds(1'900'000'000)),
                    .generation = generation},
          .token = Secret::copy_of(fake_token(fill)),
          .refresh = {}};
}

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "hfauth-store-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no scratch folder " + name);
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::runtime_error("cannot read " + path.string());
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void spill(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    throw std::runtime_error("cannot write " + path.string());
  }
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace hfauth::testing
