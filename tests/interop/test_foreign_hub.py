#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Hub that others wrote serves downloads to hfauth: PyPI `olah`, a mirror, with the stand-in behind it as its Hub.

olah answers other than the Hub: HEAD of a large file without a redirect, no X-Linked-* headers, no X-Request-Id, its own
redirect of a listing. (PyPI `hf-local-hub` 3.0.0 was tried too: the package has a client and no server.)
"""
import socket
import subprocess
import sys
import unittest

import cache_tree
from planted import Planted
from scratch import RunningHub, Scratch, installed

START_OLAH = "from olah.server import cli; cli()"
SENTENCE, TOKENS = "I am studying tokenization", ["I", "Ġam", "Ġstudying", "Ġtoken", "ization"]


def free_port():
    """olah wants to know its port beforehand."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Olah:
    """The mirror of `hub`, its files below `folder`. It keeps its log in `folder`/log."""

    def __init__(self, hub, user, folder):
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        folder.mkdir()
        options = {"host": "127.0.0.1", "port": port, "hf-scheme": "http", "hf-netloc": hub.endpoint.removeprefix("http://"),
                   "hf-lfs-netloc": hub.cdn.removeprefix("http://"), "mirror-netloc": f"127.0.0.1:{port}",
                   "repos-path": folder / "repos", "log-path": folder / "logs"}
        words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        self._log = (folder / "log").open("w")
        self.process = subprocess.Popen([PYTHON, "-c", START_OLAH, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, cwd=folder,
                                        env={**user.environment, "PYTHONPATH": installed("extra", "olah")})

    def __enter__(self):
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "running on" in line:
                # From now on somebody must read what it says, or it stops when the pipe is full.
                self._reader = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=self._log)
                return self
        raise AssertionError("olah did not start: " + "".join(said))

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()
        self._reader.wait(60)
        self._log.close()


class ForeignHub(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = cls.enterClassContext(RunningHub())
        host = cls.enterClassContext(Scratch())  # whose machine the mirror is
        cls.olah = cls.enterClassContext(Olah(cls.hub, host, host.folder / "olah"))

    def setUp(self):
        self.user = self.enterContext(Scratch(HF_ENDPOINT=self.olah.endpoint))
        self.cache = self.user.home / ".cache" / "huggingface" / "hub"

    def download(self, *words):
        return self.user.hfauth("download", *words).stdout.removesuffix("\n")

    def check_cache(self):
        self.assertEqual((cache_tree.left_over(self.cache), cache_tree.torn(self.cache)), ([], []))
        self.user.hfauth("cache", "verify")

    def test_a_repository_is_downloaded(self):
        folder = self.download("org/public")
        self.check_cache()
        snapshot = {path: entry for path, entry in cache_tree.tree_of(self.cache).items() if "/snapshots/" in path}
        # The same as from the Hub itself: names, commit, links to blobs.
        direct = self.user.folder / "direct"
        self.user.hfauth("download", "org/public", HF_ENDPOINT=self.hub.endpoint, HF_HUB_CACHE=str(direct))
        self.assertEqual(snapshot, {path: entry for path, entry in cache_tree.tree_of(direct).items() if "/snapshots/" in path})
        self.assertIn("/snapshots/", folder)

    def test_a_dataset_is_downloaded(self):
        self.download("org/data", "--type", "dataset")
        self.check_cache()

    def test_a_tokenizer_is_loaded(self):
        told = self.user.hfauth("tokenize", "-m", "microsoft/phi-4", SENTENCE).stdout
        self.assertEqual(told, f"{TOKENS}\n")
        self.check_cache()

    def test_what_is_missing_is_told(self):
        for words in (["org/absent"], ["org/public", "absent.json"], ["org/public", "--revision", "absent"]):
            with self.subTest(words=words):
                done = self.user.hfauth("download", *words, check=False)
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1), done.stderr)

    def test_a_private_repository_is_downloaded_with_the_token(self):
        token = self.hub.accounts["bob"]
        with Planted(self.user, self.hub, token):
            self.user.login(token)
            self.download("org/private")
        self.check_cache()


if __name__ == "__main__":
    PYTHON = installed("python")
    unittest.main(argv=[sys.argv[0], "-v", *sys.argv[1:]])
