// SPDX-License-Identifier: Apache-2.0
//
// Layout of reports. Everything stands two columns in; the text behind labels is aligned. Every
// text goes through utf8::visible() on its way in: much of it is from variables, files and servers.
#include "text_layout.hpp"

#include "hfauth/core/utf8.hpp"

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using utf8::visible;

constexpr std::size_t kMargin = 2;
constexpr std::size_t kNarrowest =
    20;  // text is not squeezed into less, whatever the terminal says

}  // namespace

std::string_view colour_code(Role role) noexcept {
  switch (role) {
    case Role::heading:
      return "\x1b[1m";
    case Role::good:
      return "\x1b[32m";
    case Role::bad:
      return "\x1b[31m";
    case Role::attention:
      return "\x1b[33m";
    case Role::quiet:
      return "\x1b[2m";
    case Role::command:
      return "\x1b[36m";
    case Role::plain:
      break;
  }
  return "";
}

Role role_of(Impact impact) noexcept {
  if (impact == Impact::blocks) return Role::bad;
  return impact == Impact::limits ? Role::attention : Role::good;
}

Role role_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::error:
      return Role::bad;
    case Severity::warning:
      return Role::attention;
    case Severity::ok:
      return Role::good;
    case Severity::unknown:
    case Severity::skip:
      return Role::quiet;
    case Severity::info:
      break;
  }
  return Role::plain;
}

std::string pad(std::string_view text, std::size_t columns) {
  const std::size_t used = utf8::columns(text);
  return std::string(text) + std::string(used < columns ? columns - used : 0, ' ');
}

TextLayout::TextLayout(const TextStyle& style, std::initializer_list<const char*> labels)
    : style_(style) {
  for (const char* label : labels) {
    label_columns_ = std::max(label_columns_, utf8::columns(label) + 2);
  }
}

std::string TextLayout::paint(std::string_view text, Role role) const {
  if (!style_.colour || role == Role::plain || text.empty()) {
    return std::string(text);
  }
  return std::string(colour_code(role)) + std::string(text) + "\x1b[0m";
}

std::size_t TextLayout::text_width(std::size_t indent) const {
  return std::max(kNarrowest, style_.columns > indent ? style_.columns - indent : 0);
}

void TextLayout::line(std::string_view text, Role role) {
  text_ += paint(visible(text), role);
  text_ += '\n';
}

void TextLayout::blank() {
  text_ += '\n';
}

void TextLayout::marked(std::string_view mark, Role role, std::string_view text) {
  const std::size_t indent = utf8::columns(mark) + 1;
  text_ += paint(mark, role) + " ";
  text_ += paint(utf8::wrap(visible(text), text_width(indent), std::string(indent, ' ')),
                 Role::heading) +
           "\n";
}

void TextLayout::next(std::string_view label, std::string_view text) {
  text_ += std::string(label) + " " + paint(visible(text), Role::command) + "\n";
}

void TextLayout::paragraph(std::string_view text, std::size_t indent, Role role) {
  const std::string spaces(indent, ' ');
  text_ += spaces;
  // The colour ends and begins again at each line, so that pagers and prefixes do not smear it.
  std::string wrapped = utf8::wrap(visible(text), text_width(indent), "");
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::size_t end = wrapped.find('\n', at);
    text_ += at == 0 ? "" : "\n" + spaces;
    text_ += paint(std::string_view(wrapped).substr(at, end == std::string::npos ? end : end - at),
                   role);
    at = end == std::string::npos ? end : end + 1;
  }
  text_ += '\n';
}

void TextLayout::title(std::string_view id, std::string_view text, std::string_view right,
                       Role right_role) {
  const std::string left = visible(text);
  const std::size_t used = kMargin + utf8::columns(id) + 2 + utf8::columns(left);
  const std::size_t right_columns = utf8::columns(right);
  text_ += std::string(kMargin, ' ') + paint(id, Role::heading) + "  ";
  if (used + 2 + right_columns <= style_.columns) {
    text_ += paint(left, Role::heading) + std::string(style_.columns - used - right_columns, ' ');
  } else {
    const std::size_t indent = kMargin + utf8::columns(id) + 2;
    text_ += paint(utf8::wrap(left, text_width(indent), std::string(indent, ' ')), Role::heading) +
             "\n" + std::string(indent, ' ');
  }
  text_ += paint(right, right_role) + "\n";
}

void TextLayout::labelled(std::string_view label, std::string_view text) {
  if (text.empty()) {
    return;
  }
  const std::size_t indent = kMargin + label_columns_;
  text_ += std::string(kMargin, ' ') + paint(pad(label, label_columns_), Role::quiet);
  text_ += utf8::wrap(visible(text), text_width(indent), std::string(indent, ' ')) + "\n";
}

void TextLayout::command(std::string_view text, std::size_t extra_indent) {
  text_ += std::string(kMargin + label_columns_ + extra_indent, ' ') +
           paint(visible(text), Role::command) + "\n";
}

// Only words are numbered: a command is for pasting, so nothing stands in front of it.
void TextLayout::step(std::string_view number, const FixStep& step, bool below_first) {
  const std::size_t indent = kMargin + label_columns_ + (below_first ? 0 : 2);
  const std::size_t inner = indent + (below_first ? 2 : step.text.empty() ? 0 : number.size());
  if (!step.text.empty()) {
    text_ += std::string(indent, ' ') + std::string(number) +
             utf8::wrap(visible(step.text), text_width(inner), std::string(inner, ' ')) + "\n";
  }
  for (const std::string& literal : {step.command, step.url}) {
    if (!literal.empty()) {
      text_ += std::string(inner, ' ') + paint(visible(literal), Role::command) + "\n";
    }
  }
}

void TextLayout::fix(std::string_view label, const Fix& fix) {
  std::string head = fix.title;
  std::vector<FixStep> steps = fix.steps;
  if (head.empty() && !steps.empty()) {  // the first step stands beside the label
    std::string& first = !steps[0].text.empty()      ? steps[0].text
                         : !steps[0].command.empty() ? steps[0].command
                                                     : steps[0].url;
    head.swap(first);
  }
  const auto has_words = [](const FixStep& one) { return !one.text.empty(); };
  const bool first_of_many = fix.title.empty() &&
                             std::count_if(fix.steps.begin(), fix.steps.end(), has_words) > 1 &&
                             has_words(fix.steps.front());
  const bool is_command = fix.title.empty() && !fix.steps.empty() && fix.steps[0].text.empty();
  if (is_command) {
    text_ += std::string(kMargin, ' ') + paint(pad(label, label_columns_), Role::quiet) +
             paint(visible(head), Role::command) + "\n";
  } else {
    labelled(label, first_of_many ? "1 " + head : head);
  }
  const auto with_words = std::count_if(steps.begin(), steps.end(), has_words);
  std::size_t number = first_of_many ? 1 : 0;
  for (const FixStep& one : steps) {
    number += one.text.empty() ? 0 : 1;
    step(with_words > 1 || first_of_many ? std::to_string(number) + " " : "", one, first_of_many);
  }
}

}  // namespace hfauth::diagnose
