// SPDX-License-Identifier: Apache-2.0
//
// Fewer tokens for the same bytes is what one looks for, so bytes a token stand beside the count.
#include "tokenize_compare.hpp"

#include "encoding_watch.hpp"
#include "tokenize_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ostream>

namespace hfauth::cli {
namespace {

struct Row {
  std::string name;
  std::size_t n_tokens = 0;
};

tokenizer::Result<std::size_t> count_tokens(const TokenizeRequest& request,
                                            const NamedTokenizer& named,
                                            const std::vector<TokenizeInput>& inputs) {
  const auto loaded = tokenizer::Tokenizer::from_file(named.path);
  if (!loaded) return tokenizer::Error{loaded.error().code, load_fault(loaded.error(), named)};
  EncodingWatch watch(request, total_size(inputs), named.name);
  tokenizer::IdBatch ids;
  const auto encoded = loaded->encode_ids_batch(
      texts_of(inputs), ids,
      {.add_special_tokens = request.add_special_tokens, .n_bytes_done = watch.counter()});
  if (!encoded) return encoded.error();
  return ids.ids.size();
}

double bytes_per_token(std::size_t n_bytes, std::size_t n_tokens) {
  return n_tokens == 0 ? 0 : static_cast<double>(n_bytes) / static_cast<double>(n_tokens);
}

void print_json(const std::vector<Row>& rows, std::size_t n_bytes, std::ostream& out) {
  std::string json = "[";
  for (const Row& row : rows) {
    json += json.size() > 1 ? ",{\"model\":" : "{\"model\":";
    append_json_string(json, row.name);
    json += fmt::format(",\"tokens\":{},\"bytes\":{}}}", row.n_tokens, n_bytes);
  }
  out << json << "]\n";
}

void print_table(const std::vector<Row>& rows, std::size_t n_bytes, std::ostream& out) {
  std::size_t width = std::string_view("MODEL").size();
  for (const Row& row : rows)
    width = std::max(width, row.name.size());
  out << fmt::format("{:<{}}  {:>10}  {:>11}\n", "MODEL", width, "TOKENS", "BYTES/TOKEN");
  for (const Row& row : rows) {
    out << fmt::format("{:<{}}  {:>10}  {:>11.2f}\n", row.name, width, row.n_tokens,
                       bytes_per_token(n_bytes, row.n_tokens));
  }
}

}  // namespace

std::string load_fault(const tokenizer::Error& error, const NamedTokenizer& named) {
  const bool is_damaged = error.code == tokenizer::Errc::corrupt;
  return is_damaged && !named.cure.empty() ? fmt::format("{}; {}", error.detail, named.cure)
                                           : error.detail;
}

int compare_tokenizers(const TokenizeRequest& request,
                       const std::vector<NamedTokenizer>& tokenizers,
                       const std::vector<TokenizeInput>& inputs, std::ostream& out,
                       std::ostream& err) {
  std::size_t n_bytes = 0;
  for (const TokenizeInput& input : inputs)
    n_bytes += input.text.size();
  std::vector<Row> rows;
  for (const NamedTokenizer& named : tokenizers) {
    const tokenizer::Result<std::size_t> n_tokens = count_tokens(request, named, inputs);
    if (!n_tokens)
      return tell_fault(err, fmt::format("{}: {}", named.name, n_tokens.error().detail));
    rows.push_back({named.name, *n_tokens});
  }
  if (request.as_json) {
    print_json(rows, n_bytes, out);
  } else {
    print_table(rows, n_bytes, out);
  }
  return 0;
}

}  // namespace hfauth::cli
