# SPDX-License-Identifier: Apache-2.0
"""The words of a scenario's `state`: what is in the environment, in files, in processes, on what kind of machine."""
import base64
import json
import os
import re

from machine import File, Session
from texts_of_clients import WARNINGS
from words import NotUnderstood, Patterns, unescaped, value_of, without_note

_PLACE = {"colab": "Colab", "google colab": "Colab", "kaggle": "Kaggle", "space": "Space", "spaces": "Space", "ci": "CI",
          "github": "GitHub", "github actions": "GitHub", "gitlab": "GitLab", "docker": "Docker", "container": "Docker",
          "kubernetes": "Kubernetes", "k8s": "Kubernetes", "wsl": "WSL", "jupyter": "Jupyter", "sagemaker": "SageMaker",
          "slurm": "SLURM", "vs code": "VSCode", "vscode": "VSCode"}
_SHELL_FILES = {"rc", "bashrc", "zshrc", "profile"}
_PATH = r"((?:~|\$HOME|/|\./)[^\s=;]*|\.[\w.-]+)"
_HF_HOME = "~/.cache/huggingface"


class Words:
    """The state's table; `tokens` is letter -> text, `same` the state of another scenario by its id."""

    def __init__(self, tokens, same):
        self.tokens, self._same = tokens, same
        self.table = Patterns("state")
        self._sources()
        self._files()
        self._places()
        self._processes()

    def read(self, text, machine):
        self.table.read(text, machine)

    def value(self, text):
        return value_of(text, self.tokens)

    def _sources(self):
        on = self.table.on

        @on(r"(?:shell )?(?:env|export(?:ed)?)(?: var(?:iable)?)? (\w+)\s*=\s*(.*)")
        def environment(machine, name, text):
            text, note = without_note(text) if not text.startswith('"') else (text, "")
            if re.search(r"[,+] ?\w+=", text):
                return False  # several, with commas
            machine.environment[name] = self.value(text)
            return True

        @on(r"([A-Z][A-Z0-9_]+)\s*=\s*(.*)")
        def variable(machine, name, text):
            if name != name.upper():
                return False  # case is ignored by the pattern: "vault={{A}}"
            if name == "HOME":
                machine.home = text
            else:
                machine.environment[name] = self.value(without_note(text)[0])
            return True

        @on(r"no env|no (?:\w+ )?variables?|no token(?: anywhere)?|nothing set|no file(?: token)?|no token file|no login|no dotfiles?")
        def nothing(_):
            pass

        @on(r"(\w+) (?:unset|not set)")
        def not_set(machine, name):
            machine.environment.pop(name, None)

        @on(r"agent (?:profile )?(\w+)\s*=\s*(.*)")
        def agent(machine, name, text):
            machine.agent_profiles.append((name, self.value(without_note(text)[0])))

        @on(r"stored(?:_tokens)?:? (?:token )?(\w[\w.-]*)\s*=\s*(.*)")
        def stored(machine, name, text):
            text, note = without_note(text)
            extra = {}
            if "expired" in note:
                extra = {"expires": 1700000000, "refresh": "hf_refresh_" + "A" * 24}
            elif match := re.search(r"expires in (\d+) (day|hour|h|d)", note):
                extra = {"expires_in": int(match[1]) * (86400 if match[2][0] == "d" else 3600)}
            if "no refresh" in note:
                extra.pop("refresh", None)
            machine.stored.append((name, self.value(text), extra))

        @on(r"stored_tokens (?:has )?(?:a )?(duplicate|double) (?:section )?\[(\w+)\]")
        def duplicate(machine, _, name):
            token = next(iter(self.tokens.values()))
            section = f"[{name}]\nhf_token = {token}\n\n"
            machine.stored_text = section + section

        @on(r"stored_tokens (?:is )?(?:corrupt|broken|not an? ini|unparsable|garbage|without (?:a )?(?:section )?header).*")
        def corrupt(machine):
            machine.stored_text = "hf_token = nothing\n<<<<<<< HEAD\n"

        @on(r"git (?:credential )?helper (same|none|missing|(?:returns|has|=)?\s*.*)")
        def git_helper(machine, what):
            if what == "same":
                machine.git_helper = b"same"
            elif what not in ("none", "missing"):
                machine.git_helper = self.value(re.sub(r"^(returns|has|=)\s*", "", what))

        @on(r"same (?:files|state|machine) as (\w+)")
        def same(machine, scenario):
            self.read(self._same(scenario), machine)

    def _token_file(self, machine, text):
        text, note = without_note(text)
        mode = 0o600
        if match := re.search(r"\s+(?:mode )?(0?[0-7]{3})$", text):
            mode, text = int(match[1], 8), text[:match.start()]
        elif match := re.search(r"\b(0[0-7]{3})\b", note):
            mode = int(match[1], 8)
        text, sep, when = text.partition(" written ")
        text = re.sub(r" role \w+$", "", text)
        machine.token_file = self.value(text)
        machine.files.append(File("token", machine.token_file, mode, late=not sep or "after" in when or "newer" in note))

    def _files(self):
        on = self.table.on

        @on(r"(?:default |saved )?file token\s*=\s*(.*)")
        def token_file(machine, text):
            self._token_file(machine, text)

        @on(r"(?:default )?(?:token )?file " + _PATH + r"\s*=\s*(.*)")
        def file(machine, path, text):
            text, note = without_note(text)
            mode = re.search(r"\s+(?:mode )?(0?[0-7]{3})$", text)
            content = self.value(text[:mode.start()] if mode else text)
            if path.endswith((".env", ".envrc")) and b"=" not in content:
                content = b"HF_TOKEN=" + content
            machine.files.append(File(path, content, int(mode[1], 8) if mode else 0o600))

        @on(r"(?:file )?" + _PATH + r" (?:has|contains|with|holds|line:?|sets) (.*)")
        def contains(machine, path, text):
            machine.files.append(File(path, self.value(text) + b"\n", 0o600, late=False))

        @on(r"git remote (?:url )?(\S+)|remote (https?://\S+)")
        def remote(machine, one, two):
            url = self.value(one or two)
            machine.files.append(File("./.git/config", b'[remote "origin"]\n\turl = ' + url + b"\n", 0o644))

        @on(r"(?:file )?((?:\./)?\.env(?:rc)?|~/\.env) (?:has |with |sets )?(\w+)\s*=\s*(.*)")
        def dotenv(machine, path, name, text):
            machine.files.append(File(path if path.startswith(("~", "./")) else f"./{path}",
                                      name.encode() + b"=" + self.value(text) + b"\n", 0o600))

        @on(r"(?:~/\.)?netrc machine (\S+)(?: login (\S+))? password (.*)")
        def netrc(machine, host, login, text):
            machine.netrc.append((host, login or "__token__", self.value(text)))

        @on(r"dir(?:ectory)? " + _PATH)
        def directory(machine, path):
            machine.files.append(File(path.rstrip("/"), kind="directory", mode=0o700, late=False))

        @on(r"(?:token )?(?:file |path )?(?:is )?a? ?(fifo|directory|dangling link)(?: at)? ?" + _PATH + "?")
        def special(machine, kind, path):
            kind = {"dangling link": "link"}.get(kind.lower(), kind.lower())
            machine.files.append(File(path or "token", kind=kind, mode=0o700, late=False))

        @on(r"(?:token )?file (?:mode )?(0[0-7]{3})|(?:token )?file (?:is )?(un-?readable|root-owned|owned by root)")
        def mode(machine, digits, _):
            for one in machine.files:
                if one.path == "token":
                    one.mode = int(digits, 8) if digits else 0
                    return True
            machine.files.append(File("token", b"", int(digits, 8) if digits else 0))
            return True

        @on(r"cwd\s*=\s*(\S+).*")
        def cwd(machine, path):
            machine.cwd = path

        @on(r"home\s*=\s*(\S+).*")
        def home(machine, path):
            machine.home = path

        @on(r"(?:a )?notebook (\S+\.ipynb) (?:has|contains|with|holds) (.*)")
        def notebook(machine, path, text):
            cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
                      "source": [f'login(token="{os.fsdecode(self.value(text))}")']}]
            content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
            machine.files.append(File(path if path.startswith(("~", "/", "./")) else f"./{path}", content.encode(), 0o644))

        @on(r"(?:git )?(?:commit(?:ted)?|history)(?: of| has)? (\S+) (?:has|contains|with|holds) (.*)")
        def committed(machine, path, text):
            machine.commits.append((path, self.value(text) + b"\n"))

        @on(r"(?:a )?git (?:repo(?:sitory)?|work tree)")
        def repository(machine):
            machine.commits.append(None)

        @on(r"(?:~/\.)?(bash_history|zsh_history) (?:has|contains|with) (.*)")
        def history(machine, name, text):
            machine.files.append(File(f"~/.{name}", self.value(text) + b"\n"))

    def _places(self):
        on = self.table.on

        @on(r"markers?:? (.*)")
        def markers(machine, names):
            for name in re.split(r"\s*[,+/]\s*| and ", names.strip()):
                if name.lower() not in _PLACE:
                    raise NotUnderstood("state", f"markers {name}")
                machine.runtime.add(_PLACE[name.lower()])

        @on(r"no D-?Bus|no keyring|headless.*")
        def no_bus(machine):
            machine.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)

        @on(r'pasted:? "?(.*?)"?')
        def pasted(machine, text):
            machine.pasted.append(WARNINGS.find(text) or unescaped(text))

        @on(r"probe (?:cell:? )?userdata (OK|missing|not found|no access|timeout)|userdata (OK|missing|not found|no access|timeout)")
        def vault(machine, one, two):
            told = (one or two).lower()
            state = {"ok": "present", "not found": "missing", "no access": "no_access"}.get(told, told)
            machine.facts["notebook.vault"] = state
            machine.runtime.add("Colab")

        @on(r"(?:probe )?get_token\(\) (?:is |returns |== )?None")
        def no_token(machine):
            machine.facts["notebook.get_token"] = "none"

        @on(r"kernel older than (?:the )?secret|secret added after (?:the )?(?:first .*|kernel start)")
        def secret_is_new(machine):
            machine.facts["notebook.secret_is_newer"] = True

        @on(r"vault(?: secret)?\s*=\s*(.*)")
        def vault_value(machine, text):
            machine.facts["notebook.vault"] = "present"
            machine.facts["notebook.vault_token"] = self.value(text).decode()
            machine.runtime.add("Colab")

        @on(r"proxy re-?signs(?: TLS)?|TLS (?:is )?(?:re-?signed|intercepted)(?: by .*)?")
        def re_signed(machine):
            machine.re_signed = machine.https = True

        @on(r"clock (?:is )?(?:off by |skew(?:ed)?(?: by)? |\+|ahead (?:by )?|behind (?:by )?|-)?\s*(\d+)\s*(s|sec\w*|m|min\w*|h|hours?|d|days?)(?: \w+)*")
        def clock(machine, number, unit):
            seconds = int(number) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit[0].lower()]
            machine.faults.append({"date": seconds})

        @on(r"explain input (?:holds|has|is)(?: an?)? base64 of (.*)")
        def encoded(machine, text):
            machine.explained = (b"send: b'GET /api/whoami-v2 HTTP/1.1\\r\\nHost: huggingface.co\\r\\nAuthorization: Basic "
                                 + base64.b64encode(self.value(text)) + b"\\r\\n\\r\\n'\n")

        @on(r"explain input (?:holds|has|is):? (.*)")
        def explained(machine, text):
            machine.explained = (WARNINGS.find(text) or "").encode() or self.value(text) + b"\n"

    def _processes(self):
        on = self.table.on

        def session(machine, kind="kernel"):
            found = next((one for one in machine.sessions if one.kind == kind), None)
            if found is None:
                found = Session(kind)
                machine.sessions.append(found)
            return found

        kinds = r"(kernel|jupyter server|vs ?code server|ide|vllm|uvicorn|server|process|session)"

        @on(r"(?:one |a |running )?" + kinds + r"(?: pid \d+)?:? (?:initial )?env(?:ironment)? (?:without \w+|empty|lacks \w+|has no \w+)(?:[,;]? (?:started|older).*)?")
        def bare(machine, kind):
            session(machine, kind.lower())

        @on(r"(?:one |a |running )?" + kinds + r"(?: pid \d+)?:? (?:initial )?(?:env(?:ironment)?(?: has)? )?(\w+)\s*=\s*(.*)")
        def with_value(machine, kind, name, text):
            session(machine, kind.lower()).environment[name] = self.value(without_note(text)[0])

        @on(r"(?:one |a |running )?" + kinds + r"(?: pid \d+)?:? (?:has |with )?(?:the )?same (?:fp|fingerprint|token)")
        def same(machine, kind):
            session(machine, kind.lower()).inherits = True

        unit = r"(?:(?:a )?(?:systemd |user )?(?:unit|service|timer)|systemd)"

        @on(unit + r"(?: ([\w@-]+)(?:\.service)?)?:? (?:initial )?(?:env(?:ironment)?|Environment=) ?(?:without \w+|empty|lacks \w+|has no \w+)")
        def bare_unit(machine, name):
            machine.units.setdefault(f"{name or 'train'}.service", {})

        @on(unit + r"(?: ([\w@-]+)(?:\.service)?)?:? (?:env(?:ironment)? |Environment=)(\w+)\s*=\s*(.*)")
        def unit_with(machine, name, variable, text):
            machine.units.setdefault(f"{name or 'train'}.service", {})[variable] = self.value(without_note(text)[0])

        @on(r"cron(?:tab)?(?: job| line)?:? (?:env(?:ironment)? )?(?:without \w+|has no \w+|lacks \w+|empty|runs .*)")
        def cron(machine):
            job = {"kind": "cron", "name": "crontab line 1", "where": "/var/spool/cron/crontabs/user",
                   "command": "python3 train.py", "uses_hub": True, "environment": {}, "tokens": []}
            machine.facts["services"] = [job]  # its file is root's

        @on(r"(?:process|program|ps|command line) (?:pid \d+ )?(?:shows|has|with|args?:?|--token)+ (.*)")
        def arguments(machine, text):
            one = session(machine, "process")
            one.arguments = self.value(text).split()

        @on(r"(?:command )?hf (?:from|of|in) (?:uvx?|pipx|brew|another \w+)(?: with| has)?(?: huggingface_hub)? v?(\d+(?:\.\d+)+)")
        def other_hf(machine, version):
            machine.hf = version + ".0" * (2 - version.count("."))

        @on(r"(?:kernel |session )?(?:was )?started before .*|(?:one |a |running )?" + kinds + r"(?: pid \d+)?(?: (?:is )?(?:started|older|runs|running).*)?")
        def running(machine, kind):
            session(machine, (kind or "kernel").lower())
