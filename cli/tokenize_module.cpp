// SPDX-License-Identifier: Apache-2.0
//
// Loading the tokenizer's module from beside the program: neither the environment nor the working
// directory chooses it.
#include "tokenize_module.hpp"

#include "talk.hpp"

#include <dlfcn.h>

#include <array>
#include <system_error>

namespace hfauth::cli {
namespace {

constexpr char kModuleFile[] = "libhfauth_tokenize.so";

Result<std::filesystem::path> find_module() {
  const Result<std::filesystem::path> program = program_directory();
  if (!program) return program.error();
  const std::array folders{*program / "../lib/hfauth", *program / HFAUTH_MODULE_FROM_BIN};
  for (const std::filesystem::path& folder : folders) {
    std::error_code ignored;
    std::filesystem::path file = (folder / kModuleFile).lexically_normal();
    if (std::filesystem::exists(file, ignored)) return file;
  }
  return Error{Errc::internal, filled(tr("the module {0} is not in {1}: install hfauth again"),
                                      kModuleFile, folders.back().lexically_normal().string())};
}

}  // namespace

Result<int> run_in_tokenize_module(const TokenizeJob& job) {
  const Result<std::filesystem::path> file = find_module();
  if (!file) return file.error();
  void* module = dlopen(file->c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (module == nullptr) {
    const char* reason = dlerror();  // NOLINT(concurrency-mt-unsafe): one thread
    return Error{Errc::internal, filled(tr("the tokenizer cannot be loaded: {}"),
                                        reason != nullptr ? reason : kModuleFile)};
  }
  const auto entry = reinterpret_cast<TokenizeEntry>(dlsym(module, kTokenizeEntryName));
  if (entry == nullptr) {
    return Error{Errc::internal,
                 filled(tr("{} belongs to another version of hfauth: install hfauth again"),
                        file->string())};
  }
  return entry(job);
}

}  // namespace hfauth::cli
