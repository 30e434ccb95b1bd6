#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""As test_resolver_differential.py, with thousands of generated states for the releases at which the rules changed: each
release has its share of them, or all of them with HFAUTH_RESOLVER_ALL=1 (25,000 comparisons, four minutes of two cores).
"""
import os
import sys
import unittest

from resolver_generator import generated
from scratch import HERE, Scratch, installed
from test_resolver_differential import Comparison, probe

# The last before a change and the first after it, and the newest of 1.x and 2.x.
VERSIONS = ("0.16.4", "0.19.4", "0.20.3", "0.36.2", "1.9.0", "1.18.0", "1.19.0", "1.20.1", "1.33.0", "2.4.0")
N_GENERATED = 4000
N_FOR_EACH = 2500


class Generated(Comparison):
    def check(self, version):
        if os.environ.get("HFAUTH_RESOLVER_ALL") == "1":
            states = generated(N_FOR_EACH)
        else:
            states = generated(N_GENERATED)[VERSIONS.index(version)::len(VERSIONS)]
        with Scratch() as user:
            theirs = self.answers([installed("python"), str(HERE / "resolver_client.py"), "many"], self.requests(user, "theirs", version, states),
                                  PYTHONPATH=installed("hub", version))
            mine = self.answers([probe()], [request | {"version": version}
                                          for request in self.requests(user, "mine", version, states)])
        different = []
        for state, real, ours in zip(states, theirs, mine, strict=True):
            same = (ours["raises"], ours["token"]) == (real["raises"] is not None, real["token"] or None)
            if same and "sent" in real:
                same = (ours["token"] if ours["sent_by_default"] else None) == real["sent"]
            if not same:
                different.append(f"{state}\n  ours {ours}\n  the client {self.told(real)} {real}")
        self.assertEqual(len(different), 0, f"{len(different)} of {len(states)} differ, the first:\n" + "\n".join(different[:3]))
        self.assertGreater(len({real["token"] for real in theirs}), 20, "the states must differ in what they yield")


def add_version(version):
    def test(self):
        self.check(version)
    setattr(Generated, f"test_huggingface_hub_{version.replace('.', '_')}", test)


for known in VERSIONS:
    add_version(known)

if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
