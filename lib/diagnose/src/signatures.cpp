// SPDX-License-Identifier: Apache-2.0
//
// The signature table. Each row has a `core`, the words by which one pass over a window (RE2::Set)
// sees whether the message is there at all, and a `full` pattern with named groups that is run only
// then. Patterns are written without white space, because the text has none, and match in any case;
// `.` is one byte. Wordings and the releases that print them: huggingface_hub 0.20 to 1.28 and the
// Hub's server, collected in facts/hub-auth.md §3.
#include "signatures.hpp"

#include "hfauth/core/utf8.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace hfauth::diagnose {
namespace {

struct Signature {
  Message message;
  const char* core;
  const char* full;
};

// The place of a Python warning directly before its text; JSON notebooks put quotes and commas
// between the two.
#define HFAUTH_WARNING_PLACE \
  R"((?:huggingface_hub[/\\]{1,2}(?P<file>(?:utils[/\\]{1,2})?_\w{1,16}\.py):(?P<line>\d{1,5}):(?:UserWarning:)?["',]{0,4})?)"
#define HFAUTH_QUOTE R"([^a-z0-9_]{0,4})"
#define HFAUTH_REPO R"((?P<type>model|dataset|space)(?P<repo>[\w.\-]{1,96}?(?:/[\w.\-]{1,96}?)?))"

constexpr std::array kSignatures{
    Signature{Message::illegal_header, R"(illegalheadervalueb)",
              R"(illegalheadervalueb.{1,2}bearer-(?P<fault>empty|newline|other))"},
    Signature{Message::invalid_credentials,
              R"(invalidusernameorpassword|invalidcredentialsinauthorizationheader)",
              R"((?:invalidusernameorpassword|invalidcredentialsinauthorizationheader))"},
    Signature{
        Message::gated_login_needed, R"(youmust(?:haveaccesstoitand)?beauthenticatedtoaccessit)",
        R"((?:accessto|repo))" HFAUTH_REPO
        R"((?:isrestricted|isgated)\.youmust(?:haveaccesstoitand)?beauthenticatedtoaccessit)"},
    Signature{Message::gated_not_requested, R"(youarenotintheauthorizedlist)",
              R"(accessto)" HFAUTH_REPO R"(isrestrictedandyouarenotintheauthorizedlist)"},
    Signature{Message::gated_pending, R"(isawaitingareview)",
              R"(yourrequesttoaccess)" HFAUTH_REPO R"(isawaitingareview)"},
    Signature{Message::gated_refused, R"(hasbeenre(?:jected|set)bytherepo)",
              R"(yourrequesttoaccess)" HFAUTH_REPO
              R"(hasbeenre(?:jected|(?P<reset>set))bytherepo)"},
    Signature{
        Message::gated, R"(cannotaccessgatedrepoforurl)",
        R"((?:(?P<status>40[13])clienterror\.(?:\((?:requestid|amzntraceid|amzcfid):(?P<request>[^)]{0,120})\))?)?)"
        R"(cannotaccessgatedrepoforurl(?:https?://[^/]{1,80}/(?:api/models/|models/)?)"
        R"((?P<repo>[\w.\-]{1,96}/[\w.\-]{1,96}?)(?:/|\.access|\.your|$))?)"},
    Signature{
        Message::repository_not_found, R"(repositorynotfoundforurl)",
        R"((?:(?P<status>40[14])clienterror\.(?:\((?:requestid|amzntraceid|amzcfid):(?P<request>[^)]{0,120})\))?)?)"
        R"(repositorynotfoundforurl:https?://[^/]{1,80}/(?:api/(?P<type>model|dataset|space)s/|datasets/|spaces/)?)"
        R"((?P<repo>[\w.\-]{1,96}(?:/[\w.\-]{1,96}?)?)(?:/[^"]{0,600}?)?\.pleasemakesureyouspecified)"
        R"((?P<tail>.{0,200}?makesureyouareauthenticated(?:andyourtokenhas)?)?)"},
    Signature{Message::colab_secret_missing, R"(hf_token.{0,4}doesnotexistinyourcolabsecrets)",
              HFAUTH_WARNING_PLACE
              R"(thesecret)" HFAUTH_QUOTE R"(hf_token)" HFAUTH_QUOTE
              R"(doesnotexistinyourcolabsecrets(?P<info>\.run.?huggingface_hub\.login)?)"},
    Signature{Message::colab_access_not_granted, R"(hasnotbeengrantedonthisnotebook)",
              HFAUTH_WARNING_PLACE R"(accesstothesecret)" HFAUTH_QUOTE R"(hf_token)" HFAUTH_QUOTE
                                   R"(hasnotbeengrantedonthisnotebook)"},
    Signature{Message::colab_vault_error, R"(secretvaluefromyourvault)",
              HFAUTH_WARNING_PLACE
              R"(errorwhilefetching)" HFAUTH_QUOTE R"(hf_token)" HFAUTH_QUOTE
              R"(secretvaluefromyourvault(?P<timeout>.{0,4}requestingsecret\w{1,64}?timedout)?)"},
    Signature{Message::colab_vault_timeout, R"(timedout\.secretscanonlybefetched)",
              R"(requestingsecret\w{1,64}?timedout\.secretscanonlybefetched)"},
    Signature{Message::unauthenticated_requests,
              R"(youaresendingunauthenticatedrequeststothehfhub)",
              R"(youaresendingunauthenticatedrequeststothehfhub)"},
    Signature{Message::invalid_token_ignored, R"(authenticatedthroughaninvalidtoken)",
              R"(authenticatedthroughaninvalidtoken)"},
};

#undef HFAUTH_WARNING_PLACE
#undef HFAUTH_QUOTE
#undef HFAUTH_REPO

// What else is looked for: rows of the same RE2::Set behind the signatures.
struct Hint {
  const char* pattern;
  TextRuntime runtime;
};

constexpr std::array kHints{
    Hint{
        R"(google\.colab|/content/(?:drive|sample_data)|colab_release_tag|yourcolabsecrets|fromthecolabui|)"
        R"(grantedonthisnotebook|secretvaluefromyourvault)",
        TextRuntime::colab},
    Hint{R"(/kaggle/(?:working|input)|kaggle_secrets|kaggle_kernel_run_type)", TextRuntime::kaggle},
    Hint{R"(/home/runner/work/|github_actions|##\[error\]|gitlab_ci)", TextRuntime::ci},
    Hint{R"(ipykernel|<ipython-input-|jupyter)", TextRuntime::jupyter},
};

constexpr const char* kVersionPattern =
    R"((?:huggingface[_-]hub(?:==|-|version:|/)|hf_hub/)(?P<major>\d)\.(?P<minor>\d{1,2})(?:\.|rc|[^0-9]|$))";

RE2::Options options() {
  RE2::Options result(RE2::Latin1);  // bytes are bytes: the text may be anything
  result.set_case_sensitive(false);
  result.set_log_errors(false);
  result.set_never_nl(false);
  return result;
}

struct Groups {
  const RE2& pattern;
  const std::vector<re2::StringPiece>& found;

  [[nodiscard]] std::string operator[](const char* name) const {
    const auto& names = pattern.NamedCapturingGroups();
    const auto at = names.find(name);
    if (at == names.end() || static_cast<std::size_t>(at->second) >= found.size()) {
      return {};
    }
    const re2::StringPiece& piece = found[static_cast<std::size_t>(at->second)];
    return piece.data() == nullptr ? std::string() : utf8::make_valid({piece.data(), piece.size()});
  }
};

HubVersions versions_at(const Groups& groups) {
  std::string file = groups["file"];
  std::replace(file.begin(), file.end(), '\\', '/');
  const std::string line_text = groups["line"];
  unsigned line = 0;
  std::from_chars(line_text.data(), line_text.data() + line_text.size(), line);
  const std::size_t doubled = file.find("//");
  return versions_of_warning(doubled == std::string::npos ? file : file.erase(doubled, 1), line);
}

HeaderFault header_fault(const std::string& name) {
  return name == "empty"     ? HeaderFault::empty
         : name == "newline" ? HeaderFault::newline
                             : HeaderFault::other;
}

Sighting read_groups(Message message, const Groups& groups) {
  Sighting sighting;
  sighting.message = message;
  sighting.versions = versions_at(groups);
  sighting.repo_type = groups["type"];
  sighting.repo = groups["repo"];
  sighting.status = groups["status"];
  sighting.request_id = groups["request"];
  sighting.with_timeout = !groups["timeout"].empty();
  sighting.was_reset = !groups["reset"].empty();
  if (message == Message::illegal_header) {
    sighting.header_fault = header_fault(groups["fault"]);
  }
  if (!groups["info"].empty()) {
    sighting.versions = {"1.20", ""};
  }
  if (const std::string tail = groups["tail"]; !tail.empty()) {
    sighting.versions = tail.ends_with("has") ? HubVersions{"1.9", ""} : HubVersions{"0.14", "1.8"};
  }
  return sighting;
}

// git and others print the same words for other servers: the Hub must be named near by, or it is
// its JSON.
bool is_from_the_hub(std::string_view squeezed, const Sighting& sighting) {
  static constexpr std::size_t kNear = 2000;
  const std::size_t begin = sighting.begin > kNear ? sighting.begin - kNear : 0;
  std::string around(squeezed.substr(begin, sighting.end - begin + kNear));
  std::transform(around.begin(), around.end(), around.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (around.find("huggingface") != std::string::npos ||
      around.find("hf.co") != std::string::npos) {
    return true;
  }
  return around.find(R"({"error":"invalid)") != std::string::npos &&
         around.find("://") == std::string::npos;  // the address of another server
}

bool is_gate_reason(Message message) {
  return message == Message::gated_login_needed || message == Message::gated_not_requested ||
         message == Message::gated_pending || message == Message::gated_refused;
}

// One failure often prints two known texts: the client's line and, behind it, the server's words.
// They are one event.
std::vector<Sighting> fold(std::vector<Sighting> sightings) {
  static constexpr std::size_t kBehind = 1000;
  std::vector<Sighting> kept;
  for (Sighting& next : sightings) {
    Sighting* previous = kept.empty() ? nullptr : &kept.back();
    const bool near = previous != nullptr && next.begin <= previous->end + kBehind;
    if (near && next.message == Message::invalid_credentials &&
        previous->message == Message::repository_not_found) {
      previous->with_invalid_credentials = true;
      previous->end = std::max(previous->end, next.end);
    } else if (near && next.message == Message::colab_vault_timeout &&
               previous->message == Message::colab_vault_error) {
      previous->with_timeout = true;
      previous->end = std::max(previous->end, next.end);
    } else if (near && is_gate_reason(next.message) && previous->message == Message::gated) {
      next.begin = previous->begin;
      next.status = previous->status;
      next.request_id = previous->request_id;
      *previous = std::move(next);
    } else {
      kept.push_back(std::move(next));
    }
  }
  return kept;
}

}  // namespace

struct Signatures::Compiled {
  RE2::Set set;
  std::vector<std::unique_ptr<RE2>> full;
  RE2 version;

  Compiled() : set(options(), RE2::UNANCHORED), version(kVersionPattern, options()) {
    const auto add = [this](const char* pattern) {
      if (std::string error; set.Add(pattern, &error) < 0) {
        throw Failure({Errc::internal, "signature " + std::string(pattern) + ": " + error});
      }
    };
    for (const Signature& signature : kSignatures) {
      add(signature.core);
      full.push_back(std::make_unique<RE2>(signature.full, options()));
      if (!full.back()->ok()) {
        throw Failure({Errc::internal,
                       "signature " + std::string(signature.full) + ": " + full.back()->error()});
      }
    }
    for (const Hint& hint : kHints) {
      add(hint.pattern);
    }
    add(kVersionPattern);
    if (!set.Compile()) {
      throw Failure({Errc::internal, "the signatures do not fit RE2's memory"});
    }
  }

  void find_all(std::size_t index, std::string_view squeezed, std::size_t limit,
                std::vector<Sighting>& out) const {
    const RE2& pattern = *full[index];
    std::vector<re2::StringPiece> groups(
        static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
    const re2::StringPiece text(squeezed.data(), squeezed.size());
    std::size_t from = 0;
    while (from < limit && pattern.Match(text, from, text.size(), RE2::UNANCHORED, groups.data(),
                                         static_cast<int>(groups.size()))) {
      const auto begin = static_cast<std::size_t>(groups[0].data() - squeezed.data());
      if (begin >= limit) {
        return;
      }
      Sighting sighting = read_groups(kSignatures[index].message, {pattern, groups});
      sighting.begin = begin;
      sighting.end = begin + groups[0].size();
      from = sighting.end;
      if (sighting.message != Message::invalid_credentials || is_from_the_hub(squeezed, sighting)) {
        out.push_back(std::move(sighting));
      }
    }
  }

  void read_version(std::string_view squeezed, TextFacts& facts) const {
    std::vector<re2::StringPiece> groups(
        static_cast<std::size_t>(version.NumberOfCapturingGroups()) + 1);
    if (!facts.versions.known() &&
        version.Match({squeezed.data(), squeezed.size()}, 0, squeezed.size(), RE2::UNANCHORED,
                      groups.data(), static_cast<int>(groups.size()))) {
      const Groups named{version, groups};
      const std::string exact = named["major"] + "." + named["minor"];
      facts.versions = {exact, exact};
    }
  }
};

Signatures::Signatures() : compiled_(std::make_unique<Compiled>()) {}

Signatures::~Signatures() = default;

std::vector<Sighting> Signatures::find(std::string_view squeezed, std::size_t limit,
                                       TextFacts& facts) const {
  std::vector<int> rows;
  if (!compiled_->set.Match({squeezed.data(), squeezed.size()}, &rows)) {
    return {};
  }
  std::sort(rows.begin(), rows.end());
  std::vector<Sighting> found;
  for (const int row : rows) {
    const auto index = static_cast<std::size_t>(row);
    if (index < kSignatures.size()) {
      compiled_->find_all(index, squeezed, limit, found);
    } else if (index < kSignatures.size() + kHints.size()) {
      // Earlier hints are the more telling ones: a Colab notebook is also a Jupyter one.
      const TextRuntime hinted = kHints[index - kSignatures.size()].runtime;
      facts.runtime =
          facts.runtime == TextRuntime::unknown || hinted < facts.runtime ? hinted : facts.runtime;
    } else {
      compiled_->read_version(squeezed, facts);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Sighting& a, const Sighting& b) { return a.begin < b.begin; });
  return fold(std::move(found));
}

}  // namespace hfauth::diagnose
