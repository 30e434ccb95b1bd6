#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tokens as people paste them, and everything the Hub may say of one: what can be mended is mended and said, the rest is
# refused in one line with the right exit status; what is refused is not stored; no token is printed.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

token=$(token_of alice)
# shellcheck disable=SC2119
start_hub
hub=$endpoint

# login BYTES [OPTION...]: with these bytes (printf %b) on standard input.
login() {
  local bytes=$1
  shift
  printf '%b' "$bytes" >"$scratch/typed"
  SHOWN_AS=" printf '...' | hfauth login --token-stdin $*" run hfauth login --token-stdin "$@" <"$scratch/typed"
  expect_no "$token"
}

nothing_is_stored() {
  run hfauth list --quiet
  expect_status 0
  expect_exactly ''
}

alice_is_stored() {
  HIDDEN=yes run hfauth token
  expect_status 0
  expect_exactly "$token"
}

step 'What pasting does to a token is mended, and said'
for typed in "$token" "$token\n" "$token\r\n" "  $token\t\n" "\\0357\\0273\\0277$token\n" "\"$token\"\n" "'$token'" \
  "Bearer $token" "Authorization: Bearer $token\n" "HF_TOKEN=$token" "export HF_TOKEN=\"$token\"\n"; do
  login "$typed"
  expect_status 0
  expect_out 'Logged in as alice'
  alice_is_stored
  run hfauth logout --quiet
  expect_status 0
done
login "\\0357\\0273\\0277$token\n"
expect_err 'byte order mark'
login "\"$token\""
expect_err quotes
login "Bearer $token"
expect_err Bearer
run hfauth logout

step 'What is no token is refused, and nothing is stored'
# shellcheck disable=SC2016  # a variable's name that was pasted
for typed in '' '\n \n' "${token:0:20} ${token:20}" "$token\n$token\n" "${token:0:20}\\0342\\0200\\0213${token:20}" 'hf_xxx' \
  '<your_token>' '$HF_TOKEN' 'hf_****AAAA' "${token:0:20}\\0001${token:20}"; do
  login "$typed"
  expect_error 1 'hfauth login: '
done
login "$(printf 'A%.0s' {1..70000})"
expect_error 1
login "$(token_of acme | sed s/hf_/api_org_/)"
expect_error 1 organi
nothing_is_stored

step 'What the Hub refuses is refused in its words'
login "$(token_of nobody)"
expect_error 1 'not valid' 'Invalid username or password' 'request id' 'nothing was stored'
login "$(token_of eve)"
expect_error 1 expired 'request id' 'nothing was stored'
nothing_is_stored

step 'What the Hub does not answer says nothing of the token'
hub_fault '{"fault": "status", "path": "/api/whoami-v2", "status": 429, "headers": {"Retry-After": "120"}, "body": {"error": "slow down"}}'
login "$token"
expect_error 3 'could not be asked' '--force'
nothing_is_stored
run hfauth whoami
expect_error 4
hub_fault '{"fault": "clear"}'
hub_fault '{"fault": "html", "path": "/"}'
login "$token"
expect_error 3 'could not be asked'
hub_fault '{"fault": "clear"}'
stage_environment+=("HF_ENDPOINT=http://127.0.0.1:9")
login "$token"
expect_error 3 'could not be asked' '127.0.0.1'
nothing_is_stored
run HF_HUB_OFFLINE=1 hfauth login --token-stdin --force --name unchecked <<<"$token"
expect_status 0
expect_out unchecked
run hfauth logout unchecked
stage_environment+=("HF_ENDPOINT=$hub")

step 'Wrong use'
run hfauth login --json </dev/null
expect_error 2 --token-stdin
run hfauth login --token-file "$scratch/none"
expect_error 1 "$scratch/none"
mkfifo "$scratch/pipe"
(cat "$scratch/typed" >"$scratch/pipe") &
run hfauth login --token-file "$scratch/pipe" --name typed
expect_status 0
run hfauth login --token-file /dev/null
expect_error 1 /dev/null
run hfauth logout typed -q
run hfauth login --token-file "$scratch/none" --token-stdin </dev/null
expect_error 2 'choose one'
login "$token" --name ../../etc
expect_error 1
login "$token" --name ''
expect_error 1
nothing_is_stored
SHOWN_AS=' hfauth login --token ...' run hfauth login --token "$token" --name typed
expect_status 0
expect_err history
expect_no "$token"
run hfauth logout typed

step 'A name that is taken keeps its token'
login "$token" --name mine
expect_status 0
login "$(token_of bob)" --name mine
expect_error 1 mine alice --force
alice_is_stored
login "$(token_of bob)" --name mine --force
expect_status 0
run hfauth whoami --quiet
expect_exactly bob
run hfauth logout nobody
expect_error 1 nobody 'hfauth list'
run hfauth token --name nobody
expect_error 4 nobody
run hfauth switch nobody
expect_error 4 nobody

step 'A variable that hides the stored token is named, with the cure'
login "$token" --name mine --force
run "HF_TOKEN=$(token_of bob)" hfauth login --token-stdin --name mine <"$scratch/typed"
expect_status 0
expect_err HFA101
expect_err 'unset HF_TOKEN'
expect_no "$(token_of bob)"
run "HF_TOKEN=$(token_of bob)" hfauth env
expect_status 0
expect_err HFA101
run "HF_TOKEN=$(token_of bob)" hfauth status --short
expect_exactly 'hf:!HFA101'
run "HF_TOKEN=$(token_of bob)" hfauth whoami
expect_out 'user: alice'
expect_err HFA101

step 'A token never goes to another Hub than its own'
# shellcheck disable=SC2016
run hfauth exec --name mine -- sh -c 'echo "$HF_ENDPOINT"'
expect_exactly "$hub"
run HF_ENDPOINT=https://huggingface.co hfauth exec --name mine -- true
expect_error 1 "$hub" HF_ENDPOINT
run HF_ENDPOINT=https://huggingface.co hfauth token
expect_error 4 'https://huggingface.co'
run HF_ENDPOINT=https://huggingface.co hfauth env
expect_error 4
run HF_ENDPOINT= hfauth env --name mine
expect_status 0
expect_out "export HF_ENDPOINT='$hub'"
run HF_ENDPOINT=http://hub.example hfauth login --token-stdin <"$scratch/typed"
expect_error 2 http

step 'exec ends as its program does'
run hfauth exec -- sh -c 'exit 41'
expect_status 41
run hfauth exec -- "$scratch/no-such-program"
expect_error 127 no-such-program
run hfauth exec -- /etc/passwd
expect_error 126 /etc/passwd
# shellcheck disable=SC2016
run hfauth exec --via file -- sh -c 'echo "${HF_TOKEN-none}"; test -s "$HF_TOKEN_PATH"'
expect_status 0
expect_exactly none

step 'The screen is no place for a token'
SHOWN_AS=' hfauth token   # on a terminal' run script -qefc 'hfauth token' /dev/null </dev/null
expect_status 2
expect_out --show
expect_no "$token"

stage_end 'bad tokens'
