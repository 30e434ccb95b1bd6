// SPDX-License-Identifier: Apache-2.0
//
// Coordinates are pixels at a width of 880; the page scales the whole. Text in SVG does not wrap,
// so what is too long is shortened in the middle, and stands in full in a <title>.
#include "source_picture.hpp"

#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "markup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using Outcome = token::ResolutionStep::Outcome;

constexpr int kWidth = 880;
constexpr int kRowHeight = 54;
constexpr int kBoxHeight = 44;
constexpr int kTop = 10;
constexpr int kBoxLeft = 40;
constexpr int kBoxRight = 500;
constexpr int kClientLeft = 610;
constexpr int kClientHeight = 86;
constexpr std::size_t kMostColumns = 46;  // of the monospace text in a source's box
constexpr std::size_t kReasonColumns = 66;
constexpr std::size_t kClientColumns = 26;

std::string shortened(std::string_view text, std::size_t columns) {
  std::string shown = utf8::visible(text);
  if (utf8::columns(shown) <= columns) return shown;
  // Whole characters from both ends: a path's end tells more than its middle.
  std::string head;
  std::string tail = shown;
  const auto next = [](std::string_view rest) {
    std::size_t n = 1;
    while (n < rest.size() && (static_cast<unsigned char>(rest[n]) & 0xC0U) == 0x80U)
      ++n;
    return n;
  };
  for (std::size_t at = 0; utf8::columns(head) < columns / 2;
       at += next(std::string_view(shown).substr(at)))
    head = shown.substr(0, at);
  while (utf8::columns(head) + utf8::columns(tail) + 1 > columns)
    tail.erase(0, next(tail));
  return head + "\u2026" + tail;
}

const char* class_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::used:
      return "used";
    case Outcome::shadowed:
      return "shadowed";
    case Outcome::raises:
      return "raises";
    case Outcome::empty:
    case Outcome::not_set:
    case Outcome::missing:
    case Outcome::not_asked:
      break;
  }
  return "none";
}

const TokenReport* token_of(const Report& report, const std::string& ref) {
  const auto token = std::find_if(report.tokens.begin(), report.tokens.end(),
                                  [&](const TokenReport& one) { return one.ref == ref; });
  return token == report.tokens.end() ? nullptr : &*token;
}

std::string text_at(int x, int y, const char* style, std::string_view text, std::size_t columns) {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\"><title>{}</title>{}</text>\n", x, y,
                     style, in_markup(text), in_markup(shortened(text, columns)));
}

class Picture {
 public:
  Picture(const ClientReport& client, const Report& report)
      : client_(client),
        report_(report),
        height_(kTop * 2 +
                std::max(static_cast<int>(client.steps.size()) * kRowHeight, kClientHeight)) {}

  std::string build() && {
    for (std::size_t i = 0; i < client_.steps.size(); ++i)
      put_source(static_cast<int>(i), client_.steps[i]);
    put_client();
    return fmt::format(
        "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n{}{}</svg>\n", kWidth, height_,
        in_markup(fmt::format(fmt::runtime(tr("Where the token of {} comes from")), name())),
        lines_, boxes_);
  }

 private:
  [[nodiscard]] std::string name() const { return client_.client + " " + client_.version; }

  [[nodiscard]] int middle() const { return height_ / 2; }

  void put_source(int index, const ClientReport::Step& step) {
    const int top = kTop + index * kRowHeight;
    const int y = top + kBoxHeight / 2;
    const char* const kind = class_of(step.outcome);
    boxes_ += fmt::format(
        "<g class=\"source {0}\"><circle cx=\"18\" cy=\"{1}\" r=\"12\"/>"
        "<text x=\"18\" y=\"{2}\" class=\"number\">{3}</text>"
        "<rect x=\"{4}\" y=\"{5}\" width=\"{6}\" height=\"{7}\" rx=\"8\"/>\n",
        kind, y, y + 4, index + 1, kBoxLeft, top, kBoxRight - kBoxLeft, kBoxHeight);
    boxes_ += text_at(kBoxLeft + 12, top + 18, "place", step.where, kMostColumns);
    boxes_ += text_at(kBoxLeft + 12, top + 35, "reason", step.reason, kReasonColumns);
    if (const TokenReport* token = token_of(report_, step.token)) {
      boxes_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"mask\">{}</text>\n", kBoxRight - 12,
                            top + 18, in_markup(token->mask));
    }
    boxes_ += "</g>\n";
    put_line(y, step.outcome, kind);
  }

  void put_line(int y, Outcome outcome, const char* kind) {
    if (outcome == Outcome::used || outcome == Outcome::raises) {
      const int bend = (kBoxRight + kClientLeft) / 2;
      lines_ += fmt::format(
          "<path class=\"line {0}\" d=\"M{1} {2} C{3} {2} {3} {4} {5} {4}\"/>"
          "<path class=\"head {0}\" d=\"M{6} {4} l-12 -7 l0 14 z\"/>\n",
          kind, kBoxRight, y, bend, middle(), kClientLeft - 10, kClientLeft);
    } else if (outcome == Outcome::shadowed) {
      const int end = kBoxRight + 44;
      lines_ += fmt::format(
          "<path class=\"line shadowed\" d=\"M{0} {1} L{2} {1}\"/>"
          "<path class=\"cross\" d=\"M{3} {4} l10 10 m0 -10 l-10 10\"/>\n",
          kBoxRight, y, end - 6, end - 5, y - 5);
    }
  }

  void put_client() {
    const int top = middle() - kClientHeight / 2;
    const int x = kClientLeft + 14;
    const TokenReport* const token = token_of(report_, client_.uses);
    boxes_ += fmt::format(
        "<g class=\"client\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"10\"/>\n",
        kClientLeft, top, kWidth - kClientLeft - 4, kClientHeight);
    boxes_ += text_at(x, top + 24, "name", client_.client, kClientColumns);
    boxes_ += text_at(x, top + 43, "reason", client_.version, kClientColumns + 4);
    if (token != nullptr) {
      const bool is_refused = token->state == "invalid" || token->state == "expired";
      boxes_ +=
          text_at(x, top + 68, is_refused ? "fails" : "sends",
                  fmt::format(fmt::runtime(is_refused ? tr("sends {} (refused)") : tr("sends {}")),
                              token->mask),
                  kClientColumns + 6);
    } else {
      const bool raises =
          std::any_of(client_.steps.begin(), client_.steps.end(),
                      [](const auto& step) { return step.outcome == Outcome::raises; });
      boxes_ += text_at(x, top + 68, raises ? "fails" : "anonymous",
                        raises ? tr("stops with an error") : tr("is anonymous"), kClientColumns);
    }
    boxes_ += "</g>\n";
  }

  const ClientReport& client_;
  const Report& report_;
  int height_;
  std::string lines_;
  std::string boxes_;
};

}  // namespace

std::string source_picture(const ClientReport& client, const Report& report) {
  return Picture(client, report).build();
}

}  // namespace hfauth::diagnose
