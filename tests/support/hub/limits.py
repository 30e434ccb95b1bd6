# SPDX-License-Identifier: Apache-2.0
"""The Hub stand-in's rate limits: fixed windows per account and bucket, told on every answer. Thread-safe.

The headers are those of IETF ratelimit-headers draft 09; the numbers are the Hub's of September 2025.
"""
import threading
import time

from answers import refuse
from texts import recorded

WINDOW_S = 300
ANONYMOUS = {"api": 500, "resolvers": 3000, "pages": 100}
FREE_USER = {"api": 1000, "resolvers": 5000, "pages": 200}
UNLIMITED = 1_000_000_000
LIMITED_PAGE = (b"<!DOCTYPE html><html><head><title>429 Too Many Requests</title></head><body><h1>429</h1>"
                b"<p>We had to rate limit you.</p></body></html>")


class RateLimits:
    def __init__(self, clock=time.monotonic, *, unlimited=False):
        self._clock = clock
        self._at_start = dict.fromkeys(ANONYMOUS, UNLIMITED) if unlimited else {}
        self._lock = threading.Lock()
        self.reset()

    def reset(self):
        with self._lock:
            self._start = self._clock()
            self._used = {}
            self._quotas = dict(self._at_start)
            self._window = WINDOW_S

    def change(self, quotas, window=None):
        """Control endpoint: other quotas for everyone, another length of the window in seconds. Raises ValueError."""
        unknown = set(quotas) - set(ANONYMOUS)
        if unknown:
            raise ValueError(f"no such bucket: {', '.join(sorted(unknown))}; there are {', '.join(ANONYMOUS)}")
        with self._lock:
            self._quotas |= {bucket: int(quota) for bucket, quota in quotas.items()}
            if window is not None:
                self._window = max(float(window), 0.001)
                self._start, self._used = self._clock(), {}

    def count(self, who, bucket):
        """Counts one request of an account (None: anonymous): (headers, the answer 429 or None)."""
        with self._lock:
            elapsed = self._clock() - self._start
            if elapsed >= self._window:
                self._start += elapsed // self._window * self._window
                self._used = {}
                elapsed = self._clock() - self._start
            quota = self._quotas.get(bucket, (ANONYMOUS if who is None else FREE_USER)[bucket])
            used = self._used[who, bucket] = self._used.get((who, bucket), 0) + 1
            window = self._window
        headers = headers_of(bucket, quota, max(quota - used, 0), max(int(window - elapsed), 1), int(window))
        if used <= quota:
            return headers, None
        refusal = (recorded("limited-address") if who is None else recorded("limited-account", quota=quota, bucket=bucket))
        return headers, refuse(refusal, api=bucket == "api")


def headers_of(bucket, quota, remaining, reset, window=WINDOW_S):
    return {"RateLimit": f'"{bucket}";r={remaining};t={reset}',
            "RateLimit-Policy": f'"fixed window";"{bucket}";q={quota};w={window}'}
