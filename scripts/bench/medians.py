#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Prints the medians of scripts/bench/bench.sh and how they compare with the first command of each group, with the
# machine they were measured on. Argument: the folder with hyperfine's JSON files. Used by bench.sh.

import json
import pathlib
import platform
import sys

GROUPS = {"token": "one token, from a warm agent, daemon or keyring", "tokenize": "one line, model from the cache",
          "doctor": "diagnosis without network"}


def processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    print(f"{processor()}, Linux {platform.release()}, everything on one core; medians of whole processes")
    for name, title in GROUPS.items():
        results = json.loads((folder / f"{name}.json").read_text())["results"]
        first = results[0]["median"]
        print(f"\n{title}")
        for result in results:
            times = sorted(result["times"])
            p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
            ratio = "" if result is results[0] else f"  {result['median'] / first:5.2f} x"
            print(f"  {result['command']:36} {result['median'] * 1000:8.2f} ms   p95 {p95 * 1000:8.2f} ms{ratio}"
                  f"   n = {len(times)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
