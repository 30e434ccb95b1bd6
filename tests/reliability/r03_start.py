# SPDX-License-Identifier: Apache-2.0
#
# How long a person waits: one `hfauth token` with an agent that runs, and one that has to start it first.
"""Part of the reliability plan (plan.py)."""

import json
import os
import subprocess
import time

from context import BIN, first_core, median

ID = "R3"
TITLE = "hfauth token from the command line"


def hyperfine(context, place, core):
    """Medians of `true` and of `hfauth token`, milliseconds, in turns."""
    times = {"true": [], "token": []}
    for _ in range(context.rounds(quick=1, full=5)):
        for name, command in (("true", "/bin/true"), ("token", os.path.join(BIN, "hfauth") + " token")):
            out = os.path.join(place.root, "hyperfine.json")
            subprocess.run(["taskset", "-c", core, "hyperfine", "-N", "--style", "none", "--warmup", "10", "--runs", "100",
                            "--export-json", out, command], env=place.environment(), stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=True)
            with open(out, encoding="utf-8") as file:
                times[name].append(json.load(file)["results"][0]["median"] * 1000)
    return median(times["true"]), median(times["token"])


def run(context):
    place, core = context.place(), first_core()
    agent = place.start(store="vault")
    agent.connect().add("alice")
    nothing, token = hyperfine(context, place, core)
    context.row("cold hfauth token, one core", f"<= 2 x true ({nothing:.2f} ms)", f"{token:.2f} ms ({token / nothing:.2f} x)", token <= 2 * nothing, timed=True)
    agent.connect().call("Shutdown")
    agent.wait()
    times = []
    for _ in range(context.rounds(quick=3, full=25)):
        began = time.monotonic()
        told = subprocess.run([os.path.join(BIN, "hfauth"), "token"], env=place.environment(HFAUTH_STORE="vault"), capture_output=True,
                              text=True, check=False)
        times.append((time.monotonic() - began) * 1000)
        if not told.stdout.startswith("hf_"):
            raise AssertionError(told.stderr)
        subprocess.run([os.path.join(BIN, "hfauth"), "shutdown"], env=place.environment(), check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    context.row("hfauth token that starts the agent first", "<= 60 ms", f"{median(times):.0f} ms (worst {max(times):.0f})", median(times) <= 60, timed=True)
