// SPDX-License-Identifier: Apache-2.0
//
// `model` of a tokenizer.json. Nearly all bytes of the file are here, so vocabulary and merges are
// read straight from the parsed document, without the place-keeping wrappers of the small parts;
// places are made up only for an error. Files of before 2020 lack "type": the kind then shows in
// the keys (tokenizers 0.23, models/mod.rs, ModelUntagged).
#include "formats/components.hpp"
#include "formats/lines.hpp"
#include "formats/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace hfauth::tokenizer {

namespace {

namespace dom = simdjson::dom;

Result<Vocabulary> read_vocabulary(const JsonValue& value) {
  dom::object object;
  if (value.element.get(object) != simdjson::SUCCESS)
    return corrupt_at(value.place, "expected an object");
  constexpr std::size_t kTypicalBytes = 9;
  Vocabulary vocabulary;
  vocabulary.reserve(object.size(), object.size() * kTypicalBytes);
  std::array<Vocabulary::Token, Vocabulary::kFindBatch> batch;
  std::size_t n_waiting = 0;
  for (const dom::key_value_pair entry : object) {
    std::uint64_t id = 0;
    if (entry.value.get(id) != simdjson::SUCCESS || id > kLargestId) {
      return corrupt_at(value.place, fmt::format("the id of {} is not an integer from 0 to {}",
                                                 in_quotes(entry.key), kLargestId));
    }
    batch[n_waiting++] = {entry.key, static_cast<TokenId>(id)};
    if (n_waiting < batch.size()) continue;
    vocabulary.add_all(batch);
    n_waiting = 0;
  }
  vocabulary.add_all(std::span(batch).first(n_waiting));
  vocabulary.index_ids();
  return vocabulary;
}

Result<Vocabulary> read_vocabulary_of(const JsonObject& object) {
  const Result<JsonValue> vocab = object.required("vocab");
  if (!vocab) return vocab.error();
  return read_vocabulary(*vocab);
}

/// Enters merges in the order in which they come, a batch at a time; ranks count up. A list makes
/// tokens in the order of their ids, some in several ways, so what a merge makes is nearly always
/// the token made before or the next one: that is tried before the vocabulary is searched.
class MergeReader {
 public:
  /// `prefix_length` bytes of each right-hand side are left out of what the pair makes.
  MergeReader(const Vocabulary& vocabulary, std::size_t n_merges, std::size_t prefix_length,
              std::string place)
      : vocabulary_(vocabulary),
        table_(n_merges),
        prefix_length_(prefix_length),
        place_(std::move(place)) {}

  /// "left right", or a line that begins with #version.
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
    std::string_view right;  ///< the whole of it
    std::string joined;      ///< what they make, once it has to be searched for
    TokenId made = kNoToken;
    std::size_t index = 0;  ///< place in the list
  };

  Result<void> add_pair(std::string_view left, std::string_view right) {
    Waiting& waiting = batch_[n_waiting_++];
    waiting.left = left;
    waiting.right = right;
    if (right.size() < prefix_length_)
      return fault(n_read_, fmt::format("{} is shorter than the prefix", in_quotes(right)));
    waiting.index = n_read_++;
    guess_made(waiting);
    return n_waiting_ == kBatch ? enter_batch() : Result<void>();
  }

  void guess_made(Waiting& waiting) {
    const std::string_view tail = waiting.right.substr(prefix_length_);
    const auto is_made = [&](TokenId id) {
      const std::optional<std::string_view> token = vocabulary_.token(id);
      return token && token->size() == waiting.left.size() + tail.size() &&
             token->starts_with(waiting.left) && token->ends_with(tail);
    };
    if (is_made(last_made_ + 1)) {
      waiting.made = ++last_made_;
    } else if (is_made(last_made_)) {
      waiting.made = last_made_;
    } else {
      waiting.made = kNoToken;
      waiting.joined.assign(waiting.left);
      waiting.joined += tail;
    }
  }

  Result<void> enter_batch() {
    std::array<std::string_view, 3 * kBatch> tokens;
    std::array<TokenId, 3 * kBatch> ids{};
    std::size_t n_tokens = 0;
    for (std::size_t i = 0; i < n_waiting_; ++i) {
      tokens[n_tokens++] = batch_[i].left;
      tokens[n_tokens++] = batch_[i].right;
    }
    for (std::size_t i = 0; i < n_waiting_; ++i) {
      if (batch_[i].made == kNoToken) tokens[n_tokens++] = batch_[i].joined;
    }
    vocabulary_.find_all(std::span(tokens).first(n_tokens), std::span(ids).first(n_tokens));
    for (std::size_t i = 0, joined = 2 * n_waiting_; i < n_waiting_; ++i) {
      Waiting& merge = batch_[i];
      if (ids[2 * i] == kNoToken) return lacking(merge, merge.left, false);
      if (ids[2 * i + 1] == kNoToken) return lacking(merge, merge.right, false);
      if (merge.made == kNoToken) last_made_ = merge.made = ids[joined++];
      if (merge.made == kNoToken) return lacking(merge, merge.joined, true);
      table_.prefetch(ids[2 * i], ids[2 * i + 1]);
    }
    for (std::size_t i = 0; i < n_waiting_; ++i)
      table_.set(ids[2 * i], ids[2 * i + 1], rank_++, batch_[i].made);
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
  std::size_t prefix_length_;
  std::string place_;
  std::array<Waiting, kBatch> batch_;
  std::size_t n_waiting_ = 0;
  std::uint32_t rank_ = 0;
  std::size_t n_read_ = 0;
  TokenId last_made_ = 0;
};

Result<MergeTable> read_merges(const JsonValue& value, const Vocabulary& vocabulary,
                               std::size_t prefix_length) {
  dom::array array;
  if (value.element.get(array) != simdjson::SUCCESS)
    return corrupt_at(value.place, "expected an array");
  // simdjson's size() stops counting at this number; such an array is counted by hand.
  constexpr std::size_t kSizeLimit = 0xFFFFFF;
  const std::size_t n_merges =
      array.size() < kSizeLimit
          ? array.size()
          : static_cast<std::size_t>(std::distance(array.begin(), array.end()));
  MergeReader reader(vocabulary, n_merges, prefix_length, value.place);
  for (const dom::element item : array) {
    if (const Result<void> added = reader.add(item); !added) return added.error();
  }
  return reader.finish();
}

/// The string at `key`; empty if there is none.
Result<std::string> read_optional(const JsonObject& object, std::string_view key) {
  const std::optional<JsonValue> value = object.find(key);
  if (!value) return std::string();
  const Result<std::string_view> text = value->string();
  if (!text) return text.error();
  return std::string(*text);
}

Result<double> read_dropout(const JsonObject& object) {
  const std::optional<JsonValue> value = object.find("dropout");
  if (!value) return 0.0;
  double probability = 0;
  if (value->element.get(probability) != simdjson::SUCCESS)
    return corrupt_at(value->place, "expected a number");
  if (!(probability >= 0 && probability <= 1))
    return corrupt_at(value->place, fmt::format("{} is not between 0 and 1", probability));
  return probability;
}

Result<BpeOptions> read_bpe_options(const JsonObject& object) {
  BpeOptions options;
  const std::pair<std::string_view, bool*> flags[] = {{"ignore_merges", &options.ignore_merges},
                                                      {"fuse_unk", &options.fuse_unk},
                                                      {"byte_fallback", &options.byte_fallback}};
  for (const auto& [key, place] : flags) {
    const Result<bool> flag = object.boolean_or(key, false);
    if (!flag) return flag.error();
    *place = *flag;
  }
  const std::pair<std::string_view, std::string*> affixes[] = {
      {"continuing_subword_prefix", &options.continuing_prefix},
      {"end_of_word_suffix", &options.end_suffix}};
  for (const auto& [key, place] : affixes) {
    Result<std::string> text = read_optional(object, key);
    if (!text) return text.error();
    *place = std::move(*text);
  }
  if (object.find("unk_token")) {
    Result<std::string> unk = read_optional(object, "unk_token");
    if (!unk) return unk.error();
    options.unk_token = std::move(*unk);
  }
  const Result<double> dropout = read_dropout(object);
  if (!dropout) return dropout.error();
  options.dropout = *dropout;
  return options;
}

std::string_view kind_by_keys(const JsonObject& object) {
  const std::optional<JsonValue> vocab = object.find("vocab");
  if (vocab && object.find("merges")) return "BPE";
  if (object.find("max_input_chars_per_word")) return "WordPiece";
  return vocab && vocab->element.is_array() ? "Unigram" : "WordLevel";
}

Result<Model> read_bpe(const JsonObject& object) {
  Result<BpeOptions> options = read_bpe_options(object);
  if (!options) return options.error();
  Result<Vocabulary> vocabulary = read_vocabulary_of(object);
  if (!vocabulary) return vocabulary.error();
  const Result<JsonValue> merge_list = object.required("merges");
  if (!merge_list) return merge_list.error();
  Result<MergeTable> merges =
      read_merges(*merge_list, *vocabulary, options->continuing_prefix.size());
  if (!merges) return merges.error();
  return Model(Bpe(std::move(*vocabulary), std::move(*merges), std::move(*options)));
}

Result<Model> read_word_level(const JsonObject& object) {
  const Result<std::string_view> unk = object.string("unk_token");
  if (!unk) return unk.error();
  Result<Vocabulary> vocabulary = read_vocabulary_of(object);
  if (!vocabulary) return vocabulary.error();
  return Model(WordLevel(std::move(*vocabulary), *unk));
}

Result<Model> read_word_piece(const JsonObject& object) {
  WordPieceOptions options;
  const Result<std::string_view> unk = object.string("unk_token");
  if (!unk) return unk.error();
  options.unk_token = std::string(*unk);
  const Result<std::string_view> prefix = object.string("continuing_subword_prefix");
  if (!prefix) return prefix.error();
  options.continuing_prefix = std::string(*prefix);
  const Result<JsonValue> most = object.required("max_input_chars_per_word");
  if (!most) return most.error();
  const Result<std::uint64_t> max_characters = most->size();
  if (!max_characters) return max_characters.error();
  options.max_characters = *max_characters;
  Result<Vocabulary> vocabulary = read_vocabulary_of(object);
  if (!vocabulary) return vocabulary.error();
  return Model(WordPiece(std::move(*vocabulary), std::move(options)));
}

struct ScoredVocabulary {
  Vocabulary vocabulary;
  std::vector<double> scores;
};

/// [[piece, score]...]; the place in the list is the id.
Result<ScoredVocabulary> read_scored_vocabulary(const JsonValue& value) {
  dom::array list;
  if (value.element.get(list) != simdjson::SUCCESS)
    return corrupt_at(value.place, "expected an array");
  ScoredVocabulary read;
  for (const dom::element item : list) {
    dom::array pair;
    std::string_view piece;
    double score = 0;
    if (item.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
        pair.at(0).get(piece) != simdjson::SUCCESS || pair.at(1).get(score) != simdjson::SUCCESS) {
      return corrupt_at(fmt::format("{}[{}]", value.place, read.scores.size()),
                        "expected a piece and its score");
    }
    read.vocabulary.append(piece, static_cast<TokenId>(read.scores.size()));
    read.scores.push_back(score_as_read(score));
  }
  read.vocabulary.index_ids();
  return read;
}

Result<Model> read_unigram(const JsonObject& object) {
  const Result<JsonValue> list = object.required("vocab");
  if (!list) return list.error();
  Result<ScoredVocabulary> read = read_scored_vocabulary(*list);
  if (!read) return read.error();
  std::optional<TokenId> unk_id;
  if (const std::optional<JsonValue> value = object.find("unk_id")) {
    const Result<std::uint32_t> id = value->number();
    if (!id) return id.error();
    if (*id >= read->scores.size())
      return corrupt_at(value->place, fmt::format("{} is not in the vocabulary", *id));
    unk_id = *id;
  }
  const Result<bool> byte_fallback = object.boolean_or("byte_fallback", false);
  if (!byte_fallback) return byte_fallback.error();
  return Model(
      Unigram(std::move(read->vocabulary), std::move(read->scores), unk_id, *byte_fallback));
}

}  // namespace

Result<Model> read_bpe_files(simdjson::padded_string_view vocab_json, std::string_view merges,
                             BpeOptions options) {
  JsonParser parser;
  const Result<JsonValue> root = parser.parse(vocab_json, "vocab.json");
  if (!root) return root.error();
  Result<Vocabulary> vocabulary = read_vocabulary(*root);
  if (!vocabulary) return vocabulary.error();
  const auto n_lines = static_cast<std::size_t>(std::count(merges.begin(), merges.end(), '\n')) + 1;
  MergeReader reader(*vocabulary, n_lines, options.continuing_prefix.size(), "merges.txt");
  while (!merges.empty()) {
    std::string_view line = take_line(merges);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (const Result<void> added = reader.add_line(line); !added) return added.error();
  }
  Result<MergeTable> table = reader.finish();
  if (!table) return table.error();
  return Model(Bpe(std::move(*vocabulary), std::move(*table), std::move(options)));
}

Result<Model> read_model(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  const std::string_view kind = type->empty() ? kind_by_keys(*object) : *type;
  if (kind == "BPE") return read_bpe(*object);
  if (kind == "WordPiece") return read_word_piece(*object);
  if (kind == "WordLevel") return read_word_level(*object);
  if (kind == "Unigram") return read_unigram(*object);
  return unknown_component("model", kind, value.place);
}

}  // namespace hfauth::tokenizer
