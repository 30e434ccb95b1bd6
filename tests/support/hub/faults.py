# SPDX-License-Identifier: Apache-2.0
"""Faults on demand, and the log of what was asked. Set by POST /__control, read by GET /__log. Thread-safe.

One fault is a JSON object; `path` is a prefix (default: everything), `method` and `origin` ("hub", the default, or "cdn")
narrow it ("plain" too), `times` (default: until cleared) counts down. Earlier faults win.

Another answer:
    {"fault": "status", "path": "/api/whoami-v2", "status": 429, "headers": {"Retry-After": "1"}, "body": {"error": "..."}}
                                      5xx once: "status": 503, "times": 1; any JSON as body, also of wrong types
    {"fault": "message", "name": "expired"}       any text of texts.py with its status and code; "fields" fills it
    {"fault": "limited", "t": 1}                  429 with RateLimit: r=0;t=1; "r", "quota", "bucket"; "retry_after": seconds,
                                                  with or without t; "html": true gives a page instead of the text
    {"fault": "html"}                             a captive portal's page instead of the Hub
    {"fault": "redirect", "location": "{target}"}  to itself for ever; {target} is path and query as asked, {hub}, {cdn} and
                                                  {plain} (http, beside an https hub) are the origins. A portal with 302:
                                                  "{cdn}/portal"; https to http: "{plain}{target}". "status"; "keep": true
                                                  keeps the answer's own headers
    {"fault": "headers", "headers": {"ETag": "\"../x\"", "X-Repo-Commit": null}}    the answer with these put in place (null:
                                                  left out) and with another "status"
    {"fault": "corrupt", "at": 10}                one byte of the body is another one (default: in the middle)
    {"fault": "mistype", "field": "size"}         JSON members of that name have a wrong type (without it: every value)
    {"fault": "endless", "framing": "chunked"}    a body without end; chunked | close | length (says 2^63-1)
    {"fault": "bomb", "bytes": 1000000000}        so many zeros, sent as a few gzip bytes
On the wire:
    {"fault": "cut", "path": "/repos/", "origin": "cdn", "after": 1000}   closes after that many bytes of the body
    {"fault": "slow", "ms": 200}                  waits before it answers, then answers as usual
    {"fault": "drip", "bytes": 100, "ms": 50}     the body in pieces of that many bytes, with a pause before each
    {"fault": "hold", "after": 1000}              the head and so many bytes of the body; the rest when it is released
    {"fault": "hang"}                             reads the request and never answers
    {"fault": "stale"}                            answers, then closes the connection without having said so
    {"fault": "reset"}                            drops the connection before an answer
    {"fault": "wrong_length", "delta": -1}        Content-Length lies by `delta`, up or down
    {"fault": "flood", "bytes": 10000000}         so many bytes of further headers, in lines of "line" (1000) bytes
All over:
    {"fault": "release"}                          ends what is held, slow or hanging now; the faults stay
    {"fault": "clear"}                            everything as at start, logs too
"""
import collections
import threading

import fault_answers
import wire_faults

KINDS = fault_answers.KINDS + wire_faults.KINDS


class Faults:
    def __init__(self, places):
        """`places`: name of an origin -> its URL, for redirects."""
        self.places = places
        self._lock = threading.Lock()
        self._active = []
        self.woken = threading.Event()  # replaced when it is set: for whoever sleeps in a fault now

    def add(self, fault):
        """Raises ValueError on what is not a fault."""
        if fault.get("fault") not in KINDS:
            raise ValueError(f"unknown fault {fault.get('fault')!r}; there are {', '.join(KINDS)}, release and clear")
        fault_answers.check(fault, self.places)
        with self._lock:
            self._active.append({"path": "", "origin": "hub", **fault})

    def clear(self):
        with self._lock:
            self._active = []
        self.release()

    def release(self):
        """Wakes whoever sleeps in a fault."""
        with self._lock:
            self.woken.set()
            self.woken = threading.Event()

    def take(self, origin, method, path):
        """The fault that hits this request, or None; counts it."""
        if not self._active:
            return None
        with self._lock:
            for fault in self._active:
                if (fault["origin"] == origin and path.startswith(fault["path"])
                        and fault.get("method", method) == method and fault.get("times", 1) > 0):
                    if "times" in fault:
                        fault["times"] -= 1
                    return fault
        return None


class Log:
    """What one origin was asked, oldest first. Holds account names, never a token."""
    KEPT = 500_000  # entries; older ones go, so that a long measurement does not fill the memory

    def __init__(self):
        self._entries = collections.deque(maxlen=self.KEPT)
        self._lock = threading.Lock()
        self.n_leaked = 0  # credentials that came to a wrong place since the start; "clear" does not forget them

    def add(self, **entry):
        self._entries.append(entry)
        if entry.get("who") == "leaked":
            with self._lock:
                self.n_leaked += 1

    def clear(self):
        self._entries.clear()

    def entries(self):
        return list(self._entries)
