// SPDX-License-Identifier: Apache-2.0
//
// The variables that matter to the Hub's clients, and nothing else of the environment. Variables
// that hold tokens become stand-ins; everything else goes through the redactor.
#include "hfauth/core/mask.hpp"
#include "probes.hpp"
#include "stand_in.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace hfauth::diagnose {
namespace {

// Read by huggingface_hub (facts/hub-auth.md §1.3) or telling where the program runs (§6).
constexpr std::array kPlain{"ACTIONS_ID_TOKEN_REQUEST_URL",
                            "ALL_PROXY",
                            "CI",
                            "COLAB_BACKEND_VERSION",
                            "COLAB_GPU",
                            "COLAB_RELEASE_TAG",
                            "COLAB_TPU_ADDR",
                            "CONDA_PREFIX",
                            "CURL_CA_BUNDLE",
                            "DBUS_SESSION_BUS_ADDRESS",
                            "GITHUB_ACTIONS",
                            "GITHUB_EVENT_NAME",
                            "GITHUB_REPOSITORY",
                            "GITLAB_CI",
                            "HF_DATASETS_OFFLINE",
                            "HF_ENDPOINT",
                            "HF_HOME",
                            "HF_HUB_CACHE",
                            "HF_HUB_DISABLE_IMPLICIT_TOKEN",
                            "HF_HUB_DISABLE_XET",
                            "HF_HUB_DOWNLOAD_TIMEOUT",
                            "HF_HUB_ETAG_TIMEOUT",
                            "HF_HUB_OFFLINE",
                            "HF_OIDC_RESOURCE",
                            "HF_TOKEN_PATH",
                            "HF_XET_CACHE",
                            "HTTPS_PROXY",
                            "HTTP_PROXY",
                            "HUGGINGFACE_CO_STAGING",
                            "HUGGINGFACE_HUB_CACHE",
                            "JPY_PARENT_PID",
                            "JPY_SESSION_NAME",
                            "KAGGLE_KERNEL_RUN_TYPE",
                            "KAGGLE_URL_BASE",
                            "KUBERNETES_SERVICE_HOST",
                            "NETRC",
                            "NO_PROXY",
                            "OAUTH_CLIENT_ID",
                            "REQUESTS_CA_BUNDLE",
                            "SHELL",
                            "SLURM_JOB_ID",
                            "SM_TRAINING_ENV",
                            "SPACES_BUILDKIT_VERSION",
                            "SPACE_AUTHOR_NAME",
                            "SPACE_ID",
                            "SSL_CERT_DIR",
                            "SSL_CERT_FILE",
                            "SUDO_HOME",
                            "SUDO_USER",
                            "TERM_PROGRAM",
                            "TRANSFORMERS_OFFLINE",
                            "VERTEX_PRODUCT",
                            "VIRTUAL_ENV",
                            "VSCODE_IPC_HOOK_CLI",
                            "WSL_DISTRO_NAME",
                            "XDG_CACHE_HOME",
                            "XDG_CONFIG_HOME",
                            "all_proxy",
                            "container",
                            "http_proxy",
                            "https_proxy",
                            "no_proxy"};

constexpr std::array kPaths{"HF_HOME",      "HF_TOKEN_PATH",
                            "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE",
                            "HF_XET_CACHE", "XDG_CACHE_HOME"};

// The first two are read by huggingface_hub; the others by other libraries, or by nobody
// (facts/hub-auth.md §1.3).
constexpr std::array kTokens{"HF_TOKEN",
                             "HUGGING_FACE_HUB_TOKEN",
                             "HF_OIDC_ID_TOKEN",
                             "HF_ACCESS_TOKEN",
                             "HF_API_KEY",
                             "HF_API_TOKEN",
                             "HF_AUTH_TOKEN",
                             "HF_HUB_TOKEN",
                             "HUGGINGFACEHUB_API_TOKEN",
                             "HUGGINGFACE_API_KEY",
                             "HUGGINGFACE_API_TOKEN",
                             "HUGGINGFACE_HUB_TOKEN",
                             "HUGGINGFACE_TOKEN",
                             "HUGGING_FACE_TOKEN"};

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

// "HF_TOKENS", "hf_token", "MY_HF_TOKEN": somebody meant one of the names above.
bool looks_meant_for_the_hub(std::string_view name) {
  std::string upper;
  for (const char c : name) {
    upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  const bool of_hub =
      upper.find("HF") != std::string::npos || upper.find("HUGGING") != std::string::npos;
  return of_hub &&
         (upper.find("TOKEN") != std::string::npos || upper.find("API_KEY") != std::string::npos);
}

bool is_known_name(std::string_view name) {
  return std::find(kTokens.begin(), kTokens.end(), name) != kTokens.end() ||
         std::find(kPlain.begin(), kPlain.end(), name) != kPlain.end();
}

}  // namespace

HeldToken held_token(const ProbeInput& input, std::string_view raw, Secrets& secrets) {
  const TokenValue value = take_value(input, ValueSource::env, "", raw, secrets);
  return {value.sent, value.mask, value.fingerprint};
}

Environment kept_variables(const ProbeInput& input, const Environment& environment,
                           std::vector<TokenValue>& values, Secrets& secrets) {
  Environment kept;
  for (const char* name : kPlain) {
    if (const auto value = environment.get(name)) {
      kept.set(name, redact(*value));
    }
  }
  const auto keep_token = [&](const std::string& name, const std::string& raw) {
    TokenValue value = take_value(input, ValueSource::env, name, raw, secrets);
    kept.set(name, value.stand_in);
    if (name != "HF_OIDC_ID_TOKEN") {
      values.push_back(std::move(value));
    }
  };
  for (const char* name : kTokens) {
    if (const auto raw = environment.get(name)) {
      keep_token(name, *raw);
    }
  }
  for (const auto& [name, raw] : environment.variables()) {
    if (!is_known_name(name) && looks_meant_for_the_hub(name) && raw.starts_with("hf_")) {
      keep_token(name, raw);
    }
  }
  for (const char* name : kPaths) {
    if (const auto path = environment.get(name)) {
      keep_referenced(environment, *path, kept);
    }
  }
  return kept;
}

void probe_environment(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  facts.environment = kept_variables(input, input.environment, facts.values, secrets);
}

}  // namespace hfauth::diagnose
