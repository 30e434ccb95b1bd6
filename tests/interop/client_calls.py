# SPDX-License-Identifier: Apache-2.0
"""Runs inside the virtual environment: a real client downloads, or finds in the cache, what its orders name.

    client_calls.py huggingface_hub    snapshot_download; a file at a time by hf_hub_download too
    client_calls.py transformers       AutoTokenizer of a model; the ids of a sentence
    client_calls.py datasets           load_dataset; every row. Offline by the snapshot's folder: datasets itself wants
                                       its own prepared copy then

In: a JSON array of {"repo", "kind"}. Out, the last line: a JSON array with an answer each. A file's answer is its git blob
id and its SHA-256, so that one of them is what the Hub's listing says.
"""
import hashlib
import json
import sys
from pathlib import Path


def ids_of(path):
    content = path.read_bytes()
    return [hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest(), hashlib.sha256(content).hexdigest()]


def with_huggingface_hub(order):
    from huggingface_hub import hf_hub_download, snapshot_download
    folder = Path(snapshot_download(order["repo"], repo_type=order["kind"]))
    files = {str(path.relative_to(folder)): ids_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    for path in files:
        found = hf_hub_download(order["repo"], path, repo_type=order["kind"])
        assert Path(found) == folder / path, (found, folder, path)
    return {"folder": str(folder), "files": files}


def with_transformers(order):
    from transformers import AutoTokenizer
    return {"ids": AutoTokenizer.from_pretrained(order["repo"])("I am studying tokenization")["input_ids"]}


def with_datasets(order):
    from datasets import load_dataset
    from huggingface_hub import constants, snapshot_download
    name = snapshot_download(order["repo"], repo_type="dataset") if constants.HF_HUB_OFFLINE else order["repo"]
    return {"rows": {split: table[:] for split, table in load_dataset(name).items()}}


def main():
    call = {"huggingface_hub": with_huggingface_hub, "transformers": with_transformers, "datasets": with_datasets}[sys.argv[1]]
    print(json.dumps([call(order) for order in json.load(sys.stdin)]))


if __name__ == "__main__":
    main()
