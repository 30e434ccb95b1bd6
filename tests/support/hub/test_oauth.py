#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""OAuth of the stand-in: device flow and refreshing, as RFC 8628, RFC 6749 and the Hub's recorded replies say."""
import base64
import concurrent.futures
import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from oauth import DEVICE_GRANT, PUBLIC_CLIENT  # noqa: E402
from with_hub import INVALID, WithHub  # noqa: E402


def claims(token):
    payload = token.removeprefix("hf_oauth_").split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


class OAuthCase(WithHub):
    def setUp(self):
        super().setUp()
        self.hub.control(oauth="set", interval=0)

    def report(self):
        return self.hub.get("/__oauth").json

    def device(self, client=PUBLIC_CLIENT):
        reply = self.hub.form("/oauth/device", client_id=client)
        self.assertEqual(reply.status, 200)
        return reply.json

    def poll(self, device, client=PUBLIC_CLIENT):
        return self.hub.form("/oauth/token", grant_type=DEVICE_GRANT, device_code=device["device_code"], client_id=client)

    def refresh(self, token, client=PUBLIC_CLIENT):
        return self.hub.form("/oauth/token", grant_type="refresh_token", refresh_token=token, client_id=client)

    def fails(self, reply, code):
        self.assertEqual((reply.status, reply.json["error"]), (400, code))
        self.assertIn("error_description", reply.json)


class DeviceFlow(OAuthCase):
    def test_gives_a_code_to_show(self):
        self.hub.clear()
        device = self.device()
        self.assertRegex(device["user_code"], r"^[A-Z]{4}-[A-Z]{4}$")
        self.assertEqual(device["verification_uri"], f"{self.hub.endpoint}/oauth/device")
        self.assertEqual(device["verification_uri_complete"],
                         f"{self.hub.endpoint}/oauth/device?user_code={device['user_code']}")
        self.assertEqual((device["expires_in"], device["interval"]), (300, 5))
        self.assertNotEqual(self.device()["user_code"], device["user_code"])

    def test_waits_until_the_user_approves(self):
        device = self.device()
        for _ in range(2):
            self.fails(self.poll(device), "authorization_pending")
        self.assertEqual(self.hub.control(oauth="approve", account="alice")["user_code"], device["user_code"])
        tokens = self.poll(device).json
        self.assertEqual((tokens["token_type"], tokens["expires_in"]), ("bearer", 2592000))
        self.assertTrue(tokens["access_token"].startswith("hf_oauth_ey"))
        told = self.whoami(tokens["access_token"]).json
        self.assertEqual((told["name"], told["auth"]["type"]), ("alice", "oauth"))
        self.assertNotIn("accessToken", told["auth"])
        self.assertEqual(claims(tokens["access_token"])["exp"] - claims(tokens["access_token"])["iat"], 2592000)
        self.fails(self.poll(device), "invalid_grant")  # a code is good for one login
        self.assertEqual(self.report()["logins"], {"alice": 1})

    def test_says_no(self):
        device = self.device()
        self.hub.control(oauth="deny", user_code=device["user_code"])
        self.fails(self.poll(device), "access_denied")

    def test_codes_expire(self):
        self.hub.control(oauth="set", device_lifetime=0)
        device = self.device()
        self.assertEqual(device["expires_in"], 0)
        self.fails(self.poll(device), "expired_token")

    def test_slows_down_who_asks_too_often(self):
        self.hub.control(oauth="set", interval=3600)
        device = self.device()
        self.fails(self.poll(device), "authorization_pending")
        self.fails(self.poll(device), "slow_down")
        self.hub.control(oauth="set", interval=0, slow_down=1)
        other = self.device()
        self.fails(self.poll(other), "slow_down")
        self.fails(self.poll(other), "authorization_pending")

    def test_approves_by_itself_when_told(self):
        self.hub.control(oauth="set", auto="bob", pending=1)
        device = self.device()
        self.fails(self.poll(device), "authorization_pending")
        self.assertEqual(self.whoami(self.poll(device).json["access_token"]).json["name"], "bob")

    def test_a_person_can_approve_on_a_page(self):
        device = self.device()
        page = self.hub.get(device["verification_uri_complete"].removeprefix(self.hub.endpoint))
        self.assertEqual((page.status, page.headers.get_content_type()), (200, "text/html"))
        self.assertIn(f'value="{device["user_code"]}"', page.text)
        self.assertIn("Approve as alice", page.text)
        self.assertIn("&lt;b&gt;", self.hub.get("/oauth/device?user_code=%3Cb%3E").text)
        self.assertEqual(self.hub.form("/oauth/decide", user_code="XXXX-XXXX", account="alice").status, 400)
        self.assertIn("approved", self.hub.form("/oauth/decide", user_code=device["user_code"], account="alice").text)
        self.assertEqual(self.whoami(self.poll(device).json["access_token"]).json["name"], "alice")
        other = self.device()
        self.assertIn("denied", self.hub.form("/oauth/decide", user_code=other["user_code"]).text)
        self.fails(self.poll(other), "access_denied")

    def test_knows_its_clients(self):
        self.fails(self.hub.form("/oauth/device", client_id="no-such"), "invalid_client")
        self.fails(self.hub.form("/oauth/device"), "invalid_client")
        self.hub.control(oauth="client", id="my-own-app")
        device = self.device("my-own-app")
        self.hub.control(oauth="approve", account="alice")
        self.fails(self.poll(device), "invalid_grant")  # asked by another client
        token = self.poll(device, "my-own-app").json["access_token"]
        self.assertEqual(claims(token)["aud"], "my-own-app")

    def test_refuses_what_is_no_form(self):
        reply = self.hub.request("POST", "/oauth/device", body=json.dumps({"client_id": PUBLIC_CLIENT}),
                                 headers={"Content-Type": "application/json"})
        self.fails(reply, "invalid_request")
        self.fails(self.hub.form("/oauth/token", client_id=PUBLIC_CLIENT, grant_type="password"), "unsupported_grant_type")
        self.assertEqual(self.hub.get("/oauth/nothing").status, 404)

    def test_tells_where_everything_is(self):
        told = self.hub.get("/.well-known/openid-configuration").json
        self.assertEqual(told["device_authorization_endpoint"], f"{self.hub.endpoint}/oauth/device")
        self.assertEqual(self.hub.get("/oauth/userinfo", account="dave").json["preferred_username"], "dave")
        self.assertEqual(self.hub.get("/oauth/userinfo").status, 401)


class Refreshing(OAuthCase):
    def test_rotates_both_tokens(self):
        first = self.hub.control(oauth="issue", account="dave")
        second = self.refresh(first["refresh_token"]).json
        self.assertEqual(self.whoami(second["access_token"]).json["name"], "dave")
        self.refused(self.whoami(first["access_token"]), 401, INVALID)
        self.fails(self.refresh(first["refresh_token"]), "invalid_grant")
        third = self.refresh(second["refresh_token"])
        self.assertEqual(third.status, 200)
        told = self.report()
        self.assertEqual((told["refreshes"], told["refused_refreshes"]), ({"dave": 2}, {"dave": 1}))
        self.assertNotIn("R" * 32, json.dumps(told))

    def test_may_keep_the_refresh_token(self):
        self.hub.control(oauth="set", rotate=False)
        first = self.hub.control(oauth="issue", account="dave")
        second = self.refresh(first["refresh_token"]).json
        self.assertNotIn("refresh_token", second)
        self.assertEqual(self.refresh(first["refresh_token"]).status, 200)

    def test_lifetimes_are_as_ordered(self):
        token = self.hub.control(oauth="issue", account="alice", expires_in=60)["access_token"]
        self.assertEqual(claims(token)["exp"] - claims(token)["iat"], 60)
        gone = self.hub.control(oauth="issue", account="alice", expires_in=0)["access_token"]
        self.refused(self.whoami(gone), 401, INVALID)
        self.hub.control(oauth="set", token_lifetime=120)
        self.assertEqual(self.hub.control(oauth="issue", account="alice")["expires_in"], 120)

    def test_sessions_can_expire_and_end(self):
        first = self.hub.control(oauth="issue", account="dave")
        self.hub.control(oauth="expire", account="dave")
        self.refused(self.whoami(first["access_token"]), 401, INVALID)
        second = self.refresh(first["refresh_token"]).json
        self.assertEqual(self.whoami(second["access_token"]).status, 200)
        self.hub.control(oauth="end", account="dave")
        self.refused(self.whoami(second["access_token"]), 401, INVALID)
        self.fails(self.refresh(second["refresh_token"]), "invalid_grant")
        self.fails(self.refresh("refresh-nobody"), "invalid_grant")

    def test_one_of_many_racing_refreshers_wins(self):
        token = self.hub.control(oauth="issue", account="dave")["refresh_token"]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            statuses = sorted(pool.map(lambda _: self.refresh(token).status, range(8)))
        self.assertEqual(statuses, [200] + [400] * 7)
        self.assertEqual(self.report()["refreshes"], {"dave": 1})

    def test_scopes_limit_what_a_login_may_do(self):
        write = "/api/models/org/public/auth-check/write"
        for scope, status in ((["read-repos", "write-repos"], 200), (["read-repos"], 403)):
            token = self.hub.control(oauth="issue", account="bob", scope=scope)["access_token"]
            self.assertEqual(self.hub.get(write, headers={"Authorization": f"Bearer {token}"}).status, status)

    def test_clear_forgets_every_login(self):
        token = self.hub.control(oauth="issue", account="dave")
        self.hub.clear()
        self.refused(self.whoami(token["access_token"]), 401, INVALID)
        self.fails(self.refresh(token["refresh_token"]), "invalid_grant")

    def test_wrong_orders_are_refused(self):
        for order in ({"oauth": "no-such"}, {"oauth": "issue", "account": "nobody"}, {"oauth": "approve", "account": "alice"},
                      {"oauth": "set", "no_such": 1}, {"oauth": "set", "auto": "nobody"}, {"oauth": "client"}):
            with self.assertRaises(ValueError):
                self.hub.control(**order)


if __name__ == "__main__":
    unittest.main()
