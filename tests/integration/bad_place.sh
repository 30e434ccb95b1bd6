#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A machine that lacks something: no runtime folder, no home, no session bus, a stale or a foreign socket, a second agent,
# a full disk, a closed or full standard output. One clear line, the right exit status, nothing lost.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

token=$(token_of alice)
printf '%s\n' "$token" >"$scratch/token.txt"
# shellcheck disable=SC2119
start_hub

log_in() {
  SHOWN_AS=' hfauth login --token-stdin < token.txt' run hfauth login --token-stdin <"$scratch/token.txt"
}

agent_has_alice() {
  HIDDEN=yes run hfauth token
  expect_status 0
  expect_exactly "$token"
}

step 'No session bus: the vault, and status says why'
log_in
expect_status 0
run hfauth shutdown
stage_environment+=("HFAUTH_STORE=")
rm -rf "${scratch:?}/home" && mkdir -m 700 "$scratch/home"
log_in
expect_status 0
run hfauth status
expect_status 0
expect_out vault
expect_out 'DBUS_SESSION_BUS_ADDRESS'
agent_has_alice

step 'No runtime folder'
# /tmp/hfauth-UID is one place for the whole machine. In a user namespace with a number of its own the program has a
# folder of its own there, so that neither the user's agent nor another run of this test is in the way.
uid=$((600000 + $$))
fallback=/tmp/hfauth-$uid
as_other=(unshare --user "--map-user=$uid" "--map-group=$uid")
if "${as_other[@]}" true 2>/dev/null; then
  rm -rf -- "$fallback"  # of a run that was killed and had the same number
  run XDG_RUNTIME_DIR= "${as_other[@]}" hfauth status
  expect_status 0
  HIDDEN=yes run XDG_RUNTIME_DIR= "${as_other[@]}" hfauth token
  expect_status 0
  expect_exactly "$token"
  expect_that [ "$(stat -c %a "$fallback")" = 700 ]
  run XDG_RUNTIME_DIR= "${as_other[@]}" hfauth shutdown
  rm -rf -- "$fallback"
else
  part_skipped 'needs a user namespace'
fi

step 'No home at all'
if [ "$(id -u)" = 0 ] && setpriv --reuid=54321 --regid=54321 --clear-groups test -x "$hfauth"; then
  run setpriv --reuid=54321 --regid=54321 --clear-groups env -u HOME hfauth list
  expect_error 1 HOME
  run setpriv --reuid=54321 --regid=54321 --clear-groups env -u HOME hfauth version
  expect_status 0
else
  part_skipped 'needs root, and a build folder that others may enter'
fi

step 'A stale socket'
run hfauth shutdown
expect_status 0
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$scratch/run/hfauth/agent.sock" || true
expect_that test -S "$scratch/run/hfauth/agent.sock"
agent_has_alice

step 'A second agent'
run timeout 20 hfauthd
expect_error 0 'another hfauthd'
agent_has_alice

step "A socket that is somebody else's"
run hfauth shutdown
rm -rf "$scratch/run/hfauth"
mkdir -m 700 "$scratch/elsewhere"
ln -s "$scratch/elsewhere" "$scratch/run/hfauth"
run hfauth token
expect_status 1
expect_one_line_on_err
expect_err "$scratch/run/hfauth"
rm "$scratch/run/hfauth"
if [ "$(id -u)" = 0 ]; then
  mkdir -m 700 "$scratch/run/hfauth"
  chown 54321 "$scratch/run/hfauth"
  run hfauth token
  expect_error 1 "$scratch/run/hfauth" 'somebody else'
  rm -rf "$scratch/run/hfauth"
fi
agent_has_alice

step 'Standard output: full, and closed by its reader'
HIDDEN=yes run bash -c 'hfauth list >/dev/full'
expect_status 1
expect_one_line_on_err
expect_err 'standard output'
run bash -c 'hfauth help | head -1 >/dev/null; echo "${PIPESTATUS[0]}"'
expect_silence_on_err

step 'A full disk'
if unshare -Urm true 2>/dev/null; then
  run hfauth shutdown
  cat >"$scratch/full-disk.sh" <<'SCRIPT'
set -u
mount -t tmpfs -o size=256k none "$HOME" || exit 77
hfauth login --token-stdin --quiet <"$1" || exit 1
cat /dev/zero >"$HOME/ballast" 2>/dev/null
printf 'hf_%s' "$(printf 'bob'; printf 'A%.0s' {1..31})" | hfauth login --token-stdin --name second
echo "status $?"
hfauth token
hfauth list --quiet
hfauth shutdown --quiet
rm "$HOME/ballast"
hfauth list --quiet
hfauth shutdown --quiet
SCRIPT
  HIDDEN=yes run unshare -Urm bash "$scratch/full-disk.sh" "$scratch/token.txt"
  expect_status 0
  expect_exactly "status 1
$token
laptop
laptop"
  expect_one_line_on_err
  expect_err 'No space left'
else
  part_skipped 'needs a user and a mount namespace'
fi

stage_end 'bad places'
