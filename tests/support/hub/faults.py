# SPDX-License-Identifier: Apache-2.0
"""Faults on demand, and the log of what was asked. Set by POST /__control, read by GET /__log. Thread-safe.

One fault is a JSON object; `path` is a prefix ("" is everything), `method` and `origin` ("hub", the default, or "cdn")
narrow it, `times` (default: until cleared) counts down. Earlier faults win.

    {"fault": "status", "path": "/api/whoami-v2", "status": 429, "headers": {"Retry-After": "1"}, "body": {"error": "..."}}
    {"fault": "cut", "path": "/repos/", "origin": "cdn", "after": 1000}   closes after that many bytes of the body
    {"fault": "slow", "path": "/", "ms": 200}                             waits before it answers, then answers as usual
    {"fault": "hang", "path": "/"}                                        reads the request and never answers
    {"fault": "reset", "path": "/"}                                       drops the connection before an answer
    {"fault": "html", "path": "/"}                                        a captive portal's page instead of the Hub
    {"fault": "wrong_length", "path": "/", "delta": -1}                   Content-Length lies by `delta`
    {"fault": "clear"}                                                    no faults, empty logs, accounts and quotas as at start
"""
import threading

from answers import Answer, as_json

KINDS = ("status", "cut", "slow", "hang", "reset", "html", "wrong_length")
PORTAL = (b"<!DOCTYPE html><html><head><title>Welcome to Guest Wi-Fi</title></head><body><h1>Welcome</h1>"
          b"<form action=/login method=post><button>Accept and connect</button></form></body></html>")


class Faults:
    def __init__(self):
        self._lock = threading.Lock()
        self._active = []
        self.woken = threading.Event()  # replaced when faults are cleared, set to wake whoever sleeps in one

    def add(self, fault):
        """Raises ValueError on what is not a fault."""
        if fault.get("fault") not in KINDS:
            raise ValueError(f"unknown fault {fault.get('fault')!r}; there are {', '.join(KINDS)} and clear")
        with self._lock:
            self._active.append({"path": "", "origin": "hub", **fault})

    def clear(self):
        with self._lock:
            self._active = []
            self.woken.set()
            self.woken = threading.Event()

    def take(self, origin, method, path):
        """The fault that hits this request, or None; counts it."""
        with self._lock:
            for fault in self._active:
                if (fault["origin"] == origin and path.startswith(fault["path"])
                        and fault.get("method", method) == method and fault.get("times", 1) > 0):
                    if "times" in fault:
                        fault["times"] -= 1
                    return fault
        return None


def replaced(fault):
    """The answer that a "status" or "html" fault gives instead of the real one; None for the other kinds."""
    if fault["fault"] == "html":
        return Answer(fault.get("status", 200), {"Content-Type": "text/html; charset=utf-8"}, PORTAL)
    if fault["fault"] != "status":
        return None
    body = fault.get("body", "")
    answer = Answer(body=body.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}) \
        if isinstance(body, str) else as_json(body)
    answer.status = fault.get("status", 500)
    answer.headers |= fault.get("headers", {})
    return answer


class Log:
    """What one origin was asked, oldest first. Holds account names, never a token."""

    def __init__(self):
        self._lock = threading.Lock()
        self._entries = []

    def add(self, **entry):
        with self._lock:
            self._entries.append(entry)

    def clear(self):
        with self._lock:
            self._entries = []

    def entries(self):
        with self._lock:
            return list(self._entries)
