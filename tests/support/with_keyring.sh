#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs a command beside a real gnome-keyring on a D-Bus session of its own, in a scratch home; no display, no systemd,
# root or not. Exit status: the command's; 77 if a program is missing here (1 with HFAUTH_REQUIRE_ALL=1).
#
#   with_keyring.sh COMMAND...            an unlocked login keyring, which is the default collection
#   WITH_KEYRING_LOCKED=1 ...             the same, locked
#   WITH_KEYRING_EMPTY=1 ...              gnome-keyring with no collection but its own `session`
#   WITH_KEYRING_NONE=1 ...               a bus on which nobody provides org.freedesktop.secrets
#   WITH_KEYRING_HOME=DIR ...             DIR instead of a scratch home
#
# Inside, "$WITH_KEYRING" VERB acts on the keyring:
#   --pid      print the provider's process id
#   --lock     lock the login keyring
#   --kill     kill -9 the provider and wait until it has left the bus
#   --start    start gnome-keyring unlocked and wait until it is on the bus
# Each time that anything asks for a prompter, a line is added to the file "$WITH_KEYRING_PROMPTS".
set -eu
self=$(readlink -f "$0")
password=hfauth-tests
name=org.freedesktop.secrets

bus_call() { gdbus call --session -d org.freedesktop.DBus -o /org/freedesktop/DBus -m "org.freedesktop.DBus.$1" "${@:2}"; }

wait_for_owner() {  # true|false
  for _ in $(seq 1 200); do
    bus_call NameHasOwner "$name" | grep -q "$1" && return 0
    sleep 0.05  # lint:allow(no-sleep) polls the bus, up to 10 s
  done
  echo "with_keyring.sh: $name: owner is not $1 after 10 s" >&2
  return 1
}

provider_pid() { bus_call GetConnectionUnixProcessID "$name" | sed 's/^(uint32 //; s/,)$//'; }

start_unlocked() {
  printf %s "$password" | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1
  wait_for_owner true
}

lock_login() {
  gdbus call --session -d "$name" -o /org/freedesktop/secrets -m org.freedesktop.Secret.Service.Lock \
    "[objectpath '/org/freedesktop/secrets/collection/login']" >/dev/null
}

kill_provider() {
  local pid
  pid=$(provider_pid)
  kill -CONT "$pid"
  kill -9 "$pid"
  wait_for_owner false
}

inside() {
  if [ -n "${WITH_KEYRING_EMPTY:-}" ]; then
    gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1
    wait_for_owner true
  elif [ -z "${WITH_KEYRING_NONE:-}" ]; then
    start_unlocked
    [ -z "${WITH_KEYRING_LOCKED:-}" ] || lock_login
  fi
  local status=0
  "$@" || status=$?
  if bus_call NameHasOwner "$name" | grep -q true; then
    kill_provider || true
  fi
  return "$status"
}

case "${1:-}" in
  --pid) provider_pid; exit ;;
  --lock) lock_login; exit ;;
  --kill) kill_provider; exit ;;
  --start) start_unlocked; exit ;;
  --inside) shift; inside "$@"; exit ;;
  "") echo "usage: with_keyring.sh COMMAND..." >&2; exit 2 ;;
esac

for program in dbus-run-session gdbus gnome-keyring-daemon; do
  if ! command -v "$program" >/dev/null; then
    echo "skipped: $program is not installed" >&2
    [ "${HFAUTH_REQUIRE_ALL:-}" = 1 ] && exit 1
    exit 77
  fi
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME=${WITH_KEYRING_HOME:-$scratch/home}
export XDG_RUNTIME_DIR=$scratch/run XDG_DATA_HOME=$HOME/.local/share XDG_CONFIG_HOME=$HOME/.config
export XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache
mkdir -p "$HOME" "$XDG_DATA_HOME/dbus-1/services"
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL SSH_AUTH_SOCK SECRET_BACKEND
export WITH_KEYRING=$self WITH_KEYRING_PROMPTS=$scratch/prompts
: >"$WITH_KEYRING_PROMPTS"

# Our own service files come first in the search, so that every start of a prompter leaves its mark.
for prompter in org.gnome.keyring.SystemPrompter org.gnome.keyring.PrivatePrompter; do
  printf '[D-BUS Service]\nName=%s\nExec=/bin/sh -c "echo %s >>%s; exit 1"\n' "$prompter" "$prompter" "$WITH_KEYRING_PROMPTS" \
    >"$XDG_DATA_HOME/dbus-1/services/$prompter.service"
done

bus_options=()
if [ -n "${WITH_KEYRING_NONE:-}" ]; then
  cat >"$scratch/bus.conf" <<BUS
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=$scratch</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
BUS
  bus_options=(--config-file="$scratch/bus.conf")
fi

status=0
dbus-run-session "${bus_options[@]}" -- "$self" --inside "$@" || status=$?
exit "$status"
