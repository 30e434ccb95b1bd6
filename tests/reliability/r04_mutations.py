# SPDX-License-Identifier: Apache-2.0
#
# Messages that were changed on purpose, through a real socket, at an agent under the address and undefined-behaviour
# sanitizers: bytes, structure (depth, doubled keys, numbers, text that is no UTF-8), order, pieces and ends. No crash, no
# leak, no answer that is not JSON, and the agent answers a well-behaved client between all of it.
"""Part of the reliability plan (plan.py). Needs HFAUTH_ASAN_BIN."""

import json
import multiprocessing
import os
import random
import signal
import time

from running_agent import Connection

ID = "R4"
NEEDS_ASAN = True
TITLE = "mutated messages under ASan and UBSan"

TOKEN = "hf_" + "TestToken" + "Qx" * 12
RECORD = {"profile": "alice", "endpoint": "https://huggingface.co", "kind": "user", "user": "ada", "role": "read", "display_name": "",
          "scopes": ["a", "b"], "orgs": ["c"], "created": "2026-01-01T00:00:00Z", "expires": None, "token": TOKEN, "replace": True}
SEEDS = [("GetToken", {}), ("GetToken", {"profile": "alice", "endpoint": "https://huggingface.co"}), ("List", {}), ("Status", {}),
         ("Add", RECORD), ("Add", {**RECORD, "profile": "bob", "refresh": TOKEN}), ("Remove", {"profile": "bob"}), ("SetDefault", {"profile": "alice"}),
         ("OpenLease", {"profile": "alice", "seconds": 60}), ("CloseLease", {"profile": None}), ("Lock", {}), ("Unlock", {"passphrase": "x" * 20}),
         ("BeginRefresh", {"profile": "bob", "force": True}), ("AbandonRefresh", {"profile": "bob", "generation": 1}),
         ("FinishRefresh", {"profile": "bob", "generation": 1, "token": TOKEN, "refresh": None, "expires": None}),
         ("Which", {"url": "https://huggingface.co/org/model"}), ("Audit", {"since": "2026-01-01T00:00:00Z"}), ("Watch", {}),
         ("org.varlink.service.GetInfo", {}), ("org.varlink.service.GetInterfaceDescription", {"interface": "org.hfauth.Agent"})]
PIECES = [b"{", b"}", b"[", b"]", b'"', b"\\", b"\0", b",", b":", b"\\u0000", b"\\ud800", b"\xff", b"\xc0\x80", b"null", b"true", b"-0", b"1e999",
          b"9223372036854775808", b"\n", b" ", b"\x1b[31m"]
BURST = 20
SLOWEST = 1.0  # seconds for a well-behaved client, under sanitizers and beside the flood


def message(dice):
    method, parameters = dice.choice(SEEDS)
    call = {"method": method if "." in method else "org.hfauth.Agent." + method, "parameters": dict(parameters)}
    if dice.random() < 0.2:
        call[dice.choice(["more", "oneway", "upgrade", "x"])] = dice.choice([True, False, None, 1, "y", {}])
    if dice.random() < 0.2 and call["parameters"]:
        call["parameters"][dice.choice(list(call["parameters"]))] = dice.choice([None, 0, -1, 2**63, "", "x" * dice.randrange(3000), [], {}, [[]], True])
    return json.dumps(call).encode()


def mutate(dice, data):
    for _ in range(dice.choice([0, 1, 1, 1, 2, 4, 8])):
        kind, at = dice.randrange(8), dice.randrange(len(data) + 1)
        if kind == 0 and data:
            at = min(at, len(data) - 1)
            data = data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1:]
        elif kind == 1:
            data = data[:at] + dice.choice(PIECES) + data[at:]
        elif kind == 2:
            data = data[:at] + data[min(len(data), at + dice.randrange(1, 9)):]
        elif kind == 3:
            other = dice.randrange(len(data) + 1)
            data = data[:at] + data[min(at, other):max(at, other)] + data[at:]  # doubled keys and members
        elif kind == 4:
            depth = dice.choice([3, 7, 8, 9, 100, 3000])
            data = data[:at] + b'{"a":' * depth + b"1" + b"}" * depth + data[at:]
        elif kind == 5:
            data = data[:at] + bytes(dice.randrange(256) for _ in range(dice.randrange(1, 9))) + data[at:]
        elif kind == 6 and dice.random() < 0.02:
            data = data[:at] + b"x" * dice.choice([65535, 65536, 70000, 200000]) + data[at:]
        elif kind == 7:
            data = data[:at]
    return data


def flood(path, count, seed, results):
    """Bursts on one connection after the other; what comes back must be JSON, message for message."""
    dice = random.Random(seed)
    sent = nonsense = 0
    while sent < count:
        client = Connection(path)
        client.socket.settimeout(SLOWEST)
        burst = b""
        for _ in range(min(BURST, count - sent)):
            burst += mutate(dice, message(dice)) + b"\0"
            sent += 1
        try:
            if dice.random() < 0.1:
                for piece in range(0, min(len(burst), 600), 60):
                    client.send(burst[piece:piece + 60])
            else:
                client.send(burst)
            if dice.random() < 0.8:
                client.socket.shutdown(1)  # what was asked is answered; else the connection is simply left
                while client.reply() is not None:
                    pass
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            pass  # closed at the first message that is none, or Watch, which does not end
        except ValueError:
            nonsense += 1
    results.put((sent, nonsense))


def witness(agent, workers):
    """The longest that a well-behaved client had to wait while the workers ran."""
    slowest = 0.0
    while any(worker.is_alive() for worker in workers):
        began = time.monotonic()
        answer = agent.connect().call("Status")
        if answer is None or agent.process.poll() is not None:
            return float("inf")
        slowest = max(slowest, time.monotonic() - began)
        workers[0].join(0.2)
    return slowest


def run(context):
    program = os.environ.get("HFAUTH_ASAN_BIN")
    if not program:
        context.row(TITLE, "run", "HFAUTH_ASAN_BIN is not set", False)
        return
    count = context.rounds(quick=20_000, full=1_000_000)
    place = context.place()
    agent = place.start(program=(os.path.join(program, "hfauthd"),), environment={
        "ASAN_OPTIONS": "abort_on_error=1:detect_leaks=1:log_path=stderr",
        "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1:log_path=stderr"})
    results = multiprocessing.Queue()
    seeds = [20261125, 7]
    workers = [multiprocessing.Process(target=flood, args=(agent.path, count // len(seeds), seed, results)) for seed in seeds]
    for worker in workers:
        worker.start()
    slowest = witness(agent, workers)
    tallies = [results.get(timeout=60) for _ in workers] if slowest != float("inf") else []
    sent, nonsense = sum(tally[0] for tally in tallies), sum(tally[1] for tally in tallies)
    if agent.process.poll() is None:
        agent.process.send_signal(signal.SIGTERM)
    status = agent.process.wait(60)
    log = agent.log_text()
    reports = sum(log.count(word) for word in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:"))
    if reports:
        print(log[-6000:])
    context.row(f"{sent:,} mutated messages through a socket, ASan and UBSan", "0 crashes, 0 leaks, status 0 at the end",
                f"{reports} reports, status {status}", sent == count and reports == 0 and status == 0)
    context.row("the same: answers that are no JSON; slowest answer to a good client", f"0; < {SLOWEST:.0f} s", f"{nonsense}; {slowest * 1000:.0f} ms",
                nonsense == 0 and slowest < SLOWEST, timed=True)
