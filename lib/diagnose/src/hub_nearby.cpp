// SPDX-License-Identifier: Apache-2.0
//
// A few searches in a window of constant size around a sighting.
#include "hub_nearby.hpp"

#include "hfauth/core/ascii.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kBefore = 1500;  // a screen of a traceback
constexpr std::size_t kBehind = 300;
constexpr std::size_t kWordBehind = 120;  // a line: what comes later may be another matter
constexpr std::size_t kPage = 2500;

// Pages that error messages point to.
constexpr std::array<std::string_view, 6> kManuals{"developer.mozilla.org", "docs.github.com",
                                                   "git-scm.com",           "docs.python.org",
                                                   "httpstatuses.com",      "pytorch.org"};

constexpr std::array<std::string_view, 9> kHubWords{
    "huggingface_hub", "huggingface-hub", "huggingface-cli", "/huggingface/",  "huggingface.co",
    "hf.co",           "hfauthlogin",     "hfauthwhoami",    "devicecodeerror"};

struct Around {
  std::string text;   // in lower case
  std::size_t begin;  // of the sighting in it
  std::size_t end;
};

Around around(std::string_view squeezed, std::size_t begin, std::size_t end, std::size_t before,
              std::size_t behind) {
  const std::size_t from = begin > before ? begin - before : 0;
  const std::size_t to = std::min(end + behind, squeezed.size());
  Around result{std::string(squeezed.substr(from, to - from)), begin - from, end - from};
  std::transform(result.text.begin(), result.text.end(), result.text.begin(), ascii::lower);
  return result;
}

std::size_t distance(const Around& place, std::size_t at) {
  return at < place.begin ? place.begin - at : at > place.end ? at - place.end : 0;
}

bool is_hub_host(std::string_view host) {
  return host == "huggingface.co" || host == "hf.co" || host.ends_with(".huggingface.co") ||
         host.ends_with(".hf.co");
}

// https://mirror.example/api/models/...: a Hub under another name.
bool has_hub_path(std::string_view address) {
  const std::size_t slash = address.find('/');
  const std::string_view path =
      slash == std::string_view::npos ? std::string_view() : address.substr(slash);
  static constexpr std::array<std::string_view, 6> kPaths{"/api/models/", "/api/datasets/",
                                                          "/api/spaces/", "/resolve/",
                                                          "/api/whoami",  "/oauth/device"};
  return std::any_of(kPaths.begin(), kPaths.end(), [&](std::string_view known) {
    return path.find(known) != std::string_view::npos;
  });
}

// "huggingface_hub-1.9.0 tokenizers-0.22", "huggingface_hub>=0.30": a list of packages, and no
// place where something failed. `behind` follows the name.
bool is_installation(std::string_view behind) {
  const std::string_view mark = behind.substr(0, 1);
  return behind.size() > 1 && (mark == "-" || mark == "=" || mark == ">" || mark == "<") &&
         !ascii::is_lower(behind[1]);
}

// The length of a host's name at the start of `text`.
std::size_t host_length(std::string_view text) {
  const auto in_host = [](char c) { return ascii::is_alnum(c) || c == '.' || c == '-'; };
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), in_host) -
                                  text.begin());
}

class Nearest {
 public:
  explicit Nearest(const Around& place) : place_(place) {}

  void consider(std::size_t at, bool hub) {
    const std::size_t far = distance(place_, at);
    if (far < best_ || (far == best_ && hub)) {
      best_ = far;
      hub_ = hub;
    }
  }

  [[nodiscard]] bool is_hub() const noexcept { return hub_; }

 private:
  const Around& place_;
  std::size_t best_ = std::numeric_limits<std::size_t>::max();
  bool hub_ = false;
};

void consider_hosts(const Around& place, std::string_view mark, Nearest& nearest) {
  static constexpr std::size_t kLongestAddress = 200;
  const std::string_view text = place.text;
  for (std::size_t at = text.find(mark); at != std::string_view::npos;
       at = text.find(mark, at + mark.size())) {
    const std::string_view address = text.substr(at + mark.size(), kLongestAddress);
    std::string_view host = address.substr(0, host_length(address));
    if (const std::size_t user = address.substr(0, address.find('/')).rfind('@');
        user != std::string_view::npos) {
      host = address.substr(user + 1);
      host = host.substr(0, host_length(host));
    }
    // Up to the next address: the path is this one's.
    const std::string_view own = address.substr(0, address.find("://"));
    if (std::find(kManuals.begin(), kManuals.end(), host) == kManuals.end() && !host.empty()) {
      nearest.consider(at, is_hub_host(host) || has_hub_path(own));
    }
  }
}

}  // namespace

bool hub_is_nearest(std::string_view squeezed, std::size_t begin, std::size_t end) {
  const Around place = around(squeezed, begin, end, kBefore, kBehind);
  Nearest nearest(place);
  for (const std::string_view mark :
       {"://", "host='", "host=\"", "git@", "resolvehost:", "resolvehostname"}) {
    consider_hosts(place, mark, nearest);
  }
  for (const std::string_view word : kHubWords) {
    for (std::size_t at = place.text.find(word); at != std::string::npos;
         at = place.text.find(word, at + word.size())) {
      if (at < place.end + kWordBehind &&
          !is_installation(std::string_view(place.text).substr(at + word.size()))) {
        nearest.consider(at, true);
      }
    }
  }
  return nearest.is_hub();
}

bool is_bare_hub_answer(std::string_view squeezed, std::size_t begin, std::size_t end) {
  const Around place = around(squeezed, begin, end, kPage, kBehind);
  return place.text.find(R"({"error":"invalid)") != std::string::npos &&
         place.text.find("://") == std::string::npos;
}

bool stands_near(std::string_view squeezed, std::size_t begin, std::size_t end,
                 std::string_view word) {
  return around(squeezed, begin, end, kPage, kPage).text.find(word) != std::string::npos;
}

}  // namespace hfauth::diagnose
