#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files of the stand-in: ids, redirects, ranges, revisions, compression."""
import gzip
import hashlib
import json
import sys
import unittest
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from with_hub import WithHub  # noqa: E402


class Files(WithHub):
    def test_small_file_carries_its_git_id(self):
        reply = self.hub.get("/org/public/resolve/main/config.json", account="alice")
        blob = b"blob %d\0" % len(reply.body) + reply.body
        self.assertEqual(reply.headers["ETag"], f'"{hashlib.sha1(blob).hexdigest()}"')
        self.assertEqual(reply.headers["X-Repo-Commit"], self.hub.get("/api/models/org/public").json["sha"])
        self.assertIsNone(reply.headers["X-HF-Warning"])

    def test_head_tells_the_length_of_get(self):
        target = "/microsoft/phi-4/resolve/main/tokenizer_config.json"
        head, get = self.hub.head(target), self.hub.get(target)
        self.assertEqual((head.body, int(head.headers["Content-Length"])), (b"", len(get.body)))

    def test_anonymous_file_requests_are_warned(self):
        warning = ("unauthenticated; Warning: You are sending unauthenticated requests to the HF Hub. Please set a HF_TOKEN"
                   " to enable higher rate limits and faster downloads.")
        self.assertEqual(self.hub.head("/org/public/resolve/main/config.json").headers["X-HF-Warning"], warning)
        self.assertIsNone(self.hub.get("/api/models/org/public").headers["X-HF-Warning"])

    def test_large_file_redirects_to_the_other_origin(self):
        head = self.hub.head("/microsoft/phi-4/resolve/main/tokenizer.json", account="alice")
        self.assertEqual(head.status, 302)
        location = urlsplit(head.headers["Location"])
        self.assertEqual(f"{location.scheme}://{location.netloc}", self.hub.cdn)
        self.assertNotEqual(location.hostname, urlsplit(self.hub.endpoint).hostname)
        file = self.hub.get(f"{location.path}?{location.query}", endpoint=self.hub.cdn)
        self.assertEqual(head.headers["X-Linked-Etag"], f'"{hashlib.sha256(file.body).hexdigest()}"')
        self.assertEqual(int(head.headers["X-Linked-Size"]), len(file.body))
        self.assertIn("Ġstudying", json.loads(file.body)["model"]["vocab"])

    def test_second_origin_refuses_and_records_a_credential(self):
        location = urlsplit(self.hub.head("/org/public/resolve/main/weights.bin").headers["Location"])
        target = f"{location.path}?{location.query}"
        self.assertEqual(self.hub.get(target, endpoint=self.hub.cdn, account="alice").status, 400)
        self.assertEqual([entry["who"] for entry in self.hub.log(self.hub.cdn)], ["leaked"])
        self.assertEqual(self.hub.get(location.path, endpoint=self.hub.cdn).status, 403)

    def test_ranges(self):
        target = "/org/public/resolve/main/config.json"
        whole = self.hub.get(target).body
        for spec, part in (("0-0", whole[:1]), ("5-", whole[5:]), ("-4", whole[-4:]), ("3-9999", whole[3:])):
            reply = self.hub.get(target, headers={"Range": f"bytes={spec}"})
            self.assertEqual((reply.status, reply.body), (206, part))
            start = len(whole) - len(part) if spec != "0-0" else 0
            self.assertEqual(reply.headers["Content-Range"], f"bytes {start}-{start + len(part) - 1}/{len(whole)}")
        beyond = self.hub.get(target, headers={"Range": f"bytes={len(whole)}-"})
        self.assertEqual((beyond.status, beyond.headers["Content-Range"]), (416, f"bytes */{len(whole)}"))

    def test_compresses_for_who_accepts_it(self):
        target = "/microsoft/phi-4/resolve/main/tokenizer_config.json"
        plain, packed = self.hub.get(target), self.hub.get(target, headers={"Accept-Encoding": "gzip"})
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertEqual(packed.headers["ETag"], f'W/{plain.headers["ETag"]}')

    def test_revisions_and_entries(self):
        self.assertEqual(self.hub.get("/org/public/resolve/v1/config.json").json["version"], 1)
        by_commit = self.hub.get("/api/models/org/public/revision/v1").json["sha"]
        self.assertEqual(self.hub.get(f"/org/public/resolve/{by_commit}/config.json").json["version"], 1)
        missing = self.hub.get("/org/public/resolve/main/no.json")
        self.refused(missing, 404, "Entry not found", "EntryNotFound")
        self.assertRegex(missing.headers["X-Repo-Commit"], "^[0-9a-f]{40}$")
        for target in ("/org/public/resolve/nope/config.json", "/api/models/org/public/revision/nope"):
            self.refused(self.hub.get(target), 404, "Invalid rev id: nope", "RevisionNotFound")

    def test_renamed_repository_redirects_relatively(self):
        for target in ("/org/old-name/resolve/main/config.json", "/api/models/org/old-name"):
            reply = self.hub.get(target, account="alice")
            self.assertEqual((reply.status, reply.headers["Location"]), (307, target.replace("old-name", "new-name")))
            self.assertEqual(self.hub.get(reply.headers["Location"], account="alice").status, 200)

    def test_tree_lists_folders_and_large_files(self):
        flat = {entry["path"]: entry for entry in self.hub.get("/api/models/org/public/tree/main").json}
        self.assertEqual((flat["sub"]["type"], flat["weights.bin"]["lfs"]["size"]), ("directory", 16384))
        deep = self.hub.get("/api/models/org/public/tree/main?recursive=True").json
        self.assertIn("sub/folder/notes.txt", [entry["path"] for entry in deep])
        self.refused(self.hub.get("/api/models/org/public/tree/main/nowhere"), 404,
                     'nowhere does not exist on "main"', "EntryNotFound")


if __name__ == "__main__":
    unittest.main()
