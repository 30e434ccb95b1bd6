// SPDX-License-Identifier: Apache-2.0
//
// What is refused of a call, and how: malformed input ends the connection, a wrong parameter only
// the call.
#include "samples.hpp"
#include "support/test_tokens.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace data = boost::unit_test::data;
using namespace hfauth;
using namespace hfauth::agent;

namespace {

struct Row {
  std::string text;
  FaultCode code;
  std::string detail;

  friend std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.text.substr(0, 120);
  }
};

std::string agent_call(const std::string& method, const std::string& parameters) {
  return R"({"method":"org.hfauth.Agent.)" + method + R"(","parameters":)" + parameters + "}";
}

/// An Add whose member `key` has the JSON value `value`.
std::string add_with(const std::string& key, const std::string& value) {
  const std::vector<std::pair<std::string, std::string>> members{
      {"profile", "\"a\""},
      {"endpoint", "\"https://huggingface.co\""},
      {"kind", "\"user\""},
      {"user", "\"u\""},
      {"role", "\"read\""},
      {"display_name", "\"\""},
      {"scopes", "[]"},
      {"orgs", "[]"},
      {"token", "\"" + hfauth::testing::test_token("calls") + "\""}};
  std::string text = "{";
  bool found = false;
  for (const auto& [name, usual] : members) {
    if (name == key && value.empty()) continue;
    found = found || name == key;
    text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + (name == key ? value : usual);
  }
  if (!found && !value.empty()) text += ",\"" + key + "\":" + value;
  return agent_call("Add", text + "}");
}

const std::vector<Row> refused_calls{
    {agent_call("Fly", "{}"), FaultCode::method_not_found, "org.hfauth.Agent.Fly"},
    {R"({"method":"org.varlink.service.Fly"})", FaultCode::method_not_found,
     "org.varlink.service.Fly"},
    {R"({"method":"org.example.Fly"})", FaultCode::interface_not_found, "org.example"},
    {R"({"method":"Fly"})", FaultCode::interface_not_found, ""},
    {R"({"method":"org.varlink.service.GetInterfaceDescription"})", FaultCode::invalid_parameter,
     "interface"},
    {R"({"method":"org.hfauth.Agent.List","upgrade":true})", FaultCode::invalid_parameter,
     "upgrade"},
    {agent_call("List", "[]"), FaultCode::invalid_parameter, "parameters"},
    {agent_call("List", R"({"x":1})"), FaultCode::invalid_parameter, "x"},
    {agent_call("GetToken", R"({"profile":"../x"})"), FaultCode::invalid_parameter, "profile"},
    {agent_call("GetToken", R"({"profile":7})"), FaultCode::invalid_parameter, "profile"},
    {agent_call("GetToken", R"({"endpoint":"ftp://x"})"), FaultCode::invalid_parameter, "endpoint"},
    {agent_call("Remove", "{}"), FaultCode::invalid_parameter, "profile"},
    {agent_call("SetDefault", R"({"profile":null})"), FaultCode::invalid_parameter, "profile"},
    {agent_call("OpenLease", R"({"seconds":0})"), FaultCode::invalid_parameter, "seconds"},
    {agent_call("OpenLease", R"({"seconds":1.5})"), FaultCode::invalid_parameter, "seconds"},
    {agent_call("OpenLease", R"({"seconds":99999999999})"), FaultCode::invalid_parameter,
     "seconds"},
    {agent_call("Unlock", R"({"passphrase":1})"), FaultCode::invalid_parameter, "passphrase"},
    {add_with("token", ""), FaultCode::invalid_parameter, "token"},
    {add_with("token", "\"\""), FaultCode::invalid_parameter, "token"},
    {add_with("token", R"("hf_line\nbreak")"), FaultCode::invalid_parameter, "token"},
    {add_with("token", R"("hf_sp ace")"), FaultCode::invalid_parameter, "token"},
    {add_with("token", "\"" + std::string(8193, 'x') + "\""), FaultCode::invalid_parameter,
     "token"},
    {add_with("refresh", R"("\u00e9")"), FaultCode::invalid_parameter, "refresh"},
    {add_with("scopes", R"(["a",1])"), FaultCode::invalid_parameter, "scopes"},
    {add_with("expires", R"("tomorrow")"), FaultCode::invalid_parameter, "expires"},
    {add_with("replace", "1"), FaultCode::invalid_parameter, "replace"},
    {add_with("generation", "5"), FaultCode::invalid_parameter, "generation"},
};

const std::vector<std::string> malformed_texts{"",
                                               "[]",
                                               "7",
                                               "{}",
                                               R"({"method":7})",
                                               R"({"method":"a)",
                                               "{\"method\":\"a\",\"method\":\"b\"}",
                                               std::string(9, '[') + std::string(9, ']'),
                                               "\xff"};

}  // namespace

BOOST_AUTO_TEST_SUITE(calls)

BOOST_DATA_TEST_CASE(refuses_a_wrong_call_by_name, data::make(refused_calls), row) {
  const DecodedCall decoded = decode_call(row.text);
  const Fault* const fault = std::get_if<Fault>(&decoded.content);
  BOOST_REQUIRE(fault != nullptr);
  BOOST_TEST(!decoded.malformed);
  BOOST_TEST(fault->code == row.code);
  BOOST_TEST(fault->text == row.detail);
}

BOOST_DATA_TEST_CASE(tells_malformed_input_from_a_wrong_call, data::make(malformed_texts), text) {
  const DecodedCall decoded = decode_call(text);
  BOOST_TEST(decoded.malformed);
  BOOST_REQUIRE(std::holds_alternative<Fault>(decoded.content));
  BOOST_TEST(std::get<Fault>(decoded.content).code == FaultCode::malformed);
}

BOOST_AUTO_TEST_CASE(a_null_parameter_is_a_missing_one) {
  const DecodedCall decoded =
      decode_call(agent_call("GetToken", R"({"profile":null,"endpoint":null})"));
  BOOST_REQUIRE(std::holds_alternative<Call>(decoded.content));
  const auto& request = std::get<call::GetToken>(std::get<Call>(decoded.content).request);
  BOOST_TEST(!request.profile.has_value());
  BOOST_TEST(!request.endpoint.has_value());
}

BOOST_AUTO_TEST_CASE(a_oneway_call_says_so_even_when_it_is_refused) {
  BOOST_TEST(decode_call(R"({"method":"org.hfauth.Agent.Lock","oneway":true})").oneway);
  BOOST_TEST(decode_call(R"({"method":"org.hfauth.Agent.Fly","oneway":true})").oneway);
}

BOOST_AUTO_TEST_CASE(every_method_and_error_that_is_served_stands_in_the_description) {
  const std::string_view text = interface_description();
  for (const std::string_view method :
       {"GetToken", "List", "Add", "Remove", "SetDefault", "Lock", "Unlock", "Status", "OpenLease",
        "CloseLease", "Shutdown"}) {
    BOOST_TEST(text.find("method " + std::string(method) + "(") != std::string_view::npos, method);
  }
  for (int code = 0; code <= static_cast<int>(FaultCode::invalid_parameter); ++code) {
    const std::string_view name = name_of(static_cast<FaultCode>(code));
    const std::size_t dot = name.rfind('.');
    const std::string_view where = name.substr(0, dot) == kInterface ? text : service_description();
    BOOST_TEST(
        where.find("error " + std::string(name.substr(dot + 1)) + " (") != std::string_view::npos,
        name);
    BOOST_TEST(fault_from_name(name).value() == static_cast<FaultCode>(code));
  }
}

BOOST_AUTO_TEST_SUITE_END()
