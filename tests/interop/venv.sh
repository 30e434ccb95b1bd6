#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The Python clients of the interop tests, installed below the build folder by the ordinary pip. Prints a path.
#
#   venv.sh python         the interpreter of a virtual environment with requirements.txt
#   venv.sh hub VERSION    a folder to put first on PYTHONPATH: that huggingface_hub, without dependencies
#
# Needs HFAUTH_BUILD. What is there already is reused, whatever runs at the same time. Exit status 77 with the reason if
# the package registry is out of reach (1 with HFAUTH_REQUIRE_ALL=1), 1 for any other failure.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${HFAUTH_BUILD:?the build folder}/interop
mkdir -p "$root"
exec 9>"$root/lock"
flock 9

cannot() { # a reason: this machine lacks something
  if [ "${HFAUTH_REQUIRE_ALL:-}" = 1 ]; then
    echo "cannot run, and HFAUTH_REQUIRE_ALL=1: $1" >&2
    exit 1
  fi
  echo "skipped: $1" >&2
  exit 77
}

pip_install() { # pip's arguments
  local log=$root/pip.log
  if "$root/venv/bin/python" -m pip install --disable-pip-version-check --no-input "$@" >"$log" 2>&1; then
    return 0
  fi
  cat "$log" >&2
  if grep -qiE 'connection broken|could not fetch url|ProxyError|Temporary failure in name resolution|timed out|from versions: none' "$log"; then
    cannot "the Python package registry is out of reach"
  fi
  echo "pip install $* failed" >&2
  exit 1
}

make_venv() {
  local stamp wanted
  stamp=$root/venv/installed
  wanted=$(sha256sum "$here/requirements.txt" | cut -d' ' -f1)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    return 0
  fi
  local python=python3
  if [ -x /usr/bin/python3 ]; then
    python=/usr/bin/python3
  fi
  rm -rf "$root/venv"
  "$python" -m venv "$root/venv" >&2 || cannot "$python cannot make a virtual environment (Debian package python3-venv)"
  pip_install --requirement "$here/requirements.txt"
  echo "$wanted" >"$stamp"
}

case "${1:-}" in
python)
  make_venv
  echo "$root/venv/bin/python"
  ;;
hub)
  version=${2:?a version of huggingface_hub}
  make_venv
  folder=$root/hub/$version
  if [ ! -f "$folder/installed" ]; then
    rm -rf "$folder"
    pip_install --no-deps --target "$folder" "huggingface_hub==$version"
    touch "$folder/installed"
  fi
  echo "$folder"
  ;;
*)
  sed -n '3,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
  ;;
esac
