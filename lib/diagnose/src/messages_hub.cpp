// SPDX-License-Identifier: Apache-2.0
//
// What the Hub's answers on tokens and names mean (M-020, M-034, M-035, M-039, M-060;
// huggingface_hub 0.14 to 1.28 and the server's own words).
#include "hfauth/core/translate.hpp"
#include "messages.hpp"
#include "remedies.hpp"

#include <fmt/format.h>

namespace hfauth::diagnose {
namespace {

FixStep ask_the_doctor() {
  return {tr("let the doctor find where the token comes from and ask the Hub about it"),
          "hfauth doctor", ""};
}

Fix replace_the_token() {
  return {FixSafety::manual,
          false,
          tr("find the bad token and replace it"),
          {ask_the_doctor(),
           {tr("create a new token if the old one is gone"), "", std::string(kNewTokenUrl)},
           {"", "hfauth login", ""}}};
}

Fix go_without_a_token() {
  return {FixSafety::manual,
          false,
          tr("for public models only: go without, a bad token is worse than none"),
          {{"", "unset HF_TOKEN HUGGING_FACE_HUB_TOKEN", ""}}};
}

}  // namespace

Explanation illegal_header(const Sighting& sighting, const TextFacts& /*text*/) {
  const bool empty = sighting.header_fault == HeaderFault::empty;
  const bool newline = sighting.header_fault == HeaderFault::newline;
  Explanation result = begin_explanation(empty     ? "HFA605"
                                         : newline ? "HFA201"
                                                   : "HFA202",
                                         "M-060", Impact::blocks, sighting);
  result.finding.severity = Severity::error;
  result.quote = "Illegal header value b'Bearer ...'";
  if (empty) {
    result.says =
        tr("The program passed an empty token, token=\"\", so the header had nothing behind "
           "\"Bearer\".");
    result.finding.title = tr("The program passes an empty token of its own");
    result.finding.fixes = {
        {FixSafety::manual,
         false,
         "",
         {{tr("pass token=None instead of an empty string, or leave it out"), "", ""},
          {tr("often it comes from a variable that is not set"),
           "os.environ.get(\"HF_TOKEN\") or None", ""}}}};
  } else {
    result.says =
        newline ? tr("The token that was passed ends in a line break, which no header may hold.")
                : tr("The token that was passed holds a character that no header may hold.");
    result.finding.fixes = {
        {FixSafety::manual,
         false,
         "",
         {{tr("strip the token where the program reads it"), "token = token.strip()", ""},
          {tr("or pass no token: the saved one is cleaned by huggingface_hub itself"),
           "hfauth login", ""}}}};
    result.finding.confidence = newline ? Confidence::proven : Confidence::likely;
    result.again =
        tr("The original text of this error shows the whole token. If it was posted or logged "
           "somewhere, revoke "
           "that token.");
  }
  result.means = tr("No request left the machine, not even for public models.");
  return result;
}

Explanation invalid_credentials(const Sighting& sighting, const TextFacts& /*text*/) {
  Explanation result = begin_explanation("HFA301", "M-034", Impact::blocks, sighting);
  result.quote = "Invalid username or password.";
  result.finding.confidence = Confidence::likely;
  result.says =
      tr("The Hub answers so to a token that it does not know (revoked, replaced, mistyped), and "
         "also to an "
         "anonymous request for a private repository or one that does not exist.");
  result.means =
      tr("If a bad token was sent, public models such as microsoft/phi-4 fail too, until it is "
         "removed or "
         "replaced.");
  result.finding.fixes = {replace_the_token(), go_without_a_token()};
  result.again =
      tr("HF_TOKEN in the environment goes before a saved login: a new login does not help until "
         "it is unset.");
  return result;
}

Explanation invalid_authorization(const Sighting& sighting, const TextFacts& /*text*/) {
  Explanation result = begin_explanation("HFA301", "M-035", Impact::blocks, sighting);
  result.quote = "Invalid credentials in Authorization header";
  result.says =
      tr("A token was sent, and the Hub does not know it: revoked, replaced, mistyped, or with "
         "something around it.");
  result.means = tr("Public models fail with it as well, until it is removed or replaced.");
  result.finding.fixes = {replace_the_token(), go_without_a_token()};
  result.again =
      tr("HF_TOKEN in the environment goes before a saved login: a new login does not help until "
         "it is unset.");
  return result;
}

Explanation invalid_token_ignored(const Sighting& sighting, const TextFacts& /*text*/) {
  Explanation result = begin_explanation("HFA302", "M-020", Impact::limits, sighting);
  result.quote = "Authenticated through an invalid token. Treating the request as unauthenticated.";
  result.says =
      tr("A token was sent, and the Hub does not accept it. It answered as if none had been sent.");
  result.means = tr(
      "Public models work, with the lower limits of anonymous use. Gated and private ones fail.");
  result.finding.fixes = {replace_the_token(), go_without_a_token()};
  result.again = tr("A program that passes token= itself goes on sending its own token.");
  return result;
}

Explanation repository_not_found(const Sighting& sighting, const TextFacts& /*text*/) {
  Explanation result = begin_explanation("HFA407", "M-039", Impact::blocks, sighting);
  result.quote = "Repository Not Found for url: ...";
  result.finding.confidence = Confidence::possible;
  result.says = sighting.repo.empty()
                    ? std::string(tr("The Hub would not show a repository."))
                    : fmt::format(fmt::runtime(tr("The Hub would not show {}.")), sighting.repo);
  if (sighting.with_invalid_credentials) {
    result.says += ' ';
    result.says +=
        tr("Behind it stands \"Invalid username or password.\": a bad token, or no token and a "
           "repository that is "
           "private or does not exist.");
  }
  result.means =
      tr("Three causes look the same here: a typing mistake in the name or its type, a private "
         "repository, a bad "
         "token. whoami tells them apart.");
  result.finding.fixes = {
      {FixSafety::manual,
       false,
       tr("tell the three apart"),
       {{tr("is the token good? If it is, the name is wrong or the account has no right"),
         "hfauth whoami", ""},
        {tr("is there such a page? A dataset or a space needs its repo_type"), "",
         sighting.repo.empty() ? "https://huggingface.co/ORG/NAME"
                               : "https://huggingface.co/" + sighting.repo}}},
      go_without_a_token()};
  return result;
}

Explanation unauthenticated_requests(const Sighting& sighting, const TextFacts& text) {
  Explanation result = begin_explanation("HFA110", "M-020", Impact::limits, sighting);
  result.quote = "You are sending unauthenticated requests to the HF Hub.";
  result.says =
      tr("A download was made without a token. The Hub itself sends this text, once per run.");
  result.means =
      tr("Public models such as microsoft/phi-4 work. Rate limits are lower and shared with "
         "everyone behind the "
         "same address; gated and private repositories fail.");
  result.finding.fixes = ways_to_set_a_token(text.runtime);
  result.again =
      tr("A library that builds its own requests may leave the token out, and a Colab secret is "
         "not seen by "
         "commands and worker processes.");
  return result;
}

}  // namespace hfauth::diagnose
