# SPDX-License-Identifier: Apache-2.0
"""The base of the stand-in's own tests: one running stand-in a class, as at start before each test."""
import unittest

from client import RunningHub

INVALID = "Invalid username or password."
CHALLENGE = 'Bearer realm="Authentication required", charset="UTF-8"'


class WithHub(unittest.TestCase):
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.hub = RunningHub(*cls.options)

    @classmethod
    def tearDownClass(cls):
        assert cls.hub.stop() == 0, "the stand-in must end with status 0"

    def setUp(self):
        self.hub.clear()

    def refused(self, reply, status, text, code=None):
        self.assertEqual(reply.status, status)
        self.assertEqual(reply.headers["X-Error-Message"], text)
        self.assertEqual(reply.headers["X-Error-Code"], code)
        self.assertEqual(reply.headers["WWW-Authenticate"], CHALLENGE if status == 401 else None)
        self.assertTrue(reply.headers["X-Request-Id"].startswith("Root=1-"))

    def whoami(self, token):
        """whoami-v2 with any token's text."""
        return self.hub.get("/api/whoami-v2", headers={"Authorization": f"Bearer {token}"})
