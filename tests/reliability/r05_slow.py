# SPDX-License-Identifier: Apache-2.0
#
# 900 clients that send a byte a second and 100 that never read, while 8 good ones work: the bad ones are closed at their
# deadline of 5 s, and the good ones notice nothing.
"""Part of the reliability plan (plan.py)."""

import multiprocessing
import select
import selectors
import socket
import time

from context import descriptors, load, wait_until

ID = "R5"
TITLE = "900 slow clients and 100 that never read"

OF_A_PROCESS = 50  # the agent gives a process 64
DEADLINE = 5.0
CALL = b'{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"org.hfauth.Agent"}}\0'


def open_sockets(path, count):
    sockets = []
    for _ in range(count):
        one = socket.socket(socket.AF_UNIX)
        one.connect(path)
        one.setblocking(False)
        sockets.append(one)
    return sockets


def slow(path, count, closed):
    """Each connection begins a request, adds a byte a second, and tells how long it lived."""
    selector = selectors.DefaultSelector()
    for one in open_sockets(path, count):
        one.send(b"{")
        selector.register(one, selectors.EVENT_READ, time.monotonic())
    lives = []
    next_byte = time.monotonic() + 1
    while selector.get_map():
        ready = selector.select(max(0.0, next_byte - time.monotonic()))
        now = time.monotonic()  # of all of them: what is done with the first does not age the last
        for key, _ in ready:
            try:
                data = key.fileobj.recv(4096)
            except ConnectionResetError:
                data = b""
            if not data:
                lives.append(now - key.data)
                selector.unregister(key.fileobj)
                key.fileobj.close()
        if time.monotonic() >= next_byte:
            next_byte += 1
            for key in list(selector.get_map().values()):
                try:
                    key.fileobj.send(b" ")
                except OSError:
                    pass
    for life in lives:
        closed.put(life)


def mute(path, count, closed):
    """Each connection asks for long answers until no more is taken, reads none, and tells how long it then lived."""
    poller = select.poll()
    full = {}
    for one in open_sockets(path, count):
        try:
            for _ in range(2000):
                one.send(CALL)
        except BlockingIOError:
            pass
        full[one.fileno()] = (one, time.monotonic())
        poller.register(one, 0)  # its end alone: nothing is polled, so nothing disturbs
    lives = []
    while full:
        ready = poller.poll()
        now = time.monotonic()
        for number, _ in ready:
            poller.unregister(number)
            one, since = full.pop(number)
            lives.append(now - since)
            one.close()
    for life in lives:
        closed.put(life)


def run(context):
    agent = context.place().start()
    agent.connect().add("alice")
    before = descriptors(agent.process.pid)
    slow_times, mute_times = multiprocessing.Queue(), multiprocessing.Queue()
    share = context.rounds(quick=10, full=1)
    workers = [multiprocessing.Process(target=slow, args=(agent.path, OF_A_PROCESS, slow_times)) for _ in range(18 // share)]
    workers += [multiprocessing.Process(target=mute, args=(agent.path, OF_A_PROCESS, mute_times)) for _ in range(max(1, 2 // share))]
    for worker in workers:
        worker.start()
    told = load(agent.path, "--busy", 8, "--seconds", 8)
    slow_lives = [slow_times.get(timeout=30) for _ in range(18 // share * OF_A_PROCESS)]
    mute_lives = [mute_times.get(timeout=30) for _ in range(max(1, 2 // share) * OF_A_PROCESS)]
    for worker in workers:
        worker.join()
    context.row(f"{len(slow_lives)} clients with a byte a second, {len(mute_lives)} that never read; 8 good ones: p99", "< 5 ms, 0 errors",
                f"{told['p99'] / 1000:.2f} ms, {told['errors']} errors", told["p99"] < 5000 and told["errors"] == 0, timed=True)
    worst = max(abs(life - DEADLINE) for life in slow_lives)
    context.row("the slow ones are closed", "at 5 s ± 0.5 s", f"{min(slow_lives):.2f} to {max(slow_lives):.2f} s", worst <= 0.5, timed=True)
    context.row("those that never read are closed", "within 6 s", f"{max(mute_lives):.2f} s", max(mute_lives) <= 6, timed=True)
    wait_until(lambda: descriptors(agent.process.pid) <= before, "the end of all descriptors")
    left = descriptors(agent.process.pid) - before
    context.row("descriptors left", "0", str(max(0, left)), left <= 0)
