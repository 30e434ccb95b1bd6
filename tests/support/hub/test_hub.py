#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Hub stand-in against the recorded behaviour of huggingface.co: statuses, headers and texts, byte for byte."""
import base64
import concurrent.futures
import gzip
import hashlib
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
import build_phi4  # noqa: E402
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


class Access(WithHub):
    RESTRICTED = "Access to model org/gated is restricted"

    def both(self, repo, account, status, text, code):
        """A repository's auth-check and one of its files give the same refusal, as JSON and as text."""
        check = self.hub.get(f"/api/models/{repo}/auth-check", account=account)
        self.refused(check, status, text, code)
        self.assertEqual(check.json, {"error": text})
        file = self.hub.get(f"/{repo}/resolve/main/config.json", account=account)
        self.refused(file, status, text, code)
        self.assertEqual(file.text, text)

    def test_gates_say_why(self):
        wait = "Your request to access model org/gated-pending is awaiting a review from the repo authors."
        rejected = "Your request to access model org/gated-rejected has been rejected by the repo's authors."
        reset = ("Your request to access model org/gated-reset has been reset by the repo's authors. Visit"
                 " https://huggingface.co/org/gated-reset to submit a new request.")
        self.both("org/gated", None, 401, f"{self.RESTRICTED}. You must have access to it and be authenticated to access it."
                  " Please log in.", "GatedRepo")
        self.both("org/gated", "alice", 403, f"{self.RESTRICTED} and you are not in the authorized list. Visit"
                  " https://huggingface.co/org/gated to ask for access.", "GatedRepo")
        self.both("org/gated-pending", "alice", 403, wait, "GatedRepo")
        self.both("org/gated-rejected", "alice", 403, rejected, "GatedRepo")
        self.both("org/gated-reset", "alice", 403, reset, "GatedRepo")
        self.both("org/gated", "carol", 403, "Please enable access to public gated repositories in your fine-grained token"
                  " settings to view this repository.", None)
        self.assertEqual(self.hub.get("/org/gated/resolve/main/config.json", account="bob").status, 200)

    def test_a_gated_dataset_is_called_a_dataset(self):
        text = ("Access to dataset org/gated-data is restricted and you are not in the authorized list. Visit"
                " https://huggingface.co/datasets/org/gated-data to ask for access.")
        self.refused(self.hub.get("/datasets/org/gated-data/resolve/main/config.json", account="alice"), 403, text,
                     "GatedRepo")

    def test_a_gate_opens_when_the_authors_accept(self):
        self.hub.control(gate={"repo": "org/gated-pending", "account": "alice", "state": "accepted"})
        self.assertEqual(self.hub.get("/api/models/org/gated-pending/auth-check", account="alice").text, "OK")
        self.hub.control(gate={"repo": "org/gated-pending", "account": "alice", "state": "pending"})

    def test_gated_repositories_show_their_description_to_all(self):
        info = self.hub.get("/api/models/org/gated").json
        self.assertEqual((info["gated"], info["private"], info["disabled"]), ("manual", False, False))
        self.assertEqual(self.hub.get("/org/gated/resolve/main/README.md").status, 200)
        self.assertEqual(set(self.hub.get("/api/models/org/gated?expand[]=gated").json), {"_id", "id", "gated"})

    def test_private_looks_like_missing(self):
        for repo in ("org/private", "org/no-such"):
            self.both(repo, None, 401, INVALID, None)
            self.both(repo, "alice", 404, "Repository not found", "RepoNotFound")
        self.assertEqual(self.hub.get("/api/models/org/private/auth-check", account="bob").text, "OK")

    def test_disabled_is_disabled_for_all(self):
        self.both("org/disabled", "bob", 403, "Access to this resource is disabled.", None)

    def test_write_check_needs_a_write_token(self):
        target = "/api/models/org/public/auth-check/write"
        self.assertEqual(self.hub.get(target, account="bob").text, "OK")
        self.assertEqual(self.hub.get(target, account="ci").text, "OK")
        self.refused(self.hub.get(target), 401, INVALID)
        self.refused(self.hub.get(target, account="alice"), 403,
                     "You have read access but not the required permissions for this operation")


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


class Limits(WithHub):
    def test_every_response_tells_the_window(self):
        for target, bucket, quota in (("/api/models/org/public", "api", 500), ("/nowhere", "pages", 100),
                                      ("/org/public/resolve/main/config.json", "resolvers", 3000)):
            headers = self.hub.get(target).headers
            self.assertRegex(headers["RateLimit"], rf'^"{bucket}";r={quota - 1};t=\d+$')
            self.assertEqual(headers["RateLimit-Policy"], f'"fixed window";"{bucket}";q={quota};w=300')
        signed_in = self.hub.get("/api/whoami-v2", account="alice").headers
        self.assertIn("q=1000", signed_in["RateLimit-Policy"])

    def test_a_used_up_quota_is_429(self):
        self.hub.control(quota={"api": 1})
        self.assertEqual(self.hub.get("/api/whoami-v2", account="alice").status, 200)
        reply = self.hub.get("/api/whoami-v2", account="alice")
        self.assertEqual(reply.status, 429)
        self.assertTrue(reply.json["error"].startswith("We had to rate limit you, you hit the quota of 1 api requests"))
        self.assertRegex(reply.headers["RateLimit"], r'^"api";r=0;t=\d+$')
        self.assertEqual(self.hub.get("/api/models/org/public").status, 200)  # another account's window
        anonymous = self.hub.get("/api/models/org/public")
        self.assertTrue(anonymous.json["error"].startswith("We had to rate limit your IP (127.0.0.1)."))


class FaultsAndLog(WithHub):
    def test_status_fault_answers_as_told_and_wears_off(self):
        self.hub.control(fault="status", path="/api/whoami-v2", status=429, headers={"Retry-After": "7"},
                         body={"error": "slow down"}, times=1)
        reply = self.hub.get("/api/whoami-v2", account="alice")
        self.assertEqual((reply.status, reply.headers["Retry-After"], reply.json), (429, "7", {"error": "slow down"}))
        self.assertEqual(self.hub.get("/api/whoami-v2", account="alice").status, 200)

    def test_cut_and_wrong_length_break_the_body(self):
        for order in ({"fault": "cut", "after": 10}, {"fault": "wrong_length", "delta": 5}):
            self.hub.control(path="/org/public", **order)
            with self.assertRaises(http.client.IncompleteRead):
                self.hub.get("/org/public/resolve/main/config.json")
            self.hub.clear()
        whole = self.hub.get("/org/public/resolve/main/config.json").body
        self.hub.control(fault="wrong_length", path="/org/public", delta=-1)
        self.assertEqual(self.hub.get("/org/public/resolve/main/config.json").body, whole[:-1])

    def test_second_origin_can_fail_alone(self):
        self.hub.control(fault="status", origin="cdn", path="/repos/", status=503)
        location = urlsplit(self.hub.head("/org/public/resolve/main/weights.bin").headers["Location"])
        self.assertEqual(self.hub.get(f"{location.path}?{location.query}", endpoint=self.hub.cdn).status, 503)

    def test_reset_and_portal(self):
        self.hub.control(fault="reset", path="/api/", times=1)
        with self.assertRaises((ConnectionError, http.client.RemoteDisconnected)):
            self.hub.get("/api/whoami-v2")
        self.hub.control(fault="html", path="/api/")
        reply = self.hub.get("/api/whoami-v2", account="alice")
        self.assertEqual((reply.status, reply.headers.get_content_type()), (200, "text/html"))
        self.assertIsNone(reply.headers["X-Request-Id"])

    def test_hang_ends_when_faults_are_cleared(self):
        self.hub.control(fault="hang", path="/api/")
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.hub.get, "/api/whoami-v2")
            while not any(entry.get("fault") == "hang" for entry in self.hub.log()):
                self.assertFalse(waiting.done())
            self.hub.clear()
            with self.assertRaises((ConnectionError, http.client.RemoteDisconnected)):
                waiting.result(20)

    def test_unknown_orders_are_refused(self):
        for order in ({"fault": "no-such"}, {"account": "nobody"}, {}, {"gate": {}}):
            with self.assertRaises(ValueError):
                self.hub.control(**order)

    def test_log_names_accounts_and_no_token(self):
        self.hub.get("/api/whoami-v2", account="bob")
        self.hub.get(f"/org/public?token={token_of('alice')}", headers={"Authorization": "Bearer hf_wrong"})
        self.hub.get("/api/models/org/public")
        log = self.hub.log()
        self.assertEqual([(e["who"], e["authorization"]) for e in log],
                         [("bob", True), ("bad", True), ("anonymous", False)])
        self.assertEqual(log[0]["host"], urlsplit(self.hub.endpoint).netloc)
        self.assertNotIn("AAAA", json.dumps(log))

    def test_keeps_connections_alive_and_serves_many(self):
        connection = self.hub.connect()
        for _ in range(3):
            connection.request("GET", "/api/models/org/public")
            self.assertEqual(connection.getresponse().read()[:1], b"{")
            self.assertIsNotNone(connection.sock)
        connection.close()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(lambda _: self.hub.get("/api/models/org/public").status, range(64)))
        self.assertEqual(statuses, [200] * 64)


class ResolveCache(WithHub):
    options = ("--resolve-cache",)

    def test_small_files_take_a_relative_detour(self):
        first = self.hub.head("/org/private/resolve/main/config.json", account="bob")
        self.assertEqual((first.status, first.headers["Location"][:26]), (307, "/api/resolve-cache/models/"))
        second = self.hub.get(first.headers["Location"], account="bob")
        self.assertEqual(second.headers["ETag"], first.headers["X-Linked-Etag"])
        self.assertEqual(self.hub.get(first.headers["Location"]).status, 401)


class Https(unittest.TestCase):
    def test_own_authority_is_needed_and_enough(self):
        with RunningHub("--https") as hub:
            self.assertEqual(hub.get("/api/whoami-v2", account="alice").json["name"], "alice")
            location = hub.head("/org/public/resolve/main/weights.bin").headers["Location"]
            self.assertTrue(location.startswith("https://localhost:"))
            untrusting = http.client.HTTPSConnection(urlsplit(hub.endpoint).netloc, timeout=20,
                                                     context=ssl.create_default_context())
            with self.assertRaises(ssl.SSLCertVerificationError):
                untrusting.request("GET", "/")

    def test_bad_certificates_are_bad(self):
        for kind, reason in (("expired", "expired"), ("wrong-name", "IP address mismatch")):
            with RunningHub("--https", "--certificate", kind) as hub:
                with self.assertRaisesRegex(ssl.SSLCertVerificationError, reason):
                    hub.get("/api/whoami-v2")


class Process(unittest.TestCase):
    def test_ready_file_says_what_stdout_says(self):
        with tempfile.TemporaryDirectory() as folder:
            ready = Path(folder) / "ready.json"
            with RunningHub("--ready-file", str(ready), "--state", f"{folder}/state") as hub:
                self.assertEqual(json.loads(ready.read_text()), hub.ready)
                self.assertEqual(ready.stat().st_mode & 0o777, 0o600)
            self.assertEqual([path.name for path in Path(folder).iterdir() if path.name.endswith(".tmp")], [])

    def test_ends_on_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process = subprocess.Popen([sys.executable, str(PROGRAM)], stdout=subprocess.PIPE, text=True)
            pid = json.loads(process.stdout.readline())["pid"]
            self.assertEqual(pid, process.pid)
            os.kill(pid, number)
            self.assertEqual(process.wait(20), 0)
            process.stdout.close()


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
