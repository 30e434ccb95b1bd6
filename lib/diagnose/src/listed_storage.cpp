// SPDX-License-Identifier: Apache-2.0
//
// Messages about the disk, the cache and Xet (M-074 to M-079; huggingface_hub 0.11 to 1.32,
// transformers, hf-xet). Most look like a failed download and have nothing to do with a token.
#include "listed.hpp"

namespace hfauth::diagnose {
namespace {

constexpr const char* kMeansNotTheToken =
    tr_later("It is no question of the token, though public downloads fail as well.");
constexpr ListedStep kOtherPlace{tr_later("or a place of your own"), "export HF_HOME=\"$HOME/hf\""};
constexpr ListedStep kWhose{tr_later("whose is it?"),
                            "ls -ld ~/.cache/huggingface "
                            "~/.cache/huggingface/*"};
constexpr ListedStep kMine{tr_later("make it yours"),
                           "sudo chown -R \"$(id -un)\" ~/.cache/huggingface"};

constexpr std::array kRows{
    ListedMessage{
        .id = "M-074",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "0.11", ""},
        .wordings = {"cache-system uses symlinks by default to efficiently store duplicated files"},
        .title = tr_later("The cache cannot use symbolic links here"),
        .means = tr_later("Downloads work and take more room on the disk."),
        .steps = {{tr_later("to be rid of the line"), "export HF_HUB_DISABLE_SYMLINKS_WARNING=1"},
                  {tr_later("on Windows: switch the developer mode on"), "", ""}},
    },
    ListedMessage{
        .id = "M-075",
        .check = "HFA801",
        .impact = Impact::blocks,
        .part = Part::disk,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Permission denied: '{path}huggingface/token'",
                     "Permission denied: '{path}huggingface/stored_tokens"},
        .title = tr_later("The file with the token may not be read by this user"),
        .means = tr_later("Every call to the Hub stops, also for public models."),
        .steps = {kWhose,
                  kMine,
                  {tr_later("or a token file of your own"),
                   "export HF_TOKEN_PATH=\"$HOME/.config/hf-token\""}},
        .again = tr_later("A command that is run with sudo once makes files of root's in it."),
    },
    ListedMessage{
        .id = "M-075",
        .check = "HFA811",
        .impact = Impact::blocks,
        .part = Part::disk,
        .printed_by = {"huggingface_hub, transformers", "", ""},
        .wordings = {"\\[Errno 13\\] Permission denied: '{path}huggingface",
                     "PermissionError at {} when downloading",
                     "There was a problem when trying to write in your cache folder",
                     "Read-only file system: '{path}huggingface"},
        .title = tr_later("The cache may not be written by this user"),
        .means = kMeansNotTheToken,
        .steps = {kWhose, kMine, kOtherPlace},
        .again = tr_later("In a container HOME may be another user's: set HF_HOME there."),
    },
    ListedMessage{
        .id = "M-075",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Ignored error while writing tree cache file",
                     "Ignored error while writing commit hash to",
                     "Could not cache non-existence of file. Will ignore error and continue",
                     "Could not set the permissions on the file {}Continuing without setting "
                     "permissions"},
        .title = tr_later("The cache can be read but not written"),
        .means = tr_later("The work goes on; the answer is asked for again the next time."),
        .steps = {kWhose},
    },
    ListedMessage{
        .id = "M-076",
        .check = "HFA811",
        .impact = Impact::blocks,
        .part = Part::disk,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Not enough free disk space to download the file"},
        .title = tr_later("The disk of the cache is too full for this file"),
        .means = kMeansNotTheToken,
        .steps = {{tr_later("what takes the room?"), "hfauth cache ls"},
                  {tr_later("take away what nothing uses any more"), "hfauth cache prune"},
                  {tr_later("or a bigger disk"), "export HF_HUB_CACHE=/big/disk/hub"}},
    },
    ListedMessage{
        .id = "M-076",
        .check = "HFA811",
        .impact = Impact::blocks,
        .part = Part::disk,
        .printed_by = {"Python", "", ""},
        .wordings = {"\\[Errno 28\\] No space left on device",
                     "No space left on device (os error "
                     "28)"},
        .title = tr_later("The disk is full"),
        .means = kMeansNotTheToken,
        .steps = {{tr_later("what takes the room?"), "hfauth cache ls"},
                  {tr_later("take away what nothing uses any more"), "hfauth cache prune"},
                  {tr_later("or a bigger disk"), "export HF_HUB_CACHE=/big/disk/hub"}},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-077",
        .check = "HFA004",
        .impact = Impact::harmless,
        .part = Part::notice,
        .printed_by = {"huggingface_hub", "0.30", ""},
        .wordings = {"Xet Storage is enabled for this repo, but the 'hf_xet' package is not "
                     "installed"},
        .title = tr_later("The download goes over plain HTTP, because hf_xet is not installed"),
        .means = kMeansNothing,
        .steps = {{tr_later("for faster downloads"), "pip install hf_xet"}},
    },
    ListedMessage{
        .id = "M-078",
        .check = "HFA510",
        .impact = Impact::blocks,
        .part = Part::disk,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"To use optimized download using Xet storage, you need to install the hf_xet "
                     "package",
                     "The file is too large to be downloaded using the regular download method"},
        .title = tr_later("This file needs the package hf_xet"),
        .means = kMeansNotTheToken,
        .steps = {{"", "pip install hf_xet"}},
    },
    ListedMessage{
        .id = "M-078",
        .check = "HFA510",
        .impact = Impact::blocks,
        .part = Part::disk,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Consistency check failed: file should be of size"},
        .title = tr_later("The file arrived incomplete"),
        .means = kMeansNotTheToken,
        .steps = {{tr_later("once more, from the beginning"), "force_download=True"},
                  {tr_later("or with a client that checks and resumes"), "hfauth download REPO"}},
    },
    ListedMessage{
        .id = "M-078",
        .check = "HFA510",
        .impact = Impact::blocks,
        .part = Part::network,
        .printed_by = {"hf-xet", "", ""},
        .wordings = {"Data processing error: CAS service error"},
        .title = tr_later("The server of the Xet storage did not give the file"),
        .means = tr_later("The Hub itself answered. Where the network is filtered, Xet's hosts "
                          "(*.xethub.hf.co) must be allowed too."),
        .steps = {{tr_later("which host, and why?"), "hfauth doctor REPO"},
                  {tr_later("without Xet, over plain HTTP"), "export HF_HUB_DISABLE_XET=1"}},
    },
    ListedMessage{
        .id = "M-078",
        .check = "HFA510",
        .impact = Impact::blocks,
        .part = Part::network,
        .printed_by = {"hf-xet", "", ""},
        .wordings = {"Token refresh failed:", "Failed to refresh xet token",
                     "HTTP status client error (429 Too Many Requests), domain: "
                     "https://huggingface.co",
                     "HTTP status client error (401 Unauthorized), domain: https://huggingface.co"},
        .title = tr_later("The short-lived token of the Xet storage could not be had"),
        .means = tr_later("The Hub itself refused or limited the request; the text behind it says "
                          "which."),
        .steps = {{tr_later("is the token good?"), "hfauth whoami"},
                  {tr_later("without Xet, over plain HTTP"), "export HF_HUB_DISABLE_XET=1"}},
        .needs_word = "xet",
    },
    ListedMessage{
        .id = "M-079",
        .check = "HFA811",
        .impact = Impact::limits,
        .part = Part::disk,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Snapshots dir doesn't exist in cached repo", "Blob missing (broken symlink)",
                     "Repo path is not a valid HuggingFace cache directory",
                     "Ignoring corrupted tree cache file",
                     "Shared blob '{}' has an unexpected size",
                     "Shared blob '{}' is not readable. Not using it"},
        .title = tr_later("A part of the cache is damaged"),
        .means = tr_later("What is damaged is fetched again, or left out. It is no question of the "
                          "token."),
        .steps = {{tr_later("which files?"), "hfauth cache verify"},
                  {tr_later("take away what is left over"), "hfauth cache prune"},
                  {tr_later("never delete the whole folder: the token lies in it"), "", ""}},
    },
};

}  // namespace

std::span<const ListedMessage> listed_storage() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
