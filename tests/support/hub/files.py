# SPDX-License-Identifier: Apache-2.0
"""One file of a repository: its content and the ids that git and large-file storage know it by. Immutable."""
import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from content import Noise

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"


@dataclass(frozen=True)
class File:
    path: str
    content: object  # bytes, or content.Noise
    lfs: bool = False
    xet: bool = False  # in Xet storage too; goes with lfs
    forged: str = None  # an id that is told instead of the true one

    @cached_property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def pointer(self):
        return POINTER.format(oid=self.sha256, size=len(self.content)).encode()

    @cached_property
    def blob_id(self):
        """git's own id: of the content, or of the pointer that git keeps in its place."""
        stored = self.pointer if self.lfs else self.content
        return hashlib.sha1(b"blob %d\0" % len(stored) + stored).hexdigest()

    @cached_property
    def told_id(self):
        """What ETag and listing say."""
        return self.forged or (self.sha256 if self.lfs else self.blob_id)

    @cached_property
    def xet_hash(self):
        return hashlib.sha256(f"xet {self.sha256}".encode()).hexdigest()


class PatternFile(File):
    """A file of noise of any size. Its SHA-256 is computed once and kept in the state folder."""

    def __init__(self, path, size, state, *, start=0, **options):
        super().__init__(path, Noise(size, start), **options)
        object.__setattr__(self, "_kept", Path(state) / f"noise-{size}-{start}.sha256")

    @cached_property
    def sha256(self):
        if self._kept.exists():
            return self._kept.read_text()
        digest = hashlib.sha256()
        for piece in self.content.pieces():
            digest.update(piece)
        if len(self.content) > 1 << 20:
            write_atomically(self._kept, digest.hexdigest().encode())
        return digest.hexdigest()

    @cached_property
    def blob_id(self):
        if self.lfs:
            return hashlib.sha1(b"blob %d\0" % len(self.pointer) + self.pointer).hexdigest()
        digest = hashlib.sha1(b"blob %d\0" % len(self.content))
        for piece in self.content.pieces():
            digest.update(piece)
        return digest.hexdigest()


def write_atomically(path, content):
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
