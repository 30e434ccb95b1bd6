#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Quotas, faults on demand and the log of the stand-in."""
import concurrent.futures
import http.client
import json
import sys
import unittest
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from accounts import token_of  # noqa: E402
from with_hub import WithHub  # noqa: E402


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


    def test_windows_can_be_short_and_buckets_are_known(self):
        self.hub.control(quota={"resolvers": 7}, window=5)
        headers = self.hub.get("/org/public/resolve/main/config.json").headers
        self.assertEqual(headers["RateLimit-Policy"], '"fixed window";"resolvers";q=7;w=5')
        self.assertRegex(headers["RateLimit"], r'^"resolvers";r=6;t=[1-5]$')
        with self.assertRaises(ValueError):
            self.hub.control(quota={"no-such": 1})

    def test_limited_on_demand(self):
        target = "/api/whoami-v2"
        self.hub.control(fault="limited", path=target, t=7, quota=50, times=1)
        reply = self.hub.get(target, account="alice")
        self.assertEqual((reply.status, reply.headers["RateLimit"]), (429, '"api";r=0;t=7'))
        self.assertEqual(reply.headers["RateLimit-Policy"], '"fixed window";"api";q=50;w=300')
        self.assertIn("quota of 50 api requests", reply.json["error"])
        self.hub.control(fault="limited", path=target, retry_after=3, html=True, times=1)
        reply = self.hub.get(target, account="alice")
        self.assertEqual((reply.status, reply.headers["Retry-After"], reply.headers["RateLimit"]), (429, "3", None))
        self.assertEqual(reply.headers.get_content_type(), "text/html")
        self.assertIsNotNone(reply.headers["X-Request-Id"])
        self.assertEqual(self.hub.get(target, account="alice").status, 200)


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
        for order in ({"fault": "no-such"}, {"account": "nobody"}, {}, {"gate": {}}, {"page_size": 0},
                      {"gate": {"repo": "org/gated", "account": "alice", "state": "no-such"}},
                      {"policy": {"org": "org", "account": "bob", "state": "no-such"}}):
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


if __name__ == "__main__":
    unittest.main()
