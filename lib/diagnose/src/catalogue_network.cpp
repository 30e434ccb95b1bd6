// SPDX-License-Identifier: Apache-2.0
//
// Rows of the catalogue, HFA5xx: network, TLS and endpoint. Sorted by id.
#include "catalogue_rows.hpp"
#include "hfauth/core/translate.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array kRows{
    CheckInfo{"HFA501", "offline-mode", Severity::info, tr_later("Offline mode is on"),
              tr_later("HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE is true: clients make no request at "
                       "all and use their cache."),
              tr_later("the value of the variable, by the client's own table of what is true"),
              tr_later("unset HF_HUB_OFFLINE TRANSFORMERS_OFFLINE, unless it is meant so")},
    CheckInfo{
        "HFA502", "offline-value-not-recognised", Severity::info,
        tr_later("The offline variable has a value that means nothing"),
        tr_later("Clients take 1, true, yes and on; anything else is off, so requests are made."),
        tr_later("the variable's value beside the client's own table"),
        tr_later("set it to 1, or unset it")},
    CheckInfo{
        "HFA503", "hub-unreachable", Severity::unknown,
        tr_later("The Hub cannot be reached from here"),
        tr_later("No answer of the Hub came back, so nothing can be said about any token. Do not "
                 "throw one away for "
                 "this."),
        tr_later("the step that failed: name look-up, connection, TLS, proxy or transfer"),
        tr_later("look at the network, the proxy and the certificates, then run the doctor again")},
    CheckInfo{"HFA504", "proxy-misconfigured", Severity::error,
              tr_later("The proxy variables do not work"),
              tr_later("The proxy refuses, does not exist any more, or its address is not one."),
              tr_later("which variable, and how the proxy answered"),
              tr_later("correct the variable, or unset it where there is no proxy")},
    CheckInfo{
        "HFA505", "tls-intercepted", Severity::error,
        tr_later("Something between here and the Hub signs the connection anew"),
        tr_later("A company's inspection or a virus scanner shows certificates of its own, which "
                 "clients rightly do not trust until they are told."),
        tr_later("the Hub's certificate is refused with the public authorities and accepted with "
                 "the one configured here"),
        tr_later("tell each client of the company's authority, in the variable that it reads")},
    CheckInfo{"HFA506", "ca-variable-ignored", Severity::error,
              tr_later("The authority is named in a variable that this client does not read"),
              tr_later("huggingface_hub before 1.0 used requests and read REQUESTS_CA_BUNDLE; from "
                       "1.0 on it uses httpx and reads SSL_CERT_FILE and SSL_CERT_DIR."),
              tr_later("the same request fails with the client's own variables and works with the "
                       "file that is named"),
              tr_later("name the file in the variable that this client reads, and keep the other "
                       "one for older programs")},
    CheckInfo{
        "HFA507", "endpoint-not-hf", Severity::warning,
        tr_later("HF_ENDPOINT names another server, which would get the token"),
        tr_later(
            "A mirror answers for public files, knows no gated ones, and sees what is sent to it."),
        tr_later("the address, and that no login here is bound to it"),
        tr_later("unset HF_ENDPOINT for private and gated work")},
    CheckInfo{"HFA508", "endpoint-malformed", Severity::error, tr_later("HF_ENDPOINT is not a URL"),
              tr_later("Clients put the names of files behind it as it stands, so every request "
                       "fails. Set to nothing it is not unset: the address is then empty."),
              tr_later("the variable's value, and what is wrong with it"),
              tr_later("unset HF_ENDPOINT, or give it a whole address: https://huggingface.co")},
    CheckInfo{"HFA509", "clock-skew", Severity::error, tr_later("This machine's clock is wrong"),
              tr_later("Certificates and tokens have a beginning and an end: with a wrong clock "
                       "good ones look bad."),
              tr_later("this clock beside the Date of the Hub's answer"),
              tr_later("set the clock, best by a time service")},
    CheckInfo{
        "HFA510", "xet-or-cdn-blocked", Severity::error,
        tr_later("The Hub answers, the servers that hold its large files do not"),
        tr_later("Their hosts have names of their own, which a firewall's list may lack."),
        tr_later("the first answer, and the failure of the second host"),
        tr_later("allow the hosts that are named; HF_HUB_DISABLE_XET=1 shows whether it is Xet")},
    CheckInfo{"HFA511", "captive-or-html-response", Severity::error,
              tr_later("A web page answers instead of the Hub"),
              tr_later("The network wants a login of its own first, or a mirror is not a Hub."),
              tr_later("the page's title and status where JSON was expected"),
              tr_later("open any page in a browser and log in to the network")},
    CheckInfo{
        "HFA512", "timeout-variable-invalid", Severity::error,
        tr_later("A time-out variable is not a whole number"),
        tr_later("Python reads it with int() while the library is loaded, so the import fails."),
        tr_later("the variable's value"), tr_later("write plain seconds: 10")},
};

}  // namespace

std::span<const CheckInfo> network_rows() noexcept {
  return kRows;
}

}  // namespace hfauth::diagnose
