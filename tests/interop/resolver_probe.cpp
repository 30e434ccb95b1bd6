// SPDX-License-Identifier: Apache-2.0
//
// Lets test_resolver_differential.py ask resolve_huggingface_hub(): one JSON state a line on
// standard input,
// {"environment", "home", "cwd", "colab", "version"}, one resolution a line on standard output.
// Reads exactly the files that token_paths_read() names, as a probe of `doctor` does. Prints tokens
// (in hex, they may be any bytes): it is only ever given made-up ones.

#include "hfauth/token/resolver.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace {

using hfauth::token::ClientVersion;
using hfauth::token::ColabSecret;
using hfauth::token::FileState;
using hfauth::token::Resolution;
using hfauth::token::ResolverInput;
using nlohmann::json;

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    text += kDigits[value >> 4U];
    text += kDigits[value & 15U];
  }
  return text;
}

FileState state_of(const std::filesystem::path& path) {
  FileState state;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    state.kind = errno == ENOENT ? FileState::Kind::missing : FileState::Kind::unreadable;
    return state;
  }
  struct stat status = {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    state.kind = FileState::Kind::not_a_file;
  } else {
    state.kind = FileState::Kind::readable;
    char block[4096];
    for (ssize_t n_bytes = 0; (n_bytes = ::read(file, block, sizeof block)) > 0;) {
      state.content.append(block, static_cast<std::size_t>(n_bytes));
    }
  }
  ::close(file);
  return state;
}

ColabSecret colab_of(const json& value) {
  const std::map<std::string, ColabSecret::Kind, std::less<>> kinds = {
      {"no_colab", ColabSecret::Kind::no_colab},
      {"missing", ColabSecret::Kind::missing},
      {"no_access", ColabSecret::Kind::no_access},
      {"timeout", ColabSecret::Kind::timeout},
      {"present", ColabSecret::Kind::present}};
  return {kinds.at(value.at("kind").get<std::string>()), value.value("value", "")};
}

json answer(const json& request) {
  const auto version = ClientVersion::parse(request.at("version").get<std::string>());
  if (!version) throw std::runtime_error("not a version: " + request.at("version").dump());
  ResolverInput input;
  for (const auto& [name, value] : request.at("environment").items()) {
    input.environment.set(name, value.get<std::string>());
  }
  input.home = request.at("home").get<std::string>();
  input.working_directory = request.at("cwd").get<std::string>();
  input.colab = colab_of(request.at("colab"));
  for (auto& path :
       token_paths_read(input.environment, input.home, input.working_directory, *version)) {
    FileState state = state_of(path);
    input.files.emplace_back(std::move(path), std::move(state));
  }
  const Resolution resolution = resolve_huggingface_hub(input, *version);
  const std::string_view token = resolution.token.expose();
  return {{"source", name_of(resolution.source)},
          {"where", resolution.where},
          {"raises", resolution.raises},
          {"sent_by_default", resolution.sent_by_default},
          {"token", token.empty() ? json() : json(hex(token))}};
}

}  // namespace

int main() {
  try {
    for (std::string line; std::getline(std::cin, line);) {
      std::cout << answer(json::parse(line)).dump() << std::endl;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "resolver_probe: %s\n", error.what());
    return 1;
  }
  return 0;
}
