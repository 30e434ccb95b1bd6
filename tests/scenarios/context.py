# SPDX-License-Identifier: Apache-2.0
"""The words of a scenario's `context`: which client, which target, how it is run."""
import re

from texts_of_clients import WARNINGS
from words import Patterns, unescaped

TABLE = Patterns("context")
_on = TABLE.on


def _version(text):
    return text + ".0" * (2 - text.count("."))


@_on(r"(?:py(?:thon)?|(?:huggingface_)?hub|py(?:thon)? hub)\s+v?(\d+(?:\.\d+)+)(?: ?\(.*\))?")
def _python_version(machine, version):
    machine.python = _version(version)


@_on(r"py(?:thon)?(?: --write)?|kernel(?: \+ shell)?|shell(?: \+ kernel)?|notebook|jupyter|script|ssh|cli|interactive")
def _nothing_special(_):
    pass


@_on(r"(?:.* )?--write(?: .*)?|upload.*|push.*")
def _write(machine):
    machine.write = True


@_on(r"py(?:thon)? and hfrs|hfrs|rust|hf-hub.*|(?:py(?:thon)? and )?rust(?: .*)?")
def _hfrs(machine):
    machine.hfrs = True


@_on(r"curl|(?:raw|all) clients?|--for (\w+)")
def _client(machine, name):
    machine.clients.append(name or "all")  # the doctor judges every client that it finds
    machine.hfrs = machine.hfrs or name in ("rust", "hfrs")


@_on(r"!(?:hf|hfauth)\b.*|(?:a )?command of (?:the|a) notebook")
def _notebook_command(machine):
    machine.facts["runtime.below_kernel"] = True  # the doctor is then no child of this program


@_on(r"--profile (\w+)")
def _profile(machine, name):
    machine.options += ["--profile", name]


@_on(r"target (\S+)")
def _target(machine, repo):
    machine.targets.append(repo)


@_on(r"expect_user\s*=\s*(\w+)")
def _expected_user(machine, name):
    machine.expected_user = name


@_on(r"log (.*)")
def _log(machine, words):
    machine.pasted.append(WARNINGS.find(words) or unescaped(words))


@_on(r"pasted (?:warning|text|message|log)(?: .*)?")
def _pasted(machine):
    if not machine.pasted and "Colab" in machine.runtime:
        machine.pasted.append(WARNINGS.colab_missing)


@_on(r"sudo(?: .*)?|run with sudo|under sudo")
def _sudo(machine):
    machine.sudo = True


@_on(r"docker(?: .*)?|container(?: .*)?")
def _docker(machine):
    machine.runtime.add("Docker")


@_on(r"explain")
def _explain(machine):
    machine.explained = machine.explained or "".join(machine.pasted).encode()


@_on(r"--?offline|offline run")
def _offline(machine):
    machine.offline = True


@_on(r"user (?:ran|runs|did|typed) .*|after (?:a )?(?:login|switch|reboot).*|headless.*|laptop|server|vs ?code.*|ide.*")
def _story(_):
    pass


@_on(r"(?:langchain|transformers|datasets|diffusers|peft|trl|vllm|tgi|sentence-transformers|llama\.cpp)(?: .*)?|git(?: .*)?|"
     r"fresh (?:machine|install)|default|any client|interactive .*|(?:systemd|cron|desktop)(?:[: ].*)?|tmux|screen")
def _another_library(_):
    pass


@_on(r"(?:github actions )?(?:from a )?fork(?: PR)?|pull request(?: .*)?")
def _fork(machine):
    machine.runtime.add("GitHub")
    machine.environment["GITHUB_EVENT_NAME"] = b"pull_request"


@_on(r"(?:github actions|ci|gitlab)(?: .*)?")
def _ci(machine):
    machine.runtime.add("GitHub")


@_on(r"(colab|kaggle|spaces?)(?: .*)?")
def _hosted(machine, name):
    machine.runtime.add({"colab": "Colab", "kaggle": "Kaggle"}.get(name.lower(), "Space"))


def read(text, machine):
    """Puts what `text` says into the machine. Raises NotUnderstood."""
    if re.search(r"--write\b", text):
        machine.write = True
    TABLE.read(text, machine)
