#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# The JSON of `hfauth doctor` and `hfauth explain` against docs/schema/doctor-1.json, on machines made in scratch homes,
# and what the commands promise beside it: exit statuses, one document a run, no token in any output.
"""Usage: report_schema_test.py, with HFAUTH_BIN and HFAUTH_SOURCE set."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:  # a second opinion where it is installed; the checks below stand on their own
    jsonschema = None

BIN = pathlib.Path(os.environ["HFAUTH_BIN"]) / "hfauth"
SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
SCHEMA = json.loads((SOURCE / "docs/schema/doctor-1.json").read_text())
TOKEN = "hf_" + "".join(chr(ord("a") + i % 26) + chr(ord("A") + i) for i in range(17))  # nobody's

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
KEYWORDS = {"$schema", "$id", "title", "description", "type", "const", "enum", "required", "properties", "items",
            "pattern", "format"}


def violations(value, schema, path="$"):
    """The part of JSON Schema that the file uses; an unknown keyword is an error of this test."""
    unknown = set(schema) - KEYWORDS
    assert not unknown, f"{path}: keyword {unknown} is not checked here"
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        fits = any(isinstance(value, TYPES[n]) and not (n == "integer" and isinstance(value, bool)) for n in names)
        if not fits:
            yield f"{path}: {value!r} is no {names}"
            return
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{path}: {value!r} does not match {schema['pattern']}"
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                yield f"{path}: {name} is missing"
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from violations(value[name], inner, f"{path}.{name}")
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from violations(item, schema["items"], f"{path}[{index}]")


def run(home, arguments, environment=None, stdin=""):
    base = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash",
            "XDG_RUNTIME_DIR": str(home / "run")}
    done = subprocess.run([BIN, *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=False,
                          env={**base, **(environment or {})}, cwd=home)
    for part in (done.stdout, done.stderr):
        assert TOKEN[5:30] not in part, f"a token is in the output of {arguments}"
    return done


def checked(done, expected_exit):
    assert done.returncode == expected_exit, f"exit {done.returncode}, not {expected_exit}: {done.stdout}{done.stderr}"
    lines = done.stdout.splitlines()
    assert len(lines) == 1, f"{len(lines)} lines of JSON"
    document = json.loads(lines[0])
    found = list(violations(document, SCHEMA))
    if jsonschema is not None:
        found += [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)]
    assert not found, "\n".join(found)
    assert document["verdict"]["exit_code"] == expected_exit
    return document


HOMES = []


def new_home(scratch, name):
    home = scratch / name
    HOMES.append(home)
    (home / "run").mkdir(parents=True, mode=0o700)
    return home


def check_doctor(scratch):
    doctor = ["doctor", "--json", "--offline"]
    report = checked(run(new_home(scratch, "empty"), doctor), 0)
    assert report["verdict"]["roots"][0] == "HFA110", report["verdict"]
    assert report["verdict"]["next"] == "hfauth login"
    assert report["run"]["offline"] is True

    home = new_home(scratch, "file")
    (home / ".cache/huggingface").mkdir(parents=True)
    (home / ".cache/huggingface/token").write_text(TOKEN)
    report = checked(run(home, doctor), 0)
    assert [token["state"] for token in report["tokens"]] == ["not_checked"], report["tokens"]
    assert report["identity"]["token_ref"] == "token-1"

    report = checked(run(home, doctor, {"HF_TOKEN": f"'{TOKEN}'"}), 1)
    assert report["verdict"]["roots"] == ["HFA203"], report["verdict"]

    checked(run(home, [*doctor, "--fail-on", "never"], {"HF_TOKEN": f"'{TOKEN}'"}), 0)
    report = checked(run(home, [*doctor, "--only", "no-token"], {"HF_TOKEN": f"'{TOKEN}'"}), 0)
    assert report["findings"] == []
    assert run(home, [*doctor, "--only", "HFA999"]).returncode == 2

    facts = home / "facts.json"
    live = checked(run(home, [*doctor, "--facts-out", str(facts)], {"HF_TOKEN": f"'{TOKEN}'"}), 1)
    assert TOKEN[5:30] not in facts.read_text()
    assert facts.stat().st_mode & 0o777 == 0o600
    replay = checked(run(new_home(scratch, "other"), ["doctor", "--json", "--facts", str(facts)]), 1)
    for name in ("verdict", "findings", "tokens", "clients", "identity", "incomplete"):
        assert live[name] == replay[name], f"{name} differs in the replay"
    assert run(home, ["doctor", "--facts", str(home / "none.json")]).returncode == 1


def check_facts_out(scratch):
    home = new_home(scratch, "facts-out")
    doctor = ["doctor", "--json", "--offline", "--facts-out"]

    alone = run(home, [*doctor, "-"])
    assert json.loads(alone.stdout)["hfauth_facts"] == 1, alone.stdout

    target, link, dangling, fifo = (home / name for name in ("target", "link", "dangling", "fifo"))
    target.write_text("old")
    link.symlink_to("target")
    checked(run(home, [*doctor, str(link)]), 0)
    assert link.is_symlink() and json.loads(target.read_text())["hfauth_facts"] == 1
    dangling.symlink_to(home / "later")
    checked(run(home, [*doctor, str(dangling)]), 0)
    assert dangling.is_symlink() and json.loads((home / "later").read_text())["hfauth_facts"] == 1

    os.mkfifo(fifo)
    with subprocess.Popen(["cat", str(fifo)], stdout=subprocess.PIPE, text=True) as reader:
        checked(run(home, [*doctor, str(fifo)]), 0)
        assert fifo.is_fifo(), "the FIFO was replaced"
        assert json.loads(reader.communicate(timeout=60)[0])["hfauth_facts"] == 1

    loop = home / "loop"
    loop.symlink_to("loop")
    failed = run(home, [*doctor, str(loop)])
    assert failed.returncode == 1 and "loop" in failed.stderr, failed
    assert run(home, [*doctor, str(home)]).returncode == 1  # a folder


def check_explain(scratch):
    home = new_home(scratch, "explain")
    warning = ("/usr/local/lib/python3.12/dist-packages/huggingface_hub/utils/_auth.py:94: UserWarning: \n"
               "The secret `HF_TOKEN` does not exist in your Colab secrets.\n"
               f"export HF_TOKEN={TOKEN}\n")
    report = checked(run(home, ["explain", "--json"], stdin=warning), 0)
    assert report["run"]["mode"] == "explain" and report["run"]["runtime"] == "colab"
    assert report["findings"][0]["id"] == "HFA701"
    assert report["findings"][0]["huggingface_hub"] == {"from": "0.26", "to": "1.8"}
    report = checked(run(home, ["explain", "--json", "-"], stdin="nothing of interest\n"), 1)
    assert report["verdict"]["state"] == "unknown"
    korean = checked(run(home, ["explain", "--json", "--lang", "ko"], stdin=warning), 0)
    assert korean["run"]["lang"] == "ko"
    assert "보안 비밀" in korean["findings"][0]["title"]

    assert run(home, ["explain", "-"], stdin="").returncode == 1
    binary = home / "binary"
    binary.write_bytes(b"\x7fELF\0\0\0\0")
    assert "binary" in run(home, ["explain", str(binary)]).stderr
    assert "folder" in run(home, ["explain", str(home)]).stderr
    assert run(home, ["explain", "no-such-file"]).returncode == 1
    for topic in ("HFA701", "M-001", "m-052", "HFA117"):
        page = checked(run(home, ["explain", "--json", topic]), 0)
        assert page["run"]["mode"] == "explain" and page["findings"], topic
    missing = run(home, ["explain", "HFA999"])
    assert missing.returncode == 1 and "HFA999" in missing.stderr and "restart" not in missing.stderr
    assert "HFA701" in run(home, ["explain", "The secret `HF_TOKEN` does not exist in your Colab secrets."]).stdout
    for topic in ("HFA701", "M-001", "restart", "colab-secret-missing"):
        page = run(home, ["explain", topic])
        assert page.returncode == 0 and len(page.stdout) > 300, topic


def main():
    os.umask(0o077)  # what others may read is a finding of its own
    with tempfile.TemporaryDirectory(prefix="hfauth-schema-") as folder:
        scratch = pathlib.Path(folder)
        try:
            check_doctor(scratch)
            check_facts_out(scratch)
            check_explain(scratch)
        finally:
            for home in HOMES:  # the doctor starts the agent of each
                run(home, ["shutdown"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
