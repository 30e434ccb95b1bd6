// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA2xx: what is wrong with a value. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{"HFA201", "trailing-newline", Severity::warning,
              tr_later("The token carries a line break or spaces around it"),
              tr_later("Python strips them. curl and an explicit token= fail with an illegal "
                       "header, and Rust programs on "
                       "hf-hub 1.x send nothing at all, without a word."),
              tr_later("the raw bytes at the ends of the value"),
              tr_later("write the value without the line break, for example with printf %s")},
    CheckInfo{"HFA202", "invisible-characters", Severity::error,
              tr_later("The token holds characters that nobody can see"),
              tr_later("A byte order mark, a zero-width space or another character outside ASCII "
                       "survives the client's "
                       "cleaning, and the request's header cannot be built."),
              tr_later("the offset and the name of the character"),
              tr_later("take the characters out where the value stands, or copy the token again")},
    CheckInfo{"HFA203", "quotes-in-value", Severity::error,
              tr_later("The token's value includes quotes"),
              tr_later("docker --env-file, systemd and .env readers keep quotes, so they are sent "
                       "as part of the token."),
              tr_later("the first and the last character are quotes"),
              tr_later("write the line without quotes")},
    CheckInfo{"HFA204", "bearer-prefix", Severity::error,
              tr_later("The value begins with \"Bearer \" or a variable's name"),
              tr_later("A whole header or a whole line was pasted instead of the token alone."),
              tr_later("the prefix, with something behind it"),
              tr_later("set the value again without the prefix")},
    CheckInfo{
        "HFA205", "placeholder-value", Severity::error,
        tr_later("The token is a placeholder from some documentation"),
        tr_later("A template was copied and its example value never replaced."),
        tr_later("the value is on the list of placeholders and is the one that would be sent"),
        tr_later("hfauth login")},
    CheckInfo{"HFA206", "org-token", Severity::error,
              tr_later("The token is one of an organisation, which is out of use"),
              tr_later("Tokens with api_org_ are deprecated, and logins refuse them."),
              tr_later("the token's prefix"),
              tr_later("create a token of a user, fine-grained if it must be narrow")},
    CheckInfo{"HFA207", "wrong-shape", Severity::warning,
              tr_later("The token does not look like one"),
              tr_later("It is cut short, has a space inside, or letters that no token has: often a "
                       "paste that broke at the end of a line. The shape alone proves nothing."),
              tr_later("its length and what is wrong with its letters; the Hub's verdict"),
              tr_later("copy the token again, whole")},
    CheckInfo{
        "HFA208", "not-a-hf-token", Severity::warning,
        tr_later("The value is the key of another service"),
        tr_later("It begins as keys of another vendor do, so the Hub cannot know it."),
        tr_later("the prefix"),
        tr_later("put the right secret there; replace the other one if it was shown to anybody")},
    CheckInfo{"HFA209", "same-token-everywhere", Severity::info,
              tr_later("One token that may write stands in several places"),
              tr_later("The more places have it, the harder it is to replace it."),
              tr_later("the places that have its fingerprint"),
              tr_later("one token for each use, each with no more rights than it needs")},
};

}  // namespace

std::span<const CheckInfo> value_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
