#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Planted tokens, one pasted and those of a login with a browser and of its refresh, go through every command, each door and
# many errors; then everything that was written anywhere is searched for them: output, the agent's log, what it tells the
# journal, files below the home and the runtime folder, cores, the command line of every program that was started, the Hub's
# second origin. They may stand in the output of `token` and of a program
# under `exec`, of `export`, in the lease, in the copy that `import` keeps of a plain file, and nowhere else.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"
ulimit -c unlimited
cd "$scratch"  # where a core would be left

# Every exec of everything below, with all its words, where tracing is allowed here.
trace=$scratch/trace
if strace -qq -e trace=execve true 2>/dev/null; then
  stage_environment+=("ASAN_OPTIONS=detect_leaks=0")  # the search of the address sanitizer wants to trace, too
  strace -f -qq -e trace=execve -s 100000 -p $$ -o "$trace" &
  until grep -qs "^TracerPid:.[1-9]" /proc/$$/status; do :; done
else
  part_skipped 'strace may not trace here: command lines are only looked at while they run'
fi

token=$(token_of alice)
planted=${token#hf_}  # also where the prefix was cut off
planted_list=$scratch/planted  # what is searched for, one a line
printf '%s\n' "$planted" refresh-alice- >"$planted_list"
mkdir "$scratch/outputs"
printf '%s\n' "$token" >"$scratch/token.txt"
# shellcheck disable=SC2119
start_hub

n_runs=0
# kept COMMAND...: runs it and keeps what it printed for the search.
kept() {
  run "$@"
  n_runs=$((n_runs + 1))
  cat "$out" "$err" >"$scratch/outputs/$n_runs"
}

step 'Everything that may not show it'
kept hfauth -vv login --token-stdin <"$scratch/token.txt"
expect_status 0
kept hfauth -vv login --token-stdin --json --name again <"$scratch/token.txt"
expect_status 0
for command in whoami 'whoami --json' list 'list --json' status 'status --json' 'status --short' env 'env --quiet' 'switch again' \
  explain 'tokenize -m microsoft/phi-4 hello' "tokenize -m org/gated $token" '__complete-spec' "frobnicate $token" \
  "login $token" "token --nmae $token" "token --name $token" "$token" "--format $token list" "logout $token" \
  "explain $token"; do
  # shellcheck disable=SC2086
  SHOWN_AS=" hfauth -v ${command//$token/TOKEN}" HIDDEN=yes kept hfauth -v $command </dev/null
done
SHOWN_AS=' hfauth explain - < traceback' HIDDEN=yes kept hfauth explain - <<TEXT
401 Client Error: Unauthorized for url: https://user:$token@huggingface.co/api/whoami-v2
Authorization: Bearer $token
HF_TOKEN=$token python train.py
Invalid username or password.
TEXT
for variable in HF_TOKEN HUGGING_FACE_HUB_TOKEN; do
  for command in status whoami 'status --json' env list; do
    # shellcheck disable=SC2086
    SHOWN_AS=" $variable=... hfauth $command" HIDDEN=yes kept "$variable=$token" hfauth $command
  done
done
kept hfauth exec -- true
kept hfauth exec -- "$scratch/none"
kept hfauth exec --via file -- sh -c 'cat /proc/self/environ | tr "\0" "\n"'
kept hfauth token --name none
hub_fault '{"fault": "status", "path": "/api/whoami-v2", "status": 401, "body": {"error": "no good: '"$token"'"}}'
kept hfauth whoami
kept hfauth login --token-stdin <"$scratch/token.txt"
hub_fault '{"fault": "clear"}'
kept hfauth lock
kept hfauth token
kept hfauth unlock

step 'Downloads, the cache'
kept hfauth -vv download org/gated-auto
expect_status 1
hub_fault '{"gate": {"repo": "org/gated-auto", "account": "alice", "state": "asked"}}'
for command in 'download org/gated-auto' 'download org/gated-auto --json' 'download org/gated-auto --dry-run' 'download org/absent' \
  "download org/$token" "download org/gated-auto $token" "download org/gated-auto --local-dir $scratch/folder" \
  'cache ls' 'cache verify' 'cache why org/gated-auto' 'cache offline org/gated-auto'; do
  # shellcheck disable=SC2086
  SHOWN_AS=" hfauth -v ${command//$token/TOKEN}" HIDDEN=yes kept hfauth -v $command </dev/null
done
expect_that test -n "$(find "$scratch/home" -path '*models--org--gated-auto/snapshots/*/weights.bin')"
expect_that test -f "$scratch/folder/weights.bin"

step 'A login with a browser, and its refresh'
# plant PROFILE: the access token that the profile has now is searched for from here on.
plant() {
  HIDDEN=yes run hfauth token --name "$1"
  expect_status 0
  printf '%s\n' "$(cat "$out")" >>"$planted_list"
}
hub_fault '{"oauth": "set", "interval": 0, "auto": "alice", "pending": 1}'
kept hfauth -vv login --browser --force --name browser </dev/null
expect_status 0
plant browser
kept hfauth-net refresh --force
expect_status 0
expect_err 'refreshed, valid until'
plant browser
expect_that [ "$(sort -u "$planted_list" | wc -l)" = 4 ]
kept hfauth whoami --json
kept hfauth list --json
hub_fault '{"oauth": "end", "account": "alice"}'
kept hfauth-net refresh --force
kept hfauth -v whoami
hub_fault '{"fault": "clear"}'
kept hfauth switch again
expect_status 0

step 'Taken over from plain files, given out, revoked'
mkdir -p "$scratch/home/.cache/huggingface"
cp "$scratch/token.txt" "$scratch/home/.cache/huggingface/token"
printf 'machine 127.0.0.1 login me password %s\n' "$token" >"$scratch/home/.netrc"
for command in import 'import --json' 'import --remove-plain' 'export --name none' "export --output $scratch/exported --yes" \
  'revoke browser' 'revoke browser --yes' 'logout browser' list; do
  # shellcheck disable=SC2086
  kept hfauth -v $command </dev/null
done
expect_no '"browser"'
expect_that grep -qF "$token" "$scratch/exported"
backups=$scratch/home/.local/state/hfauth/backups
expect_that [ "$(find "$backups" -type f | wc -l)" = 2 ]

step 'Where it must show'
HIDDEN=yes run hfauth token
expect_exactly "$token"
HIDDEN=yes run hfauth exec -- printenv HF_TOKEN
expect_exactly "$token"

step 'The search'
search() {
  { grep -rlaF -f "$planted_list" -- "$@" 2>/dev/null || true; } | LC_ALL=C sort
}
found=$(search "$scratch/outputs")
[ -z "$found" ] || broken "outputs that show the token: $found: $(sed "s/$planted/<TOKEN>/g" "$(head -n 1 <<<"$found")")"
found=$(search "$scratch/home")
expect_that [ "$found" = "$(find "$backups" -type f | LC_ALL=C sort)" ]  # the plain files that were asked to be taken away
rm -r "$backups"
found=$(search "$scratch/home" "$scratch/hub" "$scratch/folder")
[ -z "$found" ] || broken "files that hold the token: $found"
found=$(search "$scratch/run")
expected=$(find "$scratch/run" -type f -path '*/lease/*/token' -o -type f -path '*/default/token' | LC_ALL=C sort)
expect_that [ "$found" = "$expected" ]
# By its own word: the links of a process that protects itself are root's to read, its command line is everybody's.
HIDDEN=yes run hfauth --format json status
agent=/proc/$(/usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["pid"])' "$out")
expect_that [ "$(tr '\0' ' ' <"$agent/cmdline" | cut -d ' ' -f 1)" = "$bin/hfauthd" ]
expect_that [ -z "$(search "$agent/cmdline")" ]
if [ "$(id -u)" = 0 ]; then
  expect_that grep -qaF -- "HOME=$scratch/home" "$agent/environ"
  expect_that [ -z "$(search "$agent/environ")" ]
fi
for process in /proc/[0-9]*; do
  case $(readlink "$process/exe" 2>/dev/null) in "$bin/hfauthd" | "$bin/hfauth-net") ;; *) continue ;; esac
  expect_that [ -z "$(search "$process/cmdline" "$process/environ")" ]
done
expect_that test -n "$(find "$scratch/home" -name '*.log' -o -name '*log*' | head -n 1)"
leaks=$(/usr/bin/python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=20).read().decode())' "$endpoint/__leaks")
expect_that [ "$leaks" = '{"cdn":0}' ]

step 'The journal, and no core'
run hfauth shutdown
touch "$scratch/journal"
JOURNAL_STREAM=$(stat -c %d:%i "$scratch/journal")
stage_environment+=("JOURNAL_STREAM=$JOURNAL_STREAM")
env -i "${stage_environment[@]}" "$bin/hfauthd" --foreground 2>>"$scratch/journal" &
agent_job=$!
until HIDDEN=yes run hfauth status && grep -q 'profile\|again' "$out"; do :; done
kept hfauth -v whoami --fresh
kept hfauth-net refresh --force
kept hfauth lock
kept hfauth unlock
HIDDEN=yes run hfauth token
expect_exactly "$token"
expect_that grep -q '^<[3-6]>' "$scratch/journal"
# In the middle of its work, with the token: then it is made to dump a core.
hub_fault '{"fault": "hang", "path": "/api/whoami-v2"}'
env -i "${stage_environment[@]}" "$bin/hfauth" whoami --fresh >/dev/null 2>&1 &
whoami_job=$!
until [ "$(tr '\0' ' ' <"/proc/$whoami_job/cmdline" 2>/dev/null)" != '' ] && grep -qs libcurl "/proc/$whoami_job/maps"; do :; done
kill -ABRT "$whoami_job"
ended=0
wait "$whoami_job" 2>/dev/null || ended=$?
expect_that [ "$ended" = 134 ]
hub_fault '{"fault": "clear"}'
kill -ABRT "$agent_job"
ended=0
wait "$agent_job" 2>/dev/null || ended=$?
expect_that [ "$ended" = 134 ]
run hfauth exec -- sh -c 'ulimit -c'
expect_exactly unlimited
expect_that [ -z "$(find "$scratch" -name 'core*' -size +16k)" ]
expect_that [ -z "$(search "$scratch/journal")" ]

step 'After lock, no file holds it'
run hfauth lock
expect_status 0
expect_that [ -z "$(search "$scratch/home" "$scratch/run" "$scratch/outputs")" ]

if [ -s "$trace" ]; then
  # hfauth's own words are what the user typed; the rest is how this script speaks to its programs and to the stand-in.
  started=$(grep -c 'execve(' "$trace")
  told=$(grep -aF -f "$planted_list" "$trace" | grep -vaE 'execve\("[^"]*/(hfauth|hfauth-cli|env|grep|sed)", |/__control"|json\.loads\(sys\.argv' || true)
  [ -z "$told" ] || broken "a command line holds the token: ${told//$planted/<TOKEN>}"
  expect_that [ "$started" -gt 200 ]
fi

stage_end "no leak in $n_runs runs"
