"""Tells the browser where the server is, so that it does not try an address that is not there.

Streamlit looks for its server beside the page first (``/plan/_stcore/health``), which answers 404
on every page but the first, then at the root. Its own setting for that is a value of the window:
the page that it serves gets one script more, which gives it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ADDRESS = "/adresse.js"
SCRIPT = (
    'window.__streamlit = { BACKEND_BASE_URL: new URL(".", document.currentScript.src).href };\n'
)
TAG = b'<script src=".' + ADDRESS.encode() + b'"></script>\n    '
BEFORE = b"<script"


def answer(request: Request) -> Response:
    """The script, which a browser may keep as it keeps the page."""
    return Response(SCRIPT, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


class BaseAddress:
    """Adds the script to the page of Streamlit, before its first one; leaves all else alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _opens_a_page(scope):
            await self.app(scope, receive, send)
            return
        in_clear = [h for h in scope["headers"] if h[0] != b"accept-encoding"]
        scope = {**scope, "headers": in_clear}  # a page of 8 kB: what is compressed is not read
        held: list[Message] = []
        body = b""

        async def added(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start" and _is_page(message):
                held.append(message)
                return
            if not held:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            whole = body.replace(BEFORE, TAG + BEFORE, 1)
            start = held[0]
            start["headers"] = [
                (name, str(len(whole)).encode() if name.lower() == b"content-length" else value)
                for name, value in start["headers"]
            ]
            await send(start)
            await send({"type": "http.response.body", "body": whole})

        await self.app(scope, receive, added)


def _opens_a_page(scope: Scope) -> bool:
    """Whether a browser asks for something to show, not for a part of it."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _is_page(start: Message) -> bool:
    """Whether an answer is a page in clear."""
    headers = {name.lower(): value for name, value in start["headers"]}
    page = headers.get(b"content-type", b"").startswith(b"text/html")
    return start["status"] == 200 and page and b"content-encoding" not in headers
