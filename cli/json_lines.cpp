// SPDX-License-Identifier: Apache-2.0
//
// The JSON-lines mode. Requests are parsed by simdjson (depth limit, UTF-8 check); replies are
// built by hand.
#include "json_lines.hpp"

#include "tokenize_output.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <optional>
#include <ostream>

namespace hfauth::cli {

namespace {

namespace dom = simdjson::dom;
using tokenizer::Result;

/// A request nests two deep; more is an attack.
constexpr std::size_t kMaxDepth = 16;

tokenizer::Error bad_request(std::string detail) {
  return {tokenizer::Errc::invalid_input, std::move(detail)};
}

std::optional<unsigned> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(0, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return value;
}

/// Writes \ufffd over \u escapes that are half a surrogate pair: simdjson refuses those, other
/// writers of JSON (Python's, JavaScript's) let them through. Outside of strings a backslash is an
/// error anyway.
void replace_lone_surrogates(std::string& line) {
  for (std::size_t at = line.find('\\'); at != std::string::npos && at + 1 < line.size();
       at = line.find('\\', at)) {
    const std::string_view rest = std::string_view(line).substr(at);
    const std::optional<unsigned> unit = rest[1] == 'u' ? hex4(rest.substr(2)) : std::nullopt;
    if (!unit || *unit < 0xD800 || *unit > 0xDFFF) {
      at += 2;
      continue;
    }
    const std::optional<unsigned> low =
        rest.substr(6).starts_with("\\u") ? hex4(rest.substr(8)) : std::nullopt;
    if (*unit < 0xDC00 && low && *low >= 0xDC00 && *low <= 0xDFFF) {
      at += 12;
      continue;
    }
    line.replace(at, 6, "\\ufffd");
    at += 6;
  }
}

Result<std::string_view> string_of(const dom::object& request, std::string_view key) {
  std::string_view text;
  if (request.at_key(key).get(text) == simdjson::SUCCESS) return text;
  return bad_request(fmt::format("\"{}\" is not a string", key));
}

/// The value of `key`, unless it is absent or null.
std::optional<dom::element> find(const dom::object& request, std::string_view key) {
  dom::element value;
  if (request.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

bool has(const dom::object& request, std::string_view key) {
  return request.at_key(key).error() == simdjson::SUCCESS;
}

Result<bool> flag_of(const dom::object& request, std::string_view key, bool fallback) {
  const std::optional<dom::element> value = find(request, key);
  bool flag = fallback;
  if (!value || value->get(flag) == simdjson::SUCCESS) return flag;
  return bad_request(fmt::format("\"{}\" is not a boolean", key));
}

Result<dom::array> array_of(const dom::object& request, std::string_view key) {
  dom::array array;
  if (request.at_key(key).get(array) == simdjson::SUCCESS) return array;
  return bad_request(fmt::format("\"{}\" is not an array", key));
}

/// Whether a read would wait.
bool is_dry(int fd) {
  pollfd poll_fd{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&poll_fd, 1, 0) == 0;
}

}  // namespace

struct JsonLinesResponder::State {
  State(const tokenizer::Tokenizer& tokenizer_in, std::vector<std::string> fields_in)
      : tokenizer(tokenizer_in),
        fields(std::move(fields_in)),
        wants_bytes(std::find(fields.begin(), fields.end(), "byte_offsets") != fields.end()) {}

  Result<void> answer(const dom::object& request);
  Result<void> answer_text(const dom::object& request);
  Result<void> answer_ids_of(std::string_view text, const tokenizer::EncodeOptions& options);
  Result<void> answer_texts(const dom::object& request);
  Result<void> answer_ids(const dom::object& request);
  Result<void> answer_normalize(const dom::object& request);
  Result<void> answer_pre_tokenize(const dom::object& request);

  void set_error(std::string_view detail) {
    out = "{\"error\":";
    append_json_string(out, detail);
    out += '}';
  }

  const tokenizer::Tokenizer& tokenizer;
  std::vector<std::string> fields;
  bool wants_bytes;
  dom::parser parser;
  std::string line;
  std::string out;
  tokenizer::EncodeScratch scratch;
  std::vector<tokenizer::TokenId> encoded_ids;
};

Result<void> JsonLinesResponder::State::answer(const dom::object& request) {
  if (has(request, "text")) return answer_text(request);
  if (has(request, "texts")) return answer_texts(request);
  if (has(request, "ids")) return answer_ids(request);
  if (has(request, "normalize")) return answer_normalize(request);
  if (has(request, "pre_tokenize")) return answer_pre_tokenize(request);
  return bad_request(
      "a request has one of \"text\", \"texts\", \"ids\", \"normalize\" and \"pre_tokenize\"");
}

Result<void> JsonLinesResponder::State::answer_text(const dom::object& request) {
  const Result<bool> add_special_tokens = flag_of(request, "add_special_tokens", true);
  if (!add_special_tokens) return add_special_tokens.error();
  const tokenizer::EncodeOptions options{.add_special_tokens = *add_special_tokens,
                                         .byte_offsets = wants_bytes};
  const Result<std::string_view> text = string_of(request, "text");
  if (!text) return text.error();
  const bool is_pair = find(request, "pair").has_value();
  const Result<std::string_view> pair =
      is_pair ? string_of(request, "pair") : Result<std::string_view>(std::string_view());
  if (!pair) return pair.error();
  if (!is_pair && fields.size() == 1 && fields[0] == "ids") return answer_ids_of(*text, options);
  const Result<tokenizer::Encoding> encoding =
      is_pair ? tokenizer.encode_pair(*text, *pair, options) : tokenizer.encode(*text, options);
  if (!encoding) return encoding.error();
  append_encoding(out, *encoding, fields);
  return {};
}

/// The short way, for callers that want nothing but ids.
Result<void> JsonLinesResponder::State::answer_ids_of(std::string_view text,
                                                      const tokenizer::EncodeOptions& options) {
  encoded_ids.clear();
  if (const Result<void> encoded = tokenizer.encode_ids(text, encoded_ids, scratch, options);
      !encoded) {
    return encoded.error();
  }
  out = "{\"ids\":";
  append_id_list(out, encoded_ids);
  out += '}';
  return {};
}

Result<void> JsonLinesResponder::State::answer_texts(const dom::object& request) {
  const Result<bool> add_special_tokens = flag_of(request, "add_special_tokens", true);
  if (!add_special_tokens) return add_special_tokens.error();
  const tokenizer::EncodeOptions options{.add_special_tokens = *add_special_tokens,
                                         .byte_offsets = wants_bytes};
  const Result<dom::array> texts = array_of(request, "texts");
  if (!texts) return texts.error();
  std::vector<std::string_view> batch;
  for (const dom::element item : *texts) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS)
      return bad_request("\"texts\" holds something that is not a string");
    batch.push_back(text);
  }
  const Result<std::vector<tokenizer::Encoding>> encodings = tokenizer.encode_batch(batch, options);
  if (!encodings) return encodings.error();
  out = "{\"batch\":[";
  bool first = true;
  for (const tokenizer::Encoding& encoding : *encodings) {
    if (!first) out += ',';
    first = false;
    append_encoding(out, encoding, fields);
  }
  out += "]}";
  return {};
}

Result<void> JsonLinesResponder::State::answer_ids(const dom::object& request) {
  const Result<dom::array> items = array_of(request, "ids");
  if (!items) return items.error();
  std::vector<tokenizer::TokenId> ids;
  for (const dom::element item : *items) {
    std::uint64_t id = 0;
    if (item.get(id) != simdjson::SUCCESS || id > 0xFFFFFFFF) {
      return bad_request("\"ids\" holds something that is not an id");
    }
    ids.push_back(static_cast<tokenizer::TokenId>(id));
  }
  const Result<bool> skip_special_tokens = flag_of(request, "skip_special_tokens", false);
  if (!skip_special_tokens) return skip_special_tokens.error();
  const Result<std::string> text = tokenizer.decode(ids, *skip_special_tokens);
  if (!text) return text.error();
  out = "{\"text\":";
  append_json_string(out, *text);
  out += '}';
  return {};
}

Result<void> JsonLinesResponder::State::answer_normalize(const dom::object& request) {
  const Result<std::string_view> text = string_of(request, "normalize");
  if (!text) return text.error();
  const Result<std::string> normalized = tokenizer.normalize(*text);
  if (!normalized) return normalized.error();
  out = "{\"normalized\":";
  append_json_string(out, *normalized);
  out += '}';
  return {};
}

Result<void> JsonLinesResponder::State::answer_pre_tokenize(const dom::object& request) {
  const Result<std::string_view> text = string_of(request, "pre_tokenize");
  if (!text) return text.error();
  const Result<std::vector<tokenizer::PreToken>> pieces = tokenizer.pre_tokenize(*text);
  if (!pieces) return pieces.error();
  out = "{\"pieces\":[";
  bool first = true;
  for (const tokenizer::PreToken& piece : *pieces) {
    out += first ? "[" : ",[";
    first = false;
    append_json_string(out, piece.text);
    fmt::format_to(std::back_inserter(out), ",[{},{}]]", piece.range.begin, piece.range.end);
  }
  out += "]}";
  return {};
}

JsonLinesResponder::JsonLinesResponder(const tokenizer::Tokenizer& tokenizer,
                                       std::vector<std::string> fields)
    : state_(std::make_unique<State>(tokenizer, std::move(fields))) {}

JsonLinesResponder::~JsonLinesResponder() = default;

std::string_view JsonLinesResponder::reply(std::string_view line) {
  State& state = *state_;
  state.out.clear();
  if (line.size() > kMaxRequestBytes) {
    state.set_error(fmt::format("the line is longer than {} bytes", kMaxRequestBytes));
    return state.out;
  }
  state.line = line;
  replace_lone_surrogates(state.line);
  state.line.reserve(state.line.size() + simdjson::SIMDJSON_PADDING);
  dom::element root;
  dom::object request;
  auto code = simdjson::SUCCESS;
  if (state.parser.capacity() < state.line.size())
    code = state.parser.allocate(state.line.size(), kMaxDepth);
  if (code == simdjson::SUCCESS) {
    code = state.parser.parse(state.line.data(), state.line.size(), false).get(root);
  }
  if (code != simdjson::SUCCESS) {
    state.set_error(fmt::format("not valid JSON: {}", simdjson::error_message(code)));
  } else if (root.get(request) != simdjson::SUCCESS) {
    state.set_error("a request is a JSON object");
  } else if (const Result<void> answered = state.answer(request); !answered) {
    state.set_error(answered.error().detail);
  }
  return state.out;
}

int serve_json_lines(const tokenizer::Tokenizer& tokenizer, const std::vector<std::string>& fields,
                     int input_fd, std::ostream& out) {
  JsonLinesResponder responder(tokenizer, fields);
  std::string pending;
  bool too_long = false;
  const auto answer = [&](std::string_view line) {
    out << responder.reply(line) << '\n';
    pending.clear();
    too_long = false;
  };
  std::array<char, 65536> buffer{};
  while (out) {
    if (is_dry(input_fd)) out.flush();
    const ssize_t n = ::read(input_fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) break;
    std::string_view rest(buffer.data(), static_cast<std::size_t>(n));
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      if (!too_long) pending += rest.substr(0, end);
      answer(pending);
      rest.remove_prefix(end + 1);
    }
    // One byte over the limit is enough for the error reply.
    if (!too_long) pending += rest;
    if (pending.size() > kMaxRequestBytes) {
      pending.resize(kMaxRequestBytes + 1);
      too_long = true;
    }
  }
  if (!pending.empty()) answer(pending);
  out.flush();
  return 0;
}

}  // namespace hfauth::cli
