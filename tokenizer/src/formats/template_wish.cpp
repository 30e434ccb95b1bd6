// SPDX-License-Identifier: Apache-2.0
//
// The three rows that classes of transformers build (update_post_processor, BertTokenizer,
// RobertaTokenizer).
#include "formats/template_wish.hpp"

#include "formats/json_fields.hpp"

#include <fmt/format.h>

namespace hfauth::tokenizer {

namespace {

class Row {
 public:
  Row(const TokenizerParts& parts, std::vector<Template::Part>& out) : parts_(parts), out_(out) {}

  Row& text(std::uint32_t index, std::uint32_t type_id) {
    out_.emplace_back(Template::Sequence{index, type_id});
    return *this;
  }

  Row& token(const std::string& spelling, std::uint32_t type_id) {
    if (spelling.empty()) return *this;
    TokenId id = parts_.added.find(spelling);
    if (id == kNoToken) id = parts_.model.vocabulary().find(spelling);
    out_.emplace_back(Template::Special{{id}, {spelling}, type_id});
    return *this;
  }

 private:
  const TokenizerParts& parts_;
  std::vector<Template::Part>& out_;
};

Result<void> check_known(const TokenizerParts& parts, const std::string& spelling) {
  if (spelling.empty() || parts.added.find(spelling) != kNoToken ||
      parts.model.vocabulary().find(spelling) != kNoToken) {
    return {};
  }
  return Error{Errc::corrupt,
               fmt::format("{} goes around every text, but is no token", in_quotes(spelling))};
}

}  // namespace

Result<void> make_template(const TemplateWish& wish, TokenizerParts& parts) {
  for (const std::string& spelling : {wish.first, wish.last}) {
    if (const Result<void> known = check_known(parts, spelling); !known) return known.error();
  }
  const bool is_plain = wish.kind == TemplateWish::Kind::plain;
  const std::uint32_t second = wish.kind == TemplateWish::Kind::roberta ? 0 : 1;
  Template made;
  made.types_overflow = wish.kind == TemplateWish::Kind::roberta;
  Row(parts, made.single).token(wish.first, 0).text(0, 0).token(wish.last, 0);
  Row pair(parts, made.pair);
  pair.token(wish.first, 0).text(0, 0).token(wish.last, 0);
  if (is_plain) pair.token(wish.first, 1);
  if (wish.kind == TemplateWish::Kind::roberta) pair.token(wish.last, 0);
  pair.text(1, second).token(wish.last, second);
  parts.post_processor.steps.clear();
  parts.post_processor.is_default = false;
  if (wish.trimming) parts.post_processor.steps.emplace_back(*wish.trimming);
  parts.post_processor.steps.emplace_back(std::move(made));
  return {};
}

}  // namespace hfauth::tokenizer
