#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`hfauth tokenize` against the reference, PyPI `tokenizers`, on random tokenizers: every component, in any combination.

HFAUTH_SEED and HFAUTH_TOKENIZERS choose others and more of them; a failure prints the seed, the tokenizer's parts and the text.
"""
import json
import os
import random
import sys
import unittest

import texts
import tokenizer_parts
from scratch import HERE, Scratch, installed, json_lines

SEED = int(os.environ.get("HFAUTH_SEED", "20261125"))
TOKENIZERS = int(os.environ.get("HFAUTH_TOKENIZERS", "150"))
FIELDS = ("ids", "tokens", "offsets", "type_ids", "special_tokens_mask", "word_ids", "sequence_ids")


def requests(source):
    """Pairs of a text and perhaps a second one."""
    words = ["the", "<a>", " <q>", "<B>", "é!", "  ", "the<a>", "<a><B>"]
    for _ in range(25):
        text = "".join(source.choice(words) if source.random() < 0.3 else texts.random_text(source)[:20] for _ in range(source.randint(0, 5)))
        yield {"text": text} if source.random() < 0.7 else {"text": text, "pair": texts.random_text(source)[:20]}


class Components(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.user = cls.enterClassContext(Scratch())

    def compare(self, number):
        source = random.Random(f"{SEED}-{number}")
        file = self.user.folder / "tokenizer.json"
        file.write_text(tokenizer_parts.random_tokenizer(source), encoding="utf-8")
        asked = list(requests(source))
        told = self.user.run(PYTHON, HERE / "encode_with.py", "components", file, stdin=json.dumps(asked))
        theirs = json.loads(told.stdout)
        lines = "".join(json.dumps(request) + "\n" for request in asked)
        lines += "".join(json.dumps({"ids": reply.get("ids", [])}) + "\n" for reply in theirs)
        told = self.user.hfauth("tokenize", "--tokenizer", file, "--json-lines", stdin=lines).stdout
        ours = json_lines(told)
        self.assertEqual(len(ours), 2 * len(asked))
        parts = {key: value for key, value in json.loads(file.read_text()).items() if key not in ("model", "version")}
        for request, mine, decoded, reference in zip(asked, ours, ours[len(asked):], theirs):
            where = f"of {request} (seed {SEED}-{number}, {parts})"
            if "error" in reference:
                continue
            for field in FIELDS:
                self.assertEqual(mine.get(field), reference[field], f"{field} {where}")
            if "decoded" in reference:
                self.assertEqual(decoded.get("text"), reference["decoded"], f"decoding {where}")

    def test_random_tokenizers(self):
        for number in range(TOKENIZERS):
            self.compare(number)


if __name__ == "__main__":
    PYTHON = installed("python")
    unittest.main(argv=[sys.argv[0], "-v"])
