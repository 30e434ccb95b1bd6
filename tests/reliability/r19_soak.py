# SPDX-License-Identifier: Apache-2.0
#
# Hours in small: 200 questions a second, a store a second, leases, a lock a minute, while memory and descriptors are watched.
# Ten minutes; eight hours with --long.
"""Part of the reliability plan (plan.py)."""

import threading

from context import descriptors, resident
from running_agent import AGENT

ID = "R19"
TITLE = "soak"

SETTLE = 0.1  # the share of the time after which memory counts
MOST_DRIFT = 1.0  # MiB


READERS, OF_EACH = 4, 50  # questions a second


def changes(agent, ended, errors, locking):
    """Stores, leases, locks: each second one of them."""
    client = agent.connect()
    number = 0
    while not ended.wait(1 if number else 0):
        number += 1
        answers = [client.add("bob", replace=True), client.call("OpenLease", profile="bob"), client.call("CloseLease", profile="bob")]
        if number % 60 == 0:
            locking.set()
            answers += [client.call("Lock"), client.call("Unlock")]
            locking.clear()
        errors.extend(str(answer) for answer in answers if answer is None or "error" in answer)


def questions(agent, ended, errors, locking, counts):
    """Of all reading methods; Locked is right while somebody locks."""
    client, number = agent.connect(), 0
    methods = ("GetToken", "GetToken", "Status", "GetToken", "List")
    while not ended.wait(1 / OF_EACH):
        was_locking = locking.is_set()
        answer = client.call(methods[number % len(methods)])
        number += 1
        if answer is None or "error" in answer and not (answer["error"] == AGENT + "Locked" and (was_locking or locking.is_set())):
            errors.append(str(answer))
    counts.append(number)


def run(context):
    seconds = context.rounds(quick=12, full=600, long=8 * 3600)
    agent = context.place().start(store="vault")
    agent.connect().add("alice")
    ended, locking, errors, counts = threading.Event(), threading.Event(), [], []
    threads = [threading.Thread(target=changes, args=(agent, ended, errors, locking))]
    threads += [threading.Thread(target=questions, args=(agent, ended, errors, locking, counts)) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    ended.wait(SETTLE * seconds)
    first = (resident(agent.process.pid), descriptors(agent.process.pid))
    ended.wait((1 - SETTLE) * seconds)
    last = (resident(agent.process.pid), descriptors(agent.process.pid))
    ended.set()
    for thread in threads:
        thread.join()
    context.row(f"{TITLE}, {seconds / 60:.0f} min, {sum(counts):,} questions, a store and a lease a second, a lock a minute: errors", "0",
                str(len(errors)) + "".join(f": {error[:80]}" for error in errors[:1]), not errors)
    context.row("the same: memory", "< 1 MiB more", f"{last[0] - first[0]:+.2f} MiB", last[0] - first[0] < MOST_DRIFT)
    context.row("the same: descriptors", "as many as before", f"{last[1] - first[1]:+d}", last[1] <= first[1])
