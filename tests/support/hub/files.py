# SPDX-License-Identifier: Apache-2.0
"""One file of a repository: its content and the ids that git and large-file storage know it by. Immutable."""
import hashlib
import lzma
import os
import threading
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


class PackedFile(File):
    """A file in large-file storage that lies here as .xz: unpacked when it is first asked for, and then kept unpacked in the
    state folder under the packed file's digest."""

    def __init__(self, path, source, state):
        for name, value in {"path": path, "lfs": True, "xet": False, "forged": None, "_source": source,
                            "_state": Path(state)}.items():
            object.__setattr__(self, name, value)

    @cached_property
    def content(self):
        packed = self._source.read_bytes()
        kept = self._state / f"{self._source.stem}-{hashlib.sha256(packed).hexdigest()[:16]}"
        if kept.exists():
            return kept.read_bytes()
        content = lzma.decompress(packed)
        write_atomically(kept, content)
        return content


def write_atomically(path, content):
    """Threads and processes may write the same at once."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
