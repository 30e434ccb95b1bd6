# SPDX-License-Identifier: Apache-2.0
"""Bodies that are not held in memory: noise of any length, and streams that end late or never.

`Noise` repeats one block of a prime number of bytes, so a range that lands at a wrong place (off by any power of two, say)
does not fit by chance. The block lies in a memory file, from where the kernel sends it without a copy.
"""
import hashlib
import os
from functools import cache

PERIOD = 1048573  # bytes; the largest prime below 1 MiB
REPEATS = 16  # periods in the memory file, so that one sendfile() moves up to 15 MiB


@cache
def _block():
    return hashlib.shake_256(b"Hub stand-in").digest(PERIOD)


@cache
def _twice():
    return memoryview(_block() * 2)


@cache
def _memory_file():
    descriptor = os.memfd_create("hub-noise", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(descriptor), "wb") as file:
        for _ in range(REPEATS):
            file.write(_block())
    return descriptor


class Noise:
    """Bytes `start` to `start + size` of the endless noise. Has a length and can be sliced like bytes."""

    def __init__(self, size, start=0):
        self._size, self._start = size, start

    def __len__(self):
        return self._size

    def __getitem__(self, part):
        start, stop, step = part.indices(self._size)
        assert step == 1, "only contiguous parts"
        return Noise(max(stop - start, 0), self._start + start)

    def pieces(self):
        """The bytes as memoryviews of up to a period each."""
        at, left = self._start % PERIOD, self._size
        while left > 0:
            count = min(left, PERIOD)
            yield _twice()[at:at + count]
            at, left = (at + count) % PERIOD, left - count

    def regions(self):
        """The bytes as (file descriptor, offset, count), for sendfile()."""
        at, left = self._start % PERIOD, self._size
        while left > 0:
            count = min(left, PERIOD * REPEATS - at)
            yield _memory_file(), at, count
            at, left = (at + count) % PERIOD, left - count

    def __bytes__(self):
        return b"".join(self.pieces())


class Flipped:
    """Another body with one byte of it inverted."""

    def __init__(self, body, at):
        self._body, self._at = body, at

    def __len__(self):
        return len(self._body)

    def pieces(self):
        yield from pieces_of(self._body[:self._at])
        yield bytes([bytes(self._body[self._at:self._at + 1])[0] ^ 0xFF])
        yield from pieces_of(self._body[self._at + 1:])


class Stream:
    """An iterable of bytes whose length nobody knows. `framing`: sent in chunks, until the connection closes, or with a
    Content-Length among the answer's headers that its maker made up."""

    def __init__(self, pieces, *, framing="chunked"):
        self._pieces, self.framing = pieces, framing

    def pieces(self):
        return iter(self._pieces)


def noise_bytes(size, start):
    """A small piece of the noise as bytes; `start` is less than a period."""
    return bytes(_twice()[start:start + size]) if size <= PERIOD else bytes(Noise(size, start))


def pieces_of(body):
    """Any body piece by piece."""
    return [body] if isinstance(body, bytes) else body.pieces()


def settled(body):
    """A stream that ends, as bytes; other bodies as they are."""
    return b"".join(body.pieces()) if isinstance(body, Stream) else body
