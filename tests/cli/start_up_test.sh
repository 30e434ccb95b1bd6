#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Start-up is a feature (docs/decisions/0007): the libraries that hfauth maps before main are these and no others, and
# `tokenize` from a file maps no network library. HFAUTH_BIN names the programs.
set -euo pipefail
hfauth=$HFAUTH_BIN/hfauth

# The launcher needs no loader at all where it could be linked statically (docs/decisions/0008); sanitizers need one.
if [ -n "$(find /usr/lib -name libsodium.a 2>/dev/null)" ] && ! grep -qaE '__(asan|tsan|gcov)_init' "$hfauth"; then
  if LC_ALL=C readelf --program-headers --wide "$hfauth" | grep INTERP >/dev/null; then
    echo "the launcher is not static" >&2
    exit 1
  fi
fi

mapped=$(LD_TRACE_LOADED_OBJECTS=1 "$hfauth" | awk '{ print $1 }' | sed -E 's,.*/,,; s/\.so.*//' | LC_ALL=C sort -u)
for library in $mapped; do
  case $library in
    linux-vdso | ld-linux-* | libc | libm | libgcc_s | libstdc++ | libfmt | libsodium) ;;
    libasan | libubsan | libtsan | libgcov) ;; # builds that watch
    libboost_program_options | libre2)
      # Shared only where the distribution has no archive.
      [ -z "$(find /usr/lib -name "$library.a" 2>/dev/null)" ] || { echo "hfauth maps $library at start" >&2; exit 1; }
      ;;
    *)
      echo "hfauth maps $library at start: put it behind a module" >&2
      exit 1
      ;;
  esac
done
grep -qx libsodium <<<"$mapped" || { echo "the list of libraries could not be read: $mapped" >&2; exit 1; }

# All that the loader opens during a tokenize that fails at a missing file: the module is open by then, the network is not.
opened=$(LD_DEBUG=files "$hfauth" tokenize --tokenizer /nonexistent/tokenizer.json x 2>&1 || true)
grep -q 'libhfauth_tokenize\.so' <<<"$opened" || { echo "tokenize did not open its module" >&2; exit 1; }
if grep -E 'lib(curl|ssl|crypto|secret|hfauth_http)\b' <<<"$opened" >&2; then
  echo "tokenize of a local file opens the network's libraries" >&2
  exit 1
fi
