// SPDX-License-Identifier: Apache-2.0
//
// hfauth tokenize: the options, and where the tokenizer comes from; the work itself is in
// tokenize_command.cpp, behind the module.
#include "commands.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "model_files.hpp"
#include "output_file.hpp"
#include "progress_line.hpp"
#include "talk.hpp"
#include "tokenize_module.hpp"

#include <unistd.h>

#include <memory>
#include <ostream>
#include <sstream>
#include <system_error>
#include <utility>

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
      ("file,f", po::value<std::vector<std::string>>()->composing()->value_name("FILE"),
       tr("read the text from a file; - is standard input; may be repeated"))     //
      ("ids", po::bool_switch(), tr("print token ids"))                           //
      ("count", po::bool_switch(), tr("print how many tokens there are"))         //
      ("decode", po::bool_switch(), tr("the other way: token ids in, text out"))  //
      ("html", po::value<std::string>()->value_name("FILE"),
       tr("write a page that shows the tokens in the text; - is standard output"))  //
      ("compare", po::value<std::vector<std::string>>()->composing()->value_name("MODEL"),
       tr("print how many tokens each model makes; may be repeated"))  //
      ("strict", po::bool_switch(),
       tr("take bytes that are not UTF-8 for an error, not for U+FFFD"))  //
      ("chat", po::value<std::string>()->value_name("FILE"),
       tr("messages for the model's chat template (not supported yet)"))  //
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

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    if (const std::string_view name = take_until(list, ','); !name.empty())
      names.emplace_back(name);
  }
  return names;
}

Result<TokenizeForm> form_of(const po::variables_map& values, const Context& context) {
  struct Choice {
    bool chosen;
    TokenizeForm form;
  };

  const bool compares = values.count("compare") != 0;
  const std::array choices{Choice{values["ids"].as<bool>(), TokenizeForm::ids},
                           Choice{values["count"].as<bool>(), TokenizeForm::count},
                           Choice{values["decode"].as<bool>(), TokenizeForm::decode},
                           Choice{values["json-lines"].as<bool>(), TokenizeForm::json_lines},
                           Choice{values.count("html") != 0, TokenizeForm::html},
                           Choice{compares, TokenizeForm::compare},
                           Choice{context.format == Format::json && !compares, TokenizeForm::json}};
  TokenizeForm form = TokenizeForm::tokens;
  for (const Choice& choice : choices) {
    if (!choice.chosen) continue;
    if (form != TokenizeForm::tokens) {
      return Error{Errc::usage,
                   tr("choose one of --ids, --count, --decode, --html, --compare, --json and "
                      "--json-lines")};
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
  if (values.count("file") != 0) {
    for (const std::string& file : values["file"].as<std::vector<std::string>>())
      request.files.emplace_back(file);
  }
  if ((!request.files.empty() && !request.texts.empty()) ||
      (*form == TokenizeForm::json_lines && !(request.files.empty() && request.texts.empty()))) {
    return Error{Errc::usage,
                 tr("give the text in one way: as words, by --file, or on standard input")};
  }
  request.strict = values["strict"].as<bool>();
  request.colour = context.terminal.colour && context.terminal.out_is_terminal;
  request.as_json = context.format == Format::json;
  request.add_special_tokens = !values["no-special-tokens"].as<bool>();
  request.skip_special_tokens = values["no-special-tokens"].as<bool>();
  if (const std::optional<std::string> fields = text_of(values, "fields"))
    request.fields = split(*fields);
  return request;
}

Result<NamedTokenizer> model_tokenizer(const std::string& model, const std::string& revision,
                                       const Context& context) {
  Result<std::filesystem::path> folder = find_tokenizer_files(context, model, revision);
  if (!folder) return folder.error();
  std::error_code ignored;
  std::filesystem::path blob = std::filesystem::canonical(*folder / "tokenizer.json", ignored);
  if (blob.empty()) blob = *folder;
  return NamedTokenizer{model, std::move(*folder),
                        filled(tr("delete {} to have it downloaded again"), blob.string())};
}

/// The one that -m or --tokenizer names, and those of --compare.
Result<std::vector<NamedTokenizer>> tokenizers_of(const po::variables_map& values,
                                                  const Context& context) {
  const std::optional<std::string> model = text_of(values, "model");
  const std::optional<std::string> file = text_of(values, "tokenizer");
  const std::optional<std::string> revision = text_of(values, "revision");
  const bool compares = values.count("compare") != 0;
  if (model && file)
    return Error{Errc::usage, tr("which tokenizer? -m MODEL, or --tokenizer FILE")};
  if (!model && !file && !compares)
    return Error{Errc::usage, tr("which tokenizer? -m MODEL, or --tokenizer FILE")};
  if (revision && !model) return Error{Errc::usage, tr("--revision belongs to -m MODEL")};
  std::vector<NamedTokenizer> tokenizers;
  if (file) tokenizers.push_back({*file, *file, tr("get the file again")});
  std::vector<std::string> models;
  if (model) models.push_back(*model);
  if (compares) {
    const auto& more = values["compare"].as<std::vector<std::string>>();
    models.insert(models.end(), more.begin(), more.end());
  }
  for (const std::string& name : models) {
    const bool is_first = model && &name == &models.front();
    Result<NamedTokenizer> found =
        model_tokenizer(name, is_first ? revision.value_or("main") : "main", context);
    if (!found) return found.error();
    tokenizers.push_back(std::move(*found));
  }
  return tokenizers;
}

/// The page goes to its file once it is complete.
Result<int> run_page(const TokenizeRequest& request, const std::vector<NamedTokenizer>& tokenizers,
                     const std::string& file, Context& context) {
  if (is_standard_output(file))
    return run_in_tokenize_module({request, tokenizers, STDIN_FILENO, context.out, context.err});
  std::ostringstream page;
  Result<int> status =
      run_in_tokenize_module({request, tokenizers, STDIN_FILENO, page, context.err});
  if (!status || *status != 0) return status;
  if (const Result<void> written = write_output(file, page.str()); !written) return written.error();
  return 0;
}

/// A line on the error stream while a long encoding goes on.
std::function<void(std::uint64_t, std::uint64_t, const std::string&)> progress_shower(
    Context& context) {
  struct Shown {
    std::optional<ProgressLine> line;
    std::uint64_t n_done = 0;
  };

  return [&context, shown = std::make_shared<Shown>()](std::uint64_t n_done, std::uint64_t n_bytes,
                                                       const std::string& name) {
    if (n_done == n_bytes) {
      shown->line.reset();
      shown->n_done = 0;
      return;
    }
    if (!shown->line) shown->line.emplace(context, tr("tokenizing"), n_bytes);
    shown->line->advance(n_done - std::exchange(shown->n_done, n_done), name);
  };
}

int run(const po::variables_map& values, Context& context) {
  if (values.count("chat") != 0) {
    return fail(
        context, "tokenize",
        Error{Errc::unsupported, tr("chat templates are not supported: render the messages with "
                                    "apply_chat_template of transformers and give the text")});
  }
  Result<TokenizeRequest> request = request_of(values, context);
  if (!request) return fail(context, "tokenize", request.error());
  request->on_progress = progress_shower(context);
  const Result<std::vector<NamedTokenizer>> tokenizers = tokenizers_of(values, context);
  if (!tokenizers) return fail(context, "tokenize", tokenizers.error());
  const std::optional<std::string> page = text_of(values, "html");
  const Result<int> status =
      page
          ? run_page(*request, *tokenizers, *page, context)
          : run_in_tokenize_module({*request, *tokenizers, STDIN_FILENO, context.out, context.err});
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
