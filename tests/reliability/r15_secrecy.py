# SPDX-License-Identifier: Apache-2.0
#
# A canary for a token: after a thousand operations it is in guarded memory alone, after a lock nowhere; no core, no debugger
# of the same user, not in the log, in argv or in an environment. Searched by root, in pieces of 16 bytes of the canary too:
# a copy that was half overwritten counts.
"""Part of the reliability plan (plan.py)."""

import errno
import os
import shutil
import signal
import subprocess

from context import WITH_KEYRING, Place

ID = "R15"
TITLE = "a canary token in the agent's memory"

CANARY = "hf_" + "CanaryWord" + "Zq" * 12
PIECES = {CANARY[at:at + 16].encode() for at in range(0, len(CANARY) - 15)} - {b"Zq" * 8, b"qZ" * 8}
NOBODY = 65534


def findings(pid):
    """The kinds of mapping with a piece of the canary in them: guarded (mlocked pages of libsodium) or else."""
    found = []
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as file:
        blocks = file.read()
    current, mappings = None, []
    for line in blocks.splitlines():
        words = line.split()
        if "-" in words[0] and not words[0].endswith(":"):
            low, high = (int(part, 16) for part in words[0].split("-"))
            current = [low, high, words[1], words[5] if len(words) > 5 else "anonymous", False]
            mappings.append(current)
        elif words[0] == "VmFlags:":
            current[4] = "dd" in words  # not dumped: what libsodium marks
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for low, high, modes, name, guarded in mappings:
            if "r" not in modes or high > 1 << 47:
                continue
            try:
                memory.seek(low)
                content = memory.read(high - low)
            except OSError as failure:
                if failure.errno not in (errno.EIO, errno.EFAULT):
                    raise
                continue
            if any(piece in content for piece in PIECES):
                found.append("guarded" if guarded else name)
    return found


def work(agent, operations):
    """Every method that has a token in its hands, on connections that stay and on new ones; some that break off."""
    kept = agent.connect()
    kept.add("alice", token=CANARY)
    kept.add("bob", token=CANARY, refresh=CANARY)
    for number in range(operations):
        client = kept if number % 3 else agent.connect()
        if number % 50 == 0:
            client.add("alice", token=CANARY, replace=True)
        elif number % 50 == 1:
            broken = agent.connect()
            broken.send(b'{"method":"org.hfauth.Agent.Add","parameters":{"token":"' + CANARY.encode())
        elif number % 10 == 3:
            client.call("OpenLease", profile="bob")
        elif number % 10 == 4:
            client.call("BeginRefresh", profile="bob", force=True)
        else:
            client.call("GetToken", profile="alice")
    kept.call("AbandonRefresh", profile="bob", generation=1)
    return kept


def search(context, name, agent, operations):
    client = work(agent, operations)
    open_places = [place for place in findings(agent.process.pid) if place != "guarded"]
    seen = bool(findings(agent.process.pid))
    locked = client.call("Lock")
    left = findings(agent.process.pid)
    context.row(f"{operations:,} operations, {name}: where the canary is", "guarded memory alone",
                ", ".join(open_places) or ("guarded memory alone" if seen else "not found at all"), seen and not open_places)
    context.row(f"the same, after Lock ({name})", "nowhere", ", ".join(left) or "nowhere", "error" not in locked and not left)
    log = agent.log_text()
    context.row(f"the same, in the log ({name})", "0", str(log.count("CanaryWord")), "CanaryWord" not in log)


def debugger(context):
    """As another user than root, whom nothing holds back."""
    place = context.place()
    for folder in (place.root, place.home, place.runtime):
        os.chown(folder, NOBODY, NOBODY)
    agent = place.start(prefix=("setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"))
    pid = str(agent.process.pid)
    as_them = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    told = subprocess.run([*as_them, "gdb", "-batch", "-nx", "-p", pid, "-ex", "info registers"], capture_output=True, text=True,
                          timeout=60, check=False, env={"PATH": "/usr/bin:/bin", "HOME": place.home})
    attached = "rip" in told.stdout
    refused = "not permitted" in told.stdout + told.stderr
    context.row("gdb of the same user attaches", "refused", "refused" if refused and not attached else "attached or not tried", refused and not attached)
    with open(f"/proc/{pid}/limits", encoding="utf-8") as limits:
        soft = next(int(line.split()[4]) for line in limits if line.startswith("Max core file size"))
    agent.process.send_signal(signal.SIGABRT)
    agent.process.wait()
    cores = [name for name in os.listdir(os.getcwd()) if name.startswith("core")]
    context.row("a core after SIGABRT", "none", f"none (limit {soft})" if soft == 0 and not cores else "there is one", soft == 0 and not cores)


def in_keyring(context, operations):
    """The same beside a real keyring: libsecret's copies count too. Runs this file inside with_keyring.sh."""
    told = subprocess.run([WITH_KEYRING, "/usr/bin/python3", os.path.abspath(__file__), str(operations)], capture_output=True,
                          text=True, timeout=600, check=False)
    lines = [line.split("\t") for line in told.stdout.splitlines() if line.count("\t") == 3]
    for test, target, measured, ok in lines:
        context.row(test, target, measured, ok == "True")
    if not lines:
        context.row("the same beside a real keyring", "runs", (told.stderr.strip().splitlines() or ["nothing"])[-1], False)


def run(context):
    if not context.is_root(TITLE, "only root can look into its memory"):
        return
    operations = context.rounds(quick=100, full=1000)
    search(context, "vault", context.place().start(store="vault"), operations)
    in_keyring(context, operations)
    if shutil.which("gdb"):
        debugger(context)
    else:
        context.row("gdb of the same user attaches", "refused", "gdb is not installed", False)


class Printed:
    """Stands for the plan's context inside the keyring's session."""

    @staticmethod
    def row(*cells):
        print("\t".join(map(str, cells)))


if __name__ == "__main__":
    import sys

    inside = Place()
    bus = {"DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]}
    search(Printed, "keyring", inside.start(store="secret-service", environment=bus), int(sys.argv[1]))
    inside.end()
