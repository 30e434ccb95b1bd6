#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# All lints over the files of this checkout, tracked or new: formatting, shell, Python, spelling and the house rules on
# every file; clang-tidy (10 to 22 s a file) on changed ones. Called by ./dev lint, which has built the release preset.
#   lint.sh            files changed against origin/main; on main itself those of the last commits
#   lint.sh --all      clang-tidy on every source file
#   lint.sh --base REV files changed since REV
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
cd -- "$root"
build_folder=build/release

# On main itself there is nothing to compare with: the newest commits stand for "changed", and no more than this many
# files, so that a continuous run stays within minutes on two cores. --all looks at the rest.
readonly last_commits=5
readonly tidy_limit=12

tidy_scope=changed
base=
case ${1:-} in
  --all) tidy_scope=all ;;
  --base) base=${2:?--base needs a revision} ;;
  '') ;;
  *)
    echo "usage: lint.sh [--all | --base REV]" >&2
    exit 2
    ;;
esac

# A checkout that belongs to another user (a container's mount) is read, never written: git need not be afraid of it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'

if [ -n "$base" ] && ! git rev-parse --verify --quiet "$base^{commit}" >/dev/null; then
  echo "lint: --base $base: no such revision" >&2
  exit 2
fi

failures=()
# check NAME COMMAND...: runs it, says how it went and how long it took; a failure does not stop the others.
check() {
  local name=$1 began=$SECONDS
  shift
  if "$@"; then
    printf 'lint: %-14s ok, %d s\n' "$name" $((SECONDS - began))
  else
    printf 'lint: %-14s FAILED, %d s\n' "$name" $((SECONDS - began))
    failures+=("$name")
  fi
}

# files PATTERN...: existing files of the checkout, tracked or new but not ignored, NUL-separated.
files() {
  local file
  git ls-files -z --cached --others --exclude-standard -- "$@" | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done
}

shell_scripts() {
  files '*.sh' '*.bash'
  local file
  files | while IFS= read -r -d '' file; do
    case $file in *.sh | *.bash) continue ;; esac
    if head -n 1 -- "$file" | grep -qaE '^#!.*[ /](ba|da)?sh\b'; then printf '%s\0' "$file"; fi
  done
}

changed_sources() {
  local merge_base
  {
    git diff -z --name-only HEAD -- '*.cpp'
    git ls-files -z --others --exclude-standard -- '*.cpp'
    if [ -n "$base" ]; then
      git diff -z --name-only "$base" HEAD -- '*.cpp'
    elif merge_base=$(git merge-base HEAD origin/main 2>/dev/null) && [ "$merge_base" != "$(git rev-parse HEAD)" ]; then
      git diff -z --name-only "$merge_base" HEAD -- '*.cpp'
    else
      git log -z -n "$last_commits" --name-only --format= -- '*.cpp' | sed -zn "1,${tidy_limit}p"
    fi
  } | LC_ALL=C sort -zu
}

tidy_sources() {
  if [ "$tidy_scope" = all ]; then files '*.cpp'; else changed_sources; fi | while IFS= read -r -d '' file; do
    # What the build does not compile (a fuzzer's entry, say) has no command line that clang-tidy could use.
    if [ -f "$file" ] && grep -qF "\"file\": \"$root/$file\"" "$build_folder/compile_commands.json"; then
      printf '%s\0' "$file"
    fi
  done
}

run_clang_format() { files '*.cpp' '*.hpp' | xargs -0r clang-format-14 --dry-run -Werror; }
run_shellcheck() { shell_scripts | xargs -0r shellcheck -x -P SCRIPTDIR -P "$root"; }
run_python() {
  files '*.py' | xargs -0r /usr/bin/python3 -m pyflakes &&
    files '*.py' | xargs -0r /usr/bin/python3 -c 'import ast, sys; [ast.parse(open(f, "rb").read(), f) for f in sys.argv[1:]]'
}
run_codespell() { files ':!*.json' ':!*.jsonl' ':!*.gz' ':!*.xz' ':!*.po' ':!LICENSE' ':!tests/fuzz/corpus' | xargs -0r codespell; }
run_house_rules() { /usr/bin/python3 scripts/lint/house_rules.py; }
run_translations() { bash po/check.sh; }
# Help, man page and completions name the same options: the test that reads all three is part of the lint.
run_interface() { HFAUTH_BIN="$root/$build_folder/bin" HFAUTH_SOURCE="$root" /usr/bin/python3 tests/cli/interface_test.py 2>&1 | tail -n 30; }
run_clang_tidy() {
  local count
  count=$(tidy_sources | tr -dc '\0' | wc -c)
  echo "lint: clang-tidy reads $count file(s)"
  # The compile commands are g++'s: clang cannot read its precompiled headers, and what it does not know is no finding.
  mkdir -p build/lint
  sed -E 's/-Winvalid-pch -include [^ "]+cmake_pch\.hxx//' "$build_folder/compile_commands.json" >build/lint/compile_commands.json
  tidy_sources | xargs -0r -n 1 -P "$(nproc)" clang-tidy-14 -p build/lint --quiet --warnings-as-errors='*' \
    --extra-arg=-Wno-unknown-warning-option 2> >(grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed ' >&2)
}

check clang-format run_clang_format
check shellcheck run_shellcheck
check python run_python
check codespell run_codespell
check house-rules run_house_rules
check translations run_translations
check interface run_interface
check clang-tidy run_clang_tidy

if [ "${#failures[@]}" -gt 0 ]; then
  echo "lint: failed: ${failures[*]}" >&2
  exit 1
fi
echo "lint: all good"
