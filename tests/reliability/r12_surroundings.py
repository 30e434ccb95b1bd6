# SPDX-License-Identifier: Apache-2.0
#
# Machines that lack something: the agent starts within 1.5 s (the probe of a keyring may take that long), takes what there
# is, says in one line why it did not take more, and never falls back to plain text.
"""Part of the reliability plan (plan.py)."""

import json
import os
import subprocess
import time

from context import BIN
from running_agent import TOKEN, Connection

ID = "R12"
TITLE = "machines that lack something"

NOBODY = 65534
MOST_SECONDS = 1.5


def ask(place, environment, command, user=None):
    prefix = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"] if user else []
    began = time.monotonic()
    told = subprocess.run([*prefix, os.path.join(BIN, "hfauth"), *command], env=environment, capture_output=True, text=True, timeout=60,
                          check=False, input=TOKEN, cwd="/")
    return told, time.monotonic() - began


def plain_text_in(folder):
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                with open(os.path.join(path, name), "rb") as file:
                    if TOKEN.encode() in file.read():
                        return os.path.join(path, name)
            except OSError:
                pass
    return None


def without(place, *names, **more):
    environment = {name: value for name, value in place.environment(**more).items() if name not in names}
    return environment


def falls_back(context, name, place, environment, user=None):
    """The first command that needs the agent is fast; status names the vault and why not the keyring."""
    told, seconds = ask(place, environment, ["list"], user)
    if user is None:
        Connection(os.path.join(place.runtime, "hfauth", "agent.sock")).add("alice")
    status = json.loads(ask(place, environment, ["status", "--json"], user)[0].stdout)
    ask(place, environment, ["shutdown"], user)
    reasons = [refusal["reason"] for refusal in status.get("refusals", [])]
    leaked = plain_text_in(place.root)
    good = (told.returncode == 0 and status.get("store") == "vault" and context.within(seconds, MOST_SECONDS) and leaked is None and len(reasons) == 1
            and "\n" not in reasons[0])
    context.row(name, "vault, one reason, <= 1.5 s", f"{status.get('store', told.stderr.strip())} in {seconds:.2f} s: {shortened(reasons, place)}", good)


def shortened(reasons, place):
    return "; ".join(reasons).replace(place.root, "…")[:110]


def read_only_home(context):
    """Nothing can be stored, which is said when somebody tries; no agent is lost over it."""
    place = context.place()
    for folder in (place.root, place.runtime):
        os.chown(folder, NOBODY, NOBODY)
    os.chmod(place.home, 0o555)
    told, seconds = ask(place, place.environment(), ["list"], NOBODY)
    status = json.loads(ask(place, place.environment(), ["status", "--json"], NOBODY)[0].stdout)
    ask(place, place.environment(), ["shutdown"], NOBODY)
    context.row("a home that cannot be written", "an agent that says so, <= 1.5 s", f"status {told.returncode} in {seconds:.2f} s, store {status.get('store_state', '')}",
                context.within(seconds, MOST_SECONDS) and status.get("running", False))


def run(context):
    place = context.place()
    falls_back(context, "no session bus", place, place.environment())
    place = context.place()
    falls_back(context, "a bus address that leads nowhere", place, place.environment(DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere/bus"))
    place = context.place()
    falls_back(context, "WSL without a bus", place, place.environment(WSL_DISTRO_NAME="Debian", WSL_INTEROP="/run/WSL/1_interop"))
    if os.geteuid() == 0:
        place = context.place()
        for folder in (place.root, place.home, place.runtime):
            os.chown(folder, NOBODY, NOBODY)
        falls_back(context, "user 65534, in a container's manner", place, place.environment(), NOBODY)
        read_only_home(context)
        place = context.place()
        for folder in (place.root, place.home, place.runtime):
            os.chown(folder, NOBODY, NOBODY)
        falls_back(context, "no XDG_RUNTIME_DIR", place, without(place, "XDG_RUNTIME_DIR"), NOBODY)
    place = context.place()
    told, seconds = ask(place, {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": place.runtime, "XDG_DATA_HOME": place.home, "XDG_STATE_HOME": place.home,
                                "XDG_CONFIG_HOME": place.home}, ["list"])
    ask(place, {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": place.runtime}, ["shutdown"])
    context.row("no HOME", "found by the user's entry, <= 1.5 s", f"status {told.returncode} in {seconds:.2f} s", told.returncode == 0 and context.within(seconds, MOST_SECONDS))
