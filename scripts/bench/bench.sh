#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# hfauth beside its peers, side by side in one run, everything on one core (a round trip between two cores of a virtual
# machine measures the machine). Medians come from hyperfine -N: no shell between. Called by ./dev bench.
#   bench.sh [--smoke]      --smoke: a few runs of each, to prove that the commands work; the figures mean nothing
#   bench.sh download [--smoke]    hfauth download beside hf download: download.py
#   bench.sh agent [--smoke]       requests a second of hfauthd, ssh-agent and git's cache: tests/reliability/r02_throughput.py
#   bench.sh explain [--smoke]     hfauth explain on a long log: explain.py
#   bench.sh tokenizer [--full]    texts to tokens beside PyPI tokenizers and tiktoken: tokenizer.py
#   bench.sh doctor [--smoke]      hfauth doctor, offline and with the stand-in: doctor.py
# Results: build/bench/*.json. The scratch home lies in the temporary folder, because a socket's path must be short.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${HFAUTH_BIN:-$root/build/release/bin}
results=${HFAUTH_BENCH_RESULTS:-$root/build/bench}
runs=300
warmup=30
core=$(awk '/^Cpus_allowed_list/ { split($2, first, /[-,]/); print first[1] }' /proc/self/status)

case ${1:-} in
  --smoke) runs=5 warmup=1 ;;
  --inside) ;;
  download)
    shift
    exec /usr/bin/python3 "$root/scripts/bench/download.py" "$@"
    ;;
  explain)
    shift
    exec /usr/bin/python3 "$root/scripts/bench/explain.py" "$@"
    ;;
  doctor)
    shift
    exec /usr/bin/python3 "$root/scripts/bench/doctor.py" "$@"
    ;;
  agent)
    shift
    [ "${1:-}" != --smoke ] || set -- --quick
    cmake --build --preset release --target reliability_programs >/dev/null
    HFAUTH_BIN=$bin HFAUTH_BUILD=$root/build/release HFAUTH_SOURCE=$root exec /usr/bin/python3 "$root/tests/reliability/plan.py" "$@" R2
    ;;
  tokenizer)
    shift
    cmake --build --preset release --target tokenizer_bench >/dev/null
    exec /usr/bin/python3 "$root/scripts/bench/tokenizer.py" "$@"
    ;;
  '') ;;
  *)
    echo "usage: bench.sh [--smoke] | bench.sh agent|download|explain|doctor|tokenizer [--smoke]" >&2
    exit 2
    ;;
esac

# What a machine may lack: ./dev bench installs it, the smoke test says so and is skipped.
for program in hyperfine dbus-run-session gnome-keyring-daemon secret-tool git taskset; do
  command -v "$program" >/dev/null || {
    echo "skipped: no $program" >&2
    [ "${HFAUTH_REQUIRE_ALL:-}" != 1 ] || exit 1
    exit 77
  }
done

# Outside: makes the scratch home, a session bus and the stand-in, then runs this file again on one core, inside them.
outside() {
  local home status=0
  home=$(mktemp -d "${TMPDIR:-/tmp}/hfauth-bench.XXXXXX")
  mkdir -p "$home/run" "$results"
  chmod 700 "$home/run"
  # The stand-in ends when its standard input does: when this script closes its end of the pipe, however it ends.
  mkfifo "$home/keep"
  /usr/bin/python3 "$root/tests/support/hub/hub.py" --state "$home/hub" --ready-file "$home/ready" --until-stdin-closes \
    <"$home/keep" >/dev/null &
  exec 9>"$home/keep"
  wait_for "$home/ready"
  env -i HOME="$home" XDG_RUNTIME_DIR="$home/run" PATH="$bin:/usr/bin:/bin" LC_ALL=C.UTF-8 \
    HFAUTH_BIN="$bin" HFAUTH_BENCH_RESULTS="$results" HF_ENDPOINT="$(ready_field "$home/ready" endpoint)" \
    BENCH_RUNS="$runs" BENCH_WARMUP="$warmup" BENCH_READY="$home/ready" \
    taskset -c "$core" dbus-run-session -- bash "${BASH_SOURCE[0]}" --inside 9>&- || status=$?
  exec 9>&-
  wait || true
  rm -rf -- "$home"
  return "$status"
}

wait_for() {
  local deadline=$((SECONDS + 20))
  until [ -s "$1" ]; do
    [ "$SECONDS" -lt "$deadline" ] || {
      echo "bench: the Hub stand-in did not start within 20 s" >&2
      exit 1
    }
    sleep 0.05
  done
}

ready_field() {
  /usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$@"
}

# measure NAME LABEL COMMAND [LABEL COMMAND]...: one hyperfine run, its medians to NAME.json
measure() {
  local name=$1 arguments=()
  shift
  while [ $# -gt 0 ]; do
    arguments+=(--command-name "$1" "$2")
    shift 2
  done
  hyperfine -N --style none --warmup "$BENCH_WARMUP" --runs "$BENCH_RUNS" \
    --export-json "$HFAUTH_BENCH_RESULTS/$name.json" "${arguments[@]}" >/dev/null
}

inside() {
  # Keyring: unlocked with a password of its own, on this bus only.
  printf 'bench' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
  local token
  token=$(/usr/bin/python3 -c 'import json, sys; print(next(iter(json.load(open(sys.argv[1]))["accounts"].values())))' "$BENCH_READY")
  trap 'hfauth shutdown >/dev/null 2>&1 || true; git credential-cache --socket "$HOME/run/git.sock" exit 2>/dev/null || true' EXIT

  printf '%s' "$token" | hfauth login --token-stdin >/dev/null
  printf '%s' "$token" | secret-tool store --label=bench endpoint "$HF_ENDPOINT" account bench
  printf 'protocol=https\nhost=huggingface.co\nusername=bench\npassword=%s\n\n' "$token" |
    git credential-cache --socket "$HOME/run/git.sock" store
  hfauth tokenize -m microsoft/phi-4 "I am studying tokenization" >/dev/null

  # What is compared must do its work: each prints the token. (The cache's only entry matches an empty question.)
  local command
  for command in "hfauth token" "secret-tool lookup endpoint $HF_ENDPOINT account bench" \
    "git credential-cache --socket $HOME/run/git.sock get"; do
    $command </dev/null | grep -qF -- "$token" || {
      echo "bench: does not print the token: $command" >&2
      exit 1
    }
  done

  measure token \
    "hfauth token" "hfauth token" \
    "git credential-cache get" "git credential-cache --socket $HOME/run/git.sock get" \
    "secret-tool lookup" "secret-tool lookup endpoint $HF_ENDPOINT account bench" \
    "true (start and end of a process)" "/bin/true"
  measure tokenize "hfauth tokenize, one line, phi-4" \
    "hfauth tokenize --offline -m microsoft/phi-4 'I am studying tokenization'"
  measure doctor "hfauth doctor --offline" "hfauth doctor --offline"
  /usr/bin/python3 "$(dirname -- "${BASH_SOURCE[0]}")/medians.py" "$HFAUTH_BENCH_RESULTS"
}

if [ "${1:-}" = --inside ]; then inside; else outside; fi
