#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
#
# The systemd files without a running systemd: systemd-analyze reads them, and the environment generator is run by hand.
"""Run by ctest with HFAUTH_SOURCE, HFAUTH_BUILD and HFAUTH_BIN."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.path.join(os.environ["HFAUTH_SOURCE"], "systemd")
BUILD = os.path.join(os.environ["HFAUTH_BUILD"], "systemd")

# What `systemd-analyze security` of systemd 252 gives the units, with a margin for other versions' rules.
MOST_EXPOSED = 1.5
MOST_EXPOSED_NET = 2.0  # it has the network
MOST_EXPOSED_PORTABLE = 6.5


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, **more)


class Units(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="hfauth-units-")
        self.addCleanup(shutil.rmtree, self.root)
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=self.root)
        shutil.copy(os.path.join(SOURCE, "hfauthd.socket"), self.root)
        shutil.copy(os.path.join(SOURCE, "hfauth-net.timer"), self.root)
        self.service = self.unit("hfauthd")

    def unit(self, program):
        """The unit of a program as it is installed, but with the program from the build tree."""
        with open(os.path.join(BUILD, program + ".service"), encoding="utf-8") as unit:
            text = unit.read()
        self.assertNotIn("@", re.sub(r"(?m)^(#|SystemCallFilter).*$", "", text), "an unexpanded variable")
        text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=" + os.path.join(os.environ["HFAUTH_BIN"], program), text)
        path = os.path.join(self.root, program + ".service")
        with open(path, "w", encoding="utf-8") as unit:
            unit.write(text)
        return path

    def exposure(self, service=None):
        told = run("systemd-analyze", "security", "--user", "--offline=yes", service or self.service, env=self.environment)
        found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", told.stdout)
        self.assertIsNotNone(found, told.stdout + told.stderr)
        return float(found.group(1))

    def test_systemd_has_nothing_to_say_against_them(self):
        told = run("systemd-analyze", "verify", "--user", "--man=no", self.service,
                   os.path.join(self.root, "hfauthd.socket"), env=self.environment)
        self.assertEqual((told.returncode, told.stderr), (0, ""))

    def test_the_service_is_as_closed_as_it_was(self):
        self.assertLessEqual(self.exposure(), MOST_EXPOSED)

    def test_the_refresh_has_the_network_and_little_else(self):
        service = self.unit("hfauth-net")
        told = run("systemd-analyze", "verify", "--user", "--man=no", service,
                   os.path.join(self.root, "hfauth-net.timer"), env=self.environment)
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        self.assertLessEqual(self.exposure(service), MOST_EXPOSED_NET)

    def test_the_portable_drop_in_keeps_what_needs_no_namespace(self):
        folder = self.service + ".d"
        os.mkdir(folder)
        shutil.copy(os.path.join(SOURCE, "hardening-portable.conf"), folder)
        with open(self.service, "a", encoding="utf-8") as unit:
            with open(os.path.join(SOURCE, "hardening-portable.conf"), encoding="utf-8") as drop_in:
                unit.write("\n" + drop_in.read())
        told = run("systemd-analyze", "verify", "--user", "--man=no", self.service, env=self.environment)
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        self.assertLessEqual(self.exposure(), MOST_EXPOSED_PORTABLE)

    def test_the_socket_is_where_the_agents_rule_says(self):
        with open(os.path.join(SOURCE, "hfauthd.socket"), encoding="utf-8") as unit:
            self.assertIn("ListenStream=%t/hfauth/agent.sock\n", unit.readlines())


class EnvironmentGenerator(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="hfauth-generator-")
        self.addCleanup(shutil.rmtree, self.home)

    def ask_for_it(self):
        os.makedirs(os.path.join(self.home, ".config", "hfauth"))
        with open(os.path.join(self.home, ".config", "hfauth", "default-lease"), "w", encoding="utf-8"):
            pass

    def generate(self, **variables):
        environment = {"HOME": self.home, "XDG_RUNTIME_DIR": "/run/user/1000", **variables}
        told = run(os.path.join(SOURCE, "50-hfauth"), env=environment)
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        return told.stdout

    def test_says_nothing_unless_the_user_asked(self):
        self.assertEqual(self.generate(), "")

    def test_names_the_default_lease(self):
        self.ask_for_it()
        self.assertEqual(self.generate(), "HF_TOKEN_PATH=/run/user/1000/hfauth/default/token\n")

    def test_gives_way_to_what_the_user_set(self):
        self.ask_for_it()
        self.assertEqual(self.generate(HF_TOKEN="x"), "")
        self.assertEqual(self.generate(HF_TOKEN_PATH="/elsewhere"), "")
        self.assertEqual(self.generate(XDG_RUNTIME_DIR=""), "")


if __name__ == "__main__":
    if shutil.which("systemd-analyze") is None:
        print("skipped: systemd-analyze is not installed")
        sys.exit(1 if os.environ.get("HFAUTH_REQUIRE_ALL") == "1" else 77)
    unittest.main()
