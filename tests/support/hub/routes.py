# SPDX-License-Identifier: Apache-2.0
"""The routes of the Hub stand-in's first origin: a request in, an `Answer` out. No sockets; any thread.

`Hub` is huggingface.co: it knows who asks and counts it, and passes on to whoami-v2, OAuth (oauth.py), the repository API
(repo_routes.py) and files (file_routes.py).
"""
import itertools
import json
import time

import answers
from answers import Answer, as_json, as_text, error, refuse, unauthorized
from credentials import Accounts, Refused
from file_routes import FileRoutes
from limits import RateLimits
from oauth import OAuth
from repo_routes import RepoApi
from repo_table import RENAMED, all_repos
from repos import Repos
from texts import UNAUTHENTICATED, recorded

KINDS = {"models": "model", "datasets": "dataset", "spaces": "space"}


class Hub:
    def __init__(self, state, *, resolve_cache=False, unlimited=False):
        """`state`: a folder for unpacked assets and checksums. `unlimited`: quotas that nobody uses up."""
        self.accounts = Accounts(time.time)
        self.oauth = OAuth(self.accounts, time.time)
        self.limits = RateLimits(unlimited=unlimited)
        self.repos = Repos(state, all_repos(state))
        self.repo_api = RepoApi(self)
        self.endpoint = self.cdn_endpoint = None
        self._files = FileRoutes(self, resolve_cache=resolve_cache)
        self._ids = itertools.count(1)

    def settled(self, endpoint, cdn_endpoint):
        """Told by the server when both origins have their ports."""
        self.endpoint, self.cdn_endpoint = endpoint, cdn_endpoint
        self.oauth.endpoint = endpoint

    def reset(self):
        """Accounts, tokens, repositories, gates and quotas as at start."""
        for part in (self.accounts, self.oauth, self.limits, self.repos, self.repo_api):
            part.reset()

    def answer(self, request):
        """(answer, who): `who` is an account, "anonymous" or "bad"."""
        api = request.segments[0] == "api"
        try:
            caller = self.accounts.identify(request.headers.get("Authorization"))
        except Refused as refusal:
            # A bad token is refused everywhere, even where no token is needed; the address pays for it.
            headers, limited = self.limits.count(None, request.bucket)
            return self._finished(limited or error(401, str(refusal), api=api), headers), "bad"
        headers, limited = self.limits.count(caller and caller.name, request.bucket)
        return self._finished(limited or self._route(request, caller, api), headers), caller.name if caller else "anonymous"

    def _finished(self, answer, headers):
        root = f"Root=1-{int(time.time()):08x}-{next(self._ids):024x}"
        answer.headers = {"X-Request-Id": root, "X-Powered-By": "huggingface-moon", **headers, **answer.headers}
        return answer

    def _route(self, request, caller, api):
        head, *rest = request.segments
        if api:
            return self._api(request, caller, rest)
        if head == "oauth":
            return self.oauth.answer(request, caller) or refuse(recorded("no-page"), api=True)
        if request.segments == [".well-known", "openid-configuration"]:
            return self.oauth.metadata()
        kind, names = (KINDS[head], rest) if head in ("datasets", "spaces") else ("model", request.segments)
        if len(names) > 4 and names[2] in ("resolve", "raw"):
            return self._file(request, caller, kind, names, direct=names[2] == "raw")
        return refuse(recorded("no-page"), api=False)

    def _api(self, request, caller, rest):
        if rest == ["whoami-v2"]:
            return unauthorized(api=True) if caller is None else as_json(self.accounts.whoami(caller))
        if rest == ["whoami"]:
            return refuse(recorded("malformed"), api=True)
        if rest == ["credentials", "revoke"] and request.method == "POST":
            return self._revoke(request)
        if rest[:1] == ["resolve-cache"] and len(rest) > 5:
            return self._file(request, caller, KINDS.get(rest[1]), [*rest[2:4], "resolve", *rest[4:]], direct=True)
        if len(rest) >= 3 and rest[0] in KINDS:
            repo, refusal = self._find(request, caller, KINDS[rest[0]], f"{rest[1]}/{rest[2]}", api=True)
            return refusal or self.repo_api.answer(request, caller, repo, rest[3:])
        if len(rest) == 1 and rest[0] in KINDS:
            return self._listed(request, KINDS[rest[0]])
        return refuse(recorded("no-page"), api=True)

    def _listed(self, request, kind):
        """Public repositories by their owner: /api/models?author=org&limit=100."""
        author = request.query.get("author", [""])[0]
        found = self.repos.public(kind, author) if author else []
        return as_json([{"id": one.id} for one in found[:max(request.number("limit", 100), 0)]])

    def _revoke(self, request):
        """A leak is reported by anybody, without a token; the reply says nothing about what was found."""
        try:
            credentials = json.loads(request.body)["credentials"]
            tokens = [token for token in credentials if isinstance(token, str)]
        except (ValueError, KeyError, TypeError):
            tokens = []
        for token in tokens:
            if self.accounts.revoke(token):
                self.oauth.revoked(token)
        return Answer(202)

    def _find(self, request, caller, kind, repo_id, api):
        """(repo, None) or (None, answer): renamed, missing, private to others, disabled."""
        renamed = RENAMED.get((kind, repo_id))
        if renamed:
            target = request.target.replace(f"/{repo_id}", f"/{renamed}", 1)
            return None, as_text(f"Temporary Redirect. Redirecting to {target}", 307, {"Location": target})
        repo = self.repos.find(kind, repo_id)
        if repo is None or (repo.private and not self.accounts.may_read_private(caller, repo)):
            return None, unauthorized(api=api) if caller is None else refuse(recorded("no-repo"), api=api)
        if repo.disabled:
            return None, refuse(recorded("disabled"), api=api)
        return repo, None

    def blocked(self, repo, caller, *, write=False):
        """The texts.Refusal between the caller and the files of a repository that it can see; None if there is none."""
        policy = self.accounts.policy(caller, repo, write=write)
        return policy or answers.gate(repo, caller, self.accounts)

    def _file(self, request, caller, kind, names, *, direct):
        """`names`: owner, name, resolve, revision, path..."""
        repo, answer = self._find(request, caller, kind, f"{names[0]}/{names[1]}", api=False)
        if answer is None:
            answer = self._files.answer(request, caller, repo, names[3], "/".join(names[4:]), direct=direct)
        if caller is None:
            answer.headers["X-HF-Warning"] = UNAUTHENTICATED
        return answer
