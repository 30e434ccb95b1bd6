// SPDX-License-Identifier: Apache-2.0
//
// The network module over real sockets: deadlines, limits, TLS, proxies, reuse of connections. No
// case measures time.
#include "hfauth/hub/http_client.hpp"
#include "support/hub_process.hpp"
#include "support/one_answer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::hub {
namespace {

using testing::HubProcess;
using testing::OneAnswer;
using namespace std::chrono_literals;

struct Stand {
  Stand() { hub().reset(); }

  static HubProcess& hub() {
    static HubProcess process;
    return process;
  }

  static HubProcess& secure_hub() {
    static HubProcess process({"--https"});
    return process;
  }
};

HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  return request;
}

Result<HttpResponse> send(const Environment& environment, const HttpRequest& request) {
  Result<std::unique_ptr<HttpClient>> client = load_http_client(environment);
  if (!client) return client.error();
  return (*client)->send(request);
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

BOOST_FIXTURE_TEST_SUITE(http, Stand)

BOOST_AUTO_TEST_CASE(answers_with_status_header_body_and_timings) {
  const HttpResponse response = send({}, get(hub().url() + "/api/models/org/public")).value();
  BOOST_TEST(response.status == 200);
  BOOST_TEST(contains(response.body, "\"org/public\""));
  BOOST_TEST(response.header("CONTENT-TYPE").value_or("").starts_with("application/json"));
  BOOST_TEST(!response.header("x-none").has_value());
  BOOST_TEST(response.timings.total.count() > 0);
}

BOOST_AUTO_TEST_CASE(reuses_the_connection_of_the_request_before) {
  const std::unique_ptr<HttpClient> client = load_http_client({}).value();
  const HttpResponse first = client->send(get(hub().url() + "/api/models/org/public")).value();
  const HttpResponse second = client->send(get(hub().url() + "/api/models/org/public")).value();
  BOOST_TEST(first.timings.connected.count() > 0);
  BOOST_TEST(second.timings.connected.count() == 0);
}

BOOST_AUTO_TEST_CASE(sends_the_token_of_this_request_and_none_in_the_next) {
  const std::unique_ptr<HttpClient> client = load_http_client({}).value();
  const Secret token = hub().token("alice");
  HttpRequest request = get(hub().url() + "/api/models/org/public");
  request.bearer = &token;
  BOOST_TEST(client->send(request).value().status == 200);
  request.bearer = nullptr;
  BOOST_TEST(client->send(request).value().status == 200);
  const auto log = hub().log();
  BOOST_TEST_REQUIRE(log.size() == 2U);
  BOOST_TEST(log[0].who == "alice");
  BOOST_TEST(log[1].who == "anonymous");
}

BOOST_AUTO_TEST_CASE(nothing_of_a_request_stays_for_the_next) {
  const std::unique_ptr<HttpClient> client = load_http_client({}).value();
  HttpRequest head = get(hub().url() + "/org/public/resolve/main/config.json");
  head.method = "HEAD";
  head.headers = {{"X-First", "1"}};
  BOOST_TEST(client->send(head).value().body.empty());
  HttpRequest post = get(hub().url() + "/__control");
  post.method = "POST";
  post.body = R"({"fault": "clear"})";
  BOOST_TEST(client->send(post).value().status == 200);
  const HttpResponse plain =
      client->send(get(hub().url() + "/org/public/resolve/main/config.json")).value();
  BOOST_TEST(contains(plain.body, "\"public\""));
  BOOST_TEST(hub().log().back().method == "GET");
}

BOOST_AUTO_TEST_CASE(follows_no_redirect) {
  const HttpResponse response =
      send({}, get(hub().url() + "/org/public/resolve/main/weights.bin")).value();
  BOOST_TEST(response.status == 302);
  BOOST_TEST(hub().cdn_log().empty());
}

BOOST_AUTO_TEST_CASE(ends_a_server_that_never_answers_with_a_timeout) {
  hub().control(R"({"fault": "hang", "path": "/api"})");
  HttpRequest request = get(hub().url() + "/api/models/org/public");
  request.deadline = 300ms;
  const Result<HttpResponse> response = send({}, request);
  BOOST_TEST_REQUIRE(!response.has_value());
  BOOST_TEST(name_of(response.error().code) == "timeout");
  BOOST_TEST(response.error().detail == "127.0.0.1: the answer took too long");
}

BOOST_AUTO_TEST_CASE(limits_a_body_without_a_sink) {
  HttpRequest request = get(hub().url() + "/api/models/org/public");
  request.body_limit = 10;
  const Result<HttpResponse> response = send({}, request);
  BOOST_TEST_REQUIRE(!response.has_value());
  BOOST_TEST(name_of(response.error().code) == "too_large");
}

BOOST_AUTO_TEST_CASE(gives_a_good_body_to_the_sink_and_a_bad_one_to_the_response) {
  std::string taken;
  int head_status = 0;
  HttpRequest request = get(hub().url() + "/org/public/resolve/main/config.json");
  request.sink = [&](std::string_view piece) {
    taken += piece;
    return Result<void>();
  };
  request.on_head = [&](int status, const std::vector<HttpHeader>& headers) {
    BOOST_TEST(taken.empty());
    BOOST_TEST(!headers.empty());
    head_status = status;
    return Result<void>();
  };
  BOOST_TEST(send({}, request).value().body.empty());
  BOOST_TEST(contains(taken, "\"public\""));
  BOOST_TEST(head_status == 200);

  taken.clear();
  request.url = hub().url() + "/org/public/resolve/main/absent.json";
  BOOST_TEST(send({}, request).value().body == "Entry not found");
  BOOST_TEST(taken.empty());
}

BOOST_AUTO_TEST_CASE(an_error_of_the_sink_ends_the_exchange_and_is_its_result) {
  HttpRequest request = get(hub().url() + "/org/public/resolve/main/config.json");
  request.sink = [](std::string_view) {
    return Result<void>(Error{Errc::no_space, "the disk is full"});
  };
  const Result<HttpResponse> response = send({}, request);
  BOOST_TEST_REQUIRE(!response.has_value());
  BOOST_TEST(name_of(response.error().code) == "no_space");

  request.sink = [](std::string_view) -> Result<void> { throw std::runtime_error("boom"); };
  BOOST_TEST(name_of(send({}, request).error().code) == "internal");
}

BOOST_AUTO_TEST_CASE(names_the_step_that_failed) {
  const Result<HttpResponse> lookup = send({}, get("http://no-such-host.invalid/"));
  BOOST_TEST_REQUIRE(!lookup.has_value());
  BOOST_TEST(name_of(lookup.error().code) == "network");
  BOOST_TEST(lookup.error().detail.starts_with("name look-up: no-such-host.invalid"),
             lookup.error().detail);

  const Result<HttpResponse> connect = send({}, get("http://127.0.0.1:1/"));
  BOOST_TEST_REQUIRE(!connect.has_value());
  BOOST_TEST(connect.error().detail.starts_with("connect to 127.0.0.1"), connect.error().detail);

  const Result<HttpResponse> no_tls = send({}, get("https" + hub().url().substr(4) + "/"));
  BOOST_TEST_REQUIRE(!no_tls.has_value());
  BOOST_TEST(no_tls.error().detail.starts_with("TLS with 127.0.0.1"), no_tls.error().detail);
}

BOOST_AUTO_TEST_CASE(trusts_the_authority_of_each_variable_and_no_other) {
  const std::string url = secure_hub().url() + "/api/models/org/public";
  for (const char* variable : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}) {
    const Environment trusting(Environment::Map{{variable, secure_hub().ca_file()}});
    const Result<HttpResponse> response = send(trusting, get(url));
    BOOST_TEST_REQUIRE(response.has_value(), variable << ": " << response.error().detail);
    BOOST_TEST(response->status == 200);
  }
  const Result<HttpResponse> untrusted = send({}, get(url));
  BOOST_TEST_REQUIRE(!untrusted.has_value());
  BOOST_TEST(name_of(untrusted.error().code) == "network");
  BOOST_TEST(untrusted.error().detail ==
             "TLS with 127.0.0.1: SSL certificate problem: unable to get local issuer certificate");
  // The first variable that is set decides, also against a later one that would do.
  const Environment wrong_first(
      Environment::Map{{"SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"},
                       {"CURL_CA_BUNDLE", secure_hub().ca_file()}});
  BOOST_TEST(!send(wrong_first, get(url)).has_value());
}

BOOST_AUTO_TEST_CASE(names_who_issued_a_certificate_that_it_does_not_believe) {
  const auto client = load_http_client({});
  BOOST_REQUIRE(client.has_value());
  const Result<std::string> issuer = (*client)->issuer(secure_hub().url());
  BOOST_REQUIRE_MESSAGE(issuer.has_value(), issuer.error().detail);
  BOOST_TEST(issuer->find("CN = ") != std::string::npos, *issuer);
  BOOST_TEST(!(*client)->issuer(hub().url()).has_value(), "there is none over http");
  BOOST_TEST(!(*client)->issuer("https" + hub().url().substr(4)).has_value());
  BOOST_TEST(!(*client)->send(get(secure_hub().url() + "/api/models")).has_value(),
             "nothing is believed because of it");
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_certificate) {
  HubProcess expired({"--https", "--certificate", "expired"});
  const Result<HttpResponse> late = send(expired.environment(), get(expired.url() + "/"));
  BOOST_TEST_REQUIRE(!late.has_value());
  BOOST_TEST(late.error().detail ==
             "TLS with 127.0.0.1: SSL certificate problem: certificate has expired");

  HubProcess other({"--https", "--certificate", "wrong-name"});
  const Result<HttpResponse> wrong = send(other.environment(), get(other.url() + "/"));
  BOOST_TEST_REQUIRE(!wrong.has_value());
  BOOST_TEST(contains(wrong.error().detail, "127.0.0.1"), wrong.error().detail);
  BOOST_TEST(wrong.error().detail.starts_with(
                 "TLS with 127.0.0.1: SSL: no alternative certificate subject name"),
             wrong.error().detail);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_cannot_be_reached_is_named_without_its_password) {
  const Environment environment(
      Environment::Map{{"https_proxy", "http://user:hunter2@127.0.0.1:1"}});
  const Result<HttpResponse> response = send(environment, get("https://hub.example/"));
  BOOST_TEST_REQUIRE(!response.has_value());
  BOOST_TEST(name_of(response.error().code) == "network");
  BOOST_TEST(contains(response.error().detail, "the proxy 127.0.0.1:1 for hub.example: "),
             response.error().detail);
  BOOST_TEST(!contains(response.error().detail, "hunter2"), response.error().detail);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_wants_a_password_is_named_for_both_schemes) {
  for (const char* scheme : {"http", "https"}) {
    OneAnswer proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    const Environment environment(
        Environment::Map{{scheme + std::string("_proxy"), "http://" + proxy.address()}});
    const Secret token = hub().token("alice");
    HttpRequest request = get(scheme + std::string("://hub.example/"));
    if (request.url.starts_with("https")) request.bearer = &token;
    const Result<HttpResponse> response = send(environment, request);
    BOOST_TEST_REQUIRE(!response.has_value());
    BOOST_TEST(name_of(response.error().code) == "network");
    BOOST_TEST(
        contains(response.error().detail, "the proxy " + proxy.address() + " wants a user name"),
        response.error().detail);
    const std::string seen = proxy.request();
    BOOST_TEST(contains(seen, "hub.example"));
    BOOST_TEST(!contains(seen, token.expose()));  // the tunnel's request carries no Authorization
  }
}

BOOST_AUTO_TEST_CASE(a_proxy_that_refuses_the_tunnel_is_told_from_the_hub) {
  OneAnswer proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  const Environment environment(Environment::Map{{"https_proxy", "http://" + proxy.address()}});
  const Result<HttpResponse> response = send(environment, get("https://hub.example/"));
  BOOST_TEST_REQUIRE(!response.has_value());
  BOOST_TEST(response.error().detail ==
             "the proxy " + proxy.address() + " refuses to connect to hub.example (403)");
}

BOOST_AUTO_TEST_CASE(no_proxy_is_kept) {
  const Environment environment(
      Environment::Map{{"http_proxy", "http://127.0.0.1:1"}, {"no_proxy", "hub-stand-in.invalid"}});
  const Result<HttpResponse> response = send(environment, get("http://hub-stand-in.invalid/"));
  BOOST_TEST_REQUIRE(!response.has_value());
  BOOST_TEST(response.error().detail.starts_with("name look-up: hub-stand-in.invalid"),
             response.error().detail);
}

BOOST_AUTO_TEST_CASE(a_server_without_end_of_header_is_cut_off) {
  OneAnswer endless("HTTP/1.1 200 OK\r\nX-Fill: " + std::string(90000, 'x') +
                    "\r\nX-Fill: " + std::string(90000, 'x') +
                    "\r\nX-Fill: " + std::string(90000, 'x') + "\r\n\r\n");
  const Result<HttpResponse> response = send({}, get("http://" + endless.address() + "/"));
  BOOST_TEST_REQUIRE(!response.has_value());
  BOOST_TEST(name_of(response.error().code) == "too_large", response.error().detail);
}

BOOST_AUTO_TEST_CASE(loopback_takes_no_proxy) {
  const Environment environment(
      {{"http_proxy", "http://127.0.0.1:1"}, {"all_proxy", "http://127.0.0.1:1"}});
  BOOST_TEST(send(environment, get(hub().url() + "/api/models/org/public")).value().status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
