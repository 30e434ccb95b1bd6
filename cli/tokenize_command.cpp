// SPDX-License-Identifier: Apache-2.0
//
// `hfauth tokenize` on top of the library: where the input comes from and which form goes out.
#include "tokenize_command.hpp"

#include "encoding_watch.hpp"
#include "json_lines.hpp"
#include "tokenize_input.hpp"
#include "tokenize_output.hpp"
#include "tokenize_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ostream>
#include <system_error>

namespace hfauth::cli {

namespace {

using tokenizer::TokenId;
using tokenizer::Tokenizer;

constexpr int kUsage = 2;

/// Of text on a page, which takes 50 times as much.
constexpr std::uint64_t kPageLimit = 4'000'000;

/// Numbers separated by commas or white space; brackets are passed over. The offending word if
/// there is one.
std::optional<std::string> parse_ids(std::string_view text, std::vector<TokenId>& ids) {
  constexpr std::string_view kBetween = " \t\r\n\f\v,[]";
  while (true) {
    const std::size_t begin = std::min(text.find_first_not_of(kBetween), text.size());
    text.remove_prefix(begin);
    if (text.empty()) return std::nullopt;
    const std::string_view word = text.substr(0, text.find_first_of(kBetween));
    TokenId id = 0;
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (code != std::errc() || end != word.data() + word.size()) return std::string(word);
    ids.push_back(id);
    text.remove_prefix(word.size());
  }
}

int run_decode(const TokenizeRequest& request, const Tokenizer& tokenizer,
               const std::vector<TokenizeInput>& inputs, std::ostream& out, std::ostream& err) {
  std::vector<TokenId> ids;
  for (const TokenizeInput& input : inputs) {
    if (const std::optional<std::string> word = parse_ids(input.text, ids)) {
      std::string shown;
      append_python_repr(shown, word->substr(0, 40));
      return tell_fault(err, fmt::format("{} is not a token id", shown), kUsage);
    }
  }
  const tokenizer::Result<std::string> text = tokenizer.decode(ids, request.skip_special_tokens);
  if (!text) return tell_fault(err, text.error().detail);
  out << *text << '\n';
  return 0;
}

/// One text in the requested form, or the error.
tokenizer::Result<std::string> answer(const TokenizeRequest& request, const Tokenizer& tokenizer,
                                      const std::string& text) {
  const bool wants_bytes = std::find(request.fields.begin(), request.fields.end(),
                                     "byte_offsets") != request.fields.end();
  EncodingWatch watch(request, text.size());
  const tokenizer::Result<tokenizer::Encoding> encoding =
      tokenizer.encode(text, {.add_special_tokens = request.add_special_tokens,
                              .byte_offsets = wants_bytes,
                              .n_bytes_done = watch.counter()});
  if (!encoding) return encoding.error();
  if (request.form == TokenizeForm::tokens) return python_list(encoding->tokens, request.colour);
  static const std::vector<std::string> kDefaultFields = {"ids", "tokens", "offsets"};
  std::string json;
  append_encoding(json, *encoding, request.fields.empty() ? kDefaultFields : request.fields);
  return json;
}

/// What to put before the fault of an input.
std::string which(const std::vector<TokenizeInput>& inputs, std::size_t i) {
  if (inputs[i].name == "-") return {};
  if (!inputs[i].name.empty()) return inputs[i].name + ": ";
  return inputs.size() > 1 ? fmt::format("text {}: ", i + 1) : std::string();
}

int run_texts(const TokenizeRequest& request, const Tokenizer& tokenizer,
              const std::vector<TokenizeInput>& inputs, std::ostream& out, std::ostream& err) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const tokenizer::Result<std::string> line = answer(request, tokenizer, inputs[i].text);
    if (!line) {
      out.flush();
      return tell_fault(err, which(inputs, i) + line.error().detail);
    }
    out << *line << '\n';
  }
  return 0;
}

/// The ids of all inputs; with a fault, of those before the first that has it.
std::optional<tokenizer::Error> encode_all(const TokenizeRequest& request,
                                           const Tokenizer& tokenizer,
                                           const std::vector<TokenizeInput>& inputs,
                                           tokenizer::IdBatch& ids) {
  EncodingWatch watch(request, total_size(inputs));
  const std::vector<std::string_view> texts = texts_of(inputs);
  const tokenizer::EncodeOptions options{.add_special_tokens = request.add_special_tokens,
                                         .n_bytes_done = watch.counter()};
  const tokenizer::Result<void> encoded = tokenizer.encode_ids_batch(texts, ids, options);
  if (encoded) return std::nullopt;
  for (const std::string_view text : texts) {
    const tokenizer::Result<void> one = tokenizer.encode_ids(text, ids.ids, options);
    if (!one) break;
    ids.ends.push_back(ids.ids.size());
  }
  return encoded.error();
}

int run_ids(const TokenizeRequest& request, const Tokenizer& tokenizer,
            const std::vector<TokenizeInput>& inputs, std::ostream& out, std::ostream& err) {
  tokenizer::IdBatch ids;
  const std::optional<tokenizer::Error> fault = encode_all(request, tokenizer, inputs, ids);
  const bool has_totals = request.form == TokenizeForm::count && request.files.size() > 1;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (request.form == TokenizeForm::ids) {
      out << id_list(ids.of(i));
    } else {
      out << ids.of(i).size();
    }
    if (has_totals) out << '\t' << inputs[i].name;
    out << '\n';
  }
  if (fault) {
    out.flush();
    return tell_fault(err, which(inputs, ids.size()) + fault->detail);
  }
  if (has_totals) out << ids.ids.size() << "\ttotal\n";
  return 0;
}

int run_page(const TokenizeRequest& request, const Tokenizer& tokenizer,
             const std::vector<TokenizeInput>& inputs, std::string_view name, std::ostream& out,
             std::ostream& err) {
  if (const std::uint64_t n_bytes = total_size(inputs); n_bytes > kPageLimit) {
    return tell_fault(
        err, fmt::format("a page of {:.1f} MB of text is more than a browser can show: give a part "
                         "of it, {} MB at most",
                         static_cast<double>(n_bytes) / 1e6, kPageLimit / 1'000'000));
  }
  std::vector<TokenizedText> texts;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    tokenizer::Result<tokenizer::Encoding> encoding = tokenizer.encode(
        inputs[i].text, {.add_special_tokens = request.add_special_tokens, .byte_offsets = true});
    if (!encoding) return tell_fault(err, which(inputs, i) + encoding.error().detail);
    texts.push_back({inputs[i].name == "-" ? std::string() : inputs[i].name, inputs[i].text,
                     std::move(*encoding)});
  }
  out << token_page(texts, name);
  return 0;
}

int run_inputs(const TokenizeRequest& request, const Tokenizer& tokenizer, int input_fd,
               std::string_view name, std::ostream& out, std::ostream& err) {
  const std::optional<std::vector<TokenizeInput>> inputs = gather_inputs(request, input_fd, err);
  if (!inputs) return 1;
  switch (request.form) {
    case TokenizeForm::decode:
      return run_decode(request, tokenizer, *inputs, out, err);
    case TokenizeForm::html:
      return run_page(request, tokenizer, *inputs, name, out, err);
    case TokenizeForm::ids:
    case TokenizeForm::count:
      return run_ids(request, tokenizer, *inputs, out, err);
    default:
      return run_texts(request, tokenizer, *inputs, out, err);
  }
}

}  // namespace

const std::vector<std::string>& encoding_fields() {
  static const std::vector<std::string> kNames = {
      "ids",      "tokens",         "offsets",  "byte_offsets", "special_tokens_mask",
      "type_ids", "attention_mask", "word_ids", "sequence_ids", "overflowing"};
  return kNames;
}

int run_tokenize(const TokenizeRequest& request, const Tokenizer& tokenizer, int input_fd,
                 std::ostream& out, std::ostream& err, std::string_view name) {
  if (!request.fields.empty() && request.form != TokenizeForm::json &&
      request.form != TokenizeForm::json_lines) {
    return tell_fault(err, "--fields belongs to --json and --json-lines", kUsage);
  }
  for (const std::string& field : request.fields) {
    const std::vector<std::string>& known = encoding_fields();
    if (std::find(known.begin(), known.end(), field) == known.end()) {
      return tell_fault(
          err, fmt::format("unknown field \"{}\"; known are {}", field, fmt::join(known, ", ")),
          kUsage);
    }
  }
  int status = 0;
  if (request.form == TokenizeForm::json_lines) {
    const int error_number = serve_json_lines(tokenizer, request.fields, input_fd, out);
    if (error_number != 0)
      status = tell_fault(
          err, fmt::format("standard input: {}", std::generic_category().message(error_number)));
  } else {
    status = run_inputs(request, tokenizer, input_fd, name, out, err);
  }
  out.flush();
  if (!out) return tell_fault(err, "the output could not be written");
  return status;
}

}  // namespace hfauth::cli
