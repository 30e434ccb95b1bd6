# SPDX-License-Identifier: Apache-2.0
#
# The unit's sandbox: what systemd finds of it, and whether the agent ever makes a system call that the unit's filter
# refuses, while it does everything that it can do with both stores. (The booted container of tests/systemd runs it for real.)
"""Part of the reliability plan (plan.py)."""

import os
import re
import shutil
import subprocess
import sys

from context import BIN, BUILD, WITH_KEYRING, Place

ID = "R22"
TITLE = "the unit's sandbox"

MOST_EXPOSED = 1.5


def unit_text():
    with open(os.path.join(BUILD, "systemd", "hfauthd.service"), encoding="utf-8") as file:
        return file.read()


def exposure(place):
    path = os.path.join(place.root, "hfauthd.service")
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=" + os.path.join(BIN, "hfauthd"), unit_text()))
    told = subprocess.run(["systemd-analyze", "security", "--user", "--offline=yes", path], capture_output=True, text=True, check=False,
                          env={"PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": place.runtime})
    return float(re.search(r"exposure level for \S+: ([0-9.]+)", told.stdout).group(1))


def members(name):
    told = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    names = set()
    for word in re.findall(r"(?m)^\s+(@?[a-z0-9_-]+)$", told):
        names |= members(word) if word.startswith("@") else {word}
    return names


def allowed():
    names = set()
    for line in re.findall(r"(?m)^SystemCallFilter=(.*)$", unit_text()):
        taken_away = line.startswith("~")
        for word in line.lstrip("~").split():
            group = members(word) if word.startswith("@") else {word}
            names = names - group if taken_away else names | group
    return names


def work(store, **environment):
    """Everything, under strace; the names of the system calls."""
    place = Place()
    trace = os.path.join(place.root, "trace")
    agent = place.start(store=store, prefix=("strace", "-f", "-qq", "-o", trace), environment=environment)
    client = agent.connect()
    client.add("alice")
    client.add("bob", refresh="hf_" + "TestToken" + "Rx" * 12)
    for method, parameters in (("GetToken", {}), ("List", {}), ("Status", {}), ("SetDefault", {"profile": "bob"}), ("OpenLease", {"seconds": 60}),
                               ("CloseLease", {}), ("BeginRefresh", {"profile": "bob", "force": True}), ("Lock", {}), ("Unlock", {}),
                               ("Remove", {"profile": "alice"})):
        client.call(method, **parameters)
    os.unlink(agent.path)
    client.call("Shutdown")
    agent.wait()
    with open(trace, encoding="utf-8", errors="replace") as file:
        # From the program's own start on: before it, the one that starts it.
        names = {match.group(1) for line in file if (match := re.match(r"\d+ +([a-z0-9_]+)\(", line))}
    place.end()
    return names


def run(context):
    score = exposure(context.place())
    context.row("exposure of hfauthd.service (systemd-analyze security)", f"<= {MOST_EXPOSED}", f"{score:.1f}", score <= MOST_EXPOSED)
    if shutil.which("strace") is None:
        raise AssertionError("strace is not installed")
    used = work("vault")
    told = subprocess.run([WITH_KEYRING, "/usr/bin/python3", os.path.abspath(__file__)], capture_output=True, text=True, timeout=300, check=False)
    used |= set(told.stdout.split())
    outside = used - allowed()
    context.row("system calls outside of the unit's filter, vault and keyring", "0", ", ".join(sorted(outside)) or f"0 of {len(used)} used",
                not outside and told.returncode == 0)


if __name__ == "__main__":
    print(*work("secret-service", DBUS_SESSION_BUS_ADDRESS=os.environ["DBUS_SESSION_BUS_ADDRESS"]))
    sys.exit(0)
