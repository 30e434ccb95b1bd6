# SPDX-License-Identifier: Apache-2.0
#
# The kernel says no in the middle of an operation (failing_calls.c). For R6 every request for memory and every call about a
# file fails once, in turn, and reads and writes move a byte at a time and are interrupted.
"""Used by r06_faults.py and r12_surroundings.py."""

import os
import struct
import time

from context import BUILD
from running_agent import TOKEN, Connection

PRELOADED = os.path.join(BUILD, "tests", "libfailing_calls.so")
WITHIN = 1.0
QUICK_STRIDE = {"Add": 83}
OPERATIONS = {
    "GetToken": lambda client, token: client.call("GetToken", profile="alice"),
    "Status": lambda client, token: client.call("Status"),
    "Add": lambda client, token: client.add("alice", replace=True, token=token),
    "List": lambda client, token: client.call("List"),
    "OpenLease": lambda client, token: client.call("OpenLease", profile="alice", seconds=60),
}


class Faults:
    """What fails, of every program that is started with the environment."""

    def __init__(self, place):
        self.path = os.path.join(place.root, "faults")
        self.environment = {"LD_PRELOAD": PRELOADED, "FAILING_CALLS": self.path}
        self.set()

    def set(self, memory=0, files=0, most_bytes=0, signals=0, locks=0):
        with open(self.path, "r+b" if os.path.exists(self.path) else "wb") as file:
            file.write(struct.pack("=5q", memory, files, most_bytes, signals, locks))

    def has_happened(self):
        with open(self.path, "rb") as file:
            memory, files = struct.unpack("=2q", file.read(16))
        return memory == 0 and files == 0


class FailingAgent:
    """An agent with a vault whose calls fail as they are told to; started again when it has ended."""

    def __init__(self, context):
        self.place = context.place()
        self.faults = Faults(self.place)
        self.values = {TOKEN}  # what may be stored: the last that was acknowledged, and what was asked for after it
        self.slowest_return = 0.0
        self.start()

    def start(self):
        began = time.monotonic()
        self.agent = self.place.start(store="vault", environment=self.faults.environment)
        self.slowest_return = max(self.slowest_return, time.monotonic() - began)

    def attempt(self, name, token):
        """The reply; None if there was none."""
        try:
            return OPERATIONS[name](Connection(self.agent.path), token)
        except OSError:
            return None

    def stored(self):
        return Connection(self.agent.path).call("GetToken", profile="alice").get("parameters", {}).get("token")


class Tally:
    def __init__(self):
        self.faults = self.served = self.refused = self.ended = self.by_signal = self.silent = self.wrong = 0

    def count(self, reply, status):
        self.faults += 1
        self.served += reply is not None and "error" not in reply
        self.refused += reply is not None and "error" in reply
        self.ended += status is not None and status >= 0
        self.by_signal += status is not None and status < 0
        self.silent += reply is None and status is None

    def __str__(self):
        return f"{self.faults}: {self.served} served, {self.refused} refused by name, {self.ended} ended"


def ended_with(agent):
    """The status of an agent that ends because of what it was asked; None if it goes on."""
    try:
        if Connection(agent.path).call("Status") is not None:
            return None
    except OSError:
        pass
    return agent.wait()


def one_fault(failing, name, kind, number, tally):
    """False if the operation has no so many-th such call."""
    token = "hf_" + "TestToken" + "Qx" * 10 + f"{number:06}"
    if name == "Add":
        failing.values.add(token)
    failing.faults.set(**{kind: number})
    reply = failing.attempt(name, token)
    happened = failing.faults.has_happened()
    failing.faults.set()
    if happened:
        status = ended_with(failing.agent)  # also after an answer: what follows it may need memory too
        tally.count(reply, status)
        if status is not None:
            failing.start()
    value = failing.stored()
    tally.wrong += value not in failing.values
    if name == "Add" and reply is not None and "error" not in reply:
        tally.wrong += value != token
    failing.values = {value}
    return happened


def sweep(context, kind):
    """Each call of each operation fails once; of the many requests for memory the quick form takes some."""
    failing = FailingAgent(context)
    failing.agent.connect().add("alice")
    tally = Tally()
    for name in OPERATIONS:
        number = 1
        stride = context.rounds(quick=QUICK_STRIDE.get(name, 11), full=1) if kind == "memory" else 1
        while one_fault(failing, name, kind, number, tally):
            number += stride
    again = failing.attempt("Add", TOKEN)
    return tally, failing.slowest_return, again is not None and "error" not in again


def no_memory(context):
    tally, took, works = sweep(context, "memory")
    context.row("each request for memory of five operations refused in turn (vault)",
                "served, refused by name or an end in order; nothing wrong or lost; back < 1 s",
                f"{tally}, {tally.by_signal} by a signal; {tally.wrong} wrong; back in {took:.2f} s at worst",
                tally.by_signal == 0 and tally.wrong == 0 and works and context.within(took, WITHIN))


def broken_files(context):
    tally, _, works = sweep(context, "files")
    context.row("each call about a file of the same fails in turn (EIO)", "served or refused by name; nothing wrong or lost",
                f"{tally}, {tally.by_signal + tally.silent} without an answer; {tally.wrong} wrong",
                tally.ended + tally.by_signal + tally.silent + tally.wrong == 0 and works)


def short_moves(context):
    failing = FailingAgent(context)
    client = failing.agent.connect()
    right = 0
    rounds = context.rounds(quick=3, full=100)
    for most_bytes, signals in ((1, 0), (7, 3), (1, 2)):
        failing.faults.set(most_bytes=most_bytes, signals=signals)
        for number in range(rounds):
            token = "hf_" + "TestToken" + "Qx" * 10 + f"{number:06}"
            added = client.add("alice", replace=True, token=token)
            right += "error" not in added and client.call("GetToken", profile="alice")["parameters"]["token"] == token
    failing.faults.set()
    failing.agent.kill()
    failing.start()
    kept = failing.stored() == token
    context.row(f"reads and writes of 1 and 7 bytes, up to half of them interrupted: {3 * rounds} stores", "all right, the last one is kept",
                f"{right} right, {'kept' if kept else 'lost'}", right == 3 * rounds and kept)


def run(context):
    no_memory(context)
    broken_files(context)
    short_moves(context)
