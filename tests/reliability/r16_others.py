# SPDX-License-Identifier: Apache-2.0
#
# Others than the user's own programs: another user, a grandchild that inherited a connection, process ids that come round
# again.
"""Part of the reliability plan (plan.py)."""

import os
import subprocess

from running_agent import TOKEN

ID = "R16"
TITLE = "another user, and reused process ids"

NOBODY = 65534
# One process asks as often as it is told, on new connections, and counts what it gets.
ASK = r"""
import socket, sys
path, count = sys.argv[1], int(sys.argv[2])
tokens = refused = other = 0
for _ in range(count):
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(10)
    try:
        one.connect(path)
        one.sendall(b'{"method":"org.hfauth.Agent.GetToken"}\0')
        answer = one.recv(65536)
        tokens += b'"token":"hf_' in answer
        refused += b"Denied" in answer
        other += not (b"Denied" in answer or b"hf_" in answer)
    except (PermissionError, ConnectionResetError, BrokenPipeError):
        refused += 1
    one.close()
print(tokens, refused, other)
"""
# Forks children that each make one connection and end at once: their ids come round again while connections close.
FORK = r"""
import os, socket, sys
path, count = sys.argv[1], int(sys.argv[2])
for _ in range(count):
    child = os.fork()
    if child == 0:
        try:
            one = socket.socket(socket.AF_UNIX)
            one.connect(path)
            one.send(b'{"method":"org.hfauth.Agent.GetToken"}\0')
        finally:
            os._exit(0)
    os.waitpid(child, 0)
"""


def as_nobody(agent, count):
    told = subprocess.run(["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "/usr/bin/python3", "-c", ASK,
                           agent.path, str(count)], capture_output=True, text=True, timeout=120, check=True)
    return [int(word) for word in told.stdout.split()]


def run(context):
    if not context.is_root(TITLE, "only root can become another user"):
        return
    place = context.place()
    agent = place.start()
    agent.connect().add("alice")
    count = context.rounds(quick=20, full=1000)
    tokens, refused, other = as_nobody(agent, count)
    # The folders keep others out already; with these open, the agent's own check is what is left.
    for folder in (place.root, place.runtime, os.path.dirname(agent.path)):
        os.chmod(folder, 0o755)
    os.chmod(agent.path, 0o666)
    more, refused_again, other_again = as_nobody(agent, count)
    context.row(f"another user asks {2 * count:,} times, half of them past opened folders", "0 tokens out",
                f"{tokens + more} tokens, {refused + refused_again:,} refused, {other + other_again} else",
                tokens + more == 0 and refused + refused_again == 2 * count)
    spawns = context.rounds(quick=200, full=20_000)
    subprocess.run(["/usr/bin/python3", "-c", FORK, agent.path, str(spawns)], timeout=1200, check=True)
    answer = agent.connect().call("GetToken").get("parameters", {})
    leaked = agent.connect().call("Status")["parameters"]["connections"]
    context.row(f"{spawns:,} processes that ask and end at once", "the agent counts right afterwards",
                f"{leaked} connection{'s' if leaked != 1 else ''} counted, {'served' if answer.get('token') == TOKEN else 'not served'}",
                leaked <= 2 and answer.get("token") == TOKEN)
