#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Varlink project's own Python client talks to hfauthd: it reads the interface from the agent, calls every method, and
gets the errors by their names; what the interface does not have is answered by the standard's errors."""
import os
import subprocess
import sys
import unittest

from scratch import Scratch, installed, program

sys.path.insert(0, installed("extra", "varlink"))
import varlink  # noqa: E402
from varlink.scanner import _Array, _Maybe, _Method, _Struct  # noqa: E402

AGENT = "org.hfauth.Agent"
STANDARD = "org.varlink.service"
TOKEN = "hf_" + "VarlinkToken" + "Qx" * 11
NEXT_TOKEN = "hf_" + "VarlinkNext" + "Zw" * 12
REFRESH = "made-up-refresh-" + "Rr" * 8

# What a client of a later version, or a mistaken one, may call. The agent serves other interfaces than this text says.
NOT_SERVED = f"""interface {AGENT}
method Fly() -> ()
method List(colour: string) -> ()
method GetToken(profile: int) -> ()
method Remove() -> ()
"""
ANOTHER_INTERFACE = "interface org.example.Other\nmethod Fly() -> ()\n"


def facts(profile, **more):
    return dict(profile=profile, endpoint="https://huggingface.co", kind="user", user="ada", role="read", display_name="Ada",
                scopes=[], orgs=[], token=TOKEN, **more)


class VarlinkClient(unittest.TestCase):
    def setUp(self):
        self.user = self.enterContext(Scratch(HFAUTH_STORE="memory"))
        read, write = os.pipe()
        self.agent = subprocess.Popen([program("hfauthd"), "--ready-fd", str(write)], env=self.user.environment,
                                      stderr=subprocess.DEVNULL, pass_fds=[write])
        self.addCleanup(self.end)
        os.close(write)
        with open(read, encoding="utf-8") as line:
            self.assertEqual(line.readline(), "READY\n")
        self.client = self.enterContext(varlink.Client(f"unix:{self.user.runtime}/hfauth/agent.sock"))
        self.connection = self.enterContext(self.client.open(AGENT))

    def end(self):
        self.agent.terminate()
        self.assertEqual(self.agent.wait(60), 0)

    def call(self, method, **parameters):
        """The reply, which has to have every member that the interface promises."""
        reply = getattr(self.connection, method)(**parameters)
        interface = self.client._interfaces[AGENT]
        self.assert_complete(interface, interface.get_method(method).out_type, reply, method)
        return reply

    def assert_complete(self, interface, kind, value, where):
        if isinstance(kind, _Maybe):
            kind = kind.element_type
        if hasattr(kind, "name"):  # a type by its name
            kind = interface.members[kind.name].type
        if isinstance(kind, _Array):
            for item in value:
                self.assert_complete(interface, kind.element_type, item, where + "[]")
        elif isinstance(kind, _Struct):
            for name, field in kind.fields.items():
                if name in value:
                    self.assert_complete(interface, field, value[name], f"{where}.{name}")
                else:
                    self.assertIsInstance(field, _Maybe, f"{where} lacks {name}")

    def assert_error(self, name, parameters, call, **arguments):
        with self.assertRaises(varlink.VarlinkError) as told:
            call(**arguments)
        self.assertEqual(told.exception.error(), name)
        for key, value in parameters.items():
            self.assertEqual(told.exception.parameters().get(key), value, told.exception)

    def test_info_names_the_service_and_its_interfaces(self):
        self.assertEqual(self.client.get_interfaces(), [STANDARD, AGENT])
        self.assertEqual((self.client.info["vendor"], self.client.info["product"]), ("hfauth", "hfauthd"))
        version = subprocess.run([program("hfauthd"), "--version"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(version, f"hfauthd {self.client.info['version']}\n")

    def test_the_interfaces_that_it_describes_are_the_ones_it_has(self):
        members = self.client.get_interface(AGENT).members
        methods = {name for name, member in members.items() if isinstance(member, _Method)}
        self.assertEqual(methods, {name.removeprefix("test_method_") for name in dir(self) if name.startswith("test_method_")}
                         | {"Lock", "Unlock", "CloseLease", "FinishRefresh", "AbandonRefresh", "Remove", "SetPassphrase", "Migrate"})
        self.assertEqual(set(self.client.get_interface(STANDARD).members),
                         {"GetInfo", "GetInterfaceDescription", "InterfaceNotFound", "MethodNotFound",
                          "MethodNotImplemented", "InvalidParameter"})

    def test_method_Status(self):
        self.call("List")  # answered when the store is open
        status = self.call("Status")
        self.assertEqual((status["pid"], status["store"], status["locked"]), (self.agent.pid, "memory", False))

    def test_method_Add(self):
        record = self.call("Add", **facts("ada", expires="2036-01-02T03:04:05Z", make_default=True))["record"]
        self.assertEqual((record["profile"], record["is_default"], record["expires"]), ("ada", True, "2036-01-02T03:04:05Z"))
        self.assert_error(f"{AGENT}.Conflict", {"profile": "ada"}, self.connection.Add, **facts("ada"))
        self.assertEqual(self.call("Add", **facts("ada", replace=True))["record"]["generation"], record["generation"] + 1)

    def test_method_List(self):
        self.assertEqual(self.call("List"), {"records": [], "routes": []})
        self.call("Add", **facts("ada"))
        self.call("Add", **facts("bob"))
        self.assertEqual([record["profile"] for record in self.call("List")["records"]], ["ada", "bob"])
        self.call("Remove", profile="ada")
        self.assertEqual([record["profile"] for record in self.call("List")["records"]], ["bob"])
        self.assert_error(f"{AGENT}.NotFound", {}, self.connection.Remove, profile="ada")

    def test_method_GetToken(self):
        self.assert_error(f"{AGENT}.NotFound", {}, self.connection.GetToken)
        self.call("Add", **facts("ada"))
        self.assertEqual(self.call("GetToken")["token"], TOKEN)
        self.assertEqual(self.call("GetToken", profile="ada")["record"]["user"], "ada")
        self.assert_error(f"{AGENT}.Denied", {}, self.connection.GetToken, profile="ada", endpoint="https://hub.example.org")
        self.call("Lock")
        self.assert_error(f"{AGENT}.Locked", {}, self.connection.GetToken)
        self.call("Unlock")
        self.call("Add", **facts("old", expires="2020-01-02T03:04:05Z"))
        self.assert_error(f"{AGENT}.Expired", {"profile": "old", "expired": "2020-01-02T03:04:05Z"},
                          self.connection.GetToken, profile="old")

    def test_method_SetDefault(self):
        for profile in ("ada", "bob", "carol"):
            self.call("Add", **facts(profile))
        self.assertTrue(self.call("SetDefault", profile="bob")["record"]["is_default"])
        self.assertEqual(self.call("GetToken")["record"]["profile"], "bob")
        self.call("Remove", profile="bob")
        self.assert_error(f"{AGENT}.Ambiguous", {"candidates": ["ada", "carol"]}, self.connection.GetToken)

    def test_method_OpenLease(self):
        self.call("Add", **facts("ada"))
        lease = self.call("OpenLease", profile="ada", seconds=60)["lease"]
        with open(lease["path"], encoding="utf-8") as file:
            self.assertEqual(file.read(), TOKEN)
        self.assertEqual(self.call("Status")["leases"], [lease])
        self.call("CloseLease", profile="ada")
        self.assert_error(f"{AGENT}.NotFound", {}, self.connection.CloseLease, profile="ada")

    def test_method_BeginRefresh(self):
        self.call("Add", **facts("ada", refresh=REFRESH, expires="2036-01-02T03:04:05Z"))
        self.assert_error(f"{AGENT}.NotDue", {"profile": "ada"}, self.connection.BeginRefresh, profile="ada")
        turn = self.call("BeginRefresh", profile="ada", force=True)
        self.assertEqual((turn["token"], turn["refresh"]), (TOKEN, REFRESH))
        with self.client.open(AGENT) as other:
            self.assert_error(f"{AGENT}.Busy", {}, other.BeginRefresh, profile="ada", force=True)
        generation = turn["record"]["generation"]
        self.call("FinishRefresh", profile="ada", generation=generation, token=NEXT_TOKEN, expires="2036-02-03T04:05:06Z")
        self.assertEqual(self.call("GetToken")["token"], NEXT_TOKEN)
        self.assert_error(f"{AGENT}.Conflict", {"profile": "ada"}, self.connection.FinishRefresh, profile="ada",
                          generation=generation, token=TOKEN)
        turn = self.call("BeginRefresh", profile="ada", force=True)
        self.call("AbandonRefresh", profile="ada", generation=turn["record"]["generation"], login_again=True)
        self.assertTrue(self.call("List")["records"][0]["login_again"])

    def test_method_SetRoute(self):
        for profile in ("ada", "bob"):
            self.call("Add", **facts(profile))
        self.call("SetRoute", repo="org/*", profile="bob")
        self.assertEqual(self.call("List")["routes"], [dict(repo="org/*", profile="bob", source="")])  # it leaves nulls out
        self.assertEqual(self.call("GetToken", repo="org/x")["record"]["profile"], "bob")
        self.assertEqual(self.call("GetToken", repo="else/x", write=True)["record"]["profile"], "ada")
        self.assert_error(f"{AGENT}.NotFound", {}, self.connection.SetRoute, repo="org/*", profile="nobody")
        self.call("SetRoute", repo="org/*")
        self.assert_error(f"{AGENT}.NotFound", {}, self.connection.SetRoute, repo="org/*")

    def test_method_Which(self):
        self.assertEqual(self.call("Which")["fault"], "NotFound")
        self.call("Add", **facts("ada"))
        told = self.call("Which", repo="org/x", repo_type="dataset")
        self.assertEqual((told["record"]["profile"], told["fault"], told["decision"]), ("ada", "", "allow"))
        self.assertEqual([step["outcome"] for step in told["steps"]], ["chosen"])
        self.assertNotIn(TOKEN, str(told))

    def test_method_Audit(self):
        self.call("Add", **facts("ada"))
        self.call("GetToken")
        entries = self.call("Audit")["entries"]
        self.assertEqual([(entry["event"], entry["profile"]) for entry in entries], [("Add", "ada"), ("GetToken", "ada")])
        self.assertEqual([entry["pid"] for entry in entries], [os.getpid()] * 2)
        replies = list(self.connection.Audit(since="2020-01-02T03:04:05Z", _more=True))
        self.assertEqual([len(reply["entries"]) for reply in replies], [2])
        self.assertEqual(self.call("Audit", since="2036-01-02T03:04:05Z"), {"entries": []})

    def test_method_Watch(self):
        self.assertEqual(self.call("Watch")["change"]["event"], "watching")
        with self.client.open(AGENT) as watcher:
            changes = watcher.Watch(_more=True)
            self.assertEqual(next(changes)["change"]["event"], "watching")
            self.call("Add", **facts("ada"))
            self.assertEqual([next(changes)["change"]["event"] for _ in range(2)], ["added", "default"])
            self.call("Lock")
            self.assertEqual(next(changes)["change"]["event"], "locked")

    def test_what_needs_a_vault_is_refused_where_there_is_none(self):
        self.assert_error(f"{AGENT}.StoreUnavailable", {"cause": "unsupported"}, self.connection.SetPassphrase, wanted="open")
        self.assert_error(f"{AGENT}.StoreUnavailable", {"cause": "usage"}, self.connection.Migrate, to="vault")

    def test_method_Shutdown(self):
        self.call("Shutdown")
        self.assertEqual(self.agent.wait(60), 0)

    def test_a_call_without_reply_and_one_that_would_take_more_replies(self):
        self.assertIsNone(self.connection.Lock(_oneway=True))
        replies = list(self.connection.Status(_more=True))
        self.assertEqual([reply["locked"] for reply in replies], [True])

    def test_what_is_not_there_is_refused_with_the_errors_of_the_standard(self):
        self.assert_error(f"{STANDARD}.InterfaceNotFound", {"interface": "org.example.Other"},
                          self.client.get_interface, interface_name="org.example.Other")
        with self.client.handler(varlink.Interface(NOT_SERVED), self.client.open_connection()) as mistaken:
            self.assert_error(f"{STANDARD}.MethodNotFound", {"method": f"{AGENT}.Fly"}, mistaken.Fly)
            self.assert_error(f"{STANDARD}.InvalidParameter", {"parameter": "colour"}, mistaken.List, colour="red")
            self.assert_error(f"{STANDARD}.InvalidParameter", {"parameter": "profile"}, mistaken.GetToken, profile=7)
            self.assert_error(f"{STANDARD}.InvalidParameter", {"parameter": "profile"}, mistaken.Remove)
        with self.client.handler(varlink.Interface(ANOTHER_INTERFACE), self.client.open_connection()) as mistaken:
            self.assert_error(f"{STANDARD}.InterfaceNotFound", {"interface": "org.example.Other"}, mistaken.Fly)

    def test_its_command_line_shows_and_calls(self):
        address = f"unix:{self.user.runtime}/hfauth/agent.sock"
        told = {words: self.user.run(sys.executable, "-m", "varlink.cli", *words, PYTHONPATH=installed("extra", "varlink")).stdout
                for words in (("info", address), ("help", f"{address}/{AGENT}"), ("call", f"{address}/{AGENT}.Status", "{}"))}
        shown, description, status = told.values()
        self.assertIn("Product: hfauthd", shown)
        self.assertIn("method GetToken(", description)
        self.assertIn('"store": "memory"', status)


if __name__ == "__main__":
    unittest.main()
