// SPDX-License-Identifier: Apache-2.0
//
// `hfauth tokenize` on top of the library: where the input comes from and which form goes out.
#include "tokenize_command.hpp"

#include "json_lines.hpp"
#include "tokenize_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ostream>
#include <system_error>

namespace hfauth::cli {

namespace {

using tokenizer::TokenId;
using tokenizer::Tokenizer;

constexpr int kFailure = 1;
constexpr int kUsage = 2;

int fail(std::ostream& err, std::string_view what, int status = kFailure) {
  err << "hfauth tokenize: " << what << '\n';
  return status;
}

std::string errno_text(int error_number) {
  return std::generic_category().message(error_number);
}

/// Everything up to the end of `fd`; the errno if reading fails.
int read_all(int fd, std::string& text) {
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n == 0) return 0;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

int read_file(const std::filesystem::path& path, std::string& text) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error_number = read_all(fd, text);
  ::close(fd);
  return error_number;
}

/// The input texts, or nullopt after a message.
std::optional<std::vector<std::string>> gather_texts(const TokenizeRequest& request, int input_fd,
                                                     std::ostream& err) {
  std::vector<std::string> texts = request.texts;
  const bool from_stdin = !request.file && texts.empty();
  if (!request.file && !from_stdin) return texts;
  std::string text;
  const int error_number = from_stdin ? read_all(input_fd, text) : read_file(*request.file, text);
  if (error_number != 0) {
    fail(err, fmt::format("{}: {}", from_stdin ? "standard input" : request.file->string(),
                          errno_text(error_number)));
    return std::nullopt;
  }
  texts.push_back(std::move(text));
  return texts;
}

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
               const std::vector<std::string>& texts, std::ostream& out, std::ostream& err) {
  std::vector<TokenId> ids;
  for (const std::string& text : texts) {
    if (const std::optional<std::string> word = parse_ids(text, ids)) {
      std::string shown;
      append_python_repr(shown, word->substr(0, 40));
      return fail(err, fmt::format("{} is not a token id", shown), kUsage);
    }
  }
  const tokenizer::Result<std::string> text = tokenizer.decode(ids, request.skip_special_tokens);
  if (!text) return fail(err, text.error().detail);
  out << *text << '\n';
  return 0;
}

/// One text in the requested form, or the error.
tokenizer::Result<std::string> answer(const TokenizeRequest& request, const Tokenizer& tokenizer,
                                      const std::string& text) {
  const tokenizer::EncodeOptions options{.add_special_tokens = request.add_special_tokens};
  if (request.form == TokenizeForm::ids || request.form == TokenizeForm::count) {
    std::vector<TokenId> ids;
    const tokenizer::Result<void> encoded = tokenizer.encode_ids(text, ids, options);
    if (!encoded) return encoded.error();
    return request.form == TokenizeForm::ids ? id_list(ids) : std::to_string(ids.size());
  }
  const tokenizer::Result<tokenizer::Encoding> encoding = tokenizer.encode(text, options);
  if (!encoding) return encoding.error();
  if (request.form == TokenizeForm::tokens) return python_list(encoding->tokens);
  static const std::vector<std::string> kDefaultFields = {"ids", "tokens", "offsets"};
  std::string json;
  append_encoding(json, *encoding, request.fields.empty() ? kDefaultFields : request.fields);
  return json;
}

int run_texts(const TokenizeRequest& request, const Tokenizer& tokenizer,
              const std::vector<std::string>& texts, std::ostream& out, std::ostream& err) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const tokenizer::Result<std::string> line = answer(request, tokenizer, texts[i]);
    if (!line) {
      const std::string which = request.file       ? request.file->string() + ": "
                                : texts.size() > 1 ? fmt::format("text {}: ", i + 1)
                                                   : std::string();
      out.flush();
      return fail(err, which + line.error().detail);
    }
    out << *line << '\n';
  }
  return 0;
}

}  // namespace

const std::vector<std::string>& encoding_fields() {
  static const std::vector<std::string> kNames = {
      "ids",      "tokens",       "offsets",    "special_tokens_mask", "type_ids", "attention_mask",
      "word_ids", "sequence_ids", "overflowing"};
  return kNames;
}

int run_tokenize(const TokenizeRequest& request, const Tokenizer& tokenizer, int input_fd,
                 std::ostream& out, std::ostream& err) {
  for (const std::string& field : request.fields) {
    const std::vector<std::string>& known = encoding_fields();
    if (std::find(known.begin(), known.end(), field) == known.end()) {
      return fail(err,
                  fmt::format("unknown field \"{}\"; known are {}", field, fmt::join(known, ", ")),
                  kUsage);
    }
  }
  int status = 0;
  if (request.form == TokenizeForm::json_lines) {
    const int error_number = serve_json_lines(tokenizer, request.fields, input_fd, out);
    if (error_number != 0)
      status = fail(err, fmt::format("standard input: {}", errno_text(error_number)));
  } else {
    const std::optional<std::vector<std::string>> texts = gather_texts(request, input_fd, err);
    if (!texts) return kFailure;
    status = request.form == TokenizeForm::decode ? run_decode(request, tokenizer, *texts, out, err)
                                                  : run_texts(request, tokenizer, *texts, out, err);
  }
  out.flush();
  if (!out) return fail(err, "the output could not be written");
  return status;
}

}  // namespace hfauth::cli
