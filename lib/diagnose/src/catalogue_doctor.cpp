// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA0xx: the doctor itself. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{"HFA001", "check-incomplete", Severity::unknown, tr_later("A check could not run"),
              tr_later("Something that the check looks at could not be read, so its answer is "
                       "unknown. That says nothing "
                       "about the token."),
              tr_later("the reason: time-out, permission, or a missing part"),
              tr_later("run the doctor again with --only ID -v and look at the reason")},
    CheckInfo{"HFA002", "doctor-crashed-check", Severity::unknown,
              tr_later("A part of the doctor failed"),
              tr_later("One of its probes ended in an error of its own. The others went on; what "
                       "this one looks at is unknown."),
              tr_later("the probe's name and the error"),
              tr_later("report it with the output of hfauth doctor --facts-out FILE")},
    CheckInfo{
        "HFA003", "unknown-library-version", Severity::info,
        tr_later("The client is newer than the rules that are known here"),
        tr_later("Its way to a token may have changed since. The newest known rules were used."),
        tr_later("the installed version beside the newest one that is known"),
        tr_later("update hfauth; if the answer is wrong, report it")},
    CheckInfo{"HFA004", "client-notice", Severity::info,
              tr_later("A message that is not about the token"),
              tr_later("Clients also print what they saved, what has a new name and what the disk "
                       "can or cannot do. None of it says anything about a token."),
              tr_later("the message's own text"),
              tr_later("hfauth explain with the message's number says what it means")},
};

}  // namespace

std::span<const CheckInfo> doctor_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
