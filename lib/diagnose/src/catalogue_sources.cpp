// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA1xx: where a token could come from. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{
        "HFA101", "env-shadows-login", Severity::warning,
        tr_later("HF_TOKEN in the environment hides the saved login"),
        tr_later("Python uses the variable first, so a later login succeeds and changes nothing."),
        tr_later("two different fingerprints, one in the variable and one saved, and the Hub's "
                 "verdict on each"),
        tr_later("unset HF_TOKEN in this shell and remove the line that sets it")},
    CheckInfo{
        "HFA102", "multiple-token-env", Severity::warning,
        tr_later("Several variables hold different tokens"),
        tr_later("Libraries read different names, so one program is somebody else than the next."),
        tr_later("each variable with its fingerprint, and who reads it"),
        tr_later("keep one token, and set the other names from HF_TOKEN")},
    CheckInfo{"HFA103", "legacy-env-name", Severity::info,
              tr_later("Only the old variable HUGGING_FACE_HUB_TOKEN is set"),
              tr_later("Python still reads the old name as its second choice; Rust programs do not "
                       "read it at all."),
              tr_later("HF_TOKEN is unset or empty, the old name holds a token"),
              tr_later("rename the variable to HF_TOKEN")},
    CheckInfo{"HFA104", "blank-env-blocks-legacy", Severity::warning,
              tr_later("HF_TOKEN holds nothing but white space"),
              tr_later("A blank HF_TOKEN counts as set, so HUGGING_FACE_HUB_TOKEN is not read; an "
                       "empty one would not "
                       "stand in the way."),
              tr_later("the variable is not empty, but empty after cleaning; a replay without it"),
              tr_later("unset HF_TOKEN")},
    CheckInfo{
        "HFA105", "implicit-token-disabled", Severity::error,
        tr_later("There is a token, but clients are told not to send it"),
        tr_later("HF_HUB_DISABLE_IMPLICIT_TOKEN is on. whoami passes the token itself and looks "
                 "healthy, while "
                 "downloads are anonymous."),
        tr_later("the variable's value is one that the client takes for true, and a source yields "
                 "a token"),
        tr_later("unset HF_HUB_DISABLE_IMPLICIT_TOKEN, or skip this check if it is meant so")},
    CheckInfo{"HFA106", "empty-path-variable", Severity::error,
              tr_later("A path variable is set to nothing"),
              tr_later("Empty is not unset: the path of the token becomes relative to the current "
                       "folder, so a login "
                       "depends on where it is used."),
              tr_later("HF_HOME, HF_TOKEN_PATH or XDG_CACHE_HOME is set and empty, and the path of "
                       "the token is relative"),
              tr_later("unset the variable, or give it a real path")},
    CheckInfo{"HFA107", "path-variable-not-expanded", Severity::error,
              tr_later("A path variable holds quotes or a $NAME that nobody expands"),
              tr_later("docker --env-file and systemd keep quotes, and a variable that is not set "
                       "stays as it is "
                       "written, so the path names a folder that is not meant."),
              tr_later("a quote or a $ is left in the path after the client's own expansion"),
              tr_later("write the absolute path without quotes")},
    CheckInfo{"HFA108", "token-in-other-home", Severity::warning,
              tr_later("A token stands in a place that this client does not read"),
              tr_later("The login was made with another HF_HOME or XDG_CACHE_HOME, or by an old "
                       "client, than the one that runs now."),
              tr_later("the path that is read, the path that has a token, and both fingerprints"),
              tr_later("use the same HF_HOME for both, or log in here")},
    CheckInfo{"HFA109", "token-file-missing", Severity::error,
              tr_later("HF_TOKEN_PATH names a file that does not exist"),
              tr_later("Python does not fall back to the usual file, Rust programs do."),
              tr_later("the file is missing; whether the usual one exists"),
              tr_later("put the token there, or unset HF_TOKEN_PATH")},
    CheckInfo{"HFA110", "no-token", Severity::info, tr_later("Not logged in"),
              tr_later("No source yields a token. Public models and datasets work without one, "
                       "with lower rate limits; "
                       "gated and private ones do not."),
              tr_later("each source that the client asks, and why it yields nothing"),
              tr_later("hfauth login")},
    CheckInfo{"HFA111", "active-not-in-store", Severity::info,
              tr_later("The active token is not among the stored ones"),
              tr_later("It was copied into its file by hand or by an old client, so switching away "
                       "from it loses it."),
              tr_later("its fingerprint is that of no entry of stored_tokens"),
              tr_later("log in with it once under a name")},
    CheckInfo{
        "HFA112", "oidc-forced", Severity::error,
        tr_later("HF_OIDC_RESOURCE is set where no id token can be had"),
        tr_later("The variable puts keyless publishing first, and it raises instead of falling "
                 "back: every call "
                 "fails although a saved token may be fine."),
        tr_later("the variable is set, and there is neither HF_OIDC_ID_TOKEN nor a GitHub job"),
        tr_later("unset HF_OIDC_RESOURCE")},
    CheckInfo{
        "HFA113", "dotenv-not-loaded", Severity::warning,
        tr_later("A .env file has a token that this process does not have"),
        tr_later("Nothing reads a .env file by itself: the program or a tool must load it."),
        tr_later("the file's line, and a replay of what Python finds"),
        tr_later("load it: hfauth exec --env-file, or load_dotenv() before the first import")},
    CheckInfo{
        "HFA114", "wrong-variable-name", Severity::warning,
        tr_later("A token stands in a variable that nobody reads"),
        tr_later(
            "Its name is close to HF_TOKEN, and the Hub's clients look for exactly that name."),
        tr_later("the variable's name and its token's fingerprint, and no other source that works"),
        tr_later("rename the variable to HF_TOKEN")},
    CheckInfo{"HFA115", "staging-mode", Severity::warning,
              tr_later("The staging Hub is switched on"),
              tr_later("HUGGINGFACE_CO_STAGING sends every request to a test server and moves the "
                       "token's file with it. Tokens of the real Hub are unknown there."),
              tr_later("the variable's value"), tr_later("unset HUGGINGFACE_CO_STAGING")},
    CheckInfo{"HFA116", "agent-not-exported", Severity::info,
              tr_later("The token is in the agent, but this shell does not use it"),
              tr_later("Clients that know nothing of the agent find the token through "
                       "HF_TOKEN_PATH, which this shell does "
                       "not have."),
              tr_later("the agent's default profile, and a replay of what Python would find"),
              tr_later("eval \"$(hfauth env)\"")},
    CheckInfo{"HFA117", "agent-locked", Severity::warning, tr_later("The agent is locked"),
              tr_later("What is stored is still there, but no token is handed out until it is "
                       "unlocked."),
              tr_later("the agent's own state"), tr_later("hfauth unlock")},
    CheckInfo{"HFA118", "no-default", Severity::warning,
              tr_later("Tokens are stored, but none of them is the default"),
              tr_later("Nobody has said which of them is meant, so commands and programs that name "
                       "none get none."),
              tr_later("the agent's list for this endpoint"), tr_later("hfauth switch NAME")},
};

}  // namespace

std::span<const CheckInfo> sources_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
