/* SPDX-License-Identifier: Apache-2.0
 *
 * The same through the C ABI. usage: encode_c TOKENIZER TEXT
 */
#include <hfauth_tokenizer.h>
#include <stdio.h>
#include <string.h>

static int fail(char* error) {
  fprintf(stderr, "%s\n", error != NULL ? error : "out of memory");
  hfauth_tokenizer_free_text(error);
  return 1;
}

static int print(const hfauth_tokenizer* tokenizer, const hfauth_encoding* encoding) {
  const uint32_t* ids = hfauth_encoding_ids(encoding);
  const hfauth_token_range* places = hfauth_encoding_byte_offsets(encoding);
  const size_t size = hfauth_encoding_size(encoding);
  char* text = NULL;
  char* error = NULL;
  for (size_t i = 0; i < size; ++i) {
    printf("%u %s %u %u\n", (unsigned)ids[i], hfauth_encoding_token(encoding, i, NULL),
           (unsigned)places[i].begin, (unsigned)places[i].end);
  }
  if (hfauth_tokenizer_decode(tokenizer, ids, size, 0, &text, NULL, &error) != HFAUTH_TOKENIZER_OK)
    return fail(error);
  puts(text);
  hfauth_tokenizer_free_text(text);
  return 0;
}

int main(int argc, char** argv) {
  hfauth_tokenizer* tokenizer = NULL;
  hfauth_encoding* encoding = NULL;
  char* error = NULL;
  int status = 1;
  if (argc != 3) return 2;
  if (hfauth_tokenizer_open(argv[1], &tokenizer, &error) != HFAUTH_TOKENIZER_OK) return fail(error);
  if (hfauth_tokenizer_encode(tokenizer, argv[2], strlen(argv[2]), NULL, 0, 0, &encoding, &error) ==
      HFAUTH_TOKENIZER_OK) {
    status = print(tokenizer, encoding);
  } else {
    status = fail(error);
  }
  hfauth_encoding_free(encoding);
  hfauth_tokenizer_close(tokenizer);
  return status;
}
