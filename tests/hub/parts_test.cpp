// SPDX-License-Identifier: Apache-2.0
//
// The small pure parts of lib/hub: repository names, URLs, what a request may hold, certificates
// and proxies.
#include "hfauth/hub/repo.hpp"
#include "http_module.hpp"
#include "http_request_check.hpp"
#include "http_settings.hpp"
#include "url.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::hub {
namespace {

using boost::unit_test::data::make;

BOOST_AUTO_TEST_SUITE(repo)

BOOST_AUTO_TEST_CASE(names_folder_and_urls_of_each_type) {
  const Repo model = Repo::parse("microsoft/phi-4").value();
  BOOST_TEST(model.cache_folder() == "models--microsoft--phi-4");
  BOOST_TEST(model.url_prefix() == "");
  BOOST_TEST(model.api_prefix() == "models");
  const Repo dataset = Repo::parse("squad", RepoType::dataset).value();
  BOOST_TEST(dataset.cache_folder() == "datasets--squad");
  BOOST_TEST(dataset.url_prefix() == "datasets/");
}

BOOST_DATA_TEST_CASE(accepts_what_huggingface_hub_accepts,
                     make({"gpt2", "a/b", "A_b-C.d/e_F.9", "org/x.git.y", "a1/0"}), id) {
  BOOST_TEST(Repo::parse(id).has_value());
}

BOOST_DATA_TEST_CASE(refuses_what_huggingface_hub_refuses,
                     make({"", "/", "a/", "/b", "a/b/c", "a b", "-a", "a-", ".a", "a.", "a/-b",
                           "a--b", "a..b", "a/b.git", "a/b\n", "./model", "C:\\model",
                           "\xC3\xA9/x"}),
                     id) {
  const Result<Repo> parsed = Repo::parse(id);
  BOOST_TEST_REQUIRE(!parsed.has_value());
  BOOST_TEST(name_of(parsed.error().code) == "invalid_input");
  BOOST_TEST(parsed.error().detail.find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_id_has_at_most_96_characters) {
  BOOST_TEST(Repo::parse("a/" + std::string(94, 'b')).has_value());
  BOOST_TEST(!Repo::parse("a/" + std::string(95, 'b')).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(url)

struct Reference {
  const char* reference;
  const char* expected;  ///< nullptr: refused
};

std::ostream& operator<<(std::ostream& out, const Reference& reference) {
  return out << reference.reference;
}

const Reference kReferences[] = {
    {"/x", "https://hub.example:8443/x"},
    {"x?y", "https://hub.example:8443/a/x?y"},
    {"?q=1", "https://hub.example:8443/a/b?q=1"},
    {"//other.example/x", "https://other.example/x"},
    {"http://other.example/x#part", "http://other.example/x"},
    {"HTTPS://Other.example/x", "HTTPS://Other.example/x"},
    {"", nullptr},
    {"ftp://other.example/x", nullptr},
    {"javascript:alert(1)", nullptr},
    {"file:///etc/passwd", nullptr},
    {"https:///x", nullptr},
    {"/a b", nullptr},
    {"/a\r\nX: 1", nullptr},
    {"\\\\other.example\\x", nullptr},
};

BOOST_DATA_TEST_CASE(resolves_a_location_against_its_base, make(kReferences), reference) {
  const std::optional<std::string> resolved =
      resolve_reference("https://hub.example:8443/a/b?query", reference.reference);
  BOOST_TEST(resolved.value_or("refused") ==
             (reference.expected != nullptr ? reference.expected : "refused"));
}

BOOST_AUTO_TEST_CASE(finds_the_host_behind_user_port_and_brackets) {
  BOOST_TEST(host_of("https://User:Pass@Hub.Example:8443/x@y") == "hub.example");
  BOOST_TEST(host_of("http://[::1]:80/") == "[::1]");
  BOOST_TEST(host_of("http:///x") == "");
  BOOST_TEST(host_of("nonsense") == "");
}

BOOST_AUTO_TEST_CASE(knows_loopback) {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "[::1]", "hub.localhost"})
    BOOST_TEST(is_loopback(host));
  for (const char* host : {"127.0.0.1.example", "localhost.example", "128.0.0.1", "[::2]"}) {
    BOOST_TEST(!is_loopback(host), host);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(request_check)

HttpRequest good() {
  HttpRequest request;
  request.url = "https://huggingface.co/api";
  request.headers = {{"Accept", "a/b, c"}};
  return request;
}

BOOST_AUTO_TEST_CASE(accepts_an_ordinary_request) {
  BOOST_TEST(check_request(good()).has_value());
}

BOOST_DATA_TEST_CASE(refuses_urls_that_are_not_plainly_absolute,
                     make({"", "/api", "ftp://x/", "https://", "https://user@x/", "https://u:p@x/",
                           "https://x/a b", "https://x/\r\nX: 1", "file:///etc/passwd",
                           "https://x/\xC3\xA9"}),
                     bad) {
  HttpRequest request = good();
  request.url = bad;
  BOOST_TEST(!check_request(request).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_header_injection_and_a_second_door_for_the_token) {
  for (const HttpHeader& bad :
       {HttpHeader{"X", "a\r\nY: b"}, HttpHeader{"X", "a\nb"},
        HttpHeader{"X", std::string("a\0b", 3)}, HttpHeader{"X\r\nY", "a"}, HttpHeader{"X:", "a"},
        HttpHeader{"", "a"}, HttpHeader{"a b", "c"}, HttpHeader{"authorization", "Bearer x"},
        HttpHeader{"AUTHORIZATION", "x"}}) {
    HttpRequest request = good();
    request.headers.push_back(bad);
    BOOST_TEST(!check_request(request).has_value(), bad.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(the_first_certificate_variable_that_is_set_decides) {
  Environment environment;
  environment.set("CURL_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt");
  BOOST_TEST(http_settings_from(environment).value().ca_file ==
             "/etc/ssl/certs/ca-certificates.crt");
  environment.set("REQUESTS_CA_BUNDLE", "/etc/ssl/certs");  // requests takes a folder here
  BOOST_TEST(http_settings_from(environment).value().ca_folder == "/etc/ssl/certs");
  BOOST_TEST(http_settings_from(environment).value().ca_file == "");
  environment.set("SSL_CERT_FILE", "");
  BOOST_TEST(http_settings_from(environment).value().ca_folder == "/etc/ssl/certs");
  environment.set("SSL_CERT_FILE", "/etc/hostname");
  BOOST_TEST(http_settings_from(environment).value().ca_file == "/etc/hostname");
}

BOOST_AUTO_TEST_CASE(a_certificate_file_that_cannot_be_read_is_named_with_its_variable) {
  Environment environment;
  environment.set("SSL_CERT_FILE", "/nowhere/ca.pem");
  environment.set("CURL_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt");
  const Result<HttpSettings> settings = http_settings_from(environment);
  BOOST_TEST_REQUIRE(!settings.has_value());
  BOOST_TEST(name_of(settings.error().code) == "invalid_input");
  BOOST_TEST(settings.error().detail.starts_with("SSL_CERT_FILE names /nowhere/ca.pem"),
             settings.error().detail);
}

BOOST_AUTO_TEST_CASE(proxies_follow_libcurls_rule) {
  Environment environment;
  environment.set("HTTP_PROXY", "http://ignored:1");
  environment.set("HTTPS_PROXY", "http://upper:1");
  environment.set("ALL_PROXY", "http://all:1");
  environment.set("NO_PROXY", "upper.example");
  BOOST_TEST(http_settings_from(environment).value().http_proxy == "http://all:1");
  BOOST_TEST(http_settings_from(environment).value().https_proxy == "http://upper:1");
  environment.set("https_proxy", "http://lower:1");
  environment.set("http_proxy", "http://plain:1");
  environment.set("no_proxy", "lower.example");
  const HttpSettings settings = http_settings_from(environment).value();
  BOOST_TEST(settings.http_proxy == "http://plain:1");
  BOOST_TEST(settings.https_proxy == "http://lower:1");
  BOOST_TEST(settings.no_proxy == "lower.example");
}

BOOST_AUTO_TEST_CASE(shows_a_proxy_without_user_and_password) {
  BOOST_TEST(proxy_host("http://user:p@ss@proxy.example:3128/") == "proxy.example:3128");
  BOOST_TEST(proxy_host("proxy.example:3128") == "proxy.example:3128");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_module_hashes_as_fips_180_4_says) {
  const auto digest = [](DigestKind kind, std::string_view text) {
    const std::unique_ptr<Digest> running = make_digest(kind).value();
    BOOST_TEST(running->add(text.substr(0, 1)));
    BOOST_TEST(running->add(text.substr(1)));
    return running->finish();
  };
  BOOST_TEST(digest(DigestKind::sha1, "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  BOOST_TEST(digest(DigestKind::sha256, "abc") ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace hfauth::hub
