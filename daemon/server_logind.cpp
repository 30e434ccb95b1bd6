// SPDX-License-Identifier: Apache-2.0
//
// sd-bus(3) on the loop's own descriptor. A "delay" inhibitor makes logind wait for the lock: it is
// given back when the tokens are wiped, and taken again when the machine has woken up
// (org.freedesktop.login1(5)). The only file that includes sd-bus.
#include "server_logind.hpp"

#include "hfauth/core/file.hpp"
#include "log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstring>
#include <string>
#include <utility>

namespace hfauth::daemon {

using boost::asio::posix::stream_descriptor;
using boost::system::error_code;

namespace {

constexpr const char* kService = "org.freedesktop.login1";
constexpr const char* kManager = "org.freedesktop.login1.Manager";
constexpr const char* kPath = "/org/freedesktop/login1";

struct BusEnd {
  void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
};

}  // namespace

class Logind::Bus {
 public:
  Bus(boost::asio::io_context& io, Events& events) : descriptor_(io), events_(events) {}

  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  ~Bus() { close(); }

  /// False: there is no bus.
  bool open() {
    sd_bus* bus = nullptr;
    if (sd_bus_open_system(&bus) < 0) return false;
    bus_.reset(bus);
    // All calls are asynchronous: who does not answer keeps nobody waiting.
    sd_bus_match_signal_async(bus, nullptr, kService, kPath, kManager, "PrepareForSleep", on_sleep,
                              nullptr, this);
    sd_bus_match_signal_async(bus, nullptr, kService, nullptr, "org.freedesktop.login1.Session",
                              "Lock", on_lock, nullptr, this);
    inhibit();
    const int copy = fcntl(sd_bus_get_fd(bus), F_DUPFD_CLOEXEC, 3);
    if (copy < 0) return false;
    descriptor_.assign(copy);
    process();
    return true;
  }

  void close() {
    error_code ignored;  // nothing can be done about a close that fails
    descriptor_.close(ignored);
    inhibitor_.reset();
    bus_.reset();
  }

 private:
  static int on_sleep(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    int sleeps = 0;
    if (sd_bus_message_read(message, "b", &sleeps) < 0) return 0;
    static_cast<Bus*>(self)->take_sleep(sleeps != 0);
    return 0;
  }

  static int on_lock(sd_bus_message* /*message*/, void* self, sd_bus_error* /*error*/) {
    static_cast<Bus*>(self)->events_.on_screen_lock();
    return 0;
  }

  static int on_inhibited(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    int fd = -1;
    if (sd_bus_message_is_method_error(message, nullptr) == 0 &&
        sd_bus_message_read(message, "h", &fd) >= 0) {
      // The message's own descriptor ends with it.
      static_cast<Bus*>(self)->inhibitor_ = UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, 3));
    }
    return 0;
  }

  void take_sleep(bool sleeps) {
    if (sleeps) {
      events_.on_sleep();
      inhibitor_.reset();
    } else {
      inhibit();
    }
  }

  void inhibit() {
    sd_bus_call_method_async(bus_.get(), nullptr, kService, kPath, kManager, "Inhibit",
                             on_inhibited, this, "ssss", "sleep", "hfauthd",
                             "Wipe the Hugging Face tokens from memory", "delay");
  }

  void process() {
    int done = 1;
    while (bus_ && done > 0)
      done = sd_bus_process(bus_.get(), nullptr);
    if (done < 0 || !bus_) {
      close();  // the bus ended; at the next start of the agent there may be one again
      return;
    }
    const int events = sd_bus_get_events(bus_.get());
    wait((events & POLLOUT) != 0 ? stream_descriptor::wait_write : stream_descriptor::wait_read);
  }

  void wait(stream_descriptor::wait_type what) {
    descriptor_.async_wait(what, [this](error_code failure) {
      if (!failure) process();
    });
  }

  std::unique_ptr<sd_bus, BusEnd> bus_;
  stream_descriptor descriptor_;
  UniqueFd inhibitor_;
  Events& events_;
};

Logind::Logind(boost::asio::io_context& io, Events events) : io_(io), events_(std::move(events)) {}

Logind::~Logind() = default;

void Logind::start() {
  if (bus_) return;
  bus_ = std::make_unique<Bus>(io_, events_);
  if (!bus_->open()) bus_.reset();
}

void Logind::close() {
  if (bus_) bus_->close();
}

}  // namespace hfauth::daemon
