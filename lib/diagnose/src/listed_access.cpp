// SPDX-License-Identifier: Apache-2.0
//
// Messages about repositories that are gated, hidden, misspelt or not for this token, beyond those
// of messages_gated.cpp (M-053 to M-059; huggingface_hub 0.20 to 1.28, transformers, datasets, the
// Hub's server).
#include "listed.hpp"

namespace hfauth::diagnose {
namespace {

constexpr const char* kTokenPage = "https://huggingface.co/settings/tokens";
constexpr const char* kMeansClosed =
    tr_later("This repository stays closed; everything else works.");
constexpr const char* kMeansNoWrite = tr_later("Nothing was changed on the Hub; reading works.");
constexpr const char* kMeansPolicy = tr_later(
    "Nothing of this organisation can be reached with this token; the rest of the Hub "
    "can.");
constexpr ListedStep kIsThere{tr_later("is there such a page? A dataset or a space needs its "
                                       "repo_type"),
                              "", "https://huggingface.co/{repo}"};
constexpr ListedStep kAccept{tr_later("accept the conditions on the repository's page, with the "
                                      "same account"),
                             "", "https://huggingface.co/{repo}"};
constexpr ListedStep kAcceptDataset{
    tr_later("accept the conditions on the repository's page, with the same account"), "",
    "https://huggingface.co/datasets/{repo}"};
constexpr ListedStep kIsGood{tr_later("is the token good?"), "hfauth whoami"};
constexpr ListedStep kWriteToken{tr_later("create a token with write access"), "",
                                 "https://huggingface.co/settings/tokens/new?tokenType=write"};

constexpr std::array kRows{
    ListedMessage{
        .id = "M-053",
        .check = "HFA401",
        .impact = Impact::blocks,
        .part = Part::wrapper,
        .printed_by = {"transformers", "", ""},
        .wordings = {"You are trying to access a gated repo. Make sure to have access to it at "
                     "https://huggingface.co/{repo}.[401|403|Cannot]",
                     "You are trying to access a gated repo.",
                     "{repo} is a gated repository. Make sure to request access at"},
        .title = tr_later("The model is gated, and it was not handed out"),
        .means = kMeansClosed,
        .steps = {kStepWhoami, kAccept},
        .again = tr_later("The Hub's own reason stands behind it in the text: not asked for, not "
                          "granted yet, or a token without the permission."),
    },
    ListedMessage{
        .id = "M-054",
        .check = "HFA407",
        .impact = Impact::blocks,
        .part = Part::wrapper,
        .printed_by = {"transformers", "", ""},
        .wordings = {"{repo} is not a local folder and is not a valid model identifier listed on",
                     "is not a local folder and is not a valid model identifier listed on"},
        .title = tr_later("transformers found no such model, neither here nor on the Hub"),
        .means = tr_later("A typing mistake, a private model, a folder that is not there, or a bad "
                          "token on a public model: the text is the same."),
        .steps = {kIsGood,
                  kIsThere,
                  {tr_later("a folder of your own: does the path exist?"), "", ""}},
        .again = kAgainCause,
    },
    ListedMessage{
        .id = "M-055",
        .check = "HFA503",
        .impact = Impact::blocks,
        .part = Part::wrapper,
        .printed_by = {"transformers", "", ""},
        .wordings = {"There was a specific connection error when trying to load {repo}:",
                     "There was a specific connection error when trying to load"},
        .title = tr_later("transformers got an HTTP error from the Hub"),
        .means = tr_later("The line behind it has the status: 401 or 403 is about the token, 429 "
                          "about the number of requests, 5xx about the Hub."),
        .steps = {kIsGood, kStepDoctor},
        .again = kAgainCause,
    },
    ListedMessage{
        .id = "M-055",
        .check = "HFA407",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"transformers", "", ""},
        .wordings = {"is not a valid git identifier (branch name, tag name or commit id)",
                     "does not appear to have a file named {} Checkout '"},
        .title = tr_later("The model exists, but not this revision or file"),
        .means = tr_later("It is no question of the token."),
        .steps = {{tr_later("which files and revisions are there?"), "",
                   "https://huggingface.co/{repo}"}},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-055",
        .check = "HFA407",
        .impact = Impact::blocks,
        .part = Part::wrapper,
        .printed_by = {"transformers", "", ""},
        .wordings = {"If you were trying to load it from 'https://huggingface.co/models'",
                     "make sure you don't have a local directory with the same name"},
        .title = tr_later("transformers could not load a part of the model"),
        .means = tr_later("A folder of the same name hides the model, a file is missing, or the "
                          "Hub did not hand it out."),
        .steps = {{tr_later("is there a folder of that name here?"), "ls -d ./*"}, kIsGood},
        .again = kAgainCause,
    },
    ListedMessage{
        .id = "M-055",
        .check = "HFA110",
        .impact = Impact::blocks,
        .part = Part::anonymous,
        .printed_by = {"transformers", "", "4.2"},
        .wordings = {"You specified use_auth_token=True, but a huggingface token was not found"},
        .title = tr_later("The program demands a token and there is none"),
        .means = tr_later("The call was not made. Without token=True a public model would load."),
        .sets_token = true,
        .again = kAgainVariable,
    },
    ListedMessage{
        .id = "M-056",
        .check = "HFA403",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"Hub", "", ""},
        .wordings = {"enable access to public gated repositories in your fine-grained token "
                     "settings"},
        .title = tr_later("The fine-grained token may not read gated repositories"),
        .means = tr_later("Other tokens of the same account may open it; this one may not."),
        .steps = {{tr_later("edit the token and tick \"Read access to contents of all public gated "
                            "repos you can access\""),
                   "", kTokenPage}},
        .again = tr_later("The change works at once, without a new login."),
    },
    ListedMessage{
        .id = "M-056",
        .check = "HFA307",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"Hub", "", ""},
        .wordings = {"you must use a write token to upload",
                     "make sure you have a token with the `write` role"},
        .title = tr_later("The token can only read"),
        .means = kMeansNoWrite,
        .steps = {kWriteToken, kStepLogin},
        .again = kAgainVariable,
    },
    ListedMessage{
        .id = "M-056",
        .check = "HFA408",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"Hub", "", ""},
        .wordings = {"You have read access but not the required permissions for this operation"},
        .title = tr_later("The account or its token may read here, but not write"),
        .means = kMeansNoWrite,
        .steps = {kStepWhoami,
                  kStepTokenSettings,
                  {tr_later("ask the organisation for the role \"write\""), "", ""}},
    },
    ListedMessage{
        .id = "M-056",
        .check = "HFA408",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"Hub", "", ""},
        .wordings = {"You don't have the rights to create a [model|dataset|space|bucket|kernel|"
                     "collection] under"},
        .title = tr_later("The token may not create anything under this name"),
        .means = kMeansNoWrite,
        .steps = {kStepWhoami,
                  kWriteToken,
                  {tr_later("is the name spelt as on the Hub? Your own is what whoami says"), "",
                   ""}},
    },
    ListedMessage{
        .id = "M-056",
        .check = "HFA412",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"Hub", "", ""},
        .wordings = {"does not have sufficient permissions to call Inference Providers"},
        .title = tr_later("The token may not call Inference Providers"),
        .means = tr_later("Downloads are not concerned."),
        .steps = {{tr_later("edit the token and tick \"Make calls to Inference Providers\""), "",
                   kTokenPage}},
    },
    ListedMessage{
        .id = "M-056",
        .check = "HFA409",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"Hub", "", ""},
        .wordings = {"your token needs to be approved by the organization before you can access"},
        .title = tr_later("The organisation must approve this token first"),
        .means = kMeansPolicy,
        .steps = {{tr_later("wait for its administrator, or ask; a refusal reads the same"), "",
                   kTokenPage}},
    },
    ListedMessage{
        .id = "M-056",
        .check = "HFA409",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"Hub", "", ""},
        .wordings = {"Your token has been revoked by the organization administrator"},
        .title = tr_later("The organisation has shut this token out"),
        .means = kMeansPolicy,
        .steps = {{tr_later("ask its administrator, or use another token"), "hfauth list"}},
    },
    ListedMessage{
        .id = "M-056",
        .check = "HFA408",
        .impact = Impact::blocks,
        .part = Part::status_line,
        .printed_by = {"huggingface_hub", "0.22", ""},
        .wordings = {"403 Forbidden: {}Cannot access content at: {}Make sure your token has the "
                     "correct permissions",
                     "Cannot access content at: {}Make sure your token has the correct permissions",
                     "403 Forbidden: {}Cannot access content at:",
                     "403 Client Error: Forbidden for url"},
        .title = tr_later("The Hub knows the token and refuses this request (403)"),
        .means = tr_later("The token is valid. It lacks a permission, or the account lacks a "
                          "right."),
        .steps = {kStepWhoami, kStepTokenSettings},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-057",
        .check = "HFA407",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Revision Not Found for url:"},
        .title = tr_later("The repository exists, but not this branch, tag or commit"),
        .means = tr_later("It is no question of the token."),
        .steps = {{tr_later("leave revision= out, or take one of the page's list"), "", ""}},
    },
    ListedMessage{
        .id = "M-057",
        .check = "HFA407",
        .impact = Impact::limits,
        .part = Part::refused,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Entry Not Found for url:"},
        .title = tr_later("The repository exists, but not this file"),
        .means = tr_later("Often harmless: libraries ask for files that a model may have. It is no "
                          "question of the token."),
        .steps = {{tr_later("if the program stopped: compare the file's name with the page's list"),
                   "", ""}},
    },
    ListedMessage{
        .id = "M-057",
        .check = "HFA411",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Cannot access repository for url {}Access to this resource is disabled",
                     "Access to this resource is disabled"},
        .title = tr_later("The repository is disabled"),
        .means = tr_later("Nobody can read it, with any token."),
        .steps = {{tr_later("the page may say why; else use another model"), "", ""}},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-058",
        .check = "HFA402",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"hf", "1.0", ""},
        .wordings = {"Error: Access denied. {word} '{repo}' requires approval"},
        .title = tr_later("This account has no access to the gated repository"),
        .means = kMeansClosed,
        .steps = {kStepWhoami, kAccept},
        .again = tr_later("A fine-grained token also needs \"Read access to contents of all public "
                          "gated repos you can access\"."),
    },
    ListedMessage{
        .id = "M-058",
        .check = "HFA407",
        .impact = Impact::blocks,
        .part = Part::hidden,
        .printed_by = {"hf", "1.0", ""},
        .wordings = {"Error: {word} '{repo}' not found. If the repo is private, make sure you are "
                     "authenticated",
                     "If the repo does not exist, create it with: hf repos create",
                     "If the repo does not exist, create it with: hf repo create",
                     "Error: Revision not found in"},
        .title = tr_later("The repository or its revision does not exist, or is hidden"),
        .means =
            tr_later("The Hub answers the same for a name with a typing mistake, for a private "
                     "repository, and for a bad token."),
        .steps = {kIsGood, kIsThere},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-058",
        .check = "HFA503",
        .impact = Impact::blocks,
        .part = Part::wrapper,
        .printed_by = {"hf", "1.0", ""},
        .wordings = {"Error: Local entry not found."},
        .title = tr_later("The file came neither from the Hub nor from the cache"),
        .means = kMeansTokenNotJudged,
        .steps = {kStepDoctor},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-058",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"hf", "1.0", ""},
        .wordings = {"Hint: set HF_DEBUG=1 as environment variable for full traceback"},
        .title = tr_later("The line before it is the error; more of it can be shown"),
        .means = tr_later("HF_DEBUG=1 prints whole requests. Look them through before you post "
                          "them."),
        .steps = {{tr_later("the whole of it, masked and explained"),
                   "HF_DEBUG=1 hf COMMAND 2>&1 | hfauth explain -"}},
    },
    ListedMessage{
        .id = "M-059",
        .check = "HFA401",
        .impact = Impact::blocks,
        .part = Part::anonymous,
        .printed_by = {"datasets", "", ""},
        .wordings = {"Dataset '{repo}' is a gated dataset on the Hub. You must be authenticated"},
        .title = tr_later("The dataset is gated and the request carried no token"),
        .means = kMeansClosed,
        .steps = {kAcceptDataset},
        .sets_token = true,
    },
    ListedMessage{
        .id = "M-059",
        .check = "HFA402",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"datasets", "", ""},
        .wordings = {"Dataset '{repo}' is a gated dataset on the Hub."},
        .title = tr_later("This account has no access to the gated dataset"),
        .means = kMeansClosed,
        .steps = {kStepWhoami, kAcceptDataset},
        .again = tr_later("A fine-grained token also needs \"Read access to contents of all public "
                          "gated repos you can access\"."),
    },
    ListedMessage{
        .id = "M-059",
        .check = "HFA407",
        .impact = Impact::blocks,
        .part = Part::hidden,
        .printed_by = {"datasets", "", ""},
        .wordings = {"[Dataset|Bucket] '{repo}' doesn't exist on the Hub or cannot be accessed",
                     "Revision '{}' doesn't exist for dataset '"},
        .title = tr_later("The dataset does not exist, or is hidden from this token"),
        .means =
            tr_later("The Hub answers the same for a name with a typing mistake, for a private "
                     "repository, and for a bad token."),
        .steps = {kIsGood,
                  {tr_later("is there such a page?"), "",
                   "https://huggingface.co/datasets/{repo}"}},
        .again = kAgainCause,
    },
    ListedMessage{
        .id = "M-059",
        .check = "HFA503",
        .impact = Impact::blocks,
        .part = Part::wrapper,
        .printed_by = {"datasets", "", ""},
        .wordings = {"Couldn't reach '{}' on the Hub (",
                     "Couldn't reach the Hugging Face Hub for "
                     "dataset"},
        .title = tr_later("datasets could not reach the Hub"),
        .means = tr_later("The name in the brackets is the cause; a 401 or 429 ends here as well."),
        .steps = {kStepDoctor},
        .again = kAgainCause,
    },
    ListedMessage{
        .id = "M-059",
        .check = "HFA501",
        .impact = Impact::blocks,
        .part = Part::offline,
        .printed_by = {"datasets", "", ""},
        .wordings = {"Offline mode is enabled. Tried to reach", "Dataset {word} is not cached in"},
        .title = tr_later("Offline mode is on, and the dataset is not in the cache"),
        .means = kMeansTokenNotJudged,
        .steps = {{tr_later("allow requests again"),
                   "unset HF_DATASETS_OFFLINE HF_HUB_OFFLINE TRANSFORMERS_OFFLINE"}},
        .needs_word = "dataset",
    },
    ListedMessage{
        .id = "M-059",
        .check = "HFA503",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"datasets", "", ""},
        .wordings = {"Using the latest cached version of the [dataset|module] {}couldn't be found "
                     "on the Hugging Face Hub"},
        .title = tr_later("The dataset of the cache is used, because the Hub did not answer"),
        .means = tr_later("The work goes on with the copy that is there."),
        .steps = {kStepDoctor},
    },
};

}  // namespace

std::span<const ListedMessage> listed_access() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
