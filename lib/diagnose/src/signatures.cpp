// SPDX-License-Identifier: Apache-2.0
//
// What a text is searched for: the messages of messages_*.cpp, each with a pattern of its own here,
// those of listed_*.cpp, whose patterns are made of their wordings, and what tells the runtime and
// the version. One pass (literal_scan.hpp) sees by a few fixed words which of them a window can
// hold; only their patterns are run. Patterns are written without white space, because the text has
// none, and match in any case; `.` is one byte. Wordings and the releases that print them:
// huggingface_hub 0.20 to 1.28 and the Hub's server, collected in facts/hub-auth.md §3.
#include "signatures.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/utf8.hpp"
#include "hub_nearby.hpp"
#include "literal_scan.hpp"
#include "wording.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace hfauth::diagnose {
namespace {

struct Signature {
  Message message;
  std::array<const char*, 3> words;  // one of them stands in every text that `full` matches
  const char* full;
};

// The place of a Python warning directly before its text; JSON notebooks put quotes and commas
// between the two.
#define HFAUTH_WARNING_PLACE \
  R"((?:huggingface_hub[/\\]{1,2}(?P<file>(?:utils[/\\]{1,2})?_\w{1,16}\.py):(?P<line>\d{1,5}):(?:UserWarning:)?["',]{0,4})?)"
#define HFAUTH_QUOTE R"([^a-z0-9_]{0,4})"
#define HFAUTH_REPO R"((?P<type>model|dataset|space)(?P<repo>[\w.\-]{1,96}?(?:/[\w.\-]{1,96}?)?))"

constexpr std::array kSignatures{
    Signature{Message::illegal_header,
              {"illegalheadervalueb"},
              R"(illegalheadervalueb.{1,2}bearer-(?P<fault>empty|newline|other))"},
    Signature{Message::invalid_credentials,
              {"invalidusernameorpassword"},
              R"(invalidusernameorpassword)"},
    Signature{Message::invalid_authorization,
              {"invalidcredentialsinauthorizationheader"},
              R"(invalidcredentialsinauthorizationheader)"},
    Signature{
        Message::gated_login_needed,
        {"beauthenticatedtoaccessit"},
        R"((?:accessto|repo))" HFAUTH_REPO
        R"((?:isrestricted|isgated)\.youmust(?:haveaccesstoitand)?beauthenticatedtoaccessit)"},
    Signature{Message::gated_not_requested,
              {"youarenotintheauthorizedlist"},
              R"(accessto)" HFAUTH_REPO R"(isrestrictedandyouarenotintheauthorizedlist)"},
    Signature{Message::gated_pending,
              {"isawaitingareview"},
              R"(yourrequesttoaccess)" HFAUTH_REPO R"(isawaitingareview)"},
    Signature{Message::gated_refused,
              {"hasbeenrejectedbytherepo", "hasbeenresetbytherepo"},
              R"(yourrequesttoaccess)" HFAUTH_REPO
              R"(hasbeenre(?:jected|(?P<reset>set))bytherepo)"},
    Signature{
        Message::gated,
        {"cannotaccessgatedrepoforurl"},
        R"((?:(?P<status>40[13])clienterror\.(?:\((?:requestid|amzntraceid|amzcfid):(?P<request>[^)]{0,120})\))?)?)"
        R"(cannotaccessgatedrepoforurl(?:https?://[^/]{1,80}/(?:api/models/|models/)?)"
        R"((?P<repo>[\w.\-]{1,96}/[\w.\-]{1,96}?)(?:/|\.access|\.your|$))?)"},
    Signature{
        Message::repository_not_found,
        {"repositorynotfoundforurl"},
        R"((?:(?P<status>40[14])clienterror\.(?:\((?:requestid|amzntraceid|amzcfid):(?P<request>[^)]{0,120})\))?)?)"
        R"(repositorynotfoundforurl:https?://[^/]{1,80}/(?:api/(?P<type>model|dataset|space)s/|datasets/|spaces/)?)"
        R"((?P<repo>[\w.\-]{1,96}(?:/[\w.\-]{1,96}?)?)(?:/[^"]{0,600}?)?\.pleasemakesureyouspecified)"
        R"((?P<tail>.{0,200}?makesureyouareauthenticated(?:andyourtokenhas)?)?)"},
    Signature{Message::colab_secret_missing,
              {"doesnotexistinyourcolabsecrets"},
              HFAUTH_WARNING_PLACE
              R"(thesecret)" HFAUTH_QUOTE R"(hf_token)" HFAUTH_QUOTE
              R"(doesnotexistinyourcolabsecrets(?P<info>\.run.?huggingface_hub\.login)?)"},
    Signature{Message::colab_access_not_granted,
              {"hasnotbeengrantedonthisnotebook"},
              HFAUTH_WARNING_PLACE R"(accesstothesecret)" HFAUTH_QUOTE R"(hf_token)" HFAUTH_QUOTE
                                   R"(hasnotbeengrantedonthisnotebook)"},
    Signature{Message::colab_vault_error,
              {"secretvaluefromyourvault"},
              HFAUTH_WARNING_PLACE
              R"(errorwhilefetching)" HFAUTH_QUOTE R"(hf_token)" HFAUTH_QUOTE
              R"(secretvaluefromyourvault(?P<timeout>.{0,4}requestingsecret\w{1,64}?timedout)?)"},
    Signature{Message::colab_vault_timeout,
              {"timedout.secretscanonlybefetched"},
              R"(requestingsecret\w{1,64}?timedout\.secretscanonlybefetched)"},
    Signature{Message::unauthenticated_requests,
              {"youaresendingunauthenticatedrequeststothehfhub"},
              R"(youaresendingunauthenticatedrequeststothehfhub)"},
    Signature{Message::invalid_token_ignored,
              {"authenticatedthroughaninvalidtoken"},
              R"(authenticatedthroughaninvalidtoken)"},
};

#undef HFAUTH_WARNING_PLACE
#undef HFAUTH_QUOTE
#undef HFAUTH_REPO

// What tells where a text comes from. Earlier runtimes are the more telling ones: a Colab notebook
// is also a Jupyter one, a job of Kubernetes also a container.
struct Hint {
  TextRuntime runtime;
  std::string_view word;
};

constexpr std::array kHints{
    Hint{TextRuntime::colab, "google.colab"},
    Hint{TextRuntime::colab, "google/colab"},
    Hint{TextRuntime::colab, "/content/drive"},
    Hint{TextRuntime::colab, "/content/sample_data"},
    Hint{TextRuntime::colab, "colab_release_tag"},
    Hint{TextRuntime::colab, "yourcolabsecrets"},
    Hint{TextRuntime::colab, "fromthecolabui"},
    Hint{TextRuntime::colab, "grantedonthisnotebook"},
    Hint{TextRuntime::colab, "secretvaluefromyourvault"},
    Hint{TextRuntime::colab, "runninginacolab"},
    Hint{TextRuntime::kaggle, "/kaggle/working"},
    Hint{TextRuntime::kaggle, "/kaggle/input"},
    Hint{TextRuntime::kaggle, "kaggle_secrets"},
    Hint{TextRuntime::kaggle, "kaggle_kernel_run_type"},
    Hint{TextRuntime::kaggle, "kaggle_user_secrets"},
    Hint{TextRuntime::space, "system=spaces"},
    Hint{TextRuntime::space, "space_author_name"},
    Hint{TextRuntime::space, "applicationstartupat"},
    Hint{TextRuntime::space, ".hf.space"},
    Hint{TextRuntime::sagemaker, "/opt/ml/"},
    Hint{TextRuntime::sagemaker, "sagemaker_"},
    Hint{TextRuntime::sagemaker, "sagemaker-training"},
    Hint{TextRuntime::databricks, "/databricks/"},
    Hint{TextRuntime::ci, "/home/runner/work/"},
    Hint{TextRuntime::ci, "github_actions"},
    Hint{TextRuntime::ci, "##[error]"},
    Hint{TextRuntime::ci, "##[group]"},
    Hint{TextRuntime::ci, "gitlab_ci"},
    Hint{TextRuntime::ci, "gitlab-runner"},
    Hint{TextRuntime::ci, "/builds/"},
    Hint{TextRuntime::ci, "jenkins"},
    Hint{TextRuntime::ci, "circleci"},
    Hint{TextRuntime::kubernetes, "kubernetes_service_host"},
    Hint{TextRuntime::kubernetes, "kubectllogs"},
    Hint{TextRuntime::kubernetes, "/serviceaccount/"},
    Hint{TextRuntime::docker, "/.dockerenv"},
    Hint{TextRuntime::docker, "dockerrun"},
    Hint{TextRuntime::docker, "docker-compose"},
    Hint{TextRuntime::docker, "dockercompose"},
    Hint{TextRuntime::slurm, "slurm_"},
    Hint{TextRuntime::slurm, "slurmstepd"},
    Hint{TextRuntime::slurm, "srun:error"},
    Hint{TextRuntime::vscode, "ms-toolsai.jupyter"},
    Hint{TextRuntime::vscode, ".vscode-server"},
    Hint{TextRuntime::jupyter, "ipykernel"},
    Hint{TextRuntime::jupyter, "<ipython-input-"},
    Hint{TextRuntime::jupyter, "jupyter"},
};

constexpr std::array kVersionWords{"huggingface_hub", "huggingface-hub", "hf_hub/"};
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

Sighting read_listed(const ListedMessage& listed, const std::vector<re2::StringPiece>& groups) {
  Sighting sighting;
  sighting.message = Message::listed;
  sighting.listed = &listed;
  for (std::size_t i = 1; i < groups.size() && sighting.repo.empty(); ++i) {
    if (groups[i].data() != nullptr) {
      sighting.repo = utf8::make_valid({groups[i].data(), groups[i].size()});
    }
  }
  return sighting;
}

// Others print some of these words too.
bool is_meant(std::string_view squeezed, const Sighting& sighting) {
  const auto [begin, end] = std::pair{sighting.begin, sighting.end};
  if (sighting.message == Message::invalid_credentials ||
      sighting.message == Message::invalid_authorization) {
    return hub_is_nearest(squeezed, begin, end) || is_bare_hub_answer(squeezed, begin, end);
  }
  if (sighting.message != Message::listed) {
    return true;
  }
  const ListedMessage& row = *sighting.listed;
  return (!row.needs_hub || hub_is_nearest(squeezed, begin, end)) &&
         (row.needs_word == nullptr || stands_near(squeezed, begin, end, row.needs_word));
}

bool is_gate_reason(Message message) {
  return message == Message::gated_login_needed || message == Message::gated_not_requested ||
         message == Message::gated_pending || message == Message::gated_refused;
}

bool is_credentials_answer(Message message) {
  return message == Message::invalid_credentials || message == Message::invalid_authorization;
}

// Of two sightings at the same place the one with the longer wording knows more.
std::vector<Sighting> without_overlaps(std::vector<Sighting> sightings) {
  std::vector<Sighting> kept;
  for (Sighting& next : sightings) {
    Sighting* previous = kept.empty() ? nullptr : &kept.back();
    const bool both_told = previous != nullptr && previous->message != Message::listed &&
                           next.message != Message::listed;
    const std::size_t shared =
        previous == nullptr || next.begin >= previous->end ? 0 : previous->end - next.begin;
    if (previous == nullptr || both_told ||
        shared * 2 < std::min(next.end - next.begin, previous->end - previous->begin)) {
      kept.push_back(std::move(next));
    } else if (next.end - next.begin > previous->end - previous->begin) {
      *previous = std::move(next);
    }
  }
  return kept;
}

// A row's wordings are often parts of one and the same print.
bool is_same_print(const Sighting& previous, const Sighting& next) {
  static constexpr std::size_t kBehind = 200;
  return next.message == Message::listed && next.listed == previous.listed &&
         next.begin <= previous.end + kBehind && next.listed->wordings[1] != nullptr;
}

// One failure often prints two known texts: the client's line and, behind it, the server's words.
// They are one event.
std::vector<Sighting> fold(std::vector<Sighting> sightings) {
  static constexpr std::size_t kBehind = 1000;
  std::vector<Sighting> kept;
  for (Sighting& next : sightings) {
    Sighting* previous = kept.empty() ? nullptr : &kept.back();
    const bool near = previous != nullptr && next.begin <= previous->end + kBehind;
    if (near && is_credentials_answer(next.message) &&
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
    } else if (previous != nullptr && is_same_print(*previous, next)) {
      previous->end = std::max(previous->end, next.end);
    } else {
      kept.push_back(std::move(next));
    }
  }
  return kept;
}

// A row that is looked for: its pattern, compiled when a text first may have it, and what it
// yields.
struct Row {
  Message message;
  const ListedMessage* listed;
  const char* told;  // the pattern of a told message
  mutable std::once_flag once;
  mutable std::unique_ptr<RE2> full;

  Row(Message which, const ListedMessage* row, const char* pattern)
      : message(which), listed(row), told(pattern) {}

  [[nodiscard]] const RE2& pattern() const;
};

std::string pattern_of(const ListedMessage& listed) {
  std::string pattern;
  for (const char* wording : listed.wordings) {
    if (wording != nullptr) {
      pattern += (pattern.empty() ? "" : "|") + pattern_of_wording(wording);
    }
  }
  return "(?:" + pattern + ")";
}

const RE2& Row::pattern() const {
  std::call_once(once, [this] {
    full = std::make_unique<RE2>(listed == nullptr ? std::string(told) : pattern_of(*listed),
                                 options());
    if (!full->ok()) {
      throw Failure({Errc::internal, "signature " + full->pattern() + ": " + full->error()});
    }
  });
  return *full;
}

}  // namespace

struct Signatures::Compiled {
  std::deque<Row> rows;
  std::optional<LiteralScan> scan;
  RE2 version;

  Compiled() : version(kVersionPattern, options()) {
    std::vector<LiteralScan::Word> words;
    for (const Signature& signature : kSignatures) {
      for (const char* word : signature.words) {
        if (word != nullptr) {
          words.push_back({word, rows.size()});
        }
      }
      rows.emplace_back(signature.message, nullptr, signature.full);
    }
    for (const std::span<const ListedMessage> listed : listed_messages()) {
      for (const ListedMessage& message : listed) {
        for (const char* wording : message.wordings) {
          if (wording != nullptr) {
            words.push_back({anchor_of_wording(wording), rows.size()});
          }
        }
        rows.emplace_back(Message::listed, &message, nullptr);
      }
    }
    for (std::size_t i = 0; i < kHints.size(); ++i) {
      words.push_back({std::string(kHints[i].word), rows.size() + i});
    }
    for (const char* word : kVersionWords) {
      words.push_back({word, rows.size() + kHints.size()});
    }
    scan.emplace(std::move(words));
  }

  void find_all(const Row& row, std::string_view squeezed, std::size_t limit,
                std::vector<Sighting>& out) const {
    const RE2& pattern = row.pattern();
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
      Sighting sighting = row.listed == nullptr ? read_groups(row.message, {pattern, groups})
                                                : read_listed(*row.listed, groups);
      sighting.begin = begin;
      sighting.end = begin + groups[0].size();
      from = sighting.end;
      if (is_meant(squeezed, sighting)) {
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

Signatures::Signatures() {
  static const Compiled once;  // for the life of the process; matching is thread-safe
  compiled_ = &once;
}

std::vector<Sighting> Signatures::find(std::string_view squeezed, std::size_t limit,
                                       TextFacts& facts) const {
  const std::size_t n_rows = compiled_->rows.size();
  std::vector<bool> seen(n_rows + kHints.size() + 1);
  compiled_->scan->scan(squeezed, seen);
  std::vector<Sighting> found;
  for (std::size_t i = 0; i < n_rows; ++i) {
    if (seen[i]) {
      compiled_->find_all(compiled_->rows[i], squeezed, limit, found);
    }
  }
  for (std::size_t i = 0; i < kHints.size(); ++i) {
    if (seen[n_rows + i] &&
        (facts.runtime == TextRuntime::unknown || kHints[i].runtime < facts.runtime)) {
      facts.runtime = kHints[i].runtime;
    }
  }
  if (seen[n_rows + kHints.size()]) {
    compiled_->read_version(squeezed, facts);
  }
  std::sort(found.begin(), found.end(), [](const Sighting& a, const Sighting& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  return fold(without_overlaps(std::move(found)));
}

}  // namespace hfauth::diagnose
