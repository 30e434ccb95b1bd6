// SPDX-License-Identifier: Apache-2.0
//
// Facts to the resolver's input and back.
#include "hfauth/diagnose/python_answer.hpp"

#include "resolver_input.hpp"

namespace hfauth::diagnose {

namespace {

token::ClientVersion version_of(const Facts& facts) {
  return token::ClientVersion::parse(facts.client.version).value_or(token::ClientVersion{});
}

}  // namespace

token::ResolverInput resolver_input(const Facts& facts) {
  return resolver_input(facts, {facts.environment, facts.home, facts.working_directory});
}

token::ResolverInput resolver_input(const Facts& facts, const Standpoint& from) {
  token::ResolverInput input;
  input.environment = from.environment;
  input.home = from.home;
  input.working_directory = from.working_directory;
  for (const TokenFile& file : facts.files) {
    input.files.emplace_back(file.path, token::FileState{file.kind, file.stand_in});
  }
  if (facts.colab_secret_assumed) {
    input.colab = {token::ColabSecret::Kind::present, "hf_00000000"};
  }
  return input;
}

PythonAnswer answer_of(const token::Resolution& resolution) {
  PythonAnswer answer;
  answer.source = resolution.source;
  answer.where = resolution.where;
  answer.sent = resolution.token.expose();
  answer.raises = resolution.raises;
  answer.sent_by_default = resolution.sent_by_default;
  answer.steps = resolution.steps;
  return answer;
}

PythonAnswer ask_python(const Facts& facts, std::optional<token::ClientVersion> version) {
  return answer_of(token::resolve_huggingface_hub(resolver_input(facts),
                                                  version ? *version : version_of(facts)));
}

PythonAnswer ask_python_from(const Facts& facts, const Standpoint& from) {
  return answer_of(token::resolve_huggingface_hub(resolver_input(facts, from), version_of(facts)));
}

}  // namespace hfauth::diagnose
