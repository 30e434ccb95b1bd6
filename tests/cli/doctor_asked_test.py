# SPDX-License-Identifier: Apache-2.0
"""The doctor asked about more than this shell: `--for`, `--context`, programs and notebooks, `--try-all`, `--watch`, and `hfauth ps`.

systemctl, crontab and docker are scripts of this test, in front on PATH. Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HFAUTH_BIN"])
SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests/support/hub"))
from client import RunningHub  # noqa: E402

HFAUTH = BIN / "hfauth"
OTHER = "hf_" + "PpQq" * 8 + "Pp"  # nobody's: the stand-in refuses it


class Asked(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = RunningHub()
        cls.alice, cls.bob = cls.hub.accounts["alice"], cls.hub.accounts["bob"]

    @classmethod
    def tearDownClass(cls):
        cls.hub.stop()

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="hfauth-asked-")).resolve()
        (self.home / "run").mkdir(mode=0o700)
        self.tools = self.home / "tools"
        self.tools.mkdir()
        self.environment = {"PATH": f"{self.tools}:/usr/bin:/bin", "HOME": str(self.home), "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash",
                            "XDG_RUNTIME_DIR": str(self.home / "run"), "HFAUTH_STORE": "vault", "HF_ENDPOINT": self.hub.endpoint}
        self.addCleanup(os.umask, os.umask(0o077))

    def tearDown(self):
        self.hfauth("shutdown", "-q")
        shutil.rmtree(self.home)

    def hfauth(self, *words, **variables):
        done = subprocess.run([HFAUTH, *words], env={**self.environment, **variables}, capture_output=True, timeout=60,
                              check=False, text=True, cwd=self.home)
        self.look_for_secrets(done.stdout + done.stderr)
        return done

    def look_for_secrets(self, text):
        for token in (self.alice, self.bob, OTHER):
            self.assertNotIn(token[5:30], text)
        self.assertNotIn("\x1b", text)

    def report(self, *words, **variables):
        done = self.hfauth("doctor", "--json", *words, **variables)
        self.assertEqual(done.stderr, "")
        return json.loads(done.stdout)

    def saved(self, token):
        file = self.home / ".cache/huggingface/token"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(token)

    def tool(self, name, text):
        (self.tools / name).write_text("#!/bin/sh\n" + text)
        (self.tools / name).chmod(0o700)

    def program(self, *words, **variables):
        """A program that runs until it is told to end; started when this returns."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), **variables}
        child = subprocess.Popen([*words], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=self.home)

        def end():
            child.stdin.close()
            child.stdout.close()
            child.wait(20)
        self.addCleanup(end)
        child.stdout.readline()
        return child

    def kernel(self, **variables):
        script = self.home / "ipykernel_launcher.py"
        script.write_text("import sys\nprint('ready', flush=True)\nsys.stdin.read()\n")
        return self.program("/usr/bin/python3", str(script), "--token", OTHER, **variables)

    def ids(self, report):
        return [one["id"] for one in report["findings"]]

    # --for

    def test_another_client_finds_another_token(self):
        self.saved(self.bob)
        report = self.report("--for", "hfrs", HF_TOKEN=self.alice + "\n")
        self.assertEqual((report["run"]["for"], report["clients"][0]["uses"]), ("hfrs", None))
        self.assertIn("HFA201", report["verdict"]["roots"])
        report = self.report("--for", "transformers", HF_TOKEN=self.alice + "\n")
        self.assertEqual(report["identity"]["account"], "alice")
        report = self.report("--for", "huggingface_hub@0.5.0", HF_TOKEN=self.alice)
        self.assertIsNone(report["clients"][0]["uses"])
        text = self.hfauth("doctor", "--for", "js", HF_TOKEN=self.alice).stdout
        self.assertIn("@huggingface/hub sends no token", text)
        self.assertIn("HFA610", text)

    def test_an_unknown_client_is_a_mistake_with_a_suggestion(self):
        done = self.hfauth("doctor", "--for", "tranformers")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1))
        self.assertIn("did you mean transformers?", done.stderr)
        done = self.hfauth("doctor", "--for", "\x1b[31mx")
        self.assertEqual(done.returncode, 2)

    # ps

    def test_running_programs_are_listed_with_what_they_keep(self):
        stale, missing = self.kernel(HF_TOKEN=OTHER), self.kernel()
        reader = self.kernel(HF_HOME=str(self.home / "elsewhere"))
        (self.home / "elsewhere").mkdir()
        (self.home / "elsewhere/token").write_text(self.bob)
        done = self.hfauth("ps", "--json", HF_TOKEN=self.alice)
        self.assertEqual(done.returncode, 1)
        seen = {one["pid"]: one for one in json.loads(done.stdout)}
        self.assertEqual((seen[stale.pid]["state"], seen[stale.pid]["kind"], seen[stale.pid]["source"]), ("stale", "kernel", "HF_TOKEN"))
        self.assertEqual((seen[missing.pid]["state"], seen[missing.pid]["needs_restart"]), ("missing", True))
        self.assertEqual((seen[reader.pid]["state"], seen[reader.pid]["needs_restart"]), ("ok", False))
        quiet = self.hfauth("ps", "-q", HF_TOKEN=self.alice).stdout.split()
        self.assertTrue({str(stale.pid), str(missing.pid)} <= set(quiet))
        self.assertNotIn(str(reader.pid), quiet)
        text = self.hfauth("ps", HF_TOKEN=self.alice).stdout
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 80, text)
        self.assertIn("restart it", text)

    def test_a_shell_with_a_token_is_shown_if_all_are(self):
        shell = self.program("/bin/bash", "-c", "echo ready; read line", HF_TOKEN=OTHER)
        for words, expected in (((), False), (("--all",), True)):
            listed = [one["pid"] for one in json.loads(self.hfauth("ps", "--json", *words).stdout)]
            self.assertEqual(shell.pid in listed, expected)

    # --context

    def test_a_process_is_judged_by_its_own_variables(self):
        child = self.kernel(HF_TOKEN=OTHER, HF_ENDPOINT=self.hub.endpoint)
        report = self.report("--context", f"pid:{child.pid}", HF_TOKEN=self.alice)
        self.assertEqual(report["run"]["context"], f"pid:{child.pid}")
        self.assertIn("HFA301", self.ids(report))
        self.assertIn("HFA602", self.ids(report))
        text = self.hfauth("doctor", "--context", f"pid:{child.pid}").stdout
        self.assertIn(f"Seen by  pid:{child.pid}; the commands below are meant for it", text)
        self.assertNotIn("next: unset", text)

    def test_a_process_that_cannot_be_looked_into_is_said(self):
        gone = subprocess.Popen(["true"])
        gone.wait()
        zombie = subprocess.Popen(["true"], stdout=subprocess.PIPE)
        zombie.stdout.read()  # it has ended when its output has, and is not waited for
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
        for name, status, words in ((f"pid:{gone.pid}", 1, "no such process"), (f"pid:{zombie.pid}", 1, "zombie"), ("pid:0", 2, ""),
                                    ("pid:12x", 2, ""), ("pid:99999999999999", 2, ""), ("nowhere", 2, "known are"), ("systemd:a b", 2, ""),
                                    ("container:../x", 2, ""), ("container:", 2, "")):
            done = self.hfauth("doctor", "--context", name)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (status, 1), (name, done.stderr))
            self.assertIn(words, done.stderr)
        zombie.wait()
        zombie.stdout.close()

    @unittest.skipIf(os.geteuid() != 0, "needs another user's process, which only root can start")
    def test_another_users_process_is_refused(self):
        child = subprocess.Popen(["sleep", "60"], user=65534, env={"HF_TOKEN": OTHER})
        done = self.hfauth("doctor", "--context", f"pid:{child.pid}")
        child.kill()
        child.wait()
        self.assertEqual(done.returncode, 1)
        self.assertIn("not looked into", done.stderr)

    def test_values_with_line_breaks_and_escapes_stay_in_their_line(self):
        child = self.kernel(HF_TOKEN=OTHER + "\nHF_HOME=/forged", HF_HOME="/x\n\x1b[31mHFA999", HF_ENDPOINT=self.hub.endpoint)
        done = self.hfauth("doctor", "--context", f"pid:{child.pid}", "-v")
        self.assertNotIn("\nHFA999", done.stdout)
        self.hfauth("ps", "-v")

    def test_a_unit_is_judged_as_it_would_start(self):
        (self.home / "token.env").write_text(f"# made by hand\nHF_TOKEN='{self.alice}'\n")
        unit = self.home / "unit"
        unit.write_text("# /x/train.service\n[Unit]\nDescription=Environment=HF_TOKEN=no\n[Service]\nExecStart=/bin/true\n"
                        f"Environment=\"HF_ENDPOINT={self.hub.endpoint}\" HF_HOME=/nowhere\nEnvironment=\nEnvironment=HF_ENDPOINT={self.hub.endpoint}\n"
                        "EnvironmentFile=-/no/such/file\nEnvironmentFile=%h/token.env\n")
        self.tool("systemctl", f'case "$*" in *show-environment*) echo "HF_HOME=/of/the/manager";; *--user*cat*train.service*) cat {unit};; *) exit 1;; esac\n')
        report = self.report("--context", "systemd:train")
        self.assertEqual((report["run"]["context"], report["identity"]["account"]), ("systemd:train.service", "alice"))
        done = self.hfauth("doctor", "--context", "systemd:none")
        self.assertEqual((done.returncode, done.stderr.count("\n")), (1, 1))
        unit.write_text("[Service]\nEnvironmentFile=/no/such/file\n")
        report = self.report("--context", "systemd:train")
        self.assertIn("EnvironmentFile is missing", json.dumps(report["incomplete"]))
        self.assertNotIn("HFA110", self.ids(report))

    def test_cron_has_what_the_crontab_sets_and_little_else(self):
        self.tool("crontab", f"echo 'HF_TOKEN = \"{OTHER}\"'; echo 'HF_ENDPOINT={self.hub.endpoint}'; echo '* * * * * A=b python3 x.py'\n")
        report = self.report("--context", "cron", HF_TOKEN=self.alice)
        self.assertIn("HFA301", self.ids(report))
        self.tool("crontab", "exit 1\n")
        report = self.report("--offline", "--context", "cron", HF_TOKEN=self.alice)
        self.assertIn("HFA602", report["verdict"]["roots"])

    def test_a_container_has_its_variables_and_the_folders_that_are_mounted(self):
        self.saved(self.alice)
        answer = self.home / "inspect.json"
        described = {"Config": {"Env": [f"HF_ENDPOINT={self.hub.endpoint}", "BROKEN"], "User": "", "WorkingDir": "/app"},
                     "Mounts": [{"Source": str(self.home / ".cache"), "Destination": "/root/.cache"}]}
        self.tool("docker", f'case "$*" in *"-- box") cat {answer};; *) exit 1;; esac\n')
        answer.write_text(json.dumps([described]))
        self.assertEqual(self.report("--context", "container:box")["identity"]["account"], "alice")
        described["Mounts"] = []
        answer.write_text(json.dumps([described]))
        report = self.report("--context", "container:box")
        self.assertIn("inside of the container", json.dumps(report["incomplete"]))
        self.assertEqual(report["verdict"]["exit_code"], 3)
        self.assertFalse({"HFA110", "HFA604"} & set(self.ids(report)), report["findings"])
        for text in ("", "[]", "[3]", '{"a": 1}', '[{"Config": 3, "Mounts": "x"}]'):
            answer.write_text(text)
            self.assertIn(self.hfauth("doctor", "--context", "container:box").returncode, (0, 1, 3), text)
        self.assertEqual(self.hfauth("doctor", "--context", "container:none").returncode, 1)

    def test_contexts_can_be_compared(self):
        child = self.kernel(HF_TOKEN=OTHER)
        done = self.hfauth("doctor", "--offline", "--json", "--compare", "here", f"pid:{child.pid}", HF_TOKEN=self.alice)
        differences = {one["what"]: (one["a"], one["b"]) for one in json.loads(done.stdout)["differences"]}
        self.assertEqual(differences["HF_TOKEN"], ("hf_****" + self.alice[-4:], "hf_****" + OTHER[-4:]))

    # Programs and notebooks

    def test_a_program_is_read_for_what_it_uses(self):
        script = self.home / "train.py"
        script.write_text("import os\nfrom transformers import AutoModel\n"
                          "os.environ['HF_HOME'] = '/x'  # too late\n"
                          f"model = AutoModel.from_pretrained('org/private', use_auth_token='{OTHER}')\n"
                          "# from_pretrained('org/comment')\n"
                          "data = load_dataset(path=\"org/gated-data\", token=False)\n"
                          "model.push_to_hub('alice/result')\n")
        report = self.report(str(script), HF_TOKEN=self.alice)
        self.assertEqual(report["run"]["targets"], ["org/private", "datasets/org/gated-data", "alice/result"])
        for expected in ("HFA605", "HFA606", "HFA611", "HFA612", "HFA907"):
            self.assertIn(expected, self.ids(report))
        self.assertIn(OTHER[-4:], [one["mask"][-4:] for one in report["tokens"]])
        self.assertIn("line 4", json.dumps([one["evidence"] for one in report["findings"] if one["id"] == "HFA907"]))

    def test_a_notebook_is_read_cell_by_cell(self):
        book = self.home / "book.ipynb"
        cells = [{"cell_type": "markdown", "source": [f"from_pretrained('org/none') {OTHER}"]},
                 {"cell_type": "code", "source": ["%env HF_TOKEN=" + OTHER + "\n", "!pip install x\n", "snapshot_download('org/public')"],
                  "outputs": [{"output_type": "stream", "text": ["env: HF_TOKEN=" + OTHER]}]}]
        book.write_text(json.dumps({"nbformat": 4, "cells": cells}))
        report = self.report(str(book), HF_TOKEN=self.alice)
        self.assertEqual(report["run"]["targets"], ["org/public"])
        leak = next(one for one in report["findings"] if one["id"] == "HFA902")
        self.assertIn("cell 2 line 1", leak["evidence"][0]["text"])

    def test_what_is_no_program_is_not_known_and_no_crash(self):
        fifo, binary, book, huge = (self.home / name for name in ("fifo.py", "binary.py", "book.ipynb", "deep.ipynb"))
        os.mkfifo(fifo)
        binary.write_bytes(bytes(range(256)) * 16)
        book.write_text("not json {")
        huge.write_text("[" * 100_000)
        for path in (fifo, binary, book, huge, self.home / "missing.ipynb"):
            report = self.report(str(path), HF_TOKEN=self.alice)
            self.assertEqual(report["verdict"]["exit_code"], 3, path)
            self.assertEqual(json.dumps(report["incomplete"]).count(path.name), 1, report["incomplete"])

    # --try-all

    def test_every_token_is_tried_where_it_belongs(self):
        self.saved(self.bob)
        self.assertEqual(self.hfauth("import", "--all", "-q").returncode in (0, 1, 2), True)
        report = self.report("--try-all", "org/gated", HF_TOKEN=self.alice, HUGGING_FACE_HUB_TOKEN=OTHER)
        masks = {one["ref"]: one["mask"] for one in report["tokens"]}
        outcomes = {masks[one["token"]]: one["outcome"] for one in report["tried"]}
        self.assertEqual(outcomes["hf_****" + self.bob[-4:]], "works") if self.bob[-4:] != self.alice[-4:] else None
        self.assertIn("Tried", self.hfauth("doctor", "--try-all", "org/gated", HF_TOKEN=self.alice).stdout)

    # --watch

    def test_changes_are_told_until_it_is_interrupted(self):
        for form in ((), ("--json",)):
            self.saved(self.alice)
            with subprocess.Popen([HFAUTH, "doctor", "--watch", *form], env=self.environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True, cwd=self.home) as watching:
                if form:
                    self.assertEqual(json.loads(watching.stdout.readline())["run"]["mode"], "watch")
                else:
                    self.assertIn("Watching", watching.stderr.readline())
                self.saved(OTHER)
                seen = ""
                while "HFA301" not in seen:
                    line = watching.stdout.readline()
                    self.assertNotEqual(line, "", seen)
                    seen += line
                if form:
                    self.assertIn("HFA301", [one["what"] for one in json.loads(line)["changes"]])
                watching.send_signal(signal.SIGTERM if form else signal.SIGINT)
                rest, _ = watching.communicate(timeout=30)
                self.assertEqual(watching.returncode, 1)  # of the last report
                self.look_for_secrets(seen + rest)


if __name__ == "__main__":
    unittest.main()
