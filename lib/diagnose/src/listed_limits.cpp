// SPDX-License-Identifier: Apache-2.0
//
// Messages about too many requests and about credits (M-064 to M-068; the Hub's server, and
// huggingface_hub 1.2 to 1.28). The limits are counted in windows of five minutes.
#include "listed.hpp"

namespace hfauth::diagnose {
namespace {

constexpr const char* kMeansWait =
    tr_later("Wait: the count starts anew every five minutes. A 429 is no verdict on a token.");
constexpr ListedStep kFewer{tr_later("ask less: one download of the whole repository, then the "
                                     "cache"),
                            "hfauth download REPO"};

constexpr std::array kRows{
    ListedMessage{
        .id = "M-064",
        .check = "HFA405",
        .impact = Impact::blocks,
        .part = Part::anonymous,
        .printed_by = {"Hub", "", ""},
        .wordings = {"We had to rate limit your IP"},
        .title = tr_later("Too many anonymous requests from this address"),
        .means = kMeansWait,
        .steps = {kFewer},
        .sets_token = true,
        .says = tr_later("The request carried no token, so it was counted with everyone behind the "
                         "same address: a class room, a company, a CI service."),
        .again = kAgainVariable,
    },
    ListedMessage{
        .id = "M-065",
        .check = "HFA405",
        .impact = Impact::blocks,
        .part = Part::limit,
        .printed_by = {"Hub", "", ""},
        .wordings = {"We had to rate limit you, you hit the quota of {n} {word} requests per",
                     "We had to rate limit you"},
        .title = tr_later("This account has made too many requests"),
        .means = kMeansWait,
        .steps = {kFewer,
                  {tr_later("what the plans allow"), "",
                   "https://huggingface.co/docs/hub/rate-limits"}},
        .says = tr_later("The token is good: the limit is that of its account."),
    },
    ListedMessage{
        .id = "M-066",
        .check = "HFA405",
        .impact = Impact::blocks,
        .part = Part::limit,
        .printed_by = {"huggingface_hub", "", ""},
        .wordings = {"429 Too Many Requests: you have reached your '{word}' rate limit",
                     "429 Too Many Requests for url", "429 Client Error: Too Many Requests for url",
                     "Client error '429 Too Many Requests' for url"},
        .title = tr_later("Too many requests to the Hub"),
        .means = kMeansWait,
        .steps = {{tr_later("are requests made with a token? Anonymous ones have the lowest "
                            "limits"),
                   "hfauth whoami"},
                  kFewer},
        .again = tr_later("Workers and machines behind one address share an anonymous limit."),
        .needs_hub = true,
    },
    ListedMessage{
        .id = "M-067",
        .check = "HFA405",
        .impact = Impact::limits,
        .part = Part::limit,
        .printed_by = {"huggingface_hub", "1.2", ""},
        .wordings = {"You've hit the rate limit for the /whoami-v2 endpoint"},
        .title = tr_later("whoami was asked too often"),
        .means = tr_later("It is no verdict on the token, though some programs print \"invalid "
                          "token\" for it. Downloads go on."),
        .steps = {{tr_later("ask once and keep the answer"), "whoami(cache=True)"},
                  {tr_later("hfauth keeps it for ten minutes"), "hfauth whoami"}},
    },
    ListedMessage{
        .id = "M-068",
        .check = "HFA412",
        .impact = Impact::blocks,
        .part = Part::limit,
        .printed_by = {"Hub", "", ""},
        .wordings = {"You have [exceeded|depleted] your monthly included credits"},
        .title = tr_later("The month's credits for Inference Providers are used up"),
        .means = tr_later("Downloads are not concerned, and the token is good."),
        .steps = {{tr_later("look at the account's credits"), "",
                   "https://huggingface.co/settings/billing"}},
    },
};

}  // namespace

std::span<const ListedMessage> listed_limits() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
