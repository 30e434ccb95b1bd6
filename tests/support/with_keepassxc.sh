#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs a command beside a real KeePassXC as the provider of the Secret Service, on a D-Bus session of its own, in a scratch
# home, without a display: an open database whose root group is exposed, and no question at an access. Exit status: the
# command's; 77 if a program is missing here (1 with HFAUTH_REQUIRE_ALL=1).
#   with_keepassxc.sh COMMAND...
# A database is exposed by a value in it (FDO_SECRETS_EXPOSED_GROUP, KeePassXC's FdoSecretsSettings) that only its dialog sets,
# so the database is written as XML, given the value, and read in again.
set -eu
name=org.freedesktop.secrets
password=hfauth-tests

if [ "${1:-}" = --inside ]; then
  shift
  printf '%s\n' "$password" | keepassxc --pw-stdin "$HOME/tokens.kdbx" >"$HOME/log" 2>&1 &
  provider=$!
  for _ in $(seq 1 200); do
    # First the name comes, then the database, which is locked for a moment.
    case $(gdbus call --session -d "$name" -o /org/freedesktop/secrets/aliases/default -m org.freedesktop.DBus.Properties.Get \
      org.freedesktop.Secret.Collection Locked 2>&1) in
      *false*) break ;;
    esac
    sleep 0.05  # lint:allow(no-sleep) polls the bus, up to 10 s
  done
  status=0
  "$@" || status=$?
  kill -9 "$provider" 2>/dev/null || true  # it does not end on SIGTERM
  exit "$status"
fi

for program in dbus-run-session gdbus keepassxc keepassxc-cli; do
  if ! command -v "$program" >/dev/null; then
    echo "skipped: $program is not installed" >&2
    [ "${HFAUTH_REQUIRE_ALL:-}" = 1 ] && exit 1
    exit 77
  fi
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch/home XDG_RUNTIME_DIR=$scratch/run
export XDG_DATA_HOME=$HOME/.local/share XDG_CONFIG_HOME=$HOME/.config XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache
mkdir -p "$XDG_CONFIG_HOME/keepassxc" "$XDG_CACHE_HOME" "$XDG_DATA_HOME/dbus-1/services"
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
export QT_QPA_PLATFORM=offscreen
# No other provider may be started in its place.
printf '[D-BUS Service]\nName=%s\nExec=/bin/false\n' "$name" >"$XDG_DATA_HOME/dbus-1/services/$name.service"
printf '%s\n' '[FdoSecrets]' Enabled=true ConfirmAccessItem=false ConfirmDeleteItem=false ShowNotification=false \
  '[General]' ConfigVersion=2 UpdateCheckMessageShown=true '[GUI]' CheckForUpdates=false >"$XDG_CONFIG_HOME/keepassxc/keepassxc.ini"

{
  printf '%s\n%s\n' "$password" "$password" | keepassxc-cli db-create -q -p "$scratch/empty.kdbx"
  printf '%s\n' "$password" | keepassxc-cli export -q -f xml "$scratch/empty.kdbx" >"$scratch/empty.xml"
} 2>/dev/null
/usr/bin/python3 - "$scratch/empty.xml" "$scratch/exposed.xml" <<'PYTHON'
import base64, re, sys, uuid
with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
group = uuid.UUID(bytes=base64.b64decode(re.search(r"<Group>\s*<UUID>([^<]+)</UUID>", text).group(1)))
item = f"<Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{group}}}</Value></Item>"
meta, rest = text.split("</Meta>", 1)
if "<CustomData>" in meta:
    meta = meta.replace("<CustomData>", "<CustomData>" + item, 1)
else:
    meta = meta.replace("<CustomData/>", "") + f"<CustomData>{item}</CustomData>"
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(meta + "</Meta>" + rest)
PYTHON
printf '%s\n%s\n' "$password" "$password" | keepassxc-cli import -q -p "$scratch/exposed.xml" "$HOME/tokens.kdbx" 2>/dev/null

status=0
dbus-run-session -- "$0" --inside "$@" || status=$?
exit "$status"
