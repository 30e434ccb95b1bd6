// SPDX-License-Identifier: Apache-2.0
//
// HubCache on the command line, for the test that shares a cache with the real huggingface_hub:
//   cache_probe find|fetch CACHE ENDPOINT REPO REVISION FILE   (the token on standard input, "" for
//   none)
// Prints one line: "hit PATH", "known_missing", "not_cached" or "error CODE".
#include "hfauth/hub/cache.hpp"

#include <cstdio>
#include <iostream>
#include <span>
#include <string>

namespace hfauth {
namespace {

std::string line_of(const Result<hub::CacheAnswer>& answer) {
  using Kind = hub::CacheAnswer::Kind;
  if (!answer) return "error " + std::string(name_of(answer.error().code));
  if (answer->kind == Kind::hit) return "hit " + answer->file.string();
  return answer->kind == Kind::known_missing ? "known_missing" : "not_cached";
}

Result<hub::CacheAnswer> fetch(hub::HubCache& cache, const hub::Repo& repo,
                               const std::string& endpoint, const std::string& revision,
                               const std::string& file) {
  std::string typed;
  std::getline(std::cin, typed);
  const Secret token = Secret::copy_of(typed);
  const auto http = hub::load_http_client(Environment()).value();
  hub::HubClient client(*http, token::Endpoint::parse(endpoint).value(), "hfauth/probe");
  return cache.fetch(client, repo, revision, file, token.empty() ? nullptr : &token, {});
}

int run(std::span<char*> arguments) {
  if (arguments.size() != 7) return 2;
  const std::string action = arguments[1];
  hub::HubCache cache(arguments[2]);
  const hub::Repo repo = hub::Repo::parse(arguments[4]).value();
  const Result<hub::CacheAnswer> answer =
      action == "find" ? cache.find(repo, arguments[5], arguments[6])
                       : fetch(cache, repo, arguments[3], arguments[5], arguments[6]);
  std::puts(line_of(answer).c_str());
  return 0;
}

}  // namespace
}  // namespace hfauth

int main(int argc, char** argv) {
  return hfauth::run({argv, static_cast<std::size_t>(argc)});
}
