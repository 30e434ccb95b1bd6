#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The proxy beside the stand-in: tunnels, forwarding, passwords, refusals."""
import base64
import http.client
import ssl
import sys
import unittest
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from client import DEADLINE_S, RunningHub, RunningProxy  # noqa: E402

CONFIG = "/org/public/resolve/main/config.json"
PASSWORD = {"Proxy-Authorization": "Basic " + base64.b64encode(b"user:secret").decode()}


def tunnelled(proxy, hub, headers=None, name=None, port=None):
    """whoami of alice through a tunnel; raises OSError when the proxy refuses it."""
    parts, place = urlsplit(proxy.url), urlsplit(hub.endpoint)
    connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=DEADLINE_S,
                                             context=ssl.create_default_context(cafile=hub.ca))
    connection.set_tunnel(name or place.hostname, port or place.port, headers=headers or {})
    try:
        connection.request("GET", "/api/whoami-v2", headers={"Authorization": f"Bearer {hub.accounts['alice']}"})
        return connection.getresponse().status
    finally:
        connection.close()


def forwarded(proxy, url, headers=None):
    parts = urlsplit(proxy.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=DEADLINE_S)
    try:
        connection.request("GET", url, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


class ProxyCase(unittest.TestCase):
    def test_tunnels_tell_the_proxy_no_token(self):
        with RunningHub("--https") as hub, RunningProxy() as proxy:
            self.assertEqual(tunnelled(proxy, hub), 200)
            self.assertEqual(proxy.log(), [{"method": "CONNECT", "target": urlsplit(hub.endpoint).netloc, "status": 200,
                                            "proxy_authorization": False, "authorization": False}])

    def test_asks_for_its_password(self):
        with RunningHub("--https") as hub, RunningProxy("--user", "user:secret") as proxy:
            with self.assertRaisesRegex(OSError, "407"):
                tunnelled(proxy, hub)
            self.assertEqual(tunnelled(proxy, hub, PASSWORD), 200)
            self.assertEqual([entry["status"] for entry in proxy.log()], [407, 200])
            status, headers, _ = forwarded(proxy, f"{hub.plain}{CONFIG}")
            self.assertEqual((status, headers["Proxy-Authenticate"]), (407, 'Basic realm="stand-in proxy"'))

    def test_forwards_plain_requests_without_its_own_headers(self):
        with RunningHub() as hub, RunningProxy("--user", "user:secret") as proxy:
            status, _, body = forwarded(proxy, f"{hub.endpoint}{CONFIG}", PASSWORD)
            self.assertEqual((status, body), (200, hub.get(CONFIG).body))
            self.assertEqual(hub.log()[0]["path"], CONFIG)

    def test_refuses_everything_when_told(self):
        with RunningHub("--https") as hub, RunningProxy("--refuse", "403") as proxy:
            with self.assertRaisesRegex(OSError, "403"):
                tunnelled(proxy, hub, PASSWORD)

    def test_finds_names_where_it_is_told_and_only_on_loopback(self):
        with RunningHub("--https") as hub:
            with RunningProxy("--map", f"huggingface.co:443={urlsplit(hub.endpoint).netloc}") as proxy:
                self.assertEqual(tunnelled(proxy, hub, name="huggingface.co", port=443), 200)
                for url in ("http://elsewhere.invalid/", "http://127.0.0.1:1/"):
                    self.assertEqual(forwarded(proxy, url)[0], 502)
                self.assertEqual(forwarded(proxy, "/no-proxy-request")[0], 400)


if __name__ == "__main__":
    unittest.main()
