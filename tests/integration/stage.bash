# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The stage of the integration scripts: a scratch home, the Hub stand-in, `run` with its expectations.
# Sourced. Sets $hfauth, $scratch, $out, $err, $status; everything ends with the script, also the agent that was started.
# HFAUTH_BIN names the programs; else those of build/release.
set -euo pipefail
export LC_ALL=C.UTF-8

stage_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${HFAUTH_BIN:-$stage_root/build/release/bin}
hfauth=$bin/hfauth
demo=no

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hfauth.XXXXXX")
out=$scratch/.out
err=$scratch/.err
status=0
n_checks=0

# The environment of every command: nothing of the caller's but the way to programs. Further words: VAR=value.
stage_environment=(
  "PATH=$bin:/usr/local/bin:/usr/bin:/bin"
  "HOME=$scratch/home"
  "XDG_RUNTIME_DIR=$scratch/run"
  "HFAUTH_STORE=vault"
  "LANG=C.UTF-8"
  "TERM=dumb"
)
mkdir -m 700 "$scratch/home" "$scratch/run"

leave_stage() {
  local code=$?
  trap - EXIT
  env -i "${stage_environment[@]}" "$hfauth" shutdown >/dev/null 2>&1 || true
  stop_hub
  rm -rf -- "$scratch"
  exit "$code"
}
trap leave_stage EXIT
trap 'exit 130' INT TERM

broken() {
  printf '\nFAILED: %s\n' "$*" >&2
  printf -- '--- exit status %s, standard output:\n' "$status" >&2
  cat "$out" >&2 || true
  printf -- '--- standard error:\n' >&2
  cat "$err" >&2 || true
  exit 1
}

# start_hub [OPTION...]: the Hub stand-in; sets $endpoint and puts HF_ENDPOINT into the environment of the stage.
hub_pid=
# shellcheck disable=SC2120
start_hub() {
  local line
  coproc HUB { exec /usr/bin/python3 "$stage_root/tests/support/hub/hub.py" --until-stdin-closes \
    --state "$scratch/hub" "$@"; }
  hub_pid=${HUB_PID:?}
  exec {hub_in}>&"${HUB[1]}" {hub_out}<&"${HUB[0]}"
  read -r -t 60 line <&"$hub_out" || broken "the Hub stand-in did not start"
  endpoint=$(/usr/bin/python3 -c 'import json, sys; print(json.loads(sys.argv[1])["endpoint"])' "$line")
  stage_environment+=("HF_ENDPOINT=$endpoint")
}

stop_hub() {
  [ -n "$hub_pid" ] || return 0
  exec {hub_in}>&-
  eval "exec ${HUB[1]}>&-"
  wait "$hub_pid" 2>/dev/null || true
  exec {hub_out}<&-
  hub_pid=
}

# token_of ACCOUNT: the stand-in's rule (tests/support/hub/accounts.py).
token_of() {
  local filler
  filler=$(printf 'A%.0s' {1..34})
  printf 'hf_%s%s' "$1" "${filler:${#1}}"
}

bold() { if [ "$demo" = yes ]; then printf '\033[1m%s\033[0m\n' "$*"; else printf '%s\n' "$*"; fi; }

step() { printf '\n'; bold "== $*"; }

# run [VAR=value...] COMMAND [WORD...]: prints the command, runs it on the stage with its standard input from `run`'s own,
# shows what it prints, and keeps it. The exit status goes to $status and is judged by expect_status.
run() {
  local variables=()
  while [[ $1 == [A-Z]*=* ]]; do
    variables+=("$1")
    shift
  done
  local shown='' word
  for word in "${variables[@]}" "$@"; do
    [[ $word =~ ^[A-Za-z0-9_./:=@%+-]+$ ]] || word="'${word//\'/\'\\\'\'}'"
    shown+=" $word"
  done
  if [ "$demo" = yes ]; then printf '\n\033[1;32m$\033[0m\033[1m%s\033[0m\n' "${SHOWN_AS:-$shown}"; else printf '$%s\n' "${SHOWN_AS:-$shown}"; fi
  status=0
  env -i "${stage_environment[@]}" "${variables[@]}" "$@" >"$out" 2>"$err" || status=$?
  if [ "${HIDDEN:-no}" = no ]; then cat "$out" "$err"; else printf '(standard output is not shown)\n' && cat "$err"; fi
}

expect_status() {
  n_checks=$((n_checks + 1))
  [ "$status" = "$1" ] || broken "exit status $status instead of $1"
}

# expect_out TEXT, expect_err TEXT: a line of the stream contains TEXT.
expect_out() {
  n_checks=$((n_checks + 1))
  grep -qF -- "$1" "$out" || broken "standard output lacks: $1"
}

expect_err() {
  n_checks=$((n_checks + 1))
  grep -qF -- "$1" "$err" || broken "standard error lacks: $1"
}

expect_no() {
  n_checks=$((n_checks + 1))
  ! grep -qF -- "$1" "$out" "$err" || broken "printed, but must not be: $1"
}

# expect_exactly TEXT: the whole standard output, and nothing on standard error.
expect_exactly() {
  n_checks=$((n_checks + 1))
  [ "$(cat "$out")" = "$1" ] || broken "standard output is not exactly: $1"
}

expect_silence_on_err() {
  n_checks=$((n_checks + 1))
  [ ! -s "$err" ] || broken "standard error is not empty"
}

# expect_one_line_on_err: what every error is.
expect_one_line_on_err() {
  n_checks=$((n_checks + 1))
  [ "$(wc -l <"$err")" = 1 ] || broken "the error is not one line"
}

expect_that() {
  n_checks=$((n_checks + 1))
  "$@" || broken "not so: $*"
}

# expect_error STATUS TEXT...: one line on standard error, each TEXT in it, nothing on standard output.
expect_error() {
  expect_status "$1"
  expect_one_line_on_err
  shift
  local text
  for text in "$@"; do expect_err "$text"; done
  expect_exactly ''
}

# hub_fault JSON: see tests/support/hub/faults.py.
hub_fault() {
  /usr/bin/python3 - "$endpoint/__control" "$1" <<'PYTHON' || broken "the stand-in did not take: $1"
import sys, urllib.request
urllib.request.urlopen(urllib.request.Request(sys.argv[1], sys.argv[2].encode(), {"Content-Type": "application/json"}), timeout=20)
PYTHON
}

# part_skipped REASON: a part that cannot be tried here; with HFAUTH_REQUIRE_ALL=1 that is a failure.
part_skipped() {
  printf '(skipped: %s)\n' "$1"
  if [ "${HFAUTH_REQUIRE_ALL:-0}" = 1 ] && [ "${2:-}" != optional ]; then broken "must not be skipped: $1"; fi
}

stage_end() {
  printf '\n'
  bold "$1: $n_checks checks passed"
}
