// SPDX-License-Identifier: Apache-2.0
//
// By the program and the words right behind it: a file's name deep in the arguments says nothing.
#include "process_kind.hpp"

#include "hfauth/core/mask.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kWordsLookedAt = 4;
constexpr std::size_t kShownCommand = 100;  // bytes

struct Kind {
  std::string_view word;  ///< of the command line
  std::string_view name;
};

constexpr std::array kKinds{Kind{"ipykernel_launcher", "kernel"},
                            Kind{"ipykernel", "kernel"},
                            Kind{"colab_kernel_launcher", "kernel"},
                            Kind{"jupyter-lab", "notebook-server"},
                            Kind{"jupyterlab", "notebook-server"},
                            Kind{"jupyter-notebook", "notebook-server"},
                            Kind{"jupyter-server", "notebook-server"},
                            Kind{"jupyterhub-singleuser", "notebook-server"},
                            Kind{".vscode-server", "editor"},
                            Kind{"code-server", "editor"},
                            Kind{"code_server", "editor"},
                            Kind{".cursor-server", "editor"},
                            Kind{"pycharm", "editor"},
                            Kind{"vllm", "server"},
                            Kind{"text-generation-launcher", "server"},
                            Kind{"text-generation-server", "server"},
                            Kind{"text-embeddings-router", "server"},
                            Kind{"llama-server", "server"},
                            Kind{"sglang", "server"},
                            Kind{"sglang.launch_server", "server"},
                            Kind{"vllm.entrypoints.openai.api_server", "server"},
                            Kind{"uvicorn", "server"},
                            Kind{"gunicorn", "server"},
                            Kind{"streamlit", "server"},
                            Kind{"gradio", "server"},
                            Kind{"tritonserver", "server"},
                            Kind{"accelerate", "training"},
                            Kind{"accelerate.commands.launch", "training"},
                            Kind{"torchrun", "training"},
                            Kind{"torch.distributed.run", "training"},
                            Kind{"torch.distributed.launch", "training"},
                            Kind{"deepspeed", "training"},
                            Kind{"hf", "client"},
                            Kind{"huggingface-cli", "client"},
                            Kind{"hfrs", "client"},
                            Kind{"git-lfs", "client"},
                            Kind{"git-xet", "client"}};

constexpr std::array<std::string_view, 6> kShells{"bash", "zsh", "fish", "sh", "dash", "ksh"};

std::string program_of(const std::vector<std::string>& words) {
  if (words.empty()) return "";
  std::string name = std::filesystem::path(words.front()).filename().string();
  return name.starts_with("-") ? name.substr(1) : name;  // "-bash": a login shell
}

bool is(const Kind& kind, const std::string& word, std::size_t position) {
  const std::string base = std::filesystem::path(word).filename().string();
  // "hf" as an argument of another program is no client.
  if (kind.name == "client" && position > 1) return false;
  return base == kind.word || base == std::string(kind.word) + ".py" ||
         (kind.word.starts_with(".") && word.find(kind.word) != std::string::npos);
}

}  // namespace

std::string kind_of_hub_program(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < std::min(words.size(), kWordsLookedAt); ++i) {
    const auto* const kind = std::find_if(kKinds.begin(), kKinds.end(),
                                          [&](const Kind& one) { return is(one, words[i], i); });
    if (kind != kKinds.end()) return std::string(kind->name);
  }
  return "";
}

std::string_view kind_of_interpreter(const std::vector<std::string>& words) {
  const std::string program = program_of(words);
  if (program.starts_with("python") || program == "ipython" || program == "ipython3")
    return "python";
  return std::find(kShells.begin(), kShells.end(), program) != kShells.end() ? "shell" : "";
}

std::string shown_command(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  text = redact(text);
  return text.size() > kShownCommand ? text.substr(0, kShownCommand) + "..." : text;
}

}  // namespace hfauth::diagnose
