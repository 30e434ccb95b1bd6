// SPDX-License-Identifier: Apache-2.0
//
// HFA502, HFA504 to HFA512 but HFA508: what stands between the client and the Hub. Each reads the
// step that failed, never guesses from a time.
#include "../http_words.hpp"
#include "check.hpp"
#include "foreign_words.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace hfauth::diagnose {
namespace {

constexpr std::array kProxyVariables{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY",
                                     "http_proxy",  "ALL_PROXY",   "all_proxy"};
constexpr std::array kProxySchemes{"http://",    "https://",  "socks5://",
                                   "socks5h://", "socks4://", "socks4a://"};
constexpr std::int64_t kTolerableSkew = 300;  // seconds (facts/doctor.md, HFA509)

std::string set_command(const Facts& facts, const std::string& name, const std::string& value) {
  return (facts.runtime.shell == "fish" ? "set -gx " + name + " " : "export " + name + "=") + value;
}

bool is_official(const HubFacts& hub) {
  return hub.endpoint == "https://huggingface.co" || hub.endpoint == "https://hf.co";
}

std::string described_skew(std::int64_t seconds) {
  const std::int64_t size = std::abs(seconds);
  const std::string length = size >= 7200  ? fmt::format(fmt::runtime(tr("{} h")), size / 3600)
                             : size >= 120 ? fmt::format(fmt::runtime(tr("{} min")), size / 60)
                                           : fmt::format(fmt::runtime(tr("{} s")), size);
  return fmt::format(fmt::runtime(seconds > 0 ? tr("this clock is {} ahead of the Hub's answer")
                                              : tr("this clock is {} behind the Hub's answer")),
                     length);
}

// An address that no client can use; "" if it can.
std::string proxy_fault(const std::string& value) {
  const auto has_scheme = [&](const char* scheme) { return value.starts_with(scheme); };
  if (std::any_of(kProxySchemes.begin(), kProxySchemes.end(), has_scheme)) {
    return value.find_first_of(" \t\r\n\"'") == std::string::npos
               ? ""
               : std::string(tr("white space or quotes are part of the address"));
  }
  return value.find("://") == std::string::npos
             ? ""  // a bare host:port is taken for http
             : std::string(tr("its scheme is none of a proxy's"));
}

}  // namespace

std::optional<Finding> find_offline_value_not_recognised(const View& view) {
  Finding finding = finding_of("HFA502");
  for (const char* name : {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"}) {
    const std::string value = view.facts.environment.get(name).value_or("");
    const bool means_off = value.empty() || value == "0" || value == "false" || value == "False" ||
                           value == "FALSE" || value == "no" || value == "NO" || value == "off" ||
                           value == "OFF";
    if (!means_off && !view.facts.environment.is_true(name)) {
      finding.evidence.push_back(
          {EvidenceKind::env, fmt::format("{}=\"{}\"", name, value), name, ""});
      finding.fixes.push_back(command_fix(FixSafety::manual, set_command(view.facts, name, "1"),
                                          tr("if it is meant so")));
    }
  }
  return finding.evidence.empty() ? std::nullopt : std::optional(std::move(finding));
}

std::optional<Finding> find_proxy_misconfigured(const View& view) {
  Finding finding = finding_of("HFA504");
  std::string names;
  for (const char* name : kProxyVariables) {
    if (const auto value = view.facts.environment.non_empty(name)) {
      names += (names.empty() ? "" : " ") + std::string(name);
      if (const std::string fault = proxy_fault(*value); !fault.empty()) {
        finding.evidence.push_back(
            {EvidenceKind::env, fmt::format("{}={}: {}", name, *value, fault), name, ""});
      }
    }
  }
  const std::string step = failed_step(view.facts.hub.control_failure);
  if (!names.empty() && view.facts.hub.asked && !view.facts.hub.reached && step == "proxy") {
    finding.evidence.push_back(
        {EvidenceKind::http, translated_failure(view.facts.hub.control_failure), "", ""});
    for (const char* name : kProxyVariables) {
      if (const auto value = view.facts.environment.non_empty(name)) {
        finding.evidence.push_back(
            {EvidenceKind::env, fmt::format("{}={}", name, *value), name, ""});
      }
    }
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  finding.fixes.push_back(replayed_fix(FixSafety::manual, unset_command(view.facts, names),
                                       tr("if there is no proxy here any more")));
  return finding;
}

// What the network would be without the proxy nobody knows: only that this failure is explained.
std::optional<Facts> without_unreached(const View& view) {
  Facts changed = view.facts;
  for (const char* name : kProxyVariables) {
    changed.environment.unset(name);
  }
  changed.hub.asked = false;
  changed.hub.control_failure.clear();
  changed.hub.control_not_hub = false;
  return changed;
}

namespace {

/// Authorities that anybody's server may have a certificate of, as their names stand in it; the
/// Hub's own are Amazon's. Behind one of these nobody re-signs: this machine's list is at fault.
bool is_public_authority(std::string_view issuer) {
  static constexpr std::array<std::string_view, 10> kNames{"O = Amazon",
                                                           "O = Let's Encrypt",
                                                           "O = Google Trust Services",
                                                           "O = DigiCert Inc",
                                                           "O = Sectigo",
                                                           "O = GlobalSign",
                                                           "O = Cloudflare",
                                                           "O = Microsoft Corporation",
                                                           "O = Entrust",
                                                           "O = IdenTrust"};
  return std::any_of(kNames.begin(), kNames.end(), [issuer](std::string_view name) {
    return issuer.find(name) != std::string_view::npos;
  });
}

/// "Who signs": the issuer's name tells a proxy from a server.
void add_issuer(const HubFacts& hub, Finding& finding) {
  if (hub.issuer.empty()) return;
  finding.evidence.push_back(
      {EvidenceKind::tls,
       fmt::format(fmt::runtime(tr("the certificate was issued by: {}")), hub.issuer), hub.endpoint,
       ""});
}

}  // namespace

std::optional<Finding> find_tls_intercepted(const View& view) {
  const HubFacts& hub = view.facts.hub;
  const bool refused = failed_step(hub.control_failure) == "tls";
  if (!is_official(hub) || (hub.client_failure_step != "tls" && !refused)) {
    return std::nullopt;
  }
  const bool is_public = is_public_authority(hub.issuer);
  Finding finding = finding_of("HFA505");
  finding.confidence = refused && hub.issuer.empty() ? Confidence::likely : Confidence::proven;
  finding.evidence.push_back(
      {EvidenceKind::tls, translated_failure(refused ? hub.control_failure : hub.client_failure),
       hub.endpoint, ""});
  add_issuer(hub, finding);
  if (is_public) {
    // Nobody stands between: the authorities that are believed here are too few, or the clock is
    // wrong.
    finding.title = tr("This machine does not believe the Hub's own certificate");
    finding.why = tr(
        "The certificate comes from a public authority that this machine does not know: its list "
        "of authorities is old, or a CA variable names a file with your company's alone.");
    finding.confidence = Confidence::likely;
  }
  if (!refused) {
    finding.evidence.push_back({EvidenceKind::tls,
                                fmt::format(fmt::runtime(tr("with {} it is accepted")),
                                            shown(view.facts, hub.client_authority)),
                                hub.client_authority, ""});
    finding.severity = Severity::info;  // what is to be done stands in HFA506
    return finding;
  }
  std::string names;
  for (const char* name :
       {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
    if (is_public && view.facts.environment.non_empty(name)) {
      names += (names.empty() ? "" : " ") + std::string(name);
    }
  }
  if (!names.empty()) {
    finding.fixes.push_back(command_fix(FixSafety::manual, unset_command(view.facts, names)));
  } else if (is_public) {
    finding.fixes.push_back(
        command_fix(FixSafety::manual, "sudo apt-get install --reinstall ca-certificates"));
  } else {
    finding.fixes.push_back(command_fix(
        FixSafety::manual, set_command(view.facts, "SSL_CERT_FILE", "/path/to/company-ca.pem")));
  }
  return finding;
}

std::optional<Finding> find_ca_variable_ignored(const View& view) {
  const HubFacts& hub = view.facts.hub;
  if (hub.client_failure.empty() || hub.client_failure_step != "tls" || !hub.reached) {
    return std::nullopt;
  }
  const bool requests = uses_requests(view.facts.client.version);
  const std::string wanted = requests ? "REQUESTS_CA_BUNDLE" : "SSL_CERT_FILE";
  Finding finding = finding_of("HFA506");
  finding.title =
      fmt::format(fmt::runtime(tr("{0} names your authority, and this Python reads {1}")),
                  hub.client_authority_set_by, wanted);
  finding.evidence.push_back(
      {EvidenceKind::tls, translated_failure(hub.client_failure), hub.endpoint, ""});
  add_issuer(hub, finding);
  finding.evidence.push_back({EvidenceKind::tls,
                              fmt::format(fmt::runtime(tr("with {} the same request works")),
                                          shown(view.facts, hub.client_authority)),
                              hub.client_authority, ""});
  finding.fixes.push_back(
      replayed_fix(FixSafety::manual, set_command(view.facts, wanted, hub.client_authority)));
  return finding;
}

std::optional<Facts> with_authority_read(const View& view) {
  Facts changed = view.facts;
  changed.hub.client_failure.clear();
  changed.hub.client_failure_step.clear();
  return changed;
}

std::optional<Finding> find_endpoint_not_hf(const View& view) {
  const auto endpoint = token::Endpoint::from(view.facts.environment);
  if (!endpoint || !view.facts.environment.non_empty("HF_ENDPOINT") || endpoint->is_official() ||
      endpoint->is_loopback() || view.facts.environment.is_true("HUGGINGFACE_CO_STAGING")) {
    return std::nullopt;
  }
  const bool bound =
      std::any_of(view.facts.agent.profiles.begin(), view.facts.agent.profiles.end(),
                  [&](const AgentProfile& profile) { return profile.endpoint == endpoint->url(); });
  Finding finding = finding_of("HFA507");
  finding.severity = bound                     ? Severity::info
                     : view.python.has_token() ? Severity::error
                                               : Severity::warning;
  finding.evidence.push_back(
      {EvidenceKind::env, "HF_ENDPOINT=" + endpoint->url(), "HF_ENDPOINT", ""});
  if (const TokenValue* used = view.effective(); used != nullptr && !bound) {
    finding.evidence.push_back(
        {kind_of(used->source),
         fmt::format(fmt::runtime(tr("Python would send it {}")), used->mask),
         shown(view.facts, used->where), ""});
  }
  finding.fixes.push_back(
      replayed_fix(FixSafety::manual, unset_command(view.facts, "HF_ENDPOINT")));
  return finding;
}

std::optional<Finding> find_clock_skew(const View& view) {
  const HubFacts& hub = view.facts.hub;
  if (!hub.clock_known || std::abs(hub.clock_ahead) <= kTolerableSkew) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA509");
  finding.confidence = Confidence::likely;  // a proxy may rewrite the header
  finding.evidence.push_back(
      {EvidenceKind::http, described_skew(hub.clock_ahead), hub.endpoint, ""});
  finding.fixes.push_back(command_fix(FixSafety::manual, "sudo timedatectl set-ntp true"));
  return finding;
}

std::optional<Finding> find_html_response(const View& view) {
  const HubFacts& hub = view.facts.hub;
  if (!hub.control_not_hub) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA511");
  finding.evidence.push_back({EvidenceKind::http, hub.control_failure, hub.endpoint, ""});
  finding.fixes.push_back(
      {FixSafety::manual,
       false,
       "",
       {{tr("open a page in a browser and log in to the network"), "", "http://neverssl.com"}}});
  return finding;
}

namespace {

/// What one server of large files did not give.
void add_blocked_host(const View& view, const TargetFacts& target, const FileHostFacts& place,
                      Finding& finding) {
  if (place.failure.empty()) {
    return;
  }
  const EvidenceKind kind = place.step == "tls"   ? EvidenceKind::tls
                            : place.step == "dns" ? EvidenceKind::dns
                                                  : EvidenceKind::http;
  finding.evidence.push_back(
      {kind,
       fmt::format(fmt::runtime(tr("{0} of {1} comes from {2}: {3}")), place.file, target.id,
                   place.host, translated_failure(place.failure)),
       place.host, ""});
  finding.evidence.push_back(
      {EvidenceKind::http,
       fmt::format(fmt::runtime(tr("{} itself answers")), view.facts.hub.endpoint),
       view.facts.hub.endpoint, ""});
  finding.fixes.push_back(
      {FixSafety::manual,
       false,
       "",
       {{fmt::format(fmt::runtime(tr("allow this host where the network is filtered: {}")),
                     place.host),
         "", ""}}});
}

}  // namespace

std::optional<Finding> find_file_host_blocked(const View& view) {
  Finding finding = finding_of("HFA510");
  for (const TargetFacts& target : view.facts.targets) {
    add_blocked_host(view, target, target.file_host, finding);
    add_blocked_host(view, target, target.xet_host, finding);
    // Where HTTP gets through, a client without Xet does too.
    if (target.file_host.failure.empty() && !target.xet_host.failure.empty()) {
      finding.severity = Severity::warning;
    }
  }
  if (finding.evidence.empty()) {
    const SaidMessage* message = said(view.facts, "HFA510");
    if (message == nullptr) {
      return std::nullopt;
    }
    finding.severity = Severity::warning;
    finding.confidence = Confidence::possible;
    finding.evidence.push_back(quoted(*message));
  }
  finding.fixes.push_back(command_fix(FixSafety::manual,
                                      set_command(view.facts, "HF_HUB_DISABLE_XET", "1"),
                                      tr("as a test: without Xet, over plain HTTP")));
  return finding;
}

std::optional<Finding> find_timeout_invalid(const View& view) {
  Finding finding = finding_of("HFA512");
  for (const char* name : {"HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT"}) {
    const auto value = view.facts.environment.get(name);
    if (!value) {
      continue;
    }
    // int() of Python: white space around it, a sign, and "_" between digits are all right.
    const std::size_t begin = value->find_first_not_of(" \t\r\n+-");
    const std::size_t end = value->find_last_not_of(" \t\r\n");
    const bool number =
        begin != std::string::npos &&
        value->substr(begin, end - begin + 1).find_first_not_of("0123456789_") == std::string::npos;
    if (!number) {
      finding.evidence.push_back(
          {EvidenceKind::env, fmt::format("{}=\"{}\"", name, *value), name, ""});
      finding.fixes.push_back(command_fix(FixSafety::manual, set_command(view.facts, name, "10")));
    }
  }
  return finding.evidence.empty() ? std::nullopt : std::optional(std::move(finding));
}

}  // namespace hfauth::diagnose
