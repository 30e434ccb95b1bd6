// SPDX-License-Identifier: Apache-2.0
//
// Lines of a report: labelled paragraphs that wrap by the columns a terminal gives to each
// character (Hangul takes two), commands that never wrap, colour by role. Control characters in a
// text are spelled out. Builds one string; pure.
#pragma once

#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/finding.hpp"
#include "hfauth/diagnose/render.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace hfauth::diagnose {

enum class Role { plain, heading, good, bad, attention, quiet, command };

class TextLayout {
 public:
  /// `labels`: all that will be used, in the chosen language; the widest sets where the text
  /// begins.
  TextLayout(const TextStyle& style, std::initializer_list<const char*> labels);

  /// A line as it is.
  void line(std::string_view text, Role role = Role::plain);
  /// Text wrapped at the full width, continued at `indent` spaces.
  void paragraph(std::string_view text, std::size_t indent = 0, Role role = Role::plain);
  /// "  id  text                    right", or two lines where they do not fit.
  void title(std::string_view id, std::string_view text, std::string_view right, Role right_role);
  /// "  Label   text ..." wrapped behind the label. An empty text prints nothing.
  void labelled(std::string_view label, std::string_view text);
  /// The steps of a fix behind its label; numbered if there are several with words.
  void fix(std::string_view label, const Fix& fix);
  /// A command line under the label's text.
  void command(std::string_view text, std::size_t extra_indent = 2);
  /// "ok Everything works": a mark with its colour and a headline.
  void marked(std::string_view mark, Role role, std::string_view text);
  /// "next: command", the command never broken.
  void next(std::string_view label, std::string_view text);
  void blank();

  [[nodiscard]] std::string take() && { return std::move(text_); }

  [[nodiscard]] std::string paint(std::string_view text, Role role) const;

 private:
  /// `below_first`: the first of them stands beside the label, and the others under it.
  void step(std::string_view number, const FixStep& step, bool below_first);
  [[nodiscard]] std::size_t text_width(std::size_t indent) const;

  TextStyle style_;
  std::size_t label_columns_ = 0;
  std::string text_;
};

/// `text` followed by spaces up to `columns`.
[[nodiscard]] std::string pad(std::string_view text, std::size_t columns);

[[nodiscard]] Role role_of(Severity severity) noexcept;
[[nodiscard]] Role role_of(Impact impact) noexcept;
[[nodiscard]] std::string_view colour_code(Role role) noexcept;

}  // namespace hfauth::diagnose
