# SPDX-License-Identifier: Apache-2.0
#
# Ten days in a minute: hfauthd's own parts with a clock that obeys (simulation.cpp), a token that is due every six hours, 32
# clients that race for each turn to refresh it, a machine that sleeps for hours.
"""Part of the reliability plan (plan.py)."""

import json
import subprocess

from context import SIMULATION

ID = "R13"
TITLE = "ten simulated days of refreshes"


def run(context):
    days = context.rounds(quick=2, full=10)
    told = subprocess.run([SIMULATION, "days", str(days)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    seen = json.loads(told)
    context.row(f"{days} simulated days, {seen['refreshes']} times due, 32 clients that race", "one turn each time, never late, no start without need",
                f"{seen['doubled']} doubled, {seen['late']} late, {seen['needless']} needless", seen["doubled"] + seen["late"] + seen["needless"] == 0
                and seen["refreshes"] >= 3 * days)
    context.row("the same: answers with a token that is over", "0", str(seen["expired"]), seen["expired"] == 0)
