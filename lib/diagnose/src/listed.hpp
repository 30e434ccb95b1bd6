// SPDX-License-Identifier: Apache-2.0
//
// The messages whose explanation is the same whatever stands around them: one row each, in
// listed_<subject>.cpp. What a row cannot say (texts that depend on a captured detail) is a
// function in messages_*.cpp. Wordings are those that the programs print, in facts/hub-auth.md §3.
#pragma once

#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/explain.hpp"

#include <array>
#include <span>
#include <string_view>

namespace hfauth::diagnose {

/// What a message is in a story of several: an effect is told as following from the first cause of
/// the same text that can have it (story.cpp).
enum class Part {
  notice,       ///< stands for itself
  no_token,     ///< why there is no token
  bad_token,    ///< a token that the Hub does not take, or that cannot be sent
  hidden,       ///< a repository that was not found: it may be any of these
  refused,      ///< a good token or none, and a repository that is not for it
  limit,        ///< too many requests
  network,      ///< the Hub was not reached
  offline,      ///< the Hub was not asked
  disk,         ///< the cache
  anonymous,    ///< what being anonymous leads to
  status_line,  ///< an HTTP status without its reason
  wrapper,      ///< a library's sentence around another failure
};

struct ListedStep {
  const char* text = "";  ///< tr_later()
  const char* command = "";
  const char* url = "";
};

struct ListedMessage {
  std::string_view id;     ///< "M-041"
  std::string_view check;  ///< "HFA503"
  Impact impact;
  Part part;
  PrintedBy printed_by;
  std::array<const char*, 8> wordings;  ///< wording.hpp; the first is the quote
  const char* title;                    ///< tr_later(): one line
  const char* means;                    ///< tr_later(): the consequence
  ListedStep steps[4] = {};
  bool sets_token = false;           ///< the ways to set a token in this runtime come first
  const char* says = "";             ///< tr_later(): what the title does not say
  const char* again = "";            ///< tr_later(): why it may still be seen after the fix
  bool needs_hub = false;            ///< others print it too: the Hub must be the nearest server
  const char* needs_word = nullptr;  ///< must stand near by, in lower case and without white space
};

// listed_*.cpp, each in the order of the ids.
[[nodiscard]] std::span<const ListedMessage> listed_notebook() noexcept;
[[nodiscard]] std::span<const ListedMessage> listed_login() noexcept;
[[nodiscard]] std::span<const ListedMessage> listed_token() noexcept;
[[nodiscard]] std::span<const ListedMessage> listed_network() noexcept;
[[nodiscard]] std::span<const ListedMessage> listed_access() noexcept;
[[nodiscard]] std::span<const ListedMessage> listed_limits() noexcept;
[[nodiscard]] std::span<const ListedMessage> listed_git() noexcept;
[[nodiscard]] std::span<const ListedMessage> listed_storage() noexcept;
[[nodiscard]] std::span<const ListedMessage> listed_notices() noexcept;

/// All of them.
[[nodiscard]] std::span<const std::span<const ListedMessage>> listed_messages() noexcept;

// What several rows say.
inline constexpr const char* kMeansAnonymous = tr_later(
    "Requests are anonymous: public models such as microsoft/phi-4 work with lower limits, gated "
    "and private repositories fail.");
inline constexpr const char* kMeansTokenNotJudged =
    tr_later("Nothing is said about the token: the Hub was not reached.");
inline constexpr const char* kMeansNothing =
    tr_later("Nothing is wrong with the token, and nothing has to be done.");
inline constexpr const char* kMeansOldCode =
    tr_later("The call still works. A later release will refuse it.");
inline constexpr const char* kMeansBadToken = tr_later(
    "A token that the Hub does not accept is worse than none: public models may fail with it too.");
inline constexpr const char* kAgainVariable = tr_later(
    "HF_TOKEN in the environment goes before a saved login, and a running kernel or "
    "service keeps the variable that it was started with: hfauth explain restart");
inline constexpr const char* kAgainCause = tr_later(
    "This line is the wrapping. The cause stands further up in the traceback, often "
    "behind \"The above exception was the direct cause\".");

inline constexpr ListedStep kStepDoctor{
    tr_later("let the doctor find where the token comes from and ask the Hub about it"),
    "hfauth doctor"};
inline constexpr ListedStep kStepWhoami{tr_later("which account does this machine use?"),
                                        "hfauth whoami"};
inline constexpr ListedStep kStepLogin{"", "hfauth login"};
inline constexpr ListedStep kStepNewToken{
    tr_later("create a new token"), "",
    "https://huggingface.co/settings/tokens/new?preset=read-only"};
inline constexpr ListedStep kStepTokenSettings{tr_later("look at the token's permissions"), "",
                                               "https://huggingface.co/settings/tokens"};
inline constexpr ListedStep kStepUnset{tr_later("take the variable away"),
                                       "unset HF_TOKEN HUGGING_FACE_HUB_TOKEN"};
inline constexpr ListedStep kStepOnline{tr_later("allow requests again"),
                                        "unset HF_HUB_OFFLINE TRANSFORMERS_OFFLINE"};
inline constexpr ListedStep kStepGitHelper{tr_later("a helper that keeps passwords encrypted"),
                                           "git config --global credential.helper libsecret"};
inline constexpr ListedStep kStepGitGive{tr_later("then give git the token too"),
                                         "hfauth login --force --add-to-git-credential"};
inline constexpr ListedStep kStepStatusPage{tr_later("is the Hub itself up?"), "",
                                            "https://status.huggingface.co"};
inline constexpr ListedStep kStepUpgrade{tr_later("a newer release says it no more"),
                                         "pip install -U huggingface_hub"};

}  // namespace hfauth::diagnose
