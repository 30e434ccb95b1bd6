#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Collects the translatable texts of the sources into po/hfauth.pot and merges them into each language.
# Then translate what `msgattrib --untranslated` and `msgattrib --only-fuzzy` show; po/check.sh must be silent.
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files --cached --others --exclude-standard -- 'lib/*.cpp' 'lib/*.hpp' 'cli/*.cpp' 'cli/*.hpp' 'daemon/*.cpp' 'tokenizer/*.cpp' |
  LC_ALL=C sort |
  xgettext --files-from=- --output=po/hfauth.pot --language=C++ --from-code=UTF-8 --keyword --keyword=tr --keyword=tr_later \
    --package-name=hfauth --copyright-holder='the hfauth authors' --no-location --sort-output
# The date would make every run a change.
sed -i '/^"POT-Creation-Date:/d' po/hfauth.pot

for catalogue in po/*.po; do
  msgmerge --quiet --update --backup=none --no-wrap --no-location --sort-output "$catalogue" po/hfauth.pot
done
