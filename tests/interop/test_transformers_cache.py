#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One cache for two: transformers reads offline what hfauth downloaded, and hfauth what huggingface_hub downloaded."""
import json
import os
import sys
import unittest
from pathlib import Path

import texts
from scratch import HERE, RunningHub, Scratch, installed, json_lines

MODEL = "microsoft/phi-4"
STORY = "I am studying tokenization"
STORY_TOKENS = ["I", "Ġam", "Ġstudying", "Ġtoken", "ization"]


class Cache(unittest.TestCase):
    def setUp(self):
        self.hub = self.enterContext(RunningHub())
        self.user = self.enterContext(Scratch(HF_ENDPOINT=self.hub.endpoint))
        self.repo = self.user.home / ".cache/huggingface/hub/models--microsoft--phi-4"

    def with_client(self, kind, stdin=None, **variables):
        return self.user.run(PYTHON, HERE / "encode_with.py", kind, MODEL, stdin=stdin, **variables).stdout

    def story(self, **variables):
        """The first sentence by `hfauth tokenize --json`."""
        return json.loads(self.user.hfauth("tokenize", "-m", MODEL, "--json", STORY, **variables).stdout)

    def links(self):
        """snapshot path -> where its link leads, and the commit of `main`."""
        commit = (self.repo / "refs" / "main").read_text()
        snapshot = self.repo / "snapshots" / commit
        return commit, {str(path.relative_to(snapshot)): os.readlink(path) for path in snapshot.rglob("*") if path.is_symlink()}

    def assert_same(self, offline):
        lines = "".join(json.dumps({"text": text}) + "\n" for text in texts.VARIED)
        told = self.user.hfauth("tokenize", "-m", MODEL, "--json-lines", stdin=lines, **offline).stdout
        mine = json_lines(told)
        theirs = json.loads(self.with_client("transformers", stdin=json.dumps(texts.VARIED), **offline))
        for text, ours, reference in zip(texts.VARIED, mine, theirs, strict=True):
            self.assertEqual({field: ours.get(field) for field in reference}, reference, repr(text))

    def test_transformers_reads_what_hfauth_downloaded(self):
        printed = self.user.hfauth("tokenize", "-m", MODEL, STORY).stdout
        self.assertEqual(printed, f"{STORY_TOKENS}\n")
        self.hub.control(fault="status", path="", status=500)  # from here on the network is no help
        before = len(self.hub.log())
        self.assert_same({"HF_HUB_OFFLINE": "1"})
        self.assertEqual(len(self.hub.log()), before)

    def test_hfauth_reads_what_huggingface_hub_downloaded(self):
        snapshot = Path(self.with_client("download").strip())
        self.assertEqual(snapshot.parent.parent, self.repo)
        before = len(self.hub.log())
        self.assertEqual(self.story(HF_HUB_OFFLINE="1")["tokens"], STORY_TOKENS)
        self.assert_same({"HF_HUB_OFFLINE": "1"})
        self.assertEqual(len(self.hub.log()), before)

    def test_both_lay_the_same_links(self):
        self.user.hfauth("tokenize", "-m", MODEL, STORY)
        commit, ours = self.links()
        self.assertIn("tokenizer.json", ours)
        self.with_client("download")
        commit_after, theirs = self.links()
        self.assertEqual(commit_after, commit)
        self.assertEqual({path: theirs[path] for path in ours}, ours)
        fetched = [entry["path"] for entry in self.hub.log(self.hub.cdn)]
        self.assertEqual(len(fetched), 1, "huggingface_hub fetched again what hfauth had put into the cache")

    def test_second_origin_never_saw_the_token(self):
        self.user.login(self.hub.accounts["alice"])
        self.user.hfauth("tokenize", "-m", MODEL, STORY)
        self.assertIn("alice", {entry["who"] for entry in self.hub.log() if "/resolve/" in entry["path"]})
        self.assertEqual({entry["who"] for entry in self.hub.log(self.hub.cdn)}, {"anonymous"})


if __name__ == "__main__":
    PYTHON = installed("python")
    unittest.main(argv=[sys.argv[0], "-v"])
