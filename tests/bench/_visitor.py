"""A visitor without a browser: speaks the app's own protocol, so that fifty cost little."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

HEADERS = {"Accept-Language": "fr-FR"}


@dataclass(frozen=True)
class Answer:
    """What a choice cost: seconds until the page was whole, messages, bytes on the wire."""

    seconds: float
    messages: int
    size: int


class Line(ClientConnection):
    """A connection that counts the bytes that come over the wire, compressed as they are."""

    came = 0

    def data_received(self, data: bytes) -> None:
        """Count, then go on."""
        self.came += len(data)
        super().data_received(data)


class Visitor:
    """One session: opens the app, changes pages and choices, and times each answer."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self.url = url
        self.headers = {**HEADERS, **(headers or {})}
        self.controls: dict[str, Mapping[str, Any]] = {}  # those of the form in view, by key
        self.lists: dict[str, Any] = {}  # options that were sent, by digest
        self.form = self.fragment = ""
        self.chosen: dict[str, str] = {}
        self.number = 0
        self.pages: dict[str, str] = {}  # title → hash
        self.page = ""
        self.failed = False

    async def __aenter__(self) -> Visitor:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        line = await connect(
            address,
            origin=Origin(self.url),
            additional_headers=self.headers,
            max_size=None,
            create_connection=Line,
        )
        assert isinstance(line, Line)
        self.line = line
        await self.run()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.line.close()

    async def run(self, fragment: str = "") -> Answer:
        """Send the state of the form, wait for the end of the page."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.fragment_id = fragment
        if self.form and self.number:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.form
            sent = {"number": self.number, "choices": self.chosen}
            state.json_value = json.dumps({"picks": sent})
        start = time.perf_counter()
        await self.line.send(message.SerializeToString())
        messages, came = 0, self.line.came
        while True:
            told = await self.line.recv(decode=False)
            messages += 1
            answer = ForwardMsg()
            answer.ParseFromString(told)
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self.pages = {p.page_name: p.page_script_hash for p in answer.navigation.app_pages}
                self.page = answer.navigation.page_script_hash
            elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                self._note(answer)
            elif kind == "script_finished":
                return Answer(time.perf_counter() - start, messages, self.line.came - came)

    def _note(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "bidi_component" and (told := _form(element.bidi_component.bytes)):
            self.form, self.fragment = element.bidi_component.id, answer.delta.fragment_id
            for control in told["controls"]:  # options are sent once, then named
                name, options = control.get("list"), control.get("options")
                control["options"] = self.lists.setdefault(name, options) if name else options
            self.controls = {control["key"]: control for control in told["controls"]}
            self.number = max(self.number, told["number"])
        elif kind == "exception" or (kind == "alert" and element.alert.format == 1):
            self.failed = True

    async def choose(self, key: str, option: str) -> Answer:
        """Choose in the form; what it cost until the page was whole again."""
        self.number += 1
        self.chosen = {key: option}
        return await self.run(self.fragment)

    async def open(self, title: str) -> Answer:
        """Go to another page."""
        self.page, self.controls, self.form = self.pages[title], {}, ""
        return await self.run()

    def options(self, key: str) -> list[str]:
        """Identifiers of what a control offers."""
        return [id_ for id_, _ in self.controls[key].get("options") or []]

    def value(self, key: str) -> str:
        """What a control shows."""
        return str(self.controls[key].get("value", ""))


def _form(told: bytes) -> Mapping[str, Any] | None:
    """The form that a component was sent; None when it is another one."""
    if not told.startswith(b"{"):
        return None
    message: dict[str, Any] = json.loads(told.partition(b"\n")[0])
    return message if "controls" in message else None


def server_of(url: str) -> int:
    """The process that serves an address of this machine, found by its port."""
    wanted = f"--server.port={url.rsplit(':', 1)[1]}"
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if wanted in words:
            return int(path.parent.name)
    raise LookupError(url)


def resident_mb(process: int) -> float:
    """Memory of a process, in megabytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return next(int(s.split()[1]) / 1024 for s in status.splitlines() if s.startswith("VmRSS"))


def processor_seconds(process: int) -> float:
    """Processor time that a process has used, its threads included."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
