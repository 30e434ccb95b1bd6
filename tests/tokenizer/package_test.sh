#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The tokenizer as others use it: installed into a scratch folder, its example programs built from the CMake package and
# from pkg-config, run, and the C ABI called from Python. Environment: HFAUTH_SOURCE, HFAUTH_BUILD.
set -euo pipefail

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hfauth-package-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
stage=$scratch/stage
cmake --install "$HFAUTH_BUILD" --component tokenizer --prefix "$stage" >"$scratch/install.log"

cat >"$scratch/tokenizer.json" <<'JSON'
{"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
 "decoder": null, "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "hé": 1, "you": 2}}}
JSON
expected=$'1 hé 0 3\n2 you 4 7\n0 ? 8 9\nhé you ?'

expect() { # NAME COMMAND...
  local name=$1 told
  shift
  told=$("$@" "$scratch/tokenizer.json" 'hé you !')
  if [ "$told" != "$expected" ]; then
    printf '%s printed:\n%s\n' "$name" "$told" >&2
    exit 1
  fi
  echo "ok: $name"
}

if ! cmake -S "$HFAUTH_SOURCE/tokenizer/example" -B "$scratch/example" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH="$stage" >"$scratch/cmake.log" 2>&1 || ! cmake --build "$scratch/example" >>"$scratch/cmake.log" 2>&1; then
  cat "$scratch/cmake.log" >&2
  exit 1
fi
expect 'C++ with find_package' "$scratch/example/encode"
expect 'C with find_package' "$scratch/example/encode_c"

pkgconfig=$(dirname "$(find "$stage" -name hfauth-tokenizer-c.pc)")
export PKG_CONFIG_PATH=$pkgconfig
library=$(pkg-config --variable=libdir hfauth-tokenizer-c)
library=${library/#$(pkg-config --variable=prefix hfauth-tokenizer-c)/$stage}
# The prefix in the file is that of the build; --define-variable is what a relocated package uses.
read -ra flags <<<"$(pkg-config --define-variable=prefix="$stage" --cflags --libs hfauth-tokenizer-c)"
cc "$HFAUTH_SOURCE/tokenizer/example/encode.c" -o "$scratch/encode_c" "${flags[@]}" -Wl,-rpath,"$library"
expect 'C with pkg-config' "$scratch/encode_c"

/usr/bin/python3 "$HFAUTH_SOURCE/tests/tokenizer/c_abi_test.py" "$library/libhfauth_tokenizer_c.so" "$scratch/tokenizer.json"
