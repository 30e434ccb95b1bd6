# SPDX-License-Identifier: Apache-2.0
#
# Hours in small: requests, stores, locks and leases without an end, while memory and descriptors are watched. Ten minutes;
# eight hours with --long.
"""Part of the reliability plan (plan.py)."""

import threading
import time

from context import descriptors, load, resident

ID = "R19"
TITLE = "soak"

SETTLE = 0.1  # the share of the time after which memory counts
MOST_DRIFT = 1.0  # MiB


def changes(agent, ended, errors):
    """Stores, leases, locks: each second one of them."""
    client = agent.connect()
    number = 0
    while not ended.wait(1 if number else 0):
        number += 1
        answers = [client.add("bob", replace=True), client.call("OpenLease", profile="bob"), client.call("CloseLease", profile="bob")]
        if number % 60 == 0:
            answers += [client.call("Lock"), client.call("Unlock")]
        errors.extend(str(answer) for answer in answers if answer is None or "error" in answer)


def run(context):
    seconds = context.rounds(quick=12, full=600, long=8 * 3600)
    agent = context.place().start(store="vault")
    agent.connect().add("alice")
    ended, errors = threading.Event(), []
    thread = threading.Thread(target=changes, args=(agent, ended, errors))
    thread.start()
    began = time.monotonic()
    first = None
    answers = failures = 0
    while time.monotonic() - began < seconds:
        told = load(agent.path, "--busy", 4, "--seconds", min(5, seconds / 4), "--depth", 1, protocol="mixed")
        answers += told["requests"]
        failures += told["errors"]
        if first is None and time.monotonic() - began > SETTLE * seconds:
            first = (resident(agent.process.pid), descriptors(agent.process.pid))
    ended.set()
    thread.join()
    last = (resident(agent.process.pid), descriptors(agent.process.pid))
    # A lock is seen by who asks meanwhile, and is no error of the agent.
    locks = max(1, int(seconds // 60))
    context.row(f"{TITLE}, {seconds / 60:.0f} min, {answers:,} answers, a store a second, a lock a minute: errors besides Locked", "0",
                f"{len(errors)} at changes, {failures} at reads ({locks} locks)", not errors and failures <= locks * 400)
    context.row("the same: memory", "< 1 MiB more", f"{last[0] - first[0]:+.2f} MiB", last[0] - first[0] < MOST_DRIFT)
    context.row("the same: descriptors", "as many as before", f"{last[1] - first[1]:+d}", last[1] <= first[1])
