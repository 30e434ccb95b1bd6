#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# How fast `hfauth explain` reads a log in which there is nothing for it: megabytes a second of processor time (other work
# on the machine does not count) and on the wall, and the largest memory. Called by ./dev bench explain.
#   explain.py [--smoke]     --smoke: a small log, to prove that the command works; the figures mean nothing
"""Usage: explain.py [--smoke], with HFAUTH_BIN or a release build."""

import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("HFAUTH_BIN", ROOT / "build/release/bin")) / "hfauth"
WORDS = ("loss step epoch time gradient batch accuracy value loaded worker memory tensor shape size train eval best saved file data "
         "loader lr https://example.org/api/v1/items GET 200 ms request token tokens cache hit miss /usr/lib/python3/site-packages").split()


def write_log(path, size):
    draw = random.Random(1)
    with path.open("w") as log:
        for number in range(size // 90):
            words = " ".join(draw.choices(WORDS, k=9))
            log.write(f"2026-11-22 10:{number // 60 % 60:02}:{number % 60:02},{number % 1000:03} - trainer - INFO - {words} {draw.random():.4f}\n")
    return path.stat().st_size


def main():
    smoke = "--smoke" in sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        log = pathlib.Path(scratch) / "train.log"
        megabytes = write_log(log, 2_000_000 if smoke else 100_000_000) / 1e6
        environment = {"HOME": scratch, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        wall, processor, memory = [], [], 0
        for _ in range(1 if smoke else 7):
            begin = time.monotonic()
            with subprocess.Popen([BIN, "explain", "--quiet", log], env=environment, stdout=subprocess.DEVNULL) as child:
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 1:
                sys.exit(f"explain ended with {child.returncode} on a log without messages")
            wall.append(megabytes / (time.monotonic() - begin))
            processor.append(megabytes / (usage.ru_utime + usage.ru_stime))
            memory = max(memory, usage.ru_maxrss)
        print(f"hfauth explain, {megabytes:.0f} MB without messages: {statistics.median(processor):.0f} MB/s of processor time, "
              f"{statistics.median(wall):.0f} MB/s on the wall, {memory / 1024:.1f} MiB at most")


if __name__ == "__main__":
    main()
