#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may read and write what in the stand-in: gates, rights, policies, revocation, and the Hub's words for each."""
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from texts import RECORDED, recorded  # noqa: E402
from with_hub import INVALID, WithHub  # noqa: E402


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

    def test_each_account_stands_at_a_place_of_its_own(self):
        waiting = "Your request to access {} is awaiting a review from the repo authors."
        for kind, prefix, repo in (("dataset", "datasets", "org/gated-data"), ("space", "spaces", "org/gated-app"),
                                   ("model", "models", "org/gated")):
            target = f"/api/{prefix}/{repo}/auth-check"
            for state, status, end in (("none", 403, "to ask for access."), ("pending", 403, "review from the repo authors."),
                                       ("rejected", 403, "by the repo's authors."), ("reset", 403, "submit a new request."),
                                       ("accepted", 200, "OK")):
                self.hub.control(gate={"repo": repo, "kind": kind, "account": "alice", "state": state})
                reply = self.hub.get(target, account="alice")
                self.assertEqual(reply.status, status)
                self.assertTrue((reply.json["error"] if status == 403 else reply.text).endswith(end))
            self.hub.control(gate={"repo": repo, "kind": kind, "account": "alice", "state": "pending"})
            self.refused(self.hub.get(target, account="alice"), 403, waiting.format(f"{kind} {repo}"), "GatedRepo")

    def test_automatic_gates_open_at_once_and_manual_ones_wait(self):
        for repo, status in (("org/gated-auto", 200), ("org/gated", 403)):
            target = f"/api/models/{repo}/auth-check"
            self.assertEqual(self.hub.get(target, account="alice").headers["X-Error-Code"], "GatedRepo")
            self.hub.control(gate={"repo": repo, "account": "alice", "state": "asked"})
            self.assertEqual(self.hub.get(target, account="alice").status, status)
        self.hub.clear()
        self.assertEqual(self.hub.get("/api/models/org/gated-auto/auth-check", account="alice").status, 403)

    def test_a_fine_grained_token_may_be_given_the_gates(self):
        self.hub.control(account="carol", patch={"auth": {"accessToken": {"fineGrained": {"canReadGatedRepos": True}}}})
        self.assertEqual(self.hub.get("/api/models/org/gated/auth-check", account="carol").text, "OK")

    def test_organizations_have_the_last_word(self):
        approval = recorded("org-approval").text
        for state, text in (("pending", approval), ("denied", approval), ("revoked", recorded("org-revoked").text)):
            self.hub.control(policy={"org": "org", "account": "bob", "state": state})
            self.both("org/private", "bob", 403, text, None)
            self.both("org/gated", "bob", 403, text, None)
            self.refused(self.hub.get("/api/models/org/public/auth-check/write", account="bob"), 403, text)
            self.assertEqual(self.hub.get("/org/public/resolve/main/config.json", account="bob").status, 200)
            orgs = self.hub.get("/api/whoami-v2", account="bob").json["orgs"]
            self.assertEqual(orgs[0]["securityRestrictions"], ["token-policy"])
        self.hub.control(policy={"org": "org", "account": "bob", "state": "none"})
        self.assertEqual(self.hub.get("/api/models/org/private/auth-check", account="bob").text, "OK")

    def test_write_checks_of_every_kind(self):
        for prefix, repo in (("models", "org/public"), ("datasets", "org/data"), ("spaces", "org/app")):
            target = f"/api/{prefix}/{repo}/auth-check/write"
            self.assertEqual(self.hub.get(target, account="bob").text, "OK")
            self.refused(self.hub.get(target, account="carol"), 403, recorded("read-only").text)
        self.assertEqual(self.hub.get("/api/models/org/public/auth-check/no-such", account="bob").status, 404)


class Revocation(WithHub):
    def revoke(self, body):
        return self.hub.request("POST", "/api/credentials/revoke", body=body, headers={"Content-Type": "application/json"})

    def test_kills_the_token_everywhere(self):
        login = self.hub.control(oauth="issue", account="dave")
        credentials = [self.hub.accounts["alice"], login["access_token"], "hf_" + "Z" * 34]
        reply = self.revoke(json.dumps({"credentials": credentials}))
        self.assertEqual((reply.status, reply.body), (202, b""))
        for target in ("/api/whoami-v2", "/org/public/resolve/main/config.json", "/api/models/org/public/auth-check"):
            self.refused(self.hub.get(target, account="alice"), 401, INVALID)
        self.refused(self.whoami(login["access_token"]), 401, INVALID)
        self.assertEqual(self.hub.get("/api/whoami-v2", account="bob").status, 200)

    def test_ends_the_login_that_the_token_came_from(self):
        login = self.hub.control(oauth="issue", account="dave")
        self.revoke(json.dumps({"credentials": [login["access_token"]]}))
        reply = self.hub.form("/oauth/token", grant_type="refresh_token", refresh_token=login["refresh_token"],
                              client_id=login["client_id"])
        self.assertEqual(reply.json["error"], "invalid_grant")

    def test_always_says_the_same(self):
        for body in ("", "[]", "nonsense", '{"credentials": 5}', '{"credentials": [5]}'):
            self.assertEqual(self.revoke(body).status, 202)


class Messages(WithHub):
    def test_every_recorded_message_can_be_had_anywhere(self):
        for name in RECORDED:
            self.hub.clear()
            self.hub.control(fault="message", name=name, path="/org/public")
            refusal = recorded(name)
            self.refused(self.hub.get("/org/public/resolve/main/config.json", account="alice"), refusal.status, refusal.text,
                         refusal.code)

    def test_messages_are_filled_in(self):
        self.hub.control(fault="message", name="gated-pending", fields={"kind": "dataset", "id": "a/b"}, path="/api/")
        reply = self.hub.get("/api/datasets/a/b", account="alice")
        self.assertEqual(reply.json["error"], "Your request to access dataset a/b is awaiting a review from the repo authors.")
        self.assertRegex(reply.headers["RateLimit"], '^"api";r=')
        with self.assertRaises(ValueError):
            self.hub.control(fault="message", name="no-such", path="/")


if __name__ == "__main__":
    unittest.main()
