# SPDX-License-Identifier: Apache-2.0
#
# GetToken beside ssh-agent's list request and git's credential cache, each of which keeps one secret: daemon and generator
# pinned to one core (two cores of a virtual machine measure the machine), in turns, so that what disturbs one disturbs the
# others. Medians.
# git's cache serves one connection at a time and closes it after the answer, so it is measured with one.
"""Part of the reliability plan (plan.py); also ./dev bench agent."""

import os
import shutil
import subprocess

from context import end_process, first_core, load, median, wait_until

ID = "R2"
TITLE = "requests a second, beside ssh-agent and git's cache"


def pin(pid, core):
    subprocess.run(["taskset", "-a", "-p", "-c", core, str(pid)], stdout=subprocess.DEVNULL, check=True)


def start_ssh_agent(place, core):
    path = os.path.join(place.root, "ssh.sock")
    process = subprocess.Popen(["taskset", "-c", core, "ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: os.path.exists(path), "ssh-agent's socket")
    key = os.path.join(place.root, "key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "alice", "-f", key], check=True)
    subprocess.run(["ssh-add", "-q", key], env={**os.environ, "SSH_AUTH_SOCK": path}, check=True)
    return path, process


def measure_git_cache(place, core, seconds, number):
    """A cache for each round: one whose client leaves before its answer has come ends by SIGPIPE."""
    folder = os.path.join(place.root, f"git{number}")
    os.mkdir(folder, 0o700)
    path = os.path.join(folder, "s")
    question = "protocol=https\nhost=huggingface.co\nusername=alice\npassword=hf_TestTokenTestToken\n\n"
    subprocess.run(["taskset", "-c", core, "git", "credential-cache", "--timeout", "3600", "--socket", path, "store"], input=question,
                   text=True, env=place.environment(), check=True)
    told = load(path, "--busy", 1, "--reconnect", "--seconds", seconds, pinned=core, protocol="git")
    subprocess.run(["git", "credential-cache", "--socket", path, "exit"], env=place.environment(), stderr=subprocess.DEVNULL, check=False)
    return told


def run(context):
    if shutil.which("ssh-agent") is None:
        context.row(TITLE, "measured", "ssh-agent is not installed", False)
        return
    core = first_core()
    place = context.place()
    agent = place.start(prefix=("taskset", "-c", core))
    agent.connect().add("alice")
    ssh, process = start_ssh_agent(place, core)
    try:
        seconds, rounds = context.rounds(quick=(0.3, 1), full=(2, 7))
        compare(context, core, place, agent, ssh, seconds, rounds)
    finally:
        end_process(process)


def compare(context, core, place, agent, ssh, seconds, rounds):
    caches = [measure_git_cache(place, core, seconds, number) for number in range(rounds)]
    fresh = [load(agent.path, "--busy", 1, "--reconnect", "--seconds", seconds, pinned=core) for _ in range(rounds)]
    once, cache = (median([told["per_second"] for told in runs]) for runs in (fresh, caches))
    context.row("a connection for each request", f">= git credential-cache ({cache:,.0f}/s)", f"{once:,.0f}/s, p99 {fresh[-1]['p99']:.0f} µs",
                once >= cache, timed=True)
    for connections in (1, 64, 1000):
        ours, theirs = [], []
        for _ in range(rounds):
            theirs.append(load(ssh, "--busy", connections, "--seconds", seconds, pinned=core, protocol="ssh"))
            ours.append(load(agent.path, "--busy", connections, "--seconds", seconds, pinned=core))
        mine, peer = (median([told["per_second"] for told in runs]) for runs in (ours, theirs))
        p50, p99 = (median([told[name] for told in ours]) for name in ("p50", "p99"))
        peer_p99 = median([told["p99"] for told in theirs])
        errors = sum(told["errors"] for told in ours)
        context.row(f"GetToken, {connections:,} connection{'s' if connections > 1 else ''}, one core", f">= ssh-agent ({peer:,.0f}/s, p99 {peer_p99:,.0f} µs)",
                    f"{mine:,.0f}/s, p50 {p50:,.0f} µs, p99 {p99:,.0f} µs" + (f", {errors} errors" if errors else ""),
                    mine >= peer and errors == 0, timed=True)
    deep = median([load(agent.path, "--busy", 8, "--depth", 32, "--seconds", seconds, pinned=core)["per_second"] for _ in range(rounds)])
    context.row("8 connections, 32 requests under way each", ">= 150,000/s", f"{deep:,.0f}/s", deep >= 150_000, timed=True)
