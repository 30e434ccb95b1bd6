#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Listings of the stand-in page by page, repositories that a name or an order makes, Xet."""
import hashlib
import json
import re
import sys
import unittest
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from client import RunningHub  # noqa: E402
from content import PERIOD, Noise  # noqa: E402
from with_hub import INVALID, WithHub  # noqa: E402


def git_id(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Pages(WithHub):
    def pages(self, target, **options):
        """Every page of a listing, following Link: rel="next"."""
        pages = []
        while target:
            reply = self.hub.get(target, **options)
            self.assertEqual(reply.status, 200)
            pages.append(reply.json)
            link = re.fullmatch(r'<([^>]*)>; rel="next"', reply.headers["Link"] or "")
            self.assertTrue(link is None or link[1].startswith(f"{self.hub.endpoint}/api/"))
            target = link and link[1].removeprefix(self.hub.endpoint)
        return pages

    def test_pages_are_linked_and_together_are_the_whole(self):
        whole = self.hub.get("/api/models/org/public/tree/main?recursive=true&expand=false").json
        pages = self.pages("/api/models/org/public/tree/main?recursive=true&expand=false&limit=2")
        self.assertEqual([len(page) for page in pages], [2] * (len(whole) // 2) + [1] * (len(whole) % 2))
        self.assertEqual([entry for page in pages for entry in page], whole)

    def test_a_page_has_a_thousand_entries_at_most(self):
        pages = self.pages("/api/models/bulk/many-2500-10/tree/main?recursive=true&limit=5000")
        self.assertEqual([len(page) for page in pages], [1000, 1000, 503])
        paths = [entry["path"] for page in pages for entry in page]
        self.assertEqual(paths, sorted(paths))
        self.assertEqual((paths[0], paths[1], paths[-1]), ("part-0000", "part-0000/file-0000000.bin",
                                                            "part-0002/file-0002499.bin"))

    def test_expanded_pages_are_short_and_tell_commits(self):
        page = self.pages("/api/models/bulk/many-60-1/tree/main?recursive=true&expand=true")[0]
        self.assertEqual(len(page), 50)
        self.assertIn("lastCommit", page[1])

    def test_folders_of_many_files(self):
        tree = "/api/datasets/bulk/many-1500-1/tree/main"
        self.assertEqual([entry["path"] for entry in self.hub.get(tree).json], ["part-0000", "part-0001"])
        self.assertEqual(len(self.hub.get(f"{tree}/part-0001").json), 500)
        self.assertEqual(self.hub.get(f"{tree}/part-0002").headers["X-Error-Code"], "EntryNotFound")

    def test_paths_info_tells_files_and_folders(self):
        for repo, names in (("org/public", ["weights.bin", "sub", "nowhere"]),
                            ("bulk/many-2-1", ["part-0000/file-0000001.bin", "part-0000", "part-0001"])):
            reply = self.hub.request("POST", f"/api/models/{repo}/paths-info/main", body=json.dumps({"paths": names}),
                                     headers={"Content-Type": "application/json"})
            self.assertEqual([(entry["path"], entry["type"]) for entry in reply.json],
                             [(names[0], "file"), (names[1], "directory")])

    def test_foreign_cursors_are_refused(self):
        for cursor in ("x", "e30=", "W10="):
            self.assertEqual(self.hub.get(f"/api/models/org/public/tree/main?cursor={cursor}").status, 400)

    def test_listing_says_which_files_are_large(self):
        entries = {entry["path"]: entry for entry in self.hub.get("/api/models/org/xet/tree/main?recursive=true").json}
        lfs = entries["weights.bin"]["lfs"]
        self.assertEqual((lfs["size"], len(lfs["oid"])), (16384, 64))
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{lfs['oid']}\nsize 16384\n".encode()
        self.assertEqual((lfs["pointerSize"], entries["weights.bin"]["oid"]), (len(pointer), git_id(pointer)))
        self.assertRegex(entries["model.bin"]["xetHash"], "^[0-9a-f]{64}$")
        self.assertNotIn("xetHash", entries["weights.bin"])
        self.assertNotIn("lfs", entries["config.json"])

    def test_a_long_page_is_streamed(self):
        self.hub.control(page_size=20000)
        reply = self.hub.get("/api/models/bulk/many-1M-0/tree/main?recursive=true")
        self.assertEqual((reply.headers["Transfer-Encoding"], len(reply.json)), ("chunked", 20000))
        self.assertIn('rel="next"', reply.headers["Link"])


class MadeUp(WithHub):
    def test_many_files_have_true_ids(self):
        seen = set()
        entries = self.hub.get("/api/models/bulk/many-3-20K/tree/main?recursive=true").json[1:]
        for entry in entries:
            reply = self.hub.get(f"/bulk/many-3-20K/resolve/main/{entry['path']}", headers={"Accept-Encoding": "gzip"})
            self.assertEqual((len(reply.body), git_id(reply.body)), (20000, entry["oid"]))
            self.assertEqual(reply.headers["ETag"], f'"{entry["oid"]}"')
            seen.add(reply.body)
        self.assertEqual(len(seen), 3)
        for path in ("part-0000/file-0000003.bin", "part-0001/file-0000000.bin", "file-0000000.bin"):
            self.assertEqual(self.hub.get(f"/bulk/many-3-20K/resolve/main/{path}").headers["X-Error-Code"], "EntryNotFound")

    def large(self, repo, path="model.bin", **headers):
        head = self.hub.head(f"/{repo}/resolve/main/{path}")
        self.assertEqual(head.status, 302)
        location = urlsplit(head.headers["Location"])
        return head, self.hub.get(f"{location.path}?{location.query}", endpoint=self.hub.cdn, headers=headers)

    def test_a_big_file_is_noise_with_its_true_id(self):
        head, whole = self.large("bulk/big-5Mi")
        self.assertEqual(len(whole.body), 5 << 20)
        self.assertEqual(head.headers["X-Linked-Etag"], f'"{hashlib.sha256(whole.body).hexdigest()}"')
        for start, stop in ((0, 1), (PERIOD - 1, PERIOD + 1), (3 * PERIOD, 5 << 20)):
            _, part = self.large("bulk/big-5Mi", Range=f"bytes={start}-{stop - 1}")
            self.assertEqual((part.status, part.body == whole.body[start:stop]), (206, True))
        self.assertNotEqual(whole.body[:1 << 20], whole.body[1 << 20:2 << 20])

    def test_many_large_files(self):
        head, reply = self.large("bulk/lfs-2-1000", "part-0000/file-0000001.bin")
        self.assertEqual(head.headers["X-Linked-Etag"], f'"{hashlib.sha256(reply.body).hexdigest()}"')

    def test_what_no_name_means_is_not_found(self):
        for repo in ("bulk/many-1", "bulk/big-1000T", "bulk/many-99999999-1", "bulk/other-1", "other/big-1"):
            self.assertEqual(self.hub.get(f"/api/models/{repo}", account="alice").headers["X-Error-Code"], "RepoNotFound")

    def test_an_enormous_file_costs_nothing(self):
        head = self.hub.head("/bulk/big-1000G/resolve/main/model.bin")
        self.assertEqual(head.headers["X-Linked-Size"], str(10**12))

    def test_noise_is_the_same_wherever_it_is_cut(self):
        whole = bytes(Noise(3 * PERIOD))
        self.assertEqual(bytes(Noise(3 * PERIOD)[PERIOD - 3:PERIOD + 3]), whole[PERIOD - 3:PERIOD + 3])
        self.assertEqual(sum(count for _, _, count in Noise(50 << 20, 12345).regions()), 50 << 20)


class Ordered(WithHub):
    def test_repositories_are_made_to_order(self):
        files = {"a.txt": "one\n", "../../evil": "x", "deep/b.bin": {"noise": 2000, "lfs": True},
                 "forged.txt": {"text": "content", "id": "../../../etc/passwd"}, "c.bin": {"base64": "AAEC", "xet": True}}
        commit = self.hub.control(repo={"id": "new/one", "files": files, "private": False})["commits"]["main"]
        self.assertEqual(self.hub.get("/api/models/new/one").json["sha"], commit)
        self.assertIn("../../evil", [entry["path"] for entry in
                                     self.hub.get("/api/models/new/one/tree/main?recursive=true").json])
        forged = self.hub.get("/new/one/resolve/main/forged.txt")
        self.assertEqual((forged.headers["ETag"], forged.body), ('"../../../etc/passwd"', b"content"))
        self.assertEqual(self.hub.get("/new/one/resolve/main/a.txt").headers["ETag"], f'"{git_id(b"one" + bytes([10]))}"')
        self.assertEqual(self.hub.head("/new/one/resolve/main/deep/b.bin").headers["X-Linked-Size"], "2000")
        changed = self.hub.control(repo={"id": "new/one", "files": {"a.txt": "two\n"}})["commits"]["main"]
        self.assertNotEqual(changed, commit)
        self.hub.clear()
        self.assertEqual(self.hub.get("/api/models/new/one", account="bob").status, 404)

    def test_private_and_gated_ones_too(self):
        self.hub.control(repo={"id": "alice/secret", "kind": "dataset", "private": True, "files": {"a": "b"}})
        target = "/datasets/alice/secret/resolve/main/a"
        self.assertEqual(self.hub.get(target, account="alice").text, "b")
        self.refused(self.hub.get(target), 401, INVALID)
        self.hub.control(repo={"id": "org/door", "gated": "auto", "files": {"a": "b"}, "tags": {"v1": {"a": "old"}}})
        self.assertEqual(self.hub.get("/org/door/resolve/v1/a", account="alice").headers["X-Error-Code"], "GatedRepo")

    def test_nonsense_is_refused(self):
        for order in ({"id": "no-slash"}, {"id": "a/b", "kind": "no-such"}, {"id": "a/b", "files": {"x": {"base64": "!"}}}, {}):
            with self.assertRaises(ValueError):
                self.hub.control(repo=order)


class Xet(WithHub):
    def test_files_tell_their_place_in_xet_storage(self):
        head = self.hub.head("/org/xet/resolve/main/model.bin")
        self.assertEqual(head.status, 302)
        self.assertRegex(head.headers["X-Xet-Hash"], "^[0-9a-f]{64}$")
        commit = head.headers["X-Repo-Commit"]
        route = f"/api/models/org/xet/xet-read-token/{commit}"
        self.assertEqual(head.headers["X-Xet-Refresh-Route"], route)
        self.assertIn(f'<{self.hub.endpoint}{route}>; rel="xet-auth"', head.headers["Link"])
        self.assertIsNone(self.hub.head("/org/xet/resolve/main/weights.bin").headers["X-Xet-Hash"])

    def test_gives_a_token_for_it(self):
        reply = self.hub.get("/api/models/org/xet/xet-read-token/main", account="alice")
        told = {"casUrl": reply.headers["X-Xet-Cas-Url"], "accessToken": reply.headers["X-Xet-Access-Token"],
                "exp": int(reply.headers["X-Xet-Token-Expiration"])}
        self.assertEqual(reply.json, told)
        self.assertTrue(told["casUrl"].startswith(self.hub.cdn))
        cas = urlsplit(told["casUrl"])
        own = self.hub.get(f"{cas.path}/x", endpoint=self.hub.cdn, headers={"Authorization": f"Bearer {told['accessToken']}"})
        self.assertEqual(own.status, 503)
        self.hub.get(f"{cas.path}/x", endpoint=self.hub.cdn, account="alice")
        self.assertEqual([entry["who"] for entry in self.hub.log(self.hub.cdn)], ["xet", "leaked"])
        self.assertEqual(self.hub.get("/api/models/org/gated/xet-read-token/main", account="alice").headers["X-Error-Code"],
                         "GatedRepo")


class Unlimited(unittest.TestCase):
    def test_quotas_are_there_but_never_used_up(self):
        with RunningHub("--unlimited") as hub:
            hub.clear()
            reply = hub.get("/api/models/org/public")
            self.assertIn("q=1000000000", reply.headers["RateLimit-Policy"])
            self.assertEqual(json.loads(reply.body)["id"], "org/public")


if __name__ == "__main__":
    unittest.main()
