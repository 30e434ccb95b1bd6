#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One cache, two clients: what hfauth's lib/hub fills the real huggingface_hub finds, and the other way round."""
import os
import subprocess
import unittest
from pathlib import Path

from scratch import RunningHub, Scratch, installed

PROBE = Path(os.environ["HFAUTH_BUILD"]) / "tests" / "cache_probe"
FETCH = "import huggingface_hub as h, sys; print(h.hf_hub_download(*sys.argv[1:3]))"
FIND = "import huggingface_hub as h, sys; print(h.try_to_load_from_cache(*sys.argv[1:3]))"
SCAN = "import huggingface_hub as h; print([str(w) for w in h.scan_cache_dir().warnings])"


class SharedCache(unittest.TestCase):
    def setUp(self):
        self.hub = self.enterContext(RunningHub())
        self.token = self.hub.accounts["bob"]
        self.user = self.enterContext(Scratch(HF_ENDPOINT=self.hub.endpoint, HF_TOKEN=self.token,
                                              HF_HUB_DISABLE_XET="1"))
        self.cache = self.user.home / ".cache" / "huggingface" / "hub"

    def ours(self, action, repo, file):
        command = [PROBE, action, self.cache, self.hub.endpoint, repo, "main", file]
        return self.user.run(*command, stdin=self.token + "\n").stdout.strip()

    def theirs(self, code, *arguments, check=True):
        return self.user.run(PYTHON, "-c", code, *arguments, check=check).stdout.strip()

    def test_python_finds_what_we_fetched(self):
        for file in ("sub/folder/notes.txt", "weights.bin"):
            answer, _, path = self.ours("fetch", "org/private", file).partition(" ")
            self.assertEqual(answer, "hit")
            self.assertEqual(self.theirs(FIND, "org/private", file), path)
        self.assertEqual(self.theirs(SCAN), "[]")

    def test_we_find_what_python_fetched(self):
        for file in ("sub/folder/notes.txt", "weights.bin"):
            path = self.theirs(FETCH, "org/private", file)
            self.assertEqual(self.ours("find", "org/private", file), f"hit {path}")
            self.assertEqual(self.ours("fetch", "org/private", file), f"hit {path}")

    def test_both_remember_what_is_missing(self):
        self.assertEqual(self.ours("fetch", "org/private", "absent.json"), "error not_found")
        self.assertIn("object", self.theirs(FIND, "org/private", "absent.json"))  # _CACHED_NO_EXIST, not None
        self.theirs(FETCH, "org/public", "absent.json", check=False)
        self.assertEqual(self.ours("find", "org/public", "absent.json"), "known_missing")

    def test_both_at_once_download_once(self):
        arguments = ["microsoft/phi-4", "tokenizer.json"]
        ours = [PROBE, "fetch", self.cache, self.hub.endpoint, arguments[0], "main", arguments[1]]
        running = [subprocess.Popen([str(word) for word in (ours if number % 2 else [PYTHON, "-c", FETCH, *arguments])],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.user.environment)
                   for number in range(6)]
        told = [process.communicate(self.token + "\n", timeout=60)[0].strip().removeprefix("hit ") for process in running]
        self.assertEqual(len(set(told)), 1, told)
        self.assertGreater(Path(told[0]).stat().st_size, 1_000_000)
        fetched = [entry for entry in self.hub.log(self.hub.cdn) if entry["method"] == "GET"]
        self.assertEqual(len(fetched), 1, fetched)
        self.assertEqual(list(self.cache.rglob("*.incomplete")), [])


if __name__ == "__main__":
    PYTHON = installed("python")
    unittest.main(verbosity=2)
