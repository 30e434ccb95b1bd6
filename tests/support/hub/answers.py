# SPDX-License-Identifier: Apache-2.0
"""What the Hub stand-in answers: plain values, no sockets.

The texts, codes and header names are those of huggingface.co as recorded in October 2026. `/api` errors are JSON
`{"error": text}`, file errors are text/plain; both repeat the text in X-Error-Message and say the kind in X-Error-Code.
"""
import json
import threading
import time
from dataclasses import dataclass, field

from credentials import INVALID

CHALLENGE = 'Bearer realm="Authentication required", charset="UTF-8"'
UNAUTHENTICATED = ("unauthenticated; Warning: You are sending unauthenticated requests to the HF Hub. Please set a HF_TOKEN"
                   " to enable higher rate limits and faster downloads.")
DISABLED = "Access to this resource is disabled."
NO_GATED_SCOPE = ("Please enable access to public gated repositories in your fine-grained token settings to view this"
                  " repository.")
READ_ONLY = "You have read access but not the required permissions for this operation"


@dataclass
class Answer:
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b""


def as_json(value, status=200, headers=None):
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body)


def as_text(text, status=200, headers=None):
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}, text.encode())


def error(status, text, code=None, *, api, headers=None):
    """An error of the Hub. `api` chooses between the JSON and the text form."""
    told = {"X-Error-Message": text, **(headers or {})}
    if code is not None:
        told["X-Error-Code"] = code
    if status == 401:
        told["WWW-Authenticate"] = CHALLENGE
    return as_json({"error": text}, status, told) if api else as_text(text, status, told)


def unauthorized(text=INVALID, *, api):
    return error(401, text, api=api)


def gate(repo, caller, accounts):
    """(status, text, code) of what stands between `caller` and the files of a gated repository; None if nothing does."""
    if not repo.gated:
        return None
    if caller is None:
        return 401, (f"Access to {repo.kind} {repo.id} is restricted. You must have access to it and be authenticated to"
                     " access it. Please log in."), "GatedRepo"
    if not accounts.may_read_gated(caller, repo):
        return 403, NO_GATED_SCOPE, None
    state = repo.access.get(caller.name)
    if state == "accepted":
        return None
    request = f"Your request to access {repo.kind} {repo.id}"
    visit = f"Visit https://huggingface.co/{repo.page}"
    return 403, {
        "pending": f"{request} is awaiting a review from the repo authors.",
        "rejected": f"{request} has been rejected by the repo's authors.",
        "reset": f"{request} has been reset by the repo's authors. {visit} to submit a new request.",
    }.get(state, f"Access to {repo.kind} {repo.id} is restricted and you are not in the authorized list."
                 f" {visit} to ask for access."), "GatedRepo"


def repo_info(repo, commit, files, query):
    """GET /api/{kind}s/{id}. `query` is a parsed query string; `expand` restricts the fields, `blobs` adds sizes and ids."""
    siblings = [{"rfilename": path} for path in sorted(files)]
    if query.get("blobs", ["false"])[0].lower() in ("true", "1"):
        for sibling in siblings:
            file = files[sibling["rfilename"]]
            sibling |= {"size": len(file.content), "blobId": file.blob_id}
            if file.lfs:
                sibling["lfs"] = {"sha256": file.sha256, "size": len(file.content), "pointerSize": len(file.pointer)}
    info = {"_id": commit[:24], "id": repo.id, "author": repo.owner, "sha": commit, "private": repo.private,
            "gated": repo.gated, "disabled": repo.disabled, "downloads": 0, "likes": 0, "tags": ["license:mit"],
            "createdAt": "2026-01-02T03:04:05.000Z", "lastModified": "2026-01-02T03:04:05.000Z", "siblings": siblings,
            "usedStorage": sum(len(file.content) for file in files.values())}
    if repo.kind == "model":
        info |= {"modelId": repo.id, "pipeline_tag": "text-generation", "library_name": "transformers"}
    if repo.kind == "space":
        info |= {"sdk": "static", "runtime": {"stage": "RUNNING"}}
    wanted = query.get("expand[]", []) + query.get("expand", [])
    return {key: value for key, value in info.items() if not wanted or key in ("_id", "id", *wanted)}


def tree_entry(file):
    entry = {"type": "file", "oid": file.blob_id, "size": len(file.content), "path": file.path}
    if file.lfs:
        entry["lfs"] = {"oid": file.sha256, "size": len(file.content), "pointerSize": len(file.pointer)}
    return entry


def tree(files, folder, recursive):
    """Entries under `folder` ("" is the root), folders included; None if there is no such folder."""
    prefix = f"{folder}/" if folder else ""
    below = [files[path] for path in sorted(files) if path.startswith(prefix)]
    if not below:
        return None
    entries, seen = [], set()
    for file in below:
        parts = file.path[len(prefix):].split("/")
        for depth in range(1, len(parts) if recursive else min(len(parts), 2)):
            path = prefix + "/".join(parts[:depth])
            if path not in seen:
                seen.add(path)
                entries.append({"type": "directory", "oid": file.sha256[:40], "size": 0, "path": path})
        if recursive or len(parts) == 1:
            entries.append(tree_entry(file))
    return entries


def ranged(answer, header):
    """`answer` cut to an HTTP Range header; the whole if there is none or it cannot be understood."""
    size = len(answer.body)
    answer.headers["Accept-Ranges"] = "bytes"
    unit, _, spec = (header or "").partition("=")
    first, dash, last = spec.strip().partition("-")
    if unit.strip().lower() != "bytes" or not dash or not (first + last).isdigit():
        return answer
    if first:
        start, stop = int(first), min(int(last) if last else size - 1, size - 1)
    else:
        start, stop = max(size - int(last), 0), size - 1
    if start > stop:
        return Answer(416, {"Content-Range": f"bytes */{size}", "Content-Type": "text/plain; charset=utf-8"},
                      b"Range Not Satisfiable")
    answer.headers["Content-Range"] = f"bytes {start}-{stop}/{size}"
    return Answer(206, answer.headers, answer.body[start:stop + 1])


class RateLimits:
    """Fixed windows of 300 s per account and bucket, as the IETF draft-09 headers tell them on every response."""
    WINDOW_S = 300
    ANONYMOUS = {"api": 500, "resolvers": 3000, "pages": 100}
    FREE_USER = {"api": 1000, "resolvers": 5000, "pages": 200}

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self):
        with self._lock:
            self._start = self._clock()
            self._used = {}
            self._quotas = {}

    def set_quota(self, bucket, quota):
        """Control endpoint: another quota for everyone."""
        with self._lock:
            self._quotas[bucket] = quota

    def count(self, who, bucket):
        """Counts one request: (headers, the answer 429 or None)."""
        with self._lock:
            elapsed = self._clock() - self._start
            if elapsed >= self.WINDOW_S:
                self._start += elapsed // self.WINDOW_S * self.WINDOW_S
                self._used = {}
                elapsed = self._clock() - self._start
            quota = self._quotas.get(bucket, (self.ANONYMOUS if who is None else self.FREE_USER)[bucket])
            used = self._used[who, bucket] = self._used.get((who, bucket), 0) + 1
        remaining, reset = max(quota - used, 0), max(int(self.WINDOW_S - elapsed), 1)
        headers = {"RateLimit": f'"{bucket}";r={remaining};t={reset}',
                   "RateLimit-Policy": f'"fixed window";"{bucket}";q={quota};w={self.WINDOW_S}'}
        if used <= quota:
            return headers, None
        if who is None:
            text = ("We had to rate limit your IP (127.0.0.1). To continue using our service, create a HF account or login"
                    " to your existing account, and make sure you pass a HF_TOKEN if you're using the API.")
        else:
            text = (f"We had to rate limit you, you hit the quota of {quota} {bucket} requests per 5 minutes period. Upgrade"
                    " to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits."
                    " See https://huggingface.co/docs/hub/rate-limits")
        return headers, error(429, text, api=bucket == "api")
