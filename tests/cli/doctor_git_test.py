# SPDX-License-Identifier: Apache-2.0
"""What `hfauth doctor` finds in git: tokens that are staged or committed, and what helpers answer git; that it reads each
content once, and finds the same the second time.

Environment: HFAUTH_BIN.
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


def made_up(letter):
    return "hf_" + "gitdoctr" + letter * 26


class DoctorGit(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="git-doctor-")).resolve()
        (self.home / "run").mkdir(mode=0o700)
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home / "run"),
                            "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash", "HFAUTH_STORE": "vault", "GIT_CONFIG_NOSYSTEM": "1",
                            **{f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}}
        self.repo = self.home / "repo"
        self.repo.mkdir()
        self.git("init", "-q")
        self.memory = self.home / ".cache/hfauth/git-objects-without-tokens"
        self.tokens = []

    def tearDown(self):
        subprocess.run([HFAUTH, "shutdown", "-q"], env=self.environment, cwd=self.home, check=False)
        shutil.rmtree(self.home)

    def git(self, *words, text=None):
        return subprocess.run(["git", "-C", self.repo, *words], check=True, env=self.environment, input=text, text=True,
                              capture_output=True).stdout

    def commit(self, name, content):
        (self.repo / name).write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", name)
        self.git("commit", "-qm", name)
        return self.git("rev-parse", "HEAD").strip()

    def doctor(self, *words):
        done = subprocess.run([HFAUTH, "doctor", "--offline", *words], env=self.environment, cwd=self.repo, capture_output=True,
                              text=True, timeout=60, check=False)
        for token in self.tokens:
            self.assertNotIn(token, done.stdout + done.stderr)
        return done

    def places(self):
        report = json.loads(self.doctor("--json", "--only", "HFA903").stdout)
        return sorted(evidence["text"].split(": ")[0] for finding in report["findings"] for evidence in finding["evidence"]), report

    def test_what_is_staged_or_committed_is_found_the_first_and_the_second_time(self):
        staged, committed = made_up("A"), made_up("B")
        self.tokens = [staged, committed]
        self.commit("README", "nothing\n")
        first = self.commit("sub.env", f"HF_TOKEN={committed}\n")
        self.commit("sub.env", f"HF_TOKEN={committed}\nMORE=1\n")
        self.git("rm", "-q", "sub.env")
        self.git("commit", "-qm", "take it out")
        (self.repo / "train.py").write_text(f"import x\ntoken = '{staged}'\n")
        self.git("add", "train.py")
        expected = ["~/repo/sub.env, commit " + first[:10], "~/repo/train.py line 2"]
        for _ in range(2):
            self.assertEqual(self.places()[0], expected)
        self.assertEqual(stat.S_IMODE(self.memory.stat().st_mode), 0o600)
        kept = self.memory.read_bytes()
        for word in (b"repo", b"train", b"hf_", staged.encode()):
            self.assertNotIn(word, kept.split(b"\n", 1)[1])
        clean = self.git("rev-parse", "HEAD:README").strip()
        with_token = self.git("rev-parse", f"{first}:sub.env").strip()
        self.assertIn(bytes.fromhex(clean)[:16], kept)
        self.assertNotIn(bytes.fromhex(with_token)[:16], kept)

    def test_what_is_new_since_the_last_look_is_found(self):
        for n in range(100):
            (self.repo / f"file-{n}").write_text(f"{n}\n")
        self.git("add", ".")
        self.git("commit", "-qm", "many")
        self.assertEqual(self.places()[0], [])
        token = made_up("C")
        self.tokens = [token]
        (self.repo / "file-7").write_text(token)
        self.git("add", "file-7")
        self.assertEqual(self.places()[0], ["~/repo/file-7 line 1"])

    def test_a_memory_that_is_damaged_or_cannot_be_written_costs_time_alone(self):
        token = made_up("D")
        self.tokens = [token]
        self.commit("README", "nothing\n")
        self.commit(".env", f"HF_TOKEN={token}\n")
        expected = self.places()[0]
        self.assertEqual(len(expected), 2)
        for damaged in (b"", b"\0" * 64, self.memory.read_bytes()[:-3]):
            self.memory.write_bytes(damaged)
            self.assertEqual(self.places()[0], expected)
        shutil.rmtree(self.memory.parent)
        self.memory.parent.write_text("no folder")
        self.assertEqual(self.places()[0], expected)

    def test_what_is_binary_or_huge_is_passed_over_and_no_reason_for_alarm(self):
        token = made_up("E")
        self.tokens = [token]
        self.commit("weights.bin", b"\0" + token.encode())
        self.commit("huge.txt", token + "\n" + "x" * (5 << 20))
        found, report = self.places()
        self.assertEqual(found, [])
        self.assertEqual([one for one in report["incomplete"] if one["id"] == "HFA903"], [])

    def test_a_repository_without_a_commit_and_a_damaged_one_are_no_fault(self):
        token = made_up("F")
        self.tokens = [token]
        (self.repo / "a").write_text(token)
        self.git("add", "a")
        self.assertEqual(self.places()[0], ["~/repo/a line 1"])
        (self.repo / ".git/index").write_bytes(b"no index")
        done = self.doctor("--json")
        report = json.loads(done.stdout)
        self.assertEqual([one["id"] for one in report["incomplete"]], ["HFA903"])
        self.assertEqual(done.returncode, 0, report["verdict"])  # the answer does not depend on it

    def test_gits_cache_is_asked_and_a_helper_that_may_show_a_window_is_not(self):
        token = made_up("G")
        self.tokens = [token]
        opened = self.home / "window"
        (self.home / ".gitconfig").write_text(f"[credential]\n\thelper = cache\n\thelper = \"!touch {opened}; true\"\n")
        try:
            self.git("credential", "approve", text=f"protocol=https\nhost=huggingface.co\nusername=alice\npassword={token}\n\n")
            opened.unlink(missing_ok=True)  # git told that one too
            client = json.loads(self.doctor("--json", "--for", "git").stdout)["clients"][0]
            self.assertTrue(client["uses"], client)
            self.assertTrue(any("credential.helper cache" in step and "answers git" in step for step in client["order"]), client)
            self.assertTrue(any("not run here" in step for step in client["order"]), client)
            self.assertFalse(opened.exists())
            token_file = self.home / ".cache/huggingface/token"
            token_file.parent.mkdir(parents=True)
            other = made_up("H")
            self.tokens.append(other)
            token_file.write_text(other)
            token_file.chmod(0o600)
            report = json.loads(self.doctor("--json", "--only", "HFA806").stdout)
            self.assertIn("credential.helper cache", report["findings"][0]["evidence"][0]["text"])
        finally:
            self.git("credential-cache", "exit")


if __name__ == "__main__":
    unittest.main()
