#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# The real hfauth-net between the real hfauthd and the Hub stand-in: tokens are refreshed once, land everywhere, and none is
# lost when the program is killed. Standard library only.
"""Run by ctest with HFAUTH_BIN, HFAUTH_BUILD."""

import os
import signal
import stat
import subprocess
import sys
import time
import unittest
from datetime import datetime, timezone

from test_hfauthd import Case, wait_until

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "hub"))
from client import RunningHub  # noqa: E402

HFAUTH_NET = os.path.join(os.environ["HFAUTH_BIN"], "hfauth-net")
KILL_AFTER = os.path.join(os.environ["HFAUTH_BUILD"], "tests", "libkill_after.so")
DAY = 86400


def utc(seconds):
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class NetCase(Case):
    def setUp(self):
        super().setUp()
        self.hub = RunningHub()
        self.addCleanup(self.hub.stop)
        self.hf_home = os.path.join(self.root, "home", ".cache", "huggingface")
        self.secrets = []

    def tearDown(self):
        for agent in self.agents:
            for secret in self.secrets:
                self.assertNotIn(secret, agent.log_text(), "a token stands in the log")
        super().tearDown()

    def login(self, profile="alice", lifetime=30 * DAY, client=None, **more):
        """A login of the stand-in, stored in the agent."""
        given = self.hub.control(oauth="issue", account="alice", expires_in=lifetime)
        self.secrets += [given["access_token"], given["refresh_token"]]
        reply = (client or self.agents[-1].connect()).add(
            profile, endpoint=self.hub.endpoint, kind="oauth", user="alice", token=given["access_token"],
            refresh=given["refresh_token"], expires=utc(time.time() + lifetime), **more)
        self.assertIn("record", reply["parameters"], reply)
        return given

    def net(self, *arguments, check=0, **variables):
        environment = {"HOME": os.path.join(self.root, "home"), "XDG_RUNTIME_DIR": os.path.join(self.root, "run"),
                       "PATH": os.environ["PATH"], "HFAUTH_STORE": "vault", **variables}
        done = subprocess.run([HFAUTH_NET, "refresh", *arguments], env=environment, capture_output=True, text=True,
                              timeout=60, check=False)
        for secret in self.secrets:
            self.assertNotIn(secret, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        if check is not None:
            self.assertEqual(done.returncode, check, done.stderr)
        return done

    def token(self, profile="alice"):
        reply = self.agents[-1].connect().call("GetToken", profile=profile)
        return reply["parameters"].get("token")

    def record(self):
        return self.agents[-1].connect().call("List")["parameters"]["records"][0]

    def refreshes(self):
        report = self.hub.get("/__oauth").json
        return sum(report["refreshes"].values()), sum(report["refused_refreshes"].values())

    def assert_logged_in(self, token):
        headers = {"Authorization": f"Bearer {token}"}
        self.assertEqual(self.hub.request("GET", "/api/whoami-v2", headers=headers).status, 200)

    def python_files(self, given, extra=""):
        """stored_tokens and token as `hf auth login` leaves them."""
        os.makedirs(self.hf_home, mode=0o700, exist_ok=True)
        with open(self.path("stored_tokens"), "w", encoding="utf-8") as stored:
            stored.write(f"{extra}[oauth-alice]\nhf_token = {given['access_token']}\n"
                         f"refresh_token = {given['refresh_token']}\nexpires_at = {int(time.time()) + 3600}\n\n")
        with open(self.path("token"), "w", encoding="utf-8") as token:
            token.write(given["access_token"])

    def path(self, name):
        return os.path.join(self.hf_home, name)

    def text(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()


class Refreshing(NetCase):
    def test_a_refreshed_token_is_in_the_store_and_in_the_lease(self):
        agent = self.start()
        given = self.login()
        client = agent.connect()
        lease = client.call("OpenLease", profile="alice")["parameters"]["lease"]["path"]
        done = self.net("--force")
        self.assertIn("profile alice: refreshed, valid until", done.stderr)
        token = self.token()
        self.assertNotEqual(token, given["access_token"])
        self.assert_logged_in(token)
        with open(lease, encoding="utf-8") as file:
            self.assertEqual(file.read(), token)
        self.assertEqual(self.refreshes(), (1, 0))
        self.assertEqual(self.record()["generation"], 2)
        self.assertEqual(os.listdir(os.path.join(self.root, "run", "hfauth", "refreshed")), [])

    def test_what_is_not_due_is_left_alone(self):
        self.start()
        self.login()
        self.assertEqual(self.net().stderr, "")
        self.assertEqual(self.net("--profile", "alice", "--due").stderr, "")
        self.assertEqual(self.refreshes(), (0, 0))

    def test_the_agent_itself_starts_it_when_a_token_is_due(self):
        self.start()
        given = self.login(lifetime=3600)
        wait_until(lambda: self.token() != given["access_token"], "a new token")
        self.assert_logged_in(self.token())
        self.assertEqual(self.refreshes(), (1, 0))

    def test_who_asks_for_a_token_that_is_over_gets_the_new_one(self):
        agent = self.start()
        client = agent.connect()
        given = self.hub.control(oauth="issue", account="alice", expires_in=1)
        self.secrets.append(given["access_token"])
        client.add("alice", endpoint=self.hub.endpoint, kind="oauth", token=given["access_token"],
                   refresh=given["refresh_token"], expires=utc(time.time() - 60))
        reply = client.call("GetToken", profile="alice")
        self.assertNotIn("error", reply)
        self.assert_logged_in(reply["parameters"]["token"])

    def test_a_login_is_renewed_with_the_client_that_made_it(self):
        agent = self.start()
        self.hub.control(oauth="client", id="app-of-one")
        given = self.hub.control(oauth="issue", account="alice", expires_in=30 * DAY, client="app-of-one")
        self.secrets += [given["access_token"], given["refresh_token"]]
        agent.connect().add("alice", endpoint=self.hub.endpoint, kind="oauth", user="alice", token=given["access_token"],
                            refresh=given["refresh_token"], oauth_client="app-of-one", expires=utc(time.time() + 30 * DAY))
        self.net("--force", HFAUTH_OAUTH_CLIENT_ID="app-of-another-day")
        self.assertNotEqual(self.token(), given["access_token"])
        self.assert_logged_in(self.token())
        self.assertEqual(self.record()["oauth_client"], "app-of-one")

    def test_a_refusal_is_remembered_and_not_tried_again(self):
        self.start()
        self.login()
        self.hub.control(oauth="end", account="alice")
        done = self.net("--force", check=1)
        self.assertIn("profile alice", done.stderr)
        self.assertTrue(self.record()["login_again"])
        self.assertEqual(self.net().stderr, "")
        self.assertEqual(self.refreshes(), (0, 1))

    def test_a_later_login_of_python_that_is_over_does_not_end_ours(self):
        self.start()
        given = self.login()
        self.python_files({**self.hub.control(oauth="issue", account="alice", expires_in=3600), "refresh_token": "gone"})
        self.net("--force")
        self.assertNotEqual(self.token(), given["access_token"])
        self.assert_logged_in(self.token())

    def test_without_the_hub_the_old_token_stays_and_the_turn_is_free(self):
        self.start()
        given = self.login()
        self.hub.stop()
        done = self.net("--force", check=None)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("hfauth-net: profile alice: ", done.stderr)
        self.assertEqual(self.token(), given["access_token"])
        self.assertFalse(self.record()["login_again"])
        self.assertIn("token", self.agents[-1].connect().call("BeginRefresh", profile="alice", force=True)["parameters"])

    def test_one_that_comes_second_leaves_it_to_the_first(self):
        agent = self.start()
        self.login()
        first = agent.connect()
        first.call("BeginRefresh", profile="alice", force=True)
        self.assertIn("is being refreshed", self.net("--force").stderr)
        self.assertEqual(self.refreshes(), (0, 0))

    def test_mistakes_on_the_command_line_are_told(self):
        for words in (["--profile"], ["--profile", "a/b"], ["--what"], ["refresh"]):
            done = self.net(*words, check=2)
            self.assertIn("hfauth-net --help", done.stderr)


class WithPython(NetCase):
    def test_both_files_are_as_python_would_leave_them(self):
        self.start()
        given = self.login()
        self.python_files(given, extra="[zoe]\nhf_token = hf_zoeZoe\nnote = kept\n\n")
        self.net("--force")
        token = self.token()
        self.assertNotEqual(token, given["access_token"])
        self.assertEqual(self.text("token"), token)
        stored = self.text("stored_tokens")
        self.assertTrue(stored.startswith(f"[oauth-alice]\nhf_token = {token}\nrefresh_token = refresh-alice-"), stored)
        self.assertTrue(stored.endswith("\n\n[zoe]\nhf_token = hf_zoeZoe\nnote = kept\n\n"), stored)
        for name in ("token", "stored_tokens"):
            self.assertEqual(stat.S_IMODE(os.stat(self.path(name)).st_mode), 0o600)
        self.assertTrue(os.path.exists(self.path("stored_tokens.lock")))
        self.assertEqual(self.refreshes(), (1, 0))

    def test_a_token_file_that_holds_another_token_stays(self):
        self.start()
        self.python_files(self.login())
        with open(self.path("token"), "w", encoding="utf-8") as token:
            token.write("hf_otherOther")
        self.net("--force")
        self.assertEqual(self.text("token"), "hf_otherOther")
        self.assertIn(self.token(), self.text("stored_tokens"))

    def test_what_python_refreshed_before_is_adopted(self):
        self.start()
        given = self.login()
        renewed = self.hub.form("/oauth/token", grant_type="refresh_token", refresh_token=given["refresh_token"],
                                client_id=given["client_id"]).json
        self.python_files(renewed)
        stored = self.text("stored_tokens").replace(str(int(time.time()) + 3600)[:6], str(int(time.time()) + 30 * DAY)[:6])
        with open(self.path("stored_tokens"), "w", encoding="utf-8") as file:
            file.write(stored)
        done = self.net("--force")
        self.assertIn("huggingface_hub has refreshed it already", done.stderr)
        self.assertEqual(self.token(), renewed["access_token"])
        self.assertEqual(self.refreshes(), (1, 0))
        self.net("--force")
        self.assert_logged_in(self.token())
        self.assertEqual(self.text("token"), self.token())
        self.assertEqual(self.refreshes(), (2, 0))

    def test_another_login_in_pythons_files_is_not_touched(self):
        self.start()
        self.login()
        other = self.hub.control(oauth="issue", account="bob", expires_in=3600)
        self.python_files(other)
        before = self.text("stored_tokens")
        self.net("--force")
        self.assertEqual(self.text("stored_tokens"), before)
        self.assertEqual(self.text("token"), other["access_token"])


class Killed(NetCase):
    """However far it came: the next run ends with one login, valid everywhere."""

    def run_until_killed(self, step):
        # The address sanitizer's runtime wants to be the first library otherwise.
        return self.net("--force", check=None, LD_PRELOAD=KILL_AFTER, KILL_AFTER=str(step),
                        ASAN_OPTIONS="verify_asan_link_order=0").returncode

    def kill_everywhere(self, with_python):
        step = 0
        while True:
            step += 1
            given = self.login(replace=True)
            if with_python:
                self.python_files(given)
            before = self.refreshes()
            ended = self.run_until_killed(step)
            self.net("--due")
            with self.subTest(step=step):
                self.assert_logged_in(self.token())
                self.assertNotEqual(self.token(), given["access_token"])
                self.assertEqual(self.refreshes(), (before[0] + 1, before[1]))
                self.net("--force")
                self.assert_logged_in(self.token())
                if with_python:
                    self.assertEqual(self.text("token"), self.token())
            if ended == 0:
                break
            self.assertEqual(ended, -signal.SIGKILL)
        return step

    def test_nothing_is_lost(self):
        self.start(store="vault")
        self.assertGreater(self.kill_everywhere(with_python=False), 3)

    def test_nothing_is_lost_where_python_has_it_too(self):
        self.start(store="vault")
        self.assertGreater(self.kill_everywhere(with_python=True), 5)

    def test_what_the_agent_could_not_take_waits_in_ram_for_the_next_run(self):
        agent = self.start(store="vault")
        self.login()
        self.assertEqual(self.run_until_killed(1), -signal.SIGKILL)
        folder = os.path.join(self.root, "run", "hfauth", "refreshed")
        self.assertEqual(os.listdir(folder), ["alice"])
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, "alice")).st_mode), 0o600)
        self.assertEqual(agent.connect().call("Lock"), {"parameters": {}})
        self.net(check=None)
        self.assertEqual(os.listdir(folder), ["alice"])
        self.assertEqual(agent.connect().call("Unlock"), {"parameters": {}})
        self.net()
        self.assertEqual(os.listdir(folder), [])
        self.assert_logged_in(self.token())

    def test_a_newer_login_wins_over_what_waits(self):
        self.start(store="vault")
        self.login()
        self.assertEqual(self.run_until_killed(1), -signal.SIGKILL)
        newer = self.login(replace=True)
        self.net(check=None)
        self.assertEqual(self.token(), newer["access_token"])


if __name__ == "__main__":
    unittest.main()
