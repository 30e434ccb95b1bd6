#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One OAuth login in hfauth and in the real huggingface_hub: whoever refreshes it first, the other one uses the result, and
the Hub is asked once, also when both come at the same time."""
import json
import os
import socket
import subprocess
import sys
import threading
import time
import unittest
from datetime import datetime, timezone

from scratch import DEADLINE_S, RunningHub, Scratch, installed, program

N_RACES = 100
DAY_S = 86400

# Answers each line on standard input with what get_token() says at that moment.
WORKER = """
import sys
from huggingface_hub import get_token
print("ready", flush=True)
for line in sys.stdin:
    print(get_token(), flush=True)
"""

# What Python itself makes of the file, and what it would write again.
REWRITE = """
import json
from huggingface_hub.utils import _auth
full = _auth._read_stored_tokens_full()
_auth._save_stored_tokens_full(full)
print(json.dumps(full))
"""


def utc(seconds):
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Refresh(unittest.TestCase):
    def setUp(self):
        self.hub = self.enterContext(RunningHub())
        self.user = self.enterContext(Scratch(HF_ENDPOINT=self.hub.endpoint, HFAUTH_STORE="vault"))
        self.user.hfauth("list")  # starts the agent
        self.files = self.user.home / ".cache" / "huggingface"
        self.files.mkdir(parents=True, mode=0o700)

    def call(self, method, **parameters):
        with socket.socket(socket.AF_UNIX) as agent:
            agent.settimeout(DEADLINE_S)
            agent.connect(str(self.user.runtime / "hfauth" / "agent.sock"))
            agent.sendall(json.dumps({"method": "org.hfauth.Agent." + method, "parameters": parameters}).encode() + b"\0")
            reply = b""
            while not reply.endswith(b"\0"):
                piece = agent.recv(65536)
                self.assertTrue(piece, "the agent closed the connection")
                reply += piece
        message = json.loads(reply[:-1])
        self.assertNotIn("error", message)
        return message["parameters"]

    def login(self):
        return self.hub.control(oauth="issue", account="alice", expires_in=3600)

    def put_into_agent(self, given, left_s):
        self.call("Add", profile="alice", endpoint=self.hub.endpoint, kind="oauth", user="alice", role="", display_name="",
                  scopes=[], orgs=[], token=given["access_token"], refresh=given["refresh_token"],
                  expires=utc(time.time() + left_s), replace=True)

    def put_into_files(self, given, extra=""):
        (self.files / "stored_tokens").write_text(
            f"{extra}[oauth-alice]\nhf_token = {given['access_token']}\nrefresh_token = {given['refresh_token']}\n"
            f"expires_at = {int(time.time()) + 3600}\n\n", encoding="utf-8")
        (self.files / "token").write_text(given["access_token"], encoding="utf-8")

    def python(self, code="from huggingface_hub import get_token; print(get_token())"):
        return self.user.run(PYTHON, "-c", code).stdout.strip()

    def refreshes(self):
        report = self.hub.get("/__oauth").json
        self.assertEqual(report["refused_refreshes"], {})
        return report["refreshes"].get("alice", 0)

    def whose(self, token):
        reply = self.hub.request("GET", "/api/whoami-v2", headers={"Authorization": f"Bearer {token}"})
        return reply.json.get("name") if reply.status == 200 else reply.status

    def start_net(self):
        return subprocess.Popen([program("hfauth-net"), "refresh", "--force"], stderr=subprocess.PIPE, text=True,
                                env=self.user.environment)

    def agents_token(self, other_than):
        """The agent's token as soon as it is another one."""
        ticker = threading.Event()
        for _ in range(DEADLINE_S * 50):
            token = self.user.hfauth("token").stdout.strip()
            if token != other_than:
                return token
            ticker.wait(0.02)
        raise AssertionError("the agent keeps the old token")

    def test_a_token_that_python_refreshed_is_used_by_hfauth(self):
        given = self.login()
        self.put_into_files(given)
        renewed = self.python()
        self.assertNotEqual(renewed, given["access_token"])
        self.put_into_agent(given, left_s=3600)
        self.assertEqual(self.agents_token(given["access_token"]), renewed)
        self.assertEqual(self.whose(renewed), "alice")
        self.assertEqual(self.refreshes(), 1)

    def test_a_token_that_hfauth_refreshed_is_used_by_python(self):
        given = self.login()
        self.put_into_files(given)
        self.put_into_agent(given, left_s=3600)
        renewed = self.agents_token(given["access_token"])
        self.assertEqual(self.python(), renewed)
        self.assertEqual(self.whose(renewed), "alice")
        self.assertEqual(self.refreshes(), 1)
        hf = os.path.join(os.path.dirname(PYTHON), "hf")
        self.assertIn("oauth-alice", self.user.run(hf, "auth", "list").stdout)
        self.assertEqual(json.loads(self.user.run(hf, "auth", "whoami", "--format", "json").stdout)["user"], "alice")

    def test_stored_tokens_is_left_as_python_itself_would_write_it(self):
        extra = ("[my token 100%]\nhf_token: hf_percentPercent\nNote = one\n  two\n; a comment\n\n[한국어]\nhf_token=hf_koreanKorean\n"
                 "\n[DEFAULT]\nkind = plain\n\n[Zoe]\nkind = other\nhf_token = hf_zoeZoe\n\n")
        given = self.login()
        self.put_into_files(given, extra)
        before = json.loads(self.python(REWRITE))
        self.put_into_files(given, extra)
        self.put_into_agent(given, left_s=30 * DAY_S)
        self.user.run(program("hfauth-net"), "refresh", "--force")
        written = (self.files / "stored_tokens").read_bytes()
        after = json.loads(self.python(REWRITE))
        self.assertEqual(written, (self.files / "stored_tokens").read_bytes())
        self.assertEqual(list(after), sorted(before))
        self.assertEqual(list(after["oauth-alice"]), ["hf_token", "refresh_token", "expires_at"])
        self.assertEqual({**after, "oauth-alice": None}, {**before, "oauth-alice": None})

    def test_two_refreshers_at_the_same_time_ask_the_hub_once(self):
        worker = subprocess.Popen([PYTHON, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  env=self.user.environment)
        self.addCleanup(worker.wait, DEADLINE_S)
        self.addCleanup(worker.stdout.close)
        self.addCleanup(worker.stdin.close)
        self.assertEqual(worker.stdout.readline(), "ready\n")
        python_was_first = 0
        apart = threading.Event()
        for race in range(N_RACES):
            given = self.login()
            self.put_into_agent(given, left_s=30 * DAY_S)
            self.put_into_files(given)
            steps = [self.start_net, lambda: print("go", file=worker.stdin, flush=True)]
            first, second = steps if race % 2 else reversed(steps)
            started = [first()]
            apart.wait(race % 10 * 0.002)  # so that each is met at another point of its work
            started.append(second())
            net = next(process for process in started if process)
            pythons = worker.stdout.readline().strip()
            told = net.communicate(timeout=DEADLINE_S)[1]
            with self.subTest(race=race):
                self.assertEqual(net.returncode, 0, told)
                self.assertEqual(self.refreshes(), race + 1)
                self.assertEqual(pythons, self.user.hfauth("token").stdout.strip())
                self.assertEqual((self.files / "token").read_text(), pythons)
                self.assertEqual(self.whose(pythons), "alice")
            python_was_first += "already" in told
        print(f"{N_RACES} races: Python was first in {python_was_first}", file=sys.stderr)


if __name__ == "__main__":
    PYTHON = installed("python")
    unittest.main(argv=[sys.argv[0], "-v"])
