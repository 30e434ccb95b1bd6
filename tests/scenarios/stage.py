# SPDX-License-Identifier: Apache-2.0
"""Builds a Machine for real below one scratch folder: home, files with modes, processes, the Hub stand-in's state.

Absolute paths of a scenario stand below the scratch folder (/home/u is SCRATCH/home/u), so nothing outside of it is
touched. A Stage ends what it started: sessions, the agent, sockets.
"""
import configparser
import io
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

from machine import File
from words import NotUnderstood

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support/hub"))
from client import RunningProxy  # noqa: E402

DEADLINE_S = 60
_MARKS = {"Colab": {"COLAB_RELEASE_TAG": "release-colab", "COLAB_GPU": ""}, "Kaggle": {"KAGGLE_KERNEL_RUN_TYPE": "Interactive"},
          "Space": {"SPACE_ID": "org/app"}, "CI": {"CI": "true"}, "GitHub": {"CI": "true", "GITHUB_ACTIONS": "true"},
          "GitLab": {"CI": "true", "GITLAB_CI": "true"}, "Docker": {"container": "docker"},
          "Kubernetes": {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "WSL": {"WSL_DISTRO_NAME": "Debian"},
          "Jupyter": {"JPY_PARENT_PID": "1"}, "SageMaker": {"SM_TRAINING_ENV": "{}"}, "SLURM": {"SLURM_JOB_ID": "1"},
          "VSCode": {"TERM_PROGRAM": "vscode"}}
# A program that says that it runs and ends when its standard input does; started as the module of that name.
_MODULES = {"kernel": "ipykernel_launcher", "jupyter server": "jupyterlab", "vllm": "vllm", "uvicorn": "uvicorn",
            "vscode server": "code_server", "vs code server": "code_server", "ide": "code_server", "server": "uvicorn",
            "process": "uvicorn", "session": "ipykernel_launcher"}
_WAITING = "import sys\nprint('ready', flush=True)\nsys.stdin.read()\n"


class Stage:
    def __init__(self, scratch, programs, hub):
        """`programs`: folder of hfauth; `hub`: a RunningHub for this scenario, or None if it is not to be reached."""
        self.scratch, self._programs, self._hub = pathlib.Path(scratch), programs, hub
        self.home = self.scratch / "home/user"
        self._processes, self._sockets, self._proxy, self._closed = [], [], None, False
        self.environment = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([self._programs / "hfauth", "shutdown"], env=self._base(), stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=DEADLINE_S, check=False)
        for process in self._processes:
            process.stdin.close()
            process.wait(DEADLINE_S)
            process.stdout.close()
        for one in self._sockets:
            one.close()
        if self._proxy:
            self._proxy.stop()

    def _base(self):
        return {"PATH": f"{self.scratch}/bin:{self._programs}:/usr/bin:/bin", "HOME": str(self.home), "SHELL": "/bin/bash",
                "XDG_RUNTIME_DIR": str(self.scratch / "run"), "HFAUTH_STORE": "vault", "LANG": "C.UTF-8", "TERM": "dumb",
                "GIT_CONFIG_NOSYSTEM": "1"}

    def place(self, path):
        """Where a path of the scenario is on this stage."""
        if path == "~" or path.startswith(("~/", "$HOME/")):
            return self.home / path.partition("/")[2]
        if path.startswith("/"):
            return self.scratch / path[1:]
        return self.cwd / path

    @property
    def cwd(self):
        return self.scratch / self._cwd.lstrip("/")

    def build(self, machine):
        """Everything of the machine; self.environment is then what the doctor gets."""
        self._cwd = machine.cwd or "/work"
        if machine.home:
            self.home = self.scratch / machine.home.lstrip("/")
        for folder in (self.home, self.scratch / "run", self.scratch / "bin", self.cwd):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.environment = self._base()
        for name in machine.runtime:
            self.environment |= _MARKS[name]
        self._install_clients(machine)
        self._reach(machine)
        variables = {name: self._relocated(name, value) for name, value in machine.environment.items()}
        self._write(machine, [one for one in machine.files if not one.late])
        self._start_sessions(machine, variables)
        self._write(machine, [one for one in machine.files if one.late])
        self._write_stored(machine)
        self._write_netrc(machine)
        self._commit(machine)
        self._set_git_helper(machine)
        self._write_dotfile(machine)
        self._write_units(machine)
        if machine.sudo:
            self.environment["SUDO_USER"] = "u"
            self.environment["SUDO_HOME"] = str(self.scratch / "home/u")
        if machine.expected_user:
            (self.cwd / "hfauth.toml").write_text(f'expect_user = "{machine.expected_user}"\n')
        for name, value in variables.items():
            staged = self._proxy and name.lower().endswith("_proxy")  # its port is the stage's own
            self.environment[name] = self._proxy.url if staged else os.fsdecode(value)
        return self.environment

    def _relocated(self, name, value):
        """A path in a variable, below the scratch folder; other values as they are."""
        if name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE") and self._hub and self._hub.ca:
            return os.fsencode(self._hub.ca)
        quote = value[:1] if value[:1] in (b'"', b"'") else b""
        if value[len(quote):].startswith(b"/") and (name.endswith(("_PATH", "_HOME", "_CACHE", "_DIR", "_FILE", "_BUNDLE")) or name == "NETRC"):
            return quote + os.fsencode(self.scratch) + value[len(quote):]
        return value

    def _install_clients(self, machine):
        if machine.python:
            folder = self.scratch / f"venv/lib/python3.11/site-packages/huggingface_hub-{machine.python}.dist-info"
            folder.mkdir(parents=True)
            (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: huggingface_hub\nVersion: {machine.python}\n")
            (self.scratch / "venv/pyvenv.cfg").write_text("version = 3.11\n")
            self.environment["VIRTUAL_ENV"] = str(self.scratch / "venv")
        if machine.hf:
            self._install_hf(machine.hf)
        if machine.hfrs:
            program = self.scratch / "bin/hfrs"
            program.write_text("#!/bin/sh\nexit 0\n")
            program.chmod(0o755)

    def _reach(self, machine):
        if machine.reach == "dns":
            self.environment["HF_ENDPOINT"] = "https://hub.invalid"
        elif machine.reach in ("timeout", "refused"):
            self.environment["HF_ENDPOINT"] = f"http://127.0.0.1:{self._dead_port(machine.reach)}"
        elif self._hub:
            self.environment["HF_ENDPOINT"] = self._hub.endpoint
        names_own = any(name.lower() == "https_proxy" and value.startswith((b"http://127.0.0.1:", b"http://localhost:"))
                        for name, value in machine.environment.items())
        if names_own and machine.proxy is None and not machine.whoami:
            self.environment["HF_ENDPOINT"] = "https://huggingface.co"  # no proxy is asked for a Hub on this machine
        if machine.proxy is not None:
            self._proxy = RunningProxy(*machine.proxy)
            self.environment |= {"HTTPS_PROXY": self._proxy.url, "https_proxy": self._proxy.url,
                                 "HF_ENDPOINT": "https://huggingface.co"}

    def _dead_port(self, how):
        """A port that refuses, or one whose queue is full, so that connecting to it takes for ever."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        if how == "refused":
            listener.close()
            return port
        listener.listen(0)
        self._sockets.append(listener)
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
            self._sockets.append(waiting)
        return port

    def _token_path(self, machine):
        return self.home / ".cache/huggingface/token"

    def _write(self, machine, files):
        for one in files:
            path = self._token_path(machine) if one.path == "token" else self.place(one.path)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make(path, one)

    def _make(self, path, one):
        if one.kind == "directory":
            path.mkdir(mode=0o700, exist_ok=True)
        elif one.kind == "fifo":
            os.mkfifo(path)
        elif one.kind == "link":
            path.symlink_to(path.with_name("nowhere"))
        else:
            path.write_bytes(one.content)
            path.chmod(one.mode)
            self._closed = self._closed or not one.mode & 0o400

    def _write_stored(self, machine):
        if not machine.stored and not machine.stored_text:
            return
        path = self._token_path(machine).with_name("stored_tokens")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = machine.stored_text
        if not text:
            table = configparser.ConfigParser(interpolation=None)
            for name, token, extra in machine.stored:
                table[name] = {"hf_token": token.decode()}
                if "expires" in extra or "expires_in" in extra:
                    table[name]["expires_at"] = str(int(extra.get("expires", time.time() + extra.get("expires_in", 0))))
                if "refresh" in extra:
                    table[name]["refresh_token"] = extra["refresh"]
            lines = io.StringIO()
            table.write(lines)
            text = lines.getvalue()
        path.write_text(text)
        path.chmod(0o600)

    def _host(self, host):
        """The Hub's name, where the stage's Hub is meant."""
        endpoint = self.environment.get("HF_ENDPOINT", "")
        return endpoint.split("//")[-1] if host in ("huggingface.co", "hf.co") and endpoint else host

    def _write_netrc(self, machine):
        if not machine.netrc:
            return
        lines = [f"machine {self._host(host).split(':')[0]}\n  login {login}\n  password {os.fsdecode(password)}\n"
                 for host, login, password in machine.netrc]
        (self.home / ".netrc").write_text("".join(lines))
        (self.home / ".netrc").chmod(0o600)

    def _set_git_helper(self, machine):
        if machine.git_helper is None:
            return
        token = machine.token_file if machine.git_helper == b"same" else machine.git_helper
        scheme, _, host = self.environment.get("HF_ENDPOINT", "https://huggingface.co").partition("://")
        (self.home / ".gitconfig").write_text("[credential]\n\thelper = store\n")
        (self.home / ".git-credentials").write_text(f"{scheme}://hf_user:{os.fsdecode(token)}@{host.replace(':', '%3a')}\n")
        (self.home / ".git-credentials").chmod(0o600)

    def _write_dotfile(self, machine):
        """With sessions beside it, the shell's variable was exported by a file that is newer than they are."""
        if machine.sessions and "HF_TOKEN" in machine.environment:
            line = b"export HF_TOKEN=" + machine.environment["HF_TOKEN"] + b"\n"
            (self.home / ".bashrc").write_bytes(line)

    def _commit(self, machine):
        """A repository of git in the current folder; what is committed is taken out of the work tree by a second commit."""
        if not machine.commits:
            return
        def git(*words):
            name = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "init.defaultBranch=main"]
            subprocess.run(["git", *name, *words], cwd=self.cwd, env=self._base(), check=True, stdout=subprocess.DEVNULL,
                           timeout=DEADLINE_S)
        git("init", "--quiet")
        for one in filter(None, machine.commits):
            path = self.cwd / one[0]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one[1])
            git("add", one[0])
            git("commit", "--quiet", "-m", "one")
            git("rm", "--quiet", one[0])
            git("commit", "--quiet", "-m", "two")

    def _write_units(self, machine):
        """Units of the user's own systemd that run a script which imports a library of the Hub's."""
        for name, variables in machine.units.items():
            folder = self.home / ".config/systemd/user"
            folder.mkdir(parents=True, exist_ok=True)
            script = self.cwd / "train.py"
            script.write_text("import transformers\n")
            lines = [f"Environment={key}={os.fsdecode(value)}\n" for key, value in variables.items()]
            (folder / name).write_text(f"[Service]\n{''.join(lines)}ExecStart=/usr/bin/python3 {script}\n")

    def _install_hf(self, version):
        """The command hf of another Python environment than the shell's."""
        prefix = self.scratch / "tools/hf"
        (prefix / f"lib/python3.11/site-packages/huggingface_hub-{version}.dist-info").mkdir(parents=True)
        program = self.scratch / "bin/hf"
        program.write_text(f"#!{prefix}/bin/python\n")
        program.chmod(0o755)

    def _start_sessions(self, machine, variables):
        modules = self.scratch / "modules"
        for session in machine.sessions:
            module = _MODULES[session.kind]
            modules.mkdir(exist_ok=True)
            (modules / f"{module}.py").write_text(_WAITING)
            environment = {name: value for name, value in self.environment.items() if not name.startswith("HFAUTH")}
            environment |= {"PYTHONPATH": str(modules), "PYTHONDONTWRITEBYTECODE": "1"}
            given = dict(variables) if session.inherits else {}
            given |= session.environment
            environment |= {name: os.fsdecode(value) for name, value in given.items()}
            words = [os.fsdecode(word) for word in session.arguments] or ["-f", "kernel.json"]
            process = subprocess.Popen(["/usr/bin/python3", "-m", module, *words], env=environment, cwd=self.cwd,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._processes.append(process)
            if process.stdout.readline() != b"ready\n":
                raise RuntimeError(f"the session {session.kind} did not start")

    def log_in(self, machine):
        """The agent's profiles, by the program itself."""
        for name, token in machine.agent_profiles:
            subprocess.run([self._programs / "hfauth", "login", "--token-stdin", "--name", name], input=token, check=True,
                           env=self.environment, stdout=subprocess.DEVNULL, timeout=DEADLINE_S)

    def run(self, *arguments, data=None):
        """(exit status, standard output, standard error) of hfauth."""
        command = [self._programs / "hfauth", *arguments]
        if self._closed and os.geteuid() == 0:  # root reads whatever it likes, but for this
            command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search",
                       "--inh-caps=-dac_override,-dac_read_search", *command]
        done = subprocess.run(command, env=self.environment, cwd=self.cwd, input=data,
                              stdin=None if data is not None else subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=DEADLINE_S, check=False)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def settle_hub(hub, machine, tokens):
    """Puts the stand-in into the state that the scenario tells. `tokens`: letter -> tokens.Token. Raises NotUnderstood."""
    ended = {letter for letter, (status, _) in machine.whoami.items() if status == 401}
    for letter, token in tokens.items():
        if letter not in ended and (order := token.order()):
            hub.control(**order)
    for letter, (status, user) in machine.whoami.items():
        token = tokens[letter]
        if status == 200 and user and user != token.user:
            raise NotUnderstood("hub", f"{letter} is {token.user} in the legend and {user} here")
        if status == 429:
            machine.faults.append({"fault": "limited", "path": "/api/whoami-v2", "t": 55})
        elif status == 200 and token.state != "valid":
            raise NotUnderstood("hub", f"{letter} is {token.state} in the legend and answered {status} here")
    _settle_repos(hub, machine, tokens)
    for fault in machine.faults:
        if "date" in fault:
            then = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + fault["date"]))
            fault = {"fault": "headers", "headers": {"Date": then}}
        hub.control(**fault)


def _settle_repos(hub, machine, tokens):
    by_repo = {}
    for answer in machine.answers:
        by_repo.setdefault((answer.kind, answer.repo), []).append(answer)
    for (kind, name), told in by_repo.items():
        _settle_repo(hub, machine, tokens, kind, name, told)


def _write_alone(machine, name, told):
    """Everybody may read it, and the refusals are of writing."""
    return machine.write and "gated" not in name and not any("gated" in one.words.lower() for one in told)


def _settle_repo(hub, machine, tokens, kind, name, told):
    if any(one.status == 429 for one in told):
        hub.control(fault="limited", path=f"/api/{kind}s/{name}", t=55)
        return
    disabled = any("disabled" in one.words for one in told)
    if any("policy" in one.words.lower() or "organi" in one.words.lower() for one in told):
        refusal = {"error": f"Your organization {name.partition('/')[0]} requires fine-grained tokens, by its token policy"}
        mark = {"X-Request-Id": "Root=1-0"}  # without it the refusal may be a proxy's
        hub.control(fault="status", path=f"/api/{kind}s/{name}", status=403, body=refusal, headers=mark)
        return
    missing = all(one.status == 404 for one in told) and not any("private" in one.words for one in told)
    if missing:
        return
    accepted = {tokens[one.who].user for one in told if one.status == 200 and one.who in tokens}
    everybody = any(one.status == 200 and one.who in ("", "anon") for one in told)
    private = any(one.status in (401, 404) and one.who == "anon" and "gated" not in one.words and "gated" not in name
                  for one in told) or any(one.status == 404 for one in told)
    gated = not everybody and not private and not disabled and not _write_alone(machine, name, told)
    files = {"config.json": "{}", "model.safetensors": {"noise": 1000, "lfs": True}}
    order = {"id": name, "kind": kind, "files": files, "private": private, "disabled": disabled}
    if gated:
        order["gated"] = "manual"
        order["access"] = {user: "accepted" for user in accepted}
    hub.control(repo=order)
    for one in told:
        state = next((word for word in ("pending", "rejected", "reset") if word in one.words.lower()), "")
        if state:
            users = [tokens[one.who].user] if one.who in tokens else sorted({token.user for token in tokens.values() if token.user})
            for user in users:
                hub.control(gate={"repo": name, "kind": kind, "account": user, "state": state})
    if private:
        for user in accepted:
            hub.control(account=user, patch={"orgs": [{"name": name.partition("/")[0], "roleInOrg": "read"}]})


def facts_with(path, changes):
    """The facts in the file with `changes` (dotted path -> value) put in; None takes away, a list is added to what is there."""
    facts = json.loads(pathlib.Path(path).read_text())
    for dotted, value in changes.items():
        place = facts
        *folders, last = dotted.split(".")
        for folder in folders:
            place = place.setdefault(folder, {})
        if value is None:
            place.pop(last, None)
            continue
        place[last] = place.get(last, []) + value if isinstance(value, list) else value
    pathlib.Path(path).write_text(json.dumps(facts))


def remove(folder):
    """A scratch folder, whatever modes are in it."""
    for root, folders, _ in os.walk(folder):
        for one in folders:
            if not os.path.islink(os.path.join(root, one)):
                os.chmod(os.path.join(root, one), 0o700)
    shutil.rmtree(folder)


__all__ = ["File", "Stage", "facts_with", "remove", "settle_hub"]
