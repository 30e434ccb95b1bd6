// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA6xx: processes and contexts. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{
        "HFA601", "session-started-before-token", Severity::error,
        tr_later("A running session does not have the token of this shell"),
        tr_later("A process keeps a copy of the environment with which it was started; what is "
                 "exported later reaches new processes alone."),
        tr_later("when it was started, what its environment held then, and what this shell has"),
        tr_later(
            "restart the session, or log in inside of it: a token file is read at every request")},
    CheckInfo{
        "HFA602", "context-env-differs", Severity::error,
        tr_later("A service or a timer lacks the variables that this shell has"),
        tr_later("Programs that no shell starts read no start-up file of a shell."),
        tr_later("both environments side by side, and the token that each would find"),
        tr_later("save the token where it is found without variables, or give the unit its own")},
    CheckInfo{"HFA603", "sudo-changes-home", Severity::error,
              tr_later("Under sudo another home is used"),
              tr_later("The login belongs to the user who called sudo; the program looks in the "
                       "home of the user it runs as."),
              tr_later("who called sudo, the token in that home, and none in this one"),
              tr_later("run it without sudo, or hand the token over by name")},
    CheckInfo{
        "HFA604", "container-without-token", Severity::warning,
        tr_later("The container did not get a token"),
        tr_later("A container begins without the variables and the home of the machine around it."),
        tr_later("the marks of a container, and no source that yields a token"),
        tr_later("hand the variable in by its name, or mount a secret")},
    CheckInfo{"HFA605", "explicit-token-wins", Severity::warning,
              tr_later("The program passes a token of its own"),
              tr_later("A token= argument beats every configured source and is sent as it stands, "
                       "not cleaned."),
              tr_later("the text of the error, or the line of the program"),
              tr_later("remove the argument, or pass token=True")},
    CheckInfo{"HFA606", "token-false", Severity::warning,
              tr_later("The program asks to be anonymous"),
              tr_later("token=False, or use_auth_token=False, leaves every configured token out."),
              tr_later("the line of the program"), tr_later("remove the argument")},
    CheckInfo{
        "HFA607", "different-interpreters", Severity::info,
        tr_later("hf and Python are of different installations"),
        tr_later("Each has its own huggingface_hub, and two releases may find different tokens."),
        tr_later("both paths and releases"), tr_later("run the command of the same environment")},
    CheckInfo{"HFA608", "ide-env-snapshot", Severity::warning,
              tr_later("The editor holds an older environment than this shell"),
              tr_later("It copied the login shell's variables when its server was started, and "
                       "hands them to every terminal and kernel."),
              tr_later("when it was started, and both fingerprints"),
              tr_later("restart the editor's server, then its windows")},
    CheckInfo{"HFA609", "multiple-sessions-different-identity", Severity::info,
              tr_later("Running sessions use different tokens"),
              tr_later("Some were started with another environment."),
              tr_later("each session with its fingerprint"),
              tr_later("hfauth ps shows them; restart those that are out of date")},
    CheckInfo{"HFA610", "client-ignores-all-sources", Severity::warning,
              tr_later("This program reads no token by itself"),
              tr_later("Some libraries, such as hf-hub 1.x and huggingface.js, take a token from "
                       "the program alone."),
              tr_later("an anonymous request although every usual source has a token"),
              tr_later("give it the token in the program's own option")},
    CheckInfo{"HFA611", "script-old-argument", Severity::warning,
              tr_later("The program uses an argument that is no more"),
              tr_later("huggingface_hub 1.0 took use_auth_token away, and what calls it followed; "
                       "the call stops with a TypeError, or the argument is left out."),
              tr_later("the line of the program, and the release that is installed"),
              tr_later("write token= instead, or leave it out: the saved login is found")},
    CheckInfo{"HFA612", "script-variable-set-late", Severity::warning,
              tr_later("The program sets a variable too late"),
              tr_later("Paths, endpoint and switches are read when the library is imported; what "
                       "is set afterwards changes nothing."),
              tr_later("the line that sets it, and the import above it"),
              tr_later("set it above the first import, or before Python starts")},
};

}  // namespace

std::span<const CheckInfo> processes_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
