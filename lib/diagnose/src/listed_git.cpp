// SPDX-License-Identifier: Apache-2.0
//
// Messages of git and git-lfs against the Hub (M-070 to M-073). git never sees HF_TOKEN: it asks
// its own credential helpers.
#include "listed.hpp"

namespace hfauth::diagnose {
namespace {

constexpr const char* kMeansGitOnly =
    tr_later("Only git is concerned: Python and the command line have their own token.");
constexpr ListedStep kForget{
    tr_later("make git forget what it has for the Hub"),
    "printf 'protocol=https\\nhost=huggingface.co\\n\\n' | git credential reject"};

constexpr std::array kRows{
    ListedMessage{
        .id = "M-070",
        .check = "HFA806",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"Hub", "", ""},
        .wordings = {"Password authentication in git is no longer supported"},
        .title = tr_later("git sent the account's password instead of a token"),
        .means = kMeansGitOnly,
        .steps = {kForget,
                  kStepNewToken,
                  {tr_later("at the next push: any user name, and the token as the password"), "",
                   ""},
                  kStepGitGive},
        .again = tr_later("A saved password is sent again until git has forgotten it. Large files "
                          "go over https even where git uses SSH."),
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-071",
        .check = "HFA806",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"git", "", ""},
        .wordings = {"remote: Invalid username or password.{}fatal: Authentication failed for",
                     "remote: Invalid username or password",
                     "fatal: Authentication failed for 'https:"},
        .title = tr_later("git sent a token that the Hub does not know"),
        .means = kMeansGitOnly,
        .steps = {kForget, kStepNewToken, kStepGitGive},
        .again = tr_later("A token inside the remote's address goes before every helper: git "
                          "remote -v"),
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-072",
        .check = "HFA807",
        .impact = Impact::blocks,
        .part = Part::no_token,
        .printed_by = {"git", "", ""},
        .wordings = {"could not read Username for 'https:", "could not read Password for 'https:"},
        .title = tr_later("git wanted a name and a token, and nobody was there to ask"),
        .means = tr_later("The repository is private or gated, or its name is misspelt: the Hub "
                          "asks for a login in each case."),
        .steps = {{tr_later("is there such a page?"), "", "https://huggingface.co/"},
                  kStepGitHelper,
                  kStepGitGive},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-073",
        .check = "HFA806",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"git, git-lfs", "", ""},
        .wordings = {"batch response: Authentication required: Password authentication in git is "
                     "no longer supported",
                     "batch response: Authentication required",
                     "batch response: Authorization error", "remote: Authorization error.",
                     "unable to access 'https:{}': The requested URL returned error: 403"},
        .title = tr_later("git was refused: no token, a bad one, or one without the right"),
        .means = kMeansGitOnly,
        .steps = {kForget,
                  {tr_later("pushing needs a token with write access"), "",
                   "https://huggingface.co/settings/tokens/new?tokenType=write"},
                  kStepGitGive},
        .again = tr_later("Large files go over https even where git uses SSH, so a key alone is "
                          "not enough."),
        .needs_hub = true,
    },
};

}  // namespace

std::span<const ListedMessage> listed_git() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
