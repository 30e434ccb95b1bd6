#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The doctor as a whole program, against the Hub stand-in and a real agent: real verdicts, a limited and a dead Hub, and
# what only the agent knows.
set -euo pipefail
# shellcheck source=tests/integration/stage.bash
source "$(dirname -- "${BASH_SOURCE[0]}")/../integration/stage.bash"

alice=$(token_of alice)
bob=$(token_of bob)
eve=$(token_of eve)
stranger=$(token_of nobody)
umask 077  # what others may read is a finding of its own
token_file=$scratch/home/.cache/huggingface/token
mkdir -p "$(dirname "$token_file")"
cd "$scratch/home" # the doctor looks at the repository of the current folder too, and ours has made-up tokens
# shellcheck disable=SC2119
start_hub

step 'A revoked variable hides a good login'
printf '%s' "$alice" >"$token_file"
HIDDEN=yes SHOWN_AS=' HF_TOKEN=... hfauth doctor' run HF_TOKEN="$stranger" hfauth doctor
expect_status 1
expect_out 'x 1 problem stops you. The fix was tried in a replay and works.'
expect_out '1 HFA101'
expect_out 'error, proven'
expect_out 'request id'
expect_out 'valid, alice'
expect_out 'seen because of it: HFA301'
expect_out 'next: unset HF_TOKEN && hfauth doctor'
expect_no "${stranger:3:20}"
expect_no "${alice:3:20}"

step 'Two accounts: no error, but a warning that names both'
SHOWN_AS=' HF_TOKEN=... hfauth doctor' run HF_TOKEN="$bob" hfauth doctor
expect_status 0
expect_out '! 1 warning.'
expect_out 'HF_TOKEN of bob hides the saved login of alice'
SHOWN_AS=' HF_TOKEN=... hfauth doctor --json' run HF_TOKEN="$bob" hfauth doctor --json
expect_status 0
expect_out '"roots":["HFA101"]'
expect_out '"account":"bob"'

step 'Quotes from an env file: the token inside is good'
SHOWN_AS=' HF_TOKEN=... hfauth doctor' run HF_TOKEN="'$bob'" hfauth doctor
expect_status 1
expect_out '1 HFA203'
expect_out 'valid, bob (write)'

step 'An expired token'
printf '%s' "$eve" >"$token_file"
run hfauth doctor
expect_status 1
expect_out '1 HFA301'
expect_out 'expired'

step 'A limited whoami says nothing of the token'
printf '%s' "$alice" >"$token_file"
hub_fault '{"fault":"status","path":"/api/whoami-v2","status":429,"headers":{"Retry-After":"1"}}'
run hfauth doctor
expect_status 3
expect_no 'HFA301  '
expect_no 'invalid'
hub_fault '{"fault":"clear"}'

step 'A Hub in trouble is asked nothing about tokens'
hub_fault '{"fault":"status","path":"/","status":503,"body":{"error":"busy"}}'
run hfauth doctor --json
expect_status 3
expect_out '"HFA503"'
expect_out 'answers with status 503'
expect_no 'HFA301'
hub_fault '{"fault":"clear"}'

step 'The agent alone has the token'
rm "$token_file"
SHOWN_AS=' hfauth login --token-stdin' run hfauth login --token-stdin <<<"$alice"
expect_status 0
run hfauth doctor
expect_status 0
expect_out 'ok Signed in as alice (read)'
expect_out 'finds no token in this shell'
expect_out 'HFA116'
# shellcheck disable=SC2016
expect_out 'eval "$(hfauth env)"'
expect_that [ "$(wc -l <"$out")" -le 8 ]

step 'The agent ended, as it does when the machine restarts: what is stored is still known'
run hfauth shutdown
run hfauth doctor
expect_status 0
expect_out 'ok Signed in as alice (read)'

step 'An agent that cannot be started is not an empty one'
printf 'no folder' >"$scratch/file"
run XDG_RUNTIME_DIR="$scratch/file" hfauth doctor
expect_status 3
expect_out '? Not known: whether you are logged in.'
expect_out 'next: hfauth status'
expect_no 'Not logged in'
expect_no 'probe-'

step 'HF_ENDPOINT without https://'
run HF_ENDPOINT=huggingface.co hfauth doctor
expect_status 1
expect_out '1 HFA508'
expect_out 'export HF_ENDPOINT=https://huggingface.co'
expect_no offline
run HF_ENDPOINT=huggingface.co hfauth whoami
expect_error 2 HF_ENDPOINT
run HF_ENDPOINT=huggingface.co hfauth token
expect_error 2 HF_ENDPOINT

step 'Facts for a report do not name the home folder'
run hfauth doctor --facts-out "$scratch/facts.json"
expect_that grep -q '"/~/' "$scratch/facts.json"
expect_that [ "$(grep -c "$scratch/home" "$scratch/facts.json")" = 0 ]

step 'A token that hides the agent'
SHOWN_AS=' HF_TOKEN=... hfauth doctor' run HF_TOKEN="$stranger" hfauth doctor
expect_status 1
expect_out '1 HFA101'
expect_out 'agent, profile'

step 'A locked agent'
run hfauth lock
run hfauth doctor
expect_status 0
expect_out 'HFA117'
expect_out 'hfauth unlock'

step 'No Hub: the token is not judged'
run hfauth unlock
stop_hub
run hfauth doctor
expect_status 3
expect_out 'so your token was not judged'
expect_no 'HFA301'

stage_end 'the doctor'
