"""A real HTTP server on 127.0.0.1 that answers what a test tells it, well or badly."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass(frozen=True)
class Reply:
    """One answer.

    Attributes
    ----------
    status, body, headers
        As sent. A 200 becomes a 304 without body when the request holds this reply's ETag or
        Last-Modified.
    missing : int
        Bytes announced by Content-Length and never sent.
    byte_seconds : float
        Pause after each byte of the body: a trickle.
    header_seconds : float
        Silence before the status line.
    chunked : bool
        Send the body in chunks, its length unannounced.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    missing: int = 0
    byte_seconds: float = 0.0
    header_seconds: float = 0.0
    chunked: bool = False


@dataclass(frozen=True)
class Received:
    """One request, as the server saw it."""

    path: str
    headers: Mapping[str, str]


class LocalServer(ThreadingHTTPServer):
    """Answers each path with its replies in turn; the last one is repeated; 404 without any."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: dict[str, list[Reply]] = {}
        self.received: list[Received] = []

    def says(self, path: str, *replies: Reply) -> str:
        """Set what a path answers from now on and return its address."""
        self.replies[path] = list(replies)
        return f"http://127.0.0.1:{self.server_port}{path}"

    def next_reply(self, path: str) -> Reply:
        """Return the reply due, and move on to the next."""
        replies = self.replies.get(path, [Reply(404)])
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # the name that http.server calls
        server = cast(LocalServer, self.server)
        server.received.append(Received(self.path, dict(self.headers.items())))
        reply = server.next_reply(self.path.partition("?")[0])
        time.sleep(reply.header_seconds)
        same = [
            name
            for name, asked in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
            if name in reply.headers and reply.headers[name] == self.headers.get(asked)
        ]
        if reply.status == 200 and same:
            reply = Reply(304, headers=reply.headers)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body) + reply.missing))
        self.end_headers()
        with suppress(OSError):
            self._send_body(reply)
        self.close_connection = bool(reply.missing)

    def _send_body(self, reply: Reply) -> None:
        step = 1 if reply.byte_seconds else max(len(reply.body), 1)
        for start in range(0, len(reply.body), step):
            piece = reply.body[start : start + step]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.chunked else piece)
            time.sleep(reply.byte_seconds)
        if reply.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests quiet."""


@contextmanager
def serve() -> Iterator[LocalServer]:
    """Run a local server for the time of a ``with`` block."""
    with LocalServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
