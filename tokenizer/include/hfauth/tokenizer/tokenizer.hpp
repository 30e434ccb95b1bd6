// SPDX-License-Identifier: Apache-2.0
//
// Tokenizer: text to token ids and back, with the answers of Hugging Face tokenizers 0.23 for the
// same tokenizer.json. An object is immutable once loaded: every const member may be called from
// any number of threads at once. A moved-from object may only be destroyed or assigned to.
//
// Time: a text of n bytes takes O(n) in the normalizers, pre-tokenizers and WordPiece, O(n log p)
// in BPE with pieces of at most p bytes, O(n * longest token) in Unigram; a regular expression of
// the file that has no matcher of its own may take more, up to its limit (regex_limit). Decoding is
// linear. Memory beside the result: O(n) for encode; encode_ids keeps to its scratch. A tokenizer
// keeps pieces of the texts that were encoded without a scratch of the caller, and their ids, for
// the next ones: up to 4 MiB for each thread that was at work at once, 64 MiB at most.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"
#include "hfauth/tokenizer/error.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct TokenizerParts;

struct EncodeOptions {
  /// Whether the post-processor's template adds its tokens (such as `<|begin_of_text|>`). Tokens
  /// that are spelled out in the text are found in both cases.
  bool add_special_tokens = true;
  /// Whether Encoding::byte_offsets is filled: one more pass over the text.
  bool byte_offsets = false;
  /// Counts up by the bytes that are done, for whoever watches a long call from another thread,
  /// such as a progress bar; a normalizer can make them a few more or less than the text has.
  std::atomic<std::size_t>* n_bytes_done = nullptr;
};

/// Where the shared Hub cache is and which state of the model is meant.
struct CacheOptions {
  std::string revision = "main";  ///< a branch, a tag or a commit
  /// models--org--name stand in it; empty: where huggingface_hub has it (HF_HUB_CACHE, HF_HOME,
  /// XDG_CACHE_HOME, then ~/.cache).
  std::filesystem::path folder = {};
};

/// Working memory of `Tokenizer::encode_ids`: buffers and a cache, up to 4 MiB, of pieces that were
/// encoded before. For texts that shall leave nothing behind in the tokenizer, and for threads that
/// shall never wait for each other. Belongs to one thread at a time, and to the tokenizer of its
/// first use: with another one it starts afresh.
class EncodeScratch {
 public:
  EncodeScratch();
  ~EncodeScratch();
  EncodeScratch(EncodeScratch&&) noexcept;
  EncodeScratch& operator=(EncodeScratch&&) noexcept;
  EncodeScratch(const EncodeScratch&) = delete;
  EncodeScratch& operator=(const EncodeScratch&) = delete;

 private:
  friend class Tokenizer;
  struct State;
  std::unique_ptr<State> state_;
};

/// The ids of many texts, one behind the other.
struct IdBatch {
  std::vector<TokenId> ids;
  std::vector<std::size_t> ends;  ///< where those of each text end

  [[nodiscard]] std::size_t size() const noexcept { return ends.size(); }

  /// Those of text `i` < size().
  [[nodiscard]] std::span<const TokenId> of(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::span(ids).subspan(begin, ends[i] - begin);
  }
};

class Tokenizer {
 public:
  /// Reads a tokenizer.json, or by its name another format: *.model (SentencePiece, or ranks of
  /// tiktoken), *.tiktoken, tekken.json, vocab.json with merges.txt beside it, vocab.txt. A folder
  /// is read as transformers' AutoTokenizer does: tokenizer.json or else one of the others, with
  /// tokenizer_config.json, special_tokens_map.json and added_tokens.json, and without the
  /// truncation and padding of the file. Blocks. O(size of the files). Errors: not_found, io, and
  /// those of from_json with the path in front.
  [[nodiscard]] static Result<Tokenizer> from_file(const std::filesystem::path& path);

  /// The folder of `model` ("microsoft/phi-4") in the shared Hub cache, as from_file reads it;
  /// nothing is downloaded. Errors: not_found if it is not cached; invalid_input for what is no
  /// name of a model; else as from_file.
  [[nodiscard]] static Result<Tokenizer> from_cache(std::string_view model,
                                                    const CacheOptions& options = {});

  /// Builds a tokenizer from the text of a tokenizer.json (UTF-8, up to 4 GiB; only read during the
  /// call). Errors: corrupt names the place and the fault; unsupported names the component, such as
  /// "not supported yet: normalizer Foo, at normalizer.normalizers[1]".
  [[nodiscard]] static Result<Tokenizer> from_json(std::string_view json);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;
  ~Tokenizer();

  /// Encodes one text, truncated and padded as the tokenizer file says. Errors: invalid_input if
  /// `text` is not UTF-8 (the detail names the byte offset) or has 4 GiB or more, or if the
  /// truncation cannot make it fit; regex_limit; corrupt if the model needs an unknown token that
  /// its vocabulary lacks.
  [[nodiscard]] Result<Encoding> encode(std::string_view text,
                                        const EncodeOptions& options = {}) const;

  /// Encodes two texts as one input (question and answer). Offsets of the second one count from its
  /// own start. Errors as encode.
  [[nodiscard]] Result<Encoding> encode_pair(std::string_view text, std::string_view pair,
                                             const EncodeOptions& options = {}) const;

  /// Encodes each text, padded together as the tokenizer file says, on up to `n_threads` threads,
  /// the caller's among them; 0: as many as the process may use processors. Few or short texts take
  /// fewer. The result does not depend on how many. Errors: those of the first text that has one.
  [[nodiscard]] Result<std::vector<Encoding>> encode_batch(std::span<const std::string_view> texts,
                                                           const EncodeOptions& options = {},
                                                           unsigned n_threads = 0) const;

  /// Appends the ids of `text` to `out`: those of encode, without building strings or offsets. On
  /// an error `out` is as long as before. Errors as encode.
  [[nodiscard]] Result<void> encode_ids(std::string_view text, std::vector<TokenId>& out,
                                        EncodeScratch& scratch,
                                        const EncodeOptions& options = {}) const;

  /// The same with working memory of the tokenizer's own.
  [[nodiscard]] Result<void> encode_ids(std::string_view text, std::vector<TokenId>& out,
                                        const EncodeOptions& options = {}) const;

  /// The ids of each text as encode_ids has them: padding, if the tokenizer file says so, is a
  /// matter of each text alone. What is in `out` is replaced, its memory used again; on an error it
  /// is empty. Threads and errors as encode_batch.
  [[nodiscard]] Result<void> encode_ids_batch(std::span<const std::string_view> texts, IdBatch& out,
                                              const EncodeOptions& options = {},
                                              unsigned n_threads = 0) const;

  /// The text of `ids`; ids that mean nothing are passed over, as in the reference.
  /// `skip_special_tokens` leaves out the added tokens that are marked special. Bytes that do not
  /// form UTF-8 become U+FFFD. Errors: regex_limit.
  [[nodiscard]] Result<std::string> decode(std::span<const TokenId> ids,
                                           bool skip_special_tokens = false) const;

  /// The text after the normalizer; added tokens are not looked for. Errors: invalid_input,
  /// regex_limit.
  [[nodiscard]] Result<std::string> normalize(std::string_view text) const;

  /// The pieces that the pre-tokenizer makes of `text`; added tokens are not looked for. Errors:
  /// invalid_input, regex_limit.
  [[nodiscard]] Result<std::vector<PreToken>> pre_tokenize(std::string_view text) const;

  /// The spelling of a token, from the added tokens (the normalized one if there is such) or the
  /// vocabulary. The view lives as long as the tokenizer.
  [[nodiscard]] std::optional<std::string_view> id_to_token(TokenId id) const;
  [[nodiscard]] std::optional<TokenId> token_to_id(std::string_view token) const;

  /// How many tokens there are, with the added ones (default) or in the model's vocabulary alone.
  [[nodiscard]] std::size_t vocab_size(bool with_added_tokens = true) const;

 private:
  explicit Tokenizer(std::unique_ptr<const TokenizerParts> parts);
  std::unique_ptr<const TokenizerParts> parts_;
};

}  // namespace hfauth::tokenizer
