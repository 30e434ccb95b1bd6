#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The stand-in as a bad or hostile server: false bodies, redirects that must not be followed, floods, TLS, the wire."""
import http.client
import json
import socket
import ssl
import sys
import unittest
import zlib
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from client import DEADLINE_S, RunningHub  # noqa: E402
from with_hub import WithHub  # noqa: E402

CONFIG = "/org/public/resolve/main/config.json"


class WithRawSocket(WithHub):
    def raw(self, sent):
        """A fresh connection on which `sent` was said."""
        parts = urlsplit(self.hub.endpoint)
        connection = socket.create_connection((parts.hostname, parts.port), timeout=DEADLINE_S)
        self.addCleanup(connection.close)
        connection.sendall(sent)
        return connection

    def read_at_least(self, connection, n_bytes):
        data = b""
        while len(data) < n_bytes:
            more = connection.recv(1 << 16)
            self.assertTrue(more, f"ended after {len(data)} bytes")
            data += more
        return data

    def read_all(self, connection):
        data = b""
        while more := connection.recv(1 << 16):
            data += more
        return data


class FalseBodies(WithRawSocket):
    def test_a_corrupt_body_differs_in_one_byte(self):
        true = self.hub.get(CONFIG)
        for order, at in (({}, len(true.body) // 2), ({"at": 3}, 3), ({"at": 10**9}, len(true.body) - 1)):
            self.hub.control(fault="corrupt", path=CONFIG, times=1, **order)
            false = self.hub.get(CONFIG)
            self.assertEqual([i for i, (a, b) in enumerate(zip(true.body, false.body)) if a != b], [at])
            self.assertEqual(false.headers["ETag"], true.headers["ETag"])

    def test_large_bodies_too(self):
        location = urlsplit(self.hub.head("/bulk/big-3M/resolve/main/model.bin").headers["Location"])
        target = f"{location.path}?{location.query}"
        true = self.hub.get(target, endpoint=self.hub.cdn).body
        self.hub.control(fault="corrupt", origin="cdn", at=2000000, times=1)
        false = self.hub.get(target, endpoint=self.hub.cdn).body
        self.assertEqual((false[2000000] ^ true[2000000], false[:2000000] == true[:2000000]), (0xFF, True))
        self.hub.control(fault="cut", origin="cdn", after=1500000, times=1)
        with self.assertRaises(http.client.IncompleteRead) as cut:
            self.hub.get(target, endpoint=self.hub.cdn)
        self.assertEqual(len(cut.exception.partial), 1500000)

    def test_json_of_wrong_types(self):
        self.hub.control(fault="mistype", path="/api/models/org/public/tree", field="size")
        entry = self.hub.get("/api/models/org/public/tree/main").json[0]
        self.assertEqual((entry["size"], entry["type"]), ("not a number", "file"))
        self.hub.clear()
        self.hub.control(fault="mistype", path="/api/whoami-v2")
        told = self.hub.get("/api/whoami-v2", account="bob").json
        self.assertEqual((told["name"], told["isPro"], told["periodEnd"]), ({"not": ["a text"]}, "not a number", 5))

    def test_a_body_without_end(self):
        for framing, said in (("chunked", b"Transfer-Encoding: chunked"), ("close", b"Connection: close"),
                              ("length", b"Content-Length: 9223372036854775807")):
            self.hub.control(fault="endless", path="/api/", framing=framing, times=1)
            connection = self.raw(b"GET /api/models/org/public HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(said, self.read_at_least(connection, 5_000_000))

    def test_a_bomb_unpacks_to_much_more_than_it_is(self):
        self.hub.control(fault="bomb", path="/api/", bytes=50 << 20, times=1)
        reply = self.hub.get("/api/whoami-v2", account="alice")
        self.assertEqual(reply.headers["Content-Encoding"], "gzip")
        self.assertLess(len(reply.body), 1 << 20)
        self.assertEqual(len(zlib.decompress(reply.body, 31)), 50 << 20)

    def test_a_drip_is_the_whole_body_in_the_end(self):
        true = self.hub.get(CONFIG).body
        self.hub.control(fault="drip", path=CONFIG, bytes=10, ms=0)
        self.assertEqual(self.hub.get(CONFIG).body, true)

    def test_server_errors_end_after_so_many(self):
        self.hub.control(fault="status", path=CONFIG, status=503, times=2)
        self.assertEqual([self.hub.get(CONFIG).status for _ in range(3)], [503, 503, 200])


class Pauses(WithRawSocket):
    def test_a_held_body_goes_on_when_it_is_released(self):
        true = self.hub.get(CONFIG)
        self.hub.control(fault="hold", path=CONFIG, after=7, times=1)
        connection = self.raw(f"GET {CONFIG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        begun = b""
        while not begun.endswith(true.body[:7]):
            begun += self.read_at_least(connection, 1)
        connection.setblocking(False)
        with self.assertRaises(BlockingIOError):
            connection.recv(1)
        connection.setblocking(True)
        self.hub.control(fault="release")
        self.assertEqual(self.read_all(connection), true.body[7:])

    def test_a_stale_connection_is_closed_without_a_word(self):
        self.hub.control(fault="stale", path=CONFIG, times=1)
        head = self.read_all(self.raw(f"GET {CONFIG} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))
        self.assertIn(b"200 OK", head)
        self.assertNotIn(b"Connection: close", head)


class FalseHeads(WithRawSocket):
    def test_headers_can_be_put_and_left_out(self):
        self.hub.control(fault="headers", path=CONFIG, status=206,
                         headers={"etag": '"../../../evil"', "X-Repo-Commit": None, "Content-Encoding": "gzip"})
        reply = self.hub.get(CONFIG)
        self.assertEqual((reply.status, reply.headers.get_all("ETag")), (206, ['"../../../evil"']))
        self.assertEqual((reply.headers["X-Repo-Commit"], reply.headers["Content-Encoding"]), (None, "gzip"))

    def test_ten_megabytes_of_headers(self):
        self.hub.control(fault="flood", path=CONFIG)
        head, _, body = self.read_all(self.raw(f"GET {CONFIG} HTTP/1.1\r\nHost: x\r\n\r\n".encode())).partition(b"\r\n\r\n")
        self.assertGreaterEqual(len(head), 10_000_000)
        self.assertEqual((head.count(b"\r\nX-Filler: ")), 10_000)
        self.assertEqual(json.loads(body)["model_type"], "test")

    def test_redirects_lead_anywhere(self):
        for location, seen in (("{target}", CONFIG), ("{cdn}/portal", f"{self.hub.cdn}/portal"),
                               ("ftp://elsewhere.invalid/", "ftp://elsewhere.invalid/")):
            self.hub.control(fault="redirect", path="/org/", location=location)
            reply = self.hub.get(CONFIG)
            self.assertEqual((reply.status, reply.headers["Location"], reply.headers["ETag"]), (302, seen, None))
            self.hub.clear()
        self.hub.control(fault="redirect", path="/org/", location="/y", keep=True, status=307)
        reply = self.hub.get(CONFIG)
        self.assertEqual((reply.status, reply.headers["X-Repo-Commit"] is None), (307, False))

    def test_the_portal_is_a_page_on_the_second_origin(self):
        reply = self.hub.get("/portal", endpoint=self.hub.cdn)
        self.assertEqual((reply.status, reply.headers.get_content_type()), (200, "text/html"))

    def test_what_is_no_fault_is_refused(self):
        for order in ({"fault": "redirect"}, {"fault": "redirect", "location": "{plain}/"}, {"fault": "endless", "framing": "no-such"}):
            with self.assertRaises(ValueError):
                self.hub.control(**order)


class Wire(WithRawSocket):
    def test_reads_chunked_requests_and_asks_to_continue(self):
        order = b'{"fault": "status", "status": 418, "path": "/teapot"}'
        sent = b"POST /__control HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" \
            b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (20, order[:20], len(order) - 20, order[20:])
        self.assertIn(b'{"ok":true}', self.read_all(self.raw(sent)))
        self.assertEqual(self.hub.get("/teapot").status, 418)
        connection = self.raw(b"POST /__control HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        self.assertEqual(self.read_at_least(connection, 25)[:25], b"HTTP/1.1 100 Continue\r\n\r\n")

    def test_answers_requests_that_come_together(self):
        one = f"GET {CONFIG} HTTP/1.1\r\nHost: x\r\n".encode()
        data = self.read_all(self.raw(one + b"\r\n" + one + b"Connection: close\r\n\r\n"))
        self.assertEqual(data.count(b"HTTP/1.1 200 OK"), 2)

    def test_refuses_what_it_does_not_understand(self):
        for sent, status in ((b"\x16\x03\x01\x02\x00\x01", b"400"), (b"nonsense\r\n\r\n", b"400"), (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
                             (b"GET / HTTP/1.1\r\nX: " + b"x" * 70000, b"431"),
                             (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
                             (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400")):
            self.assertEqual(self.read_all(self.raw(sent))[:12], b"HTTP/1.1 " + status)

    def test_closes_when_the_client_wants_it(self):
        self.assertIn(b"Connection: close", self.read_all(self.raw(f"GET {CONFIG} HTTP/1.0\r\n\r\n".encode())))


class Https(unittest.TestCase):
    def test_own_authority_is_needed_and_enough(self):
        with RunningHub("--https") as hub:
            self.assertEqual(hub.get("/api/whoami-v2", account="alice").json["name"], "alice")
            location = urlsplit(hub.head("/bulk/big-3M/resolve/main/model.bin").headers["Location"])
            self.assertEqual((location.scheme, location.hostname), ("https", "localhost"))
            self.assertEqual(len(hub.get(f"{location.path}?{location.query}", endpoint=hub.cdn).body), 3_000_000)
            untrusting = http.client.HTTPSConnection(urlsplit(hub.endpoint).netloc, timeout=20,
                                                     context=ssl.create_default_context())
            with self.assertRaises(ssl.SSLCertVerificationError):
                untrusting.request("GET", "/")

    def test_plain_http_beside_it_counts_leaked_tokens(self):
        with RunningHub("--https") as hub:
            hub.control(fault="redirect", path=CONFIG, location="{plain}{target}", times=1)
            self.assertEqual(hub.get(CONFIG, account="bob").headers["Location"], f"{hub.plain}{CONFIG}")
            self.assertEqual(hub.get(CONFIG, endpoint=hub.plain).status, 200)
            hub.get(CONFIG, endpoint=hub.plain, account="bob")
            self.assertEqual([entry["who"] for entry in hub.log(hub.plain)], ["anonymous", "leaked"])
            hub.get("/repos/", endpoint=hub.cdn, account="bob")
            hub.clear()
            self.assertEqual(hub.get("/__leaks").json, {"cdn": 1, "plain": 1})
        with RunningHub() as hub:
            self.assertIsNone(hub.plain)

    def test_bad_certificates_are_bad(self):
        for kind, reason in (("expired", "expired"), ("wrong-name", "IP address mismatch"),
                             ("unknown-ca", "unable to get local issuer certificate|self.signed certificate")):
            with RunningHub("--https", "--certificate", kind) as hub:
                with self.assertRaisesRegex(ssl.SSLCertVerificationError, reason):
                    hub.get("/api/whoami-v2")


if __name__ == "__main__":
    unittest.main()
