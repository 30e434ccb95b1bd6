// SPDX-License-Identifier: Apache-2.0
//
// Exchanges at the same time over real sockets: each keeps the rules of a single one, none disturbs
// another. No case measures time.
#include "hfauth/hub/http_client.hpp"
#include "support/hub_process.hpp"
#include "support/one_answer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace hfauth::hub {
namespace {

using testing::HubProcess;
using testing::OneAnswer;
using namespace std::chrono_literals;

constexpr int kMany = 64;

struct Stand {
  Stand() { hub().reset(); }

  static HubProcess& hub() {
    static HubProcess process;
    return process;
  }

  /// Starts it and files its result under `name`.
  void start(const std::string& name, HttpRequest request) {
    client->start(std::move(request), [this, name](Result<HttpResponse> response) {
      const bool is_first = results.emplace(name, std::move(response)).second;
      BOOST_TEST(is_first, name << " has ended twice");
    });
  }

  void finish_all() const {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (client->poll(1000ms).value() > 0)
      BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
  }

  std::string failure_of(const std::string& name) const {
    const Result<HttpResponse>& result = results.at(name);
    return result ? "status " + std::to_string(result->status)
                  : std::string(name_of(result.error().code));
  }

  std::unique_ptr<HttpClient> client = load_http_client({}).value();
  std::map<std::string, Result<HttpResponse>> results;
};

HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  return request;
}

HttpRequest public_info() {
  return get(Stand::hub().url() + "/api/models/org/public");
}

BOOST_FIXTURE_TEST_SUITE(http_at_once, Stand)

BOOST_AUTO_TEST_CASE(each_has_its_own_token_body_and_answer) {
  const Secret alice = hub().token("alice");
  const Secret bob = hub().token("bob");
  std::map<std::string, std::string> bodies;
  for (int i = 0; i < kMany; ++i) {
    const std::string name = std::to_string(i);
    HttpRequest request = get(hub().url() + "/org/public/resolve/main/" +
                              (i % 2 == 0 ? "config.json" : "sub/folder/notes.txt"));
    request.bearer = i % 3 == 0 ? nullptr : i % 3 == 1 ? &alice : &bob;
    request.headers = {{"User-Agent", "test/" + name}};
    request.sink = [&bodies, name](std::string_view piece) {
      bodies[name] += piece;
      return Result<void>();
    };
    start(name, std::move(request));
  }
  BOOST_TEST(results.empty());  // nothing happens before poll()
  finish_all();
  BOOST_TEST(results.size() == std::size_t{kMany});
  for (int i = 0; i < kMany; ++i) {
    const std::string name = std::to_string(i);
    BOOST_TEST(failure_of(name) == "status 200");
    BOOST_TEST(bodies[name].find(i % 2 == 0 ? "\"public\"" : "nested file") != std::string::npos);
  }
  const auto log = hub().log();
  BOOST_TEST(log.size() == std::size_t{kMany});
  const char* const kWho[] = {"anonymous", "alice", "bob"};
  for (const auto& seen : log)
    BOOST_TEST(seen.who == kWho[std::stoi(seen.user_agent.substr(5)) % 3]);
}

BOOST_AUTO_TEST_CASE(connections_are_kept_and_shared) {
  for (int i = 0; i < kMany; ++i)
    start(std::to_string(i), public_info());
  finish_all();
  const auto n_new = std::count_if(results.begin(), results.end(), [](const auto& result) {
    return result.second.value().timings.connected.count() > 0;
  });
  BOOST_TEST(n_new >= 1);
  BOOST_TEST(static_cast<std::size_t>(n_new) <= kMostExchangesAtOnce);
}

BOOST_AUTO_TEST_CASE(those_beyond_the_limit_wait_their_turn) {
  hub().control(R"({"fault": "hang", "path": "/api"})");
  for (int i = 0; i < kMany; ++i) {
    HttpRequest request = public_info();
    request.deadline = 10000ms;
    start(std::to_string(i), std::move(request));
  }
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (hub().log().size() < kMostExchangesAtOnce) {
    BOOST_TEST(client->poll(10ms).value() == std::size_t{kMany});
    BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
  }
  BOOST_TEST(hub().log().size() == kMostExchangesAtOnce);
  hub().reset();  // those that hang are dropped without an answer
  finish_all();
  const auto n_good = std::count_if(results.begin(), results.end(),
                                    [](const auto& result) { return result.second.has_value(); });
  BOOST_TEST(static_cast<std::size_t>(n_good) == kMany - kMostExchangesAtOnce);
}

BOOST_AUTO_TEST_CASE(one_that_fails_leaves_the_others_alone) {
  HttpRequest limited = public_info();
  limited.body_limit = 10;
  HttpRequest refused = get(hub().url() + "/org/public/resolve/main/config.json");
  refused.sink = [](std::string_view) {
    return Result<void>(Error{Errc::no_space, "the disk is full"});
  };
  HttpRequest thrown = refused;
  thrown.sink = [](std::string_view) -> Result<void> { throw std::runtime_error("boom"); };
  HttpRequest headless = refused;
  headless.on_head = [](int, const std::vector<HttpHeader>&) {
    return Result<void>(Error{Errc::corrupt, "another file"});
  };
  OneAnswer endless("HTTP/1.1 200 OK\r\nX-Fill: " + std::string(90000, 'x') +
                    "\r\nX-Fill: " + std::string(90000, 'x') +
                    "\r\nX-Fill: " + std::string(90000, 'x') + "\r\n\r\n");
  start("no url", get("ftp://127.0.0.1/"));
  start("no server", get("http://127.0.0.1:1/"));
  start("long body", std::move(limited));
  start("long head", get("http://" + endless.address() + "/"));
  start("full disk", std::move(refused));
  start("throws", std::move(thrown));
  start("wrong head", std::move(headless));
  start("redirect", get(hub().url() + "/org/public/resolve/main/weights.bin"));
  for (int i = 0; i < 20; ++i)
    start("good " + std::to_string(i), public_info());
  finish_all();
  BOOST_TEST(failure_of("no url") == "invalid_input");
  BOOST_TEST(failure_of("no server") == "network");
  BOOST_TEST(failure_of("long body") == "too_large");
  BOOST_TEST(failure_of("long head") == "too_large");
  BOOST_TEST(failure_of("full disk") == "no_space");
  BOOST_TEST(failure_of("throws") == "internal");
  BOOST_TEST(failure_of("wrong head") == "corrupt");
  BOOST_TEST(failure_of("redirect") == "status 302");
  for (int i = 0; i < 20; ++i)
    BOOST_TEST(failure_of("good " + std::to_string(i)) == "status 200");
  BOOST_TEST(hub().cdn_log().empty());  // no redirect is followed
}

BOOST_AUTO_TEST_CASE(each_has_its_own_deadline) {
  hub().control(R"({"fault": "hang", "path": "/api/models/org/gated"})");
  HttpRequest hanging = get(hub().url() + "/api/models/org/gated");
  hanging.deadline = 300ms;
  start("hanging", std::move(hanging));
  start("good", public_info());
  finish_all();
  BOOST_TEST(failure_of("hanging") == "timeout");
  BOOST_TEST(failure_of("good") == "status 200");
}

BOOST_AUTO_TEST_CASE(a_deadline_on_a_kept_connection_blames_the_answer) {
  start("first", public_info());
  finish_all();
  hub().control(R"({"fault": "hang", "path": "/api"})");
  HttpRequest hanging = public_info();
  hanging.deadline = 300ms;
  start("second", std::move(hanging));
  finish_all();
  BOOST_TEST(results.at("second").error().detail == "127.0.0.1: the answer took too long");
}

BOOST_AUTO_TEST_CASE(an_exchange_may_start_the_next) {
  int made = 0;
  std::function<void(Result<HttpResponse>)> again = [&](const Result<HttpResponse>& response) {
    BOOST_TEST(response.value().status == 200);
    if (++made < 5) client->start(public_info(), again);
  };
  client->start(public_info(), again);
  finish_all();
  BOOST_TEST(made == 5);
}

BOOST_AUTO_TEST_CASE(what_is_dropped_never_ends_and_the_client_goes_on) {
  hub().control(R"({"fault": "hang", "path": "/api"})");
  for (int i = 0; i < kMany; ++i)
    start(std::to_string(i), public_info());
  BOOST_TEST(client->poll(50ms).value() == std::size_t{kMany});
  client->drop_all();
  BOOST_TEST(client->poll(50ms).value() == 0U);
  BOOST_TEST(results.empty());
  hub().reset();
  start("later", public_info());
  finish_all();
  BOOST_TEST(failure_of("later") == "status 200");
}

BOOST_AUTO_TEST_CASE(a_callback_that_throws_is_an_error_of_poll) {
  client->start(public_info(),
                [](const Result<HttpResponse>&) { throw std::runtime_error("boom"); });
  Result<std::size_t> polled = std::size_t{1};
  while (polled && *polled > 0)
    polled = client->poll(1000ms);
  BOOST_TEST_REQUIRE(!polled.has_value());
  BOOST_TEST(name_of(polled.error().code) == "internal");
}

BOOST_AUTO_TEST_CASE(over_tls_they_are_checked_as_a_single_one_is) {
  HubProcess secure({"--https"});
  const std::string url = secure.url() + "/api/models/org/public";
  client = load_http_client(secure.environment()).value();
  for (int i = 0; i < 20; ++i) {
    HttpRequest request = get(url);
    request.own_connection = i % 2 == 0;
    start("trusting " + std::to_string(i), std::move(request));
  }
  finish_all();
  for (const auto& [name, result] : results)
    BOOST_TEST(failure_of(name) == "status 200", name);
  client = load_http_client({}).value();
  start("without its authority", get(url));
  finish_all();
  BOOST_TEST(results.at("without its authority").error().detail ==
             "TLS with 127.0.0.1: SSL certificate problem: unable to get local issuer certificate");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
