#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hfauth download beside `hf download` of the current huggingface_hub, from the Hub stand-in on loopback, in turns.

    download.py [--smoke]      --smoke: small files, one run, hfauth alone: proves that the command works

One file of 2 GB, and 2,000 files of 20 KB; each run with an empty cache of its own. Prints medians, processor time, peak
memory and how the two compare. hf comes from the private environment of tests/interop/venv.sh, without Xet. Environment:
HFAUTH_BIN (the programs; else build/release/bin), HFAUTH_BUILD (where that environment is; else build/release). Exit
status 1 if a download fails.
"""
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support/hub"))
from client import RunningHub  # noqa: E402 (the path comes first)

CASES = {"1 x 2 GB": "bulk/big-2G", "2,000 x 20 KB": "bulk/many-2000-20K"}
SMOKE_CASES = {"1 x 70 MiB": "bulk/big-70Mi", "50 x 20 KB": "bulk/many-50-20K"}
RUNS = 5
PROGRAMS = pathlib.Path(os.environ.get("HFAUTH_BIN", ROOT / "build/release/bin"))


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def measured(command, environment, scratch):
    """(seconds, seconds of processor time, peak memory in MB) of one download into an empty cache."""
    home = pathlib.Path(tempfile.mkdtemp(dir=scratch))
    (home / "run").mkdir(mode=0o700)
    os.sync()  # what the run before left to write is not this one's
    environment = {**environment, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run")}
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # The agent that was asked for a token would bring its folder back while it is removed.
    subprocess.run([PROGRAMS / "hfauth", "shutdown"], env=environment, check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    shutil.rmtree(home, ignore_errors=True)
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} ended with {process.returncode}: {said.strip()}")
    return elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def clients(is_smoke):
    found = {"hfauth download": [str(PROGRAMS / "hfauth"), "download"]}
    if not is_smoke:
        build = os.environ.get("HFAUTH_BUILD", str(ROOT / "build/release"))
        python = subprocess.run(["bash", ROOT / "tests/interop/venv.sh", "python"], check=True, stdout=subprocess.PIPE,
                                text=True, env={**os.environ, "HFAUTH_BUILD": build}).stdout.strip()
        found["hf download"] = [str(pathlib.Path(python).with_name("hf")), "download"]
    return found


def compare(title, repo, programs, environment, scratch, runs):
    taken = {name: [] for name in programs}
    for _ in range(runs):
        for name, command in programs.items():
            taken[name].append(measured([*command, repo], environment, scratch))
    print(f"\n{title} ({repo}), n = {runs}")
    first = None
    for name, figures in taken.items():
        seconds, busy, memory = (statistics.median(column) for column in zip(*figures, strict=True))
        first = first or seconds
        ratio = f"  {seconds / first:5.2f} x" if name != next(iter(taken)) else ""
        print(f"  {name:18} {seconds:7.2f} s   processor {busy:6.2f} s   peak {memory:6.1f} MB{ratio}", flush=True)


def main():
    is_smoke = "--smoke" in sys.argv[1:]
    programs = clients(is_smoke)
    print(f"{processor()}, {os.cpu_count()} processors, Linux {platform.release()}; medians, empty caches, in turns")
    with tempfile.TemporaryDirectory(prefix="hfauth-bench-") as scratch, RunningHub() as hub:
        hub.control(quota={"resolvers": 10**9, "api": 10**9})
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HF_ENDPOINT": hub.endpoint, "HFAUTH_STORE": "vault",
                       "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_UPDATE_CHECK": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        for title, repo in (SMOKE_CASES if is_smoke else CASES).items():
            compare(title, repo, programs, environment, pathlib.Path(scratch), 1 if is_smoke else RUNS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
