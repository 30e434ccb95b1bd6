// SPDX-License-Identifier: Apache-2.0
//
// A folder is a repository's: tokenizer.json first, then whatever vocabulary there is, in the order
// of kChoices; tokenizer_config.json and its older companions say the rest. Truncation and padding
// of a tokenizer.json are a matter of each call there, and off (transformers 5).
#include "formats/any_format.hpp"

#include "formats/json_fields.hpp"
#include "formats/readers.hpp"
#include "formats/sentence_piece_file.hpp"
#include "formats/tokenizer_json.hpp"
#include "formats/whole_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::tokenizer {

namespace {

namespace fs = std::filesystem;
using Parts = std::unique_ptr<const TokenizerParts>;

Error with_path(const fs::path& path, const Error& error) {
  return {error.code, fmt::format("{}: {}", path.string(), error.detail)};
}

/// Reads `path` and hands its text to `assemble`.
template <class Assemble>
Result<Assembly> from_text(const fs::path& path, Assemble assemble) {
  const Result<simdjson::padded_string> text = read_whole(path);
  if (!text) return text.error();
  Result<Assembly> assembly = assemble(view_of(*text));
  if (!assembly) return with_path(path, assembly.error());
  return assembly;
}

/// SentencePiece, or ranks of tiktoken under the same name; each class has rules of its own for the
/// first, and most renumber the pieces.
Result<Assembly> assemble_model_file(std::string_view bytes, const TokenizerConfig& config) {
  if (!looks_like_sentence_piece(bytes)) {
    Result<Assembly> assembly = assemble_tiktoken(bytes);
    if (assembly) apply_config(config, *assembly);
    return assembly;
  }
  if (config.tokenizer_class == "LlamaTokenizer" || config.tokenizer_class == "CodeLlamaTokenizer")
    return assemble_llama(bytes, config);
  if (!config.tokenizer_class.empty())
    return not_supported(
        fmt::format("the class {} without a tokenizer.json", config.tokenizer_class));
  Result<Assembly> assembly = assemble_sentence_piece(bytes);
  if (assembly) apply_config(config, *assembly);
  return assembly;
}

Result<Assembly> assemble_vocab_json(const fs::path& path, simdjson::padded_string_view vocab,
                                     const TokenizerConfig& config) {
  const Result<simdjson::padded_string> merges = read_whole(path.parent_path() / "merges.txt");
  if (!merges) return merges.error();
  return assemble_byte_level_bpe(vocab, view_of(*merges), config);
}

/// `text` is that of the file at `path`, whose name says the format.
Result<Assembly> assemble_named(const fs::path& path, simdjson::padded_string_view text,
                                const TokenizerConfig& config) {
  const std::string name = path.filename().string();
  if (name.ends_with(".model")) return assemble_model_file(text, config);
  if (name.ends_with(".tiktoken")) {
    Result<Assembly> assembly = assemble_tiktoken(text);
    if (assembly) apply_config(config, *assembly);
    return assembly;
  }
  if (name == "tekken.json") return assemble_tekken(text);
  if (name == "vocab.txt") return assemble_word_piece(text, config);
  if (name == "vocab.json") return assemble_vocab_json(path, text, config);
  return assemble_tokenizer_json(text);
}

Result<TokenizerConfig> config_of(const fs::path& folder) {
  std::array<simdjson::padded_string, 3> texts;
  constexpr std::array kNames{"tokenizer_config.json", "special_tokens_map.json",
                              "added_tokens.json"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Result<simdjson::padded_string> text = read_if_there(folder / kNames[i]);
    if (!text) return text.error();
    texts[i] = std::move(*text);
  }
  Result<TokenizerConfig> config =
      read_tokenizer_config(view_of(texts[0]), view_of(texts[1]), view_of(texts[2]));
  if (!config) return with_path(folder, config.error());
  return config;
}

/// The vocabulary of a folder without tokenizer.json; empty if there is none. Of several files that
/// end alike the first by name.
fs::path vocabulary_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  constexpr std::array<std::string_view, 7> kChoices = {
      "tekken.json", "tokenizer.model", "spiece.model", ".model",
      ".tiktoken",   "vocab.json",      "vocab.txt"};
  for (const std::string_view choice : kChoices) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
      return choice.starts_with('.') ? name.ends_with(choice) : name == choice;
    });
    if (found != names.end()) return folder / *found;
  }
  return {};
}

Result<Assembly> assemble_folder(const fs::path& folder) {
  const Result<TokenizerConfig> config = config_of(folder);
  if (!config) return config.error();
  std::error_code ignored;
  if (fs::exists(folder / "tokenizer.json", ignored)) {
    Result<Assembly> assembly = from_text(folder / "tokenizer.json", assemble_tokenizer_json);
    if (!assembly) return assembly.error();
    assembly->parts->truncation.reset();
    assembly->parts->padding.reset();
    apply_config(*config, *assembly);
    return assembly;
  }
  const fs::path vocabulary = vocabulary_in(folder);
  if (vocabulary.empty()) {
    return Error{Errc::not_found,
                 fmt::format("{}: no tokenizer.json, and no tekken.json, *.model, *.tiktoken, "
                             "vocab.json or vocab.txt",
                             folder.string())};
  }
  return from_text(vocabulary, [&](simdjson::padded_string_view text) {
    return assemble_named(vocabulary, text, *config);
  });
}

}  // namespace

Result<Parts> load_any(const fs::path& path) {
  std::error_code ignored;
  Result<Assembly> assembly = fs::is_directory(path, ignored)
                                  ? assemble_folder(path)
                                  : from_text(path, [&](simdjson::padded_string_view text) {
                                      return assemble_named(path, text, {});
                                    });
  if (!assembly) return assembly.error();
  Result<Parts> parts = finish(std::move(*assembly));
  if (!parts) return with_path(path, parts.error());
  return parts;
}

}  // namespace hfauth::tokenizer
