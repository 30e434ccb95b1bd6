# SPDX-License-Identifier: Apache-2.0
"""Runs inside the virtual environment: downloads at a word, each time in a process of its own.

In: one line a download, JSON {"repo", "cache"}. Out: one JSON line each, the folder or {"error": text}; a first line, "ready",
when huggingface_hub is imported, so that a race is not lost by an import. Each download is a forked process with nothing
opened or cached before; it ends before the answer is told.
"""
import json
import os
import sys
import traceback

from huggingface_hub import snapshot_download


def downloaded(order):
    try:
        return snapshot_download(order["repo"], cache_dir=order["cache"])
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return {"error": f"{type(error).__name__} in {where.filename}:{where.lineno}: {error}"}


def main():
    print("ready", flush=True)
    for line in sys.stdin:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            with os.fdopen(writer, "w") as told:
                json.dump(downloaded(json.loads(line)), told)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as told:
            answer = told.read()
        os.waitpid(child, 0)
        print(answer or json.dumps({"error": "the process died"}), flush=True)


if __name__ == "__main__":
    main()
