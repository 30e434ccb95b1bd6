# SPDX-License-Identifier: Apache-2.0
#
# A keyring that is locked, on a machine without a display: every answer is Locked, at once, and nobody is ever asked for a
# password. Runs itself inside with_keyring.sh, which leaves a mark for each prompter that is started.
"""Part of the reliability plan (plan.py)."""

import os
import subprocess
import time

from context import WITH_KEYRING, Place
from running_agent import AGENT

ID = "R11"
TITLE = "a locked keyring"


def run(context):
    calls = context.rounds(quick=200, full=10_000)
    told = subprocess.run([WITH_KEYRING, "/usr/bin/python3", os.path.abspath(__file__), str(calls)], capture_output=True, text=True,
                          timeout=900, check=False, env={**os.environ, "WITH_KEYRING_LOCKED": "1"})
    if told.returncode != 0:
        raise AssertionError(told.stderr)
    locked, slowest, prompts = told.stdout.split()
    context.row(f"{calls:,} GetToken", "Locked each time, <= 200 ms", f"{int(locked):,}, slowest {float(slowest):.0f} ms",
                int(locked) == calls and context.within(float(slowest), 200))
    context.row("prompts on the bus meanwhile", "0", prompts, prompts == "0")


def inside(calls):
    place = Place()
    agent = place.start(store="secret-service", environment={"DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]})
    client = agent.connect()
    client.call("Status")
    locked, slowest = 0, 0.0
    for _ in range(calls):
        began = time.monotonic()
        answer = client.call("GetToken")
        slowest = max(slowest, time.monotonic() - began)
        locked += answer.get("error") == AGENT + "Locked"
    place.end()
    with open(os.environ["WITH_KEYRING_PROMPTS"], encoding="utf-8") as marks:
        print(locked, slowest * 1000, len(marks.readlines()))


if __name__ == "__main__":
    import sys

    inside(int(sys.argv[1]))
