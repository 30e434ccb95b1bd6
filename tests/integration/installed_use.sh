#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The second half of installed.sh: the programs below $HFAUTH_PREFIX, used.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"
prefix=${HFAUTH_PREFIX:?set by installed.sh}
token=$(token_of alice)
printf '%s\n' "$token" >"$scratch/token.txt"
# shellcheck disable=SC2119
start_hub

step 'Every door of the installed tree'
run hfauth version
expect_status 0
run hfauth --lang ko explain --help
expect_status 0
expect_out '사용법'
SHOWN_AS=' hfauth login --token-stdin < token.txt' run hfauth login --token-stdin <"$scratch/token.txt"
expect_status 0
HIDDEN=yes run hfauth token
expect_exactly "$token"
# shellcheck disable=SC2016
HIDDEN=yes run hfauth exec -- bash -c 'printf %s "$HF_TOKEN"'
expect_exactly "$token"
run hfauth tokenize -m microsoft/phi-4 'I am studying tokenization'
expect_exactly "['I', 'Ġam', 'Ġstudying', 'Ġtoken', 'ization']"
run hfauth doctor
expect_status 0

step 'What else was installed'
for file in share/man/man1/hfauth.1 share/man/man1/hfauth-doctor.1 share/man/man8/hfauthd.8 \
  share/man/man5/hfauth-config.5 bin/git-credential-hfauth \
  share/bash-completion/completions/hfauth share/fish/vendor_completions.d/hfauth.fish \
  share/zsh/site-functions/_hfauth share/locale/ja/LC_MESSAGES/hfauth.mo share/locale/ko/LC_MESSAGES/hfauth.mo \
  share/locale/zh/LC_MESSAGES/hfauth.mo \
  lib/systemd/user/hfauthd.socket lib/systemd/user/hfauthd.service; do
  expect_that test -s "$prefix/$file"
done
expect_that grep -qE '^ExecStart=/.*/hfauthd' "$prefix/lib/systemd/user/hfauthd.service"
expect_no "$token"

stage_end 'the installed tree'
