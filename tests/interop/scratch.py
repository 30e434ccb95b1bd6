# SPDX-License-Identifier: Apache-2.0
"""What the interop tests share: a user of their own, the Hub stand-in, the built programs, the real Python clients.

A `Scratch` is one user: a fresh home, a fresh runtime folder, nothing of the caller's environment but PATH. Leaving it
ends the agent that `hfauth` started there (found by who listens on its socket) and fails if it does not end.
"""
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support" / "hub"))
from client import RunningHub  # noqa: E402

__all__ = ["HERE", "RunningHub", "Scratch", "installed", "json_lines", "program"]

DEADLINE_S = 60


def installed(*what):
    """The path that venv.sh prints for `what`; leaves with its exit status if it fails."""
    done = subprocess.run([str(HERE / "venv.sh"), *what], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.returncode)
    return done.stdout.strip()


def json_lines(text):
    """The values of JSON lines. Not str.splitlines(): that splits at U+2028 and U+0085 too, which JSON leaves as they are."""
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


def program(name="hfauth"):
    path = Path(os.environ["HFAUTH_BIN"]) / name
    if not path.exists():
        raise SystemExit(f"{path} is not built")
    return str(path)


class Scratch:
    def __init__(self, **variables):
        self.folder = Path(tempfile.mkdtemp(prefix="hfi-"))
        self.home, self.runtime = self.folder / "home", self.folder / "run"
        self.home.mkdir(mode=0o700)
        self.runtime.mkdir(mode=0o700)
        self.said = []  # (command, all that it printed) of every run
        self.environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.home),
                            "XDG_RUNTIME_DIR": str(self.runtime), "HF_HUB_DISABLE_UPDATE_CHECK": "1",
                            "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1", **variables}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end_agent()
        shutil.rmtree(self.folder)

    def run(self, *command, check=True, stdin=None, **variables):
        """Runs a command as this user. With `check`, a failure raises with what it said."""
        done = subprocess.run([str(word) for word in command], input=stdin, stdin=subprocess.DEVNULL if stdin is None else None,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=DEADLINE_S,
                              env={**self.environment, **variables})
        self.said.append((" ".join(map(str, command[:2])), done.stdout + done.stderr))
        if check and done.returncode != 0:
            raise AssertionError(f"{command[0]} {command[1:2]} ended with {done.returncode}\nstdout: {done.stdout}\n"
                                 f"stderr: {done.stderr}")
        return done

    def hfauth(self, *arguments, **options):
        return self.run(program(), *arguments, **options)

    def login(self, token):
        return self.hfauth("login", "--token-stdin", stdin=token + "\n")

    def end_agent(self):
        agent_socket = self.runtime / "hfauth" / "agent.sock"
        if not agent_socket.exists():
            return
        with socket.socket(socket.AF_UNIX) as peer:
            try:
                peer.connect(str(agent_socket))
            except ConnectionRefusedError:
                return  # it died before
            pid, _, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        agent = os.pidfd_open(pid)
        try:
            signal.pidfd_send_signal(agent, signal.SIGTERM)
            ended, _, _ = select.select([agent], [], [], DEADLINE_S)
            if not ended:
                raise AssertionError(f"the agent (process {pid}) does not end on SIGTERM")
        finally:
            os.close(agent)
