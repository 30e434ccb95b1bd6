// SPDX-License-Identifier: Apache-2.0
//
// Calls: JSON to values and back. One decoder and one encoder a method, found by the method's name
// in one table.
#include "hfauth/agent/frame.hpp"
#include "messages.hpp"
#include "parameters.hpp"
#include "routing_messages.hpp"

#include <algorithm>
#include <array>

namespace hfauth::agent {
namespace {

/// What may stand in an HTTP header without quoting: a line break in a token would be a header of
/// its own there.
bool is_token_text(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTokenBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

template <class Empty>
std::optional<Request> decode_empty(Parameters& /*in*/) {
  return Empty{};
}

std::optional<Request> decode_description(Parameters& in) {
  return call::GetInterfaceDescription{in.text("interface")};
}

std::optional<Request> decode_get_token(Parameters& in) {
  return read_question(in);
}

std::optional<Request> decode_which(Parameters& in) {
  return call::Which{read_question(in)};
}

std::optional<Request> decode_set_route(Parameters& in) {
  call::SetRoute call{.pattern = read_pattern(in), .profile = in.optional_profile("profile")};
  return call;
}

std::optional<Request> decode_audit(Parameters& in) {
  call::Audit call;
  call.since = in.optional_time("since");
  call.follow = in.optional_flag("follow");
  return call;
}

std::optional<Request> decode_add(Parameters& in) {
  std::optional<token::TokenFacts> facts = read_facts(in);
  Secret token = in.secret("token");
  Secret refresh = in.optional_secret("refresh");
  const bool replace = in.optional_flag("replace");
  const bool make_default = in.optional_flag("make_default");
  if (!is_token_text(token.expose())) in.reject("token");
  if (!refresh.empty() && !is_token_text(refresh.expose())) in.reject("refresh");
  if (!in.ok() || !facts) return std::nullopt;
  return call::Add{.record = {.facts = std::move(*facts),
                              .token = std::move(token),
                              .refresh = std::move(refresh)},
                   .replace = replace,
                   .make_default = make_default};
}

template <class Method>
std::optional<Request> decode_profile(Parameters& in) {
  const std::optional<token::ProfileName> profile = in.profile("profile");
  if (!profile) return std::nullopt;
  return Method{*profile};
}

std::optional<Request> decode_unlock(Parameters& in) {
  return call::Unlock{in.optional_secret("passphrase")};
}

std::optional<Request> decode_set_passphrase(Parameters& in) {
  return call::SetPassphrase{.current = in.optional_secret("current"),
                             .wanted = in.optional_secret("wanted")};
}

std::optional<Request> decode_migrate(Parameters& in) {
  return call::Migrate{in.text("to")};
}

std::optional<Request> decode_open_lease(Parameters& in) {
  call::OpenLease call;
  call.profile = in.optional_profile("profile");
  if (const std::optional<std::int64_t> seconds = in.optional_integer("seconds")) {
    // Longer than a century is a mistake, and would overflow dates.
    if (*seconds < 1 || *seconds > std::int64_t{100} * 366 * 86400) in.reject("seconds");
    call.lifetime = std::chrono::seconds(*seconds);
  }
  return call;
}

std::optional<Request> decode_close_lease(Parameters& in) {
  return call::CloseLease{in.optional_profile("profile")};
}

std::uint64_t decode_generation(Parameters& in) {
  const std::int64_t generation = in.integer("generation");
  if (generation < 0) in.reject("generation");
  return static_cast<std::uint64_t>(generation);
}

std::optional<Request> decode_begin_refresh(Parameters& in) {
  const std::optional<token::ProfileName> profile = in.profile("profile");
  const bool force = in.optional_flag("force");
  if (!profile) return std::nullopt;
  return call::BeginRefresh{.profile = *profile, .force = force};
}

std::optional<Request> decode_finish_refresh(Parameters& in) {
  const std::optional<token::ProfileName> profile = in.profile("profile");
  const std::uint64_t generation = decode_generation(in);
  Secret token = in.secret("token");
  Secret refresh = in.optional_secret("refresh");
  const std::optional<WallTime> expires = in.optional_time("expires");
  if (!is_token_text(token.expose())) in.reject("token");
  if (!refresh.empty() && !is_token_text(refresh.expose())) in.reject("refresh");
  if (!profile) return std::nullopt;
  return call::FinishRefresh{.profile = *profile,
                             .generation = generation,
                             .token = std::move(token),
                             .refresh = std::move(refresh),
                             .expires = expires};
}

std::optional<Request> decode_abandon_refresh(Parameters& in) {
  const std::optional<token::ProfileName> profile = in.profile("profile");
  const std::uint64_t generation = decode_generation(in);
  const bool login_again = in.optional_flag("login_again");
  if (!profile) return std::nullopt;
  return call::AbandonRefresh{
      .profile = *profile, .generation = generation, .login_again = login_again};
}

struct Method {
  std::string_view interface;
  std::string_view name;
  std::optional<Request> (*decode)(Parameters& in);
};

/// In the order of Request, so that an index of the variant is a row.
constexpr std::array kMethods{
    Method{kServiceInterface, "GetInfo", decode_empty<call::GetInfo>},
    Method{kServiceInterface, "GetInterfaceDescription", decode_description},
    Method{kInterface, "GetToken", decode_get_token},
    Method{kInterface, "Which", decode_which},
    Method{kInterface, "List", decode_empty<call::List>},
    Method{kInterface, "Add", decode_add},
    Method{kInterface, "Remove", decode_profile<call::Remove>},
    Method{kInterface, "SetDefault", decode_profile<call::SetDefault>},
    Method{kInterface, "SetRoute", decode_set_route},
    Method{kInterface, "Lock", decode_empty<call::Lock>},
    Method{kInterface, "Unlock", decode_unlock},
    Method{kInterface, "SetPassphrase", decode_set_passphrase},
    Method{kInterface, "Migrate", decode_migrate},
    Method{kInterface, "Status", decode_empty<call::Status>},
    Method{kInterface, "OpenLease", decode_open_lease},
    Method{kInterface, "CloseLease", decode_close_lease},
    Method{kInterface, "BeginRefresh", decode_begin_refresh},
    Method{kInterface, "FinishRefresh", decode_finish_refresh},
    Method{kInterface, "AbandonRefresh", decode_abandon_refresh},
    Method{kInterface, "Audit", decode_audit},
    Method{kInterface, "Watch", decode_empty<call::Watch>},
    Method{kInterface, "Shutdown", decode_empty<call::Shutdown>},
};
static_assert(kMethods.size() == std::variant_size_v<Request>);

DecodedCall refuse(Fault fault, bool oneway) {
  return {.content = std::move(fault), .oneway = oneway};
}

DecodedCall malformed(std::string reason) {
  return {.content = Fault{.code = FaultCode::malformed, .text = std::move(reason)},
          .malformed = true};
}

Fault unknown_method(std::string_view method) {
  const std::size_t dot = method.rfind('.');
  const std::string_view interface = method.substr(0, dot == std::string_view::npos ? 0 : dot);
  if (interface == kInterface || interface == kServiceInterface) {
    return {.code = FaultCode::method_not_found, .text = std::string(method)};
  }
  return {.code = FaultCode::interface_not_found, .text = std::string(interface)};
}

const Method* find_method(std::string_view name) {
  const auto* const found =
      std::find_if(kMethods.begin(), kMethods.end(), [name](const Method& method) {
        return name.size() == method.interface.size() + 1 + method.name.size() &&
               name.starts_with(method.interface) && name[method.interface.size()] == '.' &&
               name.ends_with(method.name);
      });
  return found == kMethods.end() ? nullptr : found;
}

/// Writes the parameters of one kind of call.
struct ParameterWriter {
  JsonWriter& json;

  void optional_profile(const std::optional<token::ProfileName>& profile) const {
    if (profile) json.member("profile", std::string_view(profile->str()));
  }

  template <class Empty>
  void operator()(const Empty& /*call*/) const {}

  void operator()(const call::GetInterfaceDescription& call) const {
    json.member("interface", std::string_view(call.interface));
  }

  void operator()(const call::GetToken& call) const { write_question(json, call); }

  void operator()(const call::Which& call) const { write_question(json, call.question); }

  void operator()(const call::SetRoute& call) const {
    write_pattern(json, call.pattern);
    optional_profile(call.profile);
  }

  void operator()(const call::Audit& call) const {
    if (call.since) write_time(json, "since", call.since);
    if (call.follow) json.member("follow", true);
  }

  void operator()(const call::Add& call) const {
    write_add_parameters(json, call.record, call.replace, call.make_default);
  }

  void operator()(const call::Remove& call) const {
    json.member("profile", std::string_view(call.profile.str()));
  }

  void operator()(const call::SetDefault& call) const {
    json.member("profile", std::string_view(call.profile.str()));
  }

  void operator()(const call::Unlock& call) const {
    if (!call.passphrase.empty()) json.member("passphrase", call.passphrase.expose());
  }

  void operator()(const call::SetPassphrase& call) const {
    if (!call.current.empty()) json.member("current", call.current.expose());
    if (!call.wanted.empty()) json.member("wanted", call.wanted.expose());
  }

  void operator()(const call::Migrate& call) const { json.member("to", std::string_view(call.to)); }

  void operator()(const call::OpenLease& call) const {
    optional_profile(call.profile);
    if (call.lifetime) json.member("seconds", std::int64_t{call.lifetime->count()});
  }

  void operator()(const call::CloseLease& call) const { optional_profile(call.profile); }

  void operator()(const call::BeginRefresh& call) const {
    json.member("profile", std::string_view(call.profile.str()));
    if (call.force) json.member("force", true);
  }

  void operator()(const call::FinishRefresh& call) const {
    json.member("profile", std::string_view(call.profile.str()));
    json.member("generation", call.generation);
    json.member("token", call.token.expose());
    if (!call.refresh.empty()) json.member("refresh", call.refresh.expose());
    if (call.expires) write_time(json, "expires", call.expires);
  }

  void operator()(const call::AbandonRefresh& call) const {
    json.member("profile", std::string_view(call.profile.str()));
    json.member("generation", call.generation);
    if (call.login_again) json.member("login_again", true);
  }
};

template <class WriteParameters>
void write_message(GuardedBuffer& out, std::string_view interface, std::string_view method,
                   const WriteParameters& write_parameters, bool more = false) {
  JsonWriter json(out);
  json.begin_object();
  json.member("method", std::string_view(std::string(interface) + "." + std::string(method)));
  json.key("parameters");
  json.begin_object();
  write_parameters(json);
  json.end_object();
  if (more) json.member("more", true);
  json.end_object();
  out.push_back('\0');
}

}  // namespace

void write_add_parameters(JsonWriter& json, const token::TokenRecord& record, bool replace,
                          bool make_default) {
  write_facts(json, record.facts);
  json.member("token", record.token.expose());
  if (!record.refresh.empty()) json.member("refresh", record.refresh.expose());
  json.member("replace", replace);
  json.member("make_default", make_default);
}

DecodedCall decode_call(std::string_view message) {
  const Result<JsonDocument> document = JsonDocument::parse(message, kMaxNesting);
  if (!document) return malformed(document.error().detail);
  const JsonValue root = document->root();
  if (!root.is(JsonKind::object)) return malformed("a message must be a JSON object");
  const std::optional<JsonValue> method_value = root.member("method");
  const std::optional<std::string> name = method_value ? method_value->text() : std::nullopt;
  if (!name) return malformed("a call must have a \"method\" that is a string");
  const auto flag = [&](std::string_view key) {
    const std::optional<JsonValue> value = root.member(key);
    return value && value->boolean().value_or(false);
  };
  const bool oneway = flag("oneway");
  // A protocol upgrade would leave JSON; there is nothing to upgrade to.
  if (flag("upgrade"))
    return refuse({.code = FaultCode::invalid_parameter, .text = "upgrade"}, oneway);
  const Method* const method = find_method(*name);
  if (method == nullptr) return refuse(unknown_method(*name), oneway);
  Parameters in(root.member("parameters"));
  std::optional<Request> request = method->decode(in);
  in.reject_unknown();
  if (!in.ok()) return refuse({.code = FaultCode::invalid_parameter, .text = in.wrong()}, oneway);
  if (!request)
    return refuse({.code = FaultCode::internal, .text = "undecided parameters"}, oneway);
  return {.content = Call{.request = std::move(*request), .oneway = oneway, .more = flag("more")},
          .oneway = oneway};
}

void write_call(GuardedBuffer& out, const Request& request, bool more) {
  const Method& method = kMethods[request.index()];
  write_message(
      out, method.interface, method.name,
      [&](JsonWriter& json) { std::visit(ParameterWriter{json}, request); }, more);
}

void write_add_call(GuardedBuffer& out, const token::TokenRecord& record, bool replace,
                    bool make_default) {
  write_message(out, kInterface, "Add", [&](JsonWriter& json) {
    write_add_parameters(json, record, replace, make_default);
  });
}

}  // namespace hfauth::agent
