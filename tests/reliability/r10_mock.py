# SPDX-License-Identifier: Apache-2.0
#
# Twelve ways in which a keyring can misbehave (mock_keyring.py), eight operations on each: the right answer within the
# deadline, no prompt, and a store that is acknowledged again as soon as the keyring is well. Runs itself inside
# with_keyring.sh, on a bus without another provider.
"""Part of the reliability plan (plan.py). Needs python3-gi."""

import json
import os
import subprocess
import time

from context import WITH_KEYRING, Place

ID = "R10"
TITLE = "a keyring that misbehaves"

DEADLINE = 5.2  # the store's own 5 s and what it takes to tell
BACK = 2.0
CHANGES = ("Add", "replace", "Remove", "Unlock")
OPERATIONS = CHANGES + ("Status", "GetToken", "List", "OpenLease")
# What a change may answer; reads always answer "ok", from memory.
ANSWERS = {"silent": {"StoreTimeout"}, "slow": {"ok"}, "refuses to create": {"Locked"}, "prompts for ever": {"Locked"},
           "drops off the bus": {"StoreUnavailable"}, "fails every call": {"StoreUnavailable"},
           "reads back another value": {"StoreUnavailable"}, "reads back garbage": {"StoreUnavailable"},
           "no default collection": {"StoreUnavailable"}, "locked": {"Locked"}, "refuses sessions": {"ok"},
           "another owner": {"ok", "StoreUnavailable", "StoreTimeout"}}
# Where an operation does not touch what is wrong.
ALSO = {("refuses to create", "Remove"): {"ok"}, ("refuses to create", "Unlock"): {"ok"}, ("prompts for ever", "Unlock"): {"ok"},
        ("reads back another value", "Remove"): {"ok"}, ("reads back another value", "Unlock"): {"ok", "NotFound"},
        ("reads back garbage", "Remove"): {"ok"}, ("reads back garbage", "Unlock"): {"ok"}, ("no default collection", "Remove"): {"ok"},
        ("locked", "Unlock"): {"StoreUnavailable", "Locked"}}


def run(context):
    told = subprocess.run([WITH_KEYRING, "/usr/bin/python3", os.path.abspath(__file__)], capture_output=True, text=True, timeout=1800,
                          check=False, env={**os.environ, "WITH_KEYRING_NONE": "1"})
    if told.returncode != 0:
        raise AssertionError(told.stderr[-2000:])
    seen = json.loads(told.stdout.splitlines()[-1])
    for wrong in seen["wrong"]:
        print("   ", wrong)
    context.row(f"{seen['faults']} faults x {len(OPERATIONS)} operations: the right answer within its deadline + 0.2 s", "all", f"{seen['cells'] - len(seen['wrong'])} of {seen['cells']}",
                not seen["wrong"])
    context.row("the same: a store is acknowledged again after the fault", "< 2 s", f"{seen['slowest']:.2f} s at worst", context.within(seen["slowest"], BACK))
    context.row("the same: prompts", "0", str(seen["prompts"]), seen["prompts"] == 0)


def ask(client, operation):
    if operation in ("Add", "replace"):
        return client.add("bob" if operation == "Add" else "alice", replace=operation == "replace")
    return client.call(operation, **({"profile": "alice"} if operation in ("Remove", "GetToken", "OpenLease") else {}))


def cell(keyring, bus, fault, operation):
    """What was wrong, "" for nothing; and how long a store took to be acknowledged afterwards."""
    keyring.clear()
    place = Place()
    try:
        agent = place.start(store="secret-service", environment=bus)
        client = agent.connect()
        if "error" in client.add("alice"):
            return f"{fault}, {operation}: no start", 0.0
        keyring.fault = fault
        began = time.monotonic()
        answer = ask(client, operation)
        seconds = time.monotonic() - began
        keyring.heal()
        back = time.monotonic()
        while "error" in agent.connect().add("carol", replace=True):
            if time.monotonic() - back > 15:
                return f"{fault}, {operation}: no store is acknowledged afterwards", 15.0
        took = time.monotonic() - back
        name = answer.get("error", "ok").rsplit(".", 1)[-1]
        right = ANSWERS[fault] | ALSO.get((fault, operation), set()) if operation in CHANGES else {"ok"}
        if name in right and seconds <= DEADLINE:
            return "", took
        return f"{fault}, {operation}: {name} after {seconds:.2f} s, {answer.get('parameters', {}).get('reason', '')}", took
    finally:
        keyring.heal()
        place.end()


def inside():
    from mock_keyring import FAULTS, Keyring

    bus = {"DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]}
    keyring = Keyring(bus["DBUS_SESSION_BUS_ADDRESS"])
    wrong, slowest = [], 0.0
    for fault in FAULTS:
        for operation in OPERATIONS:
            problem, took = cell(keyring, bus, fault, operation)
            slowest = max(slowest, took)
            if problem:
                wrong.append(problem)
    print(json.dumps({"faults": len(FAULTS), "cells": len(FAULTS) * len(OPERATIONS), "wrong": wrong, "slowest": slowest, "prompts": keyring.prompts}))


if __name__ == "__main__":
    inside()
