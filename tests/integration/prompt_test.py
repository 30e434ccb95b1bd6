# SPDX-License-Identifier: Apache-2.0
"""`hfauth login` and `unlock` on a terminal: what is typed is not echoed, and Ctrl-C leaves the terminal as it was.

The program runs on a pseudo-terminal of its own; every wait is for its output, with a deadline.
Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import termios
import unittest

BIN = pathlib.Path(os.environ["HFAUTH_BIN"])
SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests/support/hub"))
sys.path.insert(0, str(SOURCE / "tests/support"))
from client import RunningHub  # noqa: E402
from on_terminal import OnTerminal  # noqa: E402


class Prompt(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = RunningHub()
        cls.token = cls.hub.accounts["alice"].encode()

    @classmethod
    def tearDownClass(cls):
        cls.hub.stop()

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="hfauth-prompt-")
        run = os.path.join(self.home, "run")
        os.mkdir(run, 0o700)
        self.environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": self.home, "XDG_RUNTIME_DIR": run, "LANG": "C.UTF-8",
                            "HFAUTH_STORE": "vault", "HF_ENDPOINT": self.hub.endpoint, "TERM": "xterm"}

    def tearDown(self):
        subprocess.run([BIN / "hfauth", "shutdown", "-q"], env=self.environment, check=False)
        shutil.rmtree(self.home)

    def start(self, *words):
        terminal = OnTerminal(self.environment, BIN / "hfauth", *words)
        self.addCleanup(terminal.close)
        return terminal

    def paste(self):
        """`hfauth login`, on its way to the question for a token."""
        terminal = self.start("login")
        terminal.wait_for(b"Number [1]: ")
        terminal.type(b"2\n")
        terminal.wait_for(b"Token (not shown): ")
        return terminal

    def test_a_typed_token_is_stored_and_not_echoed(self):
        terminal = self.paste()
        self.assertFalse(terminal.echoes())
        terminal.type(self.token + b"\n")
        self.assertEqual(terminal.ended(), 0)
        self.assertIn(b"Logged in as alice", terminal.seen)
        self.assertNotIn(self.token, terminal.seen)
        self.assertTrue(terminal.echoes())

    def test_ctrl_c_ends_it_and_leaves_the_terminal_as_it_was(self):
        terminal = self.paste()
        terminal.type(b"half a tok\x03")
        self.assertIn(terminal.ended(), (130, -2))
        self.assertEqual(termios.tcgetattr(terminal.slave)[3], terminal.before[3])
        self.assertNotIn(b"half", terminal.seen)

    def fake_browser(self):
        """An xdg-open that notes what it is given; the notes' file."""
        folder = os.path.join(self.home, "bin")
        os.mkdir(folder)
        program = os.path.join(folder, "xdg-open")
        notes = os.path.join(self.home, "opened")
        os.mkfifo(notes)
        with open(program, "w") as script:
            script.write(f'#!/bin/sh\nprintf "%s\\n" "$@" >"{notes}"\n')
        os.chmod(program, 0o755)
        self.environment["PATH"] = f"{folder}:{self.environment['PATH']}"
        return notes

    def test_a_login_with_the_browser_waits_for_the_user_there(self):
        self.hub.control(oauth="set", interval=0)
        terminal = self.start("login")
        terminal.wait_for(b"Number [1]: ")
        terminal.type(b"\n")
        terminal.wait_for(b"And enter the code: ABCD-EF")
        terminal.wait_for(b"Waiting for you")
        self.hub.control(oauth="approve", account="bob")
        self.assertEqual(terminal.ended(), 0)
        self.assertIn(b"Logged in as bob", terminal.seen)
        self.assertNotIn(b"hf_oauth_e", terminal.seen)
        self.assertNotIn(b"refresh-", terminal.seen)

    def test_a_no_in_the_browser_ends_the_login(self):
        self.hub.control(oauth="set", interval=0)
        terminal = self.start("login", "--browser")
        terminal.wait_for(b"Waiting for you")
        self.hub.control(oauth="deny")
        self.assertEqual(terminal.ended(), 1)
        self.assertIn(b"refused in the browser", terminal.seen)

    def test_the_browser_opens_by_itself_where_a_person_sits_at_a_display(self):
        self.hub.control(oauth="set", interval=0)
        notes = self.fake_browser()
        self.environment["DISPLAY"] = ":7"
        terminal = self.start("login", "--browser")
        terminal.wait_for(b"should open it by itself")
        with open(notes) as opened:
            self.assertRegex(opened.read(), f"^{self.hub.endpoint}/oauth/device\\?user_code=ABCD-EF..\n$")
        self.hub.control(oauth="deny")
        self.assertEqual(terminal.ended(), 1)
        self.environment["SSH_CONNECTION"] = "192.0.2.1 1 192.0.2.2 22"
        distant = self.start("login", "--browser")
        distant.wait_for(b"Waiting for you")
        self.assertNotIn(b"by itself", distant.seen)
        self.hub.control(oauth="deny")
        self.assertEqual(distant.ended(), 1)

    def test_ctrl_c_ends_the_wait_for_the_browser(self):
        terminal = self.start("login", "--browser")
        terminal.wait_for(b"Waiting for you")
        terminal.type(b"\x03")
        self.assertIn(terminal.ended(), (130, -2))

    def test_what_is_no_choice_is_asked_again_and_not_repeated(self):
        terminal = self.start("login")
        for answer in (b"7\n", b"x\n", b"\x04"):
            terminal.wait_for(b"Number [1]: ")
            terminal.seen = b""
            terminal.type(answer)
        self.assertEqual(terminal.ended(), 130)
        self.assertIn(b"no choice was made", terminal.seen)

    def log_in(self, account, name):
        login = subprocess.run([BIN / "hfauth", "login", "--token-stdin", "--name", name, "-q"], env=self.environment,
                               input=self.hub.accounts[account].encode(), stdout=subprocess.DEVNULL)
        self.assertEqual(login.returncode, 0)

    def default_name(self):
        listed = subprocess.run([BIN / "hfauth", "list", "--format", "agent"], env=self.environment, stdout=subprocess.PIPE)
        return next(line.split(b"\t")[1] for line in listed.stdout.splitlines() if line.startswith(b"*"))

    def test_switch_lets_one_pick(self):
        self.log_in("alice", "first")
        self.log_in("bob", "second")
        terminal = self.start("switch")
        terminal.wait_for(b"Number [1]: ")
        terminal.type(b"1\n")
        self.assertEqual(terminal.ended(), 0)
        self.assertEqual(self.default_name(), b"first")

    def test_revoke_wants_the_name_or_the_mask_typed(self):
        self.log_in("bob", "leaked")
        terminal = self.start("revoke", "leaked")
        terminal.wait_for(b"To go on, type its name or hf_****AAAA: ")
        self.assertIn(b"e-mail", terminal.seen)
        terminal.type(b"yes\n")
        self.assertEqual(terminal.ended(), 130)
        self.assertEqual(self.default_name(), b"leaked")
        terminal = self.start("revoke", "leaked")
        terminal.wait_for(b"type its name")
        terminal.type(b"leaked\n")
        self.assertEqual(terminal.ended(), 0)
        self.assertIn(b"Ended on the Hub", terminal.seen)
        self.hub.clear()

    def test_import_asks_before_it_takes_a_plain_copy_away(self):
        file = pathlib.Path(self.home, ".cache/huggingface/token")
        file.parent.mkdir(parents=True)
        for answer, stays in ((b"n\n", True), (b"y\n", False)):
            file.write_bytes(self.token)
            terminal = self.start("import")
            terminal.wait_for(b"[y/N]")
            terminal.type(answer)
            self.assertEqual(terminal.ended(), 0)
            self.assertEqual(file.exists(), stays)
            self.assertNotIn(self.token, terminal.seen)

    def test_export_asks_before_it_writes_plain_text(self):
        self.log_in("alice", "mine")
        file = pathlib.Path(self.home, "out")
        for answer, status in ((b"\n", 130), (b"yes\n", 0)):
            terminal = self.start("export", "--output", str(file))
            terminal.wait_for(b"[y/N]")
            terminal.type(answer)
            self.assertEqual(terminal.ended(), status)
            self.assertEqual(file.exists(), status == 0)
        self.assertEqual(self.start("export").ended(), 2)

    def test_end_of_input_is_no_token(self):
        terminal = self.paste()
        terminal.type(b"\x04")
        self.assertEqual(terminal.ended(), 1)
        self.assertTrue(terminal.echoes())

    def test_the_token_is_not_shown_on_a_terminal_without_show(self):
        login = subprocess.run([BIN / "hfauth", "login", "--token-stdin"], input=self.token, env=self.environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertEqual(login.returncode, 0)
        refused = self.start("token")
        self.assertEqual(refused.ended(), 2)
        self.assertNotIn(self.token, refused.seen)
        shown = self.start("token", "--show")
        self.assertEqual(shown.ended(), 0)
        self.assertIn(self.token, shown.seen)


if __name__ == "__main__":
    unittest.main()
