#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the files that the Hub stand-in serves as microsoft/phi-4, from the public cl100k ranks.

    build_phi4.py [--package DIR | --download] [--out DIR]    builds (default: this folder's assets/phi-4)
    build_phi4.py --check TOKENIZER_JSON [--config FILE]      compares what it builds with another copy (.json or .json.xz)

Idea: cl100k is a list of byte strings in rank order, and a rank is an id. A byte-level BPE file wants a merge list
instead: the merge that makes token t is the pair that t falls into when it is encoded with the ranks below its own, so
encoding every token of two bytes or more with only smaller ranks gives the 100,000 merges in order. About a second of Python.
phi-4 itself adds 96 tokens to the ranks (ids 100256 to 100351), all special, all eating the white space around them.

The ranks come from the npm package `tiktoken` (MIT), unpacked in DIR or fetched with `npm pack`. Standard library only.
"""
import argparse
import base64
import json
import lzma
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "tiktoken@1.0.22"
RANKS = "encoders/cl100k_base.json"
N_RANKS = 100256
N_TOKENS = 100352
SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
         r"|\s*[\r\n]+|\s+(?!\S)|\s+")
# The named ones among the 96; the others are <|dummy_0|>, <|dummy_1|>, ... in id order.
NAMED = {100257: "<|endoftext|>", 100258: "<|fim_prefix|>", 100259: "<|fim_middle|>", 100260: "<|fim_suffix|>",
         100264: "<|im_start|>", 100265: "<|im_end|>", 100266: "<|im_sep|>", 100276: "<|endofprompt|>"}
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    + "".join("{%% %s (message['role'] == '%s') %%}{{'<|im_start|>%s<|im_sep|>' + message['content'] + '<|im_end|>'}}"
              % ("if" if role == "system" else "elif", role, role) for role in ("system", "user", "assistant"))
    + "{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant<|im_sep|>' }}{% endif %}")
MODEL_CONFIG = {
    "architectures": ["Phi3ForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 100257,
    "embd_pdrop": 0.0, "eos_token_id": 100265, "hidden_act": "silu", "hidden_size": 5120, "initializer_range": 0.02,
    "intermediate_size": 17920, "max_position_embeddings": 16384, "model_type": "phi3", "num_attention_heads": 40,
    "num_hidden_layers": 40, "num_key_value_heads": 10, "original_max_position_embeddings": 16384,
    "pad_token_id": 100349, "resid_pdrop": 0.0, "rms_norm_eps": 1e-05, "rope_scaling": None, "rope_theta": 250000,
    "sliding_window": None, "tie_word_embeddings": False, "torch_dtype": "bfloat16", "use_cache": True,
    "vocab_size": N_TOKENS}


def byte_alphabet():
    """The GPT-2 byte alphabet: printable bytes stand for themselves, the 68 others for U+0100 and up."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    alphabet = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        if byte not in alphabet:
            alphabet[byte] = chr(0x100 + len(alphabet) - len(printable))
    return [alphabet[byte] for byte in range(256)]


def read_ranks(package):
    """The byte strings in rank order. The file holds lines `! first-rank base64 base64 ...`."""
    tokens = {}
    for line in json.loads((package / RANKS).read_text())["bpe_ranks"].splitlines():
        _, first, *encoded = line.split(" ")
        for n, text in enumerate(encoded):
            tokens[int(first) + n] = base64.b64decode(text)
    if sorted(tokens) != list(range(N_RANKS)):
        raise SystemExit(f"{package / RANKS}: expected ranks 0 to {N_RANKS - 1}, found {len(tokens)}")
    return [tokens[rank] for rank in range(N_RANKS)]


def halves(token, ranks):
    """The two parts that `token` consists of when only lower ranks may merge."""
    parts = [token[i:i + 1] for i in range(len(token))]
    limit = ranks[token]
    while len(parts) > 2:
        rank, at = min((ranks.get(parts[i] + parts[i + 1], limit), i) for i in range(len(parts) - 1))
        if rank >= limit:
            raise SystemExit(f"rank {limit}: the token cannot be reached by merges")
        parts[at:at + 2] = [parts[at] + parts[at + 1]]
    return parts


def added_tokens():
    names, n_dummies = [], 0
    for token_id in range(N_RANKS, N_TOKENS):
        if token_id in NAMED:
            names.append((token_id, NAMED[token_id]))
        else:
            names.append((token_id, f"<|dummy_{n_dummies}|>"))
            n_dummies += 1
    return [{"id": token_id, "content": name, "single_word": False, "lstrip": True, "rstrip": True,
             "normalized": False, "special": True} for token_id, name in names]


def tokenizer_json(tokens):
    alphabet = byte_alphabet()

    def spell(data):
        return "".join(alphabet[byte] for byte in data)

    ranks = {token: rank for rank, token in enumerate(tokens)}
    merges = [" ".join(spell(part) for part in halves(token, ranks)) for token in tokens if len(token) > 1]
    added = added_tokens()
    vocab = {spell(token): rank for rank, token in enumerate(tokens)} | {a["content"]: a["id"] for a in added}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Removed", "invert": True},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]},
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                  "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "vocab": vocab,
                  "merges": merges}}


def tokenizer_config():
    flags = ("content", "lstrip", "normalized", "rstrip", "single_word", "special")
    return {"add_prefix_space": False,
            "added_tokens_decoder": {str(a["id"]): {flag: a[flag] for flag in flags} for a in added_tokens()},
            "bos_token": "<|endoftext|>", "chat_template": CHAT_TEMPLATE, "clean_up_tokenization_spaces": False,
            "eos_token": "<|im_end|>", "model_max_length": 16384, "pad_token": "<|dummy_85|>",
            "tokenizer_class": "GPT2Tokenizer"}


def special_tokens_map():
    def role(content):
        return {"content": content, "lstrip": True, "normalized": False, "rstrip": True, "single_word": False}
    return {"bos_token": role("<|endoftext|>"), "eos_token": role("<|im_end|>"), "pad_token": role("<|dummy_85|>")}


def build(package):
    """All files of the repository, name -> bytes."""
    def pretty(value):
        return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()

    def compact(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    return {"tokenizer.json": compact(tokenizer_json(read_ranks(package))),
            "tokenizer_config.json": pretty(tokenizer_config()),
            "special_tokens_map.json": pretty(special_tokens_map()),
            "config.json": pretty(MODEL_CONFIG),
            "generation_config.json": pretty({"_from_model_config": True, "bos_token_id": 100257,
                                              "eos_token_id": [100257, 100265], "pad_token_id": 100349})}


def write(files, out):
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if len(content) > 100_000:
            packed = lzma.compress(content, check=lzma.CHECK_SHA256, preset=9 | lzma.PRESET_EXTREME)
            (out / f"{name}.xz").write_bytes(packed)
        else:
            (out / name).write_bytes(content)


def load_json(path):
    opened = lzma.open(path) if path.suffix == ".xz" else open(path, "rb")
    with opened as file:
        return json.load(file)


def differences(mine, other, where="$"):
    """The first few places where two JSON values differ; a merge may be spelled "a b" or ["a", "b"]."""
    if where.endswith(".merges"):
        mine, other = ([m if isinstance(m, str) else " ".join(m) for m in side] for side in (mine, other))
    if isinstance(mine, dict) and isinstance(other, dict):
        found = []
        for key in [*mine, *(key for key in other if key not in mine)]:
            if key not in mine or key not in other:
                found.append(f"{where}.{key}: only in {'the built one' if key in mine else 'the other'}")
            else:
                found += differences(mine[key], other[key], f"{where}.{key}")
            if len(found) > 5:
                break
        return found
    if isinstance(mine, list) and isinstance(other, list):
        if len(mine) != len(other):
            return [f"{where}: {len(mine)} items built, {len(other)} in the other"]
        unequal = (i for i, (a, b) in enumerate(zip(mine, other)) if a != b)
        return [found for i, _ in zip(unequal, range(5)) for found in differences(mine[i], other[i], f"{where}[{i}]")]
    return [] if mine == other and type(mine) is type(other) else [f"{where}: built {mine!r}, the other {other!r}"]


def downloaded(folder):
    """Fetches the package with the ordinary npm client and unpacks its ranks."""
    done = subprocess.run(["npm", "pack", "--silent", "--pack-destination", folder, PACKAGE], stdout=subprocess.PIPE,
                          text=True)
    if done.returncode != 0:
        raise SystemExit(f"npm pack {PACKAGE} failed; unpack the package yourself and give its folder with --package")
    with tarfile.open(Path(folder) / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extract(f"package/{RANKS}", folder)
    return Path(folder) / "package"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--package", type=Path, help="the unpacked npm package; without it, npm fetches it")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "assets" / "phi-4")
    parser.add_argument("--check", type=Path, metavar="TOKENIZER_JSON", help="compare instead of writing")
    parser.add_argument("--config", type=Path, metavar="TOKENIZER_CONFIG", help="compare this one too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = build(options.package or downloaded(folder))
    if not options.check:
        write(files, options.out)
        print(f"wrote {len(files)} files to {options.out}")
        return 0
    found = differences(json.loads(files["tokenizer.json"]), load_json(options.check))
    if options.config:
        found += differences(json.loads(files["tokenizer_config.json"]), load_json(options.config))
    print("\n".join(found) if found else "equal: same vocabulary, merges, added tokens and pipeline")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
