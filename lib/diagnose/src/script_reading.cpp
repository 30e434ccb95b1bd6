// SPDX-License-Identifier: Apache-2.0
//
// One pass over the words; a call is followed to its closing bracket to find its first literal and
// its repo_type. Names are those of huggingface_hub 0.x to 2.x, transformers, datasets, diffusers
// and sentence-transformers.
#include "script_reading.hpp"

#include "exposed_text.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/hub/repo.hpp"
#include "script_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <initializer_list>

namespace hfauth::diagnose {
namespace {

using Kind = ScriptWord::Kind;
using Words = std::vector<ScriptWord>;

constexpr std::size_t kMostWords = 400'000;
constexpr std::size_t kMostPlaces = 256;  // more of them are the same story
constexpr std::size_t kMostCells = 20'000;

constexpr std::array<std::string_view, 16> kReads{"from_pretrained",
                                                  "hf_hub_download",
                                                  "snapshot_download",
                                                  "cached_file",
                                                  "pipeline",
                                                  "SentenceTransformer",
                                                  "CrossEncoder",
                                                  "model_info",
                                                  "repo_info",
                                                  "list_repo_files",
                                                  "hf_hub_url",
                                                  "InferenceClient",
                                                  "LLM",
                                                  "list_repo_tree",
                                                  "file_exists",
                                                  "auth_check"};
constexpr std::array<std::string_view, 5> kReadsDataset{"load_dataset", "load_dataset_builder",
                                                        "dataset_info", "get_dataset_config_names",
                                                        "get_dataset_split_names"};
constexpr std::array<std::string_view, 8> kWrites{
    "push_to_hub", "upload_file",         "upload_folder", "create_repo",
    "delete_repo", "upload_large_folder", "create_commit", "delete_file"};
constexpr std::array<std::string_view, 6> kLibraries{
    "huggingface_hub", "transformers", "datasets", "diffusers", "sentence_transformers", "vllm"};
constexpr std::array<std::string_view, 4> kTokenArguments{"token", "use_auth_token", "hf_token",
                                                          "hf_api_key"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

class Reader {
 public:
  Reader(const Words& words, int cell, ScriptReading& reading)
      : words_(words), cell_(cell), reading_(reading) {}

  void run() {
    for (at_ = 0; at_ < words_.size() && reading_.places.size() < kMostPlaces; ++at_) {
      const ScriptWord& word = words_[at_];
      if (word.kind == Kind::magic) {
        look_at_magic(word);
      } else if (word.kind == Kind::string) {
        look_at_string(word);
      } else if (word.kind == Kind::name) {
        look_at_name(word);
      }
    }
  }

 private:
  [[nodiscard]] bool is_sign(std::size_t at, char sign) const {
    return at < words_.size() && words_[at].kind == Kind::sign && words_[at].text[0] == sign;
  }

  [[nodiscard]] const ScriptWord* literal(std::size_t at) const {
    const bool is_one =
        at < words_.size() && words_[at].kind == Kind::string && !words_[at].filled_in;
    return is_one ? &words_[at] : nullptr;
  }

  void add(const ScriptWord& at, const char* kind, std::string subject, std::string token = "") {
    reading_.places.push_back({kind, at.line, cell_, std::move(subject), std::move(token)});
  }

  static std::string token_in(std::string_view text) {
    const std::vector<std::string_view> tokens = tokens_in(text);
    return tokens.empty() ? "" : std::string(tokens.front());
  }

  // A token for a use that is not recognised below: it can be read here all the same.
  void look_at_string(const ScriptWord& word) {
    const bool known = at_ > 0 && told_ == at_;
    if (known) return;
    if (std::string token = token_in(word.text); !token.empty())
      add(word, "literal", "", std::move(token));
  }

  void look_at_name(const ScriptWord& word) {
    if (word.text == "import" || word.text == "from") return look_at_import(word);
    if (word.text == "environ") return look_at_environ(word);
    if (is_sign(at_ + 1, '=') && !is_sign(at_ + 2, '=')) return look_at_argument(word);
    if (is_sign(at_ + 1, '(')) look_at_call(word);
  }

  void look_at_import(const ScriptWord& word) {
    if (at_ + 1 < words_.size() && is_one_of(words_[at_ + 1].text, kLibraries))
      add(word, "import", words_[at_ + 1].text);
  }

  // os.environ["NAME"] = "value"; os.environ.setdefault("NAME", "value")
  void look_at_environ(const ScriptWord& word) {
    if (is_sign(at_ + 1, '[')) {
      const ScriptWord* name = literal(at_ + 2);
      const bool sets = is_sign(at_ + 3, ']') && is_sign(at_ + 4, '=') && !is_sign(at_ + 5, '=');
      if (name != nullptr && sets) set_variable(word, name->text, at_ + 5);
    } else if (is_sign(at_ + 1, '.') && at_ + 2 < words_.size() &&
               words_[at_ + 2].text == "setdefault" && is_sign(at_ + 3, '(')) {
      if (const ScriptWord* name = literal(at_ + 4)) set_variable(word, name->text, at_ + 6);
    }
  }

  void set_variable(const ScriptWord& word, const std::string& name, std::size_t value_at) {
    const ScriptWord* value = literal(value_at);
    if (!is_of_the_hub(name)) return;
    told_ = value_at;
    add(word, "variable", name, value == nullptr ? "" : token_in(value->text));
  }

  static bool is_of_the_hub(std::string_view name) {
    return name.size() < 64 && (name.starts_with("HF_") || name.starts_with("HUGGING") ||
                                name == "TRANSFORMERS_OFFLINE" || name == "XDG_CACHE_HOME");
  }

  void look_at_argument(const ScriptWord& word) {
    if (!is_one_of(word.text, kTokenArguments)) return;
    const std::size_t value = at_ + 2;
    if (word.text == "use_auth_token") add(word, "old_argument", word.text);
    if (value < words_.size() && words_[value].kind == Kind::name && words_[value].text == "False")
      return add(word, "token_false", word.text);
    const ScriptWord* text = literal(value);
    if (text == nullptr) return;
    told_ = value;
    if (std::string token = token_in(text->text); !token.empty())
      add(word, "token", word.text + "=", std::move(token));
  }

  void look_at_call(const ScriptWord& word) {
    const std::string& name = word.text;
    if (is_one_of(name, kReads)) {
      add_repo(word, "repo", hub::RepoType::model);
    } else if (is_one_of(name, kReadsDataset)) {
      add_repo(word, "repo", hub::RepoType::dataset);
    } else if (is_one_of(name, kWrites)) {
      add_repo(word, "upload", hub::RepoType::model);
    } else if (name == "login" || name == "notebook_login" || name == "interpreter_login") {
      look_at_login(word);
    } else if (name == "load_dotenv") {
      add(word, "dotenv", name);
    } else if (name == "putenv") {
      if (const ScriptWord* variable = literal(at_ + 2))
        set_variable(word, variable->text, at_ + 4);
    } else if (name == "get_secret" ||
               (name == "get" && at_ >= 2 && words_[at_ - 2].text == "userdata")) {
      if (const ScriptWord* secret = literal(at_ + 2))
        add(word, "vault", secret->text.substr(0, 64));
    }
  }

  void look_at_login(const ScriptWord& word) {
    const ScriptWord* text = literal(at_ + 2);
    std::string token = text == nullptr ? "" : token_in(text->text);
    if (!token.empty()) {
      told_ = at_ + 2;
      return add(word, "token", "login", std::move(token));
    }
    const bool of_the_hub = word.text != "login" || is_sign(at_ + 2, ')') ||
                            (at_ + 2 < words_.size() && words_[at_ + 2].text == "token");
    if (of_the_hub) add(word, "login", word.text);
  }

  /// +1 at an opening bracket, -1 at a closing one.
  [[nodiscard]] int step_of_depth(std::size_t at) const {
    if (is_sign(at, '(') || is_sign(at, '[') || is_sign(at, '{')) return 1;
    return is_sign(at, ')') || is_sign(at, ']') || is_sign(at, '}') ? -1 : 0;
  }

  /// The literal behind one of the names of arguments in the call at `at_`; nullptr if there is
  /// none. What stands in deeper brackets belongs to another call.
  [[nodiscard]] const ScriptWord* argument(std::initializer_list<std::string_view> names) const {
    static constexpr std::size_t kFurthest = 200;  // words of one call
    int depth = 0;
    for (std::size_t i = at_ + 1; i < std::min(words_.size(), at_ + kFurthest); ++i) {
      depth += step_of_depth(i);
      if (depth == 0) break;
      const bool is_argument = depth == 1 && words_[i].kind == Kind::name && is_sign(i + 1, '=') &&
                               std::find(names.begin(), names.end(), words_[i].text) != names.end();
      if (is_argument && literal(i + 2) != nullptr) return literal(i + 2);
    }
    return nullptr;
  }

  /// The repository of a call: a named argument, else the first one; a folder's path is none.
  void add_repo(const ScriptWord& word, const char* kind, hub::RepoType type) {
    const ScriptWord* id = argument({"repo_id", "model", "path", "pretrained_model_name_or_path",
                                     "model_id", "path_or_repo_id", "model_name_or_path"});
    if (id == nullptr) id = literal(at_ + 2);
    if (const ScriptWord* named = argument({"repo_type"})) {
      type = named->text == "dataset" ? hub::RepoType::dataset
             : named->text == "space" ? hub::RepoType::space
                                      : type;
    }
    const bool is_id = id != nullptr && id->text.find('/') != std::string::npos;
    const Result<hub::Repo> repo =
        is_id ? hub::Repo::parse(id->text, type) : Result<hub::Repo>(Error{Errc::not_found, ""});
    if (repo) {
      add(word, kind, repo->url_prefix() + repo->id());
    } else if (std::string_view(kind) == "upload") {
      add(word, kind, "");
    }
  }

  // %env NAME=value, %env NAME value, %set_env; !export NAME=value, !hf auth login --token X
  void look_at_magic(const ScriptWord& word) {
    std::string_view rest = word.text;
    const std::string token = token_in(rest);
    const bool env = rest.starts_with("%env ") || rest.starts_with("%set_env ");
    if (env) {
      rest = trimmed_begin(rest.substr(rest.find(' ') + 1), " ");
      const std::string name(rest.substr(0, rest.find_first_of("= ")));
      if (is_of_the_hub(name) && name.size() < rest.size())
        return add(word, "variable", name, token);
    }
    if (!token.empty()) add(word, "literal", "", token);
  }

  const Words& words_;
  int cell_;
  ScriptReading& reading_;
  std::size_t at_ = 0;
  std::size_t told_ = static_cast<std::size_t>(-1);  ///< a string that a place was made of
};

void read_source(std::string_view source, bool notebook, int cell, ScriptReading& reading) {
  const Words words = script_words(source, notebook, kMostWords);
  Reader(words, cell, reading).run();
}

// A text, or the lines of one (nbformat allows both).
std::string text_of(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  std::string text;
  if (value.is_array()) {
    for (const nlohmann::json& line : value) {
      if (line.is_string()) text += line.get<std::string>();
    }
  }
  return text;
}

void read_outputs(const nlohmann::json& cell, int number, ScriptReading& reading) {
  const auto outputs = cell.find("outputs");
  if (outputs == cell.end() || !outputs->is_array()) return;
  const std::string text = outputs->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (const std::string_view token : tokens_in(text)) {
    if (reading.places.size() >= kMostPlaces) return;
    reading.places.push_back({"literal", 0, number, "", std::string(token)});
  }
}

/// nbformat 4 has "cells"; 3 has them in "worksheets", their text as "input".
std::vector<const nlohmann::json*> cells_of(const nlohmann::json& document) {
  std::vector<const nlohmann::json*> cells;
  const auto take = [&cells](const nlohmann::json& holder) {
    const auto list = holder.find("cells");
    if (list == holder.end() || !list->is_array()) return;
    for (const nlohmann::json& cell : *list) {
      if (cell.is_object() && cells.size() < kMostCells) cells.push_back(&cell);
    }
  };
  take(document);
  if (const auto sheets = document.find("worksheets");
      sheets != document.end() && sheets->is_array()) {
    for (const nlohmann::json& sheet : *sheets) {
      if (sheet.is_object()) take(sheet);
    }
  }
  return cells;
}

}  // namespace

ScriptReading read_script(std::string_view source) {
  ScriptReading reading;
  if (source.substr(0, 8192).find('\0') != std::string_view::npos) {
    reading.problem = "it is no text";
    return reading;
  }
  read_source(source, false, 0, reading);
  return reading;
}

ScriptReading read_notebook(std::string_view text) {
  ScriptReading reading;
  const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) {
    reading.problem = "it is no notebook: not a JSON document";
    return reading;
  }
  const std::vector<const nlohmann::json*> cells = cells_of(document);
  if (cells.empty() && document.find("cells") == document.end() &&
      document.find("worksheets") == document.end()) {
    reading.problem = "it is no notebook: it has no cells";
    return reading;
  }
  int number = 0;
  for (const nlohmann::json* cell : cells) {
    ++number;
    if (cell->value("cell_type", nlohmann::json()) != "code") continue;
    const auto source = cell->find(cell->contains("source") ? "source" : "input");
    if (source != cell->end()) read_source(text_of(*source), true, number, reading);
    read_outputs(*cell, number, reading);
  }
  return reading;
}

}  // namespace hfauth::diagnose
