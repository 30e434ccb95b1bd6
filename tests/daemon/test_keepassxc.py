#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# The agent with KeePassXC as the keyring (tests/support/with_keepassxc.sh): what it stores, finds again, replaces and
# removes there, and what Status says of it.
"""Run by ctest with HFAUTH_BIN, inside with_keepassxc.sh."""

import os
import signal
import subprocess

from running_agent import TOKEN, Case, main, wait_until

BUS = {"DBUS_SESSION_BUS_ADDRESS": os.environ["DBUS_SESSION_BUS_ADDRESS"]}
OTHER = TOKEN + "Rx"


def items():
    """How many items of ours the provider has."""
    told = subprocess.run(["gdbus", "call", "--session", "-d", "org.freedesktop.secrets", "-o", "/org/freedesktop/secrets", "-m",
                           "org.freedesktop.Secret.Service.SearchItems", "{'hfauth': '1'}"], capture_output=True, text=True, check=True)
    return told.stdout.count("/org/freedesktop/secrets/collection/")


class KeePassXC(Case):
    def agent(self):
        return self.start(store="secret-service", environment=BUS)

    def tearDown(self):
        self.agents[-1].connect().call("Remove", profile="alice")
        super().tearDown()

    def test_a_token_is_stored_found_by_the_next_agent_replaced_and_removed(self):
        first = self.agent()
        self.assertIn("parameters", first.connect().add("alice"))
        first.kill()
        client = self.agent().connect()
        self.assertEqual(client.call("GetToken", profile="alice")["parameters"]["token"], TOKEN)
        self.assertEqual(client.add("alice", token=OTHER, replace=True)["parameters"]["record"]["generation"], 2)
        self.assertEqual(items(), 1)
        self.agents[-1].kill()
        last = self.agent().connect()
        self.assertEqual(last.call("GetToken", profile="alice")["parameters"]["token"], OTHER)
        self.assertEqual(last.call("Remove", profile="alice"), {"parameters": {}})
        self.assertEqual(items(), 0)

    def test_status_names_it_and_says_when_it_is_frozen(self):
        client = self.agent().connect()
        client.add("alice")
        status = client.call("Status")["parameters"]
        self.assertIn("keepassxc", status["store_place"])
        self.assertEqual(status["store_state"], "ok")
        owner = subprocess.run(["gdbus", "call", "--session", "-d", "org.freedesktop.DBus", "-o", "/", "-m",
                                "org.freedesktop.DBus.GetConnectionUnixProcessID", "org.freedesktop.secrets"], capture_output=True,
                               text=True, check=True).stdout
        pid = int("".join(filter(str.isdigit, owner.replace("uint32", ""))))
        os.kill(pid, signal.SIGSTOP)
        try:
            wait_until(lambda: client.call("Status")["parameters"]["store_state"] != "ok", "a state that is not ok")
            self.assertEqual(client.call("GetToken", profile="alice")["parameters"]["token"], TOKEN)
        finally:
            os.kill(pid, signal.SIGCONT)
        wait_until(lambda: client.call("Status")["parameters"]["store_state"] == "ok", "ok")


if __name__ == "__main__":
    main()
