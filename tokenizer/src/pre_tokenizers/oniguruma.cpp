// SPDX-License-Identifier: Apache-2.0
//
// The only file that knows Oniguruma's C interface. A compiled pattern is only read by a search, so
// one may serve several threads; the region of a search is its own. Runaway backtracking ends at
// Oniguruma's own limit (ten million retries a match) and becomes the error regex_limit.
#include "pre_tokenizers/match_walk.hpp"
#include "pre_tokenizers/pattern.hpp"
#include "pre_tokenizers/regex_translation.hpp"

#include <fmt/format.h>
#include <oniguruma.h>

#include <mutex>

namespace hfauth::tokenizer {

namespace {

struct RegexDeleter {
  void operator()(OnigRegex regex) const noexcept { onig_free(regex); }
};

struct RegionDeleter {
  void operator()(OnigRegion* region) const noexcept { onig_region_free(region, 1); }
};

using RegexHandle = std::unique_ptr<OnigRegexType, RegexDeleter>;
using RegionHandle = std::unique_ptr<OnigRegion, RegionDeleter>;

const OnigUChar* bytes_of(std::string_view text) {
  return reinterpret_cast<const OnigUChar*>(text.data());  // the C interface takes unsigned char
}

std::string message_of(int code, const OnigErrorInfo* info) {
  OnigUChar text[ONIG_MAX_ERROR_MESSAGE_LEN];
  const int length = onig_error_code_to_str(text, code, info);
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)};
}

class OnigurumaPattern final : public Pattern {
 public:
  OnigurumaPattern(RegexHandle regex, std::string source)
      : regex_(std::move(regex)), source_(std::move(source)) {}

  Result<void> find_events(std::string_view text, std::vector<SplitEvent>& events) const override {
    const RegionHandle region(onig_region_new());
    const OnigUChar* begin = bytes_of(text);
    const OnigUChar* end = begin + text.size();
    return walk_matches(text, events, [&](std::size_t from) -> Result<std::optional<ByteRange>> {
      const OnigPosition found =
          onig_search(regex_.get(), begin, end, begin + from, end, region.get(), ONIG_OPTION_NONE);
      if (found == ONIG_MISMATCH) return std::optional<ByteRange>();
      if (found < 0) {
        return Error{Errc::regex_limit,
                     fmt::format("a regular expression of the pre-tokenizer gave up: {}",
                                 message_of(static_cast<int>(found), nullptr))};
      }
      return std::optional(ByteRange{static_cast<std::uint32_t>(region->beg[0]),
                                     static_cast<std::uint32_t>(region->end[0])});
    });
  }

  [[nodiscard]] std::string_view source() const override { return source_; }

 private:
  using OnigPosition = int;
  RegexHandle regex_;
  std::string source_;
};

}  // namespace

Result<std::unique_ptr<const Pattern>> oniguruma_pattern(std::string_view pattern) {
  static std::once_flag initialized;
  std::call_once(initialized, [] {
    OnigEncoding encodings[] = {ONIG_ENCODING_UTF8};
    onig_initialize(encodings, 1);
    onig_set_warn_func(onig_null_warn);
    onig_set_verb_warn_func(onig_null_warn);
  });
  const Result<std::string> translated = with_explicit_classes(pattern);
  if (!translated) return translated.error();
  OnigRegex regex = nullptr;
  OnigErrorInfo info{};
  const OnigUChar* begin = bytes_of(*translated);
  const int code = onig_new(&regex, begin, begin + translated->size(), ONIG_OPTION_NONE,
                            ONIG_ENCODING_UTF8, ONIG_SYNTAX_RUBY, &info);
  if (code != ONIG_NORMAL) {
    return Error{Errc::corrupt,
                 fmt::format("not a regular expression: {}", message_of(code, &info))};
  }
  std::unique_ptr<const Pattern> compiled =
      std::make_unique<OnigurumaPattern>(RegexHandle(regex), std::string(pattern));
  return compiled;
}

}  // namespace hfauth::tokenizer
