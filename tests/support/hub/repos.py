# SPDX-License-Identifier: Apache-2.0
"""The repositories of the Hub stand-in: their files, object ids, gates. Changed by the control endpoint only.

A file's ETag is what the Hub sends: the git blob id (SHA-1) of a small file, the SHA-256 of one in large-file storage.
Commits are derived from the content, so they change exactly when a file does. Which repositories there are at start is in
repo_table.py; those that a name makes are in bulk.py.
"""
import base64
import hashlib
import threading
from dataclasses import dataclass, field
from functools import cached_property

import bulk
from files import File, PatternFile

KINDS = ("model", "dataset", "space")
GATE_STATES = ("none", "pending", "accepted", "rejected", "reset")


@dataclass
class Repo:
    id: str
    kind: str = "model"  # model | dataset | space
    files: object = field(default_factory=dict)  # path -> File
    private: bool = False
    gated: object = False  # False | "auto" | "manual"
    disabled: bool = False
    access: dict = field(default_factory=dict)  # account -> accepted | pending | rejected | reset
    tags: dict = field(default_factory=dict)  # further branches and tags -> {path: File}
    commit: str = None  # of main; default: derived from the files

    def __post_init__(self):
        self.access_at_start = dict(self.access)

    @cached_property
    def commits(self):
        return {"main": self.commit or _commit(self.id, self.files),
                **{ref: _commit(self.id, files) for ref, files in self.tags.items()}}

    @property
    def owner(self):
        return self.id.split("/")[0]

    @property
    def page(self):
        """The repository's path on the web site."""
        return self.id if self.kind == "model" else f"{self.kind}s/{self.id}"

    def at(self, revision):
        """(commit, files) of a branch, a tag or a commit; None if there is no such revision."""
        for ref, commit in self.commits.items():
            if revision in (ref, commit, f"refs/heads/{ref}"):
                return commit, self.files if ref == "main" else self.tags[ref]
        return None

    def set_gate(self, account, state):
        """One account's place at the gate; "asked" is what its request leads to. Raises ValueError."""
        if state == "asked":
            state = "accepted" if self.gated == "auto" else "pending"
        if state not in GATE_STATES:
            raise ValueError(f"no such state: {state!r}; there are asked, {', '.join(GATE_STATES)}")
        self.access[account] = state


def _commit(repo_id, files):
    digest = hashlib.sha1(f"commit {repo_id}\n".encode())
    for path in sorted(files):
        digest.update(f"{path} {files[path].blob_id}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


class Repos:
    """(kind, id) -> Repo, with those that bulk.py makes when they are first asked for. Thread-safe."""

    def __init__(self, state, table):
        """`table`: the repositories at start. `state` keeps checksums of large contents."""
        self._state, self._table = state, list(table)
        self._lock = threading.Lock()
        self._large = {}  # id -> File that somebody was redirected to; a signed address outlives a reset
        self.reset()

    def reset(self):
        with self._lock:
            self._repos = {}
            for repo in self._table:
                repo.access = dict(repo.access_at_start)
                self._repos[repo.kind, repo.id] = repo

    def find(self, kind, repo_id):
        """The repository, or None."""
        with self._lock:
            repo = self._repos.get((kind, repo_id))
            if repo is None and repo_id.startswith("bulk/"):
                made = bulk.made(repo_id, self._state)
                if made:
                    repo = Repo(repo_id, kind, made, commit=hashlib.sha1(repo_id.encode()).hexdigest())
                    self._repos[kind, repo_id] = repo
            return repo

    def require(self, kind, repo_id):
        """The repository. Raises ValueError if there is none."""
        repo = self.find(kind, repo_id)
        if repo is None:
            raise ValueError(f"no such {kind}: {repo_id}")
        return repo

    def large(self, sha256):
        """The file that large-file storage keeps under that id, or None: one that somebody was redirected to."""
        return self._large.get(sha256)

    def serve_large(self, file):
        """Large-file storage has the file from now on."""
        self._large[file.told_id] = file

    def public(self, kind, owner):
        """Those of one owner that anybody sees, by id."""
        with self._lock:
            return sorted((one for (its, _), one in self._repos.items()
                           if its == kind and one.owner == owner and not one.private), key=lambda one: one.id)

    def add(self, order):
        """Control endpoint: {"id", "kind"?, "private"?, "gated"?, "access"?, "tags"?: {ref: files}, "files": {path: content}}.

        A content is a text, or {"text"|"base64": ..., "noise": size, "lfs": bool, "xet": bool, "id": told instead of the
        true one}. Replaces a repository of that name. Raises ValueError, KeyError, TypeError.
        """
        repo_id, kind = str(order["id"]), order.get("kind", "model")
        if kind not in KINDS or repo_id.count("/") != 1:
            raise ValueError(f"not a repository: {kind} {repo_id}")
        tags = {ref: self._files(files) for ref, files in order.get("tags", {}).items()}
        flags = {name: order[name] for name in ("private", "gated", "disabled", "access", "commit") if name in order}
        with self._lock:
            repo = self._repos[kind, repo_id] = Repo(repo_id, kind, self._files(order.get("files", {})), tags=tags, **flags)
        return repo.commits

    def _files(self, contents):
        return {path: self._file(path, content) for path, content in contents.items()}

    def _file(self, path, content):
        if isinstance(content, str):
            return File(path, content.encode())
        options = {"lfs": bool(content.get("lfs") or content.get("xet")), "xet": bool(content.get("xet")),
                   "forged": content.get("id")}
        if "noise" in content:
            return PatternFile(path, int(content["noise"]), self._state, **options)
        if "base64" in content:
            return File(path, base64.b64decode(content["base64"], validate=True), **options)
        return File(path, content.get("text", "").encode(), **options)
