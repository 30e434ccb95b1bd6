// SPDX-License-Identifier: Apache-2.0
//
// Text to ids alone: the added tokens of the raw text, and for what is between them the way that
// suits the tokenizer (ids/id_path.hpp). Tests hold all of them to the ids of encode.
#include "hfauth/tokenizer/tokenizer.hpp"
#include "ids/id_path.hpp"
#include "parallel.hpp"
#include "parts.hpp"
#include "text_check.hpp"

#include <mutex>
#include <optional>
#include <utility>

namespace hfauth::tokenizer {

namespace {

const IdPath& path_of(const TokenizerParts& parts) {
  std::call_once(parts.id_path.once, [&] { parts.id_path.path = make_id_path(parts); });
  return *parts.id_path.path;
}

Result<void> push_text(const TokenizerParts& parts, std::string_view text,
                       const EncodeOptions& options, IdWork& work, std::vector<TokenId>& out) {
  const IdPath& path = path_of(parts);
  IdSink sink(out, options.n_bytes_done);
  work.raw.clear();
  parts.added.split_raw(text, work.raw);
  for (const Piece& raw : work.raw) {
    if (raw.added) {
      sink.push(*raw.added);
    } else if (const Result<void> pushed = path.push(raw, work, sink); !pushed) {
      return pushed.error();
    }
  }
  sink.flush();
  return {};
}

/// A word of WordPiece is taken apart in less time than a slot far away takes to come.
bool cache_grows(const TokenizerParts& parts) {
  return parts.model.as_word_piece() == nullptr;
}

/// The row of the template for one text; its own tokens only if they are wanted.
Result<void> push_row(const TokenizerParts& parts, const Template& row, std::string_view text,
                      const EncodeOptions& options, IdWork& work, std::vector<TokenId>& out) {
  std::optional<std::pair<std::size_t, std::size_t>> text_ids;
  for (const Template::Part& part : row.single) {
    if (const auto* special = std::get_if<Template::Special>(&part)) {
      if (options.add_special_tokens)
        out.insert(out.end(), special->ids.begin(), special->ids.end());
    } else if (text_ids) {  // a template may name its text twice
      for (std::size_t i = text_ids->first; i < text_ids->second; ++i)
        out.push_back(TokenId{out[i]});
    } else {
      const std::size_t begin = out.size();
      if (const Result<void> pushed = push_text(parts, text, options, work, out); !pushed)
        return pushed.error();
      text_ids.emplace(begin, out.size());
    }
  }
  return {};
}

/// As Tokenizer::encode_ids; whether there is a cache is up to the caller.
Result<void> push_ids(const Tokenizer& tokenizer, const TokenizerParts& parts,
                      std::string_view text, std::vector<TokenId>& out, IdWork& work,
                      const EncodeOptions& options) {
  if (const Result<void> checked = check_text(text); !checked) return checked.error();
  if (parts.truncation || parts.padding) {
    const Result<Encoding> encoding = tokenizer.encode(text, options);
    if (!encoding) return encoding.error();
    out.insert(out.end(), encoding->ids.begin(), encoding->ids.end());
    return {};
  }
  const std::size_t old_size = out.size();
  const Template* row = parts.post_processor.find_template();
  Result<void> pushed = row == nullptr ? push_text(parts, text, options, work, out)
                                       : push_row(parts, *row, text, options, work, out);
  if (!pushed) out.resize(old_size);
  return pushed;
}

/// What one thread of a batch has and makes.
struct IdWorker {
  IdWork work;
  std::vector<TokenId> ids;
};

/// Where the ids of a stretch of texts are.
struct StretchOfIds {
  std::size_t worker = 0;
  std::size_t begin = 0;          ///< in the worker's ids
  std::vector<std::size_t> ends;  ///< of each text, from there
  std::optional<Error> fault;
};

}  // namespace

struct EncodeScratch::State {
  IdWork work;
  std::uint64_t owner = 0;  ///< serial of the tokenizer whose pieces the cache holds
};

EncodeScratch::EncodeScratch() = default;
EncodeScratch::~EncodeScratch() = default;
EncodeScratch::EncodeScratch(EncodeScratch&&) noexcept = default;
EncodeScratch& EncodeScratch::operator=(EncodeScratch&&) noexcept = default;

Result<void> Tokenizer::encode_ids(std::string_view text, std::vector<TokenId>& out,
                                   EncodeScratch& scratch, const EncodeOptions& options) const {
  const bool kept = scratch.state_ != nullptr;
  if (!kept) scratch.state_ = std::make_unique<EncodeScratch::State>();
  EncodeScratch::State& state = *scratch.state_;
  if (state.owner != parts_->serial) {
    state.work.cache.reset();
    state.owner = parts_->serial;
  }
  // A scratch that comes back will see more text; one of a single call must earn its cache at once.
  if (state.work.cache == nullptr && (kept || text.size() >= PieceCache::kWorthwhile))
    state.work.cache = std::make_unique<PieceCache>(cache_grows(*parts_));
  return push_ids(*this, *parts_, text, out, state.work, options);
}

Result<void> Tokenizer::encode_ids(std::string_view text, std::vector<TokenId>& out,
                                   const EncodeOptions& options) const {
  IdWork work;
  work.cache = parts_->caches.take(text.size(), cache_grows(*parts_));
  Result<void> pushed = push_ids(*this, *parts_, text, out, work, options);
  parts_->caches.give(std::move(work.cache));
  return pushed;
}

Result<void> Tokenizer::encode_ids_batch(std::span<const std::string_view> texts, IdBatch& out,
                                         const EncodeOptions& options, unsigned n_threads) const {
  out.ids.clear();
  out.ends.clear();
  const std::vector<TextRange> stretches = stretches_of(texts);
  std::vector<IdWorker> workers(threads_for(n_threads, stretches.size()));
  const std::size_t n_bytes = total_size(texts);
  for (IdWorker& worker : workers)
    worker.work.cache = parts_->caches.take(n_bytes, cache_grows(*parts_));
  std::vector<StretchOfIds> results(stretches.size());
  run_tasks(workers.size(), stretches.size(), [&](std::size_t worker, std::size_t task) {
    IdWorker& own = workers[worker];
    StretchOfIds& result = results[task];
    result.worker = worker;
    result.begin = own.ids.size();
    for (std::size_t i = stretches[task].begin; i < stretches[task].end; ++i) {
      if (const Result<void> done = push_ids(*this, *parts_, texts[i], own.ids, own.work, options);
          !done) {
        result.fault = done.error();
        return false;
      }
      result.ends.push_back(own.ids.size() - result.begin);
    }
    return true;
  });
  for (IdWorker& worker : workers)
    parts_->caches.give(std::move(worker.work.cache));
  std::size_t n_ids = 0;
  for (const StretchOfIds& result : results) {
    if (result.fault) return *result.fault;
    n_ids += result.ends.empty() ? 0 : result.ends.back();
  }
  out.ends.reserve(texts.size());
  if (workers.size() == 1) {  // all in order already
    out.ids.swap(workers[0].ids);
  } else {
    out.ids.reserve(n_ids);
  }
  std::size_t base = 0;
  for (const StretchOfIds& result : results) {
    for (const std::size_t end : result.ends)
      out.ends.push_back(base + end);
    const std::size_t n = result.ends.back();
    if (workers.size() > 1) {
      const auto first =
          workers[result.worker].ids.begin() + static_cast<std::ptrdiff_t>(result.begin);
      out.ids.insert(out.ids.end(), first, first + static_cast<std::ptrdiff_t>(n));
    }
    base += n;
  }
  return {};
}

}  // namespace hfauth::tokenizer
