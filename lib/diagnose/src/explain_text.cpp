// SPDX-License-Identifier: Apache-2.0
//
// The text of `hfauth explain`, for pasted text and for pages.
#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/render.hpp"
#include "labels.hpp"
#include "placed_remedies.hpp"
#include "text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

std::string runtime_label(TextRuntime runtime) {
  switch (runtime) {
    case TextRuntime::colab:
      return "Google Colab";
    case TextRuntime::kaggle:
      return "Kaggle";
    case TextRuntime::jupyter:
      return "Jupyter";
    case TextRuntime::space:
      return "Hugging Face Space";
    case TextRuntime::sagemaker:
      return "SageMaker";
    case TextRuntime::databricks:
      return "Databricks";
    case TextRuntime::kubernetes:
      return "Kubernetes";
    case TextRuntime::docker:
      return "Docker";
    case TextRuntime::slurm:
      return "Slurm";
    case TextRuntime::systemd:
      return "systemd";
    case TextRuntime::vscode:
      return "VS Code";
    case TextRuntime::ci:
      return tr("continuous integration");
    case TextRuntime::unknown:
      break;
  }
  return "";
}

std::string versions_label(const HubVersions& versions) {
  if (!versions.known()) {
    return "";
  }
  if (versions.from == versions.to) {
    return "huggingface_hub " + versions.from;
  }
  return versions.to.empty()
             ? fmt::format(fmt::runtime(tr("huggingface_hub {} or newer")), versions.from)
             : fmt::format(fmt::runtime(tr("huggingface_hub {} to {}")), versions.from,
                           versions.to);
}

// "huggingface_hub 0.20 to 1.19", "the Hub's server".
std::string printer_label(const PrintedBy& by) {
  if (by.product == "Hub") {
    return tr("the Hub's server");
  }
  std::string product(by.product);
  const std::string from(by.from);
  const std::string to(by.to);
  if (from.empty() && to.empty()) {
    return product;
  }
  if (from == to) {
    return product + " " + from;
  }
  if (to.empty()) {
    return fmt::format(fmt::runtime(tr("{0} {1} or newer")), product, from);
  }
  return from.empty() ? fmt::format(fmt::runtime(tr("{0} up to {1}")), product, to)
                      : fmt::format(fmt::runtime(tr("{0} {1} to {2}")), product, from, to);
}

std::string confidence_label(Confidence confidence) {
  switch (confidence) {
    case Confidence::proven:
      return "";
    case Confidence::likely:
      return tr("likely, not proven");
    case Confidence::possible:
      break;
  }
  return tr("possible, not proven");
}

std::string headline(const Explained& explained) {
  const std::size_t count = explained.explanations.size();
  const char* const form = explained.lines == 1 ? count == 1 ? tr("{} auth message in {} line")
                                                             : tr("{} auth messages in {} line")
                           : count == 1 ? tr("{} auth message in {} lines")
                                                : tr("{} auth messages in {} lines");
  std::string text = fmt::format(fmt::runtime(form), count, explained.lines);
  std::string where = runtime_label(explained.runtime);
  const std::string versions = versions_label(explained.versions);
  where += where.empty() || versions.empty() ? versions : ", " + versions;
  return where.empty() ? text : text + " (" + where + ")";
}

std::string seen_label(const Explanation& explanation) {
  std::string text = explanation.message;
  if (explanation.cell != 0) {
    text += ", " + fmt::format(fmt::runtime(tr("cell {}")), explanation.cell);
  }
  if (explanation.first_line != 0) {
    text += ", ";
    const bool many = explanation.count > 1;
    text +=
        explanation.first_line == explanation.last_line
            ? fmt::format(fmt::runtime(many ? tr("first in line {}") : tr("line {}")),
                          explanation.first_line)
            : fmt::format(fmt::runtime(many ? tr("first in lines {} to {}") : tr("lines {} to {}")),
                          explanation.first_line, explanation.last_line);
    if (many) {
      text += ", " + fmt::format(fmt::runtime(tr("{} times")), explanation.count);
    }
  }
  const std::string confidence = confidence_label(explanation.finding.confidence);
  return confidence.empty() ? text : text + ", " + confidence;
}

TextLayout new_layout(const TextStyle& style) {
  return {style,
          {tr("From"), tr("Says"), tr("Means"), tr("Cause"), fix_label(0, 2).c_str(), tr("Note"),
           tr("More"), tr("Seen")}};
}

// The page that has more to say: the check's, where there is one for it.
std::string more_topic(const Explanation& explanation) {
  static constexpr std::string_view kNotice = "HFA004";
  const std::string& check = explanation.finding.id;
  return check == kNotice || find_check(check) == nullptr ? explanation.message : check;
}

void put_explanation(TextLayout& layout, const Explanation& explanation, bool with_more) {
  const Finding& finding = explanation.finding;
  layout.title(finding.id, finding.title, label_of(explanation.impact),
               role_of(explanation.impact));
  layout.paragraph("\"" + explanation.quote + "\"", 2, Role::quiet);
  layout.labelled(tr("Seen"), seen_label(explanation));
  if (!explanation.printed_by.product.empty()) {
    layout.labelled(tr("From"), printer_label(explanation.printed_by));
  }
  layout.labelled(tr("Says"), explanation.says);
  if (!finding.is_root && !finding.caused_by.empty()) {
    layout.labelled(tr("Cause"),
                    fmt::format(fmt::runtime(tr("follows from {}: cure that one first")),
                                finding.caused_by.front()));
    return;
  }
  layout.labelled(tr("Means"), explanation.means);
  if (with_more && finding.why != explanation.says) {  // a page has said it above
    layout.labelled(tr("Cause"), finding.why);
  }
  for (std::size_t i = 0; i < finding.fixes.size(); ++i) {
    layout.fix(fix_label(i, finding.fixes.size()), finding.fixes[i]);
  }
  layout.labelled(tr("Note"), explanation.again);
  if (with_more) {
    layout.labelled(tr("More"), "hfauth explain " + more_topic(explanation));
  }
}

// One cause behind several messages is what a reader wants to know first.
void put_story(TextLayout& layout, const Explained& explained) {
  const auto roots =
      std::count_if(explained.explanations.begin(), explained.explanations.end(),
                    [](const Explanation& explanation) { return explanation.finding.is_root; });
  if (roots == 1 && explained.explanations.size() > 1) {
    layout.paragraph(
        fmt::format(fmt::runtime(tr("One cause: {}. What follows from it goes with it.")),
                    explained.explanations.front().finding.title));
  }
}

struct RestartRow {
  const char* change;
  const char* seen;
  const char* reason;
};

// Measured with huggingface_hub 1.28: what is read on every call, and what at import or once per
// process.
constexpr RestartRow kRestartRows[] = {
    {tr_later("token file written by `hfauth login` or `hf auth login`"),
     tr_later("yes, with the next request"),
     tr_later("the file is read on every call, unless HF_TOKEN goes before it")},
    {tr_later("HF_TOKEN exported in a shell, an rc file, a systemd unit or with docker -e"),
     tr_later("no: restart the kernel or unit, make the container anew"),
     tr_later("a process gets a copy of the environment when it starts")},
    {tr_later("os.environ[\"HF_TOKEN\"] = ... in the running kernel"), tr_later("yes"),
     tr_later("the variable is read on every call")},
    {tr_later("HF_HOME, HF_TOKEN_PATH, HF_ENDPOINT, HF_HUB_OFFLINE or "
              "HF_HUB_DISABLE_IMPLICIT_TOKEN set after the import"),
     tr_later("no: restart the kernel"),
     tr_later("they are read when huggingface_hub is imported")},
    {tr_later("a Colab secret added, or its access switched on, after the first call to the Hub"),
     tr_later("no: restart the session, or call login()"),
     tr_later("Colab is asked once per process and the answer is kept")},
};

std::string render_restart_page(const TextStyle& style) {
  TextLayout layout(style, {tr("Change"), tr("Seen"), tr("Why")});
  layout.paragraph(tr("What a running Python sees of a change, and what needs a restart"), 0,
                   Role::heading);
  for (const RestartRow& row : kRestartRows) {
    layout.blank();
    layout.labelled(tr("Change"), tr(row.change));
    layout.labelled(tr("Seen"), tr(row.seen));
    layout.labelled(tr("Why"), tr(row.reason));
  }
  return std::move(layout).take();
}

std::string render_check_page(const CheckInfo& info, const TextStyle& style) {
  TextLayout layout(style, {tr("Name"), tr("Cause"), tr("Proof"), tr("Fix"), "Fix A", tr("Note"),
                            tr("From"), tr("Says"), tr("Means"), tr("Seen")});
  layout.title(info.id, tr(info.title), label_of(info.severity), role_of(info.severity));
  layout.labelled(tr("Name"), info.slug);
  layout.labelled(tr("Cause"), tr(info.why));
  layout.labelled(tr("Proof"), tr(info.proof));
  layout.labelled(tr("Fix"), tr(info.remedy));
  for (const PlacedRemedy& one : remedies_by_place(info.id)) {
    layout.labelled(" ", *one.note == '\0' ? one.place : one.place + ": " + tr(one.note));
    if (!one.line.empty()) layout.command(one.line);
  }
  for (const std::string& id : message_ids()) {
    for (const Explanation& explanation : explain_message_id(id)) {
      if (explanation.finding.id == info.id) {
        layout.blank();
        put_explanation(layout, explanation, false);
      }
    }
  }
  return std::move(layout).take();
}

}  // namespace

int exit_code_of(const Explained& explained) noexcept {
  return explained.explanations.empty() ? 1 : 0;
}

std::string render_explained(const Explained& explained, const TextStyle& style) {
  TextLayout layout = new_layout(style);
  if (explained.explanations.empty()) {
    layout.paragraph(
        fmt::format(fmt::runtime(explained.lines == 1
                                     ? tr("No known message about authentication in {} line.")
                                     : tr("No known message about authentication in {} lines.")),
                    explained.lines),
        0, Role::heading);
    layout.paragraph(
        tr("Nothing is guessed. If you think that one is there, paste it with the lines around it, "
           "or let the "
           "doctor look at this machine: hfauth doctor"));
    return std::move(layout).take();
  }
  layout.paragraph(headline(explained), 0, Role::heading);
  put_story(layout, explained);
  for (const Explanation& explanation : explained.explanations) {
    layout.blank();
    put_explanation(layout, explanation, true);
  }
  if (explained.left_out > 0) {
    layout.blank();
    layout.paragraph(
        fmt::format(fmt::runtime(tr("{} more messages are not shown.")), explained.left_out));
  }
  return std::move(layout).take();
}

std::optional<std::string> render_page(std::string_view topic, const TextStyle& style) {
  if (topic == "restart") {
    return render_restart_page(style);
  }
  if (const CheckInfo* info = find_check(topic)) {
    return render_check_page(*info, style);
  }
  const std::vector<Explanation> explanations = explain_message_id(topic);
  if (explanations.empty()) {
    return std::nullopt;
  }
  TextLayout layout = new_layout(style);
  for (const Explanation& explanation : explanations) {
    if (&explanation != &explanations.front()) {
      layout.blank();
    }
    put_explanation(layout, explanation, true);
  }
  return std::move(layout).take();
}

std::optional<Explained> explain_topic(std::string_view topic) {
  Explained page;
  page.explanations = explain_message_id(topic);
  const CheckInfo* const info = find_check(topic);
  if (info == nullptr) {
    return page.explanations.empty() ? std::nullopt : std::optional(std::move(page));
  }
  for (const std::string& id : message_ids()) {
    for (Explanation& explanation : explain_message_id(id)) {
      if (explanation.finding.id == info->id) {
        page.explanations.push_back(std::move(explanation));
      }
    }
  }
  if (page.explanations.empty()) {
    Explanation check;
    check.finding = finding_of(info->id);
    check.finding.fixes.push_back({FixSafety::manual, false, "", {{tr(info->remedy), "", ""}}});
    for (PlacedRemedy& one : remedies_by_place(info->id)) {
      FixStep step{*one.note == '\0' ? "" : tr(one.note), std::move(one.line), ""};
      check.finding.fixes.push_back(
          {FixSafety::manual, false, std::move(one.place), {std::move(step)}});
    }
    check.impact = info->severity == Severity::error  ? Impact::blocks
                   : info->severity == Severity::info ? Impact::harmless
                                                      : Impact::limits;
    page.explanations.push_back(std::move(check));
  }
  return page;
}

std::vector<std::string> page_topics() {
  std::vector<std::string> topics{"restart"};
  for (const CheckInfo& info : catalogue()) {
    topics.emplace_back(info.id);
  }
  const std::vector<std::string> messages = message_ids();
  topics.insert(topics.end(), messages.begin(), messages.end());
  return topics;
}

}  // namespace hfauth::diagnose
