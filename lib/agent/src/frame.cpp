// SPDX-License-Identifier: Apache-2.0
//
// Each byte is searched for the NUL once, however small the pieces are in which it arrives.
#include "hfauth/agent/frame.hpp"

namespace hfauth::agent {

Result<std::optional<std::string_view>> FrameReader::front() {
  const std::string_view bytes = buffer_.view();
  const std::size_t end = bytes.find('\0', searched_);
  const std::size_t length = end == std::string_view::npos ? bytes.size() : end;
  if (length > max_frame_bytes_) {
    return Error{Errc::too_large,
                 "a message has more than " + std::to_string(max_frame_bytes_) + " bytes"};
  }
  searched_ = length;
  if (end == std::string_view::npos) return std::optional<std::string_view>();
  return std::optional(bytes.substr(0, end));
}

void FrameReader::pop() noexcept {
  buffer_.consume(searched_ + 1);
  searched_ = 0;
}

void FrameReader::clear() noexcept {
  buffer_.clear();
  searched_ = 0;
}

}  // namespace hfauth::agent
