// SPDX-License-Identifier: Apache-2.0
//
// How to set a token, by runtime. The labels of Colab's and Kaggle's pages are the English ones.
#include "remedies.hpp"

#include "hfauth/core/translate.hpp"

namespace hfauth::diagnose {
namespace {

FixStep create_token() {
  return {tr("create a token with read access"), "", std::string(kNewTokenUrl)};
}

Fix kaggle_secret() {
  return {
      FixSafety::manual,
      false,
      tr("for this Kaggle notebook: a secret"),
      {create_token(),
       {tr("Add-ons > Secrets > Add a new secret: label HF_TOKEN, and attach it to the notebook"),
        "", ""},
       {tr("Settings > Internet: on"), "", ""},
       {tr("in the first cell, before other imports"),
        "import os; from kaggle_secrets import UserSecretsClient; os.environ[\"HF_TOKEN\"] = "
        "UserSecretsClient().get_secret(\"HF_TOKEN\")",
        ""}}};
}

Fix ci_secret() {
  return {FixSafety::manual,
          false,
          tr("in continuous integration: a secret that is handed to the job"),
          {{tr("Settings > Secrets and variables > Actions: a secret named HF_TOKEN"), "", ""},
           {tr("in the job; jobs of forks do not get it"),
            "env: {HF_TOKEN: \"${{ secrets.HF_TOKEN }}\"}", ""}}};
}

Fix space_secret() {
  return {FixSafety::manual,
          false,
          tr("for this Space: a secret"),
          {create_token(),
           {tr("the Space's Settings > Variables and secrets > New secret: HF_TOKEN. The Space "
               "restarts by itself."),
            "", ""},
           {tr("needed while the image is built? Secrets are not there by themselves:"),
            "RUN --mount=type=secret,id=HF_TOKEN,env=HF_TOKEN ...", ""}}};
}

Fix sagemaker_variable() {
  return {FixSafety::manual,
          false,
          tr("in SageMaker: hand the variable to the job"),
          {create_token(),
           {tr("in the estimator or the model; take the value from Secrets Manager"),
            "environment={\"HF_TOKEN\": token}", ""}}};
}

Fix databricks_secret() {
  return {
      FixSafety::manual,
      false,
      tr("in Databricks: a secret of a scope"),
      {create_token(),
       {tr("in the first cell, before other imports"),
        "import os; os.environ[\"HF_TOKEN\"] = dbutils.secrets.get(\"SCOPE\", \"HF_TOKEN\")", ""}}};
}

Fix kubernetes_secret() {
  return {
      FixSafety::manual,
      false,
      tr("in Kubernetes: a secret that becomes a variable of the container"),
      {create_token(),
       {"", "kubectl create secret generic hf-token --from-file=token=/dev/stdin", ""},
       {tr("in the container's specification"),
        "env: [{name: HF_TOKEN, valueFrom: {secretKeyRef: {name: hf-token, key: token}}}]", ""}}};
}

Fix docker_variable() {
  return {FixSafety::manual,
          false,
          tr("in Docker: hand the variable over, by its name alone"),
          {create_token(),
           {tr("when it runs; a running container must be made anew"), "docker run -e HF_TOKEN ...",
            ""},
           {tr("while it is built; never ENV or ARG, which stay in the image"),
            "docker build --secret id=HF_TOKEN,env=HF_TOKEN ...", ""}}};
}

Fix slurm_file() {
  return {FixSafety::manual,
          false,
          tr("on a cluster: a file that every node can read, never in the script"),
          {create_token(),
           {tr("on the login node"), "hfauth login", ""},
           {tr("in the job; compute nodes without internet need the files fetched before"),
            "export HF_TOKEN_PATH=$HOME/.config/hf-token HF_HUB_OFFLINE=1", ""}}};
}

Fix systemd_variable() {
  return {FixSafety::manual,
          false,
          tr("for a systemd unit: it does not see your shell's variables"),
          {create_token(),
           {tr("in the unit"), "ExecStart=/usr/bin/hfauth exec -- PROGRAM", ""},
           {tr("then"), "systemctl --user daemon-reload && systemctl --user restart UNIT", ""}}};
}

Fix vscode_restart() {
  return {
      FixSafety::manual,
      false,
      tr("in VS Code: its kernels keep the environment of when it was started"),
      {{"", "hfauth login", ""},
       {tr("the saved token is found without a restart; a variable needs a new window"), "", ""}}};
}

Fix login_in_a_shell() {
  return {FixSafety::safe,
          false,
          tr("on your own machine: once, for every session"),
          {create_token(), {"", "hfauth login", ""}, {"", "eval \"$(hfauth env)\"", ""}}};
}

}  // namespace

Fix login_in_a_cell() {
  return {FixSafety::manual,
          false,
          tr("now, without a restart: run in a cell"),
          {{"", std::string(kLoginCell), ""}}};
}

Fix colab_secret() {
  return {FixSafety::manual,
          false,
          tr("for all your notebooks: a Colab secret"),
          {create_token(),
           {tr("key icon in the left bar > Add new secret > Name: HF_TOKEN (exactly so), Value: "
               "the token"),
            "", ""},
           {tr("switch on \"Notebook access\" for it"), "", ""},
           {tr("Runtime > Restart session. This is needed: Colab is asked once per session and the "
               "answer is kept, also "
               "the answer that there is no secret."),
            "", ""}}};
}

std::vector<Fix> ways_to_set_a_token(TextRuntime runtime) {
  switch (runtime) {
    case TextRuntime::colab:
      return {login_in_a_cell(), colab_secret()};
    case TextRuntime::kaggle:
      return {kaggle_secret()};
    case TextRuntime::jupyter:
      return {login_in_a_cell(), login_in_a_shell()};
    case TextRuntime::ci:
      return {ci_secret()};
    case TextRuntime::space:
      return {space_secret()};
    case TextRuntime::sagemaker:
      return {sagemaker_variable()};
    case TextRuntime::databricks:
      return {login_in_a_cell(), databricks_secret()};
    case TextRuntime::kubernetes:
      return {kubernetes_secret()};
    case TextRuntime::docker:
      return {docker_variable()};
    case TextRuntime::slurm:
      return {slurm_file()};
    case TextRuntime::systemd:
      return {systemd_variable(), login_in_a_shell()};
    case TextRuntime::vscode:
      return {login_in_a_cell(), vscode_restart()};
    case TextRuntime::unknown:
      break;
  }
  return {login_in_a_shell()};
}

}  // namespace hfauth::diagnose
