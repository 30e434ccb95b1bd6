# SPDX-License-Identifier: Apache-2.0
"""Repositories that a name makes, for measurements and for the limits of a client. Content is noise (content.py).

    bulk/many-N-SIZE   N small files of SIZE bytes, 1000 a folder: part-0000/file-0000000.bin, ...
    bulk/lfs-N-SIZE    the same in large-file storage: each is a redirect to the second origin
    bulk/big-SIZE      one file of SIZE bytes in large-file storage: model.bin
    bulk/xet-SIZE      the same, in Xet storage too

SIZE and N may end in K, M, G (thousands) or Ki, Mi, Gi (1024s): bulk/many-2000-20K, bulk/big-2G, bulk/many-1M-0.
Models, datasets and spaces alike; public. Ids are true ones, computed when a file is asked for,
up to 16 GiB.
"""
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache

from content import PERIOD, noise_bytes
from files import PatternFile

PER_FOLDER = 1000
MOST_FILES = 10_000_000
MOST_BYTES = 1 << 42
MOST_HASHED = 1 << 34  # above, hashing takes longer than any test waits: the id is made up
KEPT_IDS = 1 << 14  # files whose ids are not computed again; a few hundred bytes each
STEP = 7919  # between the contents of two neighbours, in bytes of the noise; prime
_NUMBER = r"(\d{1,13})(K|M|G|Ki|Mi|Gi)?"
_NAME = re.compile(rf"bulk/(?:(many|lfs)-{_NUMBER}-{_NUMBER}|(big|xet)-{_NUMBER})")
_UNITS = {None: 1, "K": 10**3, "M": 10**6, "G": 10**9, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


class ManyFiles(Mapping):
    """path -> File for many files, whose content is never kept."""

    def __init__(self, count, size, state, *, lfs):
        self._count, self._size, self._state, self._lfs = count, size, state, lfs
        self._file = lru_cache(maxsize=KEPT_IDS)(self._made)

    def __len__(self):
        return self._count

    def __iter__(self):
        return map(path_of, range(self._count))

    def __getitem__(self, path):
        found = re.fullmatch(r"part-\d{4,}/file-(\d{7,})\.bin", path)
        number = int(found[1]) if found else self._count
        if number >= self._count or path_of(number) != path:
            raise KeyError(path)
        return self._file(number)

    def _made(self, number):
        return PatternFile(path_of(number), self._size, self._state, start=number * STEP % PERIOD, lfs=self._lfs)

    def listed(self, path):
        """The entry of a small file in a listing, as JSON; without a File, since listings may have millions."""
        number = int(path[path.index("/") + len("/file-"):-len(".bin")])
        content = noise_bytes(self._size, number * STEP % PERIOD)
        oid = hashlib.sha1(b"blob %d\0" % self._size + content).hexdigest()
        return f'{{"type":"file","oid":"{oid}","size":{self._size},"path":"{path}"}}'

    @property
    def lfs(self):
        return self._lfs

    def paths(self, folder, recursive):
        """What a listing of `folder` has, folders as "name/", as something with a length and slices; None: no such folder."""
        n_folders = -(-self._count // PER_FOLDER)
        if folder:
            found = re.fullmatch(r"part-(\d{4,})", folder)
            if not found or int(found[1]) >= n_folders or folder_of(int(found[1])) != folder:
                return None
            first = int(found[1]) * PER_FOLDER
            return _Sequence(min(self._count - first, PER_FOLDER), lambda i: path_of(first + i))
        if not recursive:
            return _Sequence(n_folders, lambda i: f"{folder_of(i)}/")

        def path(i):
            number, place = divmod(i, PER_FOLDER + 1)
            return f"{folder_of(number)}/" if place == 0 else path_of(number * PER_FOLDER + place - 1)
        return _Sequence(self._count + n_folders, path)


class _Sequence:
    def __init__(self, length, item):
        self._length, self._item = length, item

    def __len__(self):
        return self._length

    def __getitem__(self, part):
        return map(self._item, range(*part.indices(self._length)))


def folder_of(number):
    return f"part-{number:04d}"


def path_of(number):
    return f"{folder_of(number // PER_FOLDER)}/file-{number:07d}.bin"


def _number(digits, unit):
    return int(digits) * _UNITS[unit]


def made(repo_id, state):
    """The files of a repository of such a name; None if it is none, or too large."""
    found = _NAME.fullmatch(repo_id)
    if not found:
        return None
    if found[1]:
        count, size = _number(found[2], found[3]), _number(found[4], found[5])
        if count > MOST_FILES or size > MOST_BYTES or (found[1] == "many" and size > 1 << 26):
            return None
        return ManyFiles(count, size, state, lfs=found[1] == "lfs")
    size = _number(found[7], found[8])
    if size > MOST_BYTES:
        return None
    forged = hashlib.sha256(repo_id.encode()).hexdigest() if size > MOST_HASHED else None
    return {"model.bin": PatternFile("model.bin", size, state, lfs=True, xet=found[6] == "xet", forged=forged)}
