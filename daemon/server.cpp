// SPDX-License-Identifier: Apache-2.0
//
// Ending: leases removed, the agent's lock given up, no new connections, socket removed, every
// session answers its call under way; when the last one is gone and the store's queue is empty, or
// after kDrainDeadline, the loop stops.
#include "server.hpp"

#include "auto_lock.hpp"
#include "dispatcher.hpp"
#include "hfauth/core/crypto.hpp"
#include "limits.hpp"
#include "listener.hpp"
#include "log.hpp"
#include "refresh_child.hpp"
#include "reply_batch.hpp"
#include "server_asker.hpp"
#include "server_config_watch.hpp"
#include "server_logind.hpp"
#include "service_manager.hpp"
#include "session.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <csignal>
#include <set>

namespace hfauth::daemon {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// The longest wait for the end of a lease, so that a jump of the clock is noticed.
constexpr std::chrono::seconds kLeaseCheck{30};

/// How late the agent locks at most when the machine wakes up.
constexpr std::chrono::seconds kLockCheck{10};

/// As long as nobody looks at the clock more often, a jump of it delays a refresh by this at most.
constexpr std::chrono::seconds kRefreshCheck{600};

/// Why a connection is refused goes out before it is closed; a peer that does not take it does not
/// get it.
void refuse(int socket, const agent::Fault& fault) {
  agent::GuardedBuffer message;
  agent::write_fault(message, fault);
  [[maybe_unused]] const ssize_t sent =
      send(socket, message.view().data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/// Lets what runs end, and drops what waits.
class PoolEnd {
 public:
  explicit PoolEnd(asio::thread_pool& pool) : pool_(pool) {}

  PoolEnd(const PoolEnd&) = delete;
  PoolEnd& operator=(const PoolEnd&) = delete;

  ~PoolEnd() {
    pool_.stop();
    pool_.join();
  }

 private:
  asio::thread_pool& pool_;
};

}  // namespace

class Server::Loop final : public Worker {
 public:
  Loop(ServerConfig config, const Clock& clock)
      : config_(std::move(config)),
        clock_(clock),
        started_(clock.monotonic()),
        last_activity_(started_),
        admission_(geteuid(), is_own_command_line),
        listener_(io_, config_.socket_path,
                  {.on_connection = [this](UniqueFd socket) { on_connection(std::move(socket)); },
                   .on_replaced =
                       [this] {
                         log_line(LogLevel::notice,
                                  "another program listens on the socket's place now: ending");
                         stop();
                       }}),
        signals_(io_, SIGTERM, SIGINT, SIGHUP) {}

  void run(std::function<void()> work, std::function<void()> finish) override {
    asio::post(pool_, [this, work = std::move(work), finish = std::move(finish)] {
      work();
      crypto::wipe_stack();
      asio::post(io_, [this, finish] {
        finish();
        crypto::wipe_stack();
        after_event();
      });
    });
  }

  RefreshStarter refresh_starter() {
    if (!config_.activation_sockets.empty()) return {};
    return [this](const token::ProfileName& profile) {
      log_line(LogLevel::info,
               "the token of profile " + profile.str() + " is due: starting hfauth-net");
      // Later: whoever asks is in the middle of an answer, and may have begun to wait.
      asio::post(io_, [this] {
        refresh_child_.start();
        after_event();
      });
    };
  }

  Result<void> serve(TokenService& service) {
    service_ = &service;
    dispatcher_ = std::make_unique<Dispatcher>(
        service, audit_, clock_, [this] { return facts(); }, [this] { stop(); });
    dispatcher_->set_hooks({.before_call = [this] { lock_if_due(); },
                            .on_use = [this] { auto_lock_.on_use(); },
                            .on_unlock =
                                [this] {
                                  auto_lock_.on_unlock();
                                  arm_auto_lock();
                                }});
    dispatcher_->gate().set_asker(
        [this](const Config::Confirmation& how, const std::string& question,
               std::function<void(bool)> answer) { asker_.ask(how, question, std::move(answer)); });
    audit_.set_alarm([this] { arm_audit_timer(); });
    rules_.start();
    apply_rules();
    config_watch_.start();
    if (config_.activation_sockets.empty()) {
      if (Result<void> opened = listener_.open(); !opened) return opened;
    } else {
      listener_.adopt(config_.activation_sockets);
    }
    signals_.async_wait([this](error_code failure, int signal) {
      if (failure) return;
      log_line(LogLevel::info, "ending on signal " + std::to_string(signal));
      stop();
    });
    keep_watchdog();
    check_idleness();
    // What runs there uses the service, which lives shorter than this loop: also when a handler
    // throws, nothing runs any more when we are left.
    const PoolEnd pool_end(pool_);
    service.start();
    tell_ready();
    io_.run();
    pool_.join();
    audit_.finish();
    service.end_leases();
    listener_.close();
    return {};
  }

 private:
  ProcessFacts facts() const {
    const char* activation = config_.ready_fd ? "autospawn" : "manual";
    if (!config_.activation_sockets.empty()) activation = "socket";
    return {.version = config_.version,
            .pid = getpid(),
            .uptime = std::chrono::floor<std::chrono::seconds>(clock_.monotonic() - started_),
            .connections = static_cast<int>(admission_.count()),
            .activation = activation,
            .config = rules_.state(),
            .locks_at = service_->is_locked() ? std::nullopt : auto_lock_.date()};
  }

  void reload_rules() {
    auto read = std::make_shared<Result<Config>>(Config());
    run([read, files = rules_.files()] { *read = ConfigKeeper::read(files); },
        [this, read] {
          if (!rules_.take(std::move(*read))) {
            if (!rules_.known()) apply_rules();  // the reason may be another one
            return;
          }
          log_line(LogLevel::notice, "configuration: " + rules_.state());
          apply_rules();
        });
  }

  void apply_rules() {
    const Config& rules = rules_.config();
    service_->take_file_routes(rules.routes);
    if (rules_.known()) {
      dispatcher_->gate().configure(Policy(rules.policy), rules.confirmation);
    } else {
      dispatcher_->gate().close(rules_.state());
    }
    service_->on_rules_changed();
    dispatcher_->observe();
    audit_.configure(rules.auditing.enabled, rules.auditing.limits);
    auto_lock_.configure(rules.locking);
    if (rules.locking.on_sleep || rules.locking.on_screen_lock) logind_.start();
    arm_auto_lock();
  }

  void lock_if_due() {
    if (!auto_lock_.is_due()) return;
    const bool was_idle = auto_lock_.reason() == "idle";
    lock_now(auto_lock_.reason(), was_idle ? "nobody asked for a token" : "open for long enough");
  }

  void lock_now(std::string_view reason, std::string_view words) {
    if (service_->is_locked() || stopping_) return;
    log_line(LogLevel::notice, "locking by itself: " + std::string(words));
    dispatcher_->lock_by_itself(reason);
  }

  /// Wakes up when the lock is due; a later use moves that, which is seen then. The timer stands
  /// still while the machine sleeps, so it is not set for longer than kLockCheck, and before_call()
  /// looks too.
  void arm_auto_lock() {
    const std::optional<MonotonicTime> due = auto_lock_.due();
    lock_timer_.cancel();
    if (!due || service_->is_locked()) return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - boot_time());
    lock_timer_.expires_after(std::clamp<std::chrono::milliseconds>(
        left, std::chrono::milliseconds(1), std::chrono::milliseconds(kLockCheck)));
    lock_timer_.async_wait([this](error_code failure) {
      if (failure) return;
      lock_if_due();
      arm_auto_lock();
    });
  }

  void arm_audit_timer() {
    const std::optional<MonotonicTime> next = audit_.next_flush();
    if (!next) return;
    audit_timer_.expires_at(*next);
    audit_timer_.async_wait([this](error_code failure) {
      if (failure) return;
      audit_.flush();
    });
  }

  void forget_programs_soon() {
    programs_timer_.expires_after(SeenPrograms::kKeptFor);
    programs_timer_.async_wait([this](error_code failure) {
      if (!failure) programs_.forget();
    });
  }

  void tell_ready() const {
    log_line(LogLevel::info, "listening on " + config_.socket_path.native());
    service_manager::tell_ready("Listening on " + config_.socket_path.native());
    if (!config_.ready_fd) return;
    constexpr std::string_view kReady = "READY\n";
    if (write(*config_.ready_fd, kReady.data(), kReady.size()) < 0) {
      log_line(LogLevel::warning, error_from_errno(errno, "telling the starter").detail);
    }
    close(*config_.ready_fd);
  }

  void on_connection(UniqueFd socket) {
    const Result<Peer> peer = peer_of(socket.get());
    if (!peer) return;
    if (const std::optional<agent::Fault> fault = admission_.admit(*peer)) {
      log_line(LogLevel::warning, "refused process " + std::to_string(peer->pid) + " of user " +
                                      std::to_string(peer->uid) + ": " + fault->text);
      refuse(socket.get(), *fault);
      return;
    }
    const Session::Surroundings around{
        .batch = batch_, .programs = programs_, .dispatcher = *dispatcher_, .clock = clock_};
    auto session =
        std::make_shared<Session>(io_, around, std::move(socket), *peer, ++last_caller_,
                                  [this](const std::shared_ptr<Session>& ended) { on_end(ended); });
    sessions_.insert(session);
    session->start();
  }

  void on_end(const std::shared_ptr<Session>& session) {
    admission_.leave(session->peer());
    sessions_.erase(session);
    last_activity_ = clock_.monotonic();
    after_event();
  }

  /// Whatever happened may have opened a lease, or been the last thing to wait for.
  void after_event() {
    dispatcher_->observe();
    arm_lease_timer();
    arm_refresh_timer();
    if (stopping_ && sessions_.empty() && service_->idle()) io_.stop();
  }

  void arm_lease_timer() {
    const std::optional<WallTime> end = service_->next_end();
    if (end == lease_end_) return;
    lease_end_ = end;
    if (end) wait_for_lease();
  }

  void wait_for_lease() {
    const auto left = std::clamp<std::chrono::seconds>(*lease_end_ - clock_.now(),
                                                       std::chrono::seconds(0), kLeaseCheck);
    lease_timer_.expires_after(left);
    lease_timer_.async_wait([this](error_code failure) {
      if (failure) return;
      service_->on_time();
      dispatcher_->observe();
      lease_end_ = service_->next_end();
      if (lease_end_) wait_for_lease();
    });
  }

  void arm_refresh_timer() {
    const std::optional<WallTime> next = service_->next_refresh_event();
    if (next == refresh_at_) return;
    refresh_at_ = next;
    refresh_timer_.cancel();
    if (!next) return;
    refresh_timer_.expires_after(std::clamp<std::chrono::seconds>(
        *next - clock_.now(), std::chrono::seconds(1), kRefreshCheck));
    refresh_timer_.async_wait([this](error_code failure) {
      if (failure) return;
      service_->on_refresh_time();
      refresh_at_.reset();
      arm_refresh_timer();
    });
  }

  void keep_watchdog() {
    const std::optional<std::chrono::microseconds> period = service_manager::watchdog_period();
    if (!period) return;
    watchdog_timer_.expires_after(*period / 2);
    watchdog_timer_.async_wait([this](error_code failure) {
      if (failure) return;
      service_manager::tell_alive();
      keep_watchdog();
    });
  }

  void check_idleness() {
    if (!config_.idle_exit) return;
    const MonotonicTime now = clock_.monotonic();
    const bool dispensable = sessions_.empty() && service_->is_dispensable();
    if (!dispensable) last_activity_ = now;
    if (dispensable && now >= last_activity_ + *config_.idle_exit) {
      log_line(LogLevel::info, "nobody asks: ending");
      stop();
      return;
    }
    idle_timer_.expires_at(last_activity_ + *config_.idle_exit);
    idle_timer_.async_wait([this](error_code failure) {
      if (!failure) check_idleness();
    });
  }

  void stop() {
    if (stopping_) return;
    stopping_ = true;
    service_manager::tell_stopping();
    // First the leases: whoever has the lock next sweeps and makes its own in the same places. Then
    // the lock, then the socket: a client that finds no socket starts a new agent, which must find
    // the lock free.
    service_->end_leases();
    config_.on_ending();
    listener_.close();
    config_watch_.close();
    asker_.close();
    logind_.close();
    lock_timer_.cancel();
    const std::set<std::shared_ptr<Session>> sessions = sessions_;
    for (const std::shared_ptr<Session>& session : sessions)
      session->shut_down();
    drain_timer_.expires_after(kDrainDeadline);
    drain_timer_.async_wait([this](error_code failure) {
      if (!failure) io_.stop();
    });
    after_event();
  }

  ServerConfig config_;
  const Clock& clock_;
  MonotonicTime started_;
  MonotonicTime last_activity_;
  asio::io_context io_{1};
  ReplyBatch batch_{io_};
  SeenPrograms programs_{[this] { forget_programs_soon(); }};
  asio::thread_pool pool_{1};
  Admission admission_;
  Listener listener_;
  asio::signal_set signals_;
  asio::steady_timer lease_timer_{io_};
  asio::steady_timer refresh_timer_{io_};
  asio::steady_timer watchdog_timer_{io_};
  asio::steady_timer idle_timer_{io_};
  asio::steady_timer drain_timer_{io_};
  asio::steady_timer audit_timer_{io_};
  asio::steady_timer lock_timer_{io_};
  asio::steady_timer programs_timer_{io_};
  RefreshChild refresh_child_{io_, [this] {
                                service_->on_refresher_gone();
                                after_event();
                              }};
  ConfigKeeper rules_{config_.rules};
  ConfigWatch config_watch_{io_, config_.rules.config, [this] { reload_rules(); }};
  AuditTrail audit_{config_.audit, *this, clock_};
  AutoLock auto_lock_{clock_, boot_time};
  ServerAsker asker_{io_, config_.askpass};
  Logind logind_{io_,
                 {.on_sleep =
                      [this] {
                        if (rules_.config().locking.on_sleep)
                          lock_now("sleep", "the machine goes to sleep");
                      },
                  .on_screen_lock =
                      [this] {
                        if (rules_.config().locking.on_screen_lock)
                          lock_now("screen", "the session was locked");
                      }}};
  TokenService* service_ = nullptr;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::set<std::shared_ptr<Session>> sessions_;
  std::optional<WallTime> lease_end_;
  std::optional<WallTime> refresh_at_;
  Caller last_caller_ = 0;
  bool stopping_ = false;
};

Server::Server(ServerConfig config, const Clock& clock)
    : loop_(std::make_unique<Loop>(std::move(config), clock)) {}

Server::~Server() = default;

RefreshStarter Server::refresh_starter() {
  return loop_->refresh_starter();
}

Worker& Server::worker() {
  return *loop_;
}

Result<void> Server::run(TokenService& service) {
  return loop_->serve(service);
}

}  // namespace hfauth::daemon
