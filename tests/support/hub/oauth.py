# SPDX-License-Identifier: Apache-2.0
"""OAuth of the Hub stand-in: the device flow of `hf auth login` (RFC 8628) and refreshing with rotation (RFC 6749).

    POST /oauth/device   form client_id                                    -> device_code, user_code, verification_uri, ...
    POST /oauth/token    form grant_type, client_id, device_code           -> tokens | authorization_pending | slow_down |
                                                                              expired_token | access_denied
    POST /oauth/token    form grant_type=refresh_token, refresh_token, ... -> tokens | invalid_grant
    GET  /oauth/device   a page on which a person approves a code by hand
    GET  /oauth/userinfo, /.well-known/openid-configuration

Errors are status 400 with {"error", "error_description"}. A refresh ends the access token and the refresh token that it
replaces. Tokens look fake and are numbered. Orders of the control endpoint, {"oauth": VERB, ...}:

    set      interval, device_lifetime, token_lifetime (seconds, fractions too), rotate (false: a refresh returns no new
             refresh token and the old one stays), auto (an account: every code is approved at once; null: off), pending (so
             many polls say authorization_pending first), slow_down (the next polls that say so), scope (list)
    client   id: one more client that may log in
    approve  account, user_code (default: the newest)          deny  user_code (default: the newest)
    issue    account, expires_in, scope: tokens without a login; the answer has them
    expire   account: its access tokens are refused from now on, refreshing works
    end      account: as if the user ended the session: refreshing is invalid_grant too

GET /__oauth tells what happened: codes, logins, refreshes, refused refreshes per account; no tokens.
"""
import collections
import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import parse_qs

import accounts
from answers import as_json, error
from oauth_page import code_page, decided_page

PUBLIC_CLIENT = "26be6b09-91c5-47da-9861-d2d2bb7a7e36"  # what `hf auth login` is known as
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SCOPES = ["openid", "profile", "email", "read-repos", "gated-repos", "write-repos", "inference-api"]
DEFAULTS = {"interval": 5, "device_lifetime": 300, "token_lifetime": 2592000, "rotate": True, "auto": None, "pending": 0,
            "slow_down": 0, "scope": SCOPES}
LETTERS = "EFGHJKLMNPQRSTUV"


@dataclass
class _Code:
    """One device code that somebody is to approve."""
    user_code: str
    client: str
    expires_at: float
    interval: float
    pending: int
    state: str = "pending"  # pending | approved | denied | used
    account: str = None
    polled_at: float = None


@dataclass
class _Session:
    """One login: the chain of its tokens."""
    account: str
    client: str
    scope: list
    access_token: str = None
    refresh_token: str = None
    ended: bool = False


class OAuth:
    def __init__(self, known, clock):
        """`known`: the Accounts that issued tokens are told to. `clock` returns Unix seconds."""
        self._accounts, self._clock = known, clock
        self._lock = threading.Lock()
        self.endpoint = None  # of the hub; set by the server when it has its port
        self.reset()

    def reset(self):
        with self._lock:
            self._set = dict(DEFAULTS)
            self._clients = {PUBLIC_CLIENT}
            self._codes = {}  # device code -> _Code, oldest first
            self._sessions = []
            self._by_refresh = {}  # every refresh token that ever was -> its _Session
            self._serial = 0
            self._counts = {kind: collections.Counter() for kind in ("logins", "refreshes", "refused_refreshes")}

    def answer(self, request, caller):
        """The answer to a request below /oauth; None if there is no such route."""
        route = (request.method, "/".join(request.segments))
        if route == ("GET", "oauth/userinfo"):
            return error(401, "Invalid token", api=True) if caller is None else as_json(self._userinfo(caller))
        if route == ("GET", "oauth/device"):
            return code_page(request.query.get("user_code", [""])[0], accounts.NAMES)
        if route not in (("POST", "oauth/device"), ("POST", "oauth/token"), ("POST", "oauth/decide")):
            return None
        kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            return _refusal("invalid_request", "the body must be a form")
        form = {name: values[-1] for name, values in parse_qs(request.body.decode("latin-1")).items()}
        if route[1] == "oauth/decide":
            return self._decide_by_hand(form)
        with self._lock:
            if form.get("client_id") not in self._clients:
                return _refusal("invalid_client", "unknown client")
            if route[1] == "oauth/device":
                return self._device(form)
            if form.get("grant_type") == DEVICE_GRANT:
                return self._poll(form)
            if form.get("grant_type") == "refresh_token":
                return self._refresh(form)
            return _refusal("unsupported_grant_type", "grant_type must be a device code or a refresh token")

    def metadata(self):
        """GET /.well-known/openid-configuration."""
        at = self.endpoint
        return as_json({"issuer": at, "authorization_endpoint": f"{at}/oauth/authorize", "token_endpoint": f"{at}/oauth/token",
                        "userinfo_endpoint": f"{at}/oauth/userinfo", "device_authorization_endpoint": f"{at}/oauth/device",
                        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
                        "scopes_supported": SCOPES})

    def _userinfo(self, caller):
        told = self._accounts.whoami(caller)
        return {"sub": told["id"], "name": told.get("fullname"), "preferred_username": told["name"],
                "picture": told.get("avatarUrl")}

    def _device(self, form):
        self._serial += 1
        user_code = f"ABCD-EF{LETTERS[self._serial // len(LETTERS) % len(LETTERS)]}{LETTERS[self._serial % len(LETTERS)]}"
        code = _Code(user_code, form["client_id"], self._clock() + self._set["device_lifetime"], self._set["interval"],
                     self._set["pending"])
        if self._set["auto"] is not None:
            code.state, code.account = "approved", self._set["auto"]
        device_code = f"device-{self._serial:06d}-" + "D" * 32
        self._codes[device_code] = code
        at = f"{self.endpoint}/oauth/device"
        return as_json({"device_code": device_code, "user_code": user_code, "verification_uri": at,
                        "verification_uri_complete": f"{at}?user_code={user_code}",
                        "expires_in": self._set["device_lifetime"], "interval": self._set["interval"]})

    def _poll(self, form):
        code, now = self._codes.get(form.get("device_code")), self._clock()
        if code is None or code.client != form["client_id"] or code.state == "used":
            return _refusal("invalid_grant", "unknown device code")
        early = code.polled_at is not None and now - code.polled_at < code.interval
        code.polled_at = now
        if now >= code.expires_at:
            return _refusal("expired_token", "the device code has expired")
        if early or self._set["slow_down"] > 0:
            self._set["slow_down"] = max(self._set["slow_down"] - 1, 0)
            return _refusal("slow_down", "polled too often")
        if code.state == "denied":
            return _refusal("access_denied", "the user denied the request")
        if code.pending > 0 or code.state == "pending":
            code.pending = max(code.pending - 1, 0)
            return _refusal("authorization_pending", "the user has not decided yet")
        code.state = "used"
        self._counts["logins"][code.account] += 1
        return as_json(self._issue(self._begin(code.account, code.client, self._set["scope"])))

    def _refresh(self, form):
        session = self._by_refresh.get(form.get("refresh_token"))
        if session is None:
            self._counts["refused_refreshes"]["nobody"] += 1
            return _refusal("invalid_grant", "unknown refresh token")
        if session.ended or session.refresh_token != form["refresh_token"] or session.client != form["client_id"]:
            self._counts["refused_refreshes"][session.account] += 1
            return _refusal("invalid_grant", "the refresh token is expired, revoked or was used before")
        self._counts["refreshes"][session.account] += 1
        return as_json(self._issue(session))

    def _begin(self, account, client, scope):
        session = _Session(account, client, list(scope))
        self._sessions.append(session)
        return session

    def _issue(self, session, lifetime=None):
        """New tokens of a session, instead of those that it had."""
        self._serial += 1
        lifetime = self._set["token_lifetime"] if lifetime is None else lifetime
        now = self._clock()
        if session.access_token:
            self._accounts.revoke(session.access_token)
        session.access_token = "hf_oauth_" + accounts.jwt({
            "scope": session.scope, "aud": session.client, "sessionId": f"{self._serial:024x}", "iat": int(now),
            "exp": int(now + lifetime), "iss": "https://huggingface.co", "sub": accounts.account_id("user", session.account)})
        ends = datetime.fromtimestamp(int(now + lifetime), timezone.utc)
        auth = {"type": "oauth", "expiresAt": ends.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        self._accounts.issue(session.access_token, session.account, auth, session.scope, now + lifetime)
        reply = {"access_token": session.access_token, "token_type": "bearer", "expires_in": int(lifetime),
                 "scope": " ".join(session.scope)}
        if session.refresh_token is None or self._set["rotate"]:
            session.refresh_token = f"refresh-{session.account}-{self._serial:06d}-" + "R" * 32
            self._by_refresh[session.refresh_token] = session
            reply["refresh_token"] = session.refresh_token
        return reply

    def _decide_by_hand(self, form):
        """What the page of GET /oauth/device sends."""
        order = {"oauth": "approve" if form.get("account") else "deny", **form}
        try:
            code = self.obey(order)["user_code"]
        except ValueError as wrong:
            return decided_page(str(wrong), 400)
        return decided_page(f"{code} is {'approved' if form.get('account') else 'denied'}.")

    def revoked(self, token):
        """The session of an access token that was revoked is over."""
        with self._lock:
            for session in self._sessions:
                if session.access_token == token:
                    session.ended = True

    # The control endpoint.
    def obey(self, order):
        """Carries out {"oauth": VERB, ...}; what the answer is to say besides. Raises ValueError, KeyError."""
        with self._lock:
            verb = order["oauth"]
            if verb == "set":
                unknown = set(order) - set(DEFAULTS) - {"oauth"}
                if unknown:
                    raise ValueError(f"oauth set: unknown {', '.join(sorted(unknown))}")
                if order.get("auto") is not None:
                    self._accounts.require(order["auto"])
                self._set |= {name: value for name, value in order.items() if name != "oauth"}
            elif verb == "client":
                self._clients.add(order["id"])
            elif verb in ("approve", "deny"):
                return self._decide(order, "approved" if verb == "approve" else "denied")
            elif verb == "issue":
                session = self._begin(self._accounts.require(order["account"]), order.get("client", PUBLIC_CLIENT),
                                      order.get("scope", self._set["scope"]))
                return {**self._issue(session, order.get("expires_in")), "client_id": session.client}
            elif verb in ("expire", "end"):
                self._finish(self._accounts.require(order["account"]), ended=verb == "end")
            else:
                raise ValueError("oauth: expected one of set, client, approve, deny, issue, expire, end")
            return {}

    def _decide(self, order, state):
        account = self._accounts.require(order["account"]) if state == "approved" else None
        for code in reversed(self._codes.values()):
            if code.state == "pending" and order.get("user_code", code.user_code) == code.user_code:
                code.state, code.account = state, account
                return {"user_code": code.user_code}
        raise ValueError("no such code waits for a decision")

    def _finish(self, account, ended):
        for session in self._sessions:
            if session.account == account:
                self._accounts.revoke(session.access_token)
                session.ended = session.ended or ended

    def report(self):
        """GET /__oauth."""
        with self._lock:
            codes = [{"user_code": code.user_code, "state": code.state, "account": code.account}
                     for code in self._codes.values()]
            return {"codes": codes, "clients": sorted(self._clients), **self._counts}


def _refusal(code, description):
    return as_json({"error": code, "error_description": description}, 400)
