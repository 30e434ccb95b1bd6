#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An HTTP proxy on loopback beside the Hub stand-in: CONNECT tunnels and plain forwarding, with a password or refusing.

    proxy.py [--port N] [--user NAME:PASSWORD] [--refuse STATUS] [--map HOST:PORT=HOST:PORT]... [--until-stdin-closes]

When it listens it prints one line of JSON: {"proxy": "http://127.0.0.1:PORT", "pid": n}. Point HTTPS_PROXY or HTTP_PROXY
there. With --user it answers 407 to whoever does not send these credentials; with --refuse it answers everything with that
status (407, 403, 502, ...). It reaches loopback only; --map sends another name there: --map huggingface.co:443=127.0.0.1:PORT.
GET /__log, asked directly, tells what it was asked: method, target, status, whether credentials of the proxy
(proxy_authorization) or of the server (authorization) were seen. Exit status: 0, or 2 on wrong use.
"""
import argparse
import base64
import json
import os
import re
import socket
import sys
import threading

from answers import Answer, as_json, as_text
from ending import ending
from faults import Log
from wire import Malformed, Wire

LOOPBACK = ("localhost", "127.0.0.1")
HOP_BY_HOP = ("connection", "proxy-connection", "proxy-authorization", "keep-alive", "upgrade")
CONNECT_TIMEOUT_S = 10


class Proxy:
    def __init__(self, *, port=0, user=None, refuse=None, names=()):
        """`names`: ("host", port) -> ("host", port) of what is not asked at its own place."""
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._credentials = user and "Basic " + base64.b64encode(user.encode()).decode()
        self._refuse, self._names, self._log = refuse, dict(names), Log()

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            peer, _ = self._listener.accept()
            threading.Thread(target=self._converse, args=(peer,), daemon=True).start()

    def _converse(self, peer):
        with peer:
            Wire.prepare(peer)
            wire = Wire(peer)
            try:
                while not wire.close and (asked := wire.read()) is not None:
                    self._serve(wire, *asked)
            except (Malformed, OSError) as failure:
                self._log.add(event="connection failed", reason=type(failure).__name__)

    def _serve(self, wire, method, target, headers, body):
        if target == "/__log":
            return wire.send(method, as_json(self._log.entries()))
        refusal = self._refusal(headers)
        place, path = _place(method, target)
        if refusal is None and place is None:
            refusal = as_text("Bad Request", 400)
        upstream = None
        if refusal is None:
            upstream = self._reach(place)
            refusal = None if upstream else as_text("Bad Gateway", 502)
        self._log.add(method=method, target=target, status=refusal.status if refusal else 200,
                      proxy_authorization="proxy-authorization" in headers, authorization="authorization" in headers)
        if refusal:
            return wire.send(method, refusal)
        wire.close = True
        with upstream:
            if method == "CONNECT":
                wire.sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                return _tunnel(wire, upstream)
            lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()
                                                    if name not in HOP_BY_HOP), "connection: close"]
            upstream.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
            return _copy(upstream, wire.sock)

    def _refusal(self, headers):
        """The answer 407, or another one that was ordered; None if the client may pass."""
        status = self._refuse
        if status is None and self._credentials and headers.get("Proxy-Authorization") != self._credentials:
            status = 407
        if status is None:
            return None
        told = {"Proxy-Authenticate": 'Basic realm="stand-in proxy"'} if status == 407 else {}
        return Answer(status, {**told, "Content-Type": "text/plain"}, b"Refused by the proxy")

    def _reach(self, place):
        host, port = self._names.get(place, place)
        if host not in LOOPBACK:
            return None
        try:
            upstream = socket.create_connection(("127.0.0.1", port), timeout=CONNECT_TIMEOUT_S)
        except OSError:
            return None
        Wire.prepare(upstream)
        return upstream


def _place(method, target):
    """(("host", port), path) that a request line names; (None, None) if it names none."""
    pattern = r"()([^:/?]+):(\d{1,5})" if method == "CONNECT" else r"http://([^/?]*@)?([^:/?]+)(?::(\d{1,5}))?(/.*)?"
    found = re.fullmatch(pattern, target)
    if not found:
        return None, None
    return (found[2].lower(), int(found[3] or 80)), "/" if method == "CONNECT" else found[4] or "/"


def _copy(source, target):
    while data := source.recv(1 << 16):
        target.sendall(data)


def _tunnel(wire, upstream):
    """Both directions until each side has ended."""
    def outwards():
        try:
            upstream.sendall(wire.taken())
            _copy(wire.sock, upstream)
            upstream.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the other direction sees the same end
    thread = threading.Thread(target=outwards, daemon=True)
    thread.start()
    _copy(upstream, wire.sock)
    wire.sock.shutdown(socket.SHUT_RDWR)
    thread.join()


def _mapping(text):
    found = re.fullmatch(r"([^:=]+):(\d{1,5})=([^:=]+):(\d{1,5})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"not HOST:PORT=HOST:PORT: {text}")
    return (found[1].lower(), int(found[2])), (found[3], int(found[4]))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="proxy.py", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="port; 0 takes a free one")
    parser.add_argument("--user", metavar="NAME:PASSWORD", help="answer 407 to whoever sends other credentials")
    parser.add_argument("--refuse", type=int, metavar="STATUS", help="answer everything with this status")
    parser.add_argument("--map", type=_mapping, action="append", default=[], metavar="HOST:PORT=HOST:PORT",
                        help="where to find what a client asks for")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    options = parser.parse_args(arguments)
    proxy = Proxy(port=options.port, user=options.user, refuse=options.refuse, names=options.map)
    ended = ending(until_stdin_closes=options.until_stdin_closes)
    proxy.start()
    print(json.dumps({"proxy": proxy.url, "pid": os.getpid()}), flush=True)
    ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
