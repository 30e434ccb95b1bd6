// SPDX-License-Identifier: Apache-2.0
//
// HubClient::tree: page after page by the Link header (1,000 entries each), within the endpoint's
// origin. Every limit is checked while the list grows, so that a hostile one costs no more than the
// limits say.
#include "file_get.hpp"
#include "hfauth/hub/hub_client.hpp"
#include "hfauth/hub/tree.hpp"
#include "hub_json.hpp"
#include "server_answer.hpp"
#include "url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::hub {
namespace {

constexpr std::size_t kPageLimit = std::size_t{4} << 20;  // the Hub's have 0.3 MiB
constexpr std::size_t kMostPages = 20'000;                // also of a list that stays empty

/// The target of `<...>; rel="next"` (RFC 8288) in a Link header; "" if there is none.
std::string next_link(const HttpResponse& page) {
  std::string_view links = page.header("link").value_or("");
  while (!links.empty()) {
    const auto open = links.find('<');
    const auto close = links.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return {};
    const auto following = links.find('<', close);
    const std::string_view parameters = links.substr(close, following - close);
    if (parameters.find("rel=\"next\"") != std::string_view::npos ||
        parameters.find("rel=next") != std::string_view::npos) {
      return std::string(links.substr(open + 1, close - open - 1));
    }
    links = following == std::string_view::npos ? std::string_view() : links.substr(following);
  }
  return {};
}

/// Grows within the limits; where there are more files than are kept, only wanted ones stay.
class TreeList {
 public:
  TreeList(const Repo& repo, const FileFilter& filter) : repo_(repo), filter_(filter) {}

  Result<void> add(TreePage page) {
    n_entries_ += page.n_entries;
    if (n_entries_ > kMostTreeEntries)
      return too_many(kMostTreeEntries, "files and folders; hfauth looks through no more");
    for (TreeFile& file : page.files) {
      if (!tree_.is_whole && !filter_.wants(file.path)) continue;
      if (tree_.files.size() >= kMostTreeFiles) {
        drop_unwanted();
        if (tree_.files.size() >= kMostTreeFiles) {
          return too_many(kMostTreeFiles,
                          "files to download: choose fewer with --include or --exclude, and run "
                          "hfauth once for each choice");
        }
        if (!filter_.wants(file.path)) continue;
      }
      tree_.files.push_back(std::move(file));
    }
    return {};
  }

  Result<Tree> finish() {
    const auto by_path = [](const TreeFile& a, const TreeFile& b) { return a.path < b.path; };
    std::sort(tree_.files.begin(), tree_.files.end(), by_path);
    const auto twice =
        std::adjacent_find(tree_.files.begin(), tree_.files.end(),
                           [](const TreeFile& a, const TreeFile& b) { return a.path == b.path; });
    if (twice != tree_.files.end()) {
      return Error{Errc::corrupt,
                   fmt::format("the list of {} names {} twice", repo_.id(), twice->path)};
    }
    return std::move(tree_);
  }

 private:
  void drop_unwanted() {
    tree_.is_whole = false;
    std::erase_if(tree_.files, [&](const TreeFile& file) { return !filter_.wants(file.path); });
  }

  [[nodiscard]] Error too_many(std::size_t limit, std::string_view what) const {
    return Error{Errc::too_large, fmt::format("{} has more than {} {}", repo_.id(), limit, what)};
  }

  const Repo& repo_;
  const FileFilter& filter_;
  Tree tree_;
  std::size_t n_entries_ = 0;
};

}  // namespace

Result<Tree> HubClient::tree(const Repo& repo, const std::string& commit, const FileFilter& filter,
                             const Secret* token) {
  TreeList list(repo, filter);
  std::string url = fmt::format("{}/api/{}/{}/tree/{}?recursive=true&expand=false", endpoint_.url(),
                                repo.api_prefix(), repo.id(), percent_encode(commit, false));
  for (std::size_t n_pages = 0; n_pages < kMostPages; ++n_pages) {
    const Result<HttpResponse> response = ask_here(url, token, kPageLimit);
    if (!response) return response.error();
    if (response->status != 200) {
      return error_from(*response, read_answer(*response, token),
                        {.what = repo.id(), .with_token = token != nullptr});
    }
    Result<TreePage> page = read_tree_page(response->body);
    if (!page) return page.error();
    if (Result<void> added = list.add(*std::move(page)); !added) return added.error();
    const std::string next = next_link(*response);
    if (next.empty()) return list.finish();
    std::optional<std::string> target = resolve_reference(url, next);
    if (!target || !endpoint_.is_origin_of(*target))
      return nonsense(url, "with a list of files that goes on at another host: refused");
    url = *std::move(target);
  }
  return Error{Errc::too_large, fmt::format("the list of {} has no end", repo.id())};
}

}  // namespace hfauth::hub
