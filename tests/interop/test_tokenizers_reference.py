#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`hfauth tokenize` against the reference, PyPI `tokenizers`, on phi-4: ids, tokens and offsets of random texts.

HFAUTH_SEED and HFAUTH_TEXTS choose other texts and more of them; a failure prints the seed and the text.
"""
import json
import lzma
import os
import sys
import unittest

import texts
from scratch import HERE, Scratch, installed, json_lines

ASSET = HERE.parent / "support" / "hub" / "assets" / "phi-4" / "tokenizer.json.xz"
SEED = int(os.environ.get("HFAUTH_SEED", "20261122"))
COUNT = int(os.environ.get("HFAUTH_TEXTS", "20000"))
FIELDS = ("ids", "tokens", "offsets")


class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.user = cls.enterClassContext(Scratch())
        cls.tokenizer = cls.user.folder / "tokenizer.json"
        cls.tokenizer.write_bytes(lzma.decompress(ASSET.read_bytes()))

    def ours(self, cases):
        lines = "".join(json.dumps({"text": text}) + "\n" for text in cases)
        told = self.user.hfauth("tokenize", "--tokenizer", self.tokenizer, "--json-lines", "--fields", ",".join(FIELDS),
                                stdin=lines).stdout
        return json_lines(told)

    def reference(self, cases):
        told = self.user.run(PYTHON, HERE / "encode_with.py", "tokenizers", self.tokenizer, stdin=json.dumps(cases))
        return json.loads(told.stdout)

    def compare(self, cases):
        mine, theirs = self.ours(cases), self.reference(cases)
        self.assertEqual((len(mine), len(theirs)), (len(cases), len(cases)))
        for text, ours, reference in zip(cases, mine, theirs):
            for field in FIELDS:
                self.assertEqual(ours.get(field), reference[field], f"{field} of {text!r} (seed {SEED})")

    def test_varied_texts(self):
        self.compare(texts.VARIED)

    def test_random_texts(self):
        self.compare(texts.random_texts(SEED, COUNT))


if __name__ == "__main__":
    PYTHON = installed("python")
    unittest.main(argv=[sys.argv[0], "-v"])
