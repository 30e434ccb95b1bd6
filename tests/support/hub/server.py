# SPDX-License-Identifier: Apache-2.0
"""The sockets of the Hub stand-in: HTTP/1.1 origins on loopback, one thread a connection.

The hub listens on 127.0.0.1 and the second origin calls itself `localhost`, so they differ in host name and in port.
"""
import socket
import ssl
import threading

import fault_answers
import faults
import wire_faults
from answers import error
from control import Control
from file_routes import Cdn
from request import Request
from routes import Hub
from wire import Malformed, Wire

BACKLOG = 128


class Origin:
    """One origin. `serve` maps a Request to (Answer, who)."""

    def __init__(self, name, host, port, serve, stand_in, tls=None):
        """`host` is what the origin calls itself: 127.0.0.1, localhost (there too) or [::1]."""
        place, family = ("::1", socket.AF_INET6) if host == "[::1]" else ("127.0.0.1", socket.AF_INET)
        self._listener = socket.create_server((place, port), family=family, backlog=BACKLOG)
        self.name, self._serve, self._stand_in, self._tls = name, serve, stand_in, tls
        self.endpoint = f"{'https' if tls else 'http'}://{host}:{self._listener.getsockname()[1]}"
        self.log = faults.Log()

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        """No new connections; those that are open end with the process."""
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        finally:
            self._listener.close()

    def _accept(self):
        while True:
            try:
                peer, _ = self._listener.accept()
            except ConnectionError:
                continue
            except OSError:
                return  # stopped
            threading.Thread(target=self._converse, args=(peer,), daemon=True).start()

    def _converse(self, peer):
        with peer:
            try:
                Wire.prepare(peer)
                # The handshake belongs to the connection's own thread: a client that never says hello holds up nobody.
                sock = self._tls.wrap_socket(peer, server_side=True) if self._tls else peer
                with sock:
                    wire = Wire(sock)
                    while not wire.close and self._serve_one(wire):
                        pass
            except (ConnectionError, BlockingIOError, TimeoutError, ssl.SSLError) as failure:
                self.log.add(event="connection failed", reason=type(failure).__name__)

    def _serve_one(self, wire):
        """Answers the next request; False when there is none."""
        try:
            asked = wire.read()
        except Malformed as refusal:
            wire.close = True
            status = refusal.args[0]
            wire.send("GET", error(status, "Request refused", api=True))
            return False
        if asked is None:
            return False
        method, target, headers, body = asked
        request = Request(method, target, headers, body)
        if request.segments[0].startswith("__"):
            wire.send(method, self._stand_in.control.answer(self.log, request))
            return True
        answer, who = self._serve(request)
        fault = self._stand_in.faults.take(self.name, method, request.target)
        if fault:
            answer = fault_answers.replaced(fault, request, answer, self._stand_in.places)
        self._note(request, who, fault, answer)
        if fault and fault["fault"] in wire_faults.KINDS:
            wire_faults.suffer(wire, method, fault, answer, self._stand_in.faults.woken)
        else:
            wire.send(method, answer)
        return True

    def _note(self, request, who, fault, answer):
        headers = request.headers
        entry = {"method": request.method, "path": self._stand_in.hub.accounts.redact(request.target),
                 "host": headers.get("host"), "who": who, "authorization": "authorization" in headers,
                 "status": answer.status, "user_agent": headers.get("user-agent"), "range": headers.get("range"),
                 "accept_encoding": headers.get("accept-encoding")}
        if fault:
            entry["fault"] = fault["fault"]
        self.log.add(**entry)


class StandIn:
    """The origins with what they share. `tls` is an ssl.SSLContext or None; the rest goes to Hub.

    With TLS there is a third origin, "plain": the same Hub over http, where a client must not go with its token.
    """

    def __init__(self, state, *, port=0, tls=None, ipv6=False, **options):
        self.hub = Hub(state, **options)
        self.hub_origin = Origin("hub", "[::1]" if ipv6 else "127.0.0.1", port, self.hub.answer, self, tls)
        self.cdn_origin = Origin("cdn", "localhost", 0, Cdn(self.hub.repos).answer, self, tls)
        self.plain_origin = Origin("plain", "127.0.0.1", 0, self._answer_plainly, self) if tls else None
        self._origins = [origin for origin in (self.hub_origin, self.cdn_origin, self.plain_origin) if origin]
        self.places = {origin.name: origin.endpoint for origin in self._origins}
        self.faults = faults.Faults(self.places)
        self.hub.settled(self.hub_origin.endpoint, self.cdn_origin.endpoint)
        self.control = Control(self.hub, self.faults, {origin.name: origin.log for origin in self._origins})

    def _answer_plainly(self, request):
        answer, who = self.hub.answer(request)
        return answer, "leaked" if request.headers.get("Authorization") is not None else who

    def start(self):
        for origin in self._origins:
            origin.start()

    def stop(self):
        self.faults.clear()
        for origin in self._origins:
            origin.stop()
