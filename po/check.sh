#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Fails if a translatable text is untranslated or fuzzy, if a {} place differs between a text and its translation, or if
# the sources hold a text that po/hfauth.pot does not.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git ls-files --cached --others --exclude-standard -- 'lib/*.cpp' 'lib/*.hpp' 'cli/*.cpp' 'cli/*.hpp' 'daemon/*.cpp' 'tokenizer/*.cpp' |
  LC_ALL=C sort |
  xgettext --files-from=- --output="$work/now.pot" --language=C++ --from-code=UTF-8 --keyword --keyword=tr --keyword=tr_later \
    --no-location --sort-output
failed=0
for catalogue in po/*.po; do
  if ! msgcmp "$catalogue" "$work/now.pot" 2> "$work/missing"; then
    echo "$catalogue is not complete; run po/update.sh and translate:" >&2
    head -40 "$work/missing" >&2
    failed=1
  fi
  python3 - "$catalogue" <<'PYTHON' || failed=1
import re, subprocess, sys
# One entry a line pair, without wrapping.
text = subprocess.run(["msgcat", "--no-wrap", sys.argv[1]], capture_output=True, text=True, check=True).stdout
bad = 0
for source, target in re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, re.M):
    want, have = (re.findall(r"\{[0-9a-z_]*(?::[^}]*)?\}", text) for text in (source, target))
    # Unnumbered places are filled in their order, so they stay as they are; numbered ones may change places.
    numbered = all(re.match(r"\{[0-9]", place) for place in want)
    if {*want} != {*have} if numbered else want != have:
        print(f"{sys.argv[1]}: places differ: {source!r} -> {target!r}", file=sys.stderr)
        bad = 1
sys.exit(bad)
PYTHON
done
exit "$failed"
