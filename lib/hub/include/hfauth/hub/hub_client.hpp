// SPDX-License-Identifier: Apache-2.0
//
// The Hub's HTTP interface as typed questions and answers (facts/hub-auth.md §2.8, §4). A token
// goes to its own endpoint's origin only; a redirect to another origin loses it; https never
// becomes http.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/hub/file_filter.hpp"
#include "hfauth/hub/http_client.hpp"
#include "hfauth/hub/pacing.hpp"
#include "hfauth/hub/repo.hpp"
#include "hfauth/hub/tree.hpp"
#include "hfauth/token/token_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::hub {

/// What is known about a token after asking. *unknown* covers everything that says nothing about
/// the token: no network, 429, 5xx, an answer that is not the Hub's.
enum class Verdict { valid, invalid, expired, unknown };

[[nodiscard]] std::string_view name_of(Verdict verdict) noexcept;

/// What the server said, for evidence: never the token.
struct ServerAnswer {
  int status = 0;       ///< 0: no answer
  std::string message;  ///< the Hub's own words (body "error" or X-Error-Message), redacted
  std::string request_id;
  std::string
      error_code;       ///< X-Error-Code: GatedRepo, RepoNotFound, RevisionNotFound, EntryNotFound
  std::string warning;  ///< X-HF-Warning, text behind the topic
  std::optional<std::chrono::seconds> retry_after;  ///< from RateLimit or Retry-After
};

struct Whoami {
  Verdict verdict = Verdict::unknown;
  token::TokenKind kind = token::TokenKind::unknown;
  std::string user;
  std::string full_name;
  std::string role;
  std::string display_name;
  std::vector<std::string> orgs;
  std::vector<std::string> scopes;
  bool can_read_gated = true;
  bool email_unverified = false;  ///< the Hub says that the account's address is not confirmed
  bool cannot_pay = false;        ///< the Hub says that the account has no means of payment
  std::optional<WallTime> created;
  std::optional<WallTime> expires;
  ServerAnswer answer;
  std::optional<Error> failure;  ///< why the verdict is unknown: network, timeout, rate_limited
};

struct RepoInfo {
  std::string id;
  std::string commit;
  bool is_private = false;
  std::string gated;  ///< "", "auto" or "manual"
  std::vector<std::string> files;
};

struct FileInfo {
  std::string commit;  ///< 40 hex
  std::string etag;    ///< cleaned: no W/, no quotes
  std::optional<std::uint64_t> size;
  std::string location;               ///< where GET gets it
  bool location_takes_token = false;  ///< same origin as the endpoint
  bool in_xet = false;                ///< clients with hf_xet fetch it from Xet's own servers
  std::string warning;                ///< X-HF-Warning
};

/// What a HEAD of a file brought, also where it failed: the cache notes known absence from it.
struct FileReply {
  Result<FileInfo> info;
  ServerAnswer answer;
  std::string commit;  ///< 40 hex if the answer, a failure too, named one; else ""
};

/// Whether a failed question is repeated (pacing.hpp): not where something else can answer at once.
enum class Effort { once, patient };

/// For one thread, as the HttpClient is.
class HubClient {
 public:
  /// Keeps a reference: `http` outlives this object. `user_agent` "hfauth/0.1.0".
  HubClient(HttpClient& http, token::Endpoint endpoint, std::string user_agent,
            Pacing pacing = Pacing::real());

  [[nodiscard]] const token::Endpoint& endpoint() const noexcept { return endpoint_; }

  [[nodiscard]] const std::string& user_agent() const noexcept { return user_agent_; }

  [[nodiscard]] const Pacing& pacing() const noexcept { return pacing_; }

  /// For exchanges at once.
  [[nodiscard]] HttpClient& http() noexcept { return http_; }

  /// Where resolve gives a file: {endpoint}/{id}/resolve/{revision}/{file}. `file` is checked.
  [[nodiscard]] std::string file_url(const Repo& repo, const std::string& revision,
                                     const std::string& file) const;

  /// GET /api/whoami-v2, once: it is strictly limited, and repeating a 429 makes it worse. Never an
  /// Error: what went wrong is part of the answer. Blocks up to 10 s.
  [[nodiscard]] Whoami whoami(const Secret& token);

  /// GET /api/{type}s/{id}[/revision/{revision}]. Errors: unauthorized (401: the token is refused,
  /// or none was given and one is needed), forbidden (gated, disabled), not_found, rate_limited,
  /// network, timeout; the detail holds the Hub's own words and the request id.
  [[nodiscard]] Result<RepoInfo> repo_info(const Repo& repo, const std::string& revision,
                                           const Secret* token);

  /// The commit that a branch or tag names; the smallest answer to that question. Errors: as
  /// repo_info.
  [[nodiscard]] Result<std::string> commit_of(const Repo& repo, const std::string& revision,
                                              const Secret* token);

  /// GET /api/{type}s/{id}/tree/{commit}, every page. Beyond kMostTreeFiles only what `filter`
  /// wants is kept. Errors: as repo_info; corrupt (a path that could escape a folder, a path
  /// twice), too_large (more than the limits of tree.hpp; the detail says what to do), network
  /// (entries that make no sense, a next page on another host).
  [[nodiscard]] Result<Tree> tree(const Repo& repo, const std::string& commit,
                                  const FileFilter& filter, const Secret* token);

  /// GET of `url`, which is the endpoint's, over redirects within its origin (a renamed
  /// repository): for the questions that have a header of their own. Any other status is an answer;
  /// `url` becomes the last one. Errors: network, timeout, too_large.
  [[nodiscard]] Result<HttpResponse> ask_here(std::string& url, const Secret* token,
                                              std::size_t body_limit = std::size_t{1} << 20);

  /// HEAD resolve, follows redirects within the endpoint's origin (at most 5). Errors: as
  /// repo_info; not_found also for a missing file (detail names the file) or revision. network if
  /// X-Repo-Commit or the ETag is missing or malformed, or if a redirect leaves https.
  [[nodiscard]] Result<FileInfo> file_info(const Repo& repo, const std::string& revision,
                                           const std::string& file, const Secret* token);

  /// As file_info, with what the server said beside it.
  [[nodiscard]] FileReply file_reply(const Repo& repo, const std::string& revision,
                                     const std::string& file, const Secret* token, Effort effort);

  /// GET of `info.location` into `sink`, following further redirects without the token across
  /// origins. A transfer that breaks off goes on where it stopped (Range), within the pacing's
  /// number of attempts. Checks the length. Errors: as repo_info, network for a body that ends
  /// early, corrupt for one that is too long, what the sink returned.
  [[nodiscard]] Result<void> download(const FileInfo& info, const Secret* token,
                                      const BodySink& sink);

  /// Ends a token for everybody who has it; the Hub tells its owner by e-mail. Anonymous, once; the
  /// Hub takes any token without saying whether it was good. Errors: network, timeout,
  /// rate_limited, invalid_input (no text of a token); the token is as before then, or may be.
  [[nodiscard]] Result<void> revoke(const Secret& token);

  /// Anonymous GET, once, that shows whether the Hub answers at all, without saying anything on a
  /// token. Any status of the Hub's own is an answer. Errors: network (also: a web page answers
  /// instead of the Hub), timeout.
  [[nodiscard]] Result<ServerAnswer> ping();

 private:
  [[nodiscard]] HttpRequest request(std::string_view method, std::string url) const;
  [[nodiscard]] Result<HttpResponse> ask(const HttpRequest& request, Effort effort);
  [[nodiscard]] FileReply follow_head(const Repo& repo, const std::string& file, std::string url,
                                      const Secret* token, Effort effort);

  HttpClient& http_;
  token::Endpoint endpoint_;
  std::string user_agent_;
  Pacing pacing_;
};

}  // namespace hfauth::hub
