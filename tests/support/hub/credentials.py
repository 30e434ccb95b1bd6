# SPDX-License-Identifier: Apache-2.0
"""Who an Authorization header belongs to in the Hub stand-in, and what that credential may do.

`Accounts` knows every token that is good now: the fixed ones of accounts.py and those that oauth.py issued. It is changed
by the control endpoint, by OAuth and by a revocation, under its lock; any thread.
"""
import base64
import copy
import re
import threading
from dataclasses import dataclass, field

import accounts
from texts import recorded

INVALID, MALFORMED, EXPIRED = (recorded(name).text for name in ("invalid", "malformed", "expired"))
POLICIES = {"pending": "org-approval", "denied": "org-approval", "revoked": "org-revoked", "none": None}
_TOKEN_LIKE = re.compile(r"(?:hf_|api_)[A-Za-z0-9_.\-]{12,}|refresh-[\w.\-]+|device-[\w.\-]+")


class Refused(Exception):
    """The Authorization header names nobody: str() is the server's text. Sent as 401 on every route, public ones too."""


@dataclass(frozen=True)
class Caller:
    """A request's account and the credential that it came with."""
    name: str
    auth: dict  # whoami's "auth" for this credential
    token: str = field(repr=False)
    scopes: tuple = None  # of an OAuth token that was issued; None: not limited by scopes

    def has_scope(self, *any_of):
        return self.scopes is None or any(scope in self.scopes for scope in any_of)

    @property
    def access_token(self):
        return self.auth.get("accessToken", {})


@dataclass
class _Issued:
    name: str
    auth: dict
    scopes: tuple
    expires_at: float  # Unix seconds
    after: str = INVALID  # what it is told then


class Accounts:
    def __init__(self, clock):
        """`clock` returns Unix seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self):
        with self._lock:
            self._whoami = accounts.whoami_records()
            self._fixed = {accounts.token_of(name): name for name in accounts.NAMES}
            self._issued = {}
            self._revoked = set()
            self._refused = {"eve": EXPIRED}
            self._policies = {}  # (organization, account) -> what the organization thinks of the account's tokens

    def whoami(self, caller):
        with self._lock:
            told = {**copy.deepcopy(self._whoami[caller.name]), "auth": copy.deepcopy(caller.auth)}
            for (organization, account), state in self._policies.items():
                if account == caller.name and state != "none":
                    for org in told["orgs"]:
                        if org["name"] == organization:
                            org["securityRestrictions"] = ["token-policy"]
            return told

    def require(self, name):
        """Raises ValueError if there is no such account."""
        if name not in accounts.NAMES:
            raise ValueError(f"no such account: {name}")
        return name

    def change(self, name, *, patch=None, refused=None):
        """Control endpoint: merges `patch` into the whoami answer; `refused` (a text, or "" to undo) makes its token a 401."""
        self.require(name)
        with self._lock:
            _merge(self._whoami[name], patch or {})
            if refused:
                self._refused[name] = refused
            elif refused == "":
                self._refused.pop(name, None)

    def set_policy(self, organization, name, state):
        """Control endpoint: what an organization does with the account's tokens: pending, denied, revoked, none."""
        self.require(name)
        if state not in POLICIES:
            raise ValueError(f"no such policy: {state!r}; there are {', '.join(POLICIES)}")
        with self._lock:
            self._policies[organization, name] = state

    def policy(self, caller, repo, *, write=False):
        """The refusal of the organization that owns a private or gated repository; None if it has no objection."""
        if caller is None or not (write or repo.private or repo.gated):
            return None
        with self._lock:
            refusal = POLICIES[self._policies.get((repo.owner, caller.name), "none")]
        return refusal and recorded(refusal)

    def issue(self, token, name, auth, scopes, expires_at):
        """From now on `token` is a credential of the account, until `expires_at`."""
        with self._lock:
            self._issued[token] = _Issued(name, auth, tuple(scopes), expires_at)

    def order(self, token, name, auth, scopes, *, expired):
        """Control endpoint: one more credential of an account, good for ever or refused as expired."""
        with self._lock:
            self._issued[token] = _Issued(name, auth, None if scopes is None else tuple(scopes),
                                          0 if expired else accounts.OAUTH_EXPIRY_UNIX, EXPIRED)

    def revoke(self, token):
        """The token is refused from now on, everywhere; True if it was somebody's."""
        with self._lock:
            known = token in self._fixed or token in self._issued
            if known:
                self._revoked.add(token)
            return known

    def identify(self, header):
        """The Caller behind an Authorization header; None without one. Raises Refused."""
        if header is None:
            return None
        token = _credential(header)
        if token is None or not re.fullmatch(r"[A-Za-z0-9_.\-]+", token):
            raise Refused(MALFORMED)
        with self._lock:
            if token in self._revoked:
                raise Refused(INVALID)
            name = self._fixed.get(token)
            if name is not None:
                if name in self._refused:
                    raise Refused(self._refused[name])
                return Caller(name, self._whoami[name].get("auth", {}), token)
            issued = self._issued.get(token)
            if issued is None:
                raise Refused(INVALID)
            if issued.expires_at <= self._clock():
                raise Refused(issued.after)
            return Caller(issued.name, issued.auth, token, issued.scopes)

    def redact(self, text):
        """`text` without any token, for the request log."""
        if "_" not in text and "-" not in text:
            return text
        return _TOKEN_LIKE.sub(lambda found: f"<token of {self._owner(found.group())}>", text)

    def _owner(self, token):
        with self._lock:
            issued = self._issued.get(token)
            return self._fixed.get(token) or (issued.name if issued else "nobody")

    # What a credential may do, for the answers; `caller` is None for an anonymous request.
    def may_read_private(self, caller, repo):
        if caller is None or not caller.has_scope("read-repos", "write-repos", "manage-repos"):
            return False
        if not self._scoped(caller, repo, "repo.content.read", "repo.write"):
            return False
        return self.is_member(caller, repo)

    def may_write(self, caller, repo):
        if caller is None:
            return False
        if caller.name == "ci":
            return repo.id == "org/public"
        if caller.scopes is not None:
            return caller.has_scope("write-repos", "manage-repos") and self.is_member(caller, repo)
        role = caller.access_token.get("role")
        if role == "fineGrained":
            return self._scoped(caller, repo, "repo.write") and self.is_member(caller, repo)
        return role == "write" and self.may_read_private(caller, repo)

    def may_read_gated(self, caller, repo):
        """Whether the credential itself is allowed near gated repositories, whatever the user was granted."""
        if not caller.has_scope("gated-repos", "read-repos"):
            return False
        fine_grained = caller.access_token.get("fineGrained")
        if caller.access_token.get("role") != "fineGrained":
            return True
        return bool((fine_grained or {}).get("canReadGatedRepos")) or self._names_repo(caller, repo)

    def is_member(self, caller, repo):
        """Whether the repository is the caller's own or of an organization that it belongs to."""
        if caller.name == repo.owner:
            return True
        with self._lock:
            return any(org["name"] == repo.owner for org in self._whoami[caller.name].get("orgs", []))

    @staticmethod
    def _names_repo(caller, repo):
        return any(one["entity"].get("type") == repo.kind and one["entity"].get("name") == repo.id
                   and {"repo.content.read", "repo.write"} & set(one["permissions"])
                   for one in caller.access_token.get("fineGrained", {}).get("scoped", []))

    @staticmethod
    def _scoped(caller, repo, *permissions):
        """Whether a fine-grained token names one of the permissions for the repository or its owner; other tokens: True."""
        if caller.access_token.get("role") != "fineGrained":
            return True
        fine_grained = caller.access_token.get("fineGrained") or {}
        for one in fine_grained.get("scoped", []):
            if one["entity"].get("name") in (repo.owner, repo.id) and set(permissions) & set(one["permissions"]):
                return True
        return bool(set(permissions) & set(fine_grained.get("global", [])))


def _credential(header):
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip() or None
    if scheme.lower() == "basic":  # git sends the token as the password
        try:
            _, colon, password = base64.b64decode(rest, validate=True).decode().partition(":")
        except ValueError:
            return None
        return password if colon else None
    return None


def _merge(target, patch):
    for key, value in patch.items():
        if isinstance(value, dict) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = value
