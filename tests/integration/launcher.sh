#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The launcher (cli/launcher.cpp) answers `hfauth token` itself where nothing stands against it, and is otherwise not to
# be told from the whole command line behind it: same words, same status, in every state of the agent.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

whole=$bin/../libexec/hfauth/hfauth-cli
token=$(token_of alice)
printf '%s\n' "$token" >"$scratch/token.txt"
# shellcheck disable=SC2119
start_hub

# same_as_whole WORD...: both programs with these words, compared in standard output, standard error and status.
same_as_whole() {
  local launcher_status
  HIDDEN=yes run hfauth "$@"
  launcher_status=$status
  cp "$out" "$scratch/.launcher.out"
  cp "$err" "$scratch/.launcher.err"
  HIDDEN=yes run "$whole" "$@"
  expect_status "$launcher_status"
  expect_that cmp "$out" "$scratch/.launcher.out"
  expect_that cmp "$err" "$scratch/.launcher.err"
}

step 'Before the login'
same_as_whole token
expect_status 4
same_as_whole version
same_as_whole nonsense
expect_status 2

step 'With a token'
SHOWN_AS=' hfauth login --token-stdin < token.txt' run hfauth login --token-stdin <"$scratch/token.txt"
expect_status 0
same_as_whole token
expect_exactly "$token"
same_as_whole token --name laptop
expect_exactly "$token"
same_as_whole token --name nobody
same_as_whole --json list

step 'It answers alone: the whole command line is out of reach'
mkdir -p "$scratch/lone/bin"
cp "$bin/hfauth" "$scratch/lone/bin/hfauth"
HIDDEN=yes run "$scratch/lone/bin/hfauth" token
expect_status 0
expect_exactly "$token"
run "$scratch/lone/bin/hfauth" list
expect_status 70
expect_one_line_on_err
expect_err 'install hfauth again'

step 'What it does not do itself'
run HF_ENDPOINT=https://other.example hfauth token
expect_status 4
HIDDEN=yes run HOME= hfauth token
expect_exactly "$token"
same_as_whole token --help
run bash -c 'hfauth token >/dev/full'
expect_status 1
expect_one_line_on_err
run bash -c 'hfauth token >&-'
expect_status 1
expect_one_line_on_err
run hfauth lock
same_as_whole token
expect_status 4
expect_err 'hfauth unlock'
run hfauth shutdown
run hfauth unlock
same_as_whole token
expect_exactly "$token"

stage_end 'the launcher'
