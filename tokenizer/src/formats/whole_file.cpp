// SPDX-License-Identifier: Apache-2.0
//
// Files are read into one buffer of their size; one that shrinks meanwhile is an error, one that
// grows is read as it was.
#include "formats/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace hfauth::tokenizer {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}

  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_;
};

Error file_error(const std::filesystem::path& path, int error_number) {
  return {error_number == ENOENT || error_number == ENOTDIR ? Errc::not_found : Errc::io,
          fmt::format("{}: {}", path.string(), std::generic_category().message(error_number))};
}

}  // namespace

Result<simdjson::padded_string> read_whole(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return file_error(path, errno);

  struct stat status {};

  if (::fstat(file.get(), &status) != 0) return file_error(path, errno);
  if (!S_ISREG(status.st_mode))
    return Error{Errc::io, fmt::format("{}: not a regular file", path.string())};
  const auto size = static_cast<std::size_t>(status.st_size);
  simdjson::padded_string text(size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t n = ::read(file.get(), text.data() + done, size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path, errno);
    if (n == 0)
      return Error{Errc::io, fmt::format("{}: became shorter while it was read", path.string())};
    done += static_cast<std::size_t>(n);
  }
  return text;
}

Result<simdjson::padded_string> read_if_there(const std::filesystem::path& path) {
  Result<simdjson::padded_string> text = read_whole(path);
  if (!text && text.error().code == Errc::not_found) return simdjson::padded_string();
  return text;
}

}  // namespace hfauth::tokenizer
