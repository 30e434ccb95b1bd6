# SPDX-License-Identifier: Apache-2.0
"""The routes of the two origins: a request in, an `Answer` out. No sockets; any thread.

`Hub` is huggingface.co: whoami-v2, repository API, files. `Cdn` is the second origin that large files redirect to: it
knows only signed URLs, and an Authorization header that reaches it is a leak, answered 400 as object stores do.
"""
import gzip
import itertools
import json
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

import answers
import repos
from answers import Answer, as_json, as_text, error, unauthorized
from credentials import Accounts, Refused
from oauth import OAuth

KINDS = {"models": "model", "datasets": "dataset", "spaces": "space"}
NOT_A_PAGE = "Sorry, we can't find the page you are looking for."


@dataclass
class Request:
    method: str
    target: str  # path and query as sent
    headers: object  # case-insensitive .get
    body: bytes = b""

    def __post_init__(self):
        self.parts = urlsplit(self.target)
        self.query = parse_qs(self.parts.query)
        self.segments = [unquote(part) for part in self.parts.path.strip("/").split("/")]


class Hub:
    def __init__(self, state, *, resolve_cache=False):
        self.accounts = Accounts(time.time)
        self.oauth = OAuth(self.accounts, time.time)
        self.limits = answers.RateLimits()
        self.repos = repos.all_repos(state)
        self.cdn_endpoint = None
        self._resolve_cache = resolve_cache
        self._ids = itertools.count(1)

    def settled(self, endpoint, cdn_endpoint):
        """Told by the server when both origins have their ports."""
        self.cdn_endpoint = cdn_endpoint
        self.oauth.endpoint = endpoint

    def reset(self):
        """Accounts, tokens, gates and quotas as at start."""
        self.accounts.reset()
        self.oauth.reset()
        self.limits.reset()
        for repo in self.repos.values():
            repo.access = dict(repo.access_at_start)

    def answer(self, request):
        """(answer, who): `who` is an account, "anonymous" or "bad"."""
        api = request.segments[0] == "api"
        bucket = "api" if api else "resolvers" if "resolve" in request.segments else "pages"
        try:
            caller = self.accounts.identify(request.headers.get("Authorization"))
        except Refused as refusal:
            # A bad token is refused everywhere, even where no token is needed; the address pays for it.
            headers, limited = self.limits.count(None, bucket)
            return self._finished(limited or unauthorized(str(refusal), api=api), headers), "bad"
        headers, limited = self.limits.count(caller.name if caller else None, bucket)
        return self._finished(limited or self._route(request, caller, api), headers), caller.name if caller else "anonymous"

    def _finished(self, answer, headers):
        root = f"Root=1-{int(time.time()):08x}-{next(self._ids):024x}"
        answer.headers = {"X-Request-Id": root, "X-Powered-By": "huggingface-moon", **headers, **answer.headers}
        return answer

    def _route(self, request, caller, api):
        head, *rest = request.segments
        if api and rest[:1] == ["whoami-v2"]:
            return unauthorized(api=True) if caller is None else as_json(self.accounts.whoami(caller))
        if api and rest[:1] == ["whoami"]:
            return unauthorized("Invalid credentials in Authorization header", api=True)
        if api and rest[:1] == ["resolve-cache"] and len(rest) > 5:
            return self._file_by_names(request, caller, KINDS.get(rest[1]), f"{rest[2]}/{rest[3]}", rest[4:], direct=True)
        if api and len(rest) >= 3 and rest[0] in KINDS:
            return self._repo_api(request, caller, KINDS[rest[0]], f"{rest[1]}/{rest[2]}", rest[3:])
        if head == "oauth" and not api:
            return self.oauth.answer(request, caller) or error(404, NOT_A_PAGE, api=True)
        if request.segments == [".well-known", "openid-configuration"]:
            return self.oauth.metadata()
        kind, names = (KINDS[head], rest) if head in ("datasets", "spaces") else ("model", request.segments)
        if not api and len(names) > 4 and names[2] in ("resolve", "raw"):
            return self._file_by_names(request, caller, kind, f"{names[0]}/{names[1]}", names[3:],
                                       direct=names[2] == "raw")
        return error(404, NOT_A_PAGE, api=api)

    def _find(self, request, caller, kind, repo_id, api):
        """(repo, None) or (None, answer): renamed, missing, private to others, disabled."""
        renamed = repos.RENAMED.get((kind, repo_id))
        if renamed:
            target = request.target.replace(f"/{repo_id}", f"/{renamed}", 1)
            return None, as_text(f"Temporary Redirect. Redirecting to {target}", 307, {"Location": target})
        repo = self.repos.get((kind, repo_id))
        if repo is None or (repo.private and not self.accounts.may_read_private(caller, repo)):
            if caller is None:
                return None, unauthorized(api=api)
            return None, error(404, "Repository not found", "RepoNotFound", api=api)
        if repo.disabled:
            return None, error(403, answers.DISABLED, api=api)
        return repo, None

    def _repo_api(self, request, caller, kind, repo_id, rest):
        repo, refusal = self._find(request, caller, kind, repo_id, api=True)
        if refusal:
            return refusal
        if rest[:1] == ["auth-check"]:
            return self._auth_check(repo, caller, write=rest[1:] == ["write"])
        if rest == ["refs"]:
            branches = [{"name": ref, "ref": f"refs/heads/{ref}", "targetCommit": sha} for ref, sha in repo.commits.items()]
            return as_json({"branches": branches, "converts": [], "tags": []})
        if not rest or rest[0] in ("revision", "tree", "paths-info"):
            revision = rest[1] if len(rest) > 1 else "main"
            found = repo.at(revision)
            if found is None:
                return error(404, f"Invalid rev id: {revision}", "RevisionNotFound", api=True)
            return self._listing(request, repo, revision, found, rest)
        return error(404, NOT_A_PAGE, api=True)

    def _auth_check(self, repo, caller, write):
        blocked = answers.gate(repo, caller, self.accounts)
        if blocked:
            status, text, code = blocked
            return error(status, text, code, api=True)
        if write and caller is None:
            return unauthorized(api=True)
        if write and not self.accounts.may_write(caller, repo):
            return error(403, answers.READ_ONLY, api=True)
        return as_text("OK")

    def _listing(self, request, repo, revision, found, rest):
        commit, files = found
        if rest[:1] == ["tree"]:
            folder = "/".join(rest[2:])
            recursive = request.query.get("recursive", ["false"])[0].lower() in ("true", "1")
            entries = answers.tree(files, folder, recursive)
            if entries is None:
                return error(404, f'{folder} does not exist on "{revision}"', "EntryNotFound", api=True)
            return as_json(entries)
        if rest[:1] == ["paths-info"]:
            return as_json([answers.tree_entry(files[path]) for path in _wanted_paths(request) if path in files])
        return as_json(answers.repo_info(repo, commit, files, request.query))

    def _file_by_names(self, request, caller, kind, repo_id, rest, direct):
        repo, refusal = self._find(request, caller, kind, repo_id, api=False)
        if refusal is None:
            refusal = self._file(request, caller, repo, rest[0], "/".join(rest[1:]), direct)
        if caller is None:
            refusal.headers["X-HF-Warning"] = answers.UNAUTHENTICATED
        return refusal

    def _file(self, request, caller, repo, revision, path, direct):
        open_to_all = path in ("README.md", ".gitattributes") or path.startswith("LICENSE")
        blocked = None if open_to_all else answers.gate(repo, caller, self.accounts)
        if blocked:
            status, text, code = blocked
            return error(status, text, code, api=False)
        found = repo.at(revision)
        if found is None:
            return error(404, f"Invalid rev id: {revision}", "RevisionNotFound", api=False)
        commit, files = found
        told = {"X-Repo-Commit": commit}
        if path not in files:
            return error(404, "Entry not found", "EntryNotFound", api=False, headers=told)
        file = files[path]
        if not file.lfs:
            if self._resolve_cache and not direct:
                target = f"/api/resolve-cache/{repo.kind}s/{repo.id}/{commit}/{quote(path)}"
                return Answer(307, {**told, "Location": target, "X-Linked-Etag": f'"{file.blob_id}"',
                                    "X-Linked-Size": str(len(file.content))})
            return _small_file(request, file, told)
        etag = f'"{file.sha256}"'
        location = f"{self.cdn_endpoint}{signed_path(file)}"
        body = f"Found. Redirecting to {location}".encode()
        return Answer(302, {**told, "Location": location, "X-Linked-Etag": etag, "X-Linked-Size": str(len(file.content)),
                            "ETag": etag, "Content-Type": "text/plain; charset=utf-8"}, body)


def _small_file(request, file, told):
    """The Hub compresses small files for whoever accepts it: then the ETag is weak and the length is another one."""
    headers = {**told, "ETag": f'"{file.blob_id}"', "Content-Type": "text/plain; charset=utf-8",
               "Content-Disposition": f"inline; filename*=UTF-8''{quote(file.path.split('/')[-1])}"}
    if "gzip" in (request.headers.get("Accept-Encoding") or "") and len(file.content) > 1024:
        headers |= {"Content-Encoding": "gzip", "ETag": f'W/"{file.blob_id}"', "Vary": "Accept-Encoding"}
        return Answer(200, headers, gzip.compress(file.content, mtime=0))
    return answers.ranged(Answer(200, headers, file.content), request.headers.get("Range"))


def _wanted_paths(request):
    try:
        wanted = json.loads(request.body or b"{}")
        return wanted.get("paths", [])
    except (ValueError, AttributeError):
        return [path for name in ("paths", "paths[]") for path in parse_qs(request.body.decode()).get(name, [])]


def signed_path(file):
    signature = file.sha256[::-1][:32]
    name = quote(file.path.split("/")[-1])
    return (f"/repos/{file.sha256[:2]}/{file.sha256}?response-content-disposition=inline%3B+filename%3D{name}"
            f"&Expires=4102358400&Signature={signature}&Key-Pair-Id=STANDIN")


class Cdn:
    def __init__(self, repos_by_name):
        files = (file for repo in repos_by_name.values() for file in repo.files.values() if file.lfs)
        self._files = {f"/repos/{file.sha256[:2]}/{file.sha256}": file for file in files}

    def answer(self, request):
        """(answer, who): `who` is "anonymous", or "leaked" when a credential came here."""
        if request.headers.get("Authorization") is not None:
            return _xml(400, "InvalidArgument", "Only one auth mechanism allowed"), "leaked"
        file = self._files.get(request.parts.path)
        if file is None or request.query.get("Signature") != parse_qs(signed_path(file)).get("Signature"):
            return _xml(403, "AccessDenied", "Access denied"), "anonymous"
        whole = Answer(200, {"ETag": f'"{file.sha256}"', "Content-Type": "binary/octet-stream",
                             "Last-Modified": "Fri, 02 Jan 2026 03:04:05 GMT"}, file.content)
        return answers.ranged(whole, request.headers.get("Range")), "anonymous"


def _xml(status, code, message):
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, {"Content-Type": "application/xml"}, body.encode())
