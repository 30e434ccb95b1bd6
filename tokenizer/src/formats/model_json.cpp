// SPDX-License-Identifier: Apache-2.0
//
// `model` of a tokenizer.json. Nearly all bytes of the file are here, so vocabulary and merges are
// read straight from the parsed document, without the place-keeping wrappers of the small parts;
// places are made up only for an error. Files of before 2020 lack "type": the kind then shows in
// the keys (tokenizers 0.23, models/mod.rs, ModelUntagged).
#include "formats/components.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace hfauth::tokenizer {

namespace {

namespace dom = simdjson::dom;

/// Ids stay below this, so that the next free one, and the mark kNoToken, always fit.
constexpr std::uint64_t kIdLimit = 0x80000000;

Result<Vocabulary> read_vocabulary(const JsonValue& value) {
  dom::object object;
  if (value.element.get(object) != simdjson::SUCCESS)
    return corrupt_at(value.place, "expected an object");
  constexpr std::size_t kTypicalBytes = 9;
  Vocabulary vocabulary;
  vocabulary.reserve(object.size(), object.size() * kTypicalBytes);
  for (const dom::key_value_pair entry : object) {
    std::uint64_t id = 0;
    if (entry.value.get(id) != simdjson::SUCCESS || id >= kIdLimit) {
      return corrupt_at(value.place, fmt::format("the id of {} is not an integer from 0 to {}",
                                                 in_quotes(entry.key), kIdLimit - 1));
    }
    vocabulary.add(entry.key, static_cast<TokenId>(id));
  }
  vocabulary.index_ids();
  return vocabulary;
}

/// Enters merges in the order in which they come, a batch at a time; ranks count up.
class MergeReader {
 public:
  MergeReader(const Vocabulary& vocabulary, std::size_t n_merges, std::string place)
      : vocabulary_(vocabulary), table_(n_merges), place_(std::move(place)) {}

  Result<void> add(const dom::element& item) {
    std::string_view line;
    if (item.get(line) == simdjson::SUCCESS) return add_line(line);
    dom::array pair;
    std::string_view left;
    std::string_view right;
    if (item.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
        pair.at(0).get(left) != simdjson::SUCCESS || pair.at(1).get(right) != simdjson::SUCCESS) {
      return fault(n_read_, "expected \"a b\" or [\"a\", \"b\"]");
    }
    return add_pair(left, right);
  }

  /// Enters what is still waiting; nothing may be added afterwards.
  Result<MergeTable> finish() {
    if (const Result<void> entered = enter_batch(); !entered) return entered.error();
    return std::move(table_);
  }

 private:
  static constexpr std::size_t kBatch = Vocabulary::kFindBatch / 3;

  struct Waiting {
    std::string_view left;
    std::string_view right;
    std::string joined;
    std::size_t index = 0;  ///< place in the list
  };

  Result<void> add_line(std::string_view line) {
    if (line.starts_with("#version")) {
      ++n_read_;
      return {};
    }
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos) {
      return fault(n_read_, fmt::format("{} is not two tokens with one space between them",
                                        in_quotes(line)));
    }
    return add_pair(line.substr(0, space), line.substr(space + 1));
  }

  Result<void> add_pair(std::string_view left, std::string_view right) {
    Waiting& waiting = batch_[n_waiting_++];
    waiting.left = left;
    waiting.right = right;
    waiting.joined.assign(left);
    waiting.joined += right;
    waiting.index = n_read_++;
    return n_waiting_ == kBatch ? enter_batch() : Result<void>();
  }

  Result<void> enter_batch() {
    std::array<std::string_view, 3 * kBatch> tokens;
    std::array<TokenId, 3 * kBatch> ids;
    for (std::size_t i = 0; i < n_waiting_; ++i) {
      tokens[3 * i] = batch_[i].left;
      tokens[3 * i + 1] = batch_[i].right;
      tokens[3 * i + 2] = batch_[i].joined;
    }
    const std::size_t n_tokens = 3 * n_waiting_;
    vocabulary_.find_all(std::span(tokens).first(n_tokens), std::span(ids).first(n_tokens));
    for (std::size_t i = 0; i < n_tokens; ++i) {
      if (ids[i] == kNoToken) return lacking(batch_[i / 3], tokens[i], i % 3 == 2);
    }
    for (std::size_t i = 0; i < n_tokens; i += 3)
      table_.prefetch(ids[i], ids[i + 1]);
    for (std::size_t i = 0; i < n_tokens; i += 3)
      table_.set(ids[i], ids[i + 1], rank_++, ids[i + 2]);
    n_waiting_ = 0;
    return {};
  }

  [[nodiscard]] Error lacking(const Waiting& merge, std::string_view token, bool is_result) const {
    if (!is_result)
      return fault(merge.index, fmt::format("the vocabulary lacks {}", in_quotes(token)));
    return fault(merge.index,
                 fmt::format("the vocabulary lacks {}, which {} and {} make", in_quotes(token),
                             in_quotes(merge.left), in_quotes(merge.right)));
  }

  [[nodiscard]] Error fault(std::size_t index, std::string_view what) const {
    return corrupt_at(fmt::format("{}[{}]", place_, index), what);
  }

  const Vocabulary& vocabulary_;
  MergeTable table_;
  std::string place_;
  std::array<Waiting, kBatch> batch_;
  std::size_t n_waiting_ = 0;
  std::uint32_t rank_ = 0;
  std::size_t n_read_ = 0;
};

Result<MergeTable> read_merges(const JsonValue& value, const Vocabulary& vocabulary) {
  dom::array array;
  if (value.element.get(array) != simdjson::SUCCESS)
    return corrupt_at(value.place, "expected an array");
  // simdjson's size() stops counting at this number; such an array is counted by hand.
  constexpr std::size_t kSizeLimit = 0xFFFFFF;
  const std::size_t n_merges =
      array.size() < kSizeLimit
          ? array.size()
          : static_cast<std::size_t>(std::distance(array.begin(), array.end()));
  MergeReader reader(vocabulary, n_merges, value.place);
  for (const dom::element item : array) {
    if (const Result<void> added = reader.add(item); !added) return added.error();
  }
  return reader.finish();
}

Result<void> refuse_unbuilt_options(const JsonObject& object) {
  for (const std::string_view key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const std::optional<JsonValue> value = object.find(key);
    if (!value) continue;
    const Result<std::string_view> text = value->string();
    if (!text) return text.error();
    if (!text->empty())
      return not_supported(fmt::format("model BPE with {} {}", key, in_quotes(*text)));
  }
  const Result<bool> byte_fallback = object.boolean_or("byte_fallback", false);
  if (!byte_fallback) return byte_fallback.error();
  if (*byte_fallback) return not_supported("model BPE with byte_fallback");
  if (const std::optional<JsonValue> dropout = object.find("dropout")) {
    double probability = 0;
    if (dropout->element.get(probability) != simdjson::SUCCESS)
      return corrupt_at(dropout->place, "expected a number");
    if (probability != 0) return not_supported("model BPE with dropout");
  }
  return {};
}

Result<BpeOptions> read_bpe_options(const JsonObject& object) {
  if (const Result<void> checked = refuse_unbuilt_options(object); !checked) return checked.error();
  BpeOptions options;
  const Result<bool> ignore_merges = object.boolean_or("ignore_merges", false);
  if (!ignore_merges) return ignore_merges.error();
  options.ignore_merges = *ignore_merges;
  const Result<bool> fuse_unk = object.boolean_or("fuse_unk", false);
  if (!fuse_unk) return fuse_unk.error();
  options.fuse_unk = *fuse_unk;
  if (const std::optional<JsonValue> unk = object.find("unk_token")) {
    const Result<std::string_view> text = unk->string();
    if (!text) return text.error();
    options.unk_token = std::string(*text);
  }
  return options;
}

std::string_view kind_by_keys(const JsonObject& object) {
  const std::optional<JsonValue> vocab = object.find("vocab");
  if (vocab && object.find("merges")) return "BPE";
  if (object.find("max_input_chars_per_word")) return "WordPiece";
  return vocab && vocab->element.is_array() ? "Unigram" : "WordLevel";
}

}  // namespace

Result<Bpe> read_model(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  const std::string_view kind = type->empty() ? kind_by_keys(*object) : *type;
  if (kind != "BPE") return not_supported(fmt::format("model {}", kind));
  Result<BpeOptions> options = read_bpe_options(*object);
  if (!options) return options.error();
  const Result<JsonValue> vocab = object->required("vocab");
  if (!vocab) return vocab.error();
  Result<Vocabulary> vocabulary = read_vocabulary(*vocab);
  if (!vocabulary) return vocabulary.error();
  const Result<JsonValue> merge_list = object->required("merges");
  if (!merge_list) return merge_list.error();
  Result<MergeTable> merges = read_merges(*merge_list, *vocabulary);
  if (!merges) return merges.error();
  return Bpe(std::move(*vocabulary), std::move(*merges), std::move(*options));
}

}  // namespace hfauth::tokenizer
