#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`hfauth cache` on caches that the real huggingface_hub filled: the current one, the last 1.x and the last 0.x.

The library's own scan_cache_dir() and `hf cache prune --dry-run` are the judges.
"""
import json
import unittest
from pathlib import Path

from scratch import RunningHub, Scratch, installed

VERSIONS = ("2.4.0", "1.33.0", "0.36.2")
FILL = """
import huggingface_hub as h
h.snapshot_download("org/public")
h.snapshot_download("org/public", revision="v1")
h.hf_hub_download("org/data", "sub/folder/notes.txt", repo_type="dataset")
h.snapshot_download("org/app", repo_type="space", allow_patterns=["*.json", "*.bin"])
assert h.__version__ == "{version}", h.__version__
"""
SCAN = """
import huggingface_hub as h, json
scan = h.scan_cache_dir()
print(json.dumps({
    "size": scan.size_on_disk, "warnings": [str(w) for w in scan.warnings],
    "repos": {f"{r.repo_type}/{r.repo_id}": {
        "size": r.size_on_disk, "files": r.nb_files, "path": str(r.repo_path),
        "revisions": {v.commit_hash: {"size": v.size_on_disk, "files": v.nb_files, "refs": sorted(v.refs)}
                      for v in r.revisions}} for r in scan.repos}}))
"""
SHARE = """
import sys
from huggingface_hub.utils import _shared_blobs
blob, cache = sys.argv[1:]
size = len(open(blob, "rb").read())
assert _shared_blobs.publish_blob_to_shared_store(blob_path=blob, xet_hash="ab" + "c" * 62, cache_dir=cache,
                                                  expected_size=size)
"""


class CacheCommands(unittest.TestCase):
    def setUp(self):
        self.hub = self.enterContext(RunningHub())
        self.user = self.enterContext(Scratch(HF_ENDPOINT=self.hub.endpoint, HF_HUB_DISABLE_XET="1",
                                              HF_TOKEN=self.hub.accounts["bob"]))
        self.cache = self.user.home / ".cache" / "huggingface" / "hub"

    def python(self, code, *arguments, version=VERSIONS[0], **variables):
        if version != VERSIONS[0]:
            variables["PYTHONPATH"] = FOLDERS[version]
        return self.user.run(PYTHON, "-c", code, *arguments, **variables).stdout

    def fill(self, version=VERSIONS[0], **variables):
        self.python(FILL.format(version=version), version=version, **variables)

    def ours(self, *arguments, status=0, **options):
        done = self.user.hfauth("cache", *arguments, "--json", check=False, **options)
        self.assertEqual(done.returncode, status, done.stderr + done.stdout)
        return json.loads(done.stdout)

    def theirs(self):
        return json.loads(self.python(SCAN))

    def assert_same_scan(self):
        theirs, ours = self.theirs(), self.ours("ls")
        self.assertEqual(theirs["warnings"], [])
        self.assertEqual(ours["size"], theirs["size"])
        told = {repo["id"]: {
            "size": repo["size"], "files": repo["files"], "path": repo["path"],
            "revisions": {revision["revision"]: {name: revision[name] for name in ("size", "files", "refs")}
                          for revision in repo["revisions"]}} for repo in ours["repos"]}
        self.assertEqual(told, theirs["repos"])
        self.assertGreaterEqual(len(told), 3)
        return ours

    def blob(self, size):
        """The one blob of org/public with so many bytes."""
        found, = (path for path in (self.cache / "models--org--public" / "blobs").iterdir() if path.stat().st_size == size)
        return found

    def test_caches_of_every_version_are_listed_and_verified(self):
        for version in VERSIONS:
            with self.subTest(version=version):
                self.fill(version)
                ours = self.assert_same_scan()
                self.assertTrue(all(repo["problems"] == [] for repo in ours["repos"]))
                self.assertTrue(self.ours("verify")["good"])
                self.user.run("rm", "-r", self.cache)

    def test_a_cache_of_copies_is_listed_and_verified(self):
        self.fill(HF_HUB_DISABLE_SYMLINKS="1")
        self.assertEqual([path for path in self.cache.rglob("*") if path.is_symlink()], [])
        self.assert_same_scan()
        self.assertTrue(self.ours("verify")["good"])

    def test_shared_content_is_counted_as_the_library_counts_it(self):
        self.fill()
        for repo in ("models--org--public", "spaces--org--app"):
            for blob in (self.cache / repo / "blobs").iterdir():
                if blob.stat().st_size == 16384:
                    self.python(SHARE, blob, self.cache)
                    self.assertTrue(blob.is_symlink())
        self.assert_same_scan()
        self.assertTrue(self.ours("verify")["good"])
        steps = [step["step"] for step in self.ours("why", "org/public", "weights.bin")["steps"]]
        self.assertIn("shared", steps)

    def test_verify_finds_a_flipped_bit_and_why_a_lost_blob(self):
        self.fill()
        blob = self.blob(16384)
        content = bytearray(blob.read_bytes())
        content[100] ^= 1
        blob.write_bytes(content)
        told = self.ours("verify", "org/public", status=1)
        findings = [finding for revision in told["revisions"] for finding in revision["findings"]]
        self.assertEqual([(finding["file"], finding["verdict"]) for finding in findings], [("weights.bin", "corrupt")])
        self.assertEqual(findings[0]["path"], str(blob))
        blob.unlink()
        self.assertEqual(self.ours("why", "org/public", "weights.bin", status=1)["cause"], "missing_blob")
        self.python('import huggingface_hub as h; h.hf_hub_download("org/public", "weights.bin")')
        self.assertTrue(self.ours("verify", "org/public")["good"])

    def test_offline_agrees_with_what_the_library_loads_without_network(self):
        self.fill()
        load = 'import huggingface_hub as h; h.snapshot_download("org/{}", repo_type="{}")'
        self.python(load.format("public", "model"), HF_HUB_OFFLINE="1")
        self.assertEqual(self.ours("offline", "org/public", "--offline")["readiness"], "complete")
        told = self.ours("offline", "space/org/app", "--offline", status=1)
        self.assertEqual(told["lacking"], [".gitattributes", "README.md", "sub/folder/notes.txt"])
        refused = self.user.run(PYTHON, "-c", load.format("app", "space"), check=False, HF_HUB_OFFLINE="1")
        self.assertIn("IncompleteSnapshot", refused.stderr)
        self.assertEqual(self.ours("offline", "dataset/org/data", "--offline", status=3)["readiness"], "unknown")
        self.assertEqual(self.ours("offline", "dataset/org/data", status=1)["readiness"], "incomplete")
        self.assertEqual(self.ours("offline", "org/gated", status=1)["readiness"], "not_cached")

    def hf_prune(self):
        return self.user.run(Path(PYTHON).with_name("hf"), "cache", "prune", "--dry-run").stdout

    def test_prune_takes_what_hf_calls_detached_and_leaves_a_cache_that_it_likes(self):
        self.fill()
        self.python(SHARE, self.blob(16384), self.cache)
        public = self.cache / "models--org--public"
        (public / "refs" / "main").unlink()
        (public / "blobs" / ("d" * 64 + ".0123abcd.incomplete")).write_bytes(b"x" * 1000)
        before = self.theirs()
        detached = {commit for repo in before["repos"].values() for commit, revision in repo["revisions"].items()
                    if not revision["refs"]}
        plan = self.ours("prune", "--dry-run")
        self.assertEqual({commit for repo in plan["repos"] for commit in repo["revisions"]}, detached)
        said = self.hf_prune()
        self.assertIn("1 unreferenced revision(s) and 1 incomplete download(s)", said)
        for commit in detached:
            self.assertIn(commit, said)
        self.assertIn(f"({plan['size'] / 1000:.1f}K total)", said)
        self.assertEqual(self.theirs(), before)

        removed = self.ours("prune", "--yes")["removed"]
        self.assertEqual((removed["revisions"], removed["incomplete"], removed["shared"]), (1, 1, 1))
        self.assertEqual(removed["failures"], [])
        self.assertEqual(removed["size"], plan["size"])
        self.assert_same_scan()
        self.assertEqual(self.theirs()["size"] + removed["size"], before["size"] + 1000)
        self.assertIn("Nothing to prune", self.hf_prune())
        self.assertTrue(self.ours("verify")["good"])


if __name__ == "__main__":
    PYTHON = installed("python")
    FOLDERS = {version: installed("hub", version) for version in VERSIONS[1:]}
    unittest.main(verbosity=2)
