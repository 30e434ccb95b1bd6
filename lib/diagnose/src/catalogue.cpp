// SPDX-License-Identifier: Apache-2.0
//
// The rows. HFA1xx sources, 2xx value, 3xx identity, 4xx access, 5xx network, 6xx processes, 7xx
// hosted notebooks, 0xx the doctor itself (facts/doctor.md §4). Sorted by id.
#include "hfauth/diagnose/catalogue.hpp"

#include "hfauth/core/error.hpp"
#include "hfauth/core/translate.hpp"

#include <algorithm>
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
    CheckInfo{"HFA004", "client-notice", Severity::info,
              tr_later("A message that is not about the token"),
              tr_later("Clients also print what they saved, what has a new name and what the disk "
                       "can or cannot do. None of it says anything about a token."),
              tr_later("the message's own text"),
              tr_later("hfauth explain with the message's number says what it means")},
    CheckInfo{
        "HFA101", "env-shadows-login", Severity::warning,
        tr_later("HF_TOKEN in the environment hides the saved login"),
        tr_later("Python uses the variable first, so a later login succeeds and changes nothing."),
        tr_later("two different fingerprints, one in the variable and one saved, and the Hub's "
                 "verdict on each"),
        tr_later("unset HF_TOKEN in this shell and remove the line that sets it")},
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
    CheckInfo{
        "HFA112", "oidc-forced", Severity::error,
        tr_later("HF_OIDC_RESOURCE is set where no id token can be had"),
        tr_later("The variable puts keyless publishing first, and it raises instead of falling "
                 "back: every call "
                 "fails although a saved token may be fine."),
        tr_later("the variable is set, and there is neither HF_OIDC_ID_TOKEN nor a GitHub job"),
        tr_later("unset HF_OIDC_RESOURCE")},
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
    CheckInfo{
        "HFA301", "token-rejected", Severity::error,
        tr_later("The Hub says that this token is invalid"),
        tr_later("It was revoked, replaced or deleted, or belongs to another Hub. A token that is "
                 "wrong is worse "
                 "than none: public models may fail too."),
        tr_later(
            "whoami answers 401 with the Hub's own request id while an anonymous request works"),
        tr_later("log in again with a new token, or remove the bad one where it is set")},
    CheckInfo{"HFA302", "token-silently-ignored", Severity::warning,
              tr_later("Requests succeed, but the Hub ignored the token"),
              tr_later("The token that was sent is invalid. The Hub treated the request as "
                       "anonymous instead of refusing "
                       "it, so a download that works proves nothing."),
              tr_later("the Hub's warning, in the header X-HF-Warning or as printed by the client"),
              tr_later("find the bad token with hfauth doctor and replace it")},
    CheckInfo{
        "HFA303", "oauth-refresh-failed", Severity::warning,
        tr_later("A browser login can no longer be renewed"),
        tr_later("Its session was ended in the Hub's settings, or was not used for too long. "
                 "The token works until its end, and no longer."),
        tr_later("the Hub refused the refresh token (invalid_grant), which the agent remembers"),
        tr_later("log in again: hfauth login")},
    CheckInfo{"HFA401", "repo-needs-auth", Severity::error,
              tr_later("The repository needs a token and none was sent"),
              tr_later("It is gated or private, and the request was anonymous."),
              tr_later("the Hub's own words, or an answer that differs with and without a token"),
              tr_later("log in, and ask for access on the repository's page if it is gated")},
    CheckInfo{
        "HFA402", "gated-not-requested", Severity::error,
        tr_later("This account has not been granted access to the gated repository"),
        tr_later("Access is given to a person, never to an organisation, and can be asked for in a "
                 "browser alone."),
        tr_later("403 with the Hub's own words, and the account of the token"),
        tr_later("open the repository's page with the same account and accept its conditions")},
    CheckInfo{"HFA404", "gated-pending", Severity::error,
              tr_later("The request for access is not granted (yet)"),
              tr_later("The repository's authors have not answered, have refused, or have "
                       "withdrawn their answer."),
              tr_later("the Hub's own words"),
              tr_later("wait, or ask again in the browser if the request was reset")},
    CheckInfo{"HFA407", "repo-not-found", Severity::error,
              tr_later("The repository does not exist, or is hidden from this token"),
              tr_later("The Hub answers the same for a name with a typing mistake, for a private "
                       "repository, and for a bad "
                       "token."),
              tr_later("the answer of whoami tells the three apart"),
              tr_later("check the name and its type, then the token with hfauth doctor")},
    CheckInfo{"HFA501", "offline-mode", Severity::info, tr_later("Offline mode is on"),
              tr_later("HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is true: clients make no request at "
                       "all and use their cache."),
              tr_later("the value of the variable, by the client's own table of what is true"),
              tr_later("unset HF_HUB_OFFLINE TRANSFORMERS_OFFLINE, unless it is meant so")},
    CheckInfo{
        "HFA503", "hub-unreachable", Severity::unknown,
        tr_later("The Hub cannot be reached from here"),
        tr_later("No answer of the Hub came back, so nothing can be said about any token. Do not "
                 "throw one away for "
                 "this."),
        tr_later("the step that failed: name look-up, connection, TLS, proxy or transfer"),
        tr_later("look at the network, the proxy and the certificates, then run the doctor again")},
    CheckInfo{"HFA508", "endpoint-malformed", Severity::error, tr_later("HF_ENDPOINT is not a URL"),
              tr_later("Clients put the names of files behind it as it stands, so every request "
                       "fails. Set to nothing it is not unset: the address is then empty."),
              tr_later("the variable's value, and what is wrong with it"),
              tr_later("unset HF_ENDPOINT, or give it a whole address: https://huggingface.co")},
    CheckInfo{"HFA605", "explicit-token-wins", Severity::warning,
              tr_later("The program passes a token of its own"),
              tr_later("A token= argument beats every configured source and is sent as it stands, "
                       "not cleaned."),
              tr_later("the text of the error, or the line of the program"),
              tr_later("remove the argument, or pass token=True")},
    CheckInfo{
        "HFA701", "colab-secret-missing", Severity::warning,
        tr_later("Colab has no secret named HF_TOKEN"),
        tr_later("This notebook asked Colab's secrets for exactly that name and there is none. "
                 "Colab is asked once "
                 "per session and the answer is kept, also the answer that there is none."),
        tr_later("the warning's own text; or a Colab machine on which no source yields a token"),
        tr_later("login() in a cell at once; or the secret HF_TOKEN with notebook access, then a "
                 "new session")},
    CheckInfo{"HFA702", "colab-access-not-granted", Severity::warning,
              tr_later("The secret exists, but this notebook may not read it"),
              tr_later("Access is switched on for each notebook. The refusal is kept until the "
                       "session restarts."),
              tr_later("the warning's own text"),
              tr_later("switch on \"Notebook access\" for HF_TOKEN, then restart the session")},
    CheckInfo{"HFA703", "colab-vault-timeout", Severity::warning,
              tr_later("Colab did not hand out its secrets"),
              tr_later("Secrets come through the browser's tab. It was closed or asleep, an "
                       "extension blocked the dialogue, "
                       "or the notebook runs from another program, such as VS Code."),
              tr_later("the warning's own text"),
              tr_later("login() in a cell, or keep the tab open and restart the session")},
    CheckInfo{"HFA801", "token-file-unreadable", Severity::error,
              tr_later("The token file cannot be read by this user"),
              tr_later("Often an earlier login was made with sudo or in a container. The client "
                       "stops with an error, even "
                       "for public models."),
              tr_later("the file's mode, and the system's refusal"),
              tr_later("give the file back to its user")},
    CheckInfo{"HFA802", "token-path-not-a-file", Severity::error,
              tr_later("The token's path is not a file"),
              tr_later("Often a volume was mounted on a file that did not exist, which makes a "
                       "folder. The client stops "
                       "with an error, even for public models."),
              tr_later("what is at the path"), tr_later("move it away, and log in again")},
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::span<const CheckInfo> catalogue() noexcept {
  return kRows;
}

const CheckInfo* find_check(std::string_view id_or_slug) noexcept {
  const auto* const row = std::find_if(kRows.begin(), kRows.end(), [&](const CheckInfo& info) {
    return equal_in_any_case(info.id, id_or_slug) || equal_in_any_case(info.slug, id_or_slug);
  });
  return row == kRows.end() ? nullptr : row;
}

Finding finding_of(std::string_view id) {
  const CheckInfo* const info = find_check(id);
  if (info == nullptr) {
    throw Failure({Errc::internal, "no row in the catalogue for " + std::string(id)});
  }
  Finding finding;
  finding.id = info->id;
  finding.slug = info->slug;
  finding.severity = info->severity;
  finding.title = tr(info->title);
  finding.why = tr(info->why);
  return finding;
}

}  // namespace hfauth::diagnose
