// SPDX-License-Identifier: Apache-2.0
//
// Text to ids alone. No strings, alignments or lists of pieces are made; for the usual byte-level
// tokenizers a scanner says where the next piece ends, and a piece that was seen before is answered
// from a cache. Everything else goes through the same stages as encode. Tests hold both to the same
// ids.
#include "cut.hpp"
#include "hfauth/tokenizer/tokenizer.hpp"
#include "parts.hpp"
#include "piece_cache.hpp"
#include "text_check.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hfauth::tokenizer {

namespace {

/// Texts below this do not earn the making of a cache (1 MiB to be cleared) if none is there yet.
constexpr std::size_t kWorthACache = std::size_t{16} * 1024;

/// Collects ids in a small buffer, so that a cached answer is four stores and an addition.
class IdSink {
 public:
  // Nothing of the buffer is read before it is written, and clearing it would cost more than a
  // word. NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  explicit IdSink(std::vector<TokenId>& out) : out_(out) {}

  void push(const PieceCache::Ids& ids) {
    if (n_ + PieceCache::kMaxTokens > buffer_.size()) flush();
    std::copy(ids.begin(), ids.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(n_));
    for (const TokenId id : ids)
      n_ += id != kNoToken ? 1 : 0;
  }

  void push(TokenId id) {
    if (n_ == buffer_.size()) flush();
    buffer_[n_++] = id;
  }

  void flush() {
    out_.insert(out_.end(), buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(n_));
    n_ = 0;
  }

 private:
  std::vector<TokenId>& out_;
  std::array<TokenId, 1024> buffer_;
  std::size_t n_ = 0;
};

struct Work {
  ModelWorkspace model;
  std::unique_ptr<PieceCache> cache;
  std::vector<Piece> stretches;
  PieceList rewritten;  ///< keeps the normalized text of the stretches
  PieceList pieces;
};

bool push_from_model(const Bpe& model, std::string_view piece, bool byte_level,
                     BpeWorkspace& workspace, IdSink& sink) {
  if (!model.tokenize(piece, byte_level, workspace)) return false;
  for (const BpeToken& token : workspace.tokens)
    sink.push(token.id);
  return true;
}

void remember(const std::vector<BpeToken>& tokens, const PieceCache::Key& key,
              PieceCache::Slot& slot) {
  if (tokens.size() > PieceCache::kMaxTokens) return;
  slot.key = key;
  slot.ids.fill(kNoToken);
  for (std::size_t i = 0; i < tokens.size(); ++i)
    slot.ids[i] = tokens[i].id;
}

/// The pieces of a scanner, straight from the text.
bool push_scanned(const Bpe& model, Scanner scan, std::string_view text, Work& work, IdSink& sink) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = scan(text, at);
    const std::string_view piece = text.substr(at, end - at);
    if (work.cache == nullptr || piece.size() > PieceCache::kMaxBytes) {
      if (!push_from_model(model, piece, true, work.model.bpe, sink)) return false;
    } else {
      const PieceCache::Key key = PieceCache::key_of(text, at, piece.size());
      PieceCache::Slot& slot = work.cache->slot_for(key);
      if (slot.key.low == key.low && slot.key.high == key.high) {
        sink.push(slot.ids);
      } else {
        if (!push_from_model(model, piece, true, work.model.bpe, sink)) return false;
        remember(work.model.bpe.tokens, key, slot);
      }
    }
    at = end;
  }
  return true;
}

Result<void> push_piece(const Model& model, const Piece& piece, Work& work, IdSink& sink) {
  if (const Bpe* bpe = model.as_bpe()) {
    if (!push_from_model(*bpe, piece.text, piece.byte_level, work.model.bpe, sink))
      return missing_unknown_token();
    return {};
  }
  if (const Result<void> done = model.tokenize(piece.text, piece.byte_level, work.model); !done)
    return done.error();
  for (const ModelToken& token : work.model.tokens)
    sink.push(token.id);
  return {};
}

Result<void> push_stretch(const TokenizerParts& parts, const Piece& stretch, Work& work,
                          IdSink& sink) {
  if (stretch.added) {
    sink.push(*stretch.added);
    return {};
  }
  const Bpe* bpe = parts.model.as_bpe();
  const std::optional<Scanner> scanner = bpe != nullptr && parts.pre_tokenizer
                                             ? parts.pre_tokenizer->as_byte_level_scanner()
                                             : std::nullopt;
  if (scanner) {
    if (!push_scanned(*bpe, *scanner, stretch.text, work, sink)) return missing_unknown_token();
    return {};
  }
  work.pieces.clear();
  if (const Result<void> cut = cut_stretch(parts, stretch, work.pieces); !cut) return cut.error();
  for (const Piece& piece : work.pieces.pieces) {
    if (const Result<void> pushed = push_piece(parts.model, piece, work, sink); !pushed)
      return pushed.error();
  }
  return {};
}

Result<void> push_text(const TokenizerParts& parts, std::string_view text, Work& work,
                       std::vector<TokenId>& out) {
  IdSink sink(out);
  work.stretches.clear();
  work.rewritten.clear();
  if (const Result<void> cut = cut_into_stretches(parts, text, work.rewritten, work.stretches);
      !cut) {
    return cut.error();
  }
  for (const Piece& stretch : work.stretches) {
    if (const Result<void> pushed = push_stretch(parts, stretch, work, sink); !pushed)
      return pushed.error();
  }
  sink.flush();
  return {};
}

/// The row of the template for one text; its own tokens only if they are wanted.
Result<void> push_row(const TokenizerParts& parts, const Template& row, std::string_view text,
                      bool add_special, Work& work, std::vector<TokenId>& out) {
  std::optional<std::pair<std::size_t, std::size_t>> text_ids;
  for (const Template::Part& part : row.single) {
    if (const auto* special = std::get_if<Template::Special>(&part)) {
      if (add_special) out.insert(out.end(), special->ids.begin(), special->ids.end());
    } else if (text_ids) {  // a template may name its text twice
      for (std::size_t i = text_ids->first; i < text_ids->second; ++i)
        out.push_back(TokenId{out[i]});
    } else {
      const std::size_t begin = out.size();
      if (const Result<void> pushed = push_text(parts, text, work, out); !pushed)
        return pushed.error();
      text_ids.emplace(begin, out.size());
    }
  }
  return {};
}

}  // namespace

struct EncodeScratch::State {
  Work work;
  std::uint64_t owner = 0;  ///< serial of the tokenizer whose pieces the cache holds
};

EncodeScratch::EncodeScratch() = default;
EncodeScratch::~EncodeScratch() = default;
EncodeScratch::EncodeScratch(EncodeScratch&&) noexcept = default;
EncodeScratch& EncodeScratch::operator=(EncodeScratch&&) noexcept = default;

Result<void> Tokenizer::encode_ids(std::string_view text, std::vector<TokenId>& out,
                                   EncodeScratch& scratch, const EncodeOptions& options) const {
  if (const Result<void> checked = check_text(text); !checked) return checked.error();
  if (parts_->truncation || parts_->padding) {
    const Result<Encoding> encoding = encode(text, options);
    if (!encoding) return encoding.error();
    out.insert(out.end(), encoding->ids.begin(), encoding->ids.end());
    return {};
  }
  const bool kept = scratch.state_ != nullptr;
  if (!kept) scratch.state_ = std::make_unique<EncodeScratch::State>();
  EncodeScratch::State& state = *scratch.state_;
  if (state.owner != parts_->serial) {
    state.work.cache.reset();
    state.owner = parts_->serial;
  }
  // A scratch that comes back will see more text; one of a single call must earn its cache at once.
  if (state.work.cache == nullptr && (kept || text.size() >= kWorthACache)) {
    state.work.cache = std::make_unique<PieceCache>();
  }
  const std::size_t old_size = out.size();
  const Template* row = parts_->post_processor.find_template();
  Result<void> pushed =
      row == nullptr ? push_text(*parts_, text, state.work, out)
                     : push_row(*parts_, *row, text, options.add_special_tokens, state.work, out);
  if (!pushed) out.resize(old_size);
  return pushed;
}

Result<void> Tokenizer::encode_ids(std::string_view text, std::vector<TokenId>& out,
                                   const EncodeOptions& options) const {
  EncodeScratch scratch;
  return encode_ids(text, out, scratch, options);
}

}  // namespace hfauth::tokenizer
