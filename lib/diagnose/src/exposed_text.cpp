// SPDX-License-Identifier: Apache-2.0
//
// "hf_" and at least twenty letters and digits that are not all one; behind "Basic " the same
// inside of base64. One pass, linear.
#include "exposed_text.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kShortest = 20;        // behind the prefix, as the redactor has it
constexpr std::size_t kLongestHeader = 512;  // base64 of a user and a token
constexpr std::array<std::string_view, 4> kPrefixes{"hf_oauth_", "hf_jwt_", "api_org_", "hf_"};

bool is_base64(char c) {
  return ascii::is_alnum(c) || c == '+' || c == '/';
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : 63;
}

// The length of the token at the beginning of `text`; 0 if there is none, or a placeholder.
std::size_t token_length(std::string_view text) {
  for (const std::string_view prefix : kPrefixes) {
    if (!text.starts_with(prefix)) {
      continue;
    }
    const std::string_view body = text.substr(prefix.size());
    const auto length = static_cast<std::size_t>(
        std::find_if_not(body.begin(), body.end(), ascii::is_alnum) - body.begin());
    const bool varies =
        std::any_of(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(length),
                    [&](char c) { return ascii::lower(c) != ascii::lower(body[0]); });
    return length >= kShortest && varies ? prefix.size() + length : 0;
  }
  return 0;
}

bool hides_token(std::string_view header) {
  Secret plain = Secret::allocate(kLongestHeader);
  std::size_t size = 0;
  unsigned bits = 0;
  int held = 0;
  for (const char c : header.substr(0, kLongestHeader)) {
    if (!is_base64(c)) {
      break;
    }
    bits = (bits << 6U) | static_cast<unsigned>(base64_value(c));
    held += 6;
    if (held >= 8) {
      held -= 8;
      plain.writable()[size++] = static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xFFU);
    }
  }
  plain.truncate(size);
  return !tokens_in(plain.expose()).empty();
}

}  // namespace

std::vector<std::string_view> tokens_in(std::string_view raw) {
  std::vector<std::string_view> found;
  for (std::size_t at = raw.find('_'); at != std::string_view::npos; at = raw.find('_', at + 1)) {
    for (const std::string_view start : {"hf", "api"}) {  // what stands in front of the first "_"
      if (at < start.size() || raw.substr(at - start.size(), start.size()) != start) {
        continue;
      }
      const std::string_view text = raw.substr(at - start.size());
      if (const std::size_t length = token_length(text); length > 0) {
        found.push_back(text.substr(0, length));
      }
    }
  }
  return found;
}

std::size_t count_tokens(std::string_view raw) {
  std::size_t count = tokens_in(raw).size();
  constexpr std::string_view kBasic = "asic ";
  // memmem(3), because find() looks for every "a" and compares there.
  std::string_view rest = raw;
  while (const void* found = memmem(rest.data(), rest.size(), kBasic.data(), kBasic.size())) {
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - rest.data());
    rest.remove_prefix(at + kBasic.size());
    count += hides_token(rest) ? 1 : 0;
  }
  return count;
}

Explanation explain_exposed_tokens(std::size_t count) {
  Explanation explanation;
  explanation.finding = finding_of("HFA907");
  explanation.impact = Impact::limits;
  explanation.count = count;
  explanation.says =
      tr("The text that you pasted holds a token. It is masked in everything that "
         "is shown here.");
  explanation.means =
      tr("Whoever has this text has the token: a log, an issue, a chat, a colleague's screen.");
  explanation.finding.evidence.push_back(
      {EvidenceKind::text,
       count == 1 ? std::string(tr("1 token in the text"))
                  : fmt::format(fmt::runtime(tr("{} tokens in the text")), count),
       "", ""});
  explanation.finding.fixes.push_back(
      {FixSafety::manual,
       false,
       "",
       {{tr("replace the token"), "", "https://huggingface.co/settings/tokens"},
        {tr("or end it at once, everywhere"), "hfauth revoke", ""}}});
  return explanation;
}

}  // namespace hfauth::diagnose
