// SPDX-License-Identifier: Apache-2.0
//
// The stream through the steps mask -> squeeze -> signatures -> explanations -> story. The squeezed
// text is looked at in windows that overlap by more than the longest message, so memory is about
// 300 KiB whatever the input's size, and time is linear in it.
#include "hfauth/diagnose/explain.hpp"

#include "exposed_text.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "message.hpp"
#include "signatures.hpp"
#include "squeeze.hpp"
#include "story.hpp"
#include "text_source.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kWindow = std::size_t{1} << 18;
constexpr std::size_t kContext =
    2048;  // kept before a window's new part: what stands in front of a message
constexpr std::size_t kMaxKinds = 64;  // a person reads no more; the rest is counted

class Collector {
 public:
  void scan(Squeezer& text, bool last) {
    const std::string_view bytes = text.bytes();
    const std::size_t limit =
        last || bytes.size() <= kLongestMessage ? bytes.size() : bytes.size() - kLongestMessage;
    if (!signatures_) {
      signatures_.emplace();
    }
    for (Sighting& sighting : signatures_->find(bytes, limit, facts_)) {
      sighting.begin += text.base();
      sighting.end += text.base();
      sighting.first_line = text.line_of(sighting.begin);
      sighting.last_line = text.line_of(sighting.end - 1);
      sighting.cell = text.cell_of(sighting.begin);
      add(std::move(sighting));
    }
    const std::size_t done = text.base() + limit;
    text.forget_before(done > kContext ? done - kContext : 0);
  }

  [[nodiscard]] Explained finish(std::size_t lines) && {
    Explained result;
    result.lines = lines;
    result.left_out = left_out_;
    for (Sighting& sighting : sightings_) {
      if (!facts_.versions.known() && sighting.versions.known()) {
        facts_.versions = sighting.versions;
      }
    }
    result.runtime = facts_.runtime;
    result.versions = facts_.versions;
    std::vector<StoryItem> items;
    for (Sighting& sighting : sightings_) {
      drop_file_paths(sighting);
      items.push_back({explain_sighting(sighting, facts_), part_of(sighting), sighting.begin});
    }
    result.explanations = tell_story(std::move(items));
    return result;
  }

 private:
  using Kind = std::tuple<Message, const ListedMessage*, std::string, HeaderFault>;

  void add(Sighting sighting) {
    std::size_t& seen_to = seen_to_[{sighting.message, sighting.listed}];
    if (sighting.begin < seen_to) {
      return;  // the overlap of two windows
    }
    seen_to = sighting.end;
    const Kind kind{sighting.message, sighting.listed, sighting.repo, sighting.header_fault};
    if (const auto known = kinds_.find(kind); known != kinds_.end()) {
      Sighting& first = sightings_[known->second];
      ++first.count;
      first.versions = first.versions.known() ? first.versions : sighting.versions;
    } else if (sightings_.size() < kMaxKinds) {
      kinds_.emplace(kind, sightings_.size());
      sightings_.push_back(std::move(sighting));
    } else {
      ++left_out_;
    }
  }

  // "gpt2/resolve" of ".../gpt2/resolve/main/config.json": the second part of a URL is not always a
  // name.
  static void drop_file_paths(Sighting& sighting) {
    for (const std::string_view part : {"/resolve", "/revision", "/raw", "/tree", "/auth-check"}) {
      if (sighting.repo.ends_with(part)) {
        sighting.repo.resize(sighting.repo.size() - part.size());
      }
    }
  }

  std::optional<Signatures> signatures_;  // compiled when there is text to look at
  TextFacts facts_;
  std::vector<Sighting> sightings_;
  std::map<Kind, std::size_t> kinds_;
  std::map<std::pair<Message, const ListedMessage*>, std::size_t> seen_to_;
  std::size_t left_out_ = 0;
};

}  // namespace

Result<Explained> explain_text(std::istream& in) {
  TextSource source(in);
  Squeezer squeezer;
  Collector collector;
  for (;;) {
    Result<std::optional<std::string>> piece = source.next();
    if (!piece) {
      return piece.error();
    }
    if (!*piece) {
      break;
    }
    squeezer.feed(**piece);
    if (squeezer.bytes().size() >= kWindow) {
      collector.scan(squeezer, false);
    }
  }
  if (source.was_empty()) {
    return Error{Errc::invalid_input, "there is nothing to explain: the text is empty"};
  }
  collector.scan(squeezer, true);
  Explained explained = std::move(collector).finish(squeezer.lines());
  if (source.n_tokens() > 0) {
    explained.explanations.push_back(explain_exposed_tokens(source.n_tokens()));
  }
  return explained;
}

}  // namespace hfauth::diagnose
