# SPDX-License-Identifier: Apache-2.0
#
# Random operations on hfauthd's own parts, with a store that fails and an agent that is killed, each answer compared with a
# reference of 150 lines (simulation.cpp, reference_agent.hpp). 10,000 seeds; 100,000 with --long.
"""Part of the reliability plan (plan.py)."""

import json
import os
import subprocess

from context import SIMULATION

ID = "R20"
TITLE = "simulation against a reference"


def run(context):
    seeds = context.rounds(quick=50, full=10_000, long=100_000)
    # The settings are synced at every change, and what a disk takes for that is most of the time.
    memory = {"TMPDIR": "/dev/shm"} if os.access("/dev/shm", os.W_OK) else {}
    told = subprocess.run([SIMULATION, "steps", str(seeds), "200"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True,
                          env={**os.environ, **memory})
    seen = json.loads(told.stdout)
    for line in told.stderr.splitlines():
        if line.startswith("seed "):
            print(line)
    context.row(f"{seen['seeds']:,} seeds x 200 steps against a reference", "0 divergences", f"{seen['divergences']} in {seen['steps']:,} steps",
                seen["divergences"] == 0 and seen["seeds"] == seeds)
