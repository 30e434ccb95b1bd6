#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hfauth's model of huggingface_hub's token rules against many real versions of huggingface_hub.

Every state of resolver_states.py is laid out in a folder of its own; each version is asked what get_token() returns and
what a request would carry; `resolver_probe` (lib/token) must say the same, and say "raises" exactly where it raises.
test_resolver_generated.py does the same with thousands of states.
"""
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from resolver_states import DIRECTORY, STATES, Link
from scratch import HERE, Scratch, installed

# Each line of the table in lib/token/src/resolver.cpp has its first and its last version here.
VERSIONS = ("0.5.1", "0.6.0", "0.11.1", "0.12.1", "0.18.0", "0.19.4", "0.20.3", "0.23.4", "0.26.5", "0.36.2", "1.9.0", "1.18.0",
            "1.19.0", "1.20.1", "1.33.0", "2.4.0")
DEADLINE_S = 500


def filled(value, home, cwd):
    return value.replace("{home}", str(home)).replace("{cwd}", str(cwd))


def laid_out(state, folder):
    """Makes a state's files below `folder`; the request that both sides are given."""
    home, cwd = folder / "home", folder / "cwd"
    home.mkdir(parents=True)
    cwd.mkdir()
    for name, content in state.files.items():
        path = Path(filled(name, home, cwd))
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is DIRECTORY:
            path.mkdir()
        elif isinstance(content, Link):
            path.symlink_to(filled(content.target, home, cwd))
        else:
            path.write_bytes(content)
    environment = {name: filled(value, home, cwd) for name, value in state.environment.items()}
    environment |= {"HOME": str(home), "LANG": "C.UTF-8", "HF_HUB_DISABLE_UPDATE_CHECK": "1"}
    return {"environment": environment, "home": str(home), "cwd": str(cwd), "colab": state.colab}


class Comparison(unittest.TestCase):
    """What a test of either kind needs; it has no tests itself."""

    def requests(self, user, side, version, states=STATES):
        """The states laid out anew: some versions write into the home while they look for a token."""
        return [laid_out(state, user.folder / side / version / str(n)) for n, state in enumerate(states)]

    def answers(self, command, requests, **environment):
        lines = "".join(json.dumps(request) + "\n" for request in requests)
        done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, timeout=DEADLINE_S,
                              env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment})
        self.assertEqual(done.returncode, 0, command)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(told), len(requests))
        return told

    @staticmethod
    def told(real):
        return real["raises"] or (real["token"] and bytes.fromhex(real["token"]))


def probe():
    return str(Path(os.environ["HFAUTH_BUILD"]) / "tests" / "resolver_probe")


class Differential(Comparison):
    def check(self, version):
        with Scratch() as user:
            theirs = self.answers([installed("python"), str(HERE / "resolver_client.py")], self.requests(user, "theirs", version),
                                  PYTHONPATH=installed("hub", version))
            mine = self.answers([probe()], [request | {"version": version} for request in self.requests(user, "mine", version)])
        for state, real, ours in zip(STATES, theirs, mine, strict=True):
            with self.subTest(state.name, version=version):
                # An empty token (up to 0.19) sends no header either: the model has one "none" for both.
                self.assertEqual((ours["raises"], ours["token"]), (real["raises"] is not None, real["token"] or None),
                                 f"ours came from {ours['source']} {ours['where']}; the client: {self.told(real)}")
                if "sent" in real:
                    self.assertEqual(ours["token"] if ours["sent_by_default"] else None, real["sent"])


def add_version(version):
    def test(self):
        self.check(version)
    setattr(Differential, f"test_huggingface_hub_{version.replace('.', '_')}", test)


for known in VERSIONS:
    add_version(known)

if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
