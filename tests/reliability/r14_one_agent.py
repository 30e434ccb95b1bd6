# SPDX-License-Identifier: Apache-2.0
#
# A hundred programs that all find no agent and start one at once; and sockets and folders that go away or are not ours.
"""Part of the reliability plan (plan.py)."""

import os
import subprocess

from context import BIN, wait_until

ID = "R14"
TITLE = "exactly one agent"

HFAUTH = os.path.join(BIN, "hfauth")
CROWD = 100


def agents_in(place):
    """The agents of this runtime folder that live, by the environment that they were started with."""
    wanted = f"XDG_RUNTIME_DIR={place.runtime}".encode()
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/cmdline", "rb") as words, open(f"/proc/{name}/environ", "rb") as environment:
                if os.path.basename(words.read().split(b"\0")[0]) == b"hfauthd" and wanted in environment.read().split(b"\0"):
                    found.append(int(name))
        except OSError:
            pass
    return found


def storm(place):
    """How many of a hundred commands that need an agent failed."""
    running = [subprocess.Popen([HFAUTH, "list"], env=place.environment(HFAUTH_STORE="memory"), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL) for _ in range(CROWD)]
    return sum(process.wait(timeout=120) != 0 for process in running)


def autospawns(context):
    rounds = context.rounds(quick=1, full=50)
    wrong = failures = 0
    for _ in range(rounds):
        place = context.place()
        failures += storm(place)
        # One that found another at work is on its way out.
        wait_until(lambda: len(agents_in(place)) <= 1, "the end of the superfluous agents")
        wrong += len(agents_in(place)) != 1
        place.end()
        context.places.remove(place)
    context.row(f"{CROWD} programs start an agent at once, {rounds} times", "one agent each time, 0 failures",
                f"one in {rounds - wrong} of {rounds}, {failures} failures", wrong == 0 and failures == 0)


def places(context):
    place = context.place()
    agent = place.start()
    slowest = 0.0
    for _ in range(context.rounds(quick=3, full=50)):
        before = os.lstat(agent.path).st_ino
        os.unlink(agent.path)
        slowest = max(slowest, wait_until(lambda old=before: os.path.exists(agent.path) and os.lstat(agent.path).st_ino != old, "the socket"))
    folder = os.path.dirname(agent.path)
    os.rename(folder, folder + ".gone")
    slowest = max(slowest, wait_until(lambda: os.path.exists(agent.path), "the folder and the socket"))
    context.row("the socket or its folder is deleted", "back within 1 s", f"{slowest * 1000:.0f} ms at worst", slowest < 1, timed=True)

    linked = context.place()
    os.symlink("/tmp", os.path.join(linked.runtime, "hfauth"))
    try:
        linked.start()
        refused = "not refused"
    except AssertionError as failure:
        refused = str(failure)
    context.row("a linked runtime folder", "refused", "refused" if "ERROR" in refused else refused, "ERROR" in refused)


def run(context):
    autospawns(context)
    places(context)
