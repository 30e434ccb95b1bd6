// SPDX-License-Identifier: Apache-2.0
//
// Where this program runs, by the marks that each place leaves (facts/hub-auth.md §6). Several may
// hold at once.
#include "probes.hpp"

#include <initializer_list>
#include <system_error>

namespace hfauth::diagnose {
namespace {

bool any_set(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (environment.non_empty(name)) {
      return true;
    }
  }
  return false;
}

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

void probe_runtime(const ProbeInput& input, Facts& facts) {
  const Environment& environment = input.environment;
  RuntimeFacts& runtime = facts.runtime;
  runtime.colab = any_set(
      environment, {"COLAB_RELEASE_TAG", "COLAB_GPU", "COLAB_BACKEND_VERSION", "COLAB_TPU_ADDR"});
  runtime.colab_enterprise = environment.get("VERTEX_PRODUCT") == "COLAB_ENTERPRISE";
  runtime.kaggle =
      any_set(environment, {"KAGGLE_KERNEL_RUN_TYPE"}) || is_there(input.root / "kaggle/working");
  runtime.space = any_set(environment, {"SPACE_ID"});
  runtime.ci = any_set(environment, {"CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "TF_BUILD",
                                     "BUILDKITE", "CIRCLECI", "TRAVIS"});
  runtime.container = any_set(environment, {"container", "KUBERNETES_SERVICE_HOST"}) ||
                      is_there(input.root / ".dockerenv") ||
                      is_there(input.root / "run/.containerenv");
  runtime.jupyter = any_set(environment, {"JPY_PARENT_PID", "JPY_SESSION_NAME"});
  runtime.systemd = any_set(environment, {"INVOCATION_ID"}) && !any_set(environment, {"TERM"});
  runtime.github = environment.get("GITHUB_ACTIONS") == "true";
  runtime.kubernetes = any_set(environment, {"KUBERNETES_SERVICE_HOST"});
  runtime.wsl = any_set(environment, {"WSL_DISTRO_NAME"});
  runtime.slurm = any_set(environment, {"SLURM_JOB_ID"});
  runtime.sagemaker = any_set(environment, {"SM_TRAINING_ENV", "SAGEMAKER_APP_TYPE"});
  runtime.editor = environment.get("TERM_PROGRAM") == "vscode";
  runtime.shell = std::filesystem::path(environment.get("SHELL").value_or("")).filename().string();
}

}  // namespace hfauth::diagnose
