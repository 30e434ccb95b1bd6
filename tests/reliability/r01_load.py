# SPDX-License-Identifier: Apache-2.0
#
# 1,000 connections that ask now and then and 64 that never stop, with all reading methods mixed.
"""Part of the reliability plan (plan.py)."""

from context import load, resident

ID = "R1"
TITLE = "1,000 idle and 64 busy clients"

MOST_MICROSECONDS = 2000
MOST_MIB = 24


def run(context):
    seconds = context.rounds(quick=3, full=60)
    agent = context.place().start()
    agent.connect().add("alice")
    told = load(agent.path, "--busy", 64, "--idle", 1000, "--seconds", seconds, protocol="mixed")
    memory = resident(agent.process.pid)
    context.row(f"{TITLE}, {seconds} s: errors", "0", f"{told['errors']} of {told['requests']:,} answers", told["errors"] == 0)
    context.row("the same: p99", "< 2 ms", f"{told['p99'] / 1000:.2f} ms (p50 {told['p50'] / 1000:.2f}, p99.9 {told['p999'] / 1000:.2f})",
                told["p99"] < MOST_MICROSECONDS, timed=True)
    context.row("the same: resident memory", "< 24 MiB", f"{memory:.1f} MiB", memory < MOST_MIB)
