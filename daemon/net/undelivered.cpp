// SPDX-License-Identifier: Apache-2.0
//
// The document is that of the stores, with its digest: half a file is never taken for a token.
#include "undelivered.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/paths.hpp"

namespace hfauth::net {

namespace fs = std::filesystem;

Result<void> Undelivered::keep(const token::TokenRecord& record) const {
  if (Result<void> made = make_private_directory(folder_); !made) return made;
  const Secret document = token::encode_record(record);
  return write_file_atomically(file_of(record.facts.profile), document.expose(), 0600,
                               Durability::synced);
}

std::vector<token::TokenRecord> Undelivered::all() const {
  std::vector<token::TokenRecord> records;
  std::error_code failure;
  for (fs::directory_iterator each(folder_, failure), end; !failure && each != end;
       each.increment(failure)) {
    const Result<token::ProfileName> profile =
        token::ProfileName::parse(each->path().filename().native());
    if (!profile) continue;  // a temporary file of another run
    const Result<Secret> document = read_secret_file(each->path());
    if (!document) continue;
    Result<token::TokenRecord> record = token::decode_record(document->expose());
    if (record && record->facts.profile == *profile) {
      records.push_back(std::move(*record));
    } else {
      remove(*profile);
    }
  }
  return records;
}

void Undelivered::remove(const token::ProfileName& profile) const {
  std::error_code ignored;
  fs::remove(file_of(profile), ignored);
}

}  // namespace hfauth::net
