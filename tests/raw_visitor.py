"""A visitor without a browser: speaks to the server in its own messages, and may lie in them."""

from __future__ import annotations

import socket
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect


@dataclass
class Visitor:
    """A session, and what the last run of a page sent it.

    Attributes
    ----------
    session : str
        The server's name of the session.
    script : str
        The server's name of the page that was run.
    widgets : dict
        Identifier of each widget, by its label.
    texts : list of str
        The texts of titles, alerts and paragraphs.
    sent : list of bytes
        All that the session was ever sent, as it came.
    deferred : dict
        The server's name of each file that is made when asked for, by the label of its button.
    """

    url: str
    channel: ClientConnection
    session: str = ""
    script: str = ""
    widgets: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    deferred: dict[str, str] = field(default_factory=dict)

    def run(self, page: str, *states: WidgetState, script: str = "", query: str = "") -> None:
        """Ask for a page, with the widgets in the states that the visitor claims."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        if script:
            asked.rerun_script.page_script_hash = script
        else:
            asked.rerun_script.page_name = page
        asked.rerun_script.widget_states.widgets.extend(states)
        self.channel.send(asked.SerializeToString())
        self.widgets, self.texts = {}, []
        while True:
            told = ForwardMsg()
            self.sent.append(bytes(self.channel.recv(timeout=60)))
            told.ParseFromString(self.sent[-1])
            kind = told.WhichOneof("type")
            if kind == "new_session":
                self.session = told.new_session.initialize.session_id
            elif kind == "navigation":
                self.script = told.navigation.page_script_hash
            elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                self._note(told.delta.new_element)
            elif kind == "script_finished":
                return

    def _note(self, element: Any) -> None:
        one = getattr(element, element.WhichOneof("type"))
        if getattr(one, "id", "") and getattr(one, "label", ""):
            self.widgets[one.label] = one.id
        if text := getattr(one, "body", ""):
            self.texts.append(str(text))
        if deferred := getattr(one, "deferred_file_id", ""):
            self.deferred[one.label] = deferred

    def ask_for_file(self, identifier: str) -> str:
        """The address of a file that is made when asked for; empty when it is refused."""
        asked = BackMsg()
        asked.backend_operation_request.request_id = uuid.uuid4().hex
        asked.backend_operation_request.session_id = self.session
        asked.backend_operation_request.deferred_file.file_id = identifier
        self.channel.send(asked.SerializeToString())
        told = ForwardMsg()
        while told.WhichOneof("type") != "backend_operation_response":
            told.ParseFromString(bytes(self.channel.recv(timeout=60)))
        return str(told.backend_operation_response.deferred_file.url)

    def upload(self, name: str, content: bytes) -> WidgetState:
        """Put a file through the raw address; give the state that names it, without its widget."""
        token = urllib.request.urlopen(f"{self.url}/_stcore/health").headers
        cookie = (token.get("Set-Cookie") or "").partition(";")[0]
        file_id, edge = uuid.uuid4().hex, uuid.uuid4().hex
        body = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode() + content + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
        address = f"{self.url}/_stcore/upload_file/{self.session}/{file_id}"
        sent = urllib.request.Request(
            address,
            data=body,
            method="PUT",
            headers={
                "Content-Type": f"multipart/form-data; boundary={edge}",
                "Cookie": cookie,
                "X-Xsrftoken": cookie.partition("=")[2],
            },
        )
        assert urllib.request.urlopen(sent).status == 204
        state = WidgetState()
        file = state.file_uploader_state_value.uploaded_file_info.add()
        file.file_id, file.name, file.size = file_id, name, len(content)
        file.file_urls.file_id = file_id
        file.file_urls.upload_url = file.file_urls.delete_url = address
        return state


def named(state: WidgetState, identifier: str) -> WidgetState:
    """A state for a widget."""
    made = WidgetState()
    made.CopyFrom(state)
    made.id = identifier
    return made


def pressed(identifier: str) -> WidgetState:
    """A button, as pressed."""
    return WidgetState(id=identifier, trigger_value=True)


@contextmanager
def visiting(
    url: str, headers: Mapping[str, str] | None = None, host: str = ""
) -> Iterator[Visitor]:
    """Open a session with the headers, and under the host's name, that a proxy would send."""
    server = urlsplit(url)
    where = (str(server.hostname), server.port or 80)
    with connect(
        f"ws://{host or server.netloc}/_stcore/stream",
        sock=socket.create_connection(where),
        additional_headers=dict(headers or {}),
        subprotocols=["streamlit"],  # type: ignore[list-item]
        proxy=None,
        max_size=None,
    ) as channel:
        yield Visitor(url, channel)
