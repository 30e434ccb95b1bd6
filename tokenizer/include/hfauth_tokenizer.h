/* SPDX-License-Identifier: Apache-2.0
 *
 * The tokenizer for other languages: a small C ABI over hfauth/tokenizer/tokenizer.hpp, in
 * libhfauth_tokenizer_c. A tokenizer may be used by any number of threads at once; an encoding
 * belongs to its owner and does not change. Texts are UTF-8 with their length in bytes and need no
 * NUL at the end. No function throws or calls exit.
 *
 * Every function that can fail returns a hfauth_tokenizer_status and takes `error`: NULL, or where
 * a message goes that hfauth_tokenizer_free_text frees; it is written on failure alone.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define HFAUTH_TOKENIZER_API __attribute__((visibility("default")))
#else
#define HFAUTH_TOKENIZER_API
#endif

/* NOLINTBEGIN(modernize-use-using,readability-identifier-naming): this is C */

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hfauth_tokenizer hfauth_tokenizer;
typedef struct hfauth_encoding hfauth_encoding;

typedef enum hfauth_tokenizer_status {
  HFAUTH_TOKENIZER_OK = 0,
  HFAUTH_TOKENIZER_NOT_FOUND = 1,     /* no such file */
  HFAUTH_TOKENIZER_IO = 2,            /* the file cannot be read */
  HFAUTH_TOKENIZER_CORRUPT = 3,       /* the tokenizer file is damaged */
  HFAUTH_TOKENIZER_UNSUPPORTED = 4,   /* a component or format that is not built yet */
  HFAUTH_TOKENIZER_INVALID_INPUT = 5, /* the text is not UTF-8, or too long */
  HFAUTH_TOKENIZER_REGEX_LIMIT = 6,   /* a regular expression gave up on this text */
  HFAUTH_TOKENIZER_OUT_OF_MEMORY = 7,
  HFAUTH_TOKENIZER_INTERNAL = 8 /* a bug; the message says which */
} hfauth_tokenizer_status;

/* Bits of `flags`. */
#define HFAUTH_TOKENIZER_NO_SPECIAL 1u   /* encode: the template adds nothing */
#define HFAUTH_TOKENIZER_SKIP_SPECIAL 2u /* decode: leave special tokens out */

typedef struct hfauth_token_range {
  uint32_t begin;
  uint32_t end; /* one past the last */
} hfauth_token_range;

/* Opens a file of any format, or a folder as transformers' AutoTokenizer does. */
HFAUTH_TOKENIZER_API hfauth_tokenizer_status hfauth_tokenizer_open(const char* path,
                                                                   hfauth_tokenizer** tokenizer,
                                                                   char** error);
/* From the text of a tokenizer.json, which is read during the call alone. */
HFAUTH_TOKENIZER_API hfauth_tokenizer_status hfauth_tokenizer_open_json(
    const char* json, size_t n_bytes, hfauth_tokenizer** tokenizer, char** error);
/* NULL is allowed. */
HFAUTH_TOKENIZER_API void hfauth_tokenizer_close(hfauth_tokenizer* tokenizer);

/* With the added tokens. */
HFAUTH_TOKENIZER_API size_t hfauth_tokenizer_vocab_size(const hfauth_tokenizer* tokenizer);

/* Encodes `text`; with `pair` (else NULL) as one input of two. */
HFAUTH_TOKENIZER_API hfauth_tokenizer_status hfauth_tokenizer_encode(
    const hfauth_tokenizer* tokenizer, const char* text, size_t n_bytes, const char* pair,
    size_t n_pair_bytes, unsigned flags, hfauth_encoding** encoding, char** error);
/* NULL is allowed. */
HFAUTH_TOKENIZER_API void hfauth_encoding_free(hfauth_encoding* encoding);

/* Each list has this many entries and lives as long as the encoding. */
HFAUTH_TOKENIZER_API size_t hfauth_encoding_size(const hfauth_encoding* encoding);
HFAUTH_TOKENIZER_API const uint32_t* hfauth_encoding_ids(const hfauth_encoding* encoding);
/* Code points of the text that the token is of; (0,0) for tokens of the template. */
HFAUTH_TOKENIZER_API const hfauth_token_range* hfauth_encoding_offsets(
    const hfauth_encoding* encoding);
/* The same ranges in bytes of that text. */
HFAUTH_TOKENIZER_API const hfauth_token_range* hfauth_encoding_byte_offsets(
    const hfauth_encoding* encoding);
HFAUTH_TOKENIZER_API const uint32_t* hfauth_encoding_type_ids(const hfauth_encoding* encoding);
/* The spelling of a token, ended by NUL (one within it counts, see `n_bytes`, which may be NULL);
 * NULL if there is no such token. */
HFAUTH_TOKENIZER_API const char* hfauth_encoding_token(const hfauth_encoding* encoding,
                                                       size_t index, size_t* n_bytes);

/* Ids alone, the fast way, into `ids`, which has room for `capacity`. `n_ids` is how many there
 * are; if that is more than `capacity`, the first ones are there: call again with more room. */
HFAUTH_TOKENIZER_API hfauth_tokenizer_status hfauth_tokenizer_encode_ids(
    const hfauth_tokenizer* tokenizer, const char* text, size_t n_bytes, unsigned flags,
    uint32_t* ids, size_t capacity, size_t* n_ids, char** error);

/* One of many texts. */
typedef struct hfauth_text {
  const char* data;
  size_t n_bytes;
} hfauth_text;

/* Ids of `n_texts` texts, one behind the other, on up to `n_threads` threads (0: as many as there
 * are processors); those of text i end before ids[ends[i]], `ends` having room for `n_texts`.
 * `capacity` and `n_ids` as above. On an error, that of the first text that has one, nothing is
 * written. */
HFAUTH_TOKENIZER_API hfauth_tokenizer_status hfauth_tokenizer_encode_ids_batch(
    const hfauth_tokenizer* tokenizer, const hfauth_text* texts, size_t n_texts, unsigned flags,
    unsigned n_threads, uint32_t* ids, size_t capacity, size_t* n_ids, size_t* ends, char** error);

/* Encodes each text, padded together as the tokenizer says; `encodings` has room for `n_texts`,
 * each to be freed by hfauth_encoding_free. Threads and errors as above. */
HFAUTH_TOKENIZER_API hfauth_tokenizer_status hfauth_tokenizer_encode_batch(
    const hfauth_tokenizer* tokenizer, const hfauth_text* texts, size_t n_texts, unsigned flags,
    unsigned n_threads, hfauth_encoding** encodings, char** error);

/* The text of `ids`, ended by NUL, to be freed by hfauth_tokenizer_free_text. `n_bytes`, without
 * that NUL, may be NULL. */
HFAUTH_TOKENIZER_API hfauth_tokenizer_status
hfauth_tokenizer_decode(const hfauth_tokenizer* tokenizer, const uint32_t* ids, size_t n_ids,
                        unsigned flags, char** text, size_t* n_bytes, char** error);

/* NULL is allowed. */
HFAUTH_TOKENIZER_API void hfauth_tokenizer_free_text(char* text);

#ifdef __cplusplus
}
#endif

/* NOLINTEND(modernize-use-using,readability-identifier-naming) */
