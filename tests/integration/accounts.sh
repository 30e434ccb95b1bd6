#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2088,SC2016  # what the programs print has tildes
#
# Several tokens on one machine: whoami and its memory of verdicts, switch, list, logout with what remains, revoke.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

alice=$(token_of alice)
bob=$(token_of bob)
# shellcheck disable=SC2119
start_hub
printf '%s' "$alice" >"$scratch/alice"
printf '%s' "$bob" >"$scratch/bob"
run hfauth login --token-stdin --name a <"$scratch/alice"
run hfauth login --token-stdin --name b <"$scratch/bob"

verdicts=$scratch/home/.local/state/hfauth/verdicts

step 'The Hub is asked once in ten minutes, and a 429 takes nothing away'
run hfauth whoami --name a --format agent
expect_status 0
expect_out "user=alice"
expect_that [ "$(stat -c %a "$verdicts")" = 600 ]
expect_that grep -qE '^[0-9a-f]{8} valid ' "$verdicts"
hub_fault '{"fault": "status", "path": "/api/whoami-v2", "status": 429, "body": {"error": "slow down"}}'
run hfauth whoami --name a
expect_status 0
expect_out 'user: alice'
run hfauth whoami --name a --json
expect_out '"verdict":"valid"'
expect_out '"cached":"2'
run hfauth whoami --name a --fresh
expect_error 3 'could not be asked' 'it said: valid'
run hfauth whoami --name a
expect_status 0
run hfauth whoami --name b
expect_status 0
rm "$verdicts"
run hfauth whoami --name b
expect_error 3 'could not be asked'
hub_fault '{"fault": "clear"}'
run hfauth whoami --name b --json
expect_out '"cached":null'
run hfauth whoami --name a
expect_that [ "$(grep -c . "$verdicts")" = 2 ]
expect_that bash -c '! grep -q hf_ "$1"' - "$verdicts"

step 'whoami --all asks about every token'
run hfauth whoami --all
expect_status 0
expect_out alice
expect_out bob
expect_no "$alice"
run hfauth whoami --all --format agent
expect_out "*	b	hf_****AAAA	bob	valid"
run hfauth whoami --all --json
expect_out '"user":"alice"'
run hfauth whoami --all --name a
expect_error 2 'choose one'
hub_fault '{"account": "alice", "refused": "Invalid username or password."}'
run hfauth whoami --all --fresh
expect_status 1
expect_out invalid
expect_err 'a: '
hub_fault '{"fault": "clear"}'

step 'A variable is named where it hides what is stored'
run "HF_TOKEN=$alice" hfauth list
expect_err 'HF_TOKEN is set'
run "HF_TOKEN=$alice" hfauth list -q
expect_silence_on_err
run "HF_TOKEN=$alice" hfauth switch b
expect_out 'b is now the default'
expect_err HFA101
run hfauth switch
expect_error 2 'which one'

step 'logout says what remains'
mkdir -p "$scratch/home/.cache/huggingface"
printf '%s' "$bob" >"$scratch/home/.cache/huggingface/token"
printf 'machine 127.0.0.1 login me password %s\n' "$alice" >"$scratch/home/.netrc"
run "HF_TOKEN=$alice" hfauth logout a
expect_status 0
expect_out 'Removed the token "a"'
expect_err 'Still stored: b'
expect_err 'HF_TOKEN still holds this token'
expect_err '~/.cache/huggingface/token holds another token'
expect_err '~/.netrc still holds this token'
expect_err 'settings/tokens'
expect_no "$bob"
run hfauth logout b --json
expect_exactly '{"removed":["b"],"remaining":[]}'
run hfauth logout
expect_status 1
run hfauth login --token-stdin --name a -q <"$scratch/alice"
run hfauth login --token-stdin --name b -q <"$scratch/bob"
run hfauth logout --all
expect_status 0
expect_out '"a"'
expect_out '"b"'
run hfauth list -q
expect_exactly ''

step 'revoke ends a token on the Hub and here'
run hfauth login --token-stdin --name b -q <"$scratch/bob"
run hfauth login --token-stdin --name same -q <"$scratch/bob"
run hfauth revoke b </dev/null
expect_error 2 --yes
hub_fault '{"fault": "status", "path": "/api/credentials/revoke", "status": 503, "body": {"error": "busy"}}'
run hfauth revoke b --yes
expect_error 3 'still stored'
hub_fault '{"fault": "clear"}'
run hfauth revoke b --yes
expect_status 0
expect_out 'Ended on the Hub and removed here: "b" (hf_****AAAA)'
expect_err e-mail
expect_err '~/.cache/huggingface/token still holds this token'
expect_no "$bob"
run hfauth list -q
expect_exactly ''
run hfauth login --token-stdin <"$scratch/bob"
expect_error 1 'not valid'

stage_end accounts
