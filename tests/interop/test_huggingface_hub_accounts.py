# SPDX-License-Identifier: Apache-2.0
"""The real `hf auth list/switch/whoami` and hfauth on the same tokens: exported by the one, read by the other, both ways.

Environment: HFAUTH_BIN, HFAUTH_BUILD, HFAUTH_SOURCE.
"""
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

BIN = pathlib.Path(os.environ["HFAUTH_BIN"])
SOURCE = pathlib.Path(os.environ["HFAUTH_SOURCE"])
sys.path.insert(0, str(SOURCE / "tests/support/hub"))
from client import RunningHub  # noqa: E402

DEADLINE_S = 120


def interpreter():
    made = subprocess.run(["bash", SOURCE / "tests/interop/venv.sh", "python"], stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode != 0:
        sys.exit(made.returncode)
    return pathlib.Path(made.stdout.strip())


class Accounts(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="hfauth-accounts-"))
        self.addCleanup(shutil.rmtree, self.home)
        (self.home / "run").mkdir(mode=0o700)
        self.hf_home = self.home / "hf"
        self.hf_home.mkdir()
        self.environment = {"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home / "run"),
                            "LANG": "C.UTF-8", "HFAUTH_STORE": "vault", "HF_ENDPOINT": HUB.endpoint,
                            "HF_HOME": str(self.hf_home), "HF_HUB_DISABLE_UPDATE_CHECK": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        self.addCleanup(self.hfauth, "shutdown", "-q")
        HUB.control(oauth="set", interval=0, auto="alice")

    def run_program(self, *words, given=""):
        return subprocess.run(words, env=self.environment, input=given, capture_output=True, text=True, timeout=DEADLINE_S,
                              check=False)

    def hfauth(self, *words, given=""):
        return self.run_program(BIN / "hfauth", *words, given=given)

    def hf(self, *words):
        return self.run_program(PYTHON.parent / "hf", "auth", *words)

    def good(self, result):
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def stored_by_python(self):
        code = ("from huggingface_hub.utils._auth import _read_stored_tokens_full as read\n"
                "for name, fields in read().items(): print(name, sorted(fields.items()))")
        return self.good(self.run_program(PYTHON, "-c", code))

    def rewritten_by_python(self):
        code = "from huggingface_hub.utils._auth import *\nfrom huggingface_hub.utils import _auth as a\n" \
               "a._save_stored_tokens_full(a._read_stored_tokens_full())"
        self.good(self.run_program(PYTHON, "-c", code))

    def test_hf_lists_switches_to_and_uses_what_hfauth_exports(self):
        self.good(self.hfauth("login", "--browser"))
        self.good(self.hfauth("login", "--token-stdin", "--name", "work", given=HUB.accounts["bob"]))
        file = self.hf_home / "stored_tokens"
        self.good(self.hfauth("export", "--output", str(file), "--yes"))
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        ours = file.read_bytes()
        listed = self.good(self.hf("list"))
        self.assertRegex(listed, r"oauth-alice\s+hf_\*\*\*\*")
        self.assertRegex(listed, r"work\s+hf_\*\*\*\*AAAA")
        self.assertIn("refresh_token", self.stored_by_python())
        for name, user in (("work", "bob"), ("oauth-alice", "alice")):
            self.good(self.hf("switch", "--token-name", name))
            self.assertIn(f"user={user}", self.good(self.run_program(PYTHON.parent / "hf", "auth", "whoami", "--format", "agent")))
            self.assertIn(user, self.good(self.hfauth("whoami", "--name", name, "--quiet")))
        self.rewritten_by_python()
        self.assertEqual(file.read_bytes(), ours, "Python writes the same tokens in other bytes")

    def test_hfauth_imports_what_hf_stored(self):
        self.good(self.hf("login", "--token", HUB.accounts["bob"]))
        self.good(self.run_program(PYTHON, "-c", "from huggingface_hub import interpreter_login as login; "
                                                 "login(skip_if_logged_in=False)"))
        named = [line.split()[0] for line in self.stored_by_python().splitlines()]
        self.assertEqual(len(named), 2, named)
        self.good(self.hfauth("import", "--remove-plain"))
        self.assertEqual(sorted(self.good(self.hfauth("list", "--quiet")).split()), sorted(named))
        active = self.good(self.hfauth("list", "--format", "agent"))
        self.assertIn("*\toauth-alice\t", active, "the active token of hf is not the default")
        self.assertEqual(self.good(self.hfauth("whoami", "--quiet")).strip(), "alice")
        left = self.hf("list")
        self.assertIn("No access tokens found", left.stdout + left.stderr)

    def test_a_round_trip_changes_no_byte(self):
        self.good(self.hf("login", "--token", HUB.accounts["bob"]))
        self.good(self.run_program(PYTHON, "-c", "from huggingface_hub import interpreter_login as login; "
                                                 "login(skip_if_logged_in=False)"))
        before = (self.hf_home / "stored_tokens").read_bytes()
        self.good(self.hfauth("import", "--remove-plain"))
        self.assertFalse((self.hf_home / "stored_tokens").exists())
        self.good(self.hfauth("export", "--output", str(self.hf_home / "stored_tokens"), "--yes"))
        self.assertEqual((self.hf_home / "stored_tokens").read_bytes(), before)


if __name__ == "__main__":
    PYTHON = interpreter()
    HUB = RunningHub()
    try:
        unittest.main()
    finally:
        HUB.stop()
