# SPDX-License-Identifier: Apache-2.0
#
# What the machine does to an agent: no descriptors left, a full disk, signals in the middle of every call, a wall clock that
# jumps by ten years, no memory, broken files. Nothing wrong is answered, and when the fault ends, so does its effect.
"""Part of the reliability plan (plan.py)."""

import os
import signal
import struct
import subprocess
import threading
import time

import failing_calls
from context import BUILD, load, wait_until
from running_agent import TOKEN

ID = "R6"
TITLE = "faults of the machine"

TEN_YEARS = 10 * 366 * 86400
WITHIN = 1.0


def no_descriptors(context):
    agent = context.place().start(prefix=("prlimit", "--nofile=64:64"))
    first = agent.connect()
    first.add("alice")
    crowd = [agent.connect() for _ in range(100)]  # the kernel takes those that the agent cannot
    answered = first.call("GetToken")["parameters"]["token"] == TOKEN
    del crowd[:]
    took = wait_until(lambda: agent.connect().call("GetToken")["parameters"]["token"] == TOKEN, "an answer to a new client")
    context.row("no descriptor left (limit 64, 101 clients)", "those there are served; new ones < 1 s after", f"served, {took:.2f} s",
                answered and took < WITHIN, timed=True)


def full_disk(context):
    if not context.is_root("a full disk under the vault", "only root can mount a small disk"):
        return
    place = context.place()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=192k,mode=700", "none", place.home], check=True)
    try:
        agent = place.start(store="vault")
        client = agent.connect()
        client.add("alice")
        filler = os.path.join(place.home, "filler")
        with open(filler, "wb", 0) as file:
            try:
                while True:
                    file.write(b"x" * 1024)
            except OSError:
                pass
        refused = client.add("bob")
        named = refused.get("parameters", {}).get("cause") == "no_space"
        answered = client.call("GetToken", profile="alice")["parameters"]["token"] == TOKEN
        os.unlink(filler)
        again = client.add("bob")
        agent.kill()
        after = place.start(store="vault").connect()
        whole = [record["profile"] for record in after.call("List")["parameters"]["records"]]
        place.agents[-1].kill()
    finally:
        subprocess.run(["umount", "-l", place.home], check=True)
    context.row("a full disk under the vault", "refused by name, reads go on, nothing lost",
                f"{refused.get('parameters', {}).get('cause')}, {len(whole)} of 2 profiles after",
                named and answered and "error" not in again and whole == ["alice", "bob"])


def signals(context):
    agent = context.place().start()
    agent.connect().add("alice")
    ended = threading.Event()

    def storm():
        while not ended.wait(0.005):
            os.kill(agent.process.pid, signal.SIGSTOP)
            os.kill(agent.process.pid, signal.SIGCONT)

    thread = threading.Thread(target=storm)
    thread.start()
    told = load(agent.path, "--busy", 8, "--seconds", context.rounds(quick=1, full=10))
    ended.set()
    thread.join()
    context.row("stopped and continued 200 times a second", "0 errors", f"{told['errors']} of {told['requests']:,}", told["errors"] == 0)


def clock_jumps(context):
    place = context.place()
    shift = os.path.join(place.root, "shift")

    def jump(seconds):
        with open(shift, "r+b" if os.path.exists(shift) else "wb") as file:
            file.write(struct.pack("=q", seconds))

    jump(0)
    agent = place.start(environment={"LD_PRELOAD": os.path.join(BUILD, "tests", "libshifted_clock.so"), "SHIFTED_CLOCK": shift})
    client = agent.connect()
    client.add("alice")
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    client.add("bob", expires=later)
    right = True
    rounds = context.rounds(quick=3, full=200)
    for _ in range(rounds):
        for seconds, bob in ((TEN_YEARS, "Expired"), (-TEN_YEARS, TOKEN), (0, TOKEN)):
            jump(seconds)
            answer = client.call("GetToken", profile="bob")
            got = answer.get("parameters", {}).get("token") or answer.get("error", "").rsplit(".", 1)[-1]
            right = right and got == bob and client.call("GetToken", profile="alice")["parameters"]["token"] == TOKEN
    context.row(f"the wall clock jumps by ± 10 years, {3 * rounds} times", "right each time", "right each time" if right else "a wrong answer", right)


def run(context):
    no_descriptors(context)
    full_disk(context)
    signals(context)
    clock_jumps(context)
    failing_calls.run(context)
