// SPDX-License-Identifier: Apache-2.0
//
// The C ABI. Exceptions, which only a lack of memory or a bug can cause, end here.
#include "hfauth/tokenizer/tokenizer.hpp"
#include "hfauth_tokenizer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>

struct hfauth_tokenizer {
  hfauth::tokenizer::Tokenizer tokenizer;
};

struct hfauth_encoding {
  hfauth::tokenizer::Encoding encoding;
  std::vector<hfauth_token_range> offsets;
  std::vector<hfauth_token_range> byte_offsets;
};

namespace {

using hfauth::tokenizer::EncodeOptions;
using hfauth::tokenizer::Errc;
using hfauth::tokenizer::Error;
using hfauth::tokenizer::Result;
using hfauth::tokenizer::Tokenizer;

/// A copy for the caller, ended by NUL; nullptr without memory.
char* copy_of(std::string_view text) noexcept {
  auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) return nullptr;
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  return copy;
}

void tell(char** error, std::string_view text) noexcept {
  if (error != nullptr) *error = copy_of(text);
}

hfauth_tokenizer_status status_of(Errc code) noexcept {
  switch (code) {
    case Errc::not_found:
      return HFAUTH_TOKENIZER_NOT_FOUND;
    case Errc::io:
      return HFAUTH_TOKENIZER_IO;
    case Errc::corrupt:
      return HFAUTH_TOKENIZER_CORRUPT;
    case Errc::unsupported:
      return HFAUTH_TOKENIZER_UNSUPPORTED;
    case Errc::invalid_input:
      return HFAUTH_TOKENIZER_INVALID_INPUT;
    case Errc::regex_limit:
      return HFAUTH_TOKENIZER_REGEX_LIMIT;
  }
  return HFAUTH_TOKENIZER_INTERNAL;
}

hfauth_tokenizer_status fail(const Error& failure, char** error) noexcept {
  tell(error, failure.detail);
  return status_of(failure.code);
}

/// Runs `work`, a function that returns a status. door: a C callback.
template <class Work>
hfauth_tokenizer_status guarded(char** error, Work work) noexcept {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    tell(error, "out of memory");
    return HFAUTH_TOKENIZER_OUT_OF_MEMORY;
  } catch (const std::exception& bug) {
    tell(error, bug.what());
    return HFAUTH_TOKENIZER_INTERNAL;
  }
}

hfauth_tokenizer_status keep(Result<Tokenizer> loaded, hfauth_tokenizer** out, char** error) {
  if (!loaded) return fail(loaded.error(), error);
  *out = new hfauth_tokenizer{std::move(*loaded)};
  return HFAUTH_TOKENIZER_OK;
}

template <class Ranges>
std::vector<hfauth_token_range> ranges_of(const Ranges& ranges) {
  std::vector<hfauth_token_range> copies;
  copies.reserve(ranges.size());
  for (const auto& range : ranges)
    copies.push_back({range.begin, range.end});
  return copies;
}

std::unique_ptr<hfauth_encoding> handle_of(hfauth::tokenizer::Encoding encoding) {
  auto offsets = ranges_of(encoding.offsets);
  auto byte_offsets = ranges_of(encoding.byte_offsets);
  return std::make_unique<hfauth_encoding>(
      hfauth_encoding{std::move(encoding), std::move(offsets), std::move(byte_offsets)});
}

EncodeOptions options_of(unsigned flags, bool byte_offsets) {
  return {.add_special_tokens = (flags & HFAUTH_TOKENIZER_NO_SPECIAL) == 0,
          .byte_offsets = byte_offsets};
}

std::vector<std::string_view> views_of(const hfauth_text* texts, size_t n_texts) {
  std::vector<std::string_view> views;
  views.reserve(n_texts);
  for (const hfauth_text& text : std::span(texts, n_texts))
    views.emplace_back(text.data, text.n_bytes);
  return views;
}

/// As many as there is room for.
void copy_ids(const std::vector<hfauth::tokenizer::TokenId>& all, uint32_t* ids, size_t capacity,
              size_t* n_ids) {
  const std::size_t n_copied = std::min(all.size(), capacity);
  if (n_copied > 0) std::memcpy(ids, all.data(), n_copied * sizeof *ids);
  *n_ids = all.size();
}

}  // namespace

hfauth_tokenizer_status hfauth_tokenizer_open(const char* path, hfauth_tokenizer** tokenizer,
                                              char** error) {
  return guarded(error, [&] { return keep(Tokenizer::from_file(path), tokenizer, error); });
}

hfauth_tokenizer_status hfauth_tokenizer_open_json(const char* json, size_t n_bytes,
                                                   hfauth_tokenizer** tokenizer, char** error) {
  return guarded(error, [&] {
    return keep(Tokenizer::from_json({json, n_bytes}), tokenizer, error);
  });
}

void hfauth_tokenizer_close(hfauth_tokenizer* tokenizer) {
  delete tokenizer;
}

size_t hfauth_tokenizer_vocab_size(const hfauth_tokenizer* tokenizer) {
  return tokenizer->tokenizer.vocab_size();
}

hfauth_tokenizer_status hfauth_tokenizer_encode(const hfauth_tokenizer* tokenizer, const char* text,
                                                size_t n_bytes, const char* pair,
                                                size_t n_pair_bytes, unsigned flags,
                                                hfauth_encoding** encoding, char** error) {
  return guarded(error, [&] {
    const EncodeOptions options = options_of(flags, true);
    Result<hfauth::tokenizer::Encoding> encoded =
        pair == nullptr
            ? tokenizer->tokenizer.encode({text, n_bytes}, options)
            : tokenizer->tokenizer.encode_pair({text, n_bytes}, {pair, n_pair_bytes}, options);
    if (!encoded) return fail(encoded.error(), error);
    *encoding = handle_of(std::move(*encoded)).release();
    return HFAUTH_TOKENIZER_OK;
  });
}

void hfauth_encoding_free(hfauth_encoding* encoding) {
  delete encoding;
}

size_t hfauth_encoding_size(const hfauth_encoding* encoding) {
  return encoding->encoding.size();
}

const uint32_t* hfauth_encoding_ids(const hfauth_encoding* encoding) {
  return encoding->encoding.ids.data();
}

const hfauth_token_range* hfauth_encoding_offsets(const hfauth_encoding* encoding) {
  return encoding->offsets.data();
}

const hfauth_token_range* hfauth_encoding_byte_offsets(const hfauth_encoding* encoding) {
  return encoding->byte_offsets.data();
}

const uint32_t* hfauth_encoding_type_ids(const hfauth_encoding* encoding) {
  return encoding->encoding.type_ids.data();
}

const char* hfauth_encoding_token(const hfauth_encoding* encoding, size_t index, size_t* n_bytes) {
  if (index >= encoding->encoding.tokens.size()) return nullptr;
  const std::string& token = encoding->encoding.tokens[index];
  if (n_bytes != nullptr) *n_bytes = token.size();
  return token.c_str();
}

hfauth_tokenizer_status hfauth_tokenizer_encode_ids(const hfauth_tokenizer* tokenizer,
                                                    const char* text, size_t n_bytes,
                                                    unsigned flags, uint32_t* ids, size_t capacity,
                                                    size_t* n_ids, char** error) {
  return guarded(error, [&] {
    std::vector<hfauth::tokenizer::TokenId> all;
    const Result<void> encoded =
        tokenizer->tokenizer.encode_ids({text, n_bytes}, all, options_of(flags, false));
    if (!encoded) return fail(encoded.error(), error);
    copy_ids(all, ids, capacity, n_ids);
    return HFAUTH_TOKENIZER_OK;
  });
}

hfauth_tokenizer_status hfauth_tokenizer_encode_ids_batch(
    const hfauth_tokenizer* tokenizer, const hfauth_text* texts, size_t n_texts, unsigned flags,
    unsigned n_threads, uint32_t* ids, size_t capacity, size_t* n_ids, size_t* ends, char** error) {
  return guarded(error, [&] {
    hfauth::tokenizer::IdBatch batch;
    const Result<void> encoded = tokenizer->tokenizer.encode_ids_batch(
        views_of(texts, n_texts), batch, options_of(flags, false), n_threads);
    if (!encoded) return fail(encoded.error(), error);
    copy_ids(batch.ids, ids, capacity, n_ids);
    std::copy(batch.ends.begin(), batch.ends.end(), ends);
    return HFAUTH_TOKENIZER_OK;
  });
}

hfauth_tokenizer_status hfauth_tokenizer_encode_batch(const hfauth_tokenizer* tokenizer,
                                                      const hfauth_text* texts, size_t n_texts,
                                                      unsigned flags, unsigned n_threads,
                                                      hfauth_encoding** encodings, char** error) {
  return guarded(error, [&] {
    Result<std::vector<hfauth::tokenizer::Encoding>> encoded = tokenizer->tokenizer.encode_batch(
        views_of(texts, n_texts), options_of(flags, true), n_threads);
    if (!encoded) return fail(encoded.error(), error);
    std::vector<std::unique_ptr<hfauth_encoding>> handles;
    handles.reserve(n_texts);
    for (hfauth::tokenizer::Encoding& encoding : *encoded)
      handles.push_back(handle_of(std::move(encoding)));
    for (std::size_t i = 0; i < n_texts; ++i)
      encodings[i] = handles[i].release();
    return HFAUTH_TOKENIZER_OK;
  });
}

hfauth_tokenizer_status hfauth_tokenizer_decode(const hfauth_tokenizer* tokenizer,
                                                const uint32_t* ids, size_t n_ids, unsigned flags,
                                                char** text, size_t* n_bytes, char** error) {
  return guarded(error, [&] {
    const Result<std::string> decoded = tokenizer->tokenizer.decode(
        std::span(ids, n_ids), (flags & HFAUTH_TOKENIZER_SKIP_SPECIAL) != 0);
    if (!decoded) return fail(decoded.error(), error);
    char* copy = copy_of(*decoded);
    if (copy == nullptr) throw std::bad_alloc();
    *text = copy;
    if (n_bytes != nullptr) *n_bytes = decoded->size();
    return HFAUTH_TOKENIZER_OK;
  });
}

void hfauth_tokenizer_free_text(char* text) {
  std::free(text);
}
