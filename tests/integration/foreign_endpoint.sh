#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A token that the agent keeps for one Hub never goes to another one, whichever way a command finds it: a second stand-in
# is the foreign endpoint, and its log is read after every command.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

alice=$(token_of alice)
bob=$(token_of bob)
# shellcheck disable=SC2119
start_hub
home_hub=$endpoint

# The second stand-in ends when the pipe to it is closed, with this script.
mkfifo "$scratch/foreign.in" "$scratch/foreign.out"
exec 7<>"$scratch/foreign.in" 8<>"$scratch/foreign.out"
/usr/bin/python3 "$stage_root/tests/support/hub/hub.py" --until-stdin-closes --state "$scratch/foreign" \
  <"$scratch/foreign.in" >"$scratch/foreign.out" 7>&- 8>&- &
read -r -t 60 line <&8 || broken "the second stand-in did not start"
foreign=$(/usr/bin/python3 -c 'import json, sys; print(json.loads(sys.argv[1])["endpoint"])' "$line")
echo "home: $home_hub, foreign: $foreign"

# asked_with_token: how many requests the foreign Hub saw with a token; and how many it saw at all.
asked_with_token() {
  /usr/bin/python3 -c 'import json, sys, urllib.request as u
log = [one for one in json.load(u.urlopen(sys.argv[1] + "/__log")) if not one["path"].startswith("/__")]
print(sum(one["authorization"] for one in log), len(log))' "$foreign"
}

expect_no_token_sent() {
  local with_token all
  read -r with_token all < <(asked_with_token)
  n_checks=$((n_checks + 1))
  [ "$with_token" = 0 ] || broken "the foreign Hub was sent a token ($all requests)"
}

step 'A token for the first Hub, leased by name and as the default'
run hfauth login --token-stdin --name work <<<"$alice"
expect_status 0
run hfauth env --name work --quiet
expect_status 0
lease=$(cat "$out")
expect_that [ -s "$lease" ]
ln -s "$lease" "$scratch/link"

for path in "$lease" "$scratch/link"; do
  step "The second Hub, with HF_TOKEN_PATH at $(basename "$path")"
  away=("HF_ENDPOINT=$foreign" "HF_TOKEN_PATH=$path")
  run "${away[@]}" hfauth whoami
  expect_status 4
  expect_err "$foreign"
  expect_no_token_sent
  run "${away[@]}" hfauth tokenize -m alice/tiny-model --text hello
  expect_no_token_sent
  run "${away[@]}" hfauth download alice/tiny-model
  expect_no_token_sent
  run "${away[@]}" hfauth import
  expect_no_token_sent
  run "${away[@]}" hfauth doctor
  expect_no_token_sent
done
read -r _ all < <(asked_with_token)
expect_that [ "$all" -gt 0 ]

step 'The first Hub still gets it through the lease'
run HF_TOKEN_PATH="$lease" hfauth whoami
expect_status 0
expect_out 'user: alice'

step "A token of the user's own goes where HF_ENDPOINT says"
run HF_ENDPOINT="$foreign" HF_TOKEN="$bob" hfauth whoami
expect_status 0
expect_out 'user: bob'
read -r with_token _ < <(asked_with_token)
expect_that [ "$with_token" -gt 0 ]

exec 7>&-
stage_end 'the foreign endpoint'
