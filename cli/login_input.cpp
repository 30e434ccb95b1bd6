// SPDX-License-Identifier: Apache-2.0
//
// The ways in, in the order in which they are looked for.
#include "login_input.hpp"

#include "browser_login.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/token/token_text.hpp"
#include "question.hpp"
#include "secret_input.hpp"
#include "talk.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

void say(Context& context, const std::string& sentence) {
  if (context.verbosity >= 0) context.err << sentence << '\n';
}

int count_sources(const po::variables_map& values) {
  return static_cast<int>(values["token-stdin"].as<bool>()) +
         static_cast<int>(values.count("token-file")) + static_cast<int>(values.count("token"));
}

const char* show_repair(token::TokenFault fault) {
  switch (fault) {
    case token::TokenFault::line_break:
      return tr("took out a line break");
    case token::TokenFault::edge_space:
      return tr("took away white space around the token");
    case token::TokenFault::byte_order_mark:
      return tr("took away a byte order mark (U+FEFF)");
    case token::TokenFault::quotes:
      return tr("took away the quotes around the token");
    case token::TokenFault::bearer_prefix:
      return tr("took away \"Bearer\" in front of the token");
    case token::TokenFault::assignment_prefix:
      return tr("took away the variable's name in front of the token");
    default:
      return nullptr;
  }
}

Result<LoginCredentials> as_credentials(const Result<Secret>& raw, Context& context) {
  if (!raw) return raw.error();
  Result<Secret> token = accepted_token(*raw, context);
  if (!token) return token.error();
  LoginCredentials credentials;
  credentials.token = std::move(*token);
  return credentials;
}

Result<LoginCredentials> from_browser(Context& context, const token::Endpoint& endpoint) {
  Result<hub::OAuthTokens> tokens = login_with_browser(context, endpoint);
  if (!tokens) return tokens.error();
  return LoginCredentials{std::move(tokens->access), std::move(tokens->refresh), tokens->expires,
                          true, hub::oauth_client_id(context.environment)};
}

Result<LoginCredentials> pasted(Context& context, const token::Endpoint& endpoint) {
  say(context, filled(tr("Make a token at {}/settings/tokens (read is enough to download)."),
                      endpoint.url()));
  return as_credentials(ask_secret(context, tr("Token (not shown): ")), context);
}

}  // namespace

void describe_login_input(po::options_description& options) {
  options.add_options()                                                             //
      ("token-stdin", po::bool_switch(), tr("read the token from standard input"))  //
      ("token-file", po::value<std::string>()->value_name("FILE"),
       tr("read the token from a file"))  //
      ("token", po::value<std::string>()->value_name("TOKEN"),
       tr("the token itself; it stays in the shell's history and shows in process lists"))  //
      ("browser", po::bool_switch(),
       tr("log in with a browser, of this machine or of any other, without asking which way"));
}

bool is_interactive(const po::variables_map& values) {
  return count_sources(values) == 0;
}

Result<void> check_login_input(const po::variables_map& values, const Context& context) {
  const int n_sources = count_sources(values);
  if (n_sources > 1 || (n_sources == 1 && values["browser"].as<bool>())) {
    return Error{Errc::usage,
                 tr("choose one of --token-stdin, --token-file, --token and --browser")};
  }
  const bool for_programs = context.format == Format::json || context.verbosity < 0;
  if (n_sources == 0 && for_programs) {
    return Error{Errc::usage, tr("a login with a browser is not for --format json or --quiet; give "
                                 "the token by --token-stdin or --token-file")};
  }
  return {};
}

Result<LoginCredentials> read_login_input(const po::variables_map& values, Context& context,
                                          const token::Endpoint& endpoint) {
  if (values["token-stdin"].as<bool>()) return as_credentials(read_secret_from_stdin(), context);
  if (values.count("token-file") != 0) {
    return as_credentials(read_secret_from(values["token-file"].as<std::string>()), context);
  }
  if (values.count("token") != 0) {
    say(context, tr("Note: --token leaves the token in the shell's history; better: hfauth login "
                    "--token-stdin < FILE"));
    return as_credentials(Secret::copy_of(values["token"].as<std::string>()), context);
  }
  if (values["browser"].as<bool>()) return from_browser(context, endpoint);
  if (!can_ask(context)) {
    if (!context.terminal.in_is_terminal && context.format == Format::human) {
      say(context, tr("Note: nothing is read from standard input; to give a token there, use "
                      "--token-stdin."));
    }
    return from_browser(context, endpoint);
  }
  const Result<std::size_t> choice =
      ask_choice(context, tr("How would you like to log in?"),
                 {tr("Log in with your browser"), tr("Paste an access token")});
  if (!choice) return choice.error();
  return *choice == 0 ? from_browser(context, endpoint) : pasted(context, endpoint);
}

Result<Secret> accepted_token(const Secret& raw, Context& context) {
  std::vector<token::TokenFault> repairs;
  Result<Secret> clean = token::accept_token(raw.expose(), repairs);
  if (!clean) return clean.error();
  for (const token::TokenFault repair : repairs) {
    const char* sentence = show_repair(repair);
    const bool is_plain_newline =
        repair == token::TokenFault::line_break || repair == token::TokenFault::edge_space;
    // the newline at the end of a file or of `echo` is what everybody has; only -v tells it
    if (sentence != nullptr && (!is_plain_newline || context.verbosity > 0)) {
      say(context, filled(tr("Note: {}."), sentence));
    }
  }
  if (clean->expose().starts_with("api_org")) {
    return Error{Errc::invalid_input,
                 tr("this is a token of an organisation, which the Hub's clients refuse; use one "
                    "of your personal account: https://huggingface.co/settings/tokens")};
  }
  return clean;
}

}  // namespace hfauth::cli
