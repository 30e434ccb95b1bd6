# SPDX-License-Identifier: Apache-2.0
"""The accounts of the Hub stand-in as they are at start: their tokens, and what whoami-v2 says of them.

Tokens are fixed by name, so that a test can compute them, and look fake to a person and to a scanner:

    alice    read                  "hf_" + "alice" filled with A to 34 letters
    bob      write                 "hf_" + "bob" filled with A
    carol    fine-grained          "hf_" + "carol" filled with A     (canReadGatedRepos is false)
    eve      expired               "hf_" + "eve" filled with A       (401, token name "x")
    dave     OAuth login           "hf_oauth_" + header.payload.signature, exp 2099-12-31
    ci       Trusted Publisher     "hf_jwt_" + header.payload.signature, exp 2099-12-31
    acme     organization          "api_org_" + "acme" filled with A

`token_of(name)` is the rule in code; oauth.py makes further tokens. Values follow GET /api/whoami-v2 of October 2026; names
and ids are invented. Constants only: what changes during a run, and who a header belongs to, is in credentials.py.
"""
import base64
import hashlib
import json

OAUTH_EXPIRY_UNIX = 4102358400  # 2099-12-31T00:00:00Z
OAUTH_EXPIRY_ISO = "2099-12-31T00:00:00.000Z"
NAMES = ("alice", "bob", "carol", "dave", "eve", "ci", "acme")


def jwt(claims):
    """A token's text in the shape of a JWT; the signature is no signature."""
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()
    return f"{part({'alg': 'EdDSA', 'typ': 'JWT'})}.{part(claims)}.{'A' * 86}"


def token_of(name):
    """The token of an account; the same in every run."""
    claims = {"iat": 1767225600, "exp": OAUTH_EXPIRY_UNIX, "iss": "https://huggingface.co"}
    if name == "dave":
        return "hf_oauth_" + jwt({"scope": ["openid", "profile", "read-repos"], "sub": account_id("user", name), **claims})
    if name == "ci":
        return "hf_jwt_" + jwt({"sub": "repo:org/public", **claims})
    prefix = "api_org_" if name == "acme" else "hf_"
    return prefix + name + "A" * (34 - len(name))


def account_id(kind, name):
    """The 24 hex digits that stand for a user, an organization, a model."""
    return hashlib.sha256(f"{kind}:{name}".encode()).hexdigest()[:24]


def _organization(role):
    return {"type": "org", "id": account_id("org", "org"), "name": "org", "fullname": "The Org", "email": None, "canPay": True,
            "periodEnd": 1798761600, "plan": "enterprise", "isEnterprise": True,
            "avatarUrl": "https://www.gravatar.com/avatar/0?d=retro&size=100", "roleInOrg": role,
            "securityRestrictions": [], "resourceGroups": []}


def _user(name, auth, orgs=()):
    return {"type": "user", "id": account_id("user", name), "name": name, "fullname": name.capitalize(),
            "email": f"{name}@example.org", "emailVerified": True, "canPay": False, "billingMode": "postpaid",
            "periodEnd": None, "isPro": False, "avatarUrl": f"/avatars/{account_id('avatar', name)}.svg", "orgs": list(orgs),
            "auth": auth}


def _access_token(display_name, role, fine_grained=None):
    token = {"displayName": display_name, "role": role, "createdAt": "2026-01-02T03:04:05.000Z"}
    if fine_grained is not None:
        token["fineGrained"] = fine_grained
    return {"type": "access_token", "accessToken": token}


def whoami_records():
    """account name -> what whoami-v2 says of it; a fresh copy."""
    scoped = [{"entity": {"_id": account_id("user", "carol"), "type": "user", "name": "carol"},
               "permissions": ["repo.content.read", "repo.write"]},
              {"entity": {"_id": account_id("model", "org/public"), "type": "model", "name": "org/public"},
               "permissions": ["repo.content.read"]}]
    fine_grained = {"canReadGatedRepos": False, "global": ["discussion.write"], "scoped": scoped}
    return {
        "alice": _user("alice", _access_token("laptop", "read")),
        "bob": _user("bob", _access_token("workstation", "write"), [_organization("write")]),
        "carol": _user("carol", _access_token("narrow", "fineGrained", fine_grained)),
        "dave": _user("dave", {"type": "oauth", "expiresAt": OAUTH_EXPIRY_ISO}),
        "eve": _user("eve", _access_token("x", "read")),
        "ci": {"type": "app", "id": account_id("app", "ci"), "name": "ci",
               "scope": {"role": "write", "entities": [{"type": "model", "name": "org/public"}]},
               "auth": {"type": "app_token", "expiresAt": OAUTH_EXPIRY_ISO, "resource": {"sub": "repo:org/public"}}},
        "acme": {"type": "org", "id": account_id("org", "acme"), "name": "acme", "fullname": "Acme", "email": None,
                 "canPay": False, "billingMode": "postpaid", "periodEnd": None, "isEnterprise": False,
                 "avatarUrl": "/avatars/acme.svg", "orgs": [],
                 "auth": _access_token("acme-org", "read")},
    }
