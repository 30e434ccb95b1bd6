// SPDX-License-Identifier: Apache-2.0
//
// The variables that matter to the Hub's clients, and nothing else of the environment. Variables
// that hold tokens become stand-ins; everything else goes through the redactor.
#include "hfauth/core/mask.hpp"
#include "probes.hpp"
#include "stand_in.hpp"

#include <array>
#include <cctype>

namespace hfauth::diagnose {
namespace {

// Read by huggingface_hub (facts/hub-auth.md §1.3) or telling where the program runs (§6).
constexpr std::array kPlain{"ACTIONS_ID_TOKEN_REQUEST_URL",
                            "CI",
                            "COLAB_BACKEND_VERSION",
                            "COLAB_GPU",
                            "COLAB_RELEASE_TAG",
                            "COLAB_TPU_ADDR",
                            "CONDA_PREFIX",
                            "GITHUB_ACTIONS",
                            "GITLAB_CI",
                            "HF_DATASETS_OFFLINE",
                            "HF_ENDPOINT",
                            "HF_HOME",
                            "HF_HUB_CACHE",
                            "HF_HUB_DISABLE_IMPLICIT_TOKEN",
                            "HF_HUB_OFFLINE",
                            "HF_OIDC_RESOURCE",
                            "HF_TOKEN_PATH",
                            "HF_XET_CACHE",
                            "HUGGINGFACE_CO_STAGING",
                            "HUGGINGFACE_HUB_CACHE",
                            "JPY_PARENT_PID",
                            "JPY_SESSION_NAME",
                            "KAGGLE_KERNEL_RUN_TYPE",
                            "KAGGLE_URL_BASE",
                            "KUBERNETES_SERVICE_HOST",
                            "SHELL",
                            "SPACE_ID",
                            "SUDO_USER",
                            "TRANSFORMERS_OFFLINE",
                            "VERTEX_PRODUCT",
                            "VIRTUAL_ENV",
                            "XDG_CACHE_HOME",
                            "container"};

constexpr std::array kPaths{"HF_HOME",      "HF_TOKEN_PATH",
                            "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE",
                            "HF_XET_CACHE", "XDG_CACHE_HOME"};

constexpr std::array kTokens{"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_OIDC_ID_TOKEN"};

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Names behind "$" or "${" in a path: the client's expansion needs them in a replay too.
void keep_referenced(const Environment& environment, std::string_view path, Environment& kept) {
  for (std::size_t at = path.find('$'); at != std::string_view::npos; at = path.find('$', at + 1)) {
    std::size_t begin = at + 1;
    begin += begin < path.size() && path[begin] == '{' ? 1 : 0;
    std::size_t end = begin;
    while (end < path.size() && is_name_character(path[end])) {
      ++end;
    }
    const std::string name(path.substr(begin, end - begin));
    if (const auto value = environment.get(name); value && !kept.get(name)) {
      kept.set(name, redact(*value));
    }
  }
}

}  // namespace

void probe_environment(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  for (const char* name : kPlain) {
    if (const auto value = input.environment.get(name)) {
      facts.environment.set(name, redact(*value));
    }
  }
  for (const char* name : kTokens) {
    const auto raw = input.environment.get(name);
    if (!raw) {
      continue;
    }
    TokenValue value = take_value(input, ValueSource::env, name, *raw, secrets);
    facts.environment.set(name, value.stand_in);
    if (std::string_view(name) != "HF_OIDC_ID_TOKEN") {
      facts.values.push_back(std::move(value));
    }
  }
  for (const char* name : kPaths) {
    if (const auto path = input.environment.get(name)) {
      keep_referenced(input.environment, *path, facts.environment);
    }
  }
}

}  // namespace hfauth::diagnose
