# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Set-up of a machine, sourced by ./dev: compares scripts/packages.txt with what dpkg knows and installs what is missing
# in one apt-get call. Without root and without sudo it prints the line to run and changes nothing.
: "${root:?is set by ./dev, which sources this file}"

# Prints the packages of the given sets (build test lint ...), each once.
packages_of() {
  local sets=" $* "
  awk -v sets="$sets" '!/^ *(#|$)/ && index(sets, " " $2 " ") && !seen[$1]++ { print $1 }' "$root/scripts/packages.txt"
}

# Prints those of the given packages that are not installed.
missing_of() {
  local installed
  # db:Status-Status is "installed" only for a complete installation; an unknown name is a message on stderr.
  installed=$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    awk '$2 == "installed" { print $1 }') || true
  comm -23 <(printf '%s\n' "$@" | LC_ALL=C sort) <(printf '%s\n' "$installed" | LC_ALL=C sort)
}

# True if apt has a candidate for every given package; false means that the lists are absent or too old.
all_known_to_apt() {
  local known
  known=$(LC_ALL=C apt-cache policy "$@" 2>/dev/null | grep -c '^  Candidate: [^(]') || true
  [ "$known" -eq "$#" ]
}

system_name() {
  # shellcheck disable=SC1091  # the file belongs to the system
  (. /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME:-an unknown system}") || printf 'an unknown system'
}

# setup SET...: makes sure that the packages of these sets are there, or ends the script with what to do.
setup() {
  if [ "${HFAUTH_DEV_NO_SETUP:-}" = 1 ]; then
    return
  fi
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    die "this is $(system_name), without apt-get: ./dev installs packages on Debian 12 only." \
      "Install what scripts/packages.txt lists by your system's own names, then: HFAUTH_DEV_NO_SETUP=1 ./dev ..."
  fi
  local wanted missing
  mapfile -t wanted < <(packages_of "$@")
  mapfile -t missing < <(missing_of "${wanted[@]}")
  if [ "${#missing[@]}" -eq 0 ]; then
    return
  fi
  refuse_old_boost "${missing[@]}"
  install_packages "${missing[@]}"
}

# libboost1.81-dev and libboost1.74-dev exclude each other: taking one away is the owner's decision.
refuse_old_boost() {
  local old
  case " $* " in *" libboost1.81-dev "*) ;; *) return ;; esac
  old=$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' 'libboost1.*-dev' 2>/dev/null |
    awk '$2 == "installed" && $1 != "libboost1.81-dev" { print $1; exit }') || true
  if [ -n "$old" ]; then
    die "libboost1.81-dev is needed and conflicts with the installed $old; nothing was changed." \
      "Take the old one away if nothing of yours needs it, then run ./dev again:  apt-get remove $old"
  fi
}

install_packages() {
  local install=(apt-get install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 "$@")
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
      as_root=(sudo)
    else
      die "missing packages, and neither root nor sudo is at hand; nothing was changed. Run as root, then ./dev again:" \
        "  apt-get update && apt-get install -y --no-install-recommends $*"
    fi
  fi
  say "installing: $*"
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  # The lists are fetched only when apt does not know a package, or when a download fails because they are old.
  # apt-get downloads everything before it unpacks anything, so a failed download leaves nothing half done.
  if ! all_known_to_apt "$@"; then
    "${as_root[@]}" apt-get update >&2 || die "apt-get update failed: see above (is the network up?)"
    all_known_to_apt "$@" || die_unknown_packages "$@"
  elif "${as_root[@]}" "${install[@]}" >&2; then
    return
  else
    "${as_root[@]}" apt-get update >&2 || die "apt-get update failed: see above (is the network up?)"
  fi
  "${as_root[@]}" "${install[@]}" >&2 || die "apt-get could not install them: see above"
}

die_unknown_packages() {
  local name unknown=()
  for name in "$@"; do
    all_known_to_apt "$name" || unknown+=("$name")
  done
  die "this is $(system_name), whose package sources do not have: ${unknown[*]}" \
    "hfauth is built on Debian 12 (bookworm); on another release install their equivalents (Boost 1.81 or newer)," \
    "then: HFAUTH_DEV_NO_SETUP=1 ./dev ..."
}
