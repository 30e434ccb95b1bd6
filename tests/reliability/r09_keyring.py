# SPDX-License-Identifier: Apache-2.0
#
# A real gnome-keyring that is killed, restarted and frozen again and again in the middle of stores, while tokens are asked
# for: reads are always answered, what was acknowledged is in the keyring (an independent program looks), full service is
# back within 2 s, and nobody is ever asked for a password. And each state of a keyring has its words in Status.
# Runs itself inside with_keyring.sh.
"""Part of the reliability plan (plan.py)."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

from context import WITH_KEYRING, Place, wait_until

ID = "R9"
TITLE = "a keyring that dies, freezes and comes back"

MOST_SECONDS = 2.0
SECRETS = "org.freedesktop.secrets"
LOGIN = "/org/freedesktop/secrets/collection/login"


def run(context):
    rounds = context.rounds(quick=5, full=500)
    told = subprocess.run([WITH_KEYRING, "/usr/bin/python3", os.path.abspath(__file__), str(rounds)], capture_output=True, text=True,
                          timeout=7200, check=False)
    if told.returncode != 0:
        raise AssertionError(told.stderr[-3000:])
    seen = json.loads(told.stdout.splitlines()[-1])
    context.row(f"{rounds} rounds of kill, restart and freeze in the middle of stores: reads", "100 % answered",
                f"{seen['reads'] - seen['wrong']:,} of {seen['reads']:,}", seen["wrong"] == 0 and seen["reads"] > 0)
    context.row("the same: acknowledged stores in the keyring", "all", f"{seen['present']} of {seen['acknowledged']}",
                seen["present"] == seen["acknowledged"] == rounds)
    context.row("the same: a store is acknowledged again after the keyring's return", "< 2 s",
                f"{seen['slowest']:.2f} s at worst, median {seen['median']:.2f}", seen["slowest"] < MOST_SECONDS, timed=True)
    context.row("the same: prompts on the bus", "0", str(seen["prompts"]), seen["prompts"] == 0)
    for name, state, seconds in seen["states"]:
        context.row(f"status of a keyring that is {name}", "named within 2 s", f"“{state}” in {seconds:.2f} s", state != "ok" and context.within(seconds, MOST_SECONDS))


def control(verb):
    return subprocess.run([os.environ["WITH_KEYRING"], verb], capture_output=True, text=True, check=True).stdout.strip()


def without_activation():
    """A keyring comes back when somebody starts it: else each call to a dead one would start a locked one."""
    folder = os.path.join(os.environ["XDG_DATA_HOME"], "dbus-1", "services")
    with open(os.path.join(folder, SECRETS + ".service"), "w", encoding="utf-8") as file:
        file.write(f"[D-BUS Service]\nName={SECRETS}\nExec=/bin/false\n")
    bus("ReloadConfig")


def bus(method, *arguments):
    subprocess.run(["gdbus", "call", "--session", "-d", "org.freedesktop.DBus", "-o", "/org/freedesktop/DBus", "-m",
                    "org.freedesktop.DBus." + method, *arguments], check=True, stdout=subprocess.DEVNULL)


def token_of(number):
    return "hf_" + "TestToken" + f"{number:06d}" * 4


def newest_in_keyring():
    """By an independent program. Of several items, which a keyring that died may leave, the highest generation counts."""
    told = subprocess.run(["secret-tool", "search", "--all", "hfauth", "1", "profile", "alice"], capture_output=True, text=True, check=False)
    documents = [json.loads(line[len("secret = "):]) for line in told.stdout.splitlines() if line.startswith("secret = {")]
    return max(documents, key=lambda document: document["generation"])["token"] if documents else told.stderr


class Reader(threading.Thread):
    """Fifty questions a second; each must be answered with a token that was stored or is being stored."""

    def __init__(self, agent):
        super().__init__(daemon=True)
        self.client = agent.connect()
        self.good = {token_of(0)}
        self.reads = self.wrong = 0
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.02):
            answer = self.client.call("GetToken", profile="alice")
            self.reads += 1
            token = (answer or {}).get("parameters", {}).get("token")
            if token not in self.good:
                self.wrong += 1
                print(f"wanted {self.good}: {answer}", file=sys.stderr)


class Rounds:
    def __init__(self, agent):
        self.agent = agent
        self.writer = agent.connect()
        self.writer.add("alice", token=token_of(0))
        self.reader = Reader(agent)
        self.dice = random.Random(9)
        self.recoveries = []
        self.present = self.acknowledged = 0

    def fault(self, kind):
        """Over when the keyring is back."""
        pid = int(control("--pid"))
        self.wait(self.dice.uniform(0, 0.02))
        if kind == "kill":
            control("--kill")
            control("--start")
        elif kind == "restart":
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not os.path.exists(f"/proc/{pid}"), "the keyring's end")
            control("--start")
        else:
            os.kill(pid, signal.SIGSTOP)
            self.wait(self.dice.choice([0.05, 0.3, 1.0]))
            os.kill(pid, signal.SIGCONT)

    @staticmethod
    def wait(seconds):
        threading.Event().wait(seconds)

    def one(self, number):
        kind = ("kill", "freeze", "restart")[number % 3]
        self.reader.good = {token_of(number - 1), token_of(number)}
        self.writer.send_add("alice", token=token_of(number), replace=True)
        self.fault(kind)
        back = time.monotonic()
        answer = self.writer.reply()
        while "error" in answer:
            if time.monotonic() - back > 30:
                raise AssertionError(f"round {number}, {kind}: {answer}")
            answer = self.writer.add("alice", token=token_of(number), replace=True)
        self.recoveries.append(time.monotonic() - back)
        self.acknowledged += 1
        if newest_in_keyring() == token_of(number):
            self.present += 1
        else:
            print(f"round {number}, {kind}: the keyring has {newest_in_keyring()!r}", file=sys.stderr)

    def go(self, rounds):
        self.reader.start()
        for number in range(1, rounds + 1):
            self.one(number)
        self.reader.ended.set()
        self.reader.join()


def state_of(agent, wanted):
    """What Status says once it is as wanted, and how long that took."""
    client, seen = agent.connect(), []

    def asked():
        seen.append(client.call("Status")["parameters"]["store_state"])
        return wanted(seen[-1])

    try:
        seconds = wait_until(asked, "another state", 4)
    except AssertionError:
        seconds = 4.0
    return seen[-1], seconds


def states(agent):
    """Each with the token still given from memory."""
    found = []

    def note(name):
        before = {"ok"} | {state for _, state, _ in found}
        state, seconds = state_of(agent, lambda state: state not in before)
        answer = agent.connect().call("GetToken", profile="alice")
        found.append((name, "reads fail: " + str(answer) if "error" in answer else state, seconds))

    pid = int(control("--pid"))
    os.kill(pid, signal.SIGSTOP)
    note("frozen")
    os.kill(pid, signal.SIGCONT)
    state_of(agent, lambda state: state == "ok")
    control("--lock")
    note("locked")
    control("--kill")
    note("gone")
    control("--start")
    state_of(agent, lambda state: state == "ok")
    subprocess.run(["gdbus", "call", "--session", "-d", SECRETS, "-o", LOGIN, "-m", "org.freedesktop.Secret.Collection.Delete"], check=True,
                   stdout=subprocess.DEVNULL)
    note("without a default collection")
    return found


def inside(rounds):
    without_activation()
    place = Place()
    agent = place.start(store="secret-service", environment={"DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]})
    all_rounds = Rounds(agent)
    all_rounds.go(rounds)
    named = states(agent)
    place.end()
    with open(os.environ["WITH_KEYRING_PROMPTS"], encoding="utf-8") as marks:
        prompts = len(marks.readlines())
    recoveries = sorted(all_rounds.recoveries)
    print(json.dumps({"reads": all_rounds.reader.reads, "wrong": all_rounds.reader.wrong, "present": all_rounds.present,
                      "acknowledged": all_rounds.acknowledged, "slowest": recoveries[-1], "median": recoveries[len(recoveries) // 2],
                      "prompts": prompts, "states": named}))


if __name__ == "__main__":
    inside(int(sys.argv[1]))
