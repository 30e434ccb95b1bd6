// SPDX-License-Identifier: Apache-2.0
//
// Messages of notebooks beyond the warnings of messages_colab.cpp: google.colab's own errors,
// Kaggle's secrets, notebook_login (M-005 to M-008; colabtools 2026-04, Kaggle's kaggle_secrets,
// huggingface_hub 0.20 to 1.19).
#include "listed.hpp"

namespace hfauth::diagnose {
namespace {

constexpr ListedStep kColabKey{
    tr_later("key icon in the left bar: the name must be exactly HF_TOKEN, and \"Notebook access\" "
             "on"),
    "", ""};
constexpr ListedStep kLoginCall{tr_later("or log in without a secret, in a cell"),
                                "from huggingface_hub import login; login()"};
constexpr ListedStep kKaggleSecret{
    tr_later("Add-ons > Secrets: a secret with the label HF_TOKEN, attached to this notebook"), "",
    ""};
constexpr ListedStep kKaggleRead{
    tr_later("then, in the first cell, before other imports"),
    "import os; from kaggle_secrets import UserSecretsClient; os.environ[\"HF_TOKEN\"] = "
    "UserSecretsClient().get_secret(\"HF_TOKEN\")"};
constexpr const char* kCellStops =
    tr_later("The cell stops here. The Hub was not asked; public models need no secret at all.");

constexpr std::array kRows{
    ListedMessage{
        .id = "M-005",
        .check = "HFA702",
        .impact = Impact::blocks,
        .part = Part::no_token,
        .printed_by = {"Google Colab", "", ""},
        .wordings = {"Notebook does not have access to secret {}HF_",
                     "Notebook does not have access to secret {}HUGGING",
                     "NotebookAccessError: Notebook does not have access to secret"},
        .title = tr_later("The program asked Colab for a secret that this notebook may not read"),
        .means = kCellStops,
        .steps = {kColabKey, {tr_later("run the cell again"), "", ""}, kLoginCall},
        .again = tr_later("The switch belongs to one notebook: a copy of it asks again."),
    },
    ListedMessage{
        .id = "M-006",
        .check = "HFA701",
        .impact = Impact::blocks,
        .part = Part::no_token,
        .printed_by = {"Google Colab", "", ""},
        .wordings = {"Secret HF_TOKEN does not exist.", "SecretNotFoundError: Secret {}HF",
                     "SecretNotFoundError: Secret {}HUGGING",
                     "Secret name cannot contain spaces or whitespace"},
        .title = tr_later("The program asked Colab for a secret that does not exist"),
        .means = kCellStops,
        .steps = {kColabKey, {tr_later("run the cell again"), "", ""}, kLoginCall},
        .again = tr_later("Names of secrets are compared letter by letter; spaces count."),
    },
    ListedMessage{
        .id = "M-007",
        .check = "HFA707",
        .impact = Impact::blocks,
        .part = Part::no_token,
        .printed_by = {"Kaggle", "", ""},
        .wordings = {"A JWT Token is required to use the UserSecretsClient",
                     "none found in environment variable KAGGLE_USER_SECRETS_TOKEN",
                     "Service responded with error code {n}. Please ensure you have access to the "
                     "resource.",
                     "No user secrets exist for kernel"},
        .title = tr_later("Kaggle does not hand its secrets to this notebook"),
        .means = kCellStops,
        .steps = {kKaggleSecret, kKaggleRead},
        .again =
            tr_later("Outside Kaggle there is no such service: use HF_TOKEN or a login there."),
    },
    ListedMessage{
        .id = "M-007",
        .check = "HFA708",
        .impact = Impact::blocks,
        .part = Part::no_token,
        .printed_by = {"Kaggle", "", ""},
        .wordings = {"Connection error trying to communicate with service.",
                     "Timeout error trying to communicate with service. Please ensure internet is "
                     "on",
                     "UserSecretsClient{}Connection error trying to communicate with service"},
        .title = tr_later("This Kaggle notebook has no internet"),
        .means = tr_later("Neither the secret nor the Hub can be reached."),
        .steps = {{tr_later("Settings > Internet: on (a verified account is needed)"), "", ""},
                  {tr_later("in a competition without internet: attach the model as a dataset"), "",
                   ""}},
        .needs_word = "kaggle",
    },
    ListedMessage{
        .id = "M-007",
        .check = "HFA707",
        .impact = Impact::blocks,
        .part = Part::no_token,
        .printed_by = {"Kaggle", "", ""},
        .wordings = {"ValidationError: Label must be non-empty",
                     "BackendError: Unexpected response from the service. Response:"},
        .title = tr_later("Kaggle has no secret with the label that the program asks for"),
        .means = kCellStops,
        .steps = {kKaggleSecret, kKaggleRead},
        .again = tr_later("A secret is attached to each notebook by itself: a copy has none."),
        .needs_word = "kaggle",
    },
    ListedMessage{
        .id = "M-008",
        .check = "HFA004",
        .impact = Impact::limits,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "", "1.19"},
        .wordings = {"The `notebook_login` function can only be used in a notebook"},
        .title = tr_later("notebook_login() needs a notebook and the package ipywidgets"),
        .means = tr_later("Nobody was logged in. Every other way to log in works."),
        .steps = {{tr_later("in a notebook"), "!pip install ipywidgets"},
                  {tr_later("anywhere, without widgets"),
                   "from huggingface_hub import login; login()"},
                  {tr_later("in a shell"), "hfauth login"}},
    },
};

}  // namespace

std::span<const ListedMessage> listed_notebook() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
