# SPDX-License-Identifier: Apache-2.0
#
# 1,000 connections that ask now and then and 64 busy ones, with all reading methods mixed. Busy has two meanings, and both
# are measured. At a rate: each asks 200 times a second (the most that a program is meant to need, 12,800/s together), a
# latency counts from the moment a question was due, and what is seen is how long an answer takes. Without a pause: each
# asks again as soon as it has its answer; there the agent is always full, a question waits for the 63 before it, and the
# latency is 64 divided by the throughput and nothing else (64,000/s: 1 ms).
"""Part of the reliability plan (plan.py)."""

from context import load, resident

ID = "R1"
TITLE = "1,000 idle and 64 busy clients"

RATE = 200
MOST_MICROSECONDS = 2000
MOST_MIB = 24


def run(context):
    seconds = context.rounds(quick=3, full=60)
    agent = context.place().start()
    agent.connect().add("alice")
    for how, options in ((f"{RATE} questions a second each", ("--rate", RATE)), ("without a pause", ())):
        told = load(agent.path, "--busy", 64, "--idle", 1000, "--seconds", seconds, *options, protocol="mixed")
        context.row(f"{TITLE}, {how}, {seconds} s: errors", "0", f"{told['errors']} of {told['requests']:,} answers", told["errors"] == 0)
        context.row("the same: p99", "< 2 ms", f"{told['p99'] / 1000:.2f} ms (p50 {told['p50'] / 1000:.3f}, p99.9 {told['p999'] / 1000:.2f})",
                    told["p99"] < MOST_MICROSECONDS, timed=True)
    memory = resident(agent.process.pid)
    context.row("after both: resident memory", "< 24 MiB", f"{memory:.1f} MiB", memory < MOST_MIB)
