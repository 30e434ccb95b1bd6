# SPDX-License-Identifier: Apache-2.0
"""Starts the Hub stand-in for a Python test, and speaks raw HTTP with it.

    with RunningHub("--https") as hub:
        reply = hub.get("/api/whoami-v2", account="alice")

No retries, no redirects followed, no cookies: a reply is what came over the wire. The stand-in ends with the block, or
with this process, whichever is first.
"""
import http.client
import json
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

PROGRAM = Path(__file__).resolve().parent / "hub.py"
DEADLINE_S = 20


class Reply:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class _Running:
    """A program that says in one line of JSON that it is ready, and ends when its standard input closes."""

    def __init__(self, program, options):
        self.process = subprocess.Popen([sys.executable, str(program), "--until-stdin-closes", *options],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{program.name} did not start: exit status {self.process.wait(DEADLINE_S)}")
        self.ready = json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Ends it; the exit status."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        status = self.process.wait(DEADLINE_S)
        self.process.stdout.close()
        return status


class RunningProxy(_Running):
    """proxy.py; `url` is for HTTPS_PROXY and HTTP_PROXY."""

    def __init__(self, *options):
        super().__init__(PROGRAM.with_name("proxy.py"), options)
        self.url = self.ready["proxy"]

    def log(self):
        """What the proxy was asked so far."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=DEADLINE_S)
        connection.request("GET", "/__log")
        entries = json.loads(connection.getresponse().read())
        connection.close()
        return entries


class RunningHub(_Running):
    def __init__(self, *options):
        super().__init__(PROGRAM, options)
        self.endpoint, self.cdn, self.plain, self.ca = (self.ready[name] for name in ("endpoint", "cdn", "plain", "ca"))
        self.accounts = self.ready["accounts"]

    def connect(self, endpoint=None, whatever_certificate=False):
        parts = urlsplit(endpoint or self.endpoint)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self.ca)
            if whatever_certificate:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=DEADLINE_S, context=context)
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=DEADLINE_S)

    def request(self, method, target, *, account=None, endpoint=None, headers=None, body=None):
        headers = dict(headers or {})
        if account is not None:
            headers["Authorization"] = f"Bearer {self.accounts[account]}"
        headers.setdefault("Accept-Encoding", "identity")
        # A test's own orders come through whatever certificate is shown.
        connection = self.connect(endpoint, whatever_certificate=target.startswith("/__"))
        try:
            connection.request(method, target, body=body, headers=headers)
            response = connection.getresponse()
            return Reply(response, response.read())
        finally:
            connection.close()

    def get(self, target, **options):
        return self.request("GET", target, **options)

    def head(self, target, **options):
        return self.request("HEAD", target, **options)

    def control(self, **order):
        """One order of the control endpoint (control.py); what it answers."""
        reply = self.request("POST", "/__control", body=json.dumps(order))
        if reply.status != 200:
            raise ValueError(reply.text)
        return reply.json

    def form(self, target, **fields):
        """POST of an HTML form."""
        return self.request("POST", target, body=urlencode(fields),
                            headers={"Content-Type": "application/x-www-form-urlencoded"})

    def clear(self):
        self.control(fault="clear")

    def log(self, endpoint=None):
        """What the hub, or another origin, was asked so far."""
        return self.get("/__log", endpoint=endpoint).json
