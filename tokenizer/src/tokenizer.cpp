// SPDX-License-Identifier: Apache-2.0
//
// Tokenizer: loading, look-ups and the way back from ids. The two ways from text to ids are
// encode.cpp and encode_ids.cpp.
#include "hfauth/tokenizer/tokenizer.hpp"

#include "cut.hpp"
#include "formats/any_format.hpp"
#include "formats/tokenizer_json.hpp"
#include "hfauth/tokenizer/text.hpp"
#include "hub_cache.hpp"
#include "parts.hpp"
#include "text_check.hpp"
#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <utility>

namespace hfauth::tokenizer {

Tokenizer::Tokenizer(std::unique_ptr<const TokenizerParts> parts) : parts_(std::move(parts)) {}

Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Result<Tokenizer> Tokenizer::from_file(const std::filesystem::path& path) {
  Result<std::unique_ptr<const TokenizerParts>> parts = load_any(path);
  if (!parts) return parts.error();
  return Tokenizer(std::move(*parts));
}

Result<Tokenizer> Tokenizer::from_cache(std::string_view model, const CacheOptions& options) {
  const Result<std::filesystem::path> folder = cached_snapshot(
      options.folder.empty() ? default_hub_cache() : options.folder, model, options.revision);
  if (!folder) return folder.error();
  return from_file(*folder);
}

Result<Tokenizer> Tokenizer::from_json(std::string_view json) {
  Result<std::unique_ptr<const TokenizerParts>> parts = load_tokenizer_json(json);
  if (!parts) return parts.error();
  return Tokenizer(std::move(*parts));
}

Result<std::string> Tokenizer::decode(std::span<const TokenId> ids,
                                      bool skip_special_tokens) const {
  std::vector<std::string_view> tokens;
  tokens.reserve(ids.size());
  for (const TokenId id : ids) {
    const std::optional<std::string_view> token = id_to_token(id);
    if (!token || (skip_special_tokens && parts_->added.is_special(*token))) continue;
    tokens.push_back(*token);
  }
  Result<std::string> text = decode_tokens(parts_->decoder.get(), tokens);
  if (text && parts_->cleans_up) return without_artifacts(*text);
  return text;
}

Result<std::string> Tokenizer::normalize(std::string_view text) const {
  if (const Result<void> checked = check_text(text); !checked) return checked.error();
  PieceList home;
  const Result<Piece> normalized = normalized_piece(*parts_, {.text = text}, home);
  if (!normalized) return normalized.error();
  return std::string(normalized->text);
}

std::optional<std::string_view> Tokenizer::id_to_token(TokenId id) const {
  if (const std::optional<std::string_view> added = parts_->added.token(id)) return added;
  return parts_->model.vocabulary().token(id);
}

std::optional<TokenId> Tokenizer::token_to_id(std::string_view token) const {
  TokenId id = parts_->added.find(token);
  if (id == kNoToken) id = parts_->model.vocabulary().find(token);
  return id == kNoToken ? std::nullopt : std::optional(id);
}

std::size_t Tokenizer::vocab_size(bool with_added_tokens) const {
  return parts_->model.vocabulary().size() +
         (with_added_tokens ? parts_->added.n_beyond_model() : 0);
}

std::string with_replacements(std::string bytes) {
  return unicode::first_invalid(bytes) ? unicode::make_valid(bytes) : std::move(bytes);
}

Result<void> check_text(std::string_view text) {
  if (text.size() >= kTextLimit) {
    return Error{Errc::invalid_input,
                 fmt::format("the text has {} bytes; split it into parts of less than {}",
                             text.size(), kTextLimit)};
  }
  if (const std::optional<std::size_t> at = unicode::first_invalid(text)) {
    return Error{Errc::invalid_input,
                 fmt::format("the text is not UTF-8: byte {:#04x} at offset {}",
                             static_cast<unsigned>(static_cast<unsigned char>(text[*at])), *at)};
  }
  return {};
}

}  // namespace hfauth::tokenizer
