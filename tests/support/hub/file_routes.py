# SPDX-License-Identifier: Apache-2.0
"""Files of the Hub stand-in: /{id}/resolve/REV/PATH on the hub, signed addresses on the second origin. Any thread.

`Cdn` is the second origin that large files redirect to: it knows only signed URLs, and an Authorization header that reaches
it is a leak, answered 400 as object stores do.
"""
import gzip
from urllib.parse import quote

import answers
from answers import Answer, refuse
from portal import portal_page
from repo_routes import XET_TOKEN, xet_headers
from texts import recorded

COMPRESSED_FROM = 1024  # bytes
BINARY = (".bin", ".safetensors", ".gz", ".png")


class FileRoutes:
    def __init__(self, hub, *, resolve_cache):
        self._hub, self._resolve_cache = hub, resolve_cache

    def answer(self, request, caller, repo, revision, path, *, direct):
        """`direct`: no detour by /api/resolve-cache."""
        open_to_all = path in ("README.md", ".gitattributes") or path.startswith("LICENSE")
        blocked = None if open_to_all and not repo.private else self._hub.blocked(repo, caller)
        if blocked:
            return refuse(blocked, api=False)
        found = repo.at(revision)
        if found is None:
            return refuse(recorded("no-revision", revision=revision), api=False)
        commit, files = found
        told = {"X-Repo-Commit": commit}
        file = files.get(path)
        if file is None:
            return refuse(recorded("no-entry"), api=False, headers=told)
        if file.lfs:
            return self._redirect(repo, commit, file, told)
        if self._resolve_cache and not direct:
            target = f"/api/resolve-cache/{repo.kind}s/{repo.id}/{commit}/{quote(path)}"
            return Answer(307, {**told, "Location": target, "X-Linked-Etag": f'"{file.told_id}"',
                                "X-Linked-Size": str(len(file.content))})
        return _small_file(request, file, told)

    def _redirect(self, repo, commit, file, told):
        self._hub.repos.serve_large(file)
        etag = f'"{file.told_id}"'
        location = f"{self._hub.cdn_endpoint}{signed_path(file)}"
        headers = {**told, "Location": location, "X-Linked-Etag": etag, "X-Linked-Size": str(len(file.content)), "ETag": etag,
                   "Content-Type": "text/plain; charset=utf-8"}
        if file.xet:
            headers |= xet_headers(self._hub, repo, commit, file)
        return Answer(302, headers, f"Found. Redirecting to {location}".encode())


def _small_file(request, file, told):
    """The Hub compresses small texts for whoever accepts it: then the ETag is weak and the length is another one."""
    text = not file.path.endswith(BINARY)
    name = quote(file.path.split("/")[-1], errors="surrogatepass")
    headers = {**told, "ETag": f'"{file.told_id}"',
               "Content-Type": "text/plain; charset=utf-8" if text else "application/octet-stream",
               "Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    if text and len(file.content) > COMPRESSED_FROM and "gzip" in (request.headers.get("Accept-Encoding") or ""):
        headers |= {"Content-Encoding": "gzip", "ETag": f'W/"{file.told_id}"', "Vary": "Accept-Encoding"}
        return Answer(200, headers, gzip.compress(bytes(file.content), mtime=0))
    return answers.ranged(Answer(200, headers, file.content), request.headers.get("Range"))


def signature_of(file):
    return file.told_id[::-1][:32]


def signed_path(file):
    name = quote(file.path.split("/")[-1], errors="surrogatepass")
    identity = quote(file.told_id, safe="")
    return (f"/repos/{identity[:2]}/{identity}?response-content-disposition=inline%3B+filename%3D{name}"
            f"&Expires=4102358400&Signature={quote(signature_of(file), safe='')}&Key-Pair-Id=STANDIN")


class Cdn:
    def __init__(self, repos):
        self._repos = repos

    def answer(self, request):
        """(answer, who): `who` is "anonymous", "leaked" when a credential came here, "xet" with Xet storage's own token."""
        if request.segments[0] == "cas" and request.headers.get("Authorization") == f"Bearer {XET_TOKEN}":
            return Answer(503, {"Content-Type": "text/plain"}, b"There is no Xet storage here"), "xet"
        if request.headers.get("Authorization") is not None:
            return _xml(400, "InvalidArgument", "Only one auth mechanism allowed"), "leaked"
        if request.segments[0] == "portal":
            return portal_page(), "anonymous"
        file = self._repos.large(request.segments[2]) if request.segments[0] == "repos" and len(request.segments) == 3 else None
        if file is None or request.query.get("Signature") != [signature_of(file)]:
            return _xml(403, "AccessDenied", "Access denied"), "anonymous"
        whole = Answer(200, {"ETag": f'"{file.told_id}"', "Content-Type": "binary/octet-stream",
                             "Last-Modified": "Fri, 02 Jan 2026 03:04:05 GMT"}, file.content)
        return answers.ranged(whole, request.headers.get("Range")), "anonymous"


def _xml(status, code, message):
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, {"Content-Type": "application/xml"}, body.encode())
