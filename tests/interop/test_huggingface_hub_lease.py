#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real huggingface_hub takes its token from hfauth's lease: in Python, in its CLI, and no longer after a lock."""
import json
import shlex
import sys
import unittest
from pathlib import Path

from scratch import RunningHub, Scratch, installed, program

PRINT_TOKEN = "from huggingface_hub import get_token; print(get_token())"
PRINT_WHOAMI = "import huggingface_hub, json; print(json.dumps(huggingface_hub.whoami()['name']))"


class Lease(unittest.TestCase):
    def setUp(self):
        self.hub = self.enterContext(RunningHub())
        self.user = self.enterContext(Scratch(HF_ENDPOINT=self.hub.endpoint))
        self.token = self.hub.accounts["alice"]
        self.user.login(self.token)
        self.lease = self.opened_lease()

    def opened_lease(self):
        """The path in the `export HF_TOKEN_PATH=...` line of `hfauth env`, read as a shell reads it."""
        printed = self.user.hfauth("env").stdout
        shell = self.user.run("bash", "-c", f"{printed}\nprintf %s \"$HF_TOKEN_PATH\"").stdout
        self.assertTrue(shell, f"hfauth env set no HF_TOKEN_PATH: {printed!r}")
        self.assertNotIn(self.token, printed)
        return Path(shell)

    def python(self, code, **variables):
        return self.user.run(PYTHON, "-c", code, HF_TOKEN_PATH=str(self.lease), **variables).stdout.strip()

    def test_get_token_reads_the_lease(self):
        self.assertEqual(self.python(PRINT_TOKEN), self.token)
        self.assertEqual(json.loads(self.python(PRINT_WHOAMI)), "alice")

    def test_hf_auth_whoami_names_the_user(self):
        hf = Path(PYTHON).parent / "hf"
        told = self.user.run(hf, "auth", "whoami", "--format", "json", HF_TOKEN_PATH=str(self.lease)).stdout
        self.assertEqual(json.loads(told)["user"], "alice")

    def test_eval_in_a_shell_is_enough(self):
        script = f'eval "$({shlex.quote(HFAUTH)} env)" && exec {shlex.quote(PYTHON)} -c {shlex.quote(PRINT_TOKEN)}'
        self.assertEqual(self.user.run("bash", "-c", script).stdout.strip(), self.token)

    def test_lease_is_private_and_holds_the_bare_token(self):
        self.assertEqual(self.lease.read_text(), self.token)
        self.assertEqual(self.lease.stat().st_mode & 0o777, 0o600)
        self.assertTrue(self.lease.is_relative_to(self.user.runtime))

    def test_lock_takes_the_lease_away(self):
        self.user.hfauth("lock")
        self.assertFalse(self.lease.exists(), f"{self.lease} is still there after hfauth lock")
        self.assertEqual(self.python(PRINT_TOKEN), "None")

    def test_exec_passes_the_token_to_the_real_client(self):
        told = self.user.hfauth("exec", "--", PYTHON, "-c", PRINT_TOKEN, HF_TOKEN="hf_" + "other" * 6)
        self.assertEqual(told.stdout.strip(), self.token)

    def test_no_file_of_the_user_holds_the_token(self):
        kept = [path for path in self.user.home.rglob("*")
                if path.is_file() and self.token.encode() in path.read_bytes()]
        self.assertEqual(kept, [])


if __name__ == "__main__":
    PYTHON = installed("python")
    HFAUTH = program()
    unittest.main(argv=[sys.argv[0], "-v"])
