# SPDX-License-Identifier: Apache-2.0
"""A token of its own in every place that the doctor, the scan and the explanations read, a Hub that says tokens in its
answers, and every form of every report: no output and no file that was written may hold twelve characters of one of them,
plainly or in base64.

Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import base64
import itertools
import json
import os
import pathlib
import shutil
import string
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HFAUTH_BIN"])
SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests/support/hub"))
from client import RunningHub  # noqa: E402

SHOWN = 12  # characters in a row that are no chance any more
HFAUTH = BIN / "hfauth"


def tokens():
    """Made up, each with the two letters that no other has, 34 characters behind hf_ as a token has them."""
    for first, second in itertools.permutations(string.ascii_letters[:26], 2):
        if first < second:
            yield "hf_" + (first + second.upper()) * 17


def parts_of(token):
    body = token.removeprefix("hf_")
    return {body[at:at + SHOWN] for at in range(len(body) - SHOWN + 1)}


class Planted:
    def __init__(self, hub):
        self.supply = tokens()
        self.places = {}  # part: place
        for name, token in hub.accounts.items():
            self.remember(f"the Hub's {name}", token)

    def remember(self, place, token):
        for part in parts_of(token):
            self.places.setdefault(part.encode(), place)
        for user in ("user:", "hf_user:", ""):
            encoded = base64.b64encode((user + token).encode())
            for at in range(len(user) + 8, len(encoded) - 2 * SHOWN):
                self.places.setdefault(encoded[at:at + SHOWN], f"{place}, in base64")

    def new(self, place):
        token = next(self.supply)
        self.remember(place, token)
        return token

    def found_in(self, raw):
        if any(raw[at:at + SHOWN] in self.places for at in range(0, max(len(raw) - SHOWN + 1, 0))):
            at = next(at for at in range(len(raw)) if raw[at:at + SHOWN] in self.places)
            return f"{self.places[raw[at:at + SHOWN]]} at byte {at}"
        return None


class NoLeakInOutputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.umask(0o022)
        cls.hub = RunningHub()
        cls.planted = Planted(cls.hub)
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="hfauth-no-leak-")).resolve()
        (cls.home / "run").mkdir(mode=0o700)
        cls.work = cls.home / "work"
        cls.out = cls.home / "out"
        cls.out.mkdir()
        cls.n_runs = 0
        cls.plant_files()
        cls.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(cls.home), "XDG_RUNTIME_DIR": str(cls.home / "run"), "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash",
            "HFAUTH_STORE": "vault", "HF_ENDPOINT": cls.hub.endpoint, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
            "HF_TOKEN": cls.new("HF_TOKEN"), "HUGGING_FACE_HUB_TOKEN": "Bearer " + cls.new("the legacy variable"),
            "HUGGINGFACEHUB_API_TOKEN": cls.new("LangChain's variable"), "HF_TOKENS": cls.new("a variable of another name"),
            "HF_TOKEN_PATH_OLD": cls.new("a variable that nobody reads"), "NO_PROXY": "127.0.0.1"}
        argument, inherited = cls.new("a process's arguments"), cls.new("a process's environment")
        cls.running = subprocess.Popen(["/usr/bin/python3", "-c", "import sys; sys.stdin.read()", "ipykernel_launcher", argument],
                                       stdin=subprocess.PIPE, env={**cls.environment, "HF_TOKEN": inherited})
        subprocess.run([HFAUTH, "login", "--token-stdin", "--name", "work", "-q"], input=cls.hub.accounts["bob"].encode(),
                       env=cls.environment, check=True, capture_output=True, timeout=60)

    @classmethod
    def new(cls, place):
        return cls.planted.new(place)

    @classmethod
    def write(cls, name, text, mode=0o600):
        path = cls.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    @classmethod
    def plant_files(cls):
        new, write = cls.new, cls.write
        write(".cache/huggingface/token", "\ufeff" + new("the token file") + "\n", 0o644)
        write(".cache/huggingface/stored_tokens", f"[a]\nhf_token = {new('stored_tokens')}\nrefresh_token = {new('a refresh token')}\n"
              f"expires_at = 1700000000\n[a]\nhf_token = {new('a second section')}\nnoise {new('a line that is no key')}\n", 0o644)
        write(".huggingface/token", new("the old token file"))
        for name in (".bashrc", ".zshrc", ".profile", ".config/fish/config.fish"):
            write(name, f"export HF_TOKEN={new(name)}\nset -gx HUGGING_FACE_HUB_TOKEN '{new(name + ', fish')}'\n")
        for name in (".bash_history", ".zsh_history", ".python_history", ".psql_history", ".ipython/profile_x/history.sqlite"):
            write(name, f"hf auth login --token {new(name)}\n")
        write(".netrc", f"machine 127.0.0.1 login me password {new('netrc')}\n")
        write(".git-credentials", cls.hub.endpoint.replace("://", f"://bob:{new('the store of git')}@") + "\n")
        write(".gitconfig", f"[credential]\n\thelper = store\n\thelper = \"!echo password={new('a helper of git')}\"\n")
        write("work/.env", f"HF_TOKEN={new('.env')}\nOTHER={new('.env, another name')}\n", 0o644)
        write("work/.envrc", f"export HF_TOKEN={new('.envrc')}\n", 0o644)
        write("work/notebook.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": [f"login('{new('a cell')}')"],
                                                            "outputs": [{"text": [f"using {new('an output')}"]}]}]}))
        write("work/script.py", f"from huggingface_hub import login\nlogin(token='{new('a script')}')\n")
        subprocess.run(["git", "init", "-q", cls.home / "work"], check=True, env={"PATH": "/usr/bin:/bin", "HOME": str(cls.home)})
        with (cls.home / "work/.git/config").open("a") as config:
            config.write(f'[remote "origin"]\n\turl = https://me:{new("the URL of a remote")}@huggingface.co/a/b\n')
        token = new("a pasted text")
        basic = base64.b64encode(b"user:" + new("a Basic header").encode()).decode()
        cls.text = write("pasted.txt", f"Traceback (most recent call last):\n401 Client Error: Unauthorized for url: https://u:{token}@huggingface.co/api/whoami-v2"
                         f"\nAuthorization: Bearer {token}\nauthorization: Basic {basic}\nHF_TOKEN={token} python x.py\nInvalid username or password.\n"
                         f"\x1b[31m{token}\x1b[0m {token[:20]}\r\n{json.dumps({'token': token, 'inner': json.dumps({'hf_token': token})})}\n"
                         "The secret `HF_TOKEN` does not exist in your Colab secrets\n")

    @classmethod
    def tearDownClass(cls):
        cls.running.communicate()
        subprocess.run([HFAUTH, "shutdown", "-q"], env=cls.environment, check=False)
        shutil.rmtree(cls.home)
        cls.hub.stop()

    def run_hfauth(self, *words, **more):
        done = subprocess.run([HFAUTH, *words], capture_output=True, timeout=120, check=False, cwd=self.work, env={**self.environment, **more.pop("env", {})},
                              **({"input": b""} | more))
        type(self).n_runs += 1
        for stream in ("stdout", "stderr"):
            if found := self.planted.found_in(getattr(done, stream)):
                self.fail(f"{stream} of hfauth {' '.join(map(str, words))} shows {found}")
        self.assertNotIn(done.returncode, (70, -6, -11), done.stderr)
        return done

    def assert_clean(self, *paths):
        for path in paths:
            self.assertTrue(path.exists(), path)
            files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
            for file in files:
                if found := self.planted.found_in(file.read_bytes()):
                    self.fail(f"{file.relative_to(self.home)} holds {found}")

    def hostile_hub(self):
        """Says tokens wherever it can: bodies, headers, names."""
        said = self.new("what the Hub says")
        self.planted.remember("what the Hub says", said)
        body = {"error": f"no good: {said}, Bearer {said}", "name": said, "fullname": said, "auth": {"accessToken": {"displayName": said, "role": said}}}
        self.hub.control(fault="status", path="/api/", status=401, body=body,
                         headers={"X-Error-Message": f"no: {said}", "X-Request-Id": said, "X-HF-Warning": f"auth; {said}"})
        self.addCleanup(self.hub.clear)

    def test_0_a_token_that_is_shown_is_found(self):
        token = self.new("this test")
        for shown in (token, token[5:17], "Basic " + base64.b64encode(b"user:" + token.encode()).decode()):
            self.assertIn("this test", self.planted.found_in(f"so: {shown}.".encode()) or "", shown)
        self.assertIsNone(self.planted.found_in(("hf_****" + token[-4:]).encode()))

    def test_1_the_doctor_in_every_form(self):
        forms = [[], ["-v"], ["-vv"], ["-q"], ["--json"], ["--format", "agent"]]
        forms += [["--format", form] for form in ("sarif", "junit", "markdown", "github")]
        for words in forms:
            self.run_hfauth("doctor", *words)
        for variables in ({"HF_TOKEN": ""}, {"HF_TOKEN": "", "HUGGING_FACE_HUB_TOKEN": "", "HUGGINGFACEHUB_API_TOKEN": "", "HF_TOKENS": ""},
                          {"HF_HOME": str(self.home / "none")}, {"HF_TOKEN": "hf_OAUTH:" + self.new("a broken value") + "\n"},
                          {"HTTPS_PROXY": f"http://u:{self.new('a proxy')}@127.0.0.1:9", "NO_PROXY": ""},
                          {"HF_ENDPOINT": f"https://me:{self.new('an endpoint')}@example.org"}):
            self.run_hfauth("doctor", "-v", "--lang", "ko", env=variables)
            self.run_hfauth("doctor", "--json", env=variables)
        self.run_hfauth("doctor", "--html", str(self.out / "page.html"), "--facts-out", str(self.out / "facts.json"), "org/gated")
        self.run_hfauth("doctor", "--bundle", str(self.out / "bundle.tar"), "--yes", "--log", str(self.text))
        self.run_hfauth("doctor", "--facts", str(self.out / "facts.json"), "--json")
        self.run_hfauth("doctor", "--compare", str(self.out / "facts.json"), "here")
        self.run_hfauth("doctor", "--", "sh", "-c", "true")
        self.assert_clean(self.out)

    def test_2_a_hub_that_says_tokens(self):
        self.hostile_hub()
        for words in ("-vv", "--json", "--format=sarif", "--format=junit", "--format=markdown", "--format=github"):
            self.run_hfauth("doctor", "org/gated", words)
        self.run_hfauth("doctor", "--bundle", str(self.out / "hostile.tar"), "--html", str(self.out / "hostile.html"), "--yes",
                        "--facts-out", str(self.out / "hostile.json"))
        for words in (["whoami"], ["whoami", "--json"], ["whoami", "--all"], ["login", "--token-stdin"], ["scan", "--verify-leaks", str(self.text)],
                      ["download", "org/gated"]):
            self.run_hfauth(*words, input=self.text.read_bytes())
        self.assert_clean(self.out)

    def test_3_pasted_text(self):
        for words in ([], ["--json"], ["-q"], ["--format", "agent"], ["--lang", "ko"]):
            self.run_hfauth("explain", str(self.text), *words)
            self.run_hfauth("explain", "-", *words, input=self.text.read_bytes())
        self.run_hfauth("explain", "notebook.ipynb")
        self.run_hfauth("explain", "--json", "script.py")

    def test_4_the_scan_in_every_form(self):
        for words in ([], ["--json"], ["-q"], ["--lang", "ko"], ["."], [".", "--json"], [str(self.home), "--json"], ["--verify-leaks"], ["--revoke"]):
            self.run_hfauth("scan", *words)

    def test_5_what_other_commands_say(self):
        for words in (["status"], ["status", "--json"], ["status", "--short"], ["status", "--env"], ["list"], ["list", "--json"], ["env"], ["env", "--json"],
                      ["import"], ["import", "--json"], ["logout", "none"], ["token", "--name", "none"], ["undo", "--list"]):
            self.run_hfauth(*words)

    def test_5_other_places_clients_and_programs(self):
        for words in (["ps"], ["ps", "--json"], ["ps", "-v"], ["ps", "--format", "agent"], ["doctor", "--for", "git", "--json"], ["doctor", "--for", "hfrs", "-v"],
                      ["doctor", "--for", "all", "-v"], ["doctor", "--context", "cron", "-v"], ["doctor", "--context", f"pid:{self.running.pid}", "--json"],
                      ["doctor", "--try-all", "-v"], ["doctor", "script.py", "-v"], ["doctor", "notebook.ipynb", "--json"]):
            self.run_hfauth(*words)

    def test_6_repairs_their_journal_and_the_way_back(self):
        self.run_hfauth("doctor", "-n", "--unsafe-fixes")
        self.run_hfauth("doctor", "--fix", "--unsafe-fixes", "-v")
        journal = self.home / ".local/state/hfauth"
        self.assertGreaterEqual(len(list((journal / "journal").glob("*.json"))), 5)
        self.assert_clean(journal, self.home / ".local/share/hfauth")
        self.run_hfauth("undo", "--list")
        while self.run_hfauth("undo").returncode == 0:
            pass
        self.assert_clean(journal)
        self.assertGreater(self.n_runs, 60)


if __name__ == "__main__":
    unittest.main()
