#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`hfauth tokenize` on formats that are no tokenizer.json, against the libraries whose formats they are.

SentencePiece models (trained here, so that every field of them has its turn) against sentencepiece, ranks against tiktoken,
tekken.json against mistral-common, folders with vocab.json, vocab.txt or tokenizer.model and their configuration against
transformers. HFAUTH_SEED chooses other texts, HFAUTH_TEXTS more of them and every configuration (importing transformers
takes seconds).
"""
import base64
import json
import lzma
import os
import sys
import unittest
from pathlib import Path

import texts
from scratch import HERE, Scratch, installed, json_lines

PHI4 = HERE.parent / "support" / "hub" / "assets" / "phi-4"
SEED = int(os.environ.get("HFAUTH_SEED", "20261125"))
COUNT = int(os.environ.get("HFAUTH_TEXTS", "300"))
ALL = "HFAUTH_TEXTS" in os.environ
# Bytes of one character share its place here; there all but the last have none.
BYTE = [f"<0x{byte:02X}>" for byte in range(256)]
SPECIAL = ["<sep>", "<s>", "</s>", "<unk>", "<|im_start|>", "<|endoftext|>", "<|fim_prefix|>", "[CLS]", "[MASK]", "[INST]", "<mask>", "<extra>",
           "12", "  ", "▁", "<0x41>"]


def byte_alphabet():
    """GPT-2's characters for the 256 bytes, back to bytes."""
    plain = [*range(33, 127), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {**{chr(byte): byte for byte in plain}, **{chr(0x100 + i): byte for i, byte in enumerate(others)}}


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.user = cls.enterClassContext(Scratch(PYTHONPATH=LIBRARIES, TRANSFORMERS_VERBOSITY="error", HF_HUB_OFFLINE="1"))
        cls.folder = cls.user.folder
        cls.texts = texts.VARIED + texts.random_texts(SEED, COUNT, SPECIAL)
        cls.tokenizer = json.loads(lzma.decompress((PHI4 / "tokenizer.json.xz").read_bytes()))
        sources = [path.read_text(encoding="utf-8") for path in sorted((HERE.parents[1] / "docs").rglob("*.md"))] + cls.texts
        cls.user.run(PYTHON, HERE / "format_references.py", "train", cls.folder, stdin=json.dumps(sources))

    def compare(self, path, reference, *fields):
        told = self.user.run(PYTHON, HERE / "format_references.py", *reference, stdin=json.dumps(self.texts))
        theirs = json.loads(told.stdout)
        requests = [{"text": text} for text in self.texts] + [{"ids": reply["ids"]} for reply in theirs]
        told = self.user.hfauth("tokenize", "--tokenizer", path, "--json-lines", stdin="".join(json.dumps(one) + "\n" for one in requests))
        ours = json_lines(told.stdout)
        ids = self.user.hfauth("tokenize", "--tokenizer", path, "--json-lines", "--fields", "ids",
                               stdin="".join(json.dumps(one) + "\n" for one in requests[:len(self.texts)])).stdout
        for text, mine, alone, decoded, reply in zip(self.texts, ours, json_lines(ids), ours[len(self.texts):], theirs):
            where = f"of {text!r} ({Path(path).name}, seed {SEED})"
            self.assertEqual(mine.get("ids"), reply["ids"], f"ids {where}")
            self.assertEqual(alone.get("ids"), reply["ids"], f"ids alone {where}")
            self.assertEqual(decoded.get("text"), reply["decoded"], f"decoding {where}")
            for field in fields:
                kept = [token not in BYTE for token in reply["tokens"]]
                self.assertEqual([value for value, keep in zip(mine[field], kept) if keep],
                                 [value for value, keep in zip(reply[field], kept) if keep], f"{field} {where}")

    def test_sentencepiece_models(self):
        for name in ("unigram", "unigram_bytes", "bpe", "bpe_bytes", "bpe_suffix", "bare"):
            with self.subTest(name):
                path = self.folder / f"{name}.model"
                self.compare(path, ("sentencepiece", path), "tokens", "offsets")

    def test_ranks_of_tiktoken(self):
        to_byte = byte_alphabet()
        ranks = sorted((rank, bytes(to_byte[c] for c in token)) for token, rank in self.tokenizer["model"]["vocab"].items())[:100256]
        path = self.folder / "cl100k_base.tiktoken"
        path.write_text("".join(f"{base64.b64encode(token).decode()} {rank}\n" for rank, token in ranks))
        self.compare(path, ("tiktoken", path, "cl100k_base"))

    def test_tekken(self):
        path = Path(LIBRARIES) / "mistral_common" / "data" / "tekken_240911.json"
        link = self.folder / "tekken.json"
        link.symlink_to(path)
        self.compare(link, ("tekken", path))

    def vocab_folder(self, name, config, special):
        """The first merges of phi-4 as vocab.json and merges.txt."""
        merges = self.tokenizer["model"]["merges"][:3000]
        pairs = [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]
        tokens = list(dict.fromkeys([*special, *byte_alphabet(), *(pair.replace(" ", "") for pair in pairs)]))
        folder = self.folder / name
        folder.mkdir()
        (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}), encoding="utf-8")
        (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(pairs) + "\n", encoding="utf-8")
        (folder / "tokenizer_config.json").write_text(json.dumps(config))
        return folder

    def test_vocabulary_and_merges(self):
        marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        added = {"5000": {"content": "<extra>", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False, "special": True}}
        cases = {"gpt2": ({"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True}, ["<|endoftext|>"]),
                 "gpt2_bos": ({"tokenizer_class": "GPT2TokenizerFast", "add_bos_token": True, "additional_special_tokens": ["<sep>"]}, ["<|endoftext|>"]),
                 "roberta": ({"tokenizer_class": "RobertaTokenizer", "added_tokens_decoder": added}, marks),
                 "qwen2": ({"tokenizer_class": "Qwen2Tokenizer", "added_tokens_decoder": added, "split_special_tokens": False}, ["<|endoftext|>"])}
        for name, (config, special) in cases.items():
            if not ALL and name not in ("gpt2_bos", "roberta"):
                continue
            with self.subTest(name):
                folder = self.vocab_folder(name, config, special)
                self.compare(folder, ("transformers", folder), "tokens", "offsets")

    def test_vocab_txt(self):
        folder = self.folder / "bert"
        folder.mkdir()
        letters = sorted({c for text in self.texts for c in text if c.isprintable() and not c.isspace()})[:600]
        words = ["the", "##s", "##ing", "token", "hello", "world", "##ization", "don"]
        vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + c for c in letters), *words]
        (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
        for lower in (True, False) if ALL else (True,):
            with self.subTest(do_lower_case=lower):
                (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": lower}))
                self.compare(folder, ("transformers", folder), "tokens", "offsets")

    def test_llama_from_its_model(self):
        for name, more in {"llama": {"add_bos_token": True}, "legacy": {"legacy": True, "add_bos_token": True, "add_eos_token": True}}.items():
            if not ALL and name == "llama":
                continue
            with self.subTest(name):
                folder = self.folder / name
                folder.mkdir()
                (folder / "tokenizer.model").write_bytes((self.folder / "bpe_bytes.model").read_bytes())
                (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "LlamaTokenizer", **more}))
                self.compare(folder, ("transformers", folder), "tokens", "offsets")

    def test_phi_4_with_its_configuration(self):
        folder = self.folder / "phi-4"
        folder.mkdir()
        (folder / "tokenizer.json").write_text(json.dumps(self.tokenizer), encoding="utf-8")
        for name in ("config.json", "tokenizer_config.json", "special_tokens_map.json"):
            (folder / name).write_bytes((PHI4 / name).read_bytes())
        self.compare(folder, ("transformers", folder), "tokens", "offsets")


if __name__ == "__main__":
    PYTHON = installed("python")
    LIBRARIES = installed("extra", "formats")
    unittest.main(argv=[sys.argv[0], "-v"])
