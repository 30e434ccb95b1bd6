// SPDX-License-Identifier: Apache-2.0
//
// The talk around hub/oauth.hpp. Waiting ends with Ctrl-C as any program does: there is nothing to
// clean up, the code dies by itself.
#include "browser_login.hpp"

#include "child_process.hpp"
#include "hub_session.hpp"
#include "question.hpp"
#include "talk.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

bool has_display(const Context& context) {
  const Environment& environment = context.environment;
  if (environment.non_empty("SSH_CONNECTION")) return false;  // a forwarded display is elsewhere
  return environment.non_empty("DISPLAY") || environment.non_empty("WAYLAND_DISPLAY");
}

long minutes_left(const hub::DeviceCode& code) {
  const auto left = code.ends - SystemClock().monotonic();
  return std::max<long>(1, std::chrono::floor<std::chrono::minutes>(left).count());
}

void show(const hub::DeviceCode& code, Context& context) {
  const std::string& address =
      code.verification_uri_full.empty() ? code.verification_uri : code.verification_uri_full;
  if (context.format == Format::agent) {
    context.out << filled(tr("Ask the user to open {0} in a browser and enter the code {1}. The "
                             "code is good for {2} minutes. Waiting for the user."),
                          address, code.user_code, minutes_left(code))
                << std::endl;
    return;
  }
  context.err << '\n'
              << tr("Open this URL in your browser:") << "\n    " << address << '\n'
              << filled(tr("And enter the code: {}"), code.user_code) << "\n\n";
  if (can_ask(context) && has_display(context) &&
      start_and_leave({"xdg-open", address}, context.environment)) {
    context.err << tr("(The browser of this machine should open it by itself.)") << '\n';
  }
  context.err << filled(tr("Waiting for you there (up to {} minutes; Ctrl-C gives up) ..."),
                        minutes_left(code))
              << std::endl;
}

}  // namespace

Result<hub::OAuthTokens> login_with_browser(Context& context, const token::Endpoint& endpoint) {
  if (context.offline)
    return Error{Errc::offline, tr("the network is switched off (--offline or HF_HUB_OFFLINE)")};
  const Result<std::unique_ptr<hub::HttpClient>> http = hub::load_http_client(context.environment);
  if (!http) return http.error();
  hub::OAuthClient client(**http, endpoint, "hfauth/" HFAUTH_VERSION,
                          hub::oauth_client_id(context.environment));
  const Result<hub::DeviceCode> code = client.start_device();
  if (!code) return code.error();
  show(*code, context);
  return client.wait_for_device(*code);
}

}  // namespace hfauth::cli
