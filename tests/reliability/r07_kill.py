# SPDX-License-Identifier: Apache-2.0
#
# kill -9 of an agent that stores into the vault: once at every boundary of every system call of a store (under ptrace,
# in turn), and at random moments. What was acknowledged is there when the next agent answers; what was not is the old value
# or the new one, whole.
"""Part of the reliability plan (plan.py)."""

import os
import random
import signal
import threading
import time

from context import BUILD, median
from running_agent import DEADLINE, HFAUTHD

ID = "R7"
TITLE = "kill -9 in the middle of stores into the vault"

STEPPER = os.path.join(BUILD, "tests", "kill_at_boundary")


def token_of(generation):
    """Known by its number, and long enough to be torn."""
    return "hf_" + "TestToken" + f"{generation:08d}" * 40


class Tally:
    def __init__(self):
        self.stores = self.acknowledged = self.lost = self.torn = self.older = 0
        self.kept = 0


class Vault:
    def __init__(self, context, tally):
        self.place = context.place()
        self.tally = tally
        self.stored = 0  # the number of the one that was found last
        self.pid = 0

    def agent(self, boundary=None, count="/dev/null"):
        """Started, with the vault open; under the stepper if a boundary is given (0: counted only)."""
        program = (HFAUTHD,) if boundary is None else (STEPPER, str(boundary), "vault.lock", count, HFAUTHD)
        agent = self.place.start(store="vault", program=program)
        self.place.agents.remove(agent)
        return agent

    def first(self):
        agent = self.agent()
        agent.connect().add("alice", token=token_of(0))
        agent.kill()

    def store(self, agent, kill=None):
        """One store; whether it was acknowledged."""
        client = agent.connect()
        self.pid = client.call("Status")["parameters"]["pid"]  # under the stepper it is not the process that was started
        client.send_add("alice", token=token_of(self.tally.stores + 1), replace=True)
        if kill:
            kill()
        answer = client.reply()
        self.tally.stores += 1
        if answer is not None and "error" in answer:
            raise AssertionError(str(answer))
        return answer is not None

    def end(self, agent):
        """Killed by now, or killed now."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        agent.process.wait(DEADLINE)

    def look(self, acknowledged):
        """What the next agent says; it stays, for the next store."""
        agent = self.agent()
        answer = agent.connect().call("GetToken", profile="alice")
        found = answer.get("parameters", {}).get("token", "")
        new, old = token_of(self.tally.stores), token_of(self.stored)
        if acknowledged:
            self.tally.acknowledged += 1
            self.tally.lost += found != new
            self.tally.kept += found == new
        elif found not in (new, old):
            whole = any(found == token_of(number) for number in range(self.tally.stores))
            self.tally.older += whole
            self.tally.torn += not whole
        if found == new:
            self.stored = self.tally.stores
        return agent


def count_boundaries(context):
    vault = Vault(context, Tally())
    vault.first()
    path = os.path.join(vault.place.root, "count")
    agent = vault.agent(0, path)
    vault.store(agent)
    vault.end(agent)
    with open(path, encoding="utf-8") as count:
        return int(count.read())


def at_every_boundary(context, tally, step):
    """The last ones come after the acknowledgement."""
    n_boundaries = count_boundaries(context)
    vault = Vault(context, tally)
    vault.first()
    for boundary in range(1, n_boundaries + 1, step):
        agent = vault.agent(boundary)
        acknowledged = vault.store(agent)
        vault.end(agent)
        vault.look(acknowledged).kill()
    return n_boundaries


def at_random(context, tally, count):
    dice = random.Random(7)
    vault = Vault(context, tally)
    vault.first()
    agent = vault.agent()
    times = []
    for _ in range(9):
        began = time.monotonic()
        if not vault.store(agent):
            raise AssertionError("a store without a kill was not acknowledged")
        vault.stored = tally.stores
        times.append(time.monotonic() - began)
    for _ in range(count):
        moment = dice.uniform(0, 2 * median(times))  # half of them come too late
        timer = threading.Timer(moment, agent.process.kill)
        acknowledged = vault.store(agent, timer.start)
        timer.join()
        agent.process.wait(DEADLINE)
        agent = vault.look(acknowledged)
    agent.kill()


def run(context):
    tally = Tally()
    boundaries = at_every_boundary(context, tally, context.rounds(quick=23, full=1))
    stepped = tally.stores
    at_random(context, tally, context.rounds(quick=20, full=max(0, 2000 - stepped)))
    context.row(f"{tally.stores:,} stores, {stepped} of them killed at the {boundaries} boundaries of system calls in turn: acknowledged values present",
                "all", f"{tally.kept:,} of {tally.acknowledged:,} acknowledged", tally.lost == 0 and tally.acknowledged > 0)
    context.row("the others: torn, or older than the last acknowledged", "0", f"{tally.torn} torn, {tally.older} older", tally.torn + tally.older == 0)
