# SPDX-License-Identifier: Apache-2.0
"""One request as the routes of the Hub stand-in see it. A plain value."""
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, unquote

TRUE = ("true", "1")


@dataclass
class Request:
    method: str
    target: str  # path and query as sent
    headers: object  # case-insensitive .get
    body: bytes = b""

    def __post_init__(self):
        if self.target.startswith("http"):  # the absolute form, as clients ask a proxy
            self.target = re.sub(r"^https?://[^/?]*", "", self.target) or "/"
        self.path, _, self._query = self.target.partition("?")
        self.segments = [unquote(part) for part in self.path.strip("/").split("/")]

    @cached_property
    def query(self):
        return parse_qs(self._query, keep_blank_values=True) if self._query else {}

    def flag(self, name):
        return self.query.get(name, ["false"])[0].lower() in TRUE

    def number(self, name, default):
        """A query parameter that is a decimal number; `default` if it is missing or is none."""
        text = self.query.get(name, [""])[0]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default

    @property
    def bucket(self):
        """Which quota the request counts against."""
        return "api" if self.segments[0] == "api" else "resolvers" if "resolve" in self.segments else "pages"
