# SPDX-License-Identifier: Apache-2.0
"""The sockets of the Hub stand-in: two HTTP/1.1 origins on loopback, one thread a connection.

The hub listens on 127.0.0.1 and the second origin calls itself `localhost`, so they differ in host name and in port.
"""
import re
import socket
import ssl
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import faults
from answers import error
from control import Control
from routes import Cdn, Hub, Request

IDLE_S = 60  # a client that keeps a connection open without a request for that long is dropped
MAX_BODY = 1 << 20


class Origin(ThreadingHTTPServer):
    """One origin. `serve` maps a Request to (Answer, who)."""
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, name, host, port, serve, stand_in, tls=None):
        super().__init__(("127.0.0.1", port), Handler)
        scheme = "https" if tls else "http"
        self.name, self.serve, self.stand_in, self.tls = name, serve, stand_in, tls
        self.endpoint = f"{scheme}://{host}:{self.server_address[1]}"
        self.log = faults.Log()

    def finish_request(self, request, client_address):
        # The handshake belongs to the connection's own thread: a client that never says hello must not hold up others.
        if self.tls:
            request.settimeout(IDLE_S)
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        failure = sys.exc_info()[1]
        if isinstance(failure, (ConnectionError, TimeoutError, ssl.SSLError)):
            self.log.add(event="connection failed", reason=type(failure).__name__)
        else:
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_S

    def do_GET(self):
        self._serve()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass  # the request log is /__log

    def _serve(self):
        origin = self.server
        length = self.headers.get("Content-Length") or "0"
        if not re.fullmatch(r"\d{1,9}", length) or int(length) > MAX_BODY:
            self.close_connection = True
            return self._send(error(413, "Payload Too Large", api=True))
        request = Request(self.command, self.path, self.headers, self.rfile.read(int(length)))
        if request.segments[0] in ("__control", "__log", "__oauth"):
            return self._send(origin.stand_in.control.answer(origin.log, request))
        answer, who = origin.serve(request)
        fault = origin.stand_in.faults.take(origin.name, self.command, self.path)
        if fault:
            answer = faults.replaced(fault) or answer
        self._note(request, who, fault, answer)
        if fault and not self._suffer(fault, answer):
            return None
        return self._send(answer)

    def _note(self, request, who, fault, answer):
        headers = self.headers
        entry = {"method": self.command, "path": self.server.stand_in.hub.accounts.redact(self.path),
                 "host": headers.get("Host"), "who": who, "authorization": headers.get("Authorization") is not None,
                 "status": answer.status, "user_agent": headers.get("User-Agent"), "range": headers.get("Range"),
                 "accept_encoding": headers.get("Accept-Encoding")}
        if fault:
            entry["fault"] = fault["fault"]
        self.server.log.add(**entry)

    def _suffer(self, fault, answer):
        """Carries out a fault on the wire; True if the answer is still to be sent."""
        kind, woken = fault["fault"], self.server.stand_in.faults.woken
        if kind == "slow":
            woken.wait(fault.get("ms", 100) / 1000)
            return True
        if kind in ("status", "html"):
            return True
        self.close_connection = True
        if kind == "hang":
            woken.wait()
        elif kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif kind == "cut":
            self._send(answer, up_to=fault.get("after", len(answer.body) // 2))
        elif kind == "wrong_length":
            self._send(answer, length=max(len(answer.body) + fault.get("delta", -1), 0))
        return False

    def _send(self, answer, *, up_to=None, length=None):
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body) if length is None else length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[:up_to])


class StandIn:
    """Both origins with what they share. `tls` is an ssl.SSLContext or None."""

    def __init__(self, state, *, port=0, tls=None, resolve_cache=False):
        self.faults = faults.Faults()
        self.hub = Hub(state, resolve_cache=resolve_cache)
        self.cdn = Cdn(self.hub.repos)
        self.hub_origin = Origin("hub", "127.0.0.1", port, self.hub.answer, self, tls)
        self.cdn_origin = Origin("cdn", "localhost", 0, self.cdn.answer, self, tls)
        self.hub.settled(self.hub_origin.endpoint, self.cdn_origin.endpoint)
        self.control = Control(self.hub, self.faults, [self.hub_origin.log, self.cdn_origin.log])

    def start(self):
        for origin in (self.hub_origin, self.cdn_origin):
            threading.Thread(target=origin.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.faults.clear()
        for origin in (self.hub_origin, self.cdn_origin):
            origin.shutdown()
            origin.server_close()
