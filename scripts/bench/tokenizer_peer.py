# SPDX-License-Identifier: Apache-2.0
"""Runs inside the virtual environment: a peer of the tokenizer on the documents of tokenizer_bench.

    tokenizer_peer.py tokenizers|tiktoken TOKENIZER_JSON TEXT_FILE ROUNDS one|all SHARE

Prints the same JSON object for the documents that begin in the first SHARE bytes (all if it is 0), with the figures of one
thread (processor time) or of all (by the clock). tiktoken gets its ranks from the vocabulary of the file, where the id of a
token is its rank.
"""
import array
import json
import os
import resource
import statistics
import sys
import time
import zlib

DOCUMENT = 16384
GPT2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"


def documents(path, share):
    with open(path, "rb") as file:
        data = file.read(share + (1 << 20) if share else -1)
    at = 0
    while at < len(data) and (share == 0 or at < share):
        end = data.find(b"\n", min(at + DOCUMENT, len(data) - 1))
        end = len(data) if end < 0 else end + 1
        yield data[at:end].decode()
        at = end


def measured(rounds, clock, action):
    """The median of the times, and what the last call gave."""
    times = []
    for _ in range(rounds):
        result = None  # one at a time in memory
        begin = clock()
        result = action()
        times.append(clock() - begin)
    return statistics.median(times), result


def alphabet():
    own = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in own]
    return {chr(byte): byte for byte in own} | {chr(256 + i): byte for i, byte in enumerate(rest)}


def tiktoken_of(path):
    import tiktoken
    with open(path, encoding="utf-8") as file:
        top = json.load(file)
    bytes_of = alphabet()
    added = {token["content"] for token in top["added_tokens"]}
    ranks = {bytes(bytes_of[c] for c in token): rank for token, rank in top["model"]["vocab"].items() if token not in added}
    stages = (top["pre_tokenizer"].get("pretokenizers") or [top["pre_tokenizer"]])
    pattern = stages[0]["pattern"]["Regex"] if stages[0]["type"] == "Split" else GPT2
    return tiktoken.Encoding("bench", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


def main():
    kind, path, text, rounds, threads, share = sys.argv[1:]
    rounds, one = int(rounds), threads == "one"
    clock = time.process_time if one else time.perf_counter
    if kind == "tokenizers":
        from tokenizers import Tokenizer
        load = lambda: Tokenizer.from_file(path)
    else:
        load = lambda: tiktoken_of(path)
    load_time, tokenizer = measured(1, time.process_time, load)
    texts = list(documents(text, int(share)))
    megabytes = sum(len(document.encode()) for document in texts) / 1e6
    if kind == "tokenizers":
        ids_of = lambda: tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        full_of = lambda: tokenizer.encode_batch(texts, add_special_tokens=False)
        list_of = lambda encoding: encoding.ids
    else:
        ids_of = (lambda: [tokenizer.encode_ordinary(document) for document in texts]) if one else (
            lambda: tokenizer.encode_ordinary_batch(texts, num_threads=os.cpu_count()))
        full_of = None
        list_of = lambda ids: ids
    ids_time, encoded = measured(rounds, clock, ids_of)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    crc = tokens = 0
    for ids in map(list_of, encoded):
        crc = zlib.crc32(array.array("I", ids).tobytes(), crc)
        tokens += len(ids)
    del encoded
    prefix = "" if one else "all_"
    told = {"load_ms": load_time * 1e3, "bytes": round(megabytes * 1e6), "share_tokens": tokens, "digest": crc, "peak_mb": peak,
            prefix + "ids": megabytes / ids_time}
    if full_of:
        told[prefix + "offsets"] = megabytes / measured(rounds, clock, full_of)[0]
    print(json.dumps(told))


main()
