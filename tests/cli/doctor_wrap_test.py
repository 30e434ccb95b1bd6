# SPDX-License-Identifier: Apache-2.0
"""`hfauth doctor -- PROGRAM`: the program must not notice it, on a terminal and on pipes, and neither must its reader.

Environment: HFAUTH_BIN, HFAUTH_SOURCE.
"""
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import unittest

BIN = pathlib.Path(os.environ["HFAUTH_BIN"])
SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests/support"))
from on_terminal import OnTerminal  # noqa: E402

HFAUTH = str(BIN / "hfauth")
WRAP = (HFAUTH, "doctor", "--offline", "--")
TOKEN = "hf_" + "AbAc" * 8 + "Ab"  # nobody's
COLAB = "The secret `HF_TOKEN` does not exist in your Colab secrets."
BOX = "about authentication in the output"
# Beyond what may wait to be read (16 MiB), with room for the program itself.
MEMORY_LIMIT_KB = 120_000


class DoctorWrap(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="hfauth-wrap-")
        run = os.path.join(self.home, "run")
        os.mkdir(run, 0o700)
        self.environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": self.home, "XDG_RUNTIME_DIR": run, "LC_ALL": "C.UTF-8",
                            "HFAUTH_STORE": "vault", "TERM": "xterm"}

    def tearDown(self):
        subprocess.run([HFAUTH, "shutdown", "-q"], env=self.environment, check=False)
        shutil.rmtree(self.home)

    def on_terminal(self, *words):
        terminal = OnTerminal(self.environment, *words)
        self.addCleanup(terminal.close)
        return terminal

    def on_pipes(self, *words, wrap=WRAP, **keywords):
        keywords.setdefault("env", self.environment)
        return subprocess.run([*wrap, *words], capture_output=True, timeout=60, check=False, **keywords)

    def script(self, text):
        path = os.path.join(self.home, "script.py")
        pathlib.Path(path).write_text(text)
        return path

    # On a terminal.

    def test_a_program_on_a_terminal_has_one_with_size_and_settings(self):
        script = self.script("import os, termios\n"
                             "print([os.isatty(fd) for fd in (0, 1, 2)], tuple(os.get_terminal_size()),\n"
                             "      os.getpgrp() == os.tcgetpgrp(0), bool(termios.tcgetattr(0)[3] & termios.ECHO))\n"
                             "os.close(os.open('/dev/tty', os.O_RDWR))\n"
                             "input()\n"
                             "print(tuple(os.get_terminal_size()))\n")
        shell = self.on_terminal("/bin/sh", "-c", 'stty rows 33 cols 101; "$@"', "sh", *WRAP, "python3", script)
        shell.wait_for(b"[True, True, True] (101, 33) True True")
        shell.resize(20, 60)
        shell.type(b"\r")
        shell.wait_for(b"(60, 20)")
        self.assertEqual(shell.ended(), 0)
        self.assertNotIn(BOX.encode(), shell.seen)

    def test_a_new_size_is_told(self):
        script = self.script("import os, signal\n"
                             "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH])\n"
                             "print('ready', flush=True)\n"
                             "signal.sigwait([signal.SIGWINCH])\n"
                             "print(tuple(os.get_terminal_size()))\n")
        terminal = self.on_terminal(*WRAP, "python3", script)
        terminal.wait_for(b"ready")
        terminal.resize(21, 61)
        terminal.wait_for(b"(61, 21)")
        self.assertEqual(terminal.ended(), 0)

    def test_ctrl_c_is_the_programs(self):
        script = self.script("import sys, time\n"
                             "try:\n"
                             "    print('ready', flush=True)\n"
                             "    sys.stdin.read()\n"
                             "except KeyboardInterrupt:\n"
                             "    print('caught it')\n"
                             "    sys.exit(42)\n")
        terminal = self.on_terminal(*WRAP, "python3", script)
        terminal.wait_for(b"ready")
        terminal.type(b"\x03")
        self.assertEqual(terminal.ended(), 42)
        self.assertIn(b"caught it", terminal.seen)
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before)

    def test_a_program_that_ctrl_c_ends_is_130(self):
        terminal = self.on_terminal(*WRAP, "sh", "-c", "echo ready; exec cat")
        terminal.wait_for(b"ready")
        terminal.type(b"\x03")
        self.assertEqual(terminal.ended(), 130)
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before)

    def test_what_is_typed_arrives_and_the_end_of_input_too(self):
        terminal = self.on_terminal(*WRAP, "sh", "-c", "read line; echo got:$line; cat; echo the end")
        terminal.type(b"some words\r")
        terminal.wait_for(b"got:some words")
        terminal.type(b"more\r\x04")
        terminal.wait_for(b"the end")
        self.assertEqual(terminal.ended(), 0)

    def test_ctrl_z_stops_it_and_fg_lets_it_go_on(self):
        self.environment["PS1"] = "at the prompt> "
        shell = self.on_terminal("bash", "--norc", "--noediting", "-i")
        shell.wait_for(b"at the prompt> ")
        shell.type(" ".join(WRAP).encode() + b" sh -c 'echo rea''dy; read line; echo got:$line; exit 9'\r")
        shell.wait_for(b"ready")
        shell.type(b"\x1a")
        shell.wait_for(b"Stopped")
        shell.wait_for(b"\r\nat the prompt> ")
        shell.type(b"echo state:$(jobs -s | wc -l)\r")
        shell.wait_for(b"state:1")
        shell.type(b"fg\r")
        shell.wait_for(b"fg\r\n")
        shell.type(b"words\r")
        shell.wait_for(b"got:words\r\nat the prompt> ")
        shell.type(b"echo status:$?\r")
        shell.wait_for(b"status:9")
        shell.type(b"exit\r")
        self.assertEqual(shell.ended(), 0)

    def test_progress_on_a_terminal_stays_one_while_results_go_to_a_file(self):
        out = os.path.join(self.home, "out")
        terminal = self.on_terminal("/bin/sh", "-c", 'out=$1; shift; "$@" >"$out"', "sh", out, *WRAP, "python3", self.script(
            "import os, sys\n"
            "print([os.isatty(fd) for fd in (0, 1, 2)])\n"
            "os.write(2, b'one\\ntwo\\n')\n"
            "sys.exit(3)\n"))
        self.assertEqual(terminal.ended(), 3)
        self.assertEqual(pathlib.Path(out).read_text(), "[True, False, True]\n")
        self.assertIn(b"one\r\ntwo\r\n", terminal.seen)
        self.assertNotIn(b"\r\r", terminal.seen)

    # On pipes.

    def test_bytes_pass_as_they_are_each_on_its_stream(self):
        data = bytes(range(256)) * 4096
        done = self.on_pipes("sh", "-c", "cat; echo other >&2", input=data)
        self.assertEqual(done.stdout, data)
        self.assertEqual((done.stderr, done.returncode), (b"other\n", 0))

    def test_both_streams_into_one_place_keep_their_order(self):
        done = subprocess.run([*WRAP, "sh", "-c", "for i in 1 2 3 4 5; do echo out$i; echo err$i >&2; done"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment, check=True, timeout=60)
        self.assertEqual(done.stdout.decode().split(), [f"{name}{i}" for i in range(1, 6) for name in ("out", "err")])

    def test_the_end_of_the_program_is_ours(self):
        for status in (0, 1, 3, 42, 255):
            self.assertEqual(self.on_pipes("sh", "-c", f"exit {status}").returncode, status)
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM):
            self.assertEqual(self.on_pipes("sh", "-c", f"kill -{number} $$").returncode, 128 + number)

    def test_a_program_that_cannot_be_run_is_said_in_one_line(self):
        for word, status in (("no-such-program-here", 127), ("/etc/passwd", 126)):
            done = self.on_pipes(word)
            self.assertEqual(done.returncode, status)
            self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
        self.assertEqual(self.on_pipes().returncode, 2)

    def test_a_signal_to_us_is_one_to_the_program(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            with subprocess.Popen([*WRAP, "python3", "-c", "import signal, sys\n"
                                   f"signal.signal({int(number)}, lambda *_: sys.exit(7))\n"
                                   "print('ready', flush=True)\n"
                                   "signal.pause()\n"], env=self.environment, stdout=subprocess.PIPE) as wrapped:
                wrapped.stdout.readline()
                wrapped.send_signal(number)
                self.assertEqual(wrapped.wait(30), 7)

    def test_a_reader_that_had_enough_ends_the_program(self):
        done = subprocess.run(["bash", "-c", 'set -o pipefail; "$@" | head -1', "bash", *WRAP, "yes", "a line"],
                              env=self.environment, capture_output=True, timeout=60, check=False)
        self.assertEqual((done.stdout, done.returncode), (b"a line\n", 128 + signal.SIGPIPE))

    def test_a_hundred_megabytes_pass_unchanged_in_bounded_memory(self):
        n_bytes = 100_000_000
        line = b"2026-11-25 10:00:00 a line of a log that says nothing of interest\n"
        expected = hashlib.sha256()
        for _ in range(n_bytes // len(line)):
            expected.update(line)
        expected.update(line[:n_bytes % len(line)])
        # Not by run(): the memory is that of the one process.
        wrapped = subprocess.Popen([*WRAP, "sh", "-c", f"yes '{line[:-1].decode()}' | head -c {n_bytes}; echo '{COLAB}' >&2"],
                                   env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        seen = hashlib.sha256()
        while piece := wrapped.stdout.read(1 << 20):
            seen.update(piece)
        said = wrapped.stderr.read().decode()
        _, status, usage = os.wait4(wrapped.pid, 0)
        wrapped.returncode = os.waitstatus_to_exitcode(status)
        wrapped.stdout.close()
        wrapped.stderr.close()
        self.assertEqual(wrapped.returncode, 0)
        self.assertEqual(seen.digest(), expected.digest())
        self.assertIn(BOX, said)
        if os.environ.get("HFAUTH_SANITIZED") != "ON":  # they keep what was freed
            self.assertLess(usage.ru_maxrss, MEMORY_LIMIT_KB)

    # What is said at the end.

    def test_a_message_in_the_output_is_boxed_with_the_cause_on_this_machine(self):
        environment = {**self.environment, "HF_TOKEN": f"'{TOKEN}'"}
        for stream in ("1", "2"):
            done = self.on_pipes("sh", "-c", f"echo '{COLAB}' HF_TOKEN={TOKEN} >&{stream}; exit 3", env=environment)
            said = done.stderr.decode()
            self.assertEqual(done.returncode, 3)
            self.assertEqual(said.count(BOX), 1, said)
            self.assertIn("HFA701", said)
            self.assertIn("HFA203", said)  # the quotes around HF_TOKEN here
            self.assertNotIn(TOKEN, said.split(BOX)[1])

    def test_nothing_is_said_of_other_output(self):
        done = self.on_pipes("sh", "-c", "echo out; echo 'HTTP 404 for url: https://example.com/x' >&2; exit 1")
        self.assertEqual((done.stdout, done.stderr), (b"out\n", b"HTTP 404 for url: https://example.com/x\n"))

    def test_quiet_is_for_programs_that_succeed(self):
        environment = {**self.environment, "HFAUTH_WRAP": "quiet"}
        self.assertNotIn(BOX, self.on_pipes("echo", COLAB, env=environment).stderr.decode())
        self.assertIn(BOX, self.on_pipes("sh", "-c", f"echo '{COLAB}'; exit 1", env=environment).stderr.decode())

    def test_doctor_exit_is_the_doctors(self):
        environment = {**self.environment, "HF_TOKEN": f"'{TOKEN}'"}
        wrap = (HFAUTH, "doctor", "--offline", "--doctor-exit", "--")
        self.assertEqual(self.on_pipes("true", wrap=wrap, env=environment).returncode, 1)
        self.assertEqual(self.on_pipes("false", wrap=wrap).returncode, 0)

    def test_a_form_for_programs_takes_the_place_of_the_box(self):
        done = self.on_pipes("sh", "-c", f"echo out; echo '{COLAB}' >&2; exit 3",
                             wrap=(HFAUTH, "doctor", "--offline", "--json", "org/model", "--"))
        self.assertEqual((done.stdout, done.returncode), (b"out\n", 3))
        self.assertNotIn(BOX, done.stderr.decode())
        report = json.loads(done.stderr.splitlines()[-1])
        self.assertEqual((report["run"]["mode"], report["run"]["targets"]), ("wrap", ["org/model"]))
        done = self.on_pipes("true", wrap=(HFAUTH, "doctor", "--offline", "--format", "sarif", "--"))
        self.assertEqual(json.loads(done.stderr)["version"], "2.1.0")
        self.assertEqual(done.stdout, b"")

    def test_reports_are_written_behind_the_program_whatever_it_printed(self):
        page, facts = os.path.join(self.home, "page.html"), os.path.join(self.home, "facts.json")
        done = self.on_pipes("echo", COLAB, wrap=(HFAUTH, "doctor", "--offline", "--html", page, "--facts-out", facts, "--"))
        self.assertIn(BOX, done.stderr.decode())
        self.assertIn("<html", pathlib.Path(page).read_text())
        self.assertIn("M-001", [one["message"] for one in json.loads(pathlib.Path(facts).read_text())["said"]])
        os.unlink(page)
        self.assertEqual(self.on_pipes("true", wrap=(HFAUTH, "doctor", "--offline", "--html", page, "--")).stderr, b"")
        self.assertTrue(os.path.exists(page))
        nowhere = os.path.join(self.home, "no/such/folder")
        done = self.on_pipes("true", wrap=(HFAUTH, "doctor", "--offline", "--html", nowhere, "--"))
        self.assertEqual((done.returncode, done.stderr.count(b"\n")), (1, 1), done.stderr)

    def test_the_question_is_asked_around_a_program_too(self):
        environment = {**self.environment, "HF_TOKEN": f"'{TOKEN}'"}
        done = self.on_pipes("echo", COLAB, wrap=(HFAUTH, "doctor", "--offline", "--skip", "HFA203", "--"), env=environment)
        self.assertIn(BOX, done.stderr.decode())
        self.assertNotIn("HFA203", done.stderr.decode())

    def test_what_cannot_be_had_around_a_program_is_a_mistake_before_it_runs(self):
        ran = os.path.join(self.home, "ran")
        for words in (("--fix",), ("-n",), ("--log", "x"), ("--facts", "x"), ("--compare", "a", "b"), ("--html", "-"),
                      ("--facts-out", "-"), ("--only", "HFA999"), ("two words",)):
            done = self.on_pipes("touch", ran, wrap=(HFAUTH, "doctor", "--offline", *words, "--"))
            self.assertEqual((done.returncode, done.stderr.count(b"\n")), (2, 1), (words, done.stderr))
            self.assertFalse(os.path.exists(ran), words)

    def test_options_behind_the_dashes_are_the_programs(self):
        self.assertEqual(self.on_pipes("echo", "--only", "--help", "--").stdout, b"--only --help --\n")


if __name__ == "__main__":
    unittest.main()
