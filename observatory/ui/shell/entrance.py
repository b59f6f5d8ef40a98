"""The door of the served app: one client never slows the others, nor fills the memory.

Messages of a visit beyond its allowance wait, which holds back whoever sends them; visits and
uploads beyond what the process bears are refused with a sentence. Method: token bucket.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]
UPLOADS = "/_stcore/upload_file/"
FULL = "L'observatoire reçoit trop de visites : réessayer dans un instant."
TOO_MUCH = "Trop de fichiers sont en attente : recharger la page, puis réessayer."
TOO_FAST = "Trop de demandes à la fois."
NO_LENGTH = "La taille du fichier n'est pas annoncée."
MEGABYTE = 1_000_000
REMEMBERED = 1000  # addresses of which the allowance is kept


@dataclass(frozen=True)
class EntranceLimits:
    """What one process bears.

    Attributes
    ----------
    visits, visits_of_address : int
        Open at once, in all and from one address: a council room shares one.
    opened_per_second, opened_at_once : float
        Visits from one address: how many begin in the long run, and how many together.
    per_second, at_once : float
        Messages of one visit: how many pass in the long run, and how many may come together.
    waiting : int
        Messages of one visit that may wait for their turn; beyond, the visit is ended.
    upload_bytes, uploads_bytes : int
        Held for one visit, and for all of them.
    """

    visits: int = 400
    visits_of_address: int = 150
    opened_per_second: float = 3.0
    opened_at_once: float = 150.0
    per_second: float = 5.0
    at_once: float = 40.0
    waiting: int = 200
    upload_bytes: int = 60 * MEGABYTE
    uploads_bytes: int = 300 * MEGABYTE


@dataclass
class TokenBucket:
    """An allowance that fills with time: ``per_second`` tokens, at most ``at_once``."""

    per_second: float
    at_once: float
    clock: Callable[[], float] = time.monotonic
    tokens: float = field(init=False)
    filled: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens, self.filled = self.at_once, self.clock()

    def take(self) -> float:
        """Take one token; seconds to wait before what it allows."""
        self._fill()
        self.tokens -= 1
        return max(0.0, -self.tokens / self.per_second)

    def is_full(self) -> bool:
        """Whether nothing was taken for a long while."""
        self._fill()
        return self.tokens >= self.at_once

    def _fill(self) -> None:
        at = self.clock()
        self.tokens = min(self.at_once, self.tokens + (at - self.filled) * self.per_second)
        self.filled = at


class _Visit:
    """The messages of one visit, in their order, each at its turn."""

    def __init__(self, limits: EntranceLimits, receive: Receive, send: Send) -> None:
        self.limits, self.incoming, self.outgoing = limits, receive, send
        self.bucket = TokenBucket(limits.per_second, limits.at_once)
        self.queue: asyncio.Queue[Message] = asyncio.Queue()
        self.ended = False

    @asynccontextmanager
    async def read(self) -> AsyncIterator[None]:
        """Read what comes, as long as the visit lasts."""
        reading = asyncio.create_task(self._read())
        try:
            yield
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    async def _read(self) -> None:
        while True:
            message = await self.incoming()
            if message["type"] == "websocket.receive" and self.queue.qsize() >= self.limits.waiting:
                message = {"type": "websocket.disconnect", "code": 1008, "reason": TOO_FAST}
                await self.send({"type": "websocket.close", "code": 1008, "reason": TOO_FAST})
                self.ended = True
            self.queue.put_nowait(message)
            if message["type"] == "websocket.disconnect":
                return

    async def receive(self) -> Message:
        """The next message, once its turn has come."""
        message = await self.queue.get()
        if message["type"] == "websocket.receive" and not self.ended:
            await asyncio.sleep(self.bucket.take())
        return message

    async def send(self, message: Message) -> None:
        """Send to the visitor, until the visit was ended."""
        if not self.ended:
            await self.outgoing(message)


class Entrance:
    """The door, as a layer around the app (ASGI).

    Parameters
    ----------
    app : callable
        What is behind it.
    is_open : callable
        Whether a visit still is: what was sent for one that is over is held no more.
    behind_proxy : bool
        Whether the address of a client is the one that the proxy tells.
    """

    def __init__(
        self,
        app: AsgiApp,
        is_open: Callable[[str], bool],
        behind_proxy: bool = False,
        limits: EntranceLimits | None = None,
    ) -> None:
        self.app, self.is_open, self.behind_proxy = app, is_open, behind_proxy
        self.limits = limits or EntranceLimits()
        self.visits: Counter[str] = Counter()
        self.opening: dict[str, TokenBucket] = {}
        self.held: dict[str, dict[str, int]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let in, hold back or refuse."""
        if scope["type"] == "websocket":
            await self._visit(scope, receive, send)
        elif scope["type"] == "http" and str(scope.get("path", "")).startswith(UPLOADS):
            await self._upload(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _visit(self, scope: Message, receive: Receive, send: Send) -> None:
        limits, address = self.limits, self._address(scope)
        if (
            self.visits.total() >= limits.visits
            or self.visits[address] >= limits.visits_of_address
            or self._opening(address).take() > 0
        ):
            await receive()
            await _refuse_visit(scope, send)
            return
        visit = _Visit(limits, receive, send)
        self.visits[address] += 1
        try:
            async with visit.read():
                await self.app(scope, visit.receive, visit.send)
        finally:
            self.visits[address] -= 1
            if not self.visits[address]:
                del self.visits[address]

    def _opening(self, address: str) -> TokenBucket:
        """The allowance of visits that an address begins; those that are full again are let go."""
        if len(self.opening) > REMEMBERED:
            self.opening = {a: b for a, b in self.opening.items() if not b.is_full()}
        limits = self.limits
        return self.opening.setdefault(
            address, TokenBucket(limits.opened_per_second, limits.opened_at_once)
        )

    async def _upload(self, scope: Message, receive: Receive, send: Send) -> None:
        session, _, file = str(scope["path"]).removeprefix(UPLOADS).partition("/")
        if scope["method"] == "DELETE":
            self.held.get(session, {}).pop(file, None)
        if scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        length = _header(scope, b"content-length")
        if not length.isdigit():
            await _respond(send, 411, NO_LENGTH)
            return
        self.held = {s: files for s, files in self.held.items() if self.is_open(s)}
        others = sum(sum(files.values()) for s, files in self.held.items() if s != session)
        own = {f: n for f, n in self.held.get(session, {}).items() if f != file}
        mine = sum(own.values()) + int(length)
        if mine > self.limits.upload_bytes or others + mine > self.limits.uploads_bytes:
            await _respond(send, 413, TOO_MUCH)
            return
        if self.is_open(session):  # the app refuses the others
            self.held[session] = {**own, file: int(length)}
        await self.app(scope, receive, send)

    def _address(self, scope: Message) -> str:
        """Where a client is: what the nearest proxy says last, or the other end."""
        told = _header(scope, b"x-forwarded-for") if self.behind_proxy else ""
        client = scope.get("client") or ("",)
        return told.rpartition(",")[2].strip() or str(client[0])


def _header(scope: Message, name: bytes) -> str:
    return next((v.decode("latin-1") for n, v in scope.get("headers", ()) if n == name), "")


async def _respond(send: Send, status: int, words: str) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-type", b"text/plain; charset=utf-8")],
        }
    )
    await send({"type": "http.response.body", "body": words.encode()})


async def _refuse_visit(scope: Message, send: Send) -> None:
    """503 where the server can say so, a closed door elsewhere; a browser tries again by itself."""
    if "websocket.http.response" in (scope.get("extensions") or {}):
        await send(
            {
                "type": "websocket.http.response.start",
                "status": 503,
                "headers": [
                    (b"retry-after", b"5"),
                    (b"content-type", b"text/plain; charset=utf-8"),
                ],
            }
        )
        await send({"type": "websocket.http.response.body", "body": FULL.encode()})
        return
    await send({"type": "websocket.close", "code": 1013, "reason": FULL})
