# SPDX-License-Identifier: Apache-2.0
#
# A real hfauthd for one test: in a home and a runtime folder of its own, with its log searched for tokens at the end.
# Nothing sleeps: the program tells when it listens (--ready-fd), and everything else is waited for with a deadline.
"""Needs HFAUTH_BIN, the folder of the programs."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

HFAUTHD = os.path.join(os.environ["HFAUTH_BIN"], "hfauthd")
AGENT = "org.hfauth.Agent."
TOKEN = "hf_" + "TestToken" + "Qx" * 12
DEADLINE = 20


class Connection:
    """One connection; call() gives the reply as a dictionary, None if the agent closed."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(path)
        self.rest = b""

    def __del__(self):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def reply(self):
        while b"\0" not in self.rest:
            try:
                data = self.socket.recv(65536)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def send_call(self, method, **parameters):
        if "." not in method:
            method = AGENT + method
        try:
            self.send(json.dumps({"method": method, "parameters": parameters}).encode() + b"\0")
        except BrokenPipeError:
            pass

    def call(self, method, **parameters):
        self.send_call(method, **parameters)
        return self.reply()

    def send_add(self, profile="alice", **more):
        fields = dict(profile=profile, endpoint="https://huggingface.co", kind="user", user="ada", role="read",
                      display_name="", scopes=[], orgs=[], token=TOKEN)
        fields.update(more)
        self.send_call("Add", **fields)

    def add(self, profile="alice", **more):
        self.send_add(profile, **more)
        return self.reply()


class Agent:
    """A running hfauthd."""

    def __init__(self, root, *options, store="memory", prefix=(), program=(HFAUTHD,), environment=None):
        self.root = root
        self.path = os.path.join(root, "run", "hfauth", "agent.sock")
        self.log = os.path.join(root, "log")
        read, write = os.pipe()
        variables = {"HOME": os.path.join(root, "home"), "XDG_RUNTIME_DIR": os.path.join(root, "run"),
                     "PATH": os.environ["PATH"], "HFAUTH_STORE": store}
        variables.update(environment or {})
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*prefix, *program, "--ready-fd", str(write), *options], stderr=log,
                                            stdout=log, env=variables, pass_fds=[write])
        os.close(write)
        with open(read, encoding="utf-8") as line:
            self.ready = line.readline().strip()

    def connect(self):
        return Connection(self.path)

    def wait(self):
        return self.process.wait(DEADLINE)

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        return self.wait()

    def end_children(self):
        """The programs that it runs: without it they would start another agent, in a folder that is being removed."""
        told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False)
        for child in map(int, told.stdout.split()):
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def log_text(self):
        with open(self.log, encoding="utf-8") as log:
            return log.read()


def wait_until(condition, what):
    """Polls without a fixed delay: each round is a wait of 10 ms for something that may come at any time."""
    ticker = threading.Event()
    for _ in range(DEADLINE * 100):
        if condition():
            return
        ticker.wait(0.01)
    raise AssertionError(f"not within {DEADLINE} s: {what}")


class Case(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="hfauthd-test-")
        os.mkdir(os.path.join(self.root, "home"), 0o700)
        os.mkdir(os.path.join(self.root, "run"), 0o700)
        self.agents = []

    def tearDown(self):
        for agent in self.agents:
            if agent.process.poll() is None:
                agent.end_children()
                agent.kill()
            self.assertNotIn(TOKEN, agent.log_text(), "a token stands in the log")
        shutil.rmtree(self.root)

    def start(self, *options, **more):
        agent = Agent(self.root, *options, **more)
        self.agents.append(agent)
        return agent

    def lease(self):
        return os.path.join(self.root, "run", "hfauth", "default", "token")


def main():
    """unittest.main(), but that with HFAUTH_REQUIRE_ALL=1 nothing may be skipped."""
    result = unittest.main(exit=False, verbosity=1).result
    if result.wasSuccessful() and result.skipped and os.environ.get("HFAUTH_REQUIRE_ALL") == "1":
        print("cannot run, and HFAUTH_REQUIRE_ALL=1:", result.skipped, file=sys.stderr)
        sys.exit(1)
    sys.exit(0 if result.wasSuccessful() else 1)
