# SPDX-License-Identifier: Apache-2.0
"""`hfauth doctor --ack` and `--compare` on scratch homes.

Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import json
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

HFAUTH = pathlib.Path(os.environ["HFAUTH_BIN"]) / "hfauth"
TOKEN = "hf_" + "EeFf" * 8 + "Ee"  # nobody's
QUOTED = {"HF_TOKEN": f"'{TOKEN}'"}
ACK = ("doctor", "--ack", "HFA203", "--until", "2999-12-31", "--reason", "docker keeps the quotes \x1b[31m")


class AckCompare(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="hfauth-ack-"))
        (self.home / "run").mkdir(mode=0o700)
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home / "run"),
                            "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash", "HFAUTH_STORE": "vault"}

    def tearDown(self):
        self.run_hfauth("shutdown", "-q")
        shutil.rmtree(self.home)

    def run_hfauth(self, *words, **variables):
        done = subprocess.run([HFAUTH, *words], env={**self.environment, **variables}, capture_output=True, timeout=60,
                              check=False, text=True)
        self.assertNotIn(TOKEN[5:30], done.stdout + done.stderr)
        self.assertNotIn("\x1b", done.stdout + done.stderr)
        return done

    def test_what_is_acknowledged_counts_no_more_and_is_told_with_its_reason(self):
        self.assertEqual(self.run_hfauth("doctor", "--offline", **QUOTED).returncode, 1)
        self.assertEqual(self.run_hfauth(*ACK).returncode, 0)
        file = self.home / ".config/hfauth/acknowledged.json"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        done = self.run_hfauth("doctor", "--offline", **QUOTED)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("acknowledged until 2999-12-31: docker keeps the quotes", done.stdout)
        report = json.loads(self.run_hfauth("doctor", "--offline", "--json", **QUOTED).stdout)
        finding = next(one for one in report["findings"] if one["id"] == "HFA203")
        self.assertEqual(finding["acknowledged"]["until"], "2999-12-31")
        self.assertNotIn("HFA203", report["verdict"]["roots"])
        self.assertEqual(self.run_hfauth("doctor", "--ack", "quotes-in-value", "--until", "now").returncode, 0)
        self.assertEqual(self.run_hfauth("doctor", "--offline", **QUOTED).returncode, 1)

    def test_it_ends_by_itself_and_is_for_this_machine_alone(self):
        folder = self.home / ".config/hfauth"
        folder.mkdir(parents=True, mode=0o700)
        (folder / "acknowledged.json").write_text('[{"id": "HFA203", "until": "2020-01-01", "reason": "over"}]')
        self.assertEqual(self.run_hfauth("doctor", "--offline", **QUOTED).returncode, 1)
        self.run_hfauth(*ACK)
        self.run_hfauth("doctor", "--offline", "--facts-out", str(self.home / "facts"), **QUOTED)
        self.assertEqual(self.run_hfauth("doctor", "--facts", str(self.home / "facts")).returncode, 1)

    def test_mistakes_are_named_in_one_line(self):
        for words in (("--ack", "HFA999", "--until", "2999-01-01", "--reason", "x"), ("--ack", "HFA203"),
                      ("--ack", "HFA203", "--until", "2020-01-01", "--reason", "x"),
                      ("--ack", "HFA203", "--until", "2999-02-31", "--reason", "x"),
                      ("--ack", "HFA203", "--until", "2999-01-01"), ("--compare", "here")):
            done = self.run_hfauth("doctor", *words)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), (words, done.stderr))

    def test_a_damaged_file_is_said_and_not_ignored(self):
        folder = self.home / ".config/hfauth"
        folder.mkdir(parents=True, mode=0o700)
        for text in ("{", "{}", "[3]", '[{"id": "HFA203"}]', '[{"id": "HFA203", "until": "soon", "reason": ""}]'):
            (folder / "acknowledged.json").write_text(text)
            done = self.run_hfauth("doctor", "--offline")
            self.assertEqual(done.returncode, 1)
            self.assertIn("damaged", done.stderr)

    def test_what_differs_between_two_machines(self):
        a, b = str(self.home / "a.json"), str(self.home / "b.json")
        self.run_hfauth("doctor", "--offline", "--facts-out", a, HF_HOME="/somewhere")
        self.run_hfauth("doctor", "--offline", "--facts-out", b, HF_TOKEN=TOKEN)
        done = self.run_hfauth("doctor", "--compare", a, b, "--json")
        self.assertEqual(done.returncode, 1)
        differences = {one["what"]: (one["a"], one["b"]) for one in json.loads(done.stdout)["differences"]}
        self.assertEqual(differences["HF_HOME"], ("/somewhere", ""))
        self.assertEqual(differences["HF_TOKEN"], ("", "hf_****" + TOKEN[-4:]))
        self.assertNotIn("SHELL", differences)
        text = self.run_hfauth("doctor", "--compare", a, b).stdout
        self.assertIn("HF_HOME\n  A  /somewhere\n  B  -\n", text)
        same = self.run_hfauth("doctor", "--compare", a, a)
        self.assertEqual((same.returncode, same.stdout), (0, "Nothing differs.\n"))
        self.assertEqual(self.run_hfauth("doctor", "--offline", "--compare", a, "here").returncode, 1)
        self.assertEqual(self.run_hfauth("doctor", "--compare", a, str(self.home / "none")).returncode, 1)

    def test_a_comparison_asks_the_same_question_of_both(self):
        a = str(self.home / "a.json")
        self.run_hfauth("doctor", "--offline", "--facts-out", a)
        for words, expected in (((), True), (("--skip", "HFA203"), False)):
            done = self.run_hfauth("doctor", "--offline", "--compare", a, "here", "--json", *words, **QUOTED)
            found = [one["what"] for one in json.loads(done.stdout)["differences"]]
            self.assertEqual("HFA203" in found, expected, found)

    def test_what_does_not_go_together_is_said(self):
        for words in (("--compare", "here", "here", "--html", "x"), ("--facts", "x", "org/model"), ("--facts", "x", "--fix"),
                      (*ACK[1:], "--facts-out", "x"), ("--doctor-exit",)):
            done = self.run_hfauth("doctor", *words)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), (words, done.stderr))


if __name__ == "__main__":
    unittest.main()
