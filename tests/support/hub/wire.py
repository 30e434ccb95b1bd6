# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 of the Hub stand-in on one connection: requests in, answers out. Blocking; one thread a connection.

Written for speed on loopback, since measurements run against it: a head is read and split once, an answer with a small
body is one send, a large one goes by sendfile(). What it does not know it refuses: no trailers, no pipelined bodies.
"""
import os
import re
import socket
import ssl
import struct
import time
from email.utils import formatdate
from http import HTTPStatus

from content import Noise, Stream, pieces_of

IDLE_S = 60  # a client that keeps a connection open without a request, or does not read, for that long is dropped
MAX_HEAD = 1 << 16
MAX_BODY = 1 << 26  # orders of the control endpoint carry file contents
ONE_SEND = 1 << 16  # bodies up to this many bytes are sent together with their head
REASONS = {status.value: status.phrase for status in HTTPStatus}


class Malformed(Exception):
    """str() is the status to answer with, before the connection is closed."""


class Headers(dict):
    """Names are kept in small letters; `get` takes any."""

    def get(self, name, default=None):
        return dict.get(self, name.lower(), default)


class Wire:
    def __init__(self, sock):
        """`sock` is a connected, blocking socket, or an ssl.SSLSocket."""
        self.sock = sock
        self.close = False  # whether this is the last answer
        self._buffer = b""
        self._tls = isinstance(sock, ssl.SSLSocket)

    @staticmethod
    def prepare(sock):
        """Time-outs without select() before each call, and no waiting for a full packet."""
        sock.setblocking(True)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", IDLE_S, 0))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self):
        """(method, target, headers, body) of the next request; None when the client has left. Raises Malformed, OSError."""
        buffer = self._buffer
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            if len(buffer) > MAX_HEAD:
                raise Malformed(431)
            if buffer and not buffer[:1].isalpha():
                raise Malformed(400)  # TLS that was spoken to a plain port, say: no line will ever end
            more = self.sock.recv(1 << 16)
            if not more:
                return None
            buffer += more
        self._buffer = buffer[end + 4:]
        first, *lines = buffer[:end].decode("latin-1").split("\r\n")
        try:
            method, target, version = first.split(" ")
        except ValueError:
            raise Malformed(400) from None
        headers = Headers()
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise Malformed(400)
            headers[name.lower()] = value.strip()
        connection = headers.get("connection", "").lower()
        self.close = "close" in connection or (version == "HTTP/1.0" and "keep-alive" not in connection)
        return method, target, headers, self._read_body(headers)

    def _read_body(self, headers):
        length = headers.get("content-length", "0")
        if headers.get("expect", "").lower() == "100-continue":
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._read_chunks()
        if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > MAX_BODY:
            raise Malformed(413)
        return self._take(int(length)) if length != "0" else b""

    def _read_chunks(self):
        body = b""
        while True:
            digits = self._take_line().partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", digits):
                raise Malformed(400)
            size = int(digits, 16)
            if len(body) + size > MAX_BODY:
                raise Malformed(413)
            body += self._take(size)
            self._take_line()
            if size == 0:
                return body

    def _take_line(self):
        while b"\r\n" not in self._buffer:
            self._fill()
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def _take(self, size):
        while len(self._buffer) < size:
            self._fill()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _fill(self):
        more = self.sock.recv(1 << 16)
        if not more:
            raise ConnectionResetError("the client left within a body")
        self._buffer += more

    def taken(self):
        """What has come after the last request, for whoever goes on with the socket."""
        taken, self._buffer = self._buffer, b""
        return taken

    def send(self, method, answer, *, length=None):
        """Sends an answer; `length` is told instead of the true Content-Length."""
        head, body, status = self.head(answer, length), answer.body, answer.status
        if isinstance(body, Noise) and len(body) <= ONE_SEND:
            body = bytes(body)
        if method == "HEAD" or status in (204, 304):
            self.sock.sendall(head)
        elif isinstance(body, bytes) and len(body) <= ONE_SEND:
            self.sock.sendall(head + body)
        else:
            self.send_head(head)
            self.send_body(body)

    def send_head(self, head):
        """A head that a body follows at once."""
        if self._tls:
            self.sock.sendall(head)
        else:
            self.sock.sendall(head, socket.MSG_MORE)

    def head(self, answer, length=None):
        """Status line and headers; sets `close` if the body ends with the connection."""
        lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Unknown')}",
                 f"Date: {answer.headers.pop('Date', None) or _date()}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        if isinstance(answer.body, Stream):
            if answer.body.framing == "chunked":
                lines.append("Transfer-Encoding: chunked")
            elif answer.body.framing == "close":
                self.close = True
        elif answer.status not in (204, 304) and "Content-Length" not in answer.headers:
            lines.append(f"Content-Length: {len(answer.body) if length is None else length}")
        if self.close:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")

    def send_body(self, body):
        if isinstance(body, Noise) and not self._tls:
            for descriptor, offset, count in body.regions():
                end = offset + count
                while offset < end:
                    offset += os.sendfile(self.sock.fileno(), descriptor, offset, end - offset)
        elif isinstance(body, Stream) and body.framing == "chunked":
            for piece in body.pieces():
                self.sock.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.sock.sendall(b"0\r\n\r\n")
        else:
            for piece in pieces_of(body):
                self.sock.sendall(piece)


_dates = (0, "")


def _date():
    """The Date header, made once a second."""
    global _dates
    now = int(time.time())
    made, text = _dates
    if made != now:
        text = formatdate(now, usegmt=True)
        _dates = (now, text)
    return text
