// SPDX-License-Identifier: Apache-2.0
//
// Messages about a token that the Hub does not take or that no header can carry (M-031 to M-038,
// M-061 to M-063; huggingface_hub 0.22 to 1.28, requests, httpx, the Hub's server).
#include "listed.hpp"

namespace hfauth::diagnose {
namespace {

constexpr ListedStep kFreshLogin{tr_later("log in with a new token"), "hfauth login"};
constexpr ListedStep kStrip{tr_later("strip the token where the program reads it"),
                            "token = token.strip()"};
constexpr const char* kMeansNoRequest =
    tr_later("No request left the machine, not even for public models.");
constexpr const char* kAgainShown = tr_later(
    "The original text of this error shows the whole token. If it was posted or logged "
    "somewhere, revoke that token.");

constexpr std::array kRows{
    ListedMessage{
        .id = "M-031",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"huggingface_hub", "0.29", ""},
        .wordings = {"Invalid user token. The token from Google Colab vault is invalid"},
        .title = tr_later("The token in Colab's secret HF_TOKEN is invalid"),
        .means = kMeansBadToken,
        .steps = {kStepNewToken,
                  {tr_later("key icon in the left bar > HF_TOKEN: put the new token in"), "", ""},
                  {tr_later("Runtime > Restart session: the old value is kept until then"), "",
                   ""}},
    },
    ListedMessage{
        .id = "M-031",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"huggingface_hub", "0.29", ""},
        .wordings = {"Invalid user token. The token from HF_TOKEN environment variable is invalid"},
        .title = tr_later("The token in the variable HF_TOKEN is invalid"),
        .means = kMeansBadToken,
        .steps = {{tr_later("in this shell"), "unset HF_TOKEN"},
                  {tr_later("find the line that sets it"), "hfauth doctor"},
                  kFreshLogin},
        .again = kAgainVariable,
    },
    ListedMessage{
        .id = "M-031",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"huggingface_hub", "0.29", ""},
        .wordings = {"Invalid user token. The token stored is invalid"},
        .title = tr_later("The saved token is invalid"),
        .means = kMeansBadToken,
        .steps = {kStepNewToken, kFreshLogin},
        .again = kAgainVariable,
    },
    ListedMessage{
        .id = "M-032",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"huggingface_hub", "", "0.28"},
        .wordings = {"Invalid user token. If you didn't pass a user token, make sure you are "
                     "properly logged in"},
        .title = tr_later("The Hub does not know the token that was sent"),
        .means = kMeansBadToken,
        .steps = {kStepDoctor, kStepNewToken, kFreshLogin},
        .again = kAgainVariable,
    },
    ListedMessage{
        .id = "M-032",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"Invalid user token."},
        .title = tr_later("The Hub does not know the token that was sent"),
        .means = kMeansBadToken,
        .steps = {kStepDoctor, kStepNewToken, kFreshLogin},
        .again = kAgainVariable,
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-033",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"huggingface_hub", "", "0.25"},
        .wordings = {"Invalid token passed!"},
        .title = tr_later("The token that was given to login() is invalid"),
        .means = tr_later("Nobody was logged in. Releases up to 0.25 also say so when the Hub was "
                          "only too busy to check it."),
        .steps = {kStepNewToken, kFreshLogin},
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-033",
        .check = "HFA307",
        .impact = Impact::blocks,
        .part = Part::refused,
        .printed_by = {"huggingface_hub", "", "0.25"},
        .wordings = {"Token is valid but is 'read-only' and a 'write' token is required"},
        .title = tr_later("The token can read, and the program wants one that can write"),
        .means = tr_later("Nobody was logged in. For downloads the token would do."),
        .steps = {{tr_later("create a token with write access"), "",
                   "https://huggingface.co/settings/tokens/new?tokenType=write"},
                  {tr_later("or do not demand it"), "login(write_permission=False)"}},
    },
    ListedMessage{
        .id = "M-036",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"Hub", "", ""},
        .wordings = {"User Access Token \"{}\" is expired"},
        .title = tr_later("The token has expired"),
        .means = kMeansBadToken,
        .steps = {kStepNewToken,
                  kFreshLogin,
                  {tr_later("and take the old one away where it is set"), "hfauth doctor"}},
        .again = kAgainVariable,
    },
    ListedMessage{
        .id = "M-037",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"Hub", "", ""},
        .wordings = {"Authorization header is correct, but the token seems invalid"},
        .title = tr_later("The inference service does not know the token"),
        .means = kMeansBadToken,
        .steps = {kStepDoctor, kStepNewToken, kFreshLogin},
        .again = kAgainVariable,
    },
    ListedMessage{
        .id = "M-038",
        .check = "HFA301",
        .impact = Impact::blocks,
        .part = Part::status_line,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"401 Client Error: Unauthorized for url",
                     "Client error '401 Unauthorized' for url"},
        .title = tr_later("The Hub answered 401: no token, a bad one, or a hidden repository"),
        .means = tr_later("The status alone does not tell which of the three it is."),
        .steps = {{tr_later("is the token good?"), "hfauth whoami"}, kStepDoctor},
        .again = kAgainVariable,
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-061",
        .check = "HFA201",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"requests", "", ""},
        .wordings = {"reserved character(s), or return character(s) in header value: 'Bearer",
                     "reserved character(s), or return character(s) in header value: b'Bearer",
                     "Invalid return character or leading space in header: authorization",
                     "ValueError: Invalid header value b'Bearer"},
        .title = tr_later("The token carries a line break or a space that no header may hold"),
        .means = kMeansNoRequest,
        .steps = {kStrip,
                  {tr_later("or pass no token: the saved one is cleaned by huggingface_hub itself"),
                   "hfauth login"}},
        .again = kAgainShown,
    },
    ListedMessage{
        .id = "M-062",
        .check = "HFA202",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"Python", "", ""},
        .wordings = {"UnicodeEncodeError: '[ascii|latin-1]' codec can't encode character"},
        .title = tr_later("The token holds a character that no header may hold"),
        .means = kMeansNoRequest,
        .steps = {{tr_later("copy the token again from its page; \"...\" or a typographic quote "
                            "came with it"),
                   "", "https://huggingface.co/settings/tokens"},
                  kStepDoctor},
        .again = kAgainVariable,
        .needs_hub = true,
        .needs_word = "header",
    },
    ListedMessage{
        .id = "M-063",
        .check = "HFA207",
        .impact = Impact::blocks,
        .part = Part::bad_token,
        .printed_by = {"@huggingface/hub", "", ""},
        .wordings = {"Your access token must start with 'hf_'"},
        .title = tr_later("What was passed as accessToken is no token of the Hub"),
        .means = kMeansNoRequest,
        .steps = {{tr_later("pass the variable's value, and leave it out if it is empty"),
                   "accessToken: process.env.HF_TOKEN"},
                  kStepNewToken},
        .says = tr_later("The JavaScript library reads no variable and no file by itself; it sends "
                         "what the program passes."),
    },
};

}  // namespace

std::span<const ListedMessage> listed_token() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
