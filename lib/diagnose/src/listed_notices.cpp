// SPDX-License-Identifier: Apache-2.0
//
// Deprecations, version conflicts, names that are none, and the Rust command line (M-080 to M-090;
// transformers 4, datasets 2, huggingface_hub 0.11 to 1.28, hfrs 1.1).
#include "listed.hpp"

namespace hfauth::diagnose {
namespace {

constexpr ListedStep kRenameArgument{tr_later("write token= instead"), "token=..."};
constexpr const char* kMeansName = tr_later("No request was made. It is no question of the token.");
constexpr ListedStep kNameForm{
    tr_later("a name on the Hub is NAME or ORG/NAME; a path must exist on this machine"), "", ""};

constexpr std::array kRows{
    ListedMessage{
        .id = "M-080",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"transformers", "4", "4"},
        .wordings = {"`use_auth_token` argument is deprecated and will be removed in v5 of "
                     "Transformers"},
        .title = tr_later("The argument use_auth_token has a new name"),
        .means = kMeansOldCode,
        .steps = {kRenameArgument},
    },
    ListedMessage{
        .id = "M-080",
        .check = "HFA605",
        .impact = Impact::blocks,
        .part = Part::notice,
        .printed_by = {"transformers", "4", "4"},
        .wordings = {"`token` and `use_auth_token` are both specified"},
        .title = tr_later("The program passes the token twice, under the old and the new name"),
        .means = tr_later("The call stops; take the old one away."),
        .steps = {{tr_later("leave use_auth_token out"), "token=..."}},
    },
    ListedMessage{
        .id = "M-081",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"datasets", "2.14", "2.21"},
        .wordings = {"'use_auth_token' was deprecated in favor of 'token' in version 2.14"},
        .title = tr_later("The argument use_auth_token has a new name"),
        .means = kMeansOldCode,
        .steps = {kRenameArgument},
    },
    ListedMessage{
        .id = "M-082",
        .check = "HFA605",
        .impact = Impact::limits,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "0.11", "0.36"},
        .wordings = {"Both `token` and `use_auth_token` are passed to"},
        .title = tr_later("The program passes the token twice, under the old and the new name"),
        .means = tr_later("The new one is used."),
        .steps = {{tr_later("leave use_auth_token out"), "token=..."}},
    },
    ListedMessage{
        .id = "M-083",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"transformers", "4", "4"},
        .wordings = {"is deprecated and will be removed in v5 of Transformers. Use `HF_HOME` "
                     "instead",
                     "environment variable `HUGGINGFACE_CO_RESOLVE_ENDPOINT` is deprecated"},
        .title = tr_later("A variable for the cache or the address has a new name"),
        .means = tr_later("It still works. Other libraries never read it, so their caches lie "
                          "elsewhere."),
        .steps = {{tr_later("one name for all"), "export HF_HOME=/path/to/huggingface"},
                  {tr_later("for the address"), "export HF_ENDPOINT=https://huggingface.co"}},
    },
    ListedMessage{
        .id = "M-084",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "0.23", "0.36"},
        .wordings = {"`resume_download` is deprecated and will be removed in version 1.0.0",
                     "`local_dir_use_symlinks` parameter is deprecated and will be ignored"},
        .title = tr_later("An argument of the download has no effect any more"),
        .means = kMeansOldCode,
        .steps = {{tr_later("leave the argument out"), "", ""}},
    },
    ListedMessage{
        .id = "M-085",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "0.34", "0.36"},
        .wordings = {"'huggingface-cli {}' is deprecated. Use 'hf"},
        .title = tr_later("The command huggingface-cli is now called hf"),
        .means = tr_later("The command did what it should. From 1.0 on it is gone."),
        .steps = {{"", "hf auth login"}, {tr_later("or"), "hfauth login"}},
    },
    ListedMessage{
        .id = "M-085",
        .check = "HFA004",
        .impact = Impact::blocks,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "1.0", ""},
        .wordings = {"`huggingface-cli` is deprecated and no longer works",
                     "huggingface-cli: command not found", "huggingface-cli: not found",
                     "command not found: huggingface-cli"},
        .title = tr_later("The command huggingface-cli is gone"),
        .means = tr_later("Nothing was done: nobody was logged in, nothing downloaded."),
        .steps = {{tr_later("the same under its new name"), "hf auth login"},
                  {tr_later("or"), "hfauth login"}},
    },
    ListedMessage{
        .id = "M-086",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "1.0", ""},
        .wordings = {"The `HF_HUB_ENABLE_HF_TRANSFER` environment variable is deprecated"},
        .title = tr_later("HF_HUB_ENABLE_HF_TRANSFER has no effect any more"),
        .means = kMeansNothing,
        .steps = {{"", "unset HF_HUB_ENABLE_HF_TRANSFER"},
                  {tr_later("its successor"), "export HF_XET_HIGH_PERFORMANCE=1"}},
    },
    ListedMessage{
        .id = "M-086",
        .check = "HFA004",
        .impact = Impact::blocks,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "", "0.36"},
        .wordings = {"Fast download using 'hf_transfer' is enabled"},
        .title = tr_later("HF_HUB_ENABLE_HF_TRANSFER is set, but its package is missing"),
        .means = tr_later("Downloads stop. It is no question of the token."),
        .steps = {{tr_later("without it"), "unset HF_HUB_ENABLE_HF_TRANSFER"},
                  {tr_later("or with it"), "pip install hf_transfer"}},
    },
    ListedMessage{
        .id = "M-087",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "1.0", ""},
        .wordings = {"A new version of huggingface_hub ({}) is available"},
        .title = tr_later("There is a newer release of huggingface_hub"),
        .means = kMeansNothing,
        .steps = {{tr_later("when it suits"), "pip install -U huggingface_hub"},
                  {tr_later("to be rid of the line"), "export HF_HUB_DISABLE_UPDATE_CHECK=1"}},
    },
    ListedMessage{
        .id = "M-088",
        .check = "HFA407",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Repo id must be in the form 'repo_name' or 'namespace/repo_name'",
                     "Repo id must use alphanumeric chars", "Cannot have -- or .. in repo_id",
                     "Repo_id cannot end by '.git'", "Repo id must be a string, not"},
        .title = tr_later("What was passed is no name of a repository"),
        .means = kMeansName,
        .steps = {kNameForm},
        .again = tr_later("Mostly it is the path of a folder that does not exist, so it was taken "
                          "for a name."),
    },
    ListedMessage{
        .id = "M-089",
        .check = "HFA004",
        .impact = Impact::blocks,
        .part = Part::notice,
        .printed_by = {"transformers", "", ""},
        .wordings = {"is required for a normal functioning of this module, but found "
                     "huggingface-hub",
                     "is required for a normal functioning of this module, but found "
                     "huggingface_hub",
                     "cannot import name '{word}' from 'huggingface_hub"},
        .title = tr_later("Two packages need different releases of huggingface_hub"),
        .means = tr_later("The import stops. It is no question of the token."),
        .steps = {{tr_later("let pip choose releases that fit"),
                   "pip install -U transformers huggingface_hub"},
                  {tr_later("transformers 4 needs the older one"),
                   "pip install \"huggingface_hub<1.0\""},
                  {tr_later("in a notebook: restart the kernel afterwards"), "", ""}},
    },
    ListedMessage{
        .id = "M-090",
        .check = "HFA110",
        .impact = Impact::blocks,
        .part = Part::no_token,
        .printed_by = {"hfrs", "1.1", ""},
        .wordings = {"Not authenticated. Run `hfrs auth login`"},
        .title = tr_later("hfrs found no token"),
        .means = kMeansAnonymous,
        .sets_token = true,
        .says = tr_later("It reads HF_TOKEN and the token file, but neither "
                         "HUGGING_FACE_HUB_TOKEN nor a Colab secret."),
    },
    ListedMessage{
        .id = "M-090",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"hfrs", "1.1", ""},
        .wordings = {"Invalid or expired token.",
                     "HF_TOKEN environment variable takes precedence over `hfrs auth login`"},
        .title = tr_later("hfrs sent a token that the Hub does not know"),
        .means = kMeansBadToken,
        .steps = {kStepDoctor, kStepNewToken, kStepLogin},
        .again = kAgainVariable,
        .needs_word = "hfrs",
    },
    ListedMessage{
        .id = "M-090",
        .check = "HFA408",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"hfrs", "1.1", ""},
        .wordings = {"Permission denied. Check that your token has the required scopes for this "
                     "operation"},
        .title = tr_later("The token lacks a permission for what hfrs was to do"),
        .means = tr_later("The token is valid. It lacks a permission, or the account lacks a "
                          "right."),
        .steps = {kStepWhoami, kStepTokenSettings},
    },
    ListedMessage{
        .id = "M-090",
        .check = "HFA405",
        .impact = Impact::blocks,
        .part = Part::limit,
        .printed_by = {"hfrs", "1.1", ""},
        .wordings = {"Rate limited. Retry in {n}s."},
        .title = tr_later("Too many requests to the Hub"),
        .means = tr_later("Wait: the count starts anew every five minutes. A 429 is no verdict on "
                          "a token."),
        .steps = {{tr_later("are requests made with a token? Anonymous ones have the lowest "
                            "limits"),
                   "hfauth whoami"}},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-090",
        .check = "HFA110",
        .impact = Impact::harmless,
        .part = Part::no_token,
        .printed_by = {"hf-hub (Rust)", "", "0.5"},
        .wordings = {"Token file not found \"{}"},
        .title = tr_later("The Rust library found no token file, and goes on without"),
        .means = kMeansAnonymous,
        .sets_token = true,
        .says = tr_later("These releases read the file alone, not HF_TOKEN. The line looks like an "
                         "error and is none."),
        .needs_hub = true,
    },
};

}  // namespace

std::span<const ListedMessage> listed_notices() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
