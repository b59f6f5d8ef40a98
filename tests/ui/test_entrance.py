"""The door of the served app: one client neither slows the others nor fills the memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from browser import environment, served
from raw_visitor import Visitor, visiting
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from observatory.settings import ROOT, Settings
from observatory.ui.shell.entrance import (
    FULL,
    TOO_MUCH,
    UPLOADS,
    Entrance,
    EntranceLimits,
    Message,
    TokenBucket,
)


def test_a_bucket_gives_what_it_holds_then_what_it_earns() -> None:
    clock = [0.0]
    bucket = TokenBucket(per_second=2, at_once=3, clock=lambda: clock[0])
    assert [bucket.take() for _ in range(3)] == [0, 0, 0]
    assert bucket.take() == 0.5  # half a second for the fourth
    assert bucket.take() == 1.0
    clock[0] = 10.0
    assert bucket.is_full()
    assert [bucket.take() for _ in range(4)] == [0, 0, 0, 0.5]


def ran(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a piece of work to its end, in a thread where no other loop runs."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Door:
    """An app behind a door, and what a client gets."""

    def __init__(self, limits: EntranceLimits, **options: Any) -> None:
        self.got: list[str] = []
        self.open = {"s1", "s2"}
        self.entrance = Entrance(self.app, lambda s: s in self.open, limits=limits, **options)

    async def app(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 204, "headers": []})
            return
        while (message := await receive())["type"] != "websocket.disconnect":
            if message["type"] == "websocket.receive":
                self.got.append(message["text"])

    async def put(self, session: str, file: str, size: int | None, method: str = "PUT") -> int:
        headers = [] if size is None else [(b"content-length", str(size).encode())]
        scope = {"type": "http", "path": f"{UPLOADS}{session}/{file}", "method": method,
                 "headers": headers}  # fmt: skip
        sent: list[Message] = []
        await self.entrance(scope, _nothing, _into(sent))
        return int(sent[0]["status"])

    async def visit(self, messages: int, address: str = "a", told: str = "") -> list[Message]:
        incoming: asyncio.Queue[Message] = asyncio.Queue()
        incoming.put_nowait({"type": "websocket.connect"})
        for n in range(messages):
            incoming.put_nowait({"type": "websocket.receive", "text": str(n)})
        incoming.put_nowait({"type": "websocket.disconnect"})
        sent: list[Message] = []
        scope = {
            "type": "websocket", "client": (address, 1),
            "headers": [(b"x-forwarded-for", told.encode())] if told else [],
            "extensions": {"websocket.http.response": {}},
        }  # fmt: skip
        await self.entrance(scope, incoming.get, _into(sent))
        return sent


def _into(sent: list[Message]) -> Callable[[Message], Awaitable[None]]:
    async def send(message: Message) -> None:
        sent.append(message)

    return send


async def _nothing() -> Message:
    return {"type": "http.request", "body": b""}


def test_messages_keep_their_order_and_wait_for_their_turn() -> None:
    door = Door(EntranceLimits(per_second=100, at_once=5))
    start = time.monotonic()
    ran(door.visit(25))
    assert door.got == [str(n) for n in range(25)]
    assert time.monotonic() - start >= 0.19  # twenty beyond the five, a hundred a second


def test_a_flood_ends_the_visit_and_is_not_kept() -> None:
    door = Door(EntranceLimits(per_second=100, at_once=1, waiting=10))
    sent = ran(door.visit(5000))
    assert sent[-1]["type"] == "websocket.close"
    assert sent[-1]["code"] == 1008
    assert len(door.got) <= 12
    assert not door.entrance.visits


def test_visits_beyond_what_an_address_may_open_are_refused_with_a_sentence() -> None:
    door = Door(EntranceLimits(opened_at_once=2, opened_per_second=0.001))

    async def three() -> list[list[Message]]:
        return [await door.visit(0) for _ in range(3)]

    first, second, third = ran(three())
    assert (first, second) == ([], [])
    assert third[0]["status"] == 503
    assert third[1]["body"].decode() == FULL
    assert ran(door.visit(0, address="b")) == []  # another address is let in


@pytest.mark.parametrize(("behind", "refused"), [(True, False), (False, True)])
def test_behind_a_proxy_the_address_is_the_one_it_says_last(behind: bool, refused: bool) -> None:
    door = Door(EntranceLimits(opened_at_once=1, opened_per_second=0.001), behind_proxy=behind)

    async def two() -> list[Message]:
        await door.visit(0, told="1.1.1.1, 2.2.2.2")
        return await door.visit(0, told="1.1.1.1, 3.3.3.3")

    assert bool(ran(two())) == refused


def test_uploads_are_bounded_for_a_visit_and_for_all() -> None:
    door = Door(EntranceLimits(upload_bytes=100, uploads_bytes=150))

    async def told() -> list[int]:
        return [
            await door.put("s1", "a", 60),
            await door.put("s1", "b", 60),  # beyond what one visit may hold
            await door.put("s2", "c", 80),
            await door.put("s2", "d", 20),  # beyond what all of them may hold
            await door.put("s1", "a", 10),  # in the place of the first one
            await door.put("s2", "c", None, "DELETE"),
            await door.put("s2", "d", 90),
            await door.put("s2", "e", None),
        ]

    assert ran(told()) == [204, 413, 204, 413, 204, 204, 204, 411]
    door.open = {"s2"}  # the first visit is over: nothing is held for it any more
    assert ran(door.put("s2", "f", 5)) == 204
    assert set(door.entrance.held) == {"s2"}
    assert TOO_MUCH.startswith("Trop de fichiers")


@pytest.fixture(scope="module")
def url(embedded_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("entrance")
    with served(ROOT / "server.py", folder, environment(embedded_settings)) as one:
        yield one


def test_one_client_that_floods_leaves_the_page_of_another_as_fast(url: str) -> None:
    asked = BackMsg()
    asked.rerun_script.page_name = "tableau"
    with visiting(url) as calm, visiting(url) as wild:
        calm.run("")
        wild.run("")
        with pytest.raises(ConnectionClosed):
            flood(wild, asked.SerializeToString())
        calm.run("")  # it is answered


def flood(visitor: Visitor, message: bytes) -> None:
    for _ in range(20_000):
        visitor.channel.send(message)


def test_the_sessions_of_one_address_are_counted_by_the_server(url: str) -> None:
    most = EntranceLimits().visits_of_address
    with ExitStack() as visits:
        for _ in range(most):
            visits.enter_context(visiting(url))
        with pytest.raises(InvalidStatus) as refused:
            visits.enter_context(visiting(url))
    assert refused.value.response.status_code == 503
    with visiting(url) as after:  # who left made room
        assert isinstance(after, Visitor)
