// SPDX-License-Identifier: Apache-2.0
//
// The clients that are not huggingface_hub, their mistakes included. hfrs does not trim HF_TOKEN,
// takes any value of HF_HUB_DISABLE_IMPLICIT_TOKEN for true, and passes over a token file that is
// empty or unreadable; the crate sends nothing that is no legal header, without a word. Read in
// hf-hub 0.3 to 1.1, @huggingface/hub 2.17, git 2.39, curl 7.88.
#include "hfauth/token/resolver_other.hpp"

#include "hfauth/core/text_pieces.hpp"

#include <algorithm>

namespace hfauth::token {
namespace {

using Outcome = ResolutionStep::Outcome;

constexpr ClientVersion kNothingImplicit{1, 0, 0};  // hf-hub

class Run {
 public:
  explicit Run(const ResolverInput& input) : input_(input) {}

  /// Whether it decided.
  bool variable(const char* reason) {
    const auto value = input_.environment.get("HF_TOKEN");
    if (!value) {
      note(TokenSource::env_hf_token, "HF_TOKEN", Outcome::not_set, "not set");
      return false;
    }
    if (value->empty()) {
      note(TokenSource::env_hf_token, "HF_TOKEN", Outcome::empty, "set to nothing");
      return false;
    }
    take(TokenSource::env_hf_token, "HF_TOKEN", *value, reason);
    return true;
  }

  bool file(const std::filesystem::path& path) {
    const auto found = std::find_if(input_.files.begin(), input_.files.end(),
                                    [&](const auto& entry) { return entry.first == path; });
    if (found == input_.files.end() || found->second.kind == FileState::Kind::missing) {
      note(TokenSource::token_file, path.string(), Outcome::missing, "no such file");
      return false;
    }
    const std::string_view content = found->second.kind == FileState::Kind::readable
                                         ? trimmed(found->second.content)
                                         : std::string_view();
    if (content.empty()) {
      note(TokenSource::token_file, path.string(), Outcome::empty,
           "empty or unreadable, and passed over without a word");
      return false;
    }
    take(TokenSource::token_file, path.string(), content, "the file, trimmed");
    return true;
  }

  void nothing(TokenSource source, const char* where, const char* reason) {
    note(source, where, Outcome::not_asked, reason);
  }

  void disabled() {
    result_.sent_by_default = false;
    note(TokenSource::none, "HF_HUB_DISABLE_IMPLICIT_TOKEN", Outcome::used,
         "set, so nothing is looked for; here any value counts, \"0\" too");
  }

  /// A source that is not looked at because an earlier one decided.
  void shadowed(const std::filesystem::path& path) {
    const auto found = std::find_if(input_.files.begin(), input_.files.end(),
                                    [&](const auto& entry) { return entry.first == path; });
    if (found != input_.files.end() && found->second.kind == FileState::Kind::readable)
      note(TokenSource::token_file, path.string(), Outcome::shadowed, "an earlier source decides");
  }

  void refused(const char* where, const char* reason) {
    result_.raises = true;
    result_.token = Secret();
    note(result_.source, where, Outcome::raises, reason);
  }

  [[nodiscard]] const Secret& token() const noexcept { return result_.token; }

  Resolution finish() && { return std::move(result_); }

 private:
  void take(TokenSource source, const std::string& where, std::string_view token,
            const char* reason) {
    result_.source = source;
    result_.where = where;
    result_.token = Secret::copy_of(token);
    note(source, where, Outcome::used, reason);
  }

  void note(TokenSource source, const std::string& where, Outcome outcome, const char* reason) {
    result_.steps.push_back({source, where, outcome, reason});
  }

  const ResolverInput& input_;
  Resolution result_;
};

void ask_hfrs(Run& run, const ResolverInput& input) {
  if (input.environment.non_empty("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
    return run.disabled();
  }
  bool decided = run.variable("the variable as it is, not trimmed");
  for (const std::filesystem::path& path : token_paths_read_by_hfrs(input)) {
    if (decided) {
      run.shadowed(path);
    } else {
      decided = run.file(path);
    }
  }
}

// `ApiBuilder::from_env()`; `new()` leaves HF_HOME out.
void ask_rust_library(Run& run, const ResolverInput& input, ClientVersion version) {
  run.nothing(TokenSource::env_hf_token, "HF_TOKEN", "the library does not read it");
  if (version >= kNothingImplicit) {
    return run.nothing(TokenSource::token_file, "token file",
                       "from 1.0 on the program must pass the token itself");
  }
  const auto home = input.environment.get("HF_HOME");
  const std::filesystem::path base =
      home ? std::filesystem::path(*home) : input.home / ".cache/huggingface";
  run.file(input.working_directory / base / "token");
}

void ask_hfjs(Run& run) {
  if (run.variable("the variable as it is") && !run.token().expose().starts_with("hf_")) {
    run.refused("HF_TOKEN", "does not begin with hf_: the command stops");
  }
  run.nothing(TokenSource::token_file, "token file", "the command does not read it");
}

}  // namespace

std::string_view name_of(OtherClient client) noexcept {
  switch (client) {
    case OtherClient::hfrs:
      return "hfrs";
    case OtherClient::rust_library:
      return "hf-hub (Rust)";
    case OtherClient::javascript_library:
      return "@huggingface/hub";
    case OtherClient::hfjs:
      return "hfjs";
    case OtherClient::git:
      return "git";
    case OtherClient::curl:
      break;
  }
  return "curl";
}

Resolution resolve_other(OtherClient client, const ResolverInput& input, ClientVersion version) {
  Run run(input);
  switch (client) {
    case OtherClient::hfrs:
      ask_hfrs(run, input);
      break;
    case OtherClient::rust_library:
      ask_rust_library(run, input, version);
      break;
    case OtherClient::javascript_library:
      run.nothing(TokenSource::env_hf_token, "HF_TOKEN",
                  "the library sends what the program passes as accessToken, nothing else");
      break;
    case OtherClient::hfjs:
      ask_hfjs(run);
      break;
    case OtherClient::git:
      run.nothing(TokenSource::env_hf_token, "HF_TOKEN",
                  "git asks its credential helpers, and for an address of ssh a key");
      break;
    case OtherClient::curl:
      run.nothing(TokenSource::env_hf_token, "HF_TOKEN",
                  "curl sends the header that it is given; with -n what ~/.netrc has");
      break;
  }
  return std::move(run).finish();
}

Notice notice_of(TokenSource source) noexcept {
  switch (source) {
    case TokenSource::env_hf_token:
    case TokenSource::env_legacy:
      return Notice::next_start;
    case TokenSource::colab:
      return Notice::next_session;
    default:
      return Notice::next_request;
  }
}

}  // namespace hfauth::token
