# SPDX-License-Identifier: Apache-2.0
"""The faults of faults.py that happen on the wire, while an answer is sent."""
import socket
import struct

from content import pieces_of, settled

KINDS = ("slow", "drip", "hold", "hang", "reset", "stale", "cut", "wrong_length", "flood")
LINE = 1000  # bytes of a line of a flood of headers, unless told


def suffer(wire, method, fault, answer, woken):
    """Carries out a fault on the wire, and sends the answer if it is to be sent. `woken` is set when faults
    are cleared or released."""
    kind = fault["fault"]
    if kind == "slow":
        woken.wait(fault.get("ms", 100) / 1000)
        wire.send(method, answer)
        return
    if kind == "stale":
        wire.send(method, answer)
        wire.close = True  # and nobody was told
        return
    wire.close = True
    answer.body = settled(answer.body)
    if kind == "hang":
        woken.wait()
    elif kind == "reset":
        _reset(wire.sock)
    elif kind == "cut":
        wire.send_head(wire.head(answer))
        if method != "HEAD":
            wire.send_body(answer.body[:fault.get("after", len(answer.body) // 2)])
    elif kind == "wrong_length":
        wire.send(method, answer, length=max(len(answer.body) + fault.get("delta", -1), 0))
    elif kind == "drip":
        _drip(wire, method, answer, fault, woken)
    elif kind == "hold":
        after = fault.get("after", 0)
        wire.sock.sendall(wire.head(answer))
        if method != "HEAD":
            wire.send_body(answer.body[:after])
            woken.wait()
            wire.send_body(answer.body[after:])
    elif kind == "flood":
        _flood(wire, method, answer, fault)


def _drip(wire, method, answer, fault, woken):
    size, pause = max(fault.get("bytes", 100), 1), fault.get("ms", 100) / 1000
    wire.sock.sendall(wire.head(answer))
    if method == "HEAD":
        return
    for piece in pieces_of(answer.body):
        for start in range(0, len(piece), size):
            woken.wait(pause)
            wire.sock.sendall(piece[start:start + size])


def _flood(wire, method, answer, fault):
    """The answer with so many bytes of further headers."""
    line = max(fault.get("line", LINE), 16)
    wanted = fault.get("bytes", 10_000_000)
    head = wire.head(answer)[:-2]
    filler = b"X-Filler: " + b"f" * (line - 12) + b"\r\n"
    wire.sock.sendall(head)
    for _ in range(-(-wanted // line)):
        wire.sock.sendall(filler)
    wire.sock.sendall(b"\r\n")
    if method != "HEAD":
        wire.send_body(answer.body)


def _reset(sock):
    """Closes a connection so that the other side sees a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
