#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# hfauth download on a scratch machine: where the files are, globs, a folder of one's own, each refusal with its cure and
# exit status, offline, Ctrl-C; and hfauth tokenize -m that fetches all it needs.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

# shellcheck disable=SC2119
start_hub
cache=$scratch/home/.cache/huggingface/hub

no_unfinished() {
  ! find "$scratch/home" \( -name '*.incomplete' -o -name '*.tmp' \) | grep . >/dev/null
}

step 'A repository: the folder is the only output'
run hfauth download org/public
expect_status 0
expect_silence_on_err
folder=$(cat "$out")
expect_that test -L "$folder/sub/folder/notes.txt"
expect_that test "$folder" = "$cache/models--org--public/snapshots/$(cat "$cache/models--org--public/refs/main")"
run hfauth download org/public config.json
expect_exactly "$folder/config.json"
run hfauth --json download org/public
expect_out '"fetched":0'
run hfauth download org/public sub/
expect_exactly "$folder"

step 'Other kinds, tags, globs, dry'
run hfauth download org/data --type dataset
expect_status 0
expect_out datasets--org--data
run hfauth download org/public --revision v1
expect_status 0
run hfauth download microsoft/phi-4 --dry-run --include '*.json' --exclude 'tok*'
expect_status 0
expect_out config.json
expect_no tokenizer.json
expect_that test ! -e "$cache/models--microsoft--phi-4"
run hfauth --json download microsoft/phi-4 --dry-run --include config.json
expect_out '"cached":false'

step 'A folder of my own'
run hfauth download org/public --local-dir "$scratch/home/mine"
expect_exactly "$scratch/home/mine"
expect_that test ! -L "$scratch/home/mine/weights.bin"
expect_that test -s "$scratch/home/mine/.cache/huggingface/download/config.json.metadata"

step 'Each refusal says what to do'
run hfauth download
expect_error 2 'which repository?'
run hfauth download org/public config.json --include '*'
expect_error 2 '--include'
run hfauth download org/public --type bucket
expect_error 2 '--type bucket'
run hfauth download org/public absent.json
expect_error 1 'absent.json is not in org/public'
run hfauth download org/public --revision no-such
expect_error 1 'has no such revision'
run hfauth download org/gated
expect_error 1 'is gated: log in'
run hfauth download org/absent
expect_error 1 'does not exist or is private'
run HF_TOKEN="$(token_of alice)" hfauth download org/gated
expect_error 1 'not in the authorized list'
run HF_TOKEN="$(token_of bob)" hfauth download org/gated
expect_status 0
hub_fault '{"fault": "limited", "t": 3000, "path": "/api/models/org/new-name"}'
run hfauth download org/new-name
expect_error 3 'limits the rate'
hub_fault '{"fault": "clear"}'

step 'Without a network: what is whole is the answer'
run hfauth --offline download org/public
expect_exactly "$folder"
run HF_HUB_OFFLINE=1 hfauth download org/new-name
expect_error 3 'is not in'
run HF_ENDPOINT=http://127.0.0.1:1 hfauth download org/public
expect_status 0
expect_exactly "$folder"
expect_err 'the files of the last download are used'

step 'Ctrl-C leaves nothing unfinished'
hub_fault '{"fault": "hang", "path": "/org/new-name/resolve/"}'
env -i "${stage_environment[@]}" "$hfauth" download org/new-name >"$out" 2>"$err" &
downloader=$!
deadline=$((SECONDS + 30))
until find "$cache" -name '*.incomplete' | grep -q . || [ "$SECONDS" -ge "$deadline" ]; do :; done
kill -TERM "$downloader"
status=0
wait "$downloader" || status=$?
expect_status 130
expect_that no_unfinished
hub_fault '{"fault": "clear"}'
run hfauth download org/new-name
expect_status 0

step 'A tokenizer fetches what it needs, at once'
run hfauth tokenize -m microsoft/phi-4 'I am studying tokenization'
expect_status 0
expect_out 'ization'
expect_that test -e "$cache/models--microsoft--phi-4/snapshots/$(cat "$cache/models--microsoft--phi-4/refs/main")/tokenizer_config.json"
run hfauth --offline tokenize -m microsoft/phi-4 --count 'I am studying tokenization'
expect_exactly 5
expect_that no_unfinished

stage_end 'hfauth download'
