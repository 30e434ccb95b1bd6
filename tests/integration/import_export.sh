#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2088,SC2016  # what the programs print has tildes
#
# Plain-text tokens taken over and given out: every place that clients look at, what the Hub refuses, backups, the other
# contents of those files.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

alice=$(token_of alice)
bob=$(token_of bob)
# shellcheck disable=SC2119
start_hub
hf=$scratch/home/.cache/huggingface
mkdir -p "$hf"

plant() {
  printf '%s\n' "$alice" >"$hf/token"
  printf '[work]\nhf_token = %s\n\n[zz]\nhf_token = %s\n\n' "$alice" "$(token_of nobody)" >"$hf/stored_tokens"
  printf 'https://a:b@github.com\nhttp://hf_user:%s@127.0.0.1%%3a%s\n' "$bob" "${endpoint##*:}" >"$scratch/home/.git-credentials"
  printf 'machine example.org login a password b\nmachine 127.0.0.1 login me password %s\n' "$bob" >"$scratch/home/.netrc"
}
plant
backups=$scratch/home/.local/state/hfauth/backups

step 'Every place is found; what the Hub refuses is not taken over'
run hfauth import
expect_status 1
expect_out '~/.cache/huggingface/token, ~/.cache/huggingface/stored_tokens [work] is stored as "work" (alice)'
expect_out '~/.git-credentials, ~/.netrc is stored as'
expect_err 'Not taken over: hf_****AAAA  ~/.cache/huggingface/stored_tokens [zz]'
expect_err --remove-plain
expect_no "$alice"
expect_no "$bob"
run hfauth list --format agent
expect_out "*	work	"
expect_that [ ! -e "$backups" ]
expect_that grep -q "$alice" "$hf/token"

step 'With consent the plain copies go, and nothing else of those files'
run hfauth import --remove-plain
expect_status 1
expect_err 'to undo: cp -p ~/.local/state/hfauth/backups/'
expect_that [ ! -e "$hf/token" ]
expect_that [ "$(cat "$hf/stored_tokens")" = "[zz]
hf_token = $(token_of nobody)" ]
expect_that [ "$(cat "$scratch/home/.git-credentials")" = 'https://a:b@github.com' ]
expect_that [ "$(cat "$scratch/home/.netrc")" = 'machine example.org login a password b' ]
expect_that [ "$(stat -c %a "$backups")" = 700 ]
expect_that [ "$(find "$backups" -type f | wc -l)" = 4 ]
expect_that [ "$(find "$backups" -type f ! -perm 600 | wc -l)" = 0 ]
cp -p "$backups"/*-token "$hf/token"
expect_that [ "$(cat "$hf/token")" = "$alice" ]

step 'What is asked for, and nothing else'
rm -f "$hf/token" "$hf/stored_tokens"
run hfauth import --from token,stored_tokens
expect_error 1 'no token'
run hfauth import --from pockets
expect_error 2 'one of variables'
run "HF_TOKEN=$bob" hfauth import --from variables
expect_status 0
expect_err 'unset HF_TOKEN'
run hfauth logout --all -q
printf '{"tokens":{"rusty":{"token":"%s"}},"active":"rusty"}' "$alice" >"$hf/stored_tokens"
run hfauth import --offline --remove-plain
expect_status 0
expect_out '"rusty", unchecked'
expect_that [ ! -e "$hf/stored_tokens" ]
ln -s "$scratch/elsewhere" "$hf/token"
printf '%s' "$bob" >"$scratch/elsewhere"
run hfauth import --remove-plain
expect_status 1
expect_err 'is a link'
expect_that [ "$(cat "$scratch/elsewhere")" = "$bob" ]
rm "$hf/token"

step 'Export writes what hf writes, after a yes'
run hfauth logout --all -q
hub_fault '{"oauth": "set", "interval": 0, "auto": "alice"}'
run hfauth login --browser
run hfauth login --token-stdin --name 'b' <<<"$bob"
HIDDEN=yes run hfauth export
expect_status 0
expect_out '[b]'
expect_out "hf_token = $bob"
expect_out '[oauth-alice]'
expect_out 'refresh_token = refresh-alice-'
expect_out 'expires_at = '
run hfauth export --output "$hf/stored_tokens" </dev/null
expect_error 2 --yes
expect_that [ ! -e "$hf/stored_tokens" ]
printf '[mine]\nhf_token = hf_AAAA\n\n' >"$hf/stored_tokens"
run hfauth export --output "$hf/stored_tokens" --yes
expect_status 0
expect_that [ "$(stat -c %a "$hf/stored_tokens")" = 600 ]
expect_that [ "$(grep '^\[' "$hf/stored_tokens" | tr '\n' ' ')" = '[b] [mine] [oauth-alice] ' ]
expect_no "$bob"
HIDDEN=yes run hfauth export --as env
expect_exactly "HF_TOKEN=$bob
HF_ENDPOINT=$endpoint"
HIDDEN=yes run hfauth export --as json --name b
expect_exactly "[{\"name\":\"b\",\"endpoint\":\"$endpoint\",\"expires\":null,\"token\":\"$bob\"}]"
run hfauth export --as env --output "$scratch/env" --yes
expect_status 0
run hfauth export --as env --output "$scratch/env" --yes
expect_error 1 'there already'
run hfauth export --name nobody
expect_error 4 nobody
run hfauth export --as yaml
expect_error 2 'one of stored-tokens'
run hfauth status
expect_status 0

stage_end 'import and export'
