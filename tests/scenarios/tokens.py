# SPDX-License-Identifier: Apache-2.0
"""The tokens of a scenario file's legend: letter -> what it is, its text, and the order that makes it good at the stand-in.

"valid alice read", "valid bob write", "revoked", "expired", "alice OAuth", "valid alice fine-grained without gated read":
words in any order, a name among them. Texts are made from letter and words, so that they look fake and no two are equal.
"""
import re
from dataclasses import dataclass

from words import NotUnderstood

_STATES = {"valid": "valid", "good": "valid", "revoked": "revoked", "invalid": "revoked", "deleted": "revoked",
           "rejected": "revoked", "unknown": "revoked", "expired": "expired"}
_ROLES = {"read": "read", "write": "write", "fine-grained": "fineGrained", "finegrained": "fineGrained", "oauth": "oauth"}
_FILLERS = {"a", "an", "the", "token", "of", "user", "account", "role", "with", "login", "classic", "only", "kind"}
OAUTH_EXPIRY = "2099-12-31T00:00:00.000Z"
_EVER = 4102358400  # the same in Unix seconds


@dataclass
class Token:
    letter: str
    state: str = "valid"
    user: str = ""
    role: str = "read"
    gated: bool = True

    @property
    def text(self):
        stem = f"{self.letter}{self.user}{self.state}"
        body = re.sub(r"[^A-Za-z0-9]", "", stem)[:24]
        if self.role == "oauth":
            return f"hf_oauth_{body}{'A' * (34 - len(body))}"
        return f"hf_{body}{'A' * (34 - len(body))}"

    def order(self):
        """The control order; None if the Hub knows nothing of it."""
        if self.state == "revoked":
            return None
        if self.state == "expired":
            return {"issue": self.text, "account": self.user or "alice", "auth": {}, "expired": True}
        if self.role == "oauth":
            auth = {"type": "oauth", "expiresAt": OAUTH_EXPIRY}
            return {"issue": self.text, "account": self.user, "auth": auth, "scopes": ["openid", "profile", "read-repos"]}
        access = {"displayName": f"token-{self.letter}", "role": self.role, "createdAt": "2026-01-02T03:04:05.000Z"}
        if self.role == "fineGrained":
            access["fineGrained"] = {"canReadGatedRepos": self.gated, "global": [], "scoped": []}
        return {"issue": self.text, "account": self.user, "auth": {"type": "access_token", "accessToken": access}}


def read_legend(legend, names):
    """letter -> Token. `names`: the accounts that the stand-in has."""
    return {letter: _read(letter, text, names) for letter, text in legend.items()}


def _read(letter, text, names):
    token = Token(letter)
    plain = re.sub(r"without (?:public )?gated(?: read| repos?| access)*", " nogated ", text.lower())
    for word in re.findall(r"[\w.-]+", plain):
        if word in _STATES:
            token.state = _STATES[word]
        elif word in _ROLES:
            token.role = _ROLES[word]
        elif word == "nogated":
            token.gated = False
        elif word in names:
            token.user = word
        elif word not in _FILLERS:
            raise NotUnderstood("legend", f"{letter}: {word}")
    if token.state == "valid" and not token.user:
        raise NotUnderstood("legend", f"{letter}: whose token is it?")
    return token
