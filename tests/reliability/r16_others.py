# SPDX-License-Identifier: Apache-2.0
#
# Others than the user's own programs: another user, a grandchild that inherited the connection of a program which a rule
# allows, or of another one whose process id comes round to such a program.
"""Part of the reliability plan (plan.py)."""

import os
import shutil
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
# Asks once, ends, and leaves the connection to a grandchild, which asks again when it is told to.
INHERIT = r"""
import os, socket, sys
one = socket.socket(socket.AF_UNIX)
one.settimeout(10)
one.connect(sys.argv[1])
def tokens():
    answer = b""
    try:
        one.sendall(b'{"method":"org.hfauth.Agent.GetToken"}\0')
        while not answer.endswith(b"\0"):
            data = one.recv(65536)
            if not data:
                break
            answer += data
    except (ConnectionResetError, BrokenPipeError):
        pass
    return int(b'"token":"hf_' in answer)
print(os.getpid(), tokens(), flush=True)
if os.fork() == 0:
    sys.stdin.readline()
    print(tokens(), flush=True)
"""
PYTHON = os.path.realpath("/usr/bin/python3")
LAST_PID = "/proc/sys/kernel/ns_last_pid"
MOST_ATTEMPTS = 100  # other programs of the machine take process ids too


def as_nobody(agent, count):
    told = subprocess.run(["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "/usr/bin/python3", "-c", ASK,
                           agent.path, str(count)], capture_output=True, text=True, timeout=120, check=True)
    return [int(word) for word in told.stdout.split()]


def inherited(agent, python, between=lambda pid: None):
    """How many tokens the program itself got, and its grandchild after its end and `between(its process id)`."""
    with subprocess.Popen([python, "-c", INHERIT, agent.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        pid, first = map(int, program.stdout.readline().split())
        program.wait(20)
        between(pid)
        program.stdin.write("\n")
        program.stdin.flush()
        return first, int(program.stdout.readline())


class NextProcess:
    """An allowed program that waits under a process id that was another's."""

    def __init__(self):
        self.reused = 0
        self.program = None

    def take(self, pid):
        for _ in range(MOST_ATTEMPTS):
            self.end()
            with open(LAST_PID, "w", encoding="ascii") as last:
                last.write(str(pid - 1))
            self.program = subprocess.Popen([PYTHON, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
            if self.program.pid == pid:
                self.reused += 1
                return

    def end(self):
        if self.program is not None:
            self.program.communicate()


def grandchildren(context):
    """A rule allows one program; what it leaves behind, and who comes after it, is not that program."""
    place = context.place()
    config = os.path.join(place.home, ".config", "hfauth")
    os.makedirs(config, mode=0o700)
    with open(os.path.join(config, "config.toml"), "w", encoding="utf-8") as file:
        file.write(f'[[policy]]\naction = "allow"\nprogram = "{PYTHON}"\n[[policy]]\naction = "deny"\n')
    agent = place.start()
    agent.connect().add("alice")
    other = os.path.join(place.root, "other-python")
    shutil.copy(PYTHON, other)
    rounds = context.rounds(quick=5, full=200)
    told = [inherited(agent, PYTHON) for _ in range(rounds)]
    own, left = (sum(column) for column in zip(*told))
    context.row(f"a grandchild inherits the connection of an allowed program that has ended, {rounds} times", "0 tokens out",
                f"{left} tokens (the program itself: {own})", left == 0 and own == rounds)
    after = NextProcess()
    told = [inherited(agent, other, after.take) for _ in range(rounds)]
    after.end()
    context.row(f"the same of a program that is denied, whose process id an allowed one has now, {after.reused} of {rounds} times",
                "0 tokens out", f"{sum(map(sum, told))} tokens", sum(map(sum, told)) == 0 and after.reused > 0)


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
    spawns = context.rounds(quick=200, full=100_000)
    subprocess.run(["/usr/bin/python3", "-c", FORK, agent.path, str(spawns)], timeout=3600, check=True)
    answer = agent.connect().call("GetToken").get("parameters", {})
    leaked = agent.connect().call("Status")["parameters"]["connections"]
    context.row(f"{spawns:,} processes that ask and end at once", "the agent counts right afterwards",
                f"{leaked} connection{'s' if leaked != 1 else ''} counted, {'served' if answer.get('token') == TOKEN else 'not served'}",
                leaked <= 2 and answer.get("token") == TOKEN)
    grandchildren(context)
