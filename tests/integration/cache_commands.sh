#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# hfauth cache: one cache from the first download to the last clean-up, and what goes wrong between.
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"

# shellcheck disable=SC2119
start_hub
cache=$scratch/home/.cache/huggingface/hub
repo=$cache/models--microsoft--phi-4

step 'No cache yet'
run hfauth cache ls
expect_error 1 "$cache" 'nothing was downloaded yet'
run hfauth cache why microsoft/phi-4
expect_status 1
expect_out 'There is no cache at'
run hfauth cache offline microsoft/phi-4
expect_status 1
expect_out 'hfauth download microsoft/phi-4'

step 'One model, downloaded for its tokenizer'
run hfauth tokenize -m microsoft/phi-4 --count 'I am studying tokenization'
expect_status 0
run hfauth cache ls
expect_status 0
expect_out 'model/microsoft/phi-4'
expect_out '1 repositories, 1 revisions'
expect_silence_on_err
run hfauth cache ls -q
expect_exactly 'model/microsoft/phi-4'
run hfauth cache ls --filter 'size>1GB'
expect_status 0
expect_err 'Nothing that fits'
run hfauth cache ls --filter 'size~1'
expect_error 2 'size>1GB'
run hfauth cache ls --sort age
expect_error 2 'accessed, modified, name, size'
run hfauth cache verify
expect_status 0
expect_out '4 of 4 files are good'

run hfauth cache verify --online
expect_status 0
expect_out '3 of the commit were not downloaded'
run hfauth cache verify --online --fail-on-missing-files
expect_status 1
expect_out 'README.md: not downloaded'
entry=$(echo "$repo/snapshots/"*/config.json)
cp --remove-destination "$(readlink -f "$entry")" "$entry" # a copy has no hash for a name
mv "$repo/trees" "$scratch/trees"
run hfauth cache verify
expect_status 0
expect_out '1 could not be checked'
run hfauth cache verify --online
expect_status 0
expect_out '4 of 4 files are good'
printf 'X' >>"$entry"
run hfauth cache verify --online
expect_status 1
expect_out 'config.json: broken off'
run hfauth cache verify --online --offline
expect_error 3 'the network is switched off'
mv "$scratch/trees" "$repo/trees"
ln -sfn "../../blobs/$(git hash-object --no-filters <(head -c -1 "$entry"))" "$entry"

step 'Why, for a file that is there, one that is not, one of another name'
run hfauth cache why microsoft/phi-4 tokenizer.json
expect_status 0
expect_out 'A client without network finds tokenizer.json.'
run hfauth cache why microsoft/phi-4 README.md
expect_status 1
expect_out 'README.md of commit'
expect_out 'Run: hfauth download microsoft/phi-4 README.md'
run hfauth cache why Microsoft/Phi-4
expect_status 1
expect_out 'capital letters count'
run hfauth cache why microsoft/phi-4 --revision v7
expect_status 1
expect_out 'Revision v7 is not cached; these are: main.'
run hfauth cache why microsoft/phi-4 ../../../etc/passwd
expect_error 1 "no path inside a repository"
run hfauth cache why
expect_error 2 'which repository'
run hfauth cache wyh microsoft/phi-4
expect_error 2 "did you mean 'cache why'?"

step 'Offline: what lacks is known from the list in the cache, else from the Hub, and else not at all'
run HF_HUB_OFFLINE=1 hfauth cache offline microsoft/phi-4
expect_status 1
expect_out '4 of 7 files can be used'
expect_that [ -n "$(ls "$repo/trees")" ]
rm -r "$repo/trees" # as a version without lists leaves it
run hfauth cache offline microsoft/phi-4
expect_status 1
expect_out '4 of 7 files can be used'
expect_out 'README.md'
run HF_HUB_OFFLINE=1 hfauth cache offline microsoft/phi-4
expect_status 3
expect_out 'Unknown: 4 files'

step 'A flipped bit, and the cure'
blob=$(readlink -f "$repo/snapshots/"*/tokenizer.json)
cp "$blob" "$scratch/whole"
printf 'X' | dd of="$blob" bs=1 seek=1000 conv=notrunc status=none
run hfauth cache verify microsoft/phi-4
expect_status 1
expect_out 'tokenizer.json: damaged'
expect_out "blobs/$(basename "$blob")"
expect_err 'hfauth download microsoft/phi-4'
run hfauth cache verify -q
expect_exactly "$blob"
rm "$blob"
run hfauth cache verify
expect_status 1
expect_out 'tokenizer.json: its content is gone'
run hfauth cache why microsoft/phi-4 tokenizer.json
expect_status 1
expect_out 'a link to content that is gone'
run hfauth cache ls
expect_status 0
expect_err 'a link to a blob that is gone'
run hfauth tokenize -m microsoft/phi-4 --count 'I am studying tokenization'
expect_status 0
run hfauth cache verify
expect_status 0
expect_that cmp -s "$blob" "$scratch/whole"

step 'Hostile names stay off the terminal'
mkdir -p "$cache/models--evil--$(printf 'a\033[31mb')/snapshots" "$cache/datasets--모델--이름/snapshots"
run hfauth cache ls
expect_out 'evil/a\x1b[31mb'
expect_out 'dataset/모델/이름'
expect_no $'\033'
rm -r "$cache"/models--evil--* "$cache"/datasets--*

step 'Prune: asks, leaves what is in use, takes the rest'
commit=$(basename "$repo/snapshots/"*)
old=$(printf '1%.0s' {1..40})
mkdir -p "$repo/snapshots/$old"
printf 'old' >"$repo/blobs/$(printf 'a%.0s' {1..40})"
ln -s "../../blobs/$(printf 'a%.0s' {1..40})" "$repo/snapshots/$old/config.json"
ln -s "../../blobs/$(basename "$blob")" "$repo/snapshots/$old/tokenizer.json"
printf 'half' >"$repo/blobs/$(printf 'b%.0s' {1..64}).0123abcd.incomplete"
run hfauth cache prune --dry-run
expect_status 0
expect_out "revision $old"
expect_out 'Would remove 1 revisions, 1 broken-off downloads, 0 shared contents, 7 in all.'
expect_that [ -e "$repo/snapshots/$old" ]
run hfauth cache prune </dev/null
expect_status 2
expect_err 'say --yes'
expect_that [ -e "$repo/snapshots/$old" ]
locks=$cache/.locks/models--microsoft--phi-4
exec {held}>"$locks/$(printf 'b%.0s' {1..64}).lock"
flock -n "$held"
run hfauth cache prune --yes
expect_status 0
expect_err 'model/microsoft/phi-4 is left alone: a download is under way'
expect_that [ -e "$repo/snapshots/$old" ]
exec {held}>&-
run hfauth cache prune --yes
expect_status 0
expect_out 'Removed 1 revisions, 1 broken-off downloads'
expect_that [ ! -e "$repo/snapshots/$old" ]
expect_that [ -e "$repo/snapshots/$commit/tokenizer.json" ]
run hfauth cache verify
expect_status 0
run hfauth cache prune --dry-run
expect_err 'Nothing to remove.'

step 'A cache that can only be read, and one of somebody else'
if [ "$(id -u)" = 0 ] && setpriv --reuid=54321 --regid=54321 --clear-groups test -x "$hfauth"; then
  chmod 755 "$scratch" "$scratch/home" "$scratch/home/.cache" "$scratch/home/.cache/huggingface"
  chmod 700 "$repo/refs"
  foreign=(setpriv --reuid=54321 --regid=54321 --clear-groups)
  run HF_HUB_CACHE="$cache" HOME=/nonexistent "${foreign[@]}" hfauth cache ls
  expect_status 0
  expect_err 'refs cannot be read'
  run HF_HUB_CACHE="$cache" HOME=/nonexistent "${foreign[@]}" hfauth cache why microsoft/phi-4
  expect_status 1
  expect_out 'refs cannot be entered'
  run HF_HUB_CACHE="$cache" HOME=/nonexistent "${foreign[@]}" hfauth cache prune --dry-run
  expect_status 0
  expect_err 'a ref of it cannot be read'
  chmod 755 "$repo/refs"
  run HF_HUB_CACHE="$cache" HOME=/nonexistent "${foreign[@]}" hfauth cache verify
  expect_status 0
else
  part_skipped 'needs root, and a build folder that others may enter'
fi

stage_end 'cache commands'
