"""A visitor without a browser: speaks the app's own protocol, so that fifty cost little."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Selectbox_pb2 import Selectbox
from websockets.asyncio.client import ClientConnection, connect

HEADERS = {"Accept-Language": "fr-FR"}


class Visitor:
    """One session: opens the app, changes pages and menus, and times each answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.menus: dict[str, Selectbox] = {}  # those on the page, by label
        self.chosen: dict[str, str] = {}  # by identifier, as a browser keeps them
        self.pages: dict[str, str] = {}  # title → hash
        self.page = ""
        self.failed = False

    async def __aenter__(self) -> Visitor:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self.line: ClientConnection = await connect(
            address, origin=self.url, additional_headers=HEADERS, max_size=None
        )
        await self.run()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.line.close()

    async def run(self) -> float:
        """Send the state of the menus, wait for the end of the page; seconds it took."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        for identifier, value in self.chosen.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = identifier
            state.string_value = value
        start = time.perf_counter()
        await self.line.send(message.SerializeToString())
        self.menus = {}
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await self.line.recv(decode=False))
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self.pages = {p.page_name: p.page_script_hash for p in answer.navigation.app_pages}
                self.page = answer.navigation.page_script_hash
            elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                self._note(answer)
            elif kind == "script_finished":
                return time.perf_counter() - start

    def _note(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "selectbox":
            menu = element.selectbox
            if menu.set_value:
                self.chosen[menu.id] = menu.raw_value
            elif menu.options:
                self.chosen.setdefault(menu.id, menu.options[menu.default])
            self.menus[menu.label] = menu
        elif kind == "exception" or (kind == "alert" and element.alert.format == 1):
            self.failed = True

    async def choose(self, label: str, option: str) -> float:
        """Choose in a menu; seconds until the page is whole again."""
        self.chosen[self.menus[label].id] = option
        return await self.run()

    async def open(self, title: str) -> float:
        """Go to another page; seconds until it is whole."""
        self.page = self.pages[title]
        return await self.run()

    def value(self, label: str) -> str:
        """What a menu shows."""
        return self.chosen[self.menus[label].id]


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
