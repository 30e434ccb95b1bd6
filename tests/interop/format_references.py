# SPDX-License-Identifier: Apache-2.0
"""Runs inside the virtual environment: models in the formats of other libraries, and what those make of texts.

    format_references.py train FOLDER                small SentencePiece models of every kind, from the texts on standard input
    format_references.py sentencepiece FILE          the library's own ids, pieces, offsets and decoded text
    format_references.py tiktoken FILE ENCODING      tiktoken, with the pattern and special tokens that it has for ENCODING
    format_references.py tekken FILE                 mistral-common
    format_references.py transformers FOLDER         AutoTokenizer on a folder

In: a JSON array of texts. Out: a JSON array of {"ids", ...}; offsets count code points.
"""
import json
import os
import sys

MODELS = {
    "unigram": {"model_type": "unigram", "vocab_size": 700, "user_defined_symbols": ["<sep>", "<|im_start|>"]},
    "unigram_bytes": {"model_type": "unigram", "vocab_size": 900, "byte_fallback": True, "normalization_rule_name": "identity"},
    "bpe": {"model_type": "bpe", "vocab_size": 700, "user_defined_symbols": ["<sep>", "12", "  "], "split_digits": True},
    "bpe_bytes": {"model_type": "bpe", "vocab_size": 900, "byte_fallback": True, "normalization_rule_name": "identity",
                  "remove_extra_whitespaces": False},
    "bpe_suffix": {"model_type": "bpe", "vocab_size": 600, "treat_whitespace_as_suffix": True, "normalization_rule_name": "nfkc_cf"},
    "bare": {"model_type": "unigram", "vocab_size": 600, "add_dummy_prefix": False, "remove_extra_whitespaces": False},
}


def train(folder):
    import sentencepiece
    sentences = [line for text in json.load(sys.stdin) for line in text.split("\n") if line.strip()]
    for name, options in MODELS.items():
        prefix = os.path.join(folder, name)
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(sentences), model_prefix=prefix, minloglevel=2, num_threads=1,
                                                 hard_vocab_limit=False, character_coverage=0.99, **options)


def with_sentencepiece(texts, path):
    import sentencepiece
    model = sentencepiece.SentencePieceProcessor(model_file=path)
    out = []
    for text in texts:
        pieces = model.encode(text, return_type="proto").pieces
        data = text.encode()
        points = [len(data[:at].decode(errors="ignore")) for at in range(len(data) + 1)]  # by byte
        ids = [piece.id for piece in pieces]
        out.append({"ids": ids, "tokens": [piece.piece for piece in pieces], "offsets": [[points[piece.begin], points[piece.end]] for piece in pieces],
                    "decoded": model.decode(ids)})
    return out


def with_tiktoken(texts, path, name):
    import base64
    import tiktoken
    from tiktoken_ext import openai_public
    with open(path, "rb") as file:
        ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in file)}
    openai_public.load_tiktoken_bpe = lambda *_, **__: ranks
    encoding = tiktoken.Encoding(**getattr(openai_public, name)())
    return [{"ids": ids, "decoded": encoding.decode(ids)} for ids in (encoding.encode(text, allowed_special="all") for text in texts)]


def with_tekken(texts, path):
    from mistral_common.tokens.tokenizers.tekken import SpecialTokenPolicy, Tekkenizer
    tokenizer = Tekkenizer.from_file(path)
    return [{"ids": ids, "decoded": tokenizer.decode(ids, special_token_policy=SpecialTokenPolicy.KEEP)}
            for ids in (tokenizer.encode(text, bos=True, eos=False) for text in texts)]


def with_transformers(texts, folder):
    from transformers import AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(folder)
    out = []
    for text in texts:
        encoded = tokenizer(text, return_offsets_mapping=True)
        out.append({"ids": encoded["input_ids"], "tokens": encoded.tokens(), "offsets": [list(o) for o in encoded["offset_mapping"]],
                    "decoded": tokenizer.decode(encoded["input_ids"])})
    return out


def main():
    kind, *arguments = sys.argv[1:]
    if kind == "train":
        train(*arguments)
        return
    encode = {"sentencepiece": with_sentencepiece, "tiktoken": with_tiktoken, "tekken": with_tekken, "transformers": with_transformers}[kind]
    json.dump(encode(json.load(sys.stdin), *arguments), sys.stdout)


if __name__ == "__main__":
    main()
