// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA7xx: hosted notebooks, Spaces and continuous integration. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{
        "HFA701", "colab-secret-missing", Severity::warning,
        tr_later("Colab has no secret named HF_TOKEN"),
        tr_later("This notebook asked Colab's secrets for exactly that name and there is none. "
                 "Colab is asked once "
                 "per session and the answer is kept, also the answer that there is none."),
        tr_later("the warning's own text; or a Colab machine on which no source yields a token"),
        tr_later("login() in a cell at once; or the secret HF_TOKEN with notebook access, then a "
                 "new session")},
    CheckInfo{"HFA702", "colab-access-not-granted", Severity::warning,
              tr_later("The secret exists, but this notebook may not read it"),
              tr_later("Access is switched on for each notebook. The refusal is kept until the "
                       "session restarts."),
              tr_later("the warning's own text"),
              tr_later("switch on \"Notebook access\" for HF_TOKEN, then restart the session")},
    CheckInfo{"HFA703", "colab-vault-timeout", Severity::warning,
              tr_later("Colab did not hand out its secrets"),
              tr_later("Secrets come through the browser's tab. It was closed or asleep, an "
                       "extension blocked the dialogue, "
                       "or the notebook runs from another program, such as VS Code."),
              tr_later("the warning's own text"),
              tr_later("login() in a cell, or keep the tab open and restart the session")},
    CheckInfo{
        "HFA704", "colab-vault-cached", Severity::warning,
        tr_later("Colab's secret is newer than this session's answer"),
        tr_later(
            "The vault is asked once a session, and the answer that there was nothing is kept."),
        tr_later("a cell in the notebook that sees the secret while get_token() yields nothing"),
        tr_later("restart the session, or call login() in a cell")},
    CheckInfo{"HFA705", "colab-precedence-by-version", Severity::warning,
              tr_later("Colab's secret and the environment differ"),
              tr_later("huggingface_hub before 1.19 asks the vault first, from 1.19 on last."),
              tr_later("both fingerprints and the library's release"),
              tr_later("keep one of the two")},
    CheckInfo{"HFA706", "colab-cli-cannot-read-vault", Severity::info,
              tr_later("Commands of a notebook cannot see Colab's secrets"),
              tr_later("The vault answers the kernel alone. A line that begins with ! starts a "
                       "program outside of it."),
              tr_later("a Colab machine, and a command that finds no source"),
              tr_later("login() in a cell: commands find the file that it writes")},
    CheckInfo{"HFA707", "kaggle-secret-not-attached", Severity::warning,
              tr_later("Kaggle's secret is not attached to this notebook"),
              tr_later("Secrets are attached notebook by notebook, and nothing exports them."),
              tr_later("a Kaggle machine on which no source yields a token"),
              tr_later("Add-ons > Secrets, attach HF_TOKEN, and read it in the first cell")},
    CheckInfo{"HFA708", "kaggle-internet-off", Severity::error,
              tr_later("This Kaggle notebook has no internet"),
              tr_later("The switch is in the notebook's settings, and is off by default."),
              tr_later("a Kaggle machine on which no name can be looked up"),
              tr_later("Settings > Internet: on")},
    CheckInfo{"HFA709", "spaces-secret-scope", Severity::error,
              tr_later("The Space has no secret named HF_TOKEN"),
              tr_later("Secrets and variables are two lists, and neither is there while an image "
                       "is built unless it is mounted."),
              tr_later("a Space in which no source yields a token"),
              tr_later("Settings > Variables and secrets: a secret named HF_TOKEN")},
    CheckInfo{"HFA710", "ci-secret-empty", Severity::error, tr_later("The job's secret is empty"),
              tr_later("A secret by another name expands to nothing, and jobs of a fork get none."),
              tr_later("a job in which HF_TOKEN is set to nothing"),
              tr_later("compare the names; for forks there is no cure but not to need it")},
    CheckInfo{
        "HFA711", "oidc-permission-missing", Severity::error,
        tr_later("The job may not ask for an id token"),
        tr_later("Keyless publishing needs permissions: id-token: write in the workflow."),
        tr_later(
            "HF_OIDC_RESOURCE is set in a GitHub job without the address of its token service"),
        tr_later("add the permission to the job")},
};

}  // namespace

std::span<const CheckInfo> hosted_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
