#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Hub stand-in against the recorded behaviour of huggingface.co: statuses, headers and texts, byte for byte."""
import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import build_phi4  # noqa: E402
import faults  # noqa: E402
from accounts import token_of  # noqa: E402
from client import PROGRAM, RunningHub  # noqa: E402
from with_hub import INVALID, WithHub  # noqa: E402


class Whoami(WithHub):
    def told(self, account):
        reply = self.hub.get("/api/whoami-v2", account=account)
        self.assertEqual(reply.status, 200)
        return reply.json

    def test_names_each_kind_of_account(self):
        self.assertEqual(self.told("alice")["auth"]["accessToken"]["role"], "read")
        self.assertEqual(self.told("bob")["auth"]["accessToken"]["role"], "write")
        self.assertEqual(self.told("bob")["orgs"][0]["roleInOrg"], "write")
        carol = self.told("carol")["auth"]["accessToken"]
        self.assertEqual(carol["role"], "fineGrained")
        self.assertIs(carol["fineGrained"]["canReadGatedRepos"], False)
        dave = self.told("dave")["auth"]
        self.assertEqual((dave["type"], dave["expiresAt"]), ("oauth", "2099-12-31T00:00:00.000Z"))
        self.assertNotIn("accessToken", dave)
        self.assertEqual((self.told("ci")["type"], self.told("acme")["type"]), ("app", "org"))

    def test_ordinary_tokens_tell_no_expiry(self):
        self.assertNotIn("expiresAt", self.told("alice")["auth"])

    def test_tokens_follow_the_documented_rule(self):
        self.assertEqual(self.hub.accounts, {name: token_of(name) for name in self.hub.accounts})
        self.assertRegex(self.hub.accounts["alice"], r"^hf_aliceA{29}$")
        self.assertRegex(self.hub.accounts["acme"], r"^api_org_acmeA{30}$")
        claims = self.hub.accounts["dave"].removeprefix("hf_oauth_").split(".")[1]
        self.assertEqual(json.loads(base64.urlsafe_b64decode(claims + "=="))["exp"], 4102358400)

    def test_refuses_whom_it_does_not_know(self):
        self.refused(self.hub.get("/api/whoami-v2"), 401, INVALID)
        self.refused(self.hub.get("/api/whoami-v2", account="eve"), 401, 'User Access Token "x" is expired')
        unknown = self.hub.get("/api/whoami-v2", headers={"Authorization": "Bearer hf_" + "Z" * 34})
        self.refused(unknown, 401, INVALID)
        self.assertEqual(unknown.json, {"error": INVALID})
        for malformed in ("Bearer ", "Bearer hf_a b", "Token x", 'Bearer "hf_x"'):
            reply = self.hub.get("/api/whoami-v2", headers={"Authorization": malformed})
            self.refused(reply, 401, "Invalid credentials in Authorization header")

    def test_accepts_the_token_as_basic_password(self):
        basic = base64.b64encode(f"hf_user:{token_of('bob')}".encode()).decode()
        reply = self.hub.get("/api/whoami-v2", headers={"Authorization": f"Basic {basic}"})
        self.assertEqual(reply.json["name"], "bob")

    def test_a_bad_bearer_is_refused_on_every_route(self):
        bad = {"Authorization": "Bearer hf_" + "Z" * 34}
        for target in ("/api/models/org/public", "/org/public/resolve/main/config.json", "/nowhere",
                       "/api/models/org/public/auth-check", "/api/models/org/public/tree/main"):
            self.refused(self.hub.get(target, headers=bad), 401, INVALID)

    def test_an_account_can_be_changed_and_revoked(self):
        self.hub.control(account="alice", patch={"auth": {"accessToken": {"role": "write"}}})
        self.assertEqual(self.told("alice")["auth"]["accessToken"]["role"], "write")
        self.hub.control(account="alice", refused=INVALID)
        self.refused(self.hub.get("/api/whoami-v2", account="alice"), 401, INVALID)
        self.hub.clear()
        self.assertEqual(self.told("alice")["auth"]["accessToken"]["role"], "read")


class ResolveCache(WithHub):
    options = ("--resolve-cache",)

    def test_small_files_take_a_relative_detour(self):
        first = self.hub.head("/org/private/resolve/main/config.json", account="bob")
        self.assertEqual((first.status, first.headers["Location"][:26]), (307, "/api/resolve-cache/models/"))
        second = self.hub.get(first.headers["Location"], account="bob")
        self.assertEqual(second.headers["ETag"], first.headers["X-Linked-Etag"])
        self.assertEqual(self.hub.get(first.headers["Location"]).status, 401)


class Process(unittest.TestCase):
    def test_ready_file_says_what_stdout_says(self):
        with tempfile.TemporaryDirectory() as folder:
            ready = Path(folder) / "ready.json"
            with RunningHub("--ready-file", str(ready), "--state", f"{folder}/state") as hub:
                self.assertEqual(json.loads(ready.read_text()), hub.ready)
                self.assertEqual(ready.stat().st_mode & 0o777, 0o600)
            self.assertEqual([path.name for path in Path(folder).iterdir() if path.name.endswith(".tmp")], [])

    def test_listens_on_ipv6_when_told(self):
        addresses = Path("/proc/net/if_inet6")
        if not addresses.exists() or f"{1:032x}" not in addresses.read_text():
            self.skipTest("no IPv6 on loopback here")
        with RunningHub("--ipv6") as hub:
            self.assertTrue(hub.endpoint.startswith("http://[::1]:"))
            self.assertEqual(hub.get("/api/whoami-v2", account="bob").json["name"], "bob")

    def test_help_tells_every_order(self):
        done = subprocess.run([sys.executable, str(PROGRAM), "--help"], stdout=subprocess.PIPE, text=True, check=True)
        for word in ("--certificate", "--unlimited", "bulk/many-N-SIZE", '{"policy"', '{"fault": "flood"', "slow_down", "alice"):
            self.assertIn(word, done.stdout)
        for kind in faults.KINDS:
            self.assertIn(f'{{"fault": "{kind}"', done.stdout)

    def test_on_a_terminal_it_says_how_to_go_on(self):
        master, terminal = os.openpty()
        process = subprocess.Popen([sys.executable, str(PROGRAM)], stdout=terminal, stderr=subprocess.PIPE, text=True)
        os.close(terminal)
        said = ""
        while "--help" not in said:
            line = process.stderr.readline()
            self.assertTrue(line, f"it ended after {said!r}")
            said += line
        self.assertRegex(said, r"export HF_ENDPOINT=http://127\.0\.0\.1:\d+\n")
        process.terminate()
        self.assertEqual(process.wait(20), 0)
        process.stderr.close()
        os.close(master)

    def test_ends_on_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process = subprocess.Popen([sys.executable, str(PROGRAM)], stdout=subprocess.PIPE, text=True)
            pid = json.loads(process.stdout.readline())["pid"]
            self.assertEqual(pid, process.pid)
            os.kill(pid, number)
            self.assertEqual(process.wait(20), 0)
            process.stdout.close()

    def test_a_signal_ends_it_while_its_input_is_open(self):
        process = subprocess.Popen([sys.executable, str(PROGRAM), "--until-stdin-closes"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stdout.readline()
        process.terminate()
        self.assertEqual((process.wait(20), process.stderr.read()), (0, ""))
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


class Phi4Asset(unittest.TestCase):
    """The committed files are what build_phi4.py says of phi-4; the ranks themselves need the npm package."""
    FOLDER = PROGRAM.parent / "assets" / "phi-4"

    def test_settings_are_the_builders(self):
        for name, built in (("tokenizer_config.json", build_phi4.tokenizer_config()), ("config.json", build_phi4.MODEL_CONFIG),
                            ("special_tokens_map.json", build_phi4.special_tokens_map())):
            self.assertEqual(build_phi4.differences(built, json.loads((self.FOLDER / name).read_text())), [])

    def test_tokenizer_is_rebuilt_from_its_own_vocabulary(self):
        """The merge list follows from the ranks alone, so the vocabulary must lead back to the same file."""
        stored = build_phi4.load_json(self.FOLDER / "tokenizer.json.xz")
        to_byte = {char: byte for byte, char in enumerate(build_phi4.byte_alphabet())}
        words = sorted(stored["model"]["vocab"], key=stored["model"]["vocab"].get)[:build_phi4.N_RANKS]
        rebuilt = build_phi4.tokenizer_json([bytes(to_byte[char] for char in word) for word in words])
        self.assertEqual(build_phi4.differences(rebuilt, stored), [])

    def test_comparison_sees_a_difference(self):
        self.assertEqual(build_phi4.differences({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}),
                         ["$.a[1].b: built 2, the other 3"])
        self.assertEqual(build_phi4.differences({"merges": ["a b"]}, {"merges": [["a", "b"]]}), [])


if __name__ == "__main__":
    unittest.main()
