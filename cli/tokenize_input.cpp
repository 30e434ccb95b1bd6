// SPDX-License-Identifier: Apache-2.0
//
// Files are read whole: a tokenizer sees a text as one.
#include "tokenize_input.hpp"

#include "hfauth/tokenizer/text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <numeric>
#include <ostream>
#include <system_error>

namespace hfauth::cli {
namespace {

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

}  // namespace

std::vector<std::string_view> texts_of(const std::vector<TokenizeInput>& inputs) {
  std::vector<std::string_view> texts;
  texts.reserve(inputs.size());
  for (const TokenizeInput& input : inputs)
    texts.emplace_back(input.text);
  return texts;
}

std::uint64_t total_size(const std::vector<TokenizeInput>& inputs) {
  return std::accumulate(
      inputs.begin(), inputs.end(), std::uint64_t{0},
      [](std::uint64_t sum, const TokenizeInput& input) { return sum + input.text.size(); });
}

int tell_fault(std::ostream& err, std::string_view what, int status) {
  err << "hfauth tokenize: " << what << '\n';
  return status;
}

std::optional<std::vector<TokenizeInput>> gather_inputs(const TokenizeRequest& request,
                                                        int input_fd, std::ostream& err) {
  std::vector<TokenizeInput> inputs;
  for (const std::string& text : request.texts)
    inputs.push_back({"", text});
  for (const std::filesystem::path& path : request.files)
    inputs.push_back({path.string(), ""});
  if (inputs.empty()) inputs.push_back({"-", ""});
  for (TokenizeInput& input : inputs) {
    if (!input.name.empty()) {
      const bool is_stdin = input.name == "-";
      const int error_number =
          is_stdin ? read_all(input_fd, input.text) : read_file(input.name, input.text);
      if (error_number != 0) {
        tell_fault(err, fmt::format("{}: {}", is_stdin ? "standard input" : input.name,
                                    std::generic_category().message(error_number)));
        return std::nullopt;
      }
    }
    if (!request.strict) input.text = tokenizer::with_replacements(std::move(input.text));
  }
  return inputs;
}

}  // namespace hfauth::cli
