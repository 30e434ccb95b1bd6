#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# hfauth scan with real git repositories, running programs and the Hub stand-in: what is found where, what is asked of the
# Hub and when, exit statuses, and that no token comes out.
"""Usage: scan_test.py, with HFAUTH_BIN and HFAUTH_SOURCE set."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
BIN = pathlib.Path(os.environ["HFAUTH_BIN"]) / "hfauth"
sys.path.insert(0, str(SOURCE / "tests/support/hub"))
from client import RunningHub  # noqa: E402


def made_up(letter):
    return "hf_" + "scantest" + letter * 26


class Place:
    def __init__(self, folder):
        self.home = folder / "home"
        (self.home / "run").mkdir(parents=True, mode=0o700)
        self.environment = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                            "XDG_RUNTIME_DIR": str(self.home / "run"), "GIT_CONFIG_NOSYSTEM": "1",
                            **{f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}}
        self.tokens = []

    def git(self, folder, *words):
        subprocess.run(["git", "-C", folder, *words], check=True, env=self.environment, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def scan(self, *words, cwd=None, **environment):
        done = subprocess.run([BIN, "scan", *words], capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
                              env={**self.environment, **environment}, cwd=cwd or self.home)
        for token in self.tokens:
            assert token not in done.stdout + done.stderr, f"a token came out of scan {words}"
        return done


def found(done):
    document = json.loads(done.stdout)
    assert document["run"]["mode"] == "scan" and document["verdict"]["exit_code"] == done.returncode, document
    return {finding["id"]: [evidence["where"] for evidence in finding["evidence"]] for finding in document["findings"]}, document


def check_git(place, folder):
    repo = folder / "repo"
    repo.mkdir()
    place.git(repo, "init", "-q")
    committed, staged, remote = (made_up(letter) for letter in "ABC")
    place.tokens += [committed, staged, remote]
    (repo / "sub").mkdir()
    (repo / "sub/.env").write_text(f"HF_TOKEN={committed}\n")
    place.git(repo, "add", ".")
    place.git(repo, "commit", "-qm", "first")
    place.git(repo, "rm", "-q", "sub/.env")
    place.git(repo, "commit", "-qm", "take it out")
    (repo / "train.py").write_text(f"import x\ntoken = '{staged}'\n")
    place.git(repo, "add", "train.py")
    (repo / "train.py").unlink()
    place.git(repo, "remote", "add", "origin", f"https://user:{remote}@huggingface.co/org/m")

    places, document = found(place.scan(str(repo), "--json"))
    assert set(places) == {"HFA903", "HFA810"}, places
    assert places["HFA903"] == [f"{repo}/sub/.env", f"{repo}/train.py:2"], places
    assert "commit" in document["findings"][0]["evidence"][0]["text"], document["findings"][0]
    assert len(document["tokens"]) == 3 and {token["state"] for token in document["tokens"]} == {"not_checked"}
    places, _ = found(place.scan(str(repo), "--json", "--no-history"))
    assert places["HFA903"] == [f"{repo}/train.py:2"], places


def check_hostile_repository(place, folder):
    """What a repository's configuration names is not run."""
    repo = folder / "hostile"
    repo.mkdir()
    place.git(repo, "init", "-q")
    (repo / "a.txt").write_text(made_up("D") + "\n")
    (repo / ".gitattributes").write_text("*.txt diff=evil filter=evil\n")
    place.tokens.append(made_up("D"))
    place.git(repo, "add", ".")
    place.git(repo, "commit", "-qm", "first")
    mark = folder / "ran"
    script = folder / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat \"$1\" 2>/dev/null\n")
    script.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "diff.evil.command", "diff.evil.textconv", "core.sshCommand",
                 "gpg.program", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "core.alternateRefsCommand",
                 "core.editor", "core.askPass", "credential.helper"):
        place.git(repo, "config", name, str(script))
    place.git(repo, "config", "log.showSignature", "true")
    hooks = repo / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout"):
        (hooks / name).write_bytes(script.read_bytes())
        (hooks / name).chmod(0o755)
    (repo / ".env").write_text("HF_TOKEN=" + made_up("D") + "\n")
    mark.unlink(missing_ok=True)
    places, _ = found(place.scan(str(repo), "--json"))
    assert set(places) == {"HFA903", "HFA906", "HFA907"}, places
    assert not mark.exists(), "a program of the repository's configuration was run"


def check_damaged_repository(place, folder):
    repo = folder / "damaged"
    (repo / ".git").mkdir(parents=True)
    done = place.scan(str(repo), "--json")
    assert done.returncode == 3 and ".git" in json.loads(done.stdout)["incomplete"][0]["reason"], done


def check_env_files(place, folder):
    """A .env file is the place for a token if its owner alone reads it and git ignores it."""
    repo = folder / "project"
    repo.mkdir()
    place.git(repo, "init", "-q")
    token = made_up("J")
    place.tokens.append(token)
    env = repo / ".env"
    env.write_text(f"HF_TOKEN={token}\n")

    def judged():
        done = place.scan(str(repo), "--json")
        (finding,) = json.loads(done.stdout)["findings"]
        return done.returncode, finding["severity"], finding["evidence"][0]["text"].split("  ")[2:], finding["evidence"][0]["line"]

    env.chmod(0o644)
    assert judged() == (1, "warning", ["others may read the file", "not in .gitignore"], 1), judged()
    env.chmod(0o600)
    assert judged()[1:3] == ("warning", ["not in .gitignore"]), judged()
    (repo / ".gitignore").write_text("*.env\n!x\n")
    assert judged() == (0, "info", [], 1), judged()


def check_histories(place, folder):
    """Other profiles of IPython, with what SQLite has not merged yet; shells and databases."""
    names = {}
    for number, name in enumerate((".ipython/profile_work/history.sqlite", ".ipython/profile_default/history.sqlite-wal", ".zhistory",
                                   ".sqlite_history", ".psql_history", ".python_history", ".local/share/fish/fish_history")):
        path = place.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        token = made_up("KLMNOPQ"[number])
        path.write_bytes(b"SQLite format 3\0\1\2" * name.startswith(".ipython") + f"login {token}\n".encode())
        names[str(path)] = place.tokens.append(token)
    places, _ = found(place.scan("--json", cwd=folder))
    assert {where.rpartition(":")[0] for where in places["HFA901"]} >= set(names), places
    for name in names:
        os.unlink(name)


def check_machine(place, folder):
    history, argument = made_up("E"), made_up("F")
    place.tokens += [history, argument]
    (place.home / ".bash_history").write_text(f"ls\nhf auth login --token {history}\n")
    os.mkfifo(place.home / ".zsh_history")
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()", argument], stdin=subprocess.PIPE) as running:
        places, _ = found(place.scan("--json", cwd=folder))
        running.communicate()
    assert places["HFA901"] == [f"{place.home}/.bash_history:2"], places
    assert any(f"process {running.pid} " in where for where in places["HFA905"]), places


def check_verification(place, folder):
    with RunningHub() as hub:
        alive, dead = hub.accounts["alice"], made_up("G")
        place.tokens += [alive, dead]
        log = folder / "train.log"
        log.write_text(f"Authorization: Bearer {alive}\nold {dead}\n")
        environment = {"HF_ENDPOINT": hub.endpoint}
        before = len(hub.log())
        _, document = found(place.scan(str(log), "--json", **environment))
        assert len(hub.log()) == before, "the Hub was asked although nobody wanted it"
        _, document = found(place.scan(str(log), "--json", "--verify-leaks", **environment))
        states = {token["mask"]: token["state"] for token in document["tokens"]}
        assert sorted(states.values()) == ["invalid", "valid"], states
        refused = place.scan(str(log), "--revoke", **environment)
        assert refused.returncode == 2 and "revoke" in refused.stderr, refused


def check_statuses(place, folder):
    clean = folder / "clean.txt"
    clean.write_text("HF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n")
    assert place.scan(str(clean)).returncode == 0
    assert place.scan(str(folder / "missing")).returncode == 3
    assert place.scan("--fail-on", "sometimes").returncode == 2
    leak = folder / "leak.txt"
    leak.write_text(made_up("H"))
    place.tokens.append(made_up("H"))
    assert place.scan(str(leak)).returncode == 1
    assert place.scan(str(leak), "--fail-on", "never").returncode == 0
    assert "leak.txt:1" in place.scan(str(leak)).stdout


def main():
    with tempfile.TemporaryDirectory(prefix="hfauth-scan-") as scratch:
        folder = pathlib.Path(scratch)
        place = Place(folder)
        for check in (check_git, check_hostile_repository, check_damaged_repository, check_env_files, check_histories,
                      check_machine, check_verification, check_statuses):
            check(place, folder)
            print("ok", check.__name__)


if __name__ == "__main__":
    main()
