#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Eight processes, four `hfauth download` and four of the real huggingface_hub (2.4 twice, 1.33, 0.36), download the same
200 files into one cold cache at once, twenty times.

No process fails, no file is torn, nothing unfinished is left, and the cache is the same as after one process of either kind
alone: names, links, content, modes, refs, the list of the commit's files. Each round is a new cache, and who starts first
changes. HFAUTH_ROUNDS runs another number. Twenty rounds take 25 s of processor time, the stand-in's included (2026-11-25).
"""
import json
import os
import shutil
import subprocess
import sys
import unittest

import cache_tree
from planted import Planted
from scratch import HERE, RunningHub, Scratch, installed, program

ROUNDS = int(os.environ.get("HFAUTH_ROUNDS", "20"))
VERSIONS = (None, None, "1.33.0", "0.36.2")  # None: that of the environment
REPO = "org/race"
DEADLINE_S = 120


def files():
    """200 files: most small, a quarter in large-file storage, some with the content of another, some in folders."""
    made = {}
    for number in range(200):
        folder = f"part-{number % 7}/sub/" if number % 3 else ""
        size = 300 + 97 * (number % 190)  # ten of them twice
        made[f"{folder}file-{number:03d}.bin"] = {"noise": size, "lfs": number % 4 == 0}
    return made


class PythonClient:
    def __init__(self, user, version, token):
        environment = {**user.environment, "HF_TOKEN": token, "HF_HUB_DISABLE_XET": "1"}
        if version:
            environment["PYTHONPATH"] = installed("hub", version)
        self.process = subprocess.Popen([PYTHON, HERE / "race_client.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=environment)
        self.name = f"huggingface_hub {version or 'of the environment'}"
        self.ready = self.process.stdout.readline()

    def start(self, cache):
        self.process.stdin.write(json.dumps({"repo": REPO, "cache": str(cache)}) + "\n")
        self.process.stdin.flush()

    def result(self):
        return json.loads(self.process.stdout.readline() or '{"error": "ended"}')

    def end(self):
        _, said = self.process.communicate(timeout=DEADLINE_S)
        return said


class OurClient:
    def __init__(self, user):
        self.user, self.name = user, "hfauth download"

    def start(self, cache):
        self.process = subprocess.Popen([program(), "download", REPO], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True,
                                        env={**self.user.environment, "HF_HUB_CACHE": str(cache)})

    def result(self):
        told, said = self.process.communicate(timeout=DEADLINE_S)
        self.user.said.append((self.name, told + said))
        return told.removesuffix("\n") if self.process.returncode == 0 else {"error": said}


class Race(unittest.TestCase):
    def setUp(self):
        self.hub = self.enterContext(RunningHub("--unlimited"))
        self.hub.control(repo={"id": REPO, "private": True, "files": files()})
        token = self.hub.accounts["bob"]
        self.user = self.enterContext(Scratch(HF_ENDPOINT=self.hub.endpoint))
        self.enterContext(Planted(self.user, self.hub, token))
        self.user.login(token)
        self.pythons = [PythonClient(self.user, version, token) for version in VERSIONS]
        for client in self.pythons:
            self.assertEqual(client.ready, "ready\n", client.name)
        self.ours = [OurClient(self.user) for _ in range(4)]

    def tearDown(self):
        for client in self.pythons:
            self.user.said.append((client.name, client.end()))

    def downloaded(self, clients, cache):
        """Runs them at once into `cache`; what is there then."""
        for client in clients:
            client.start(cache)
        results = [(client.name, client.result()) for client in clients]
        errors = [(name, result["error"]) for name, result in results if isinstance(result, dict)]
        self.assertEqual(errors, [], "\n".join(f"{name}: {error}" for name, error in errors))
        self.assertEqual({str(cache) in folder and folder for _, folder in results}, {results[0][1]})
        self.assertEqual(cache_tree.left_over(cache), [])
        self.assertEqual(cache_tree.torn(cache), [])
        return cache_tree.tree_of(cache)

    def test_all_at_once_leave_what_one_alone_leaves(self):
        reference = self.downloaded(self.pythons[:1], self.user.folder / "alone-python")
        self.assertEqual(sum("/snapshots/" in path for path in reference), 200)
        self.assertEqual(self.downloaded(self.ours[:1], self.user.folder / "alone-ours"), reference)
        for number in range(ROUNDS):
            cache = self.user.folder / f"round-{number}"
            mixed = [client for pair in zip(self.ours, self.pythons, strict=True) for client in pair]
            order = mixed[number % 8:] + mixed[:number % 8]
            with self.subTest(round=number, first=order[0].name):
                self.assertEqual(self.downloaded(order, cache), reference)
            shutil.rmtree(cache)


if __name__ == "__main__":
    PYTHON = installed("python")
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
