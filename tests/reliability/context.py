# SPDX-License-Identifier: Apache-2.0
#
# What every test of the plan has: where the programs are, agents in places of their own that go with the test, the rows of
# the table, and a few figures of a process.
"""Used by plan.py and its tests."""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from typing import NamedTuple

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "daemon"))

from running_agent import Agent  # noqa: E402

BIN = os.environ["HFAUTH_BIN"]
BUILD = os.environ["HFAUTH_BUILD"]
SOURCE = os.environ["HFAUTH_SOURCE"]
LOAD = os.path.join(BUILD, "tests", "hfauth_load")
SIMULATION = os.path.join(BUILD, "tests", "hfauth_simulation")
WITH_KEYRING = os.path.join(SOURCE, "tests", "support", "with_keyring.sh")


class Row(NamedTuple):
    id: str
    test: str
    target: str
    measured: str
    ok: bool


class Place:
    """A home and a runtime folder, and the agents in it."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="hfrel-")
        self.home = os.path.join(self.root, "home")
        self.runtime = os.path.join(self.root, "run")
        os.mkdir(self.home, 0o700)
        os.mkdir(self.runtime, 0o700)
        self.agents = []

    def start(self, *options, **more):
        agent = Agent(self.root, *options, **more)
        self.agents.append(agent)
        if agent.ready != "READY":
            raise AssertionError(f"the agent did not start: {agent.ready} {agent.log_text()}")
        return agent

    def environment(self, **more):
        return {"HOME": self.home, "XDG_RUNTIME_DIR": self.runtime, "PATH": BIN + ":/usr/bin:/bin", "LC_ALL": "C.UTF-8", **more}

    def end(self):
        for agent in self.agents:
            if agent.process.poll() is None:
                agent.end_children()
                agent.kill()
        if os.path.exists(os.path.join(self.runtime, "hfauth", "agent.sock")):  # one that a command started
            subprocess.run([os.path.join(BIN, "hfauth"), "shutdown"], env=self.environment(), stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=20, check=False)
        shutil.rmtree(self.root, ignore_errors=True)


class Context:
    def __init__(self, form):
        self.form = form
        self.rows = []
        self.places = []
        self.id = ""
        self.judges_times = form != "quick"

    def rounds(self, quick, full, long=None):
        """How much of something this form of the plan does."""
        return {"quick": quick, "full": full, "long": long or full}[self.form]

    def within(self, seconds, most):
        return seconds <= most or not self.judges_times

    def begin(self, name):
        self.id = name

    def place(self):
        place = Place()
        self.places.append(place)
        return place

    def end(self):
        for place in self.places:
            place.end()
        self.places.clear()

    def is_root(self, test, why):
        """Else a row that says so; an everyday test of another user is not failed by it."""
        if os.geteuid() == 0:
            return True
        self.row(test, "tried", why, self.form == "quick" and os.environ.get("HFAUTH_REQUIRE_ALL") != "1")
        return False

    def row(self, test, target, measured, ok, timed=False):
        """`timed`: a target of time, which the quick form shows and does not judge: it also runs where others work."""
        judged = not timed or self.judges_times
        self.rows.append(Row(self.id, test, target, measured, bool(ok) or not judged))


def resident(pid):
    """Resident memory in MiB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def first_core():
    return str(min(os.sched_getaffinity(0)))


def load(path, *options, pinned=None, protocol="varlink"):
    """One run of the load generator: its line as a dictionary."""
    prefix = ["taskset", "-c", pinned] if pinned else []
    told = subprocess.run([*prefix, LOAD, "--socket", path, "--protocol", protocol, *map(str, options)],
                          capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise AssertionError("the load generator: " + told.stderr)
    return json.loads(told.stdout)


def median(values):
    return statistics.median(values)


def wait_until(condition, what, seconds=10.0):
    """How long it took, in seconds."""
    began = time.monotonic()
    ticker = threading.Event()
    while not condition():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        ticker.wait(0.002)
    return time.monotonic() - began


def end_process(process):
    """Of a child that a test started."""
    process.send_signal(signal.SIGKILL)
    process.wait()
