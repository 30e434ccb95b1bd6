# SPDX-License-Identifier: Apache-2.0
"""Runs inside the virtual environment: encodes texts with a real client, one JSON line in, one out.

    encode_with.py tokenizers FILE       PyPI tokenizers on a tokenizer.json
    encode_with.py components FILE       the same with every list of an encoding, for texts and pairs, and decoded
    encode_with.py both_ways FILE        ids, tokens and offsets, and decoded again, every second one without special tokens
    encode_with.py transformers MODEL    transformers.AutoTokenizer by repository name, from the cache or the Hub
    encode_with.py download MODEL        fills the cache as huggingface_hub does; prints the snapshot's path

In: a JSON array of texts. Out: a JSON array of {"ids", "tokens", "offsets"}; offsets count code points.
"""
import json
import sys


def with_tokenizers(path, texts):
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(path)
    return [{"ids": e.ids, "tokens": e.tokens, "offsets": [list(o) for o in e.offsets]} for e in map(tokenizer.encode, texts)]


def both_ways(path, texts):
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(path)
    return [{"ids": e.ids, "tokens": e.tokens, "offsets": [list(o) for o in e.offsets],
             "decoded": tokenizer.decode(e.ids, skip_special_tokens=bool(i % 2))} for i, e in enumerate(map(tokenizer.encode, texts))]


def with_components(path, requests):
    """In: [{"text", "pair"?}...]. Out: every list and "decoded", or "error" where the reference fails."""
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(path)
    out = []
    for request in requests:
        try:
            e = tokenizer.encode(request["text"], request["pair"]) if "pair" in request else tokenizer.encode(request["text"])
        except BaseException as error:  # its panics are no Exception
            out.append({"error": str(error)})
            continue
        reply = {"ids": e.ids, "tokens": e.tokens, "offsets": [list(o) for o in e.offsets], "type_ids": e.type_ids,
                 "special_tokens_mask": e.special_tokens_mask, "word_ids": e.word_ids, "sequence_ids": e.sequence_ids}
        try:
            reply["decoded"] = tokenizer.decode(e.ids, skip_special_tokens=False)
        except BaseException:
            pass
        out.append(reply)
    return out


def with_transformers(model, texts):
    from transformers import AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(model)
    out = []
    for text in texts:
        encoded = tokenizer(text, return_offsets_mapping=True)
        out.append({"ids": encoded["input_ids"], "tokens": encoded.tokens(),
                    "offsets": [list(offset) for offset in encoded["offset_mapping"]]})
    return out


def main():
    kind, name = sys.argv[1:]
    if kind == "download":
        from huggingface_hub import snapshot_download
        print(snapshot_download(name))
        return
    encode = {"tokenizers": with_tokenizers, "components": with_components, "both_ways": both_ways, "transformers": with_transformers}[kind]
    json.dump(encode(name, json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
