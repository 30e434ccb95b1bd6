// SPDX-License-Identifier: Apache-2.0
//
// The box: the gravest messages in a few lines, then the root that the doctor found with its cure,
// or, if it found none, the cure of the message itself. A box has a left side alone: nothing has to
// be padded, and a long command can be copied without a frame in it.
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/wrap.hpp"
#include "labels.hpp"
#include "text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kShown = 3;  // the box is to be read at a glance
constexpr std::size_t kFrameColumns = 2;
constexpr std::size_t kRule = 24;

struct Heard {
  std::vector<const Explanation*> shown;  ///< the gravest first, each kind once
  std::size_t count = 0;                  ///< kinds of messages, roots alone
};

Heard gathered(const std::vector<Explained>& streams) {
  std::vector<const Explanation*> all;
  for (const Explained& stream : streams) {
    for (const Explanation& one : stream.explanations) {
      const bool is_known = std::any_of(all.begin(), all.end(), [&](const Explanation* other) {
        return other->message == one.message && other->finding.id == one.finding.id;
      });
      if (one.finding.is_root && !is_known) all.push_back(&one);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Explanation* a, const Explanation* b) {
    return a->impact > b->impact;
  });
  const std::size_t count = all.size();
  all.resize(std::min(count, kShown));
  return {std::move(all), count};
}

/// The root to name beside the message; nullptr if the machine is well.
const Finding* root_of(const Report& report) {
  const auto root = std::find_if(report.findings.begin(), report.findings.end(),
                                 [](const Finding& one) { return one.is_root; });
  return root == report.findings.end() ? nullptr : &*root;
}

void put_root(TextLayout& layout, const Finding& root) {
  layout.labelled(tr("Here"), root.id + " " + root.title);
  if (root.severity != Severity::info) {
    layout.labelled("", root.why);
    for (const Evidence& evidence : root.evidence)
      layout.labelled(&evidence == &root.evidence.front() ? tr("Proof") : "", evidence.text);
  }
  if (!root.fixes.empty()) layout.fix(tr("Fix"), root.fixes.front());
}

std::string framed(const std::string& body, const TextStyle& style) {
  const std::string side = style.ascii ? "|" : "\u2502";
  std::string rule;
  for (std::size_t i = 0; i < kRule; ++i)
    rule += style.ascii ? "-" : "\u2500";
  std::string text = (style.ascii ? "+" : "\u256d") + rule + " hfauth\n";
  for (std::string_view rest = body; !rest.empty();) {
    const std::string line(take_until(rest, '\n'));
    text += line.empty() ? side + "\n" : side + " " + line + "\n";
  }
  return text + (style.ascii ? "+" : "\u2570") + rule + "\n";
}

}  // namespace

std::string render_box(const std::vector<Explained>& heard, const Report& report,
                       const TextStyle& style) {
  TextStyle inner = style;
  inner.columns = std::max<std::size_t>(style.columns, 40) - kFrameColumns;
  TextLayout layout(inner, {tr("Means"), tr("Here"), tr("Proof"), tr("Fix")});
  const Heard messages = gathered(heard);
  layout.paragraph(messages.count == 1
                       ? std::string(tr("1 message about authentication in the output"))
                       : fmt::format(fmt::runtime(tr("{} messages about authentication in the "
                                                     "output")),
                                     messages.count),
                   0, Role::heading);
  for (const Explanation* one : messages.shown) {
    layout.title(one->finding.id, one->finding.title, label_of(one->impact), role_of(one->impact));
    layout.labelled(tr("Means"), one->means);
  }
  const Explanation& gravest = *messages.shown.front();
  if (const Finding* root = root_of(report)) {
    put_root(layout, *root);
  } else {
    layout.labelled(tr("Here"),
                    report.state == VerdictState::healthy
                        ? std::string(tr("the doctor finds nothing wrong on this machine now"))
                        : report.headline);
    if (!gravest.finding.fixes.empty()) layout.fix(tr("Fix"), gravest.finding.fixes.front());
  }
  layout.next(tr("More:"), "hfauth explain " + gravest.finding.id + "; hfauth doctor");
  return framed(std::move(layout).take(), style);
}

}  // namespace hfauth::diagnose
