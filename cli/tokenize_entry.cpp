// SPDX-License-Identifier: Apache-2.0
//
// hfauth tokenize: the options, and where the tokenizer comes from; the work itself is in
// tokenize_command.cpp, behind the module.
#include "commands.hpp"
#include "model_files.hpp"
#include "talk.hpp"
#include "tokenize_module.hpp"

#include <unistd.h>

#include <ostream>
#include <system_error>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()  //
      ("model,m", po::value<std::string>()->value_name("MODEL"),
       tr("a model of the Hub: microsoft/phi-4"))  //
      ("revision", po::value<std::string>()->value_name("REVISION"),
       tr("a branch, tag or commit of it; else main"))  //
      ("tokenizer", po::value<std::string>()->value_name("FILE"),
       tr("a tokenizer.json, another tokenizer's file, or the folder with it"))  //
      ("file,f", po::value<std::string>()->value_name("FILE"),
       tr("read the text from a file; - is standard input"))                      //
      ("ids", po::bool_switch(), tr("print token ids"))                           //
      ("count", po::bool_switch(), tr("print how many tokens there are"))         //
      ("decode", po::bool_switch(), tr("the other way: token ids in, text out"))  //
      ("no-special-tokens", po::bool_switch(),
       tr("add no special tokens; with --decode, leave them out"))  //
      ("json-lines", po::bool_switch(),
       tr("answer JSON requests, one a line, until the input ends"))  //
      ("fields", po::value<std::string>()->value_name("LIST"),
       tr("what --json and --json-lines print of an encoding: ids,tokens,offsets"))  //
      ("text", po::value<std::vector<std::string>>(), "");
  positional.add("text", -1);
}

std::optional<std::string> text_of(const po::variables_map& values, const char* name) {
  if (values.count(name) == 0) return std::nullopt;
  return values[name].as<std::string>();
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    if (end > start) names.push_back(list.substr(start, end - start));
    start = end + 1;
  }
  return names;
}

Result<TokenizeForm> form_of(const po::variables_map& values, const Context& context) {
  struct Choice {
    bool chosen;
    TokenizeForm form;
  };

  const std::array choices{Choice{values["ids"].as<bool>(), TokenizeForm::ids},
                           Choice{values["count"].as<bool>(), TokenizeForm::count},
                           Choice{values["decode"].as<bool>(), TokenizeForm::decode},
                           Choice{values["json-lines"].as<bool>(), TokenizeForm::json_lines},
                           Choice{context.format == Format::json, TokenizeForm::json}};
  TokenizeForm form = TokenizeForm::tokens;
  for (const Choice& choice : choices) {
    if (!choice.chosen) continue;
    if (form != TokenizeForm::tokens) {
      return Error{Errc::usage,
                   tr("choose one of --ids, --count, --decode, --json and --json-lines")};
    }
    form = choice.form;
  }
  return form;
}

Result<TokenizeRequest> request_of(const po::variables_map& values, const Context& context) {
  const Result<TokenizeForm> form = form_of(values, context);
  if (!form) return form.error();
  TokenizeRequest request;
  request.form = *form;
  if (values.count("text") != 0) request.texts = values["text"].as<std::vector<std::string>>();
  const std::optional<std::string> file = text_of(values, "file");
  if (file && *file != "-") request.file = *file;
  if ((file && !request.texts.empty()) ||
      (*form == TokenizeForm::json_lines && (file || !request.texts.empty()))) {
    return Error{Errc::usage,
                 tr("give the text in one way: as words, by --file, or on standard input")};
  }
  request.add_special_tokens = !values["no-special-tokens"].as<bool>();
  request.skip_special_tokens = values["no-special-tokens"].as<bool>();
  if (const std::optional<std::string> fields = text_of(values, "fields"))
    request.fields = split(*fields);
  return request;
}

/// A tokenizer.json and what to try if it turns out to be damaged.
struct TokenizerFile {
  std::filesystem::path path;
  std::string cure;
};

Result<TokenizerFile> tokenizer_file(const po::variables_map& values, const Context& context) {
  const std::optional<std::string> model = text_of(values, "model");
  const std::optional<std::string> file = text_of(values, "tokenizer");
  const std::optional<std::string> revision = text_of(values, "revision");
  if (model.has_value() == file.has_value()) {
    return Error{Errc::usage, tr("which tokenizer? -m MODEL, or --tokenizer FILE")};
  }
  if (file) {
    if (revision) return Error{Errc::usage, tr("--revision belongs to -m MODEL")};
    return TokenizerFile{*file, tr("get the file again")};
  }
  Result<std::filesystem::path> cached =
      find_tokenizer_file(context, *model, revision.value_or("main"));
  if (!cached) return cached.error();
  std::error_code ignored;
  const std::filesystem::path blob = std::filesystem::canonical(*cached, ignored);
  return TokenizerFile{std::move(*cached),
                       filled(tr("delete {} to have it downloaded again"), blob.string())};
}

int run(const po::variables_map& values, Context& context) {
  const Result<TokenizeRequest> request = request_of(values, context);
  if (!request) return fail(context, "tokenize", request.error());
  const Result<TokenizerFile> tokenizer = tokenizer_file(values, context);
  if (!tokenizer) return fail(context, "tokenize", tokenizer.error());
  const Result<int> status = run_in_tokenize_module(
      {*request, tokenizer->path, tokenizer->cure, STDIN_FILENO, context.out, context.err});
  return status ? *status : fail(context, "tokenize", status.error());
}

}  // namespace

const Command kTokenizeCommand{
    .name = "tokenize",
    .usage = "(-m MODEL | --tokenizer FILE) [TEXT...]",
    .summary =
        tr_later("Split text into the tokens of a model, exactly as Hugging Face tokenizers does"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
