// SPDX-License-Identifier: Apache-2.0
//
// dlopen of the module beside the program, and the check that both come from one build.
// It is never unloaded: libcurl and libcrypto keep state until the process ends.
#include "http_module.hpp"

#include "hfauth/core/paths.hpp"
#include "http_settings.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <filesystem>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr char kModuleFile[] = "libhfauth_http.so";

/// Only folders beside the program are searched: neither the environment nor the working directory
/// chooses the code that sees the token.
Result<fs::path> find_module() {
  const Result<fs::path> program = program_directory();
  if (!program) return program.error();
  const std::array<fs::path, 2> folders{*program / "../lib/hfauth",
                                        *program / HFAUTH_MODULE_FROM_BIN};
  for (const fs::path& folder : folders) {
    std::error_code ignored;
    fs::path file = (folder / kModuleFile).lexically_normal();
    if (fs::exists(file, ignored)) return file;
  }
  return Error{
      Errc::internal,
      fmt::format("the network module {} is not in {} nor in {}: install hfauth again", kModuleFile,
                  folders[0].lexically_normal().string(), folders[1].lexically_normal().string())};
}

Result<const NetworkModule*> open_module() {
  const Result<fs::path> file = find_module();
  if (!file) return file.error();
  void* handle = ::dlopen(file->c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* reason = ::dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
    return Error{Errc::internal, fmt::format("the network module cannot be loaded: {}",
                                             reason != nullptr ? reason : file->string())};
  }
  const auto entry = reinterpret_cast<ModuleEntry>(::dlsym(handle, kModuleEntryName));
  const NetworkModule* module = entry != nullptr ? entry(kModuleVersion) : nullptr;
  if (module == nullptr || module->version != kModuleVersion ||
      module->request_size != sizeof(HttpRequest) ||
      module->response_size != sizeof(HttpResponse)) {
    return Error{Errc::internal,
                 fmt::format("{} belongs to another version of hfauth: install hfauth again",
                             file->string())};
  }
  return module;
}

}  // namespace

Result<const NetworkModule*> network_module() {
  static const Result<const NetworkModule*> module = open_module();
  return module;
}

Result<std::unique_ptr<Digest>> make_digest(DigestKind kind) {
  const Result<const NetworkModule*> module = network_module();
  if (!module) return module.error();
  std::unique_ptr<Digest> digest((*module)->make_digest(kind));
  if (!digest)
    return Error{Errc::internal, "libcrypto refuses the digest that the Hub's etags are made of"};
  return digest;
}

Result<std::unique_ptr<HttpClient>> load_http_client(const Environment& environment) {
  const Result<HttpSettings> settings = http_settings_from(environment);
  if (!settings) return settings.error();
  const Result<const NetworkModule*> module = network_module();
  if (!module) return module.error();
  std::unique_ptr<HttpClient> client((*module)->make_client(*settings));
  if (!client) return Error{Errc::internal, "libcurl could not be set up"};
  return client;
}

}  // namespace hfauth::hub
