#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` puts below a prefix of the user's choice works from there: each program finds its modules, its
# agent and its translations by its own place, and nothing of the build folder is needed. HFAUTH_BUILD is that folder.
set -euo pipefail
build=${HFAUTH_BUILD:?the build folder}
prefix=$(mktemp -d "${TMPDIR:-/tmp}/hfauth-prefix.XXXXXX")
trap 'rm -rf -- "$prefix"' EXIT
cmake --install "$build" --prefix "$prefix" >/dev/null
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
HFAUTH_BIN=$prefix/bin HFAUTH_PREFIX=$prefix bash "$here/installed_use.sh"
