#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One cache for hfauth and the real clients, each with each: huggingface_hub 2, 1 and 0, npm's @huggingface/hub,
transformers, datasets.

Each client reads what `hfauth download` put there without a request for a file's body, by the stand-in's own log, and
without any request when it is offline; `hfauth download`, `cache verify` and `tokenize` do the same with what each client
downloaded. A private repository, so that everybody needs the token; it must not turn up anywhere (planted.py).
"""
import json
import sys
import unittest
from pathlib import Path

import cache_tree
from planted import Planted
from scratch import HERE, RunningHub, Scratch, installed

OFFLINE = {"HF_HUB_OFFLINE": "1"}
TABLE = {"id": "org/table", "kind": "dataset", "private": True, "files": {
    "README.md": "---\nlicense: mit\n---\n", "data/train.csv": "number,word\n1,eins\n2,zwei\n",
    "data/test.csv": "number,word\n3,drei\n"}}
ROWS = {"train": {"number": [1, 2], "word": ["eins", "zwei"]}, "test": {"number": [3], "word": ["drei"]}}
PHI = {"repo": "microsoft/phi-4", "kind": "model"}
ORDERS = [{"repo": "org/private", "kind": "model"}, {"repo": "org/table", "kind": "dataset"}, PHI]
SENTENCE, TOKENS = "I am studying tokenization", ["I", "Ġam", "Ġstudying", "Ġtoken", "ization"]


class Python:
    def __init__(self, call, **variables):
        self.call, self.variables = call, variables

    def __call__(self, user, orders, **more):
        return answers(user, PYTHON, HERE / "client_calls.py", self.call, orders=orders, **self.variables, **more)


class JavaScript:
    def __call__(self, user, orders, **more):
        return answers(user, NODE / "node", HERE / "client_calls.mjs", NODE, orders=orders, **more)


def answers(user, *command, orders, **variables):
    told = user.run(*command, stdin=json.dumps(orders), **variables).stdout
    return json.loads(told.rstrip("\n").rsplit("\n", 1)[-1])


class Matrix(unittest.TestCase):
    def setUp(self):
        self.hub = self.enterContext(RunningHub())
        self.hub.control(repo=TABLE)
        token = self.hub.accounts["bob"]
        self.user = self.enterContext(Scratch(HF_ENDPOINT=self.hub.endpoint))
        self.cache = self.user.home / ".cache" / "huggingface" / "hub"
        self.planted = self.enterContext(Planted(self.user, self.hub, token))
        self.user.login(token)
        self.token = {"HF_TOKEN": token}  # for the clients, which know nothing of hfauth here

    def truth(self, order):
        """path -> id, as the Hub lists it."""
        listed = self.hub.get(f"/api/{order['kind']}s/{order['repo']}/tree/main?recursive=true", account="bob").json
        return {entry["path"]: entry.get("lfs", entry)["oid"] for entry in listed if entry["type"] == "file"}

    def requests(self, bodies_only):
        """How many requests there were until now."""
        asked = [entry for entry in self.hub.log() if not bodies_only
                 or entry["method"] == "GET" and ("/resolve" in entry["path"] or "/raw/" in entry["path"])]
        return len(asked) + len(self.hub.log(self.hub.cdn))

    def without_requests(self, call, *, bodies_only):
        before = self.requests(bodies_only)
        result = call()
        self.assertEqual(self.requests(bodies_only), before, [entry["path"] for entry in self.hub.log()[-8:]])
        return result

    def download(self, order, *options, **variables):
        """The folder that `hfauth download` prints."""
        told = self.user.hfauth("download", order["repo"], "--type", order["kind"], *options, **variables)
        return told.stdout.removesuffix("\n")

    def check_files(self, answer, order, folder):
        self.assertEqual(answer["folder"], folder)
        truth = self.truth(order)
        self.assertEqual(sorted(answer["files"]), sorted(truth))
        for path, ids in answer["files"].items():
            self.assertIn(truth[path], ids, path)

    def check_cache(self):
        self.assertEqual(cache_tree.left_over(self.cache), [])
        self.assertEqual(cache_tree.torn(self.cache), [])
        self.without_requests(lambda: self.user.hfauth("cache", "verify"), bodies_only=False)

    def client_reads_ours(self, client):
        folders = [self.download(order) for order in ORDERS]
        for order, folder, answer in zip(ORDERS, folders, self.without_requests(
                lambda: client(self.user, ORDERS, **self.token), bodies_only=True), strict=True):
            self.check_files(answer, order, folder)
        offline = self.without_requests(lambda: client(self.user, ORDERS, **OFFLINE), bodies_only=False)
        self.assertEqual([answer["folder"] for answer in offline], folders)
        self.check_cache()

    def we_read_theirs(self, client):
        folders = [answer["folder"] for answer in client(self.user, ORDERS, **self.token)]
        self.assertGreater(self.requests(bodies_only=True), 0)
        before = cache_tree.tree_of(self.cache)
        self.check_cache()
        ours = self.without_requests(lambda: [self.download(order, **OFFLINE) for order in ORDERS], bodies_only=False)
        self.assertEqual(ours, folders)
        told = self.without_requests(lambda: self.user.hfauth("tokenize", "-m", PHI["repo"], SENTENCE, **OFFLINE),
                                     bodies_only=False).stdout
        self.assertEqual(told, f"{TOKENS}\n")
        ours = self.without_requests(lambda: [self.download(order) for order in ORDERS], bodies_only=True)
        self.assertEqual(ours, folders)
        after = cache_tree.tree_of(self.cache)
        self.assertEqual({path: after[path] for path in before}, before, "hfauth changed what the client had put there")
        self.check_cache()

    def test_transformers_reads_what_hfauth_downloaded(self):
        self.download(PHI)
        client = Python("transformers")
        reference = json.loads(self.user.hfauth("tokenize", "-m", PHI["repo"], "--json", SENTENCE).stdout)["ids"]
        online = self.without_requests(lambda: client(self.user, [PHI], **self.token), bodies_only=True)
        offline = self.without_requests(lambda: client(self.user, [PHI], **OFFLINE), bodies_only=False)
        self.assertEqual([online, offline], [[{"ids": reference}]] * 2)

    def test_datasets_reads_what_hfauth_downloaded(self):
        table = ORDERS[1]
        self.download(table)
        client = Python("datasets", PYTHONPATH=installed("extra", "datasets"))
        online = self.without_requests(lambda: client(self.user, [table], **self.token), bodies_only=True)
        offline = self.without_requests(lambda: client(self.user, [table], **OFFLINE), bodies_only=False)
        self.assertEqual([online, offline], [[{"rows": ROWS}]] * 2)

    def test_hfauth_reads_what_datasets_downloaded(self):
        table = ORDERS[1]
        client = Python("datasets", PYTHONPATH=installed("extra", "datasets"))
        self.assertEqual(client(self.user, [table], **self.token), [{"rows": ROWS}])
        self.check_cache()
        folder = self.without_requests(lambda: self.download(table), bodies_only=True)
        self.assertEqual(sorted(path.name for path in Path(folder).glob("data/*")), ["test.csv", "train.csv"])

    def test_xet_repository_needs_no_xet_to_be_read(self):
        """With Xet on, as it is by default, a client finds what hfauth fetched through the plain redirect."""
        order = {"repo": "org/xet", "kind": "model"}
        folder = self.download(order)
        answer, = self.without_requests(lambda: Python("huggingface_hub")(self.user, [order], **self.token), bodies_only=True)
        self.check_files(answer, order, folder)
        self.check_cache()


def add_client(name, client):
    setattr(Matrix, f"test_{name}_reads_what_hfauth_downloaded", lambda self: self.client_reads_ours(client()))
    setattr(Matrix, f"test_hfauth_reads_what_{name}_downloaded", lambda self: self.we_read_theirs(client()))


for version in ("0.36.2", "1.33.0"):
    add_client(f"huggingface_hub_{version.replace('.', '_')}",
               lambda version=version: Python("huggingface_hub", PYTHONPATH=installed("hub", version)))
add_client("huggingface_hub_of_the_environment", lambda: Python("huggingface_hub"))
add_client("huggingface_js", JavaScript)

if __name__ == "__main__":
    PYTHON = installed("python")
    NODE = Path(installed("node"))
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
