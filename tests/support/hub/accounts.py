# SPDX-License-Identifier: Apache-2.0
"""The accounts of the Hub stand-in: their tokens, what whoami-v2 says of them, and who a header belongs to.

Tokens are fixed by name, so that a test can compute them, and look fake to a person and to a scanner:

    alice    read                  "hf_" + "alice" filled with A to 34 letters
    bob      write                 "hf_" + "bob" filled with A
    carol    fine-grained          "hf_" + "carol" filled with A     (canReadGatedRepos is false)
    eve      expired               "hf_" + "eve" filled with A       (401, token name "x")
    dave     OAuth login           "hf_oauth_" + header.payload.signature, exp 2099-12-31
    ci       Trusted Publisher     "hf_jwt_" + header.payload.signature, exp 2099-12-31
    acme     organization          "api_org_" + "acme" filled with A

`token_of(name)` is the rule in code. Values follow GET /api/whoami-v2 of October 2026; names and ids are invented.
Thread safety: an `Accounts` is changed only under its lock, by the control endpoint.
"""
import base64
import copy
import hashlib
import json
import re
import threading

OAUTH_EXPIRY_UNIX = 4102358400  # 2099-12-31T00:00:00Z
OAUTH_EXPIRY_ISO = "2099-12-31T00:00:00.000Z"
NAMES = ("alice", "bob", "carol", "dave", "eve", "ci", "acme")

INVALID = "Invalid username or password."
MALFORMED = "Invalid credentials in Authorization header"


def _jwt(claims):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()
    return f"{part({'alg': 'EdDSA', 'typ': 'JWT'})}.{part(claims)}.{'A' * 86}"


def token_of(name):
    """The token of an account; the same in every run."""
    claims = {"iat": 1767225600, "exp": OAUTH_EXPIRY_UNIX, "iss": "https://huggingface.co"}
    if name == "dave":
        return "hf_oauth_" + _jwt({"scope": ["openid", "profile", "read-repos"], "sub": _id("user", name), **claims})
    if name == "ci":
        return "hf_jwt_" + _jwt({"sub": "repo:org/public", **claims})
    prefix = "api_org_" if name == "acme" else "hf_"
    return prefix + name + "A" * (34 - len(name))


def _id(kind, name):
    return hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()[:24]


def _organization(role):
    return {"type": "org", "id": _id("org", "org"), "name": "org", "fullname": "The Org", "email": None, "canPay": True,
            "periodEnd": 1798761600, "plan": "enterprise", "isEnterprise": True,
            "avatarUrl": "https://www.gravatar.com/avatar/0?d=retro&size=100", "roleInOrg": role,
            "securityRestrictions": [], "resourceGroups": []}


def _user(name, auth, orgs=()):
    return {"type": "user", "id": _id("user", name), "name": name, "fullname": name.capitalize(),
            "email": f"{name}@example.org", "emailVerified": True, "canPay": False, "billingMode": "postpaid",
            "periodEnd": None, "isPro": False, "avatarUrl": f"/avatars/{_id('avatar', name)}.svg", "orgs": list(orgs),
            "auth": auth}


def _access_token(display_name, role, fine_grained=None):
    token = {"displayName": display_name, "role": role, "createdAt": "2026-01-02T03:04:05.000Z"}
    if fine_grained is not None:
        token["fineGrained"] = fine_grained
    return {"type": "access_token", "accessToken": token}


def _whoami():
    scoped = [{"entity": {"_id": _id("user", "carol"), "type": "user", "name": "carol"},
               "permissions": ["repo.content.read", "repo.write"]},
              {"entity": {"_id": _id("model", "org/public"), "type": "model", "name": "org/public"},
               "permissions": ["repo.content.read"]}]
    fine_grained = {"canReadGatedRepos": False, "global": ["discussion.write"], "scoped": scoped}
    return {
        "alice": _user("alice", _access_token("laptop", "read")),
        "bob": _user("bob", _access_token("workstation", "write"), [_organization("write")]),
        "carol": _user("carol", _access_token("narrow", "fineGrained", fine_grained)),
        "dave": _user("dave", {"type": "oauth", "expiresAt": OAUTH_EXPIRY_ISO}),
        "eve": _user("eve", _access_token("x", "read")),
        "ci": {"type": "app", "id": _id("app", "ci"), "name": "ci",
               "scope": {"role": "write", "entities": [{"type": "model", "name": "org/public"}]},
               "auth": {"type": "app_token", "expiresAt": OAUTH_EXPIRY_ISO, "resource": {"sub": "repo:org/public"}}},
        "acme": {"type": "org", "id": _id("org", "acme"), "name": "acme", "fullname": "Acme", "email": None,
                 "canPay": False, "billingMode": "postpaid", "periodEnd": None, "isEnterprise": False,
                 "avatarUrl": "/avatars/acme.svg", "orgs": [],
                 "auth": _access_token("acme-org", "read")},
    }


class Refused(Exception):
    """The Authorization header names nobody: str() is the server's text. Sent as 401 on every route, public ones too."""


class Accounts:
    def __init__(self):
        self._lock = threading.Lock()
        self.reset()

    def reset(self):
        with self._lock:
            self._whoami = _whoami()
            self._by_token = {token_of(name): name for name in NAMES}
            self._refused = {"eve": 'User Access Token "x" is expired'}

    def whoami(self, name):
        with self._lock:
            return copy.deepcopy(self._whoami[name])

    def change(self, name, *, patch=None, refused=None):
        """Control endpoint: merges `patch` into the whoami answer; `refused` (a text, or "" to undo) makes its token a 401."""
        with self._lock:
            if name not in self._whoami:
                raise ValueError(f"no such account: {name}")
            _merge(self._whoami[name], patch or {})
            if refused:
                self._refused[name] = refused
            elif refused == "":
                self._refused.pop(name, None)

    def identify(self, header):
        """The account behind an Authorization header; None without one. Raises Refused."""
        if header is None:
            return None
        token = _credential(header)
        if token is None or not re.fullmatch(r"[A-Za-z0-9_.\-]+", token):
            raise Refused(MALFORMED)
        with self._lock:
            name = self._by_token.get(token)
            if name is None:
                raise Refused(INVALID)
            if name in self._refused:
                raise Refused(self._refused[name])
            return name

    def redact(self, text):
        """`text` without any of the tokens, for the request log."""
        for token, name in self._by_token.items():
            text = text.replace(token, f"<token of {name}>")
        return text

    # What a token may do, for the answers; `who` is None for an anonymous request.
    def may_read_private(self, who, repo):
        if who is None:
            return False
        if who == repo.owner:
            return True
        return repo.owner == "org" and self._is_member(who)

    def may_write(self, who, repo):
        if who is None:
            return False
        if who == "ci":
            return repo.id == "org/public"
        token = self.whoami(who).get("auth", {}).get("accessToken", {})
        if token.get("role") == "fineGrained":
            return who == repo.owner
        return token.get("role") == "write" and self.may_read_private(who, repo)

    def may_read_gated(self, who):
        """Whether the token itself is allowed near gated repositories, whatever the user was granted."""
        token = self.whoami(who).get("auth", {}).get("accessToken", {})
        return token.get("role") != "fineGrained" or bool(token.get("fineGrained", {}).get("canReadGatedRepos"))

    def _is_member(self, who):
        return any(org["name"] == "org" for org in self.whoami(who).get("orgs", []))


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
