#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs every libFuzzer program of the fuzz preset for some seconds, from the committed seeds and from what earlier runs
# found (build/fuzz/corpus). An input that fails is kept in build/fuzz/findings. Called by ./dev fuzz, which has built them.
#   fuzz.sh [SECONDS] [NAME]...    default: 30 seconds each, all of them
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$root/build/fuzz
seconds=${1:-30}
[ $# -eq 0 ] || shift
case $seconds in
  *[!0-9]* | '')
    echo "usage: fuzz.sh [SECONDS] [NAME]..." >&2
    exit 2
    ;;
esac

failed=()
mkdir -p "$folder/findings" "$folder/logs"
for program in "$folder"/fuzzers/*_fuzz; do
  name=$(basename -- "$program" _fuzz)
  case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
  mkdir -p "$folder/corpus/$name"
  log=$folder/logs/$name.log
  if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="$folder/findings/$name-" "$folder/corpus/$name" "$root/tests/fuzz/corpus/$name" >"$log" 2>&1 </dev/null; then
    printf 'fuzz: %-16s ok, %s inputs in %s s\n' "$name" "$(awk '/number_of_executed_units/ { print $2 }' "$log")" "$seconds"
  else
    printf 'fuzz: %-16s FAILED, see %s\n' "$name" "$log"
    tail -n 30 "$log"
    failed+=("$name")
  fi
done

[ "${#failed[@]}" -eq 0 ] || {
  echo "fuzz: failed: ${failed[*]}; inputs in $folder/findings" >&2
  exit 1
}
