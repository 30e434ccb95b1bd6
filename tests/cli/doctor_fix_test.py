# SPDX-License-Identifier: Apache-2.0
"""`hfauth doctor --fix`, `--dry-run` and `hfauth undo` on scratch homes: what is changed, what is left alone, the way back.

Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HFAUTH_BIN"])
SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests/support/hub"))
from client import RunningHub  # noqa: E402

HFAUTH = BIN / "hfauth"
STALE = "hf_" + "MmNn" * 8 + "Mm"  # nobody's: the stand-in refuses it


class DoctorFix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = RunningHub()
        cls.token = cls.hub.accounts["alice"]

    @classmethod
    def tearDownClass(cls):
        cls.hub.stop()

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="hfauth-fix-")).resolve()
        (self.home / "run").mkdir(mode=0o700)
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home / "run"),
                            "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash", "HFAUTH_STORE": "vault", "HF_ENDPOINT": self.hub.endpoint}
        self.file = self.home / ".cache/huggingface/token"
        self.file.parent.mkdir(parents=True)
        self.addCleanup(os.chdir, os.getcwd())  # a checkout of hfauth has tokens of its own, made up for tests
        os.chdir("/")
        self.addCleanup(os.umask, os.umask(0o077))  # a token that others may read is a finding of its own

    def tearDown(self):
        self.run_hfauth("shutdown", "-q")
        shutil.rmtree(self.home)

    def run_hfauth(self, *words, **variables):
        done = subprocess.run([HFAUTH, *words], env={**self.environment, **variables}, capture_output=True, timeout=60,
                              check=False, text=True)
        for text in (done.stdout, done.stderr):
            self.assertNotIn(self.token[5:30], text)
            self.assertNotIn(STALE[5:30], text)
        return done

    def shadowed(self, line=None):
        """A stale HF_TOKEN of .bashrc before the saved token of alice; the path of .bashrc."""
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        bashrc = self.home / ".bashrc"
        bashrc.write_text("# mine\nalias ll='ls -l'\n" + (line or f"export HF_TOKEN={STALE}") + "\nPS1='> '\n")
        bashrc.chmod(0o640)
        return bashrc

    def journal(self):
        return sorted((self.home / ".local/state/hfauth/journal").glob("*.json"))

    # Start-up files.

    def test_the_look_behind_a_repair_asks_the_same_question(self):
        self.file.write_text(self.token + "\n ")
        done = self.run_hfauth("doctor", "--fix", "--json", "--write", "org/no-such-model")
        report = json.loads(done.stdout)
        self.assertIn("hfauth undo", done.stderr)
        self.assertEqual(report["run"]["targets"], ["org/no-such-model"])
        self.assertIn("HFA407", [one["id"] for one in report["findings"]])

    def test_a_line_of_a_start_up_file_is_commented_out_and_back_again(self):
        bashrc = self.shadowed()
        before = bashrc.read_text()
        done = self.run_hfauth("doctor", "--fix", "--unsafe-fixes", HF_TOKEN=STALE)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual(bashrc.read_text(), before.replace("export HF", "# hfauth doctor, HFA101: export HF"))
        self.assertEqual(stat.S_IMODE(bashrc.stat().st_mode), 0o640)
        self.assertIn("alice", done.stdout)  # the next shell is well
        for path in (self.home / ".local/state/hfauth/journal").iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        undone = self.run_hfauth("undo")
        self.assertEqual(undone.returncode, 0, undone.stderr)
        self.assertEqual(bashrc.read_text(), before)
        self.assertEqual(stat.S_IMODE(bashrc.stat().st_mode), 0o640)
        self.assertEqual(self.run_hfauth("undo").returncode, 1)
        self.assertEqual(list((self.home / ".local/state/hfauth/journal").glob("*.before")), [])

    def test_a_blank_token_file_gets_the_stored_login_and_a_refused_one_with_a_word(self):
        stored = self.file.parent / "stored_tokens"
        stored.write_text(f"[old]\nhf_token = {STALE}\n\n[laptop]\nhf_token = {self.token}\n\n")
        self.file.write_text("\n")
        done = self.run_hfauth("doctor", "--fix")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual(self.file.read_text(), self.token)
        self.assertEqual(self.run_hfauth("undo").returncode, 0)
        self.assertEqual(self.file.read_text(), "\n")
        self.file.write_text(STALE)
        self.assertEqual(self.run_hfauth("doctor", "--fix").returncode, 1)
        self.assertEqual(self.file.read_text(), STALE)
        done = self.run_hfauth("doctor", "--fix", "--unsafe-fixes")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertEqual(self.file.read_text(), self.token)
        self.assertEqual(self.run_hfauth("undo").returncode, 0)
        self.assertEqual(self.file.read_text(), STALE)

    def test_safe_fixes_alone_leave_start_up_files_alone(self):
        bashrc = self.shadowed()
        before = bashrc.read_text()
        done = self.run_hfauth("doctor", "--fix", HF_TOKEN=STALE)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--unsafe-fixes", done.stderr)
        self.assertEqual(bashrc.read_text(), before)
        self.assertEqual(self.journal(), [])

    def test_a_report_tells_the_fix_as_data_and_that_it_was_tried(self):
        self.shadowed()
        report = json.loads(self.run_hfauth("doctor", "--json", HF_TOKEN=STALE).stdout)
        fix = next(one for one in report["findings"][0]["fixes"] if "changes" in one)
        self.assertEqual(fix["changes"], [{"kind": "comment_line", "path": "~/.bashrc", "line": 3}])
        self.assertEqual((fix["safety"], fix["verified"]), ("unsafe", True))
        self.assertEqual(fix["steps"][-1]["command"], "hfauth doctor --fix --unsafe-fixes --only HFA101")

    def test_a_dry_run_shows_a_diff_that_patch_takes_and_changes_nothing(self):
        bashrc = self.shadowed('export HF_TOKEN="$(cat ~/old)"'.replace('"$(cat ~/old)"', "$OLD"))
        before = bashrc.read_text()
        done = self.run_hfauth("doctor", "-n", "--unsafe-fixes", HF_TOKEN=STALE)
        self.assertEqual(bashrc.read_text(), before)
        self.assertEqual(self.journal(), [])
        self.assertIn("\n-export HF_TOKEN=$OLD\n+# hfauth doctor, HFA101: export HF_TOKEN=$OLD\n", done.stdout)
        self.assertTrue(done.stdout.startswith("--- .bashrc\n+++ .bashrc\n@@ -1,4 +1,4 @@\n"), done.stdout)
        if shutil.which("patch"):
            subprocess.run(["patch", "-p0", "-s"], input=done.stdout, text=True, cwd=self.home, check=True)
            self.assertIn("# hfauth doctor, HFA101: ", bashrc.read_text())

    def test_a_token_in_a_diff_is_masked(self):
        self.shadowed()
        done = self.run_hfauth("doctor", "--dry-run", "--unsafe-fixes", HF_TOKEN=STALE)
        self.assertIn("hf_****", done.stdout)

    def test_a_line_in_a_block_leaves_the_block_valid(self):
        bashrc = self.shadowed(f"if true; then\n  export HF_TOKEN={STALE}\nfi")
        self.assertEqual(self.run_hfauth("doctor", "--fix", "--unsafe-fixes", HF_TOKEN=STALE).returncode, 0)
        subprocess.run(["bash", "-n", bashrc], check=True)
        self.assertIn("  : # hfauth doctor, HFA101: export", bashrc.read_text())

    def test_a_line_that_does_more_is_left_to_its_owner(self):
        for line in (f"cd / && export HF_TOKEN={STALE}", f"export HF_TOKEN={STALE}; cd /", f"export HF_TOKEN={STALE} OTHER=1",
                     f"export HF_TOKEN=\\\n{STALE}", f"export HF_TOKEN='{STALE}\n'"):
            with self.subTest(line=line.replace(STALE, "TOKEN")):
                bashrc = self.shadowed(line)
                before = bashrc.read_text()
                done = self.run_hfauth("doctor", "--fix", "--unsafe-fixes", HF_TOKEN=STALE)
                self.assertEqual(done.returncode, 5, done.stdout + done.stderr)
                self.assertIn("by hand", done.stderr)
                self.assertEqual(bashrc.read_text(), before)

    def test_a_link_stays_a_link(self):
        bashrc = self.shadowed()
        target = self.home / "dotfiles"
        target.mkdir()
        bashrc.rename(target / "bashrc")
        bashrc.symlink_to("dotfiles/bashrc")
        self.assertEqual(self.run_hfauth("doctor", "--fix", "--unsafe-fixes", HF_TOKEN=STALE).returncode, 0)
        self.assertTrue(bashrc.is_symlink())
        self.assertIn("# hfauth doctor", (target / "bashrc").read_text())

    def test_a_file_in_a_folder_that_others_may_write_to_is_refused(self):
        bashrc = self.shadowed()
        before = bashrc.read_text()
        self.home.chmod(0o777)
        done = self.run_hfauth("doctor", "--fix", "--unsafe-fixes", HF_TOKEN=STALE)
        self.home.chmod(0o700)
        self.assertEqual((done.returncode, bashrc.read_text()), (5, before))
        self.assertIn("others may write", done.stderr)

    def test_a_file_with_two_names_is_refused(self):
        bashrc = self.shadowed()
        os.link(bashrc, self.home / "second")
        done = self.run_hfauth("doctor", "--fix", "--unsafe-fixes", HF_TOKEN=STALE)
        self.assertEqual(done.returncode, 5)
        self.assertIn("hard links", done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs root to give a file away")
    def test_a_file_of_another_user_is_refused(self):
        bashrc = self.shadowed()
        os.chown(bashrc, 65534, 65534)
        done = self.run_hfauth("doctor", "--fix", "--unsafe-fixes", HF_TOKEN=STALE)
        self.assertEqual(done.returncode, 5)
        self.assertIn("another user", done.stderr)

    # Token files.

    def test_marks_around_a_token_are_taken_off_its_file(self):
        for before in (f"\ufeff{self.token}", f"Bearer {self.token}", f"\u200b{self.token}\u200b\n", f"{self.token}\r\n"):
            with self.subTest(before=before.replace(self.token, "TOKEN")):
                self.file.write_bytes(before.encode())
                self.file.chmod(0o600)
                done = self.run_hfauth("doctor", "--fix")
                self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
                self.assertEqual(self.file.read_text(), self.token)
                self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
                self.assertEqual(self.run_hfauth("undo").returncode, 0)
                self.assertEqual(self.file.read_bytes(), before.encode())

    def test_an_undo_leaves_a_file_alone_that_was_changed_since(self):
        self.file.write_text(f"\ufeff{self.token}")
        self.assertEqual(self.run_hfauth("doctor", "--fix").returncode, 0)
        self.file.write_text("something newer")
        undone = self.run_hfauth("undo")
        self.assertEqual(undone.returncode, 1)
        self.assertIn("changed meanwhile", undone.stderr)
        self.assertEqual(self.file.read_text(), "something newer")

    def test_changes_are_listed_and_taken_back_by_id(self):
        self.file.write_text(f"\ufeff{self.token}")
        self.run_hfauth("doctor", "--fix")
        bashrc = self.shadowed()
        self.run_hfauth("doctor", "--fix", "--unsafe-fixes", HF_TOKEN=STALE)
        ids = self.run_hfauth("undo", "--list", "-q").stdout.split()
        self.assertEqual(len(ids), 2)
        self.assertIn("HFA101", self.run_hfauth("undo", "--list").stdout)
        self.assertEqual(self.run_hfauth("undo", ids[1]).returncode, 0)
        self.assertNotIn("# hfauth doctor", bashrc.read_text())
        self.assertEqual(self.run_hfauth("undo", "--list", "-q").stdout.split(), ids[:1])
        self.assertEqual(self.run_hfauth("undo", ids[1]).returncode, 1)
        self.assertEqual(self.run_hfauth("undo", "20200101T000000Z").returncode, 1)

    # Other places.

    def stored(self, text):
        path = self.file.parent / "stored_tokens"
        path.write_text(text)
        path.chmod(0o600)
        return path

    def fixed_and_back(self, path, expected, *words, **variables):
        """Runs --fix, compares the file with `expected` (None: gone), undoes it and compares with what was there."""
        before, mode = (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) if path.exists() else (None, None)
        done = self.run_hfauth("doctor", "--fix", *words, **variables)
        self.assertIn("hfauth undo", done.stderr, done.stdout)
        self.assertEqual(path.read_text(), expected)
        undone = self.run_hfauth("undo")
        self.assertEqual(undone.returncode, 0, undone.stderr)
        if before is None:
            self.assertFalse(path.exists())
        else:
            self.assertEqual((path.read_bytes(), stat.S_IMODE(path.stat().st_mode)), (before, mode))
        return done

    def test_a_token_in_another_home_is_copied_and_the_copy_taken_back(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        place = self.home / "elsewhere/token"
        done = self.fixed_and_back(place, self.token, HF_HOME=str(place.parent))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.run_hfauth("doctor", "--fix", HF_HOME=str(place.parent))
        self.assertEqual(stat.S_IMODE(place.stat().st_mode), 0o600)

    def test_a_quoted_path_is_written_as_it_was_meant(self):
        hub = self.home / "hub"
        hub.mkdir()
        (hub / "token").write_text(self.token)
        bashrc = self.home / ".bashrc"
        bashrc.write_text(f"# mine\nexport HF_HOME=\"'{hub}'\"   # the disk\nPS1='> '")
        self.fixed_and_back(bashrc, f"# mine\nexport HF_HOME={hub}   # the disk\nPS1='> '", "--unsafe-fixes", HF_HOME=f"'{hub}'")

    def test_stored_tokens_that_cannot_be_read_are_mended_under_the_lock(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        path = self.stored(f"[laptop]\nhf_token = {self.token}\n<<<<<<< HEAD\n")
        self.fixed_and_back(path, f"[laptop]\nhf_token = {self.token}\n# <<<<<<< HEAD\n", "--only", "HFA804")
        self.assertTrue((self.file.parent / "stored_tokens.lock").exists())

    def test_a_token_is_added_to_the_stored_ones_under_its_name(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        path = self.stored(f"[old]\nhf_token = {STALE}\n\n")
        self.run_hfauth("doctor", "--fix", "--only", "HFA111")
        self.assertEqual(path.read_text().count("hf_token = "), 2, path.read_text().replace(self.token, "TOKEN"))
        self.assertEqual(self.run_hfauth("undo").returncode, 0)
        self.assertEqual(path.read_text(), f"[old]\nhf_token = {STALE}\n\n")

    def test_entries_of_netrc_and_git_go_and_come_back(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        host = self.hub.endpoint.split("://")[1]
        kept = "machine example.org login me password mine\n"
        netrc = self.home / ".netrc"
        netrc.write_text(f"machine {host} login bob password {STALE}\n" + kept)
        netrc.chmod(0o600)
        site = self.home / "venv/lib/python3.11/site-packages/huggingface_hub-0.36.0.dist-info"
        site.mkdir(parents=True)
        self.fixed_and_back(netrc, kept, "--unsafe-fixes", "--only", "HFA803", VIRTUAL_ENV=str(self.home / "venv"))
        (self.home / ".gitconfig").write_text("[credential]\n\thelper = store\n")
        store = self.home / ".git-credentials"
        store.write_text(f"{self.hub.endpoint.replace('://', '://bob:' + STALE + '@')}\nhttps://me:mine@example.org\n")
        store.chmod(0o600)
        self.fixed_and_back(store, "https://me:mine@example.org\n", "--unsafe-fixes", "--only", "HFA806")

    def test_a_token_leaves_the_url_of_a_remote(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        config = self.home / "clone/.git/config"
        config.parent.mkdir(parents=True)
        config.write_text(f'[remote "origin"]\n\turl = https://bob:{STALE}@huggingface.co/bob/x\n\tfetch = +refs\n')
        here = os.getcwd()
        os.chdir(config.parent.parent)
        self.addCleanup(os.chdir, here)
        self.fixed_and_back(config, '[remote "origin"]\n\turl = https://huggingface.co/bob/x\n\tfetch = +refs\n',
                            "--unsafe-fixes", "--only", "HFA810")

    def test_commands_with_a_token_leave_the_histories(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        bash = self.home / ".bash_history"
        bash.write_text(f"#1700000000\nls\n#1700000001\nhf auth login --token {STALE}\ncat \\\n{STALE}\npwd\n")
        bash.chmod(0o600)
        self.fixed_and_back(bash, f"#1700000000\nls\ncat \\\n{STALE}\npwd\n", "--unsafe-fixes", "--only", "HFA901")
        bash.unlink()
        fish = self.home / ".local/share/fish/fish_history"
        fish.parent.mkdir(parents=True)
        fish.write_text(f"- cmd: export HF_TOKEN={STALE}\n  when: 17\n  paths:\n    - x\n- cmd: ls\n  when: 18\n")
        fish.chmod(0o600)
        self.fixed_and_back(fish, "- cmd: ls\n  when: 18\n", "--unsafe-fixes", "--only", "HFA901")

    def test_an_open_env_file_is_closed_and_ignored(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        folder = self.home / "project"
        (folder / ".git").mkdir(parents=True)
        env = folder / ".env"
        env.write_text(f"HF_TOKEN={STALE}\n")
        env.chmod(0o644)
        here = os.getcwd()
        os.chdir(folder)
        self.addCleanup(os.chdir, here)
        shown = self.run_hfauth("doctor", "-n", "--only", "HFA906").stdout
        self.assertIn("old mode 100644\nnew mode 100600", shown)
        self.assertIn("--- /dev/null\n+++ project/.gitignore\n@@ -0,0 +1,1 @@\n+.env\n", shown)
        self.assertFalse((folder / ".gitignore").exists())
        self.run_hfauth("doctor", "--fix", "--only", "HFA906")
        self.assertEqual((stat.S_IMODE(env.stat().st_mode), (folder / ".gitignore").read_text()), (0o600, ".env\n"))
        self.assertEqual(self.run_hfauth("doctor", "--json", "--only", "HFA906").stdout.count("HFA906"), 0)
        self.assertEqual([self.run_hfauth("undo").returncode for _ in range(2)], [0, 0])
        self.assertEqual((stat.S_IMODE(env.stat().st_mode), (folder / ".gitignore").exists()), (0o644, False))

    # The journal.

    def test_a_backup_does_not_show_what_was_taken_out_and_goes_with_time(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        history = self.home / ".bash_history"
        history.write_text(f"export HF_TOKEN={STALE}\n")
        history.chmod(0o600)
        self.run_hfauth("doctor", "--fix", "--unsafe-fixes", "--only", "HFA901")
        folder = self.home / ".local/state/hfauth/journal"
        for path in folder.iterdir():
            self.assertNotIn(STALE[5:20].encode(), path.read_bytes(), path.name)
        self.assertEqual(stat.S_IMODE((self.home / ".local/share/hfauth/journal.key").stat().st_mode), 0o600)
        self.assertEqual(len(list(folder.glob("*.before"))), 1)
        entry = self.journal()[0]
        entry.write_text(entry.read_text().replace(json.loads(entry.read_text())["time"], "2020-01-01T00:00:00Z"))
        self.assertEqual(self.run_hfauth("undo", "--list").stdout, "")
        self.assertEqual(list(folder.iterdir()), [])

    def test_a_backup_whose_key_is_gone_is_an_error_and_changes_nothing(self):
        self.file.write_text(f"\ufeff{self.token}")
        self.run_hfauth("doctor", "--fix")
        (self.home / ".local/share/hfauth/journal.key").unlink()
        undone = self.run_hfauth("undo")
        self.assertNotEqual(undone.returncode, 0)
        self.assertIn("cannot be opened", undone.stderr)
        self.assertEqual(self.file.read_text(), self.token)

    def test_a_journal_that_somebody_spoiled_stops_nothing(self):
        self.file.write_text(f"\ufeff{self.token}")
        self.run_hfauth("doctor", "--fix")
        folder = self.home / ".local/state/hfauth/journal"
        (folder / "20200101T000000Z.json").write_text("{ no json")
        (folder / "20200101T000001Z.json").write_text('{"hfauth_journal": 1, "id": "../../x", "file": 3}')
        self.assertEqual(self.run_hfauth("undo").returncode, 0)

    # The command line.

    def test_nothing_to_mend_is_said(self):
        self.file.write_text(self.token)
        self.file.chmod(0o600)
        done = self.run_hfauth("doctor", "--fix")
        self.assertEqual(done.returncode, 0)
        self.assertIn("nothing that hfauth can mend", done.stderr)

    def test_options_that_do_not_go_together_are_refused(self):
        facts = self.home / "facts.json"
        self.run_hfauth("doctor", "--offline", "--facts-out", str(facts))
        for words in (("--unsafe-fixes",), ("--fix", "--facts", str(facts))):
            done = self.run_hfauth("doctor", *words)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1))


if __name__ == "__main__":
    unittest.main()
