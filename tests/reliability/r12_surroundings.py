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
from failing_calls import Faults
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


# Stores a token as a program of the user does, and prints the answer.
ADD = r"""
import json, socket, sys
one = socket.socket(socket.AF_UNIX)
one.settimeout(20)
one.connect(sys.argv[1])
one.sendall(sys.stdin.buffer.read() + b"\0")
answer = b""
while not answer.endswith(b"\0"):
    data = one.recv(65536)
    if not data:
        break
    answer += data
print(answer[:-1].decode())
"""


def add_as(user, place):
    call = {"method": "org.hfauth.Agent.Add", "parameters": {
        "profile": "alice", "endpoint": "https://huggingface.co", "kind": "user", "user": "ada", "role": "read", "display_name": "",
        "scopes": [], "orgs": [], "token": TOKEN}}
    prefix = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"] if user else []
    told = subprocess.run([*prefix, "/usr/bin/python3", "-c", ADD, os.path.join(place.runtime, "hfauth", "agent.sock")], capture_output=True,
                          input=json.dumps(call).encode(), timeout=60, check=True, cwd="/")
    return json.loads(told.stdout)


def refuses(context, name, place, environment, causes, user=None):
    """There is an agent, and who wants to store something is told in one line why that cannot be."""
    told, seconds = ask(place, environment, ["list"], user)
    answer = add_as(user, place)
    status = json.loads(ask(place, environment, ["status", "--json"], user)[0].stdout)
    ask(place, environment, ["shutdown"], user)
    why = answer.get("parameters", {})
    good = (status.get("running", False) and answer.get("error", "").endswith("StoreUnavailable") and why["cause"] in causes
            and "\n" not in why["reason"] and plain_text_in(place.root) is None and context.within(seconds, MOST_SECONDS))
    context.row(name, "an agent, <= 1.5 s; a store refused in one line", f"status {told.returncode} in {seconds:.2f} s; {why.get('cause')}: "
                + shortened([why.get("reason", str(answer))], place), good)


class MountedHome:
    """The place's home on a small file system of its own."""

    def __init__(self, place):
        self.home = place.home

    def __enter__(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "none", self.home], check=True)
        return self

    def make_read_only(self):
        subprocess.run(["mount", "-o", "remount,ro", self.home], check=True)

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.home], check=True)


class EmptyBus:
    """A session bus on which nobody offers a keyring, and nobody can be started."""

    def __init__(self, place):
        self.config = os.path.join(place.root, "bus.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"<busconfig><type>session</type><listen>unix:dir={place.root}</listen><policy context='default'>"
                       "<allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>")

    def __enter__(self):
        self.bus = subprocess.Popen(["dbus-daemon", "--nofork", "--config-file", self.config, "--print-address"], stdout=subprocess.PIPE, text=True)
        return self.bus.stdout.readline().strip()

    def __exit__(self, *_):
        self.bus.kill()
        self.bus.communicate()


def unwritable_homes(context):
    place = context.place()
    for folder in (place.root, place.runtime):
        os.chown(folder, NOBODY, NOBODY)
    os.chmod(place.home, 0o555)
    refuses(context, "a home that cannot be written", place, place.environment(), ("permission",), NOBODY)
    place = context.place()
    with MountedHome(place) as home:
        home.make_read_only()
        refuses(context, "a home that is mounted read-only", place, place.environment(), ("permission", "io"))
    place = context.place()
    with MountedHome(place):
        falls_back(context, "a home in memory (tmpfs)", place, place.environment())


def no_locked_memory(context):
    """What cannot be kept from swap is used all the same, and status says so."""
    place = context.place()
    for folder in (place.root, place.home, place.runtime):
        os.chown(folder, NOBODY, NOBODY)
    began = time.monotonic()
    told = subprocess.run(["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "prlimit", "--memlock=0:0",
                           os.path.join(BIN, "hfauth"), "list"], env=place.environment(), capture_output=True, text=True, timeout=60, check=False, cwd="/")
    seconds = time.monotonic() - began
    status = json.loads(ask(place, place.environment(), ["status", "--json"], NOBODY)[0].stdout)
    ask(place, place.environment(), ["shutdown"], NOBODY)
    level = status.get("memory_protection", "")
    context.row("no memory may be locked (RLIMIT_MEMLOCK 0)", "an agent that says so, <= 1.5 s", f"status {told.returncode} in {seconds:.2f} s, memory {level}",
                told.returncode == 0 and level not in ("", "locked") and context.within(seconds, MOST_SECONDS))


def run(context):
    place = context.place()
    falls_back(context, "no session bus", place, place.environment())
    place = context.place()
    falls_back(context, "a bus address that leads nowhere", place, place.environment(DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere/bus"))
    place = context.place()
    with EmptyBus(place) as address:
        falls_back(context, "a bus without a keyring", place, place.environment(DBUS_SESSION_BUS_ADDRESS=address))
    place = context.place()
    falls_back(context, "WSL without a bus", place, place.environment(WSL_DISTRO_NAME="Debian", WSL_INTEROP="/run/WSL/1_interop"))
    place = context.place()
    faults = Faults(place)
    faults.set(locks=1)
    place.start(store="vault", environment=faults.environment)  # commands start it without the variables
    refuses(context, "no file can be locked, as on NFS without its lock service", place, place.environment(), ("io", "unsupported"))
    if os.geteuid() == 0:
        place = context.place()
        for folder in (place.root, place.home, place.runtime):
            os.chown(folder, NOBODY, NOBODY)
        falls_back(context, "user 65534, in a container's manner", place, place.environment(), NOBODY)
        unwritable_homes(context)
        no_locked_memory(context)
        place = context.place()
        for folder in (place.root, place.home, place.runtime):
            os.chown(folder, NOBODY, NOBODY)
        falls_back(context, "no XDG_RUNTIME_DIR", place, without(place, "XDG_RUNTIME_DIR"), NOBODY)
    place = context.place()
    told, seconds = ask(place, {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": place.runtime, "XDG_DATA_HOME": place.home, "XDG_STATE_HOME": place.home,
                                "XDG_CONFIG_HOME": place.home}, ["list"])
    ask(place, {"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": place.runtime}, ["shutdown"])
    context.row("no HOME", "found by the user's entry, <= 1.5 s", f"status {told.returncode} in {seconds:.2f} s", told.returncode == 0 and context.within(seconds, MOST_SECONDS))
