#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2088,SC2016  # what the programs print has tildes
#
# Logging in with a browser as `hf auth login` does it, and what a login does besides: git's helper, links, formats.
# What needs a terminal is in prompt_test.py.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

token=$(token_of alice)
# shellcheck disable=SC2119
start_hub
printf '%s' "$token" >"$scratch/typed"

logins() { # how many logins the Hub has seen
  /usr/bin/python3 -c 'import json, sys, urllib.request as u; print(sum(json.load(u.urlopen(sys.argv[1]))["logins"].values()))' \
    "$endpoint/__oauth"
}

step 'Without a terminal: the address and the code, for a browser anywhere'
hub_fault '{"oauth": "set", "interval": 0, "auto": "alice", "pending": 2}'
run hfauth login </dev/null
expect_status 0
expect_err "$endpoint/oauth/device?user_code=ABCD-EF"
expect_err 'And enter the code: ABCD-EF'
expect_err '--token-stdin'
expect_err 'is renewed before'
expect_out 'Logged in as alice'
expect_out '"oauth-alice"'
expect_no hf_oauth_e
expect_no refresh-alice
run hfauth list --json
expect_out '"kind":"oauth"'
expect_no hf_oauth_e
expect_that [ "$(logins)" = 1 ]

step 'Who is logged in is told so, and nothing happens'
run hfauth login </dev/null
expect_status 0
expect_err 'Already logged in as alice ("oauth-alice")'
expect_err --force
expect_that [ "$(logins)" = 1 ]
run hfauth login --browser
expect_err 'Already logged in'
run hfauth login --force </dev/null
expect_status 0
expect_out 'Logged in as alice'
run hfauth auth login --browser --name second
expect_status 0
expect_out '"second"'
expect_that [ "$(logins)" = 3 ]
run hfauth list --quiet
expect_exactly 'oauth-alice
second'

step 'For a coding agent: one line to pass on; for programs: only with a token'
run AI_AGENT=some-agent hfauth login --force </dev/null
expect_status 0
expect_out "Ask the user to open $endpoint/oauth/device?user_code=ABCD-EF"
expect_out 'user=alice name=oauth-alice token=hf_****'
run hfauth login --force --json </dev/null
expect_error 2 --token-stdin
run hfauth login --force -q </dev/null
expect_error 2 --token-stdin
run hfauth login --browser --token-stdin </dev/null
expect_error 2 'choose one'

step 'The Hub says no, or nothing'
run HF_DEVICE_CODE_OAUTH_CLIENT_ID=my-own-app hfauth login --browser --force
expect_error 1 'invalid_client' 'unknown client'
hub_fault '{"oauth": "client", "id": "my-own-app"}'
run HFAUTH_OAUTH_CLIENT_ID=my-own-app hfauth login --browser --force
expect_status 0
run hfauth login --browser --force --offline
expect_error 3 offline
run HF_ENDPOINT=http://127.0.0.1:9 hfauth login --browser --force
expect_error 3 127.0.0.1
hub_fault '{"fault": "status", "path": "/api/whoami-v2", "status": 429, "body": {"error": "slow down"}}'
run hfauth login --browser --force
expect_status 0
expect_err 'could not be asked'
expect_out '"oauth", unchecked'
hub_fault '{"fault": "clear"}'
hub_fault '{"oauth": "set", "interval": 0, "auto": "alice"}'

step 'A link to a token with the right boxes ticked'
run hfauth login --preset gated
expect_exactly "$endpoint/settings/tokens/new?tokenType=fineGrained&canReadGatedRepos=true"
expect_silence_on_err
run hfauth login --preset everything
expect_error 2 'one of read'

if command -v git >/dev/null; then
  step "git's helper gets the token only if there is one"
  run hfauth login --token-stdin --name plain --add-to-git-credential <"$scratch/typed"
  expect_status 1
  expect_err 'the token is stored, but git has no credential helper'
  expect_no 'helper store'
  run hfauth list --quiet
  expect_out plain
  expect_that [ ! -e "$scratch/home/.git-credentials" ]
  run git config --global credential.helper store
  run hfauth login --token-stdin --name plain --add-to-git-credential <"$scratch/typed"
  expect_status 0
  expect_err 'has it too (store)'
  expect_err 'plain text'
  expect_that grep -qx "http://hf_user:$token@127.0.0.1%3a${endpoint##*:}" "$scratch/home/.git-credentials"
  run hfauth login --token-stdin --name plain <"$scratch/typed"
  expect_err 'git uses it'
  token_of bob >"$scratch/bobs"
  run hfauth login --token-stdin --name bobs <"$scratch/bobs"
  expect_err 'git still uses ~/.git-credentials'
  expect_no "$token"
  run hfauth login --browser --force --add-to-git-credential
  expect_status 0
  expect_err 'did not get this token'
  step 'logout takes it out of git again, with the last token, and leaves another one alone'
  for name in bobs oauth oauth-alice second; do run hfauth logout "$name" -q; done
  expect_that grep -q "$token" "$scratch/home/.git-credentials"
  run hfauth logout plain
  expect_status 0
  expect_err "git's credential helper has forgotten it too (store)"
  expect_no "$token"
  expect_that [ ! -s "$scratch/home/.git-credentials" ]
  run hfauth login --token-stdin --name plain -q <"$scratch/typed"
  printf 'http://me:%s@127.0.0.1%%3a%s\n' "$(cat "$scratch/bobs")" "${endpoint##*:}" >"$scratch/home/.git-credentials"
  run hfauth logout plain
  expect_err '~/.git-credentials holds another token'
  expect_no 'has forgotten'
  expect_that grep -q "$(cat "$scratch/bobs")" "$scratch/home/.git-credentials"
  rm "$scratch/home/.git-credentials"
  run git config --global credential.helper '!sleep 600; false'
  run hfauth login --token-stdin --name plain <"$scratch/typed"
  expect_status 0
  expect_err 'git asks its own helper'
else
  part_skipped 'no git on this machine'
fi

step 'A variable that hides the new token is named once, for every client'
run "HF_TOKEN=$token" hfauth login --token-stdin --name bobs <"$scratch/bobs"
expect_err HFA101
expect_no "$token"

stage_end login
