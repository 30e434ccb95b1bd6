#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What `hfauth tokenize` is given when something is wrong: text that is no text, damaged and missing files, models that
# are not there, not allowed, or not reachable. One line, the right exit status, and no half-written cache.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

# shellcheck disable=SC2119
start_hub
run hfauth tokenize -m microsoft/phi-4 --ids 'a b'
expect_status 0
expect_silence_on_err
cache=$scratch/home/.cache/huggingface/hub
commit=$(cat "$cache/models--microsoft--phi-4/refs/main")
file=$cache/models--microsoft--phi-4/snapshots/$commit/tokenizer.json

step 'Not logged in, a public model needs no token'
run hfauth tokenize -m microsoft/phi-4 hello
expect_status 0
expect_exactly "['hello']"
expect_silence_on_err

step 'Texts'
run hfauth tokenize --tokenizer "$file" ''
expect_status 0
expect_exactly '[]'
run hfauth tokenize --tokenizer "$file" </dev/null
expect_status 0
expect_exactly '[]'
run hfauth tokenize --tokenizer "$file" --strict $'ab\xff\xfecd'
expect_error 1 'hfauth tokenize: ' 'offset 2'
run hfauth tokenize --tokenizer "$file" $'ab\xff\xfecd'
expect_status 0
run hfauth tokenize --tokenizer "$file" --chat "$scratch/none.json"
expect_status 1
expect_one_line_on_err
run hfauth tokenize --tokenizer "$file" --json-lines <<<$'{"text": "a"}\nnonsense\n{"text": "b"}'
expect_status 0
expect_that [ "$(wc -l <"$out")" = 3 ]
expect_that [ "$(grep -c '"error"' "$out")" = 1 ]
run hfauth tokenize --tokenizer "$file" -f "$scratch/none.txt"
expect_error 1 "$scratch/none.txt"
run hfauth tokenize --tokenizer "$file" --decode 40 x
expect_error 2 x
run hfauth tokenize --tokenizer "$file" --count -- '-v --help'
expect_status 0

run hfauth tokenize --tokenizer "$file" --fields ids a
expect_error 2 --json-lines

step 'Tokenizer files'
head -c 100000 "$file" >"$scratch/truncated.json"
run hfauth tokenize --tokenizer "$scratch/truncated.json" a
expect_error 1 "$scratch/truncated.json"
: >"$scratch/empty.json"
run hfauth tokenize --tokenizer "$scratch/empty.json" a
expect_error 1 "$scratch/empty.json"
printf '{"model": {"type": "Unigram"}}' >"$scratch/other.json"
run hfauth tokenize --tokenizer "$scratch/other.json" a
expect_status 1
expect_one_line_on_err
run hfauth tokenize --tokenizer "$scratch/nowhere" a
expect_error 1 nowhere
run hfauth tokenize a
expect_error 2 '-m MODEL'
run hfauth tokenize -m microsoft/phi-4 --tokenizer "$file" a
expect_error 2
run hfauth tokenize --tokenizer "$file" --ids --count a
expect_error 2 'choose one'

step 'A damaged file in the cache is named'
cp -r "$cache" "$scratch/damaged"
truncate -s 100000 "$(realpath "$scratch/damaged/models--microsoft--phi-4/snapshots/$commit/tokenizer.json")"
run "HF_HUB_CACHE=$scratch/damaged" HF_HUB_OFFLINE=1 hfauth tokenize -m microsoft/phi-4 a
expect_error 1 "$scratch/damaged" delete

step 'Models that cannot be had'
run hfauth tokenize -m org/no-such-model a
expect_error 1 org/no-such-model
run hfauth tokenize -m 'no such name' a
expect_error 1
run hfauth tokenize -m microsoft/phi-4 --revision no-such-branch a
expect_error 1 no-such-branch
run hfauth tokenize -m org/gated a
expect_error 1 gated
run HF_HUB_OFFLINE=1 hfauth tokenize -m org/public a
expect_error 3 org/public offline
run hfauth --offline tokenize -m org/public a
expect_error 3 org/public
run HF_HUB_OFFLINE=1 hfauth tokenize -m microsoft/phi-4 --revision "$commit" hello
expect_status 0
run HF_ENDPOINT=http://127.0.0.1:9 hfauth tokenize -m org/public a
expect_error 3 127.0.0.1

step 'The Hub is gone, the cache is not'
run HF_ENDPOINT=http://127.0.0.1:9 hfauth tokenize -m microsoft/phi-4 hello
expect_status 0
expect_exactly "['hello']"

step 'A cache that cannot be written or read'
mkdir "$scratch/other"
if [ "$(id -u)" = 0 ] && setpriv --reuid=54321 --regid=54321 --clear-groups test -x "$hfauth"; then
  as_other=(setpriv --reuid=54321 --regid=54321 --clear-groups env "HOME=$scratch/other" XDG_RUNTIME_DIR=)
  chmod 755 "$scratch"
  chown 54321 "$scratch/other"
  chmod 700 "$scratch/home"
else
  as_other=(env "HOME=$scratch/other")
  chmod 000 "$cache"
fi
run "HF_HUB_CACHE=$cache" HF_HUB_OFFLINE=1 "${as_other[@]}" hfauth tokenize -m microsoft/phi-4 hello
expect_error 1 "$scratch/home"
chmod 700 "$cache" 2>/dev/null

stage_end 'bad texts'
