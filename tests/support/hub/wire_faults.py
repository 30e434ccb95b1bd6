# SPDX-License-Identifier: Apache-2.0
"""The faults of faults.py that happen on the wire, while an answer is sent."""
import socket
import struct

KINDS = ("slow", "hang", "reset", "cut", "wrong_length")


def suffer(wire, method, fault, answer, woken):
    """Carries out a fault on the wire, and sends the answer if it is to be sent. `woken` is set when faults are cleared."""
    kind = fault["fault"]
    if kind == "slow":
        woken.wait(fault.get("ms", 100) / 1000)
        wire.send(method, answer)
        return
    wire.close = True
    if kind == "hang":
        woken.wait()
    elif kind == "reset":
        reset(wire.sock)
    elif kind == "cut":
        after = fault.get("after", len(answer.body) // 2)
        wire.send_head(wire.head(answer))
        if method != "HEAD":
            wire.send_body(answer.body[:after])
    elif kind == "wrong_length":
        wire.send(method, answer, length=max(len(answer.body) + fault.get("delta", -1), 0))


def reset(sock):
    """Closes a connection so that the other side sees a reset."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
