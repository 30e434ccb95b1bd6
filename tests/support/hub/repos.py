# SPDX-License-Identifier: Apache-2.0
"""The repositories of the Hub stand-in: their files, object ids, gates. Read-only after start, gates aside.

A file's ETag is what the Hub sends: the git blob id (SHA-1) of a small file, the SHA-256 of one in large-file storage.
Commits are derived from the content, so they change exactly when a file does.
"""
import hashlib
import lzma
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ASSETS = Path(__file__).resolve().parent / "assets"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"


@dataclass(frozen=True)
class File:
    path: str
    content: bytes
    lfs: bool = False

    @cached_property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def pointer(self):
        return POINTER.format(oid=self.sha256, size=len(self.content)).encode()

    @cached_property
    def blob_id(self):
        stored = self.pointer if self.lfs else self.content
        return hashlib.sha1(b"blob %d\0" % len(stored) + stored).hexdigest()


@dataclass
class Repo:
    id: str
    kind: str = "model"  # model | dataset | space
    files: dict = field(default_factory=dict)  # path -> File
    private: bool = False
    gated: object = False  # False | "auto" | "manual"
    disabled: bool = False
    access: dict = field(default_factory=dict)  # account -> accepted | pending | rejected | reset
    tags: dict = field(default_factory=dict)  # further branches and tags -> {path: File}

    def __post_init__(self):
        self.access_at_start = dict(self.access)
        self.commits = {ref: _commit(self.id, files) for ref, files in {"main": self.files, **self.tags}.items()}

    @property
    def owner(self):
        return self.id.split("/")[0]

    @property
    def sha(self):
        return self.commits["main"]

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


def _commit(repo_id, files):
    digest = hashlib.sha1(f"commit {repo_id}\n".encode())
    for path in sorted(files):
        digest.update(f"{path} {files[path].blob_id}\n".encode())
    return digest.hexdigest()


def _files(*entries):
    return {path: File(path, content if isinstance(content, bytes) else content.encode(), lfs)
            for path, content, lfs in ((*entry, False)[:3] for entry in entries)}


def _small(name):
    return _files(("README.md", f"---\nlicense: mit\n---\n# {name}\n"), (".gitattributes", "*.bin filter=lfs -text\n"),
                  ("config.json", '{"model_type": "test", "name": "%s"}\n' % name),
                  ("sub/folder/notes.txt", f"nested file of {name}\n"),
                  ("weights.bin", bytes(range(256)) * 64, True))


def _phi4(state):
    folder = ASSETS / "phi-4"
    files = {}
    for source in sorted(folder.iterdir()):
        if source.suffix == ".xz":
            files[source.stem] = File(source.stem, _unpacked(source, state), lfs=True)
        elif source.suffix == ".json":
            files[source.name] = File(source.name, source.read_bytes())
    files |= _files(("README.md", "---\nlicense: mit\nlibrary_name: transformers\n---\n# Phi-4 (tokenizer only)\n"),
                    (".gitattributes", "tokenizer.json filter=lfs diff=lfs merge=lfs -text\n"))
    return files


def _unpacked(source, state):
    """Content of an .xz asset; kept unpacked in the state folder under the packed file's digest."""
    packed = source.read_bytes()
    kept = Path(state) / f"{source.stem}-{hashlib.sha256(packed).hexdigest()[:16]}"
    if kept.exists():
        return kept.read_bytes()
    content = lzma.decompress(packed)
    temporary = kept.with_name(f"{kept.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(kept)
    return content


RENAMED = {("model", "org/old-name"): "org/new-name"}


def all_repos(state):
    """(kind, id) -> Repo. `state` is the folder for unpacked assets."""
    gated = {"gated": "manual", "access": {"bob": "accepted", "carol": "accepted"}}
    old_version = {"v1": _files(("config.json", '{"model_type": "test", "name": "public", "version": 1}\n'))}
    repos = [
        Repo("microsoft/phi-4", files=_phi4(state)),
        Repo("org/public", files=_small("public"), tags=old_version),
        Repo("org/private", files=_small("private"), private=True),
        Repo("org/gated", files=_small("gated"), **gated),
        Repo("org/gated-pending", files=_small("gated-pending"), gated="manual", access={"alice": "pending"}),
        Repo("org/gated-rejected", files=_small("gated-rejected"), gated="manual", access={"alice": "rejected"}),
        Repo("org/gated-reset", files=_small("gated-reset"), gated="manual", access={"alice": "reset"}),
        Repo("org/disabled", files=_small("disabled"), disabled=True),
        Repo("org/new-name", files=_small("new-name")),
        Repo("org/data", "dataset", files=_small("data")),
        Repo("org/gated-data", "dataset", files=_small("gated-data"), gated="auto", access={"bob": "accepted"}),
        Repo("org/app", "space", files=_small("app")),
    ]
    return {(repo.kind, repo.id): repo for repo in repos}
