#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# hfauth with the real agent and without a Hub: tokens are put there by the protocol. Each test has a home and a
# runtime folder of its own. Standard library only.
"""Run by ctest with HFAUTH_BIN set to the folder of the programs."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from datetime import datetime, timedelta, timezone

HFAUTH = os.path.join(os.environ["HFAUTH_BIN"], "hfauth")
TOKEN = "hf_" + "TestToken" + "Qx" * 12
DEADLINE = 20


class AgentCommands(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="hfauth-cli-test-")
        self.addCleanup(shutil.rmtree, self.root)
        for name in ("home", "run"):
            os.mkdir(os.path.join(self.root, name), 0o700)
        self.addCleanup(self.hfauth, "shutdown")

    def hfauth(self, *words, **variables):
        environment = {"HOME": os.path.join(self.root, "home"), "XDG_RUNTIME_DIR": os.path.join(self.root, "run"),
                       "PATH": os.environ["PATH"], "HFAUTH_STORE": "vault", "LC_ALL": "C.UTF-8", **variables}
        return subprocess.run([HFAUTH, *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=DEADLINE, check=False)

    def call(self, method, **parameters):
        with socket.socket(socket.AF_UNIX) as agent:
            agent.settimeout(DEADLINE)
            agent.connect(os.path.join(self.root, "run", "hfauth", "agent.sock"))
            agent.sendall(json.dumps({"method": "org.hfauth.Agent." + method, "parameters": parameters}).encode()
                          + b"\0")
            reply = b""
            while not reply.endswith(b"\0"):
                piece = agent.recv(65536)
                self.assertTrue(piece, "the agent closed the connection")
                reply += piece
        return json.loads(reply[:-1])["parameters"]

    def store(self, profile="alice", endpoint="https://huggingface.co", **more):
        self.assertEqual(self.hfauth("list").returncode, 0)  # starts the agent
        self.call("Add", profile=profile, endpoint=endpoint, kind="user", user="ada", role="read", display_name="",
                  scopes=[], orgs=[], token=TOKEN, **more)

    def word_and_row(self, **variables):
        """`status --short`, silent beside its word, and the row of `status` on Python."""
        short = self.hfauth("status", "--short", **variables)
        self.assertEqual(short.stderr, "")
        rows = [line for line in self.hfauth("status", **variables).stdout.splitlines() if line.startswith("python")]
        return short.stdout.strip(), " ".join(rows[0].split()[1:])

    def test_status_promises_only_what_works(self):
        word, row = self.word_and_row()
        self.assertEqual(word, "hf:-")
        self.assertNotIn("eval", row)
        self.assertEqual(self.hfauth("list").returncode, 0)  # starts the agent
        word, row = self.word_and_row()
        self.assertEqual(word, "hf:-")
        self.assertIn("hfauth login", row)
        self.store("alice")
        word, row = self.word_and_row()
        self.assertEqual(word, "hf:-")
        self.assertIn('eval "$(hfauth env)"', row)
        lease = self.hfauth("env", "--quiet").stdout.strip()
        self.assertEqual(self.word_and_row(HF_TOKEN_PATH=lease)[0], "hf:alice")
        self.store("bob")
        self.call("CloseLease")
        word, row = self.word_and_row(HF_TOKEN_PATH=lease)
        if "eval" in row:  # the promise is kept
            self.assertEqual(self.hfauth("env", HF_TOKEN_PATH=lease).returncode, 0)
        else:
            self.assertIn("hfauth switch NAME", row)
        self.call("Lock")
        word, row = self.word_and_row(HF_TOKEN_PATH=lease)
        self.assertEqual(word, "hf:locked")
        self.assertIn("hfauth unlock", row)

    def test_status_compares_tokens_before_it_says_hidden(self):
        self.store()
        self.assertEqual(self.word_and_row(HF_TOKEN=TOKEN)[0], "hf:alice")
        word, row = self.word_and_row(HF_TOKEN=TOKEN + "Z")
        self.assertEqual(word, "hf:!HFA101")
        self.assertIn("HFA101", row)
        self.call("Lock")
        self.assertEqual(self.word_and_row(HF_TOKEN=TOKEN)[0], "hf:env")

    def test_a_file_is_a_file_without_an_agent_too(self):
        folder = os.path.join(self.root, "home", ".cache", "huggingface")
        os.makedirs(folder)
        with open(os.path.join(folder, "token"), "w", encoding="ascii") as file:
            file.write(TOKEN)
        word, row = self.word_and_row()
        self.assertEqual(word, "hf:file")
        self.assertIn("~/.cache/huggingface/token", row)

    def test_no_raw_bytes_of_a_token_reach_the_terminal(self):
        self.store()
        for around in ("\ufeff{}", "{}\u200b", "\x1b[31m{}"):
            shown = self.hfauth("status", HF_TOKEN=around.format(TOKEN + "Y")).stdout
            self.assertIn("****", shown)
            self.assertTrue(shown.isascii() and shown.replace("\n", "").isprintable(), shown.encode())

    def test_a_prompt_does_not_wait_for_an_agent_that_hangs(self):
        folder = os.path.join(self.root, "run", "hfauth")
        os.mkdir(folder, 0o700)
        with socket.socket(socket.AF_UNIX) as hanging:
            hanging.bind(os.path.join(folder, "agent.sock"))
            hanging.listen()
            os.chmod(os.path.join(folder, "agent.sock"), 0o600)
            short = self.hfauth("status", "--short")
        self.assertEqual((short.stdout, short.stderr, short.returncode), ("hf:?\n", "", 3))

    def test_lock_takes_away_the_lease_that_a_killed_agent_left(self):
        self.store()
        lease = self.hfauth("env", "--quiet").stdout.strip()
        self.assertTrue(os.path.exists(lease))
        agent = os.pidfd_open(self.call("Status")["pid"])
        signal.pidfd_send_signal(agent, signal.SIGKILL)
        self.assertTrue(select.select([agent], [], [], DEADLINE)[0], "the agent lives on")
        os.close(agent)
        locked = self.hfauth("lock")
        self.assertEqual((locked.returncode, locked.stdout), (0, ""), locked.stderr)
        self.assertFalse(os.path.exists(lease))
        token = self.hfauth("token")
        self.assertEqual((token.returncode, token.stdout), (4, ""))
        self.assertIn("hfauth unlock", token.stderr)

    def test_a_shell_that_begins_while_the_agent_is_locked_has_the_token_after_unlock(self):
        self.store()
        self.assertEqual(self.hfauth("lock").returncode, 0)
        begun = self.hfauth("env")
        self.assertEqual((begun.returncode, len(begun.stderr.splitlines())), (4, 1), begun.stderr)
        self.assertIn("hfauth unlock", begun.stderr)
        self.assertEqual(self.hfauth("env", "-q").stdout, "")
        lease = os.path.join(self.root, "run/hfauth/default/token")
        self.assertEqual(begun.stdout, f"export HF_TOKEN_PATH='{lease}'\n")
        self.assertEqual(self.hfauth("env", "--name", "alice").stdout, "")
        self.assertEqual(self.hfauth("unlock").returncode, 0)
        self.assertFalse(os.path.exists(lease), "nobody waits for it")
        self.assertEqual(self.hfauth("lock").returncode, 0)
        self.assertEqual(self.hfauth("unlock", HF_TOKEN_PATH=lease).returncode, 0)
        with open(lease, encoding="ascii") as file:
            self.assertEqual(file.read(), TOKEN)

    def test_the_end_of_a_token_is_told_once_whatever_uses_it(self):
        ends = datetime.now(timezone.utc) + timedelta(days=3)
        self.store(expires=ends.strftime("%Y-%m-%dT%H:%M:%SZ"))
        quiet = self.hfauth("--quiet", "token")
        self.assertEqual((quiet.stdout, quiet.stderr), (TOKEN + "\n", ""))
        first = self.hfauth("token")
        self.assertEqual(first.stdout, TOKEN + "\n")
        self.assertEqual(first.stderr, f'hfauth: the token "alice" expires on {ends:%Y-%m-%d}; make a new one and store it: '
                                       "hfauth login --name alice\n")
        for words in (("token",), ("env",), ("exec", "--", "true"), ("status",)):
            self.assertNotIn("make a new one", self.hfauth(*words).stderr)
        self.assertIn(f"alice: expires on {ends:%Y-%m-%d}", self.hfauth("status").stdout)

    def test_the_format_is_for_an_agent_if_the_environment_names_one(self):
        self.store()
        table = ("default\tname\ttoken\tuser\trole\texpires\tendpoint\n"
                 "*\talice\thf_****QxQx\tada\t" "read\t\thttps://huggingface.co\n")
        people = self.hfauth("list").stdout
        self.assertIn("NAME", people)
        for words, variables, expected in (
                (("list", "--format", "agent"), {}, table),
                (("list",), {"AI_AGENT": "some-agent"}, table),
                (("list",), {"AGENT": "1"}, table),
                (("auth", "ls", "--format=auto"), {"AGENT": "1"}, table),
                (("list", "--format", "human"), {"AI_AGENT": "some-agent"}, people),
                (("list", "-q"), {"AI_AGENT": "some-agent"}, "alice\n"),
                (("list",), {"AI_AGENT": "", "AGENT": " "}, people)):
            with self.subTest(words=words, variables=variables):
                self.assertEqual(self.hfauth(*words, **variables).stdout, expected)
        self.assertEqual(json.loads(self.hfauth("list", "--json", AGENT="1").stdout)[0]["name"], "alice")

    def test_programs_get_json_where_people_get_a_sentence(self):
        self.store()
        told = {}
        for words in (("env",), ("lock",), ("unlock",), ("undo", "--list"), ("shutdown",), ("shutdown",)):
            done = self.hfauth(*words, "--json")
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
            told.setdefault(words[0], []).append(json.loads(done.stdout))
        self.assertTrue(told.pop("env")[0]["HF_TOKEN_PATH"].endswith("/default/token"))
        self.assertEqual(told, {"lock": [{"state": "locked"}], "unlock": [{"state": "unlocked"}], "undo": [[]],
                                "shutdown": [{"state": "none"}, {"state": "none"}]})
        failed = self.hfauth("token", "--name", "nobody", "--json")
        self.assertEqual((failed.stdout, failed.stderr.count("\n")), ("", 1))
        error = json.loads(failed.stderr)["error"]
        self.assertEqual((error["command"], error["exit_status"]), ("token", failed.returncode))
        self.assertIn("nobody", error["message"])

    def test_status_is_one_row_for_an_agent(self):
        self.store()
        self.assertEqual(self.hfauth("status", "--format", "agent").stdout,
                         "agent=running store=vault tokens=1 leases=0 default=alice account=ada token=hf_****QxQx next=hf:-\n")
        self.hfauth("shutdown")
        self.assertEqual(self.hfauth("status", "--format", "agent").stdout, "agent=none next=hf:-\n")

    def test_a_script_without_its_interpreter_is_there_and_cannot_run(self):
        self.store()
        script = os.path.join(self.root, "script")
        with open(script, "w", encoding="utf-8") as file:
            file.write("#!/no/such/interpreter\n")
        os.chmod(script, 0o755)
        for words, variables in (((script,), {}), (("script",), {"PATH": self.root})):
            done = self.hfauth("exec", "--", *words, **variables)
            self.assertEqual(done.returncode, 126, done.stderr)
            self.assertIn("interpreter", done.stderr)
        self.assertEqual(self.hfauth("exec", "--", "no-such-program").returncode, 127)

    def test_exec_gives_no_token_to_a_program_that_would_send_it_to_the_staging_hub(self):
        self.store()
        for variables in ({"HUGGINGFACE_CO_STAGING": "1"},
                          {"HUGGINGFACE_CO_STAGING": "yes", "HF_ENDPOINT": "https://huggingface.co"}):
            for words in (("exec", "--name", "alice", "--", "env"), ("env", "--name", "alice")):
                refused = self.hfauth(*words, **variables)
                self.assertEqual((refused.returncode, refused.stdout), (1, ""), refused.stderr)
                self.assertIn("unset HUGGINGFACE_CO_STAGING", refused.stderr)

    def test_exec_points_the_program_at_the_tokens_own_endpoint(self):
        self.store(endpoint="https://hub.example")
        given = self.hfauth("exec", "--name", "alice", "--", "env").stdout.splitlines()
        self.assertIn("HF_ENDPOINT=https://hub.example", given)
        self.assertIn("HF_TOKEN=" + TOKEN, given)
        refused = self.hfauth("exec", "--name", "alice", "--", "env", HF_ENDPOINT="https://other.example")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertIn("unset HF_ENDPOINT", refused.stderr)


if __name__ == "__main__":
    unittest.main()
