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
    case TextRuntime::unknown:
      break;
  }
  return {login_in_a_shell()};
}

}  // namespace hfauth::diagnose
