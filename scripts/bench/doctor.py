#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# How long `hfauth doctor` takes on a machine where all is well: offline, and with the Hub, which is the stand-in on loopback;
# what asking and looking cost, by the same run with the half of it; and what the search of a git repository adds, of this
# checkout, the first time and when it was read before. Medians on the wall and of processor time, and the
# goals. Called by ./dev bench doctor.
#   doctor.py [--smoke]     --smoke: two runs of each, to prove that the commands work; the figures mean nothing
"""Usage: doctor.py [--smoke], with HFAUTH_BIN or a release build."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("HFAUTH_BIN", ROOT / "build/release/bin")) / "hfauth"
RESULTS = pathlib.Path(os.environ.get("HFAUTH_BENCH_RESULTS", ROOT / "build/bench"))
sys.path.insert(0, str(ROOT / "tests/support/hub"))
from client import RunningHub  # noqa: E402

# Label, words, goal in milliseconds on the wall (none: for comparison). In the home, but for those of the checkout, which
# are compared with the same run in the home.
CASES = (("true (start and end of a process)", ["/bin/true"], None),
         ("hfauth status", [BIN, "status"], None),
         ("hfauth doctor --offline", [BIN, "doctor", "--offline"], 150),
         ("hfauth doctor --offline --json", [BIN, "doctor", "--offline", "--json"], 150),
         ("hfauth doctor", [BIN, "doctor"], 1500),
         ("hfauth doctor org/public", [BIN, "doctor", "org/public"], 1500))
IN_CHECKOUT = (("--offline, this checkout, first time", [BIN, "doctor", "--offline"], None),
               ("--offline, this checkout, read before", [BIN, "doctor", "--offline"], None))
MEMORY = ".cache/hfauth/git-objects-without-tokens"


def make_home(folder, token):
    """A home as people have it: start-up files, a long history, some sessions' worth of dotfiles, a stored token."""
    (folder / "run").mkdir(mode=0o700)
    cache = folder / ".cache/huggingface"
    cache.mkdir(parents=True, mode=0o700)
    for path, text in ((cache / "token", token), (cache / "stored_tokens", f"[laptop]\nhf_token = {token}\n\n")):
        path.write_text(text)
        path.chmod(0o600)
    (folder / ".bashrc").write_text("".join(f"alias a{n}='ls -l'\n" for n in range(500)))
    (folder / ".bash_history").write_text("".join(f"git commit -m 'change {n}'\n" for n in range(20_000)))


def measured(words, environment, folder=None):
    begin = time.monotonic()
    with subprocess.Popen(words, env=environment, cwd=folder or environment["HOME"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    # The made-up tokens of the tests are found in the checkout, and it is no machine where all is well.
    if child.returncode != 0 and folder is None:
        sys.exit(f"{' '.join(map(str, words))} ended with {child.returncode} on a machine where all is well")
    return (time.monotonic() - begin) * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def main():
    runs = 2 if "--smoke" in sys.argv[1:] else 40
    RESULTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, RunningHub("--unlimited") as hub:
        home = pathlib.Path(scratch)
        make_home(home, hub.accounts["alice"])
        environment = {"HOME": scratch, "XDG_RUNTIME_DIR": f"{scratch}/run", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash",
                       "HFAUTH_STORE": "vault", "HF_ENDPOINT": hub.endpoint, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        results = {}
        try:
            for _, words, _ in CASES:
                measured(words, environment)
            # In turns, so that other work on the machine meets all alike.
            times = {label: [] for label, _, _ in CASES}
            checkout = IN_CHECKOUT if (ROOT / ".git").exists() else ()
            times |= {label: [] for label, _, _ in checkout}
            for _ in range(runs):
                for label, words, _ in CASES:
                    times[label].append(measured(words, environment))
                (home / MEMORY).unlink(missing_ok=True)
                for label, words, _ in checkout:
                    times[label].append(measured(words, environment, ROOT))
        finally:
            subprocess.run([BIN, "shutdown", "-q"], env=environment, check=False)
        base = statistics.median(wall for wall, _ in times[CASES[0][0]])
        print(f"{'':36} {'wall':>9} {'processor':>10} {'x true':>7}  goal")
        for label, _, goal in (*CASES, *checkout):
            wall, processor = (statistics.median(column) for column in zip(*times[label]))
            results[label] = {"wall_ms": wall, "processor_ms": processor, "goal_ms": goal}
            said = "" if goal is None else f"< {goal} ms: {'kept' if wall < goal else 'MISSED'}"
            print(f"{label:36} {wall:6.1f} ms {processor:7.1f} ms {wall / base:7.1f}  {said}")
    (RESULTS / "doctor-runs.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
