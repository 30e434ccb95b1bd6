// SPDX-License-Identifier: Apache-2.0
//
// The vault's bytes: layout as documented, every truncation, every flipped bit, hostile parameters.
#include "vault_format.hpp"

#include "hfauth/core/crypto.hpp"
#include "store/samples.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>

namespace hfauth::testing {
namespace {

using store::vault::Header;
using store::vault::Kdf;
using store::vault::KeyRule;
using store::vault::kHeaderBytes;
using store::vault::Records;

struct Written {
  KeyRule rule;
  Secret key;
  std::string bytes;
};

Written two_records(Kdf kdf) {
  Written written{KeyRule::fresh(kdf), crypto::random_key(), {}};
  Records records;
  records.emplace(profile("home"), sample("home", 'h'));
  records.emplace(profile("work"), sample("work", 'w'));
  written.bytes = store::vault::write_image(written.rule, written.key, 41, records).value();
  return written;
}

std::string read_with(const std::string& bytes, const Secret& key) {
  const Result<Header> header = store::vault::parse_header(bytes);
  return header ? outcome(store::vault::open_body(*header, bytes, key)) : outcome(header);
}

/// What an attacker does who knows the format: changes the header and mends its checksum.
std::string rechecksummed(std::string bytes) {
  return bytes.replace(kHeaderBytes - 32, 32, crypto::hash(bytes.substr(0, kHeaderBytes - 32)));
}

void poke(std::string& bytes, std::size_t offset, std::uint64_t value, std::size_t n_bytes) {
  for (std::size_t i = 0; i < n_bytes; ++i) {
    bytes[offset + i] = static_cast<char>((value >> (8 * i)) & 0xFFU);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vault_format)

BOOST_AUTO_TEST_CASE(has_the_documented_layout) {
  const Written written = two_records(Kdf::argon2id);
  const std::string& bytes = written.bytes;
  BOOST_TEST(bytes.substr(0, 8) == "HFVAULT\n");
  BOOST_TEST(crypto::hex(bytes.substr(8, 8)) == "0100000098000000");
  BOOST_TEST(crypto::hex(bytes.substr(16, 16)) == "02000000030000000000000400000000");
  BOOST_TEST((bytes.substr(32, 16) == written.rule.salt));
  BOOST_TEST(crypto::hex(bytes.substr(80, 8)) == "2900000000000000");
  BOOST_TEST((bytes.substr(120, 32) == crypto::hash(bytes.substr(0, 120))));
  const Result<Header> header = store::vault::parse_header(bytes);
  BOOST_REQUIRE_EQUAL(outcome(header), "ok");
  BOOST_TEST(header->generation == 41U);
  BOOST_TEST(header->body_bytes == bytes.size() - kHeaderBytes);
}

BOOST_AUTO_TEST_CASE(opens_what_it_wrote) {
  const Written written = two_records(Kdf::key_file);
  const Header header = store::vault::parse_header(written.bytes).value();
  const Result<Records> records = store::vault::open_body(header, written.bytes, written.key);
  BOOST_REQUIRE_EQUAL(outcome(records), "ok");
  BOOST_REQUIRE_EQUAL(records->size(), 2U);
  BOOST_TEST(same(records->at(profile("work")), sample("work", 'w')));
}

BOOST_AUTO_TEST_CASE(shows_no_part_of_a_record) {
  const Written written = two_records(Kdf::key_file);
  for (const std::string& planted :
       {fake_token('h'), fake_token('w'), std::string("work"), std::string("hf_test")}) {
    BOOST_TEST(written.bytes.find(planted) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(never_uses_a_nonce_twice) {
  const Written written = two_records(Kdf::key_file);
  const std::string again = store::vault::write_image(written.rule, written.key, 41, {}).value();
  BOOST_TEST((written.bytes.substr(88, 24) != again.substr(88, 24)));
}

BOOST_AUTO_TEST_CASE(is_corrupt_when_cut_at_any_length) {
  const Written written = two_records(Kdf::argon2id);
  for (std::size_t length = 0; length < written.bytes.size(); ++length) {
    const std::string result = read_with(written.bytes.substr(0, length), written.key);
    BOOST_TEST(result == "corrupt", "cut to " << length << " bytes: " << result);
  }
}

BOOST_AUTO_TEST_CASE(is_corrupt_when_any_bit_is_flipped) {
  const Written written = two_records(Kdf::argon2id);
  for (std::size_t bit = 0; bit < written.bytes.size() * 8; ++bit) {
    std::string bytes = written.bytes;
    bytes[bit / 8] =
        static_cast<char>(static_cast<unsigned char>(bytes[bit / 8]) ^ (1U << (bit % 8)));
    const std::string result = read_with(bytes, written.key);
    if (result != "corrupt") {
      BOOST_ERROR("bit " << bit % 8 << " of byte " << bit / 8 << ": " << result);
    }
  }
  BOOST_TEST(written.bytes.size() > kHeaderBytes);
}

BOOST_AUTO_TEST_CASE(never_opens_when_a_header_byte_is_changed_and_the_checksum_mended) {
  const Written written = two_records(Kdf::argon2id);
  for (std::size_t offset = 0; offset < kHeaderBytes - 32; ++offset) {
    std::string bytes = written.bytes;
    bytes[offset] = static_cast<char>(bytes[offset] ^ 0x01);
    const std::string result = read_with(rechecksummed(bytes), written.key);
    const bool refused = result == "corrupt" || result == "denied" || result == "unsupported";
    BOOST_TEST(refused, "byte " << offset << ": " << result);
  }
}

BOOST_AUTO_TEST_CASE(is_corrupt_with_bytes_behind_the_end) {
  const Written written = two_records(Kdf::key_file);
  BOOST_TEST(read_with(written.bytes + '\0', written.key) == "corrupt");
}

BOOST_AUTO_TEST_CASE(denies_another_key) {
  const Written written = two_records(Kdf::key_file);
  BOOST_TEST(read_with(written.bytes, crypto::random_key()) == "denied");
}

BOOST_AUTO_TEST_CASE(calls_an_intact_later_version_unsupported_and_not_damaged) {
  std::string bytes = two_records(Kdf::key_file).bytes;
  poke(bytes, 8, 2, 4);
  BOOST_TEST(outcome(store::vault::parse_header(rechecksummed(bytes))) == "unsupported");
}

struct HostileField {
  const char* what;
  std::size_t offset;
  std::size_t n_bytes;
  std::uint64_t value;
};

std::ostream& operator<<(std::ostream& out, const HostileField& field) {
  return out << field.what;
}

const HostileField kHostile[] = {
    {"a terabyte of memory", 24, 8, std::uint64_t{1} << 40U},
    {"all of the address space", 24, 8, ~std::uint64_t{0}},
    {"too little memory", 24, 8, 8192},
    {"no passes", 20, 4, 0},
    {"four billion passes", 20, 4, 0xFFFFFFFF},
    {"an unknown kind of key", 16, 4, 3},
    {"a key file with a cost", 16, 4, 1},
    {"a body of 2^64-1 bytes", 112, 8, ~std::uint64_t{0}},
    {"a body shorter than its tag", 112, 8, 15},
    {"a header of four gigabytes", 12, 4, 0xFFFFFFFF},
    {"a header of no bytes", 12, 4, 0},
    {"a header of another length", 12, 4, 148},
};

BOOST_DATA_TEST_CASE(refuses_hostile_header_fields, boost::unit_test::data::make(kHostile), field) {
  std::string bytes = two_records(Kdf::argon2id).bytes;
  poke(bytes, field.offset, field.value, field.n_bytes);
  BOOST_TEST(outcome(store::vault::parse_header(rechecksummed(bytes))) == "corrupt");
}

BOOST_AUTO_TEST_CASE(refuses_bodies_that_are_no_records) {
  const std::string good(token::encode_record(sample("work", 'w')).expose());
  BOOST_TEST(outcome(store::vault::parse_body("")) == "ok");
  BOOST_TEST(outcome(store::vault::parse_body(good + "\n")) == "ok");
  BOOST_TEST(outcome(store::vault::parse_body(good)) == "corrupt");
  BOOST_TEST(outcome(store::vault::parse_body(good + "\n" + good + "\n")) == "corrupt");
  BOOST_TEST(outcome(store::vault::parse_body("\n")) == "corrupt");
  BOOST_TEST(outcome(store::vault::parse_body("{}\n")) == "corrupt");
}

BOOST_AUTO_TEST_CASE(refuses_to_grow_over_its_limit) {
  Records records;
  for (int i = 0; i < 130; ++i) {
    token::TokenRecord record = sample("p" + std::to_string(i), 'x');
    record.token = Secret::copy_of("hf_test" + std::string(8185, 'x'));
    records.emplace(record.facts.profile, std::move(record));
  }
  BOOST_TEST(outcome(store::vault::write_image(KeyRule::fresh(Kdf::key_file), crypto::random_key(),
                                               1, records)) == "too_large");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
