// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA9xx: tokens that can be seen. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{"HFA901", "token-in-shell-history", Severity::warning,
              tr_later("A token stands in the shell's history"),
              tr_later("It was typed on a command line."), tr_later("the file and the line"),
              tr_later("remove the line, and replace the token")},
    CheckInfo{
        "HFA902", "token-in-notebook", Severity::warning, tr_later("A token stands in a notebook"),
        tr_later("Cells and their output are saved with it."), tr_later("the file and the cell"),
        tr_later("take it out of cell and output, and replace the token")},
    CheckInfo{"HFA903", "token-in-git", Severity::error,
              tr_later("A token is in the history of a git repository"),
              tr_later("Whoever has a clone has the token."), tr_later("the commit and the path"),
              tr_later("replace the token first, then rewrite the history")},
    CheckInfo{"HFA904", "token-in-dotfile", Severity::info,
              tr_later("A token stands in a start-up file of the shell"),
              tr_later("Every program that is started can read it, and so does every backup."),
              tr_later("the file and the line"), tr_later("hfauth login keeps it encrypted")},
    CheckInfo{"HFA905", "token-in-process-args", Severity::warning,
              tr_later("A token stands in the arguments of a running program"),
              tr_later("Every user of the machine can see them."),
              tr_later("the process and its masked words"),
              tr_later("hand the token over by a variable or a file")},
    CheckInfo{"HFA906", "token-world-readable-env-file", Severity::warning,
              tr_later("A .env file with a token can be read by others, or committed"),
              tr_later("It has the usual mode, or git does not ignore it."),
              tr_later("its mode, and git's rules"),
              tr_later("chmod 600, and a line in .gitignore")},
    CheckInfo{
        "HFA907", "token-in-log-or-bundle", Severity::error, tr_later("The text holds a token"),
        tr_later(
            "Debug output shows headers; Basic authentication is the token in another writing."),
        tr_later("where it stands, masked"),
        tr_later("replace the token: whoever has the text has it")},
};

}  // namespace

std::span<const CheckInfo> exposure_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
