#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# How an agent begins and ends: in places that others prepared, and with clients that are in the middle of something.
"""Run by ctest with HFAUTH_BIN set to the folder of the programs."""

import fcntl
import os
import signal
import socket
import subprocess
import unittest

from running_agent import AGENT, DEADLINE, TOKEN, Case, main, wait_until

HFAUTH = os.path.join(os.environ["HFAUTH_BIN"], "hfauth")
NOBODY = 65534


class Places(Case):
    def setUp(self):
        super().setUp()
        self.folder = os.path.join(self.root, "run", "hfauth")

    def refused(self, why):
        """The agent does not start there, and the command line does not talk to what is there; each says why."""
        agent = self.start()
        self.assertTrue(agent.ready.startswith("ERROR "), agent.ready)
        self.assertIn(why, agent.ready)
        self.assertNotEqual(agent.wait(), 0)
        told = subprocess.run([HFAUTH, "list"], capture_output=True, text=True, timeout=DEADLINE, check=False,
                              env={"HOME": os.path.join(self.root, "home"), "PATH": os.environ["PATH"],
                                   "XDG_RUNTIME_DIR": os.path.join(self.root, "run"), "LANG": "C.UTF-8"})
        self.assertNotEqual(told.returncode, 0)
        self.assertEqual(told.stdout, "")
        self.assertEqual(len(told.stderr.splitlines()), 1, told.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "only root can give a folder away")
    def test_a_folder_of_another_user_is_refused(self):
        os.mkdir(self.folder, 0o700)
        os.chown(self.folder, NOBODY, -1)
        self.refused(f"belongs to user {NOBODY}")
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_folder_that_others_can_write_is_refused(self):
        os.mkdir(self.folder)
        os.chmod(self.folder, 0o777)
        self.refused("others may write there")
        self.assertEqual(os.listdir(self.folder), [])

    @unittest.skipUnless(os.geteuid() == 0, "only root can give a socket away")
    def test_a_socket_of_another_user_in_its_place_is_refused(self):
        os.mkdir(self.folder, 0o700)
        path = os.path.join(self.folder, "agent.sock")
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(path)
            other.listen()
            os.chown(path, NOBODY, -1)
            self.refused("belongs to another user")
            other.setblocking(False)
            self.assertRaises(BlockingIOError, other.accept)

    def test_a_socket_that_nobody_listens_on_is_replaced(self):
        os.mkdir(self.folder, 0o700)
        with socket.socket(socket.AF_UNIX) as gone:
            gone.bind(os.path.join(self.folder, "agent.sock"))
        agent = self.start()
        self.assertEqual(agent.ready, "READY")
        self.assertIn("parameters", agent.connect().call("Status"))


class Ending(Case):
    def setUp(self):
        super().setUp()
        self.old = self.start(store="vault")
        self.client = self.old.connect()
        self.assertIn("parameters", self.client.add("alice"))

    def end_in_the_middle_of_an_add(self):
        """Gives the vault's lock, on which the Add waits that the old agent was asked for before it was told to end."""
        lock = open(os.path.join(self.root, "home", ".local", "share", "hfauth", "vault.lock"), "rb")
        self.addCleanup(lock.close)
        fcntl.flock(lock, fcntl.LOCK_EX)
        idle, other = self.old.connect(), self.old.connect()
        self.client.send_add("bob")
        for _ in range(2):  # the second round of the loop comes after the one that took the Add
            self.assertIn("parameters", other.call("Status"))
        self.old.process.send_signal(signal.SIGTERM)
        self.assertIsNone(idle.reply())  # it is ending
        wait_until(lambda: not os.path.exists(self.old.path), "the end of the old agent's socket")
        return lock

    def profiles(self, agent):
        return [record["profile"] for record in agent.connect().call("List")["parameters"]["records"]]

    def test_a_request_in_flight_is_finished_and_answered(self):
        lock = self.end_in_the_middle_of_an_add()
        fcntl.flock(lock, fcntl.LOCK_UN)
        self.assertEqual(self.client.reply()["parameters"]["record"]["profile"], "bob")
        self.assertIsNone(self.client.reply())
        self.assertEqual(self.old.wait(), 0)
        self.assertEqual(self.profiles(self.start(store="vault")), ["alice", "bob"])

    def test_the_next_agent_may_begin_meanwhile_and_loses_nothing(self):
        lock = self.end_in_the_middle_of_an_add()
        new = self.start(store="vault")
        self.assertEqual(new.ready, "READY")
        fcntl.flock(lock, fcntl.LOCK_UN)
        self.assertEqual(self.client.reply()["parameters"]["record"]["profile"], "bob")
        self.assertEqual(self.old.wait(), 0)
        self.assertIn("parameters", new.connect().add("carol"))
        self.assertEqual(self.profiles(new), ["alice", "bob", "carol"])
        new.kill()
        last = self.start(store="vault")
        self.assertEqual(self.profiles(last), ["alice", "bob", "carol"])
        self.assertEqual(last.connect().call("GetToken", profile="bob")["parameters"]["token"], TOKEN)

    def test_a_call_after_the_end_was_ordered_is_not_begun(self):
        lock = self.end_in_the_middle_of_an_add()
        self.client.send_add("carol")
        fcntl.flock(lock, fcntl.LOCK_UN)
        self.assertEqual(self.client.reply()["parameters"]["record"]["profile"], "bob")
        self.assertIsNone(self.client.reply())
        self.assertEqual(self.old.wait(), 0)
        new = self.start(store="vault")
        self.assertEqual(self.profiles(new), ["alice", "bob"])
        self.assertEqual(new.connect().call("GetToken", profile="carol")["error"], AGENT + "NotFound")


class TwoAgents(Case):
    """Over one home, each with a runtime folder of its own: a login session and a container that shares the home."""

    def beside(self):
        runtime = os.path.join(self.root, "other")
        os.mkdir(runtime, 0o700)
        agent = self.start(store="vault", environment={"XDG_RUNTIME_DIR": runtime})
        agent.path = os.path.join(runtime, "hfauth", "agent.sock")
        return agent

    def test_each_sees_what_the_other_changes(self):
        first, second = self.start(store="vault").connect(), self.beside().connect()

        def token(client):
            answer = client.call("GetToken", profile="alice")
            return answer.get("error") or answer["parameters"]["token"]

        self.assertEqual(token(second), AGENT + "NotFound")
        first.add("alice")
        wait_until(lambda: token(second) == TOKEN, "the token that the other stored")
        other = TOKEN + "Rx"
        self.assertEqual(second.add("alice", token=other, replace=True)["parameters"]["record"]["generation"], 2)
        wait_until(lambda: token(first) == other, "the token that the other replaced")
        first.add("bob")
        first.call("SetDefault", profile="bob")
        wait_until(lambda: second.call("GetToken")["parameters"]["record"]["profile"] == "bob", "the other's default")
        second.call("Remove", profile="alice")
        wait_until(lambda: token(first) == AGENT + "NotFound", "the other's removal")

    def test_a_vault_that_became_unreadable_takes_no_token_out_of_memory(self):
        client = self.start(store="vault").connect()
        client.add("alice")
        folder = os.path.join(self.root, "home", ".local", "share", "hfauth")
        with open(os.path.join(folder, "vault"), "r+b") as vault:
            vault.truncate(100)
        wait_until(lambda: client.call("GetToken", profile="alice") and client.call("Status")["parameters"]["store_state"] != "ok",
                   "the damage in Status")
        self.assertEqual(client.call("GetToken", profile="alice")["parameters"]["token"], TOKEN)


if __name__ == "__main__":
    main()
