// SPDX-License-Identifier: Apache-2.0
//
// The list is what huggingface_hub, LangChain, LlamaIndex, LiteLLM and old tutorials read or tell
// users to set.
#include "child_environment.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {
namespace {

constexpr std::array<std::string_view, 17> kTokenVariables{
    "HF_TOKEN",
    "HF_TOKEN_PATH",
    "HUGGING_FACE_HUB_TOKEN",
    "HUGGINGFACE_HUB_TOKEN",
    "HUGGING_FACE_TOKEN",
    "HUGGINGFACE_TOKEN",
    "HUGGINGFACEHUB_API_TOKEN",
    "HUGGINGFACEHUB_TOKEN",
    "HUGGINGFACE_API_TOKEN",
    "HUGGINGFACE_API_KEY",
    "HF_API_TOKEN",
    "HF_API_KEY",
    "HF_AUTH_TOKEN",
    "HF_ACCESS_TOKEN",
    "HF_HUB_TOKEN",
    "TOKEN_HUGGINGFACE",
    "HUGGINGFACE_ACCESS_TOKEN",
};

}  // namespace

void scrub_token_variables(Environment& environment) {
  for (const std::string_view name : kTokenVariables)
    environment.unset(name);
  std::vector<std::string> oidc;
  for (const auto& [name, value] : environment.variables()) {
    if (name.starts_with("HF_OIDC_")) oidc.push_back(name);
  }
  for (const std::string& name : oidc)
    environment.unset(name);
}

}  // namespace hfauth::cli
